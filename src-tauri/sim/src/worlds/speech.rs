//! Invented lectures: what is said in the sample courses, cue by cue, as a machine would write it down.
//!
//! Sentences are made when they are asked for, from the title, the subject's phrases and a seed, so that a world of
//! sixty hours costs nothing to make. Deliberately absent: any real lecture.
//!
//! Invariant: the same title, length and seed give the same words at the same seconds.

use crate::worlds::topics::Subject;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use std::fmt::Write as _;

/// Words a minute of somebody who explains.
const SECS_PER_WORD: f64 = 0.42;
/// The machine breaks on breath.
const MOST_WORDS_IN_CUE: usize = 9;

const NOTICE: &str = "[Auto-generated transcript. Edits may have been applied for clarity.]";

/// Sentences around the subject. `{t}` is a term of the subject, `{u}` another one, `{p}` a place or example.
const SENTENCES: [&str; 28] = [
    "So let us look at {t} more closely.",
    "The question is what {t} does when {u} changes.",
    "Notice that {t} is not the same thing as {u}.",
    "I will say that again, because it comes up in the exam: {t} depends on {u}.",
    "You can see it in {p}, where it was first measured.",
    "Write this down, we need it in ten minutes.",
    "People often confuse {t} with {u}, and the difference matters.",
    "If you take away only one thing from today, take away {t}.",
    "There are three reasons for this.",
    "The first reason is {t}, the second one is {u}.",
    "And the third reason is the one that everybody forgets.",
    "Here is a small example from {p}.",
    "Suppose that {t} doubles and everything else stays as it is.",
    "Then {u} does not double, and that surprises most of us.",
    "Are there any questions up to here?",
    "Good question, I will come back to it when we talk about {u}.",
    "On the slide you see the data from {p}.",
    "The vertical axis shows {t}, the horizontal one shows time.",
    "Look at the part in the middle, where the curve is steep.",
    "This is an average, so single cases can look quite different.",
    "The study from {p} found the opposite, and we will see why.",
    "Last week we met {u}, and now it comes back.",
    "Please read the chapter on {t} before Thursday.",
    "In practice you never measure {t} directly.",
    "You measure {u} and work back from there.",
    "That is the definition, now let us use it.",
    "A common mistake in the midterm was to leave out {u}.",
    "Okay, let us take a short break and continue with {t}.",
];

/// What an invented lecture is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lecture {
    pub(crate) subject: &'static Subject,
    pub(crate) seed: u64,
}

impl Lecture {
    /// The captions of a lecture of this title and length.
    pub(crate) fn written(&self, title: &str, duration_secs: f64) -> String {
        let mut rng = ChaCha12Rng::seed_from_u64(self.seed);
        let mut text = String::with_capacity(duration_secs as usize * 24);
        let mut number = 0;
        let mut at_secs = 0.4;
        let subject = title.split_once(": ").map_or(title, |(_, subject)| subject);
        let mut sentence = format!("Welcome back, today's topic is {}.", subject.trim_end_matches(['.', '?']));
        while at_secs < duration_secs - 5.0 {
            let words: Vec<&str> = sentence.split(' ').collect();
            for cue in words.chunks(MOST_WORDS_IN_CUE) {
                let end_secs = (at_secs + cue.len() as f64 * SECS_PER_WORD).min(duration_secs);
                number += 1;
                let notice = if number == 1 { format!("{NOTICE}\r\n") } else { String::new() };
                let (from, to) = (clock(at_secs), clock(end_secs));
                // Writing to a string never fails.
                let _ = write!(text, "{number}\r\n{from} --> {to}\r\n{notice}{}\r\n\r\n", cue.join(" "));
                at_secs = end_secs;
            }
            at_secs += rng.random_range(0.1..1.6);
            sentence = next_sentence(self.subject, &mut rng);
        }
        text
    }
}

fn next_sentence(subject: &Subject, rng: &mut ChaCha12Rng) -> String {
    let mut pick = |from: &[&'static str]| from[rng.random_range(0..from.len())];
    let (sentence, term, place) = (pick(&SENTENCES), pick(subject.terms), pick(subject.places));
    let other = loop {
        let other = pick(subject.terms);
        if other != term {
            break other;
        }
    };
    sentence.replace("{t}", term).replace("{u}", other).replace("{p}", place)
}

fn clock(secs: f64) -> String {
    let milli = (secs * 1000.0).round() as u64;
    let (secs, milli) = (milli / 1000, milli % 1000);
    format!("{:02}:{:02}:{:02},{milli:03}", secs / 3600, secs / 60 % 60, secs % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worlds::topics::COURSES;

    #[test]
    fn a_lecture_is_the_same_each_time_and_ends_with_its_video() {
        let lecture = Lecture { subject: &COURSES[0].subject, seed: 7 };
        let text = lecture.written("Lecture 03: Albedo, asphalt, and roofs", 600.0);
        assert_eq!(text, lecture.written("Lecture 03: Albedo, asphalt, and roofs", 600.0));
        assert!(text.starts_with(&format!("1\r\n00:00:00,400 --> 00:00:04,180\r\n{NOTICE}\r\nWelcome back, today's topic is Albedo, asphalt, and roofs.\r\n")), "{text}");
        let last = text.lines().rfind(|line| line.contains("-->")).unwrap();
        assert!(last.ends_with(",000") || last < "00:10:00", "{last}");
        assert!(text.len() > 9_000, "{}", text.len());
    }
}
