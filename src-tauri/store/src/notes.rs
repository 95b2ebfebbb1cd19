//! `notes.csv`: what a teacher keeps about moments of videos, one note a line.
//!
//! A plain table that a spreadsheet opens. Words of another version are kept as they stand. Deliberately absent: which
//! moment a note belongs to (crate `model`).
//!
//! Invariants: it cannot be made again, so it is flushed before it takes the old one's place; a damaged one is told, is never
//! written over, and is in the way of nothing but notes.

use std::path::PathBuf;

use model::{Interval, Note, Recorded, SessionId};

use super::disk::{Durability, replace};
use super::table::{self, ShortLines, Source, read_table};
use super::{DataFolder, FolderLock};
use crate::{ErrorKind, Result};

const COLUMNS: [&str; 6] = ["SessionId", "Kind", "StartSecs", "EndSecs", "Tag", "Note"];
/// More than anybody writes by hand.
const MOST_BYTES: u64 = 16 << 20;

impl DataFolder {
    /// Where notes are kept.
    pub fn notes_file(&self) -> PathBuf {
        self.root().join("notes.csv")
    }

    /// All notes, in the order they were written. [`ErrorKind::DataFileInvalid`] names the line that is wrong.
    pub fn notes(&self) -> Result<Vec<Note>> {
        let path = self.notes_file();
        if !self.exists(&path)? {
            return Ok(Vec::new());
        }
        let source = Source {
            path: &path,
            code: ErrorKind::DataFileInvalid,
            remedy: "Correct the line in a text editor or spreadsheet, or move the file away: then notes begin anew",
            most_bytes: MOST_BYTES,
        };
        let seconds = |text: &str| text.trim().parse::<f64>().ok().filter(|secs| secs.is_finite() && *secs >= 0.0);
        read_table(self.disk(), source, &COLUMNS, ShortLines::EmptyCells, |row| {
            let start_secs = row.parsed(2, "a number of seconds", seconds)?;
            let end_secs = row.parsed(3, "a number of seconds", seconds)?;
            let stretch = Interval::new(start_secs, end_secs)
                .ok_or_else(|| row.error(3, format_args!("{end_secs} is not more than {start_secs}, the start")))?;
            let tag = row.text(4).trim();
            Ok(Note {
                video: row.id::<SessionId>(0)?,
                kind: Recorded::of(row.text(1).trim()),
                stretch,
                tag: (!tag.is_empty()).then(|| Recorded::of(tag)),
                text: row.text(5).to_owned(),
            })
        })
    }

    /// Puts `kept` in the place of the note on the same thing, at the end where there is none; a note without tag and words
    /// is taken away. Returns what stood there before.
    pub fn keep_note(&self, _lock: &FolderLock, kept: Note) -> Result<Option<Note>> {
        let mut notes = self.notes()?;
        let place = notes.iter().position(|note| note.video == kept.video && note.is_of(&kept.kind, kept.stretch));
        let is_empty = kept.tag.is_none() && kept.text.trim().is_empty();
        let before = match (place, is_empty) {
            (Some(place), true) => Some(notes.remove(place)),
            (Some(place), false) => Some(std::mem::replace(&mut notes[place], kept)),
            (None, true) => return Ok(None),
            (None, false) => {
                notes.push(kept);
                None
            }
        };
        let mut text = Vec::new();
        table::push_line(&mut text, COLUMNS);
        for note in &notes {
            table::push_line(
                &mut text,
                [
                    note.video.to_string().as_str(),
                    note.kind.as_str(),
                    &note.stretch.start_secs().to_string(),
                    &note.stretch.end_secs().to_string(),
                    note.tag.as_ref().map_or("", Recorded::as_str),
                    &note.text,
                ],
            );
        }
        replace(self.disk(), &self.notes_file(), Durability::Durable, |file| file.write_all(&text))?;
        Ok(before)
    }
}

#[cfg(test)]
mod tests {
    use model::{MomentKind, NoteTag};

    use super::*;
    use crate::RealDisk;

    fn folder() -> (tempfile::TempDir, DataFolder) {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path().join("data")).unwrap();
        (dir, folder)
    }

    fn note(start_secs: f64, text: &str) -> Note {
        Note {
            video: SessionId::from_bytes([7; 16]),
            kind: MomentKind::WatchedAgain.into(),
            stretch: Interval::new(start_secs, start_secs + 20.5).unwrap(),
            tag: Some(NoteTag::Important.into()),
            text: text.to_owned(),
        }
    }

    #[test]
    fn notes_come_back_as_they_were_kept_whatever_is_written_in_them() {
        let (_dir, folder) = folder();
        let lock = folder.lock().unwrap();
        let texts = ["", "plain", "with \"quotes\", commas\nand lines", "=1+1", "été – 数据", "  blanks  "];
        let kept: Vec<Note> = (0..).zip(texts).map(|(place, text)| note(f64::from(place) * 100.0, text)).collect();
        for note in &kept {
            assert_eq!(folder.keep_note(&lock, note.clone()).unwrap(), None);
        }
        assert_eq!(folder.notes().unwrap(), kept);
    }

    #[test]
    fn a_note_takes_the_place_of_the_one_before_and_gives_it_back_for_undo() {
        let (_dir, folder) = folder();
        let lock = folder.lock().unwrap();
        folder.keep_note(&lock, note(100.0, "first")).unwrap();
        folder.keep_note(&lock, note(500.0, "elsewhere")).unwrap();
        let before = folder.keep_note(&lock, note(104.0, "second")).unwrap();
        assert_eq!(before, Some(note(100.0, "first")));
        assert_eq!(folder.notes().unwrap(), [note(104.0, "second"), note(500.0, "elsewhere")]);
        let emptied = Note { tag: None, text: " ".to_owned(), ..note(104.0, "") };
        assert_eq!(folder.keep_note(&lock, emptied.clone()).unwrap(), Some(note(104.0, "second")));
        assert_eq!(folder.notes().unwrap(), [note(500.0, "elsewhere")]);
        assert_eq!(folder.keep_note(&lock, emptied).unwrap(), None, "nothing to take away");
    }

    #[test]
    fn words_of_another_version_stay() {
        let (_dir, folder) = folder();
        let lock = folder.lock().unwrap();
        let strange = "SessionId,Kind,StartSecs,EndSecs,Tag,Note\n07070707-0707-0707-0707-070707070707,applauded,5,9,splendid,hi\n";
        replace(&RealDisk, &folder.notes_file(), Durability::Durable, |file| file.write_all(strange.as_bytes()))
            .unwrap();
        folder.keep_note(&lock, note(100.0, "mine")).unwrap();
        let text = String::from_utf8(folder.disk().read(&folder.notes_file()).unwrap()).unwrap();
        assert!(text.starts_with(strange), "{text}");
    }

    #[test]
    fn a_damaged_file_is_told_and_not_written_over() {
        let (_dir, folder) = folder();
        let lock = folder.lock().unwrap();
        let damaged = b"SessionId,Kind,StartSecs,EndSecs,Tag,Note\n07070707-0707-0707-0707-070707070707,left,9,5,,\n";
        replace(&RealDisk, &folder.notes_file(), Durability::Durable, |file| file.write_all(damaged)).unwrap();
        let error = folder.keep_note(&lock, note(1.0, "mine")).unwrap_err();
        assert!(error.to_string().contains("Line 2") && error.to_string().contains("`EndSecs`"), "{error}");
        assert_eq!(folder.disk().read(&folder.notes_file()).unwrap(), damaged);
    }
}
