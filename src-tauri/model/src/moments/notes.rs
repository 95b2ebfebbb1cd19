//! A teacher's note about a moment: a tag and words of their own.
//!
//! Moments are found anew whenever there is more viewing, and their borders move a little. So a note keeps the stretch
//! it was written for, and belongs to the moment of the same kind with which it overlaps most.
//!
//! Deliberately absent: the file (crate `store`). Invariants: a note belongs to at most one moment, and a moment has at
//! most one note; a note whose moment is no longer found is not lost.

use super::{Moment, MomentKind};
use crate::{Interval, Recorded, SessionId, Word};

/// Moments further from where the note was written are different ones.
const NEAR_SECS: f64 = 15.0;

/// The most characters of a note; more would be a text of its own.
pub const LONGEST_NOTE_CHARS: usize = 1000;

/// What a teacher thinks of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteTag {
    /// It was not understood.
    Confusing,
    /// It matters, and viewers know it.
    Important,
    /// Sound or picture.
    Technical,
    /// What is said there is wrong.
    Mistake,
    /// It has been dealt with.
    Done,
}

impl NoteTag {
    /// The tag as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Confusing => "Confusing",
            Self::Important => "Important",
            Self::Technical => "Sound or picture",
            Self::Mistake => "Mistake",
            Self::Done => "Done",
        }
    }
}

impl Word for NoteTag {
    const ALL: &'static [Self] = &[Self::Confusing, Self::Important, Self::Technical, Self::Mistake, Self::Done];

    fn as_str(self) -> &'static str {
        match self {
            Self::Confusing => "confusing",
            Self::Important => "important",
            Self::Technical => "technical",
            Self::Mistake => "mistake",
            Self::Done => "done",
        }
    }
}

impl Word for MomentKind {
    const ALL: &'static [Self] = &Self::ALL;

    fn as_str(self) -> &'static str {
        match self {
            Self::WatchedAgain => "watched-again",
            Self::Skipped => "skipped",
            Self::Left => "left",
            Self::JumpedTo => "jumped-to",
            Self::SlowedDown => "slowed-down",
        }
    }
}

/// A teacher's note on a stretch of a video.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The video.
    pub video: SessionId,
    /// What viewers did there.
    pub kind: Recorded<MomentKind>,
    /// The stretch it was written for.
    pub stretch: Interval,
    /// What the teacher thinks of it.
    pub tag: Option<Recorded<NoteTag>>,
    /// Words of their own; may be empty where there is a tag.
    pub text: String,
}

impl Note {
    /// Whether the note is about this: the same kind, at the same place or near enough to be the same moment.
    pub fn is_of(&self, kind: &Recorded<MomentKind>, stretch: Interval) -> bool {
        self.kind == *kind && apart_secs(self.stretch, stretch) < NEAR_SECS
    }
}

/// The note of each moment, and the notes that belong to none. All are about one video.
pub fn notes_of_moments<'n>(notes: &'n [Note], moments: &[Moment]) -> (Vec<Option<&'n Note>>, Vec<&'n Note>) {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (number, note) in notes.iter().enumerate() {
        for (place, moment) in moments.iter().enumerate() {
            let Some(stretch) = Interval::new(moment.start_secs, moment.end_secs) else { continue };
            if note.is_of(&moment.kind.into(), stretch) {
                let shared = stretch.overlap_secs(note.stretch.start_secs(), note.stretch.end_secs());
                // Notes that overlap nothing come after all that do, the nearest first.
                let fit = if shared > 0.0 { shared } else { -apart_secs(note.stretch, stretch) };
                pairs.push((fit, number, place));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let mut of_moments = vec![None; moments.len()];
    let mut is_placed = vec![false; notes.len()];
    for (_, number, place) in pairs {
        if !is_placed[number] && of_moments[place].is_none() {
            of_moments[place] = Some(&notes[number]);
            is_placed[number] = true;
        }
    }
    let left = notes.iter().zip(is_placed).filter(|(_, placed)| !placed).map(|(note, _)| note).collect();
    (of_moments, left)
}

/// The seconds between two stretches; 0 where they overlap or touch.
fn apart_secs(a: Interval, b: Interval) -> f64 {
    (a.start_secs().max(b.start_secs()) - a.end_secs().min(b.end_secs())).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(kind: MomentKind, start_secs: f64, end_secs: f64) -> Moment {
        let sentence = String::new();
        Moment { kind, start_secs, end_secs, people: 5, of_people: 10, involved_secs: 1.0, sentence }
    }

    fn note(kind: MomentKind, start_secs: f64, end_secs: f64) -> Note {
        Note {
            video: SessionId::from_bytes([1; 16]),
            kind: kind.into(),
            stretch: Interval::new(start_secs, end_secs).unwrap(),
            tag: Some(NoteTag::Confusing.into()),
            text: format!("{start_secs}"),
        }
    }

    fn texts<'n>(notes: impl IntoIterator<Item = Option<&'n Note>>) -> Vec<Option<String>> {
        notes.into_iter().map(|note| note.map(|note| note.text.clone())).collect()
    }

    #[test]
    fn a_note_follows_its_moment_as_its_borders_move() {
        let moments = [moment(MomentKind::WatchedAgain, 100.0, 160.0), moment(MomentKind::Skipped, 100.0, 160.0)];
        let notes = [note(MomentKind::WatchedAgain, 110.0, 170.0)];
        let (of, left) = notes_of_moments(&notes, &moments);
        assert_eq!((texts(of), left.len()), (vec![Some("110".to_owned()), None], 0));
    }

    #[test]
    fn the_one_that_shares_most_takes_it_and_the_other_is_kept_apart() {
        let moments = [moment(MomentKind::Left, 100.0, 120.0)];
        let notes = [note(MomentKind::Left, 90.0, 102.0), note(MomentKind::Left, 105.0, 125.0)];
        let (of, left) = notes_of_moments(&notes, &moments);
        assert_eq!(texts(of), [Some("105".to_owned())]);
        assert_eq!(texts(left.into_iter().map(Some)), [Some("90".to_owned())]);
    }

    #[test]
    fn what_lies_near_is_the_same_moment_and_what_lies_far_is_another() {
        let moments = [moment(MomentKind::JumpedTo, 100.0, 105.0)];
        for (start_secs, is_same) in [(119.0, true), (121.0, false), (80.0, true), (70.0, false)] {
            let notes = [note(MomentKind::JumpedTo, start_secs, start_secs + 10.0)];
            let (of, left) = notes_of_moments(&notes, &moments);
            assert_eq!((of[0].is_some(), left.len()), (is_same, usize::from(!is_same)), "{start_secs}");
        }
    }

    #[test]
    fn a_kind_of_another_version_belongs_to_no_moment_and_is_kept() {
        let moments = [moment(MomentKind::JumpedTo, 100.0, 105.0)];
        let strange = Note { kind: Recorded::of("applauded"), ..note(MomentKind::JumpedTo, 100.0, 105.0) };
        let strange = [strange];
        let (of, left) = notes_of_moments(&strange, &moments);
        assert_eq!((of[0].is_some(), left.len()), (false, 1));
    }
}
