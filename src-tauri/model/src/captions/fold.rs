//! The words of a text, and words reduced for comparison: without case, accents and variant forms of a letter.
//!
//! Deliberately absent: stems and meanings. `fall` does not find `fell`.

use icu_normalizer::DecomposingNormalizerBorrowed;
use unicode_segmentation::UnicodeSegmentation as _;

/// Calls `each` with every word of a text and where it begins. In scripts that do not separate words, each character
/// counts as one.
pub(super) fn words<'t>(text: &'t str, mut each: impl FnMut(usize, &'t str)) {
    if text.is_ascii() {
        parts(0, text, |character| !character.is_ascii_alphanumeric(), &mut each);
    } else {
        for (at, word) in text.unicode_word_indices() {
            // Unicode keeps `l'eau` and `3.5` together, and a search for `eau` would miss it.
            parts(at, word, |character| character.is_ascii_punctuation() || character == '’', &mut each);
        }
    }
}

fn parts<'t>(at: usize, text: &'t str, is_border: impl Fn(char) -> bool, each: &mut impl FnMut(usize, &'t str)) {
    let mut from = 0;
    for part in text.split(is_border) {
        if !part.is_empty() {
            each(at + from, part);
        }
        // A border in ASCII takes one byte; after any other border, the next part decides.
        from += part.len() + text[from + part.len()..].chars().next().map_or(0, char::len_utf8);
    }
}

/// Appends a word in the form in which words are compared.
pub(super) fn push_folded(word: &str, folded: &mut String) {
    if word.is_ascii() {
        folded.extend(word.chars().map(|character| character.to_ascii_lowercase()));
        return;
    }
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(word.chars());
    for character in decomposed.flat_map(char::to_lowercase) {
        match character {
            // Accents, the marks of vowels that Arabic and Hebrew may leave out, and the stroke within `½`.
            '\u{300}'..='\u{36f}'
            | '\u{591}'..='\u{5c7}'
            | '\u{610}'..='\u{61a}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '⁄' => {}
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            other if other.is_alphanumeric() || !other.is_ascii() => folded.push(other),
            _ => {}
        }
    }
}

/// A word in the form in which words are compared.
pub(super) fn folded(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    push_folded(word, &mut folded);
    folded
}

/// The beginning of a text that may be as long as a file: at most `most_bytes` bytes.
pub(super) fn beginning(text: &str, most_bytes: usize) -> &str {
    let mut end = most_bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        words(text, |at, word| {
            assert!(text[at..].starts_with(word), "{text}: {at} {word}");
            found.push((at, folded(word)));
        });
        found
    }

    fn of(text: &str) -> String {
        found(text).into_iter().map(|(_, word)| word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_told_apart_and_made_alike() {
        assert_eq!(of("Don't say \"ÉTÉ\" (e\u{301}te\u{301})"), "don t say ete ete");
        assert_eq!(of("L’eau, l'été – 3.5 %"), "l eau l ete 3 5");
        assert_eq!(
            of("Zürich Straße Øresund Łódź ŒUVRE ﬁne ½ İstanbul"),
            "zurich strasse oresund lodz oeuvre fine 12 istanbul"
        );
        assert_eq!(of("東京の都市"), "東 京 の 都 市");
        assert_eq!(of("Ἀθῆναι ΟΔΟΣ"), "αθηναι οδοσ");
        assert_eq!(of(" …--- "), "");
    }
}
