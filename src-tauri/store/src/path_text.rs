//! Paths in sentences.
//!
//! Deliberately absent: shortening, and anything that looks at the disk.
//!
//! Invariant: what is shown can be typed or pasted where the system asks for a path.

use std::path::Path;

/// What Windows puts before a path that it has resolved.
const VERBATIM: &str = r"\\?\";
/// The same before a path on a server.
const VERBATIM_SERVER: &str = r"\\?\UNC\";

/// A path as people read and type it: without the `\\?\` that Windows puts before a path that it has resolved.
pub fn path_text(path: &Path) -> String {
    without_prefix(path.display().to_string())
}

fn without_prefix(text: String) -> String {
    if let Some(on_server) = text.strip_prefix(VERBATIM_SERVER) {
        return format!(r"\\{on_server}");
    }
    match text.strip_prefix(VERBATIM) {
        // Others (`\\?\Volume{…}\`, `\\?\GLOBALROOT\`) have no shorter form.
        Some(rest) if rest.as_bytes().get(1) == Some(&b':') => rest.to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolved_path_is_shown_as_people_type_it() {
        for (resolved, shown) in [
            (r"\\?\C:\Users\Ada\Data", r"C:\Users\Ada\Data"),
            (r"\\?\UNC\server\share\Data", r"\\server\share\Data"),
            (r"\\server\share\Data", r"\\server\share\Data"),
            (
                r"\\?\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\Data",
                r"\\?\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\Data",
            ),
            ("/home/ada/data", "/home/ada/data"),
            ("data", "data"),
        ] {
            assert_eq!(without_prefix(resolved.to_owned()), shown);
        }
    }
}
