//! What a person looks for in captions, as typed.
//!
//! Deliberately absent: operators. All words must occur, in any order; quotes make a phrase.
//!
//! Invariant: a query is short, whatever is typed, and each of its phrases has at least one word.

use super::fold::{beginning, folded, words};

/// Longer queries are cut: nobody types them, and each word costs a set.
const MOST_PHRASES: usize = 16;
const LONGEST_PHRASE: usize = 32;
const LONGEST_QUERY_BYTES: usize = 1000;

/// What to look for: all these words and phrases, close together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub(super) phrases: Vec<Phrase>,
}

/// Words that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) words: Vec<String>,
    /// Whether its last word may continue, because it is still being typed.
    pub(super) is_open: bool,
}

impl Query {
    /// Reads what a person types. A word matches the beginnings of words; text in quotes is a phrase and matches
    /// exactly.
    pub fn parse(text: &str) -> Self {
        let text = beginning(text, LONGEST_QUERY_BYTES);
        let is_quote = |character| matches!(character, '"' | '“' | '”' | '„' | '«' | '»');
        let pieces: Vec<&str> = text.split(is_quote).collect();
        let mut phrases = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            let is_phrase = index % 2 == 1;
            if is_phrase {
                phrases.extend(Phrase::new(piece, index + 1 == pieces.len()));
            } else {
                phrases.extend(piece.split_whitespace().filter_map(|word| Phrase::new(word, true)));
            }
        }
        phrases.truncate(MOST_PHRASES);
        Self { phrases }
    }

    /// Whether the query is empty.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }

    /// Whether the query contains this word of a text.
    pub(super) fn asks_for(&self, word: &str) -> bool {
        let word = folded(word);
        self.phrases.iter().any(|phrase| {
            let last = phrase.words.len() - 1;
            phrase.words.iter().enumerate().any(|(index, asked)| {
                if index == last && phrase.is_open { word.starts_with(asked) } else { word == *asked }
            })
        })
    }
}

impl Phrase {
    fn new(text: &str, is_open: bool) -> Option<Self> {
        let mut found = Vec::new();
        words(text, |_, word| found.push(folded(word)));
        found.retain(|word| !word.is_empty());
        let is_open = is_open && found.len() <= LONGEST_PHRASE;
        found.truncate(LONGEST_PHRASE);
        (!found.is_empty()).then_some(Self { words: found, is_open })
    }
}
