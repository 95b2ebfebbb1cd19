//! The fact sheet is true: every file that a whole run leaves is on it, and it speaks to no host but the server.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono_tz::Tz;
use engine::captions::{CaptionsFetch, Patience};
use engine::people::{FACTS, Keeps, NamesAsk, NamesFetch, forget};
use engine::source::Source;
use engine::store::course_list::ListedCourse;
use model::{CourseDates, DateKind, Interval, MomentKind, Note, NoteTag, UserId, When};
use sim::{CaptionTrack, User, World};
use tokio_util::sync::CancellationToken;

use crate::chunk_fixture::{assert_same_files, chunk_in, files};
use crate::support::{Lab, noon, session_id};

fn note(video: model::SessionId) -> Note {
    Note {
        video,
        kind: MomentKind::WatchedAgain.into(),
        stretch: Interval::new(1.0, 9.0).unwrap(),
        tag: Some(NoteTag::Important.into()),
        text: String::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_of_a_whole_run_is_on_the_fact_sheet() {
    let mut world = World::tiny(noon());
    world.captions = vec![CaptionTrack::new(world.sessions[0].id, "1\n00:00:05,000 --> 00:00:08,000\nHeat\n")];
    let named = world.views[0].user;
    world.users.push(User {
        id: named,
        username: "unified\\mvale7".into(),
        name: "Mira Okonjo-Vale".into(),
        ..User::default()
    });
    let (video, forgotten) = (session_id(world.sessions[0].id), world.views[3].user);
    let lab = Lab::new(world).await;
    let folder = lab.folder();
    lab.sync_whole().await;
    let courses: Vec<ListedCourse> = folder.courses().unwrap();
    let source = Source::new(lab.client().await);
    let never = CancellationToken::new();
    {
        let lock = Arc::new(folder.lock().unwrap());
        CaptionsFetch {
            folder: &folder,
            lock: &lock,
            source: &source,
            patience: Patience::Patient,
            clock: &lab.clock,
            tell: &|_| (),
        }
        .run(&courses, &never)
        .await
        .unwrap();
        NamesFetch {
            folder: &folder,
            lock: &lock,
            source: &source,
            ask: NamesAsk::Again,
            clock: &lab.clock,
            tell: &|_| (),
        }
        .run(&courses, &never)
        .await
        .unwrap();
        engine::time_zone::choose(&folder, &lock, Tz::UTC).unwrap();
        folder.keep_note(&lock, note(video)).unwrap();
        let date = model::CourseDate {
            number: 1,
            kind: DateKind::Exam,
            name: "Midterm".into(),
            when: When::At(noon(), Tz::UTC),
            videos: Vec::new(),
            source: None,
        };
        folder
            .save_dates(&lock, &[(lab.course(), CourseDates { dates: vec![date], ..CourseDates::default() })])
            .unwrap();
        let list = engine::roster::pasted_roster("Name,Username\n\"Okonjo-Vale, Mira\",mvale7\n").unwrap();
        let views = engine::views::Views::default();
        engine::roster::import_roster(&folder, &lock, &views, lab.course(), list, Tz::UTC, noon()).unwrap();
        folder.save_pairs(&lock, &[(video, None)]).unwrap();
        folder.set_keep_for(&lock, lab.course(), Some(730)).unwrap();
        let entry = engine::store::NamedExportEntry {
            at: noon(),
            what: engine::store::NamedExport::Credit.into(),
            place: "credit.csv".into(),
        };
        folder.note_named_export(&lock, entry).unwrap();
        // The note stands only while somebody is being forgotten.
        let while_forgetting = |_: &_| {
            let is_note = |path: &str| path.ends_with("being-forgotten.csv");
            let notes: Vec<_> = files(lab.dir.path()).into_iter().filter(|(path, _)| is_note(path)).collect();
            assert_eq!(notes.len(), 1);
            assert!(FACTS.iter().any(|fact| fact.is_of(&notes[0].0.replace('\\', "/"))), "on the sheet");
            Ok(0)
        };
        forget(&folder, &lock, &[UserId::from_bytes(forgotten.into_bytes())], &while_forgetting).unwrap();
    }
    chunk_in(&folder, Tz::UTC).unwrap();

    let mut seen = BTreeSet::new();
    for (path, bytes) in files(lab.dir.path()) {
        let path = path.replace('\\', "/");
        let facts: Vec<_> = FACTS.iter().filter(|fact| fact.is_of(&path)).collect();
        assert_eq!(facts.len(), 1, "{path} is on the sheet once: {facts:?}");
        seen.insert(facts[0].path);
        let text = String::from_utf8_lossy(&bytes);
        if facts[0].keeps != Keeps::Names {
            assert!(!text.contains("Okonjo") && !text.contains("mvale7"), "a name in {path}");
        }
        if facts[0].keeps == Keeps::Nothing {
            assert!(!text.contains(&named.to_string()), "a viewer in {path}");
        }
    }
    // A folder that is moved takes all of it along, and leaves nothing of it.
    let new_place = tempfile::tempdir().unwrap();
    let before: Vec<_> = files(lab.dir.path()).into_iter().filter(|(path, _)| !path.ends_with("lock")).collect();
    let target = new_place.path().join("moved");
    let left = folder.copy_to(&target, &|| false).unwrap().remove_old();
    assert_eq!(left, engine::store::relocate::LeftBehind::default());
    let after: Vec<_> = files(&target).into_iter().filter(|(path, _)| !path.ends_with("lock")).collect();
    assert_same_files(&after, &before, "the moved folder");
    assert!(files(lab.dir.path()).is_empty());
    // What such a run does not leave: a copy that only old data has, records and a note in passing, a removed course.
    let not_left = ["viewing_activity.multiplied.csv", "/staging/", "/trash/", "being-forgotten.csv"];
    for fact in FACTS.iter().filter(|fact| !not_left.iter().any(|part| fact.path.contains(part))) {
        assert!(seen.contains(fact.path), "{} is not written any more", fact.path);
    }
}
