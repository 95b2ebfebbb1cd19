//! The sentence around a place: from the end of the sentence before it to its own end, across the breaks between cues.
//!
//! Captions break with the speaker's breath and often have no full stops, so a sentence also ends at a pause and after
//! a number of words.
//!
//! Invariant: the sentence contains the found words, unless they alone are longer than a sentence.

use super::Cue;
use super::fold::{beginning, words};
use super::query::Query;
use crate::line;

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentencePart {
    /// The text.
    pub text: String,
    /// Whether it is a word of the query.
    pub is_found: bool,
}

/// How many words are shown before and after the found ones, if no sentence ends earlier.
const MOST_WORDS_BEFORE: usize = 12;
const MOST_WORDS_AFTER: usize = 18;
/// A pause that ends a sentence.
const PAUSE_SECS: f64 = 2.0;
/// The longest sentence that is shown.
const MOST_CHARACTERS: usize = 400;

/// The sentence around the words `from` and `to`, each given by its cue and its number in the cue.
pub(super) fn sentence(cues: &[Cue], from: (usize, usize), to: (usize, usize), query: &Query) -> Vec<SentencePart> {
    let begin = word_at(&cues[from.0].text, from.1).0;
    let end = word_at(&cues[to.0].text, to.1).1;
    let mut text = before(cues, from.0, begin);
    if from.0 == to.0 {
        text.push_str(bounded(&cues[from.0].text[begin..end.max(begin)]));
    } else {
        text.push_str(bounded(&cues[from.0].text[begin..]));
        for cue in &cues[from.0 + 1..to.0] {
            text.push(' ');
            text.push_str(bounded(&cue.text));
        }
        text.push(' ');
        text.push_str(bounded(&cues[to.0].text[..end]));
    }
    text.push_str(&after(cues, to.0, end));
    let text = line::cut(text.trim(), MOST_CHARACTERS as f64, |text| text.chars().count() as f64);
    parts(&text, query)
}

/// A piece of a text that may be as long as a file.
fn bounded(text: &str) -> &str {
    beginning(text, MOST_CHARACTERS * 8)
}

/// Where a word of a text begins and ends.
fn word_at(text: &str, number: usize) -> (usize, usize) {
    let mut found = (0, text.len());
    let mut next = 0;
    words(text, |at, word| {
        if next == number {
            found = (at, at + word.len());
        }
        next += 1;
    });
    found
}

fn before(cues: &[Cue], first: usize, begin: usize) -> String {
    let mut pieces: Vec<&str> = Vec::new();
    let (mut at, mut piece) = (first, &cues[first].text[..begin]);
    let (mut left, mut is_cut) = (MOST_WORDS_BEFORE, false);
    loop {
        let tail = after_last_end(piece);
        let is_whole = tail.len() == piece.len();
        let kept = last_words(tail, left);
        pieces.push(kept);
        left -= kept.split_whitespace().count();
        is_cut = is_cut || kept.len() < tail.trim_start().len();
        if !is_whole || is_cut || at == 0 || cues[at].start_secs - cues[at - 1].end_secs > PAUSE_SECS {
            break;
        }
        at -= 1;
        piece = &cues[at].text;
        if after_last_end(piece).trim().is_empty() {
            break;
        }
        if left == 0 {
            is_cut = true;
            break;
        }
    }
    let mut text = if is_cut { "… ".to_owned() } else { String::new() };
    for (number, piece) in pieces.iter().rev().enumerate() {
        if number > 0 && !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        text.push_str(bounded(piece));
    }
    text
}

fn after(cues: &[Cue], last: usize, end: usize) -> String {
    let mut text = String::new();
    let (mut at, mut piece) = (last, &cues[last].text[end..]);
    let mut left = MOST_WORDS_AFTER;
    loop {
        let head = to_first_end(piece);
        let is_whole = head.is_none();
        let head = head.unwrap_or(piece);
        let kept = first_words(head, left);
        text.push_str(bounded(kept));
        left = left.saturating_sub(kept.split_whitespace().count());
        if kept.len() < head.len() {
            text.push_str(" …");
            break;
        }
        let next = cues.get(at + 1).filter(|next| next.start_secs - cues[at].end_secs <= PAUSE_SECS);
        let Some(next) = next.filter(|_| is_whole) else { break };
        if left == 0 {
            text.push_str(" …");
            break;
        }
        text.push(' ');
        at += 1;
        piece = &next.text;
    }
    text
}

/// Where sentences end in a text: after the mark.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().filter_map(move |(at, character)| {
        let behind = at + character.len_utf8();
        let is_end = match character {
            '。' | '？' | '！' => true,
            '.' | '?' | '!' | '…' | '؟' => text[behind..].chars().next().is_none_or(|next| !next.is_alphanumeric()),
            _ => false,
        };
        is_end.then_some(behind)
    })
}

fn after_last_end(text: &str) -> &str {
    text.get(ends(text).last().unwrap_or(0)..).unwrap_or(text).trim_start_matches(['"', '”', '’', ')', '.', ' '])
}

fn to_first_end(text: &str) -> Option<&str> {
    ends(text).next().map(|end| &text[..end])
}

fn first_words(text: &str, most: usize) -> &str {
    match text.split_word_starts().nth(most) {
        Some(at) => text[..at].trim_end(),
        None => text,
    }
}

fn last_words(text: &str, most: usize) -> &str {
    let starts: Vec<usize> = text.split_word_starts().collect();
    match starts.len().checked_sub(most) {
        Some(0) | None => text,
        Some(surplus) => starts.get(surplus).map_or("", |at| &text[*at..]),
    }
}

trait WordStarts {
    /// Where the words between blanks begin.
    fn split_word_starts(&self) -> impl Iterator<Item = usize>;
}

impl WordStarts for str {
    fn split_word_starts(&self) -> impl Iterator<Item = usize> {
        let mut after_blank = true;
        self.char_indices().filter_map(move |(at, character)| {
            let is_start = after_blank && character != ' ';
            after_blank = character == ' ';
            is_start.then_some(at)
        })
    }
}

/// The text in pieces; each word of the query is a piece of its own.
fn parts(text: &str, query: &Query) -> Vec<SentencePart> {
    let mut parts: Vec<SentencePart> = Vec::new();
    let mut push = |text: &str, is_found: bool| {
        if !text.is_empty() {
            parts.push(SentencePart { text: text.to_owned(), is_found });
        }
    };
    let mut told = 0;
    words(text, |at, word| {
        if query.asks_for(word) {
            push(&text[told..at], false);
            push(word, true);
            told = at + word.len();
        }
    });
    push(&text[told..], false);
    parts
}
