//! Bytes of a text file made text, without ever putting a stand-in for a letter that cannot be read.
//!
//! Learning platforms write UTF-8 with and without a mark, UTF-16 (some call it `.xls`), and, where a spreadsheet has saved the
//! file again, the encoding of the computer. The first two are certain; the last is a guess that the preview tells. Deliberately
//! absent: guesses at UTF-16, which shows itself by its zeros.
//!
//! Invariant: decoding is strict. What does not decode whole is refused, so that a name is never damaged for good.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, WINDOWS_1252};
use model::text::{NotText, decoded};

use crate::error::{Problem, Unreadable};

/// The encoding of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextEncoding {
    /// Its usual name: `UTF-8`, `UTF-16`, `windows-1252`.
    pub name: &'static str,
    /// Whether it is a guess, because nothing in the file says it.
    pub is_guessed: bool,
}

pub(crate) const UTF_8: TextEncoding = TextEncoding { name: "UTF-8", is_guessed: false };
const UTF_16: TextEncoding = TextEncoding { name: "UTF-16", is_guessed: false };

/// The text of a file, without its mark, and how it was encoded. `asked` is the encoding that a person has chosen.
pub(crate) fn text_of<'b>(bytes: &'b [u8], asked: Option<&str>) -> Result<(Cow<'b, str>, TextEncoding), Unreadable> {
    if let Some(label) = asked {
        let encoding = Encoding::for_label(label.trim().as_bytes())
            .ok_or_else(|| Unreadable::new(0, Problem::UnknownEncoding(label.trim().to_owned())))?;
        let (text, used, is_damaged) = encoding.decode(bytes);
        if is_damaged {
            return Err(Unreadable::new(0, Problem::NotInEncoding(used.name())));
        }
        return Ok((text, TextEncoding { name: used.name(), is_guessed: false }));
    }
    match decoded(bytes) {
        Ok(text) => {
            let is_wide = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) || has_zeros(bytes);
            Ok((text, if is_wide { UTF_16 } else { UTF_8 }))
        }
        Err(NotText::Utf16) => Err(Unreadable::new(0, Problem::CutUtf16)),
        Err(NotText::Utf8 { line }) => {
            if bytes.contains(&0) {
                return Err(Unreadable::new(line, Problem::NotText));
            }
            guessed(bytes).ok_or_else(|| Unreadable::new(line, Problem::NotText))
        }
    }
}

/// Whether these bytes, which decode, are UTF-16 without a mark.
fn has_zeros(bytes: &[u8]) -> bool {
    matches!(bytes, [1..=0x7f, 0, ..] | [0, 1..=0x7f, ..])
}

/// The text in the encoding that fits best; where that one does not fit whole, the usual one of the West.
fn guessed(bytes: &[u8]) -> Option<(Cow<'_, str>, TextEncoding)> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let best = detector.guess(None, Utf8Detection::Deny);
    for encoding in [best, WINDOWS_1252] {
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
            && !text.chars().any(|character| matches!(character, '\u{80}'..='\u{9f}'))
        {
            return Some((text, TextEncoding { name: encoding.name(), is_guessed: true }));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_encoding_is_told_as_a_guess_and_loses_no_letter() {
        let bytes = b"Vorname;Nachname\nJ\xf6rg;Gro\xdfmann\nZo\xe9;Fran\xe7ois\n";
        let (text, encoding) = text_of(bytes, None).unwrap();
        assert_eq!(text, "Vorname;Nachname\nJörg;Großmann\nZoé;François\n");
        assert_eq!(encoding, TextEncoding { name: "windows-1252", is_guessed: true });
    }

    #[test]
    fn a_chosen_encoding_is_used_and_must_fit() {
        let bytes = b"\xcf\xf0\xe8\xe2\xe5\xf2";
        assert_eq!(text_of(bytes, Some("windows-1251")).unwrap().0, "Привет");
        assert!(text_of(bytes, Some("utf-8")).is_err());
        assert!(text_of(bytes, Some("klingon")).is_err());
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_the_line() {
        let refused = text_of(b"a,b\n\xff\0\x01\xfe", None).unwrap_err();
        assert_eq!(refused.line, 2);
        assert!(text_of(b"\xff\xfea", None).is_err(), "half of a character");
    }
}
