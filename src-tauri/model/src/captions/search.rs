//! Finds words in the captions of a course, fast enough for each keystroke.
//!
//! All words of all videos are numbered in one sequence, cue after cue, so that a phrase is found across the breaks
//! between cues. The index holds the places of each different word. A query turns its words into sets of places and a
//! phrase into their overlap, and then looks for spots where all of them lie close together.
//!
//! Deliberately absent: how a place was watched, which the timeline knows, and ranking: places come in the order of the
//! videos and of time.
//!
//! Invariants: a place lies in one video; places do not overlap; `total` also counts the places that are not returned.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::fold::{push_folded, words};
use super::query::{Phrase, Query};
use super::sentence::{SentencePart, sentence};
use super::{Captions, Cue};

/// Words of a query count as close together within this many words: about two sentences.
const TOGETHER_WORDS: u32 = 30;
/// Numbers left free between two videos, so that nothing is found across them.
const BETWEEN_VIDEOS: u32 = 64;
/// Where something is said.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The video: its index in the list from which the index was made.
    pub video: usize,
    /// The start of the cue in which it begins, in seconds of video.
    pub start_secs: f64,
    /// The end of the cue in which it ends, in seconds of video.
    pub end_secs: f64,
    /// The sentence in which it is said, with `…` where it was cut.
    pub sentence: Vec<SentencePart>,
}

