//! Text as it arrives from files, pipes and clipboards: its encoding and its invisible characters.
//!
//! Spreadsheets and PowerShell write UTF-16 and byte order marks; text copied from web pages and mail programs contains
//! no-break spaces and zero-width characters. Deliberately absent: other encodings, which cannot be distinguished for
//! certain.

use std::borrow::Cow;

/// Why bytes cannot be read as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// They are neither UTF-8 nor marked as anything else.
    #[error("line {line} is not UTF-8 text")]
    Utf8 {
        /// The first line that cannot be read, counted from 1.
        line: usize,
    },
    /// They begin like UTF-16 but do not continue so.
    #[error("it begins as UTF-16 text and is cut off or damaged")]
    Utf16,
}

/// The text of these bytes: UTF-8, or UTF-16 recognised by its byte order mark or its first character. A byte order
/// mark is not part of the text.
pub fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    if let Some(text) = decoded_utf16(bytes) {
        return text.map(Cow::Owned);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        NotText::Utf8 { line: before.split(|byte| *byte == b'\n').count() }
    })
}

/// The text of bytes that are UTF-16; `None` if they are not.
pub fn decoded_utf16(bytes: &[u8]) -> Option<Result<String, NotText>> {
    let (bytes, read): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => (rest, u16::from_be_bytes),
        // Without a mark: a first character in ASCII has a zero byte beside it, and no text begins with a zero.
        [1..=0x7f, 0, ..] => (bytes, u16::from_le_bytes),
        [0, 1..=0x7f, ..] => (bytes, u16::from_be_bytes),
        _ => return None,
    };
    let (units, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Some(Err(NotText::Utf16));
    }
    let text: Result<String, _> = char::decode_utf16(units.iter().map(|unit| read(*unit))).collect();
    Some(text.map_err(|_| NotText::Utf16))
}

/// Whether a character leaves no mark on the screen: blanks other than the ordinary one, zero-width characters, marks of
/// writing direction, byte order marks, control characters.
pub fn is_invisible(character: char) -> bool {
    (character.is_whitespace() && character != ' ')
        || character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// The text without blanks and invisible characters at its ends.
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|character| character == ' ' || is_invisible(character))
}

/// The text with each invisible character named, such as `<U+200B>`, so that a person sees what is wrong with it.
pub fn with_invisible_named(text: &str) -> String {
    use std::fmt::Write as _;

    let mut named = String::with_capacity(text.len());
    for character in text.chars() {
        if is_invisible(character) {
            // Writing to a string never fails.
            let _ = write!(named, "<U+{:04X}>", u32::from(character));
        } else {
            named.push(character);
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn each_encoding_gives_the_same_text() {
        let text = "PanoptoFolderName;ID\r\nÉté 数据 🎓;1";
        let marked = format!("\u{feff}{text}");
        for bytes in [
            text.as_bytes().to_vec(),
            marked.as_bytes().to_vec(),
            utf16(&marked, u16::to_le_bytes),
            utf16(&marked, u16::to_be_bytes),
            utf16(text, u16::to_le_bytes),
            utf16(text, u16::to_be_bytes),
        ] {
            assert_eq!(decoded(&bytes).unwrap(), text, "{bytes:x?}");
        }
        assert_eq!(decoded(b"").unwrap(), "");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(decoded(b"a\nb\xe9t\xe9"), Err(NotText::Utf8 { line: 2 }));
        assert_eq!(decoded(b"\xff\xfea\0b"), Err(NotText::Utf16), "cut in the middle of a character");
        assert_eq!(decoded(b"\xff\xfe\x00\xd8a\0"), Err(NotText::Utf16), "half of a surrogate pair");
    }

    #[test]
    fn what_cannot_be_seen_is_trimmed_and_named() {
        assert_eq!(trimmed("\u{feff}\u{a0} 3f6d\u{200b}\t"), "3f6d");
        assert_eq!(with_invisible_named("3f\u{200b}6d\u{a0}x y"), "3f<U+200B>6d<U+00A0>x y");
        assert!(!"Análisis & 数据 – été".chars().any(is_invisible));
    }
}
