//! Makes directory names from names that come from the server.
//!
//! Whatever the input, the result is a single path component on Windows, macOS and Linux. It has no separators, no
//! reserved characters or device names, no leading or trailing dots and blanks, and nothing invisible. It is short
//! enough that a course's files stay within Windows' 260 characters in an ordinary home folder. Letters of all scripts
//! are kept.

/// The longest name, in bytes of UTF-8. It has at most as many UTF-16 units and characters.
pub const MAX_NAME_BYTES: usize = 100;

/// The name if nothing is left of the original.
const NAMELESS: &str = "Untitled";

/// A directory name for `name`, to be followed by `[<ID>]`.
pub fn safe_name(name: &str) -> String {
    let mut safe = String::with_capacity(name.len().min(MAX_NAME_BYTES));
    let mut blank = false;
    for character in name.chars() {
        let character = match character {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            // Includes line breaks and tabs, so that a name on two lines becomes one line.
            other if other.is_whitespace() || other.is_control() => ' ',
            other if is_invisible(other) => continue,
            other => other,
        };
        if character == ' ' {
            blank = true;
            continue;
        }
        let needed = character.len_utf8() + usize::from(blank && !safe.is_empty());
        if safe.len() + needed > MAX_NAME_BYTES {
            break;
        }
        if blank && !safe.is_empty() {
            safe.push(' ');
        }
        blank = false;
        safe.push(character);
    }
    // A leading dot hides a directory, Windows drops a trailing one, and `..` leads out of the directory.
    let trimmed = safe.trim_matches(['.', ' ']);
    if trimmed.is_empty() {
        return NAMELESS.to_owned();
    }
    if is_device_name(trimmed) {
        return format!("_{trimmed}");
    }
    trimmed.to_owned()
}

/// Characters without a shape of their own, including those that change the direction of writing and can make a name
/// look like another one.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        // Not characters at all; some file systems refuse them.
        || (u32::from(character) & 0xfffe) == 0xfffe
        || ('\u{fdd0}'..='\u{fdef}').contains(&character)
}

/// Whether Windows takes the name, up to its first dot, for a device.
fn is_device_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$") {
        return true;
    }
    let numbered = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    numbered.is_some_and(|number| {
        matches!(number, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "\u{b9}" | "\u{b2}" | "\u{b3}")
    })
}