impl Place {
    /// The sentence as plain text.
    pub fn words(&self) -> String {
        self.sentence.iter().map(|part| part.text.as_str()).collect()
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundPlaces {
    /// The first places.
    pub places: Vec<Place>,
    /// How many places there are.
    pub total: usize,
}

/// The words of all videos of a course.
#[derive(Debug, Default)]
pub struct WordIndex {
    videos: Vec<Arc<Captions>>,
    /// All different words in the form in which they are compared, ascending.
    dictionary: Vec<Box<str>>,
    /// For each of them, where its places begin in `places`; plus one entry at the end.
    begins: Vec<u32>,
    places: Vec<u32>,
    /// The place of each cue's first word, ascending.
    cue_begins: Vec<u32>,
    cues: Vec<(u32, u32)>,
    length: u32,
}

impl WordIndex {
    /// The index of these videos; a video without captions has empty ones. Takes about 20 bytes for each spoken word.
    pub fn new(videos: Vec<Arc<Captions>>) -> Self {
        let mut index = Self { videos, ..Self::default() };
        let mut ids: HashMap<Box<str>, u32> = HashMap::new();
        let (mut said, mut word_of) = (Vec::new(), String::new());
        for (video, captions) in (0..).zip(&index.videos) {
            for (number, cue) in (0..).zip(captions.cues()) {
                index.cue_begins.push(index.length);
                index.cues.push((video, number));
                words(&cue.text, |_, word| {
                    word_of.clear();
                    push_folded(word, &mut word_of);
                    let known = ids.get(word_of.as_str()).copied();
                    let id = known.unwrap_or_else(|| {
                        let id = ids.len() as u32;
                        ids.insert(word_of.as_str().into(), id);
                        id
                    });
                    said.push((id, index.length));
                    index.length += 1;
                });
            }
            index.length += BETWEEN_VIDEOS;
        }
        let mut dictionary: Vec<(Box<str>, u32)> = ids.into_iter().collect();
        dictionary.sort_unstable();
        let mut rank = vec![0; dictionary.len()];
        for (at, (_, id)) in (0..).zip(&dictionary) {
            rank[*id as usize] = at;
        }
        index.begins = vec![0_u32; dictionary.len() + 1];
        for (id, _) in &said {
            index.begins[rank[*id as usize] + 1] += 1;
        }
        for at in 1..index.begins.len() {
            index.begins[at] += index.begins[at - 1];
        }
        let mut next = index.begins.clone();
        index.places = vec![0; said.len()];
        for (id, place) in said {
            let slot = &mut next[rank[id as usize]];
            index.places[*slot as usize] = place;
            *slot += 1;
        }
        index.dictionary = dictionary.into_iter().map(|(word, _)| word).collect();
        index
    }

    /// The captions of a video.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn captions(&self, video: usize) -> &Arc<Captions> {
        &self.videos[video]
    }

    /// The places where everything in the query is said, in the order of videos and seconds, with the sentences of the
    /// first `most` of them.
    pub fn find(&self, query: &Query, most: usize) -> FoundPlaces {
        let spans = self.spans(query);
        let places = spans.iter().take(most).map(|span| self.place(span, query)).collect();
        FoundPlaces { places, total: spans.len() }
    }

    fn spans(&self, query: &Query) -> Vec<Range<u32>> {
        if query.is_empty() {
            return Vec::new();
        }
        let sets: Vec<Vec<u64>> = query.phrases.iter().map(|phrase| self.places_of(phrase)).collect();
        let lengths: Vec<u32> = query.phrases.iter().map(|phrase| phrase.words.len() as u32).collect();
        let mut spans: Vec<Range<u32>> = Vec::new();
        let mut last: Vec<Option<u32>> = vec![None; sets.len()];
        let mut cue = 0;
        for block in 0..self.blocks() {
            let mut any = sets.iter().fold(0, |any, set| any | set[block]);
            while any != 0 {
                let bit = any.trailing_zeros();
                any &= any - 1;
                let here = block as u32 * 64 + bit;
                for (set, last) in sets.iter().zip(&mut last) {
                    if set[block] >> bit & 1 == 1 {
                        *last = Some(here);
                    }
                }
                let Some(from) = last.iter().copied().reduce(Ord::min).flatten() else { continue };
                if here - from < TOGETHER_WORDS {
                    let ends = last.iter().zip(&lengths).filter_map(|(at, length)| Some((*at)? + length));
                    let to = ends.max().unwrap_or(here + 1);
                    // Spots ascend, so the cue is found by going on from the one before.
                    while self.cue_begins.get(cue + 1).is_some_and(|begin| *begin <= from) {
                        cue += 1;
                    }
                    join(&mut spans, from..to, self.cue_begins[cue]);
                    last.fill(None);
                }
            }
        }
        spans
    }

    /// Where a phrase begins.
    fn places_of(&self, phrase: &Phrase) -> Vec<u64> {
        let mut found: Option<Vec<u64>> = None;
        let last = phrase.words.len() - 1;
        for (offset, word) in phrase.words.iter().enumerate() {
            let set = self.places_of_word(word, phrase.is_open && offset == last);
            found = Some(match found {
                None => set,
                Some(mut found) => {
                    for block in 0..found.len() {
                        let next = set.get(block + 1).copied().unwrap_or_default();
                        // A phrase has at most 32 words.
                        found[block] &= set[block] >> offset | next << (64 - offset);
                    }
                    found
                }
            });
        }
        found.unwrap_or_default()
    }

    fn places_of_word(&self, word: &str, is_open: bool) -> Vec<u64> {
        let from = self.dictionary.partition_point(|known| &**known < word);
        let fits = |known: &str| if is_open { known.starts_with(word) } else { known == word };
        let to = from + self.dictionary[from..].partition_point(|known| fits(known));
        let mut set = vec![0_u64; self.blocks()];
        for place in &self.places[self.begins[from] as usize..self.begins[to] as usize] {
            set[*place as usize / 64] |= 1 << (place % 64);
        }
        set
    }

    fn blocks(&self) -> usize {
        // One more, for phrases that reach beyond the last block.
        self.length as usize / 64 + 2
    }

    /// The number of the cue that holds a place.
    fn cue_at(&self, place: u32) -> usize {
        self.cue_begins.partition_point(|begin| *begin <= place).saturating_sub(1)
    }

    fn place(&self, span: &Range<u32>, query: &Query) -> Place {
        let (first, last) = (self.cue_at(span.start), self.cue_at(span.end - 1));
        let (video, first_cue) = self.cues[first];
        let (_, last_cue) = self.cues[last];
        let cues: &[Cue] = self.videos[video as usize].cues();
        let from = (first_cue as usize, (span.start - self.cue_begins[first]) as usize);
        let to = (last_cue as usize, (span.end - 1 - self.cue_begins[last]) as usize);
        Place {
            video: video as usize,
            start_secs: cues[from.0].start_secs,
            end_secs: cues[to.0].end_secs.max(cues[from.0].end_secs),
            sentence: sentence(cues, from, to, query),
        }
    }
}

/// Adds a place, or extends the previous one: two hits in one cue are one place. `cue_begins` is where the cue begins in
/// which the place begins.
fn join(spans: &mut Vec<Range<u32>>, span: Range<u32>, cue_begins: u32) {
    match spans.last_mut() {
        Some(before) if cue_begins < before.end && span.end - before.start <= 2 * TOGETHER_WORDS => {
            before.end = before.end.max(span.end);
        }
        Some(before) if span.start < before.end => {}
        _ => spans.push(span),
    }
}
