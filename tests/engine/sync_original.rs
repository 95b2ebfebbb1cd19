//! Continues where the original tool stopped: its folder, its state, its columns.

use std::path::Path;

use chrono::TimeDelta;
use engine::events::{EventLog, SyncEvent};
use engine::status::status;
use engine::store::DataFolder;
use engine::store::faulty::{Fault, FaultyDisk};
use engine::sync::CourseOutcome;
use model::{FolderId, OutcomeWord};
use sim::{Config, Folder, Session, User, View, World};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{Lab, at};

const COURSE: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";

/// The golden database as the original tool leaves it, with the state in the tool's own place.
fn originals_folder(lab: &Lab) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/golden");
    copy(&golden.join("database"), &lab.dir.path().join("database"));
    std::fs::copy(golden.join("courses.csv"), lab.dir.path().join("courses.csv")).unwrap();
    std::fs::create_dir_all(lab.dir.path().join("raw_data_handler")).unwrap();
    std::fs::copy(golden.join("state.csv"), lab.dir.path().join("raw_data_handler/state.csv")).unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A server with the data from which the golden database was fetched, read from the golden files themselves.
fn originals_server() -> World {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/golden");
    let folder = DataFolder::open(&golden).unwrap();
    let mut world = World {
        users: vec![User {
            id: Uuid::from_u128(1),
            username: sim::DEMO_USER.into(),
            password: Some(sim::DEMO_PASSWORD.into()),
            name: "Teacher".into(),
            ..sim::User::default()
        }],
        ..World::default()
    };
    let uuid = |bytes: &[u8; 16]| Uuid::from_bytes(*bytes);
    for course in folder.courses().unwrap() {
        let dir = folder.course_dir(engine::store::Area::Database, course.id).unwrap().unwrap();
        let root = uuid(course.id.as_bytes());
        world.folders.push(Folder::new(root, course.name, None));
        let disk = engine::store::RealDisk;
        let overview = engine::store::overview_file(&dir);
        let rows = engine::store::overview::read_overview(&disk, &overview, engine::store::number::Reading::Nearest);
        for row in rows.unwrap() {
            let inside = row.containing_folder_id.map_or(root, |id| uuid(id.as_bytes()));
            if !world.folders.iter().any(|folder| folder.id == inside) {
                world.folders.push(Folder::new(inside, row.containing_folder_name, Some(root)));
            }
            let id = uuid(row.session_id.as_bytes());
            let mut session = Session::new(id, inside, row.session_name, row.duration_secs.unwrap_or_default());
            session.description = Some(row.description).filter(|text| !text.is_empty());
            session.duration = row.duration_secs;
            world.sessions.push(session);
        }
        let activity = engine::store::activity_file(&dir);
        for row in engine::store::activity::ActivityReader::open(&disk, &activity).unwrap() {
            let (_, record) = row.unwrap();
            world.views.push(View {
                session: uuid(record.session_id.as_bytes()),
                user: uuid(record.user_id.as_bytes()),
                time: record.recorded_at,
                start_position: record.start_secs,
                seconds_viewed: record.seconds_viewed,
                playback_speed: record.playback_speed,
                start_reason: record.start_reason.as_str().to_owned(),
                stop_reason: record.stop_reason.as_str().to_owned(),
            });
        }
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn goes_on_where_the_original_stopped() {
    let world = originals_server();
    // The first record of the file belongs to a video that is gone.
    let view = world.views.iter().find(|view| world.session(view.session).is_some()).unwrap();
    let (session, user) = (view.session, view.user);
    let lab = Lab::with(world, Config::default()).await;
    originals_folder(&lab);
    lab.set_now(at("2022-01-05T09:00:00Z"));
    assert_eq!(lab.course().to_string(), COURSE);
    let before = lab.activity();
    lab.server.world().views.push(View::new(session, user, at("2022-01-03T10:00:00Z"), 1.0, 2.0));

    let report = lab.sync_whole().await;
    assert_eq!(report.new_records, 1, "{report:#?}");
    assert!(lab.activity().starts_with(&before));
    assert_eq!(lab.activity().lines().count(), before.lines().count() + 1);
    let begins: Vec<_> = lab
        .usage_calls()
        .iter()
        .filter(|call| call.soap.as_ref().unwrap().session_id == Some(session))
        .map(|call| call.soap.as_ref().unwrap().begin.unwrap())
        .collect();
    assert_eq!(begins, [at("2021-12-30T00:00:00Z")], "from the day after the last fetched one, less the look-back");
    let state = lab.state();
    assert!(state.starts_with("PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\n"), "{state}");
    assert_eq!(state.matches(",2022-01-04\n").count(), 2, "{state}");
    assert!(lab.dir.path().join("raw_data_handler/state.csv").exists(), "the original's own file stays");

    // And one more day.
    lab.set_now(at("2022-01-05T09:00:00Z") + TimeDelta::days(1));
    assert_eq!(lab.sync_whole().await.new_records, 0);
    assert!(lab.activity().starts_with(&before));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_the_original_did_not_know_gets_its_whole_history() {
    let world = originals_server();
    let (folder, user) = (world.folders[0].id, world.views[0].user);
    let lab = Lab::with(world, Config::default()).await;
    originals_folder(&lab);
    lab.set_now(at("2022-01-01T09:00:00Z"));
    let id = Uuid::from_u128(99);
    {
        let mut world = lab.server.world();
        world.sessions.push(Session::new(id, folder, "Brought along", 50.0));
        world.views.push(View::new(id, user, at("2021-02-03T10:00:00Z"), 1.0, 2.0));
    }
    let report = lab.sync_whole().await;
    let CourseOutcome::Synced { new_records: 1, new_videos: 1, .. } = report.courses[0].outcome else {
        panic!("{report:#?}")
    };
    assert!(lab.activity().contains("2021-02-03 10:00:00+00:00"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_tells_what_is_known_without_asking_the_server() {
    let lab = Lab::with(originals_server(), Config::default()).await;
    originals_folder(&lab);
    lab.server.clear_requests();
    let before = status(&lab.folder()).unwrap();
    assert_eq!(before.len(), 2);
    let first = &before[0];
    assert_eq!((first.course.to_string().as_str(), first.name.as_str()), (COURSE, "COMM 290, Análisis & 数据 – été"));
    assert_eq!(first.fetched_through.unwrap().to_string(), "2021-12-31");
    assert!(first.last.is_none() && first.trouble.is_none());
    let stored = first.stored.unwrap();
    assert_eq!(stored.records as usize, lab.stored().values().sum::<usize>());
    assert!(lab.server.requests().is_empty());

    lab.set_now(at("2022-01-05T09:00:00Z"));
    lab.sync_whole().await;
    let after = status(&lab.folder()).unwrap();
    assert_eq!(after[0].stored, first.stored);
    assert_eq!(after[0].last.as_ref().unwrap().outcome, OutcomeWord::Synced.into());
    assert_eq!(after[0].last_complete, Some(at("2022-01-05T09:00:00Z")));

    // A record added by hand is counted; a damaged file is named and hides no other course.
    let path = engine::store::activity_file(&lab.course_dir());
    let text = lab.activity();
    let last = text.lines().last().unwrap();
    std::fs::write(&path, format!("{text}{last}\n")).unwrap();
    assert_eq!(status(&lab.folder()).unwrap()[0].stored.unwrap().records, stored.records + 1);
    std::fs::write(&path, format!("{text}nonsense\n")).unwrap();
    let damaged = status(&lab.folder()).unwrap();
    assert!(damaged[0].trouble.as_ref().unwrap().reason.contains("viewing_activity.csv"), "{damaged:#?}");
    assert!(damaged[1].trouble.is_none() && damaged[1].stored.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_names_what_failed_last() {
    let lab = Lab::with(originals_server(), Config::default()).await;
    let unknown = Uuid::from_u128(5);
    lab.list_courses(&[unknown]);
    lab.sync().await.unwrap();
    let status = status(&lab.folder()).unwrap();
    assert_eq!(status[0].course, FolderId::from_bytes(unknown.into_bytes()));
    assert!(status[0].stored.is_none() && status[0].fetched_through.is_none());
    let last = status[0].last.as_ref().unwrap();
    assert_eq!(last.outcome, OutcomeWord::Failed.into());
    assert!(last.error.as_ref().unwrap().reason.contains(&unknown.to_string()));
}

/// A course whose only folder with videos is so deep that the scripts visited it three times.
fn deep_course() -> World {
    let mut world = World::tiny(at("2021-12-20T12:00:00Z"));
    let viewer = world.users[0].id;
    let root = Uuid::parse_str(COURSE).unwrap();
    (world.folders, world.sessions, world.views) = (vec![Folder::new(root, "Course", None)], vec![], vec![]);
    world.folders.push(Folder::new(Uuid::from_u128(2), "Week 1", Some(root)));
    for number in 0..2 {
        let id = Uuid::from_u128(0x5e00 + number);
        world.sessions.push(Session::new(id, Uuid::from_u128(2), format!("Video {number}"), 600.0));
        for run in 0..4 {
            // The first two runs of a video are equal to the last digit: genuine copies.
            let begin = f64::from(if run < 2 { 0 } else { run });
            world.views.push(View::new(id, viewer, at("2021-12-10T10:00:00Z"), begin, 30.0));
        }
    }
    world
}

/// What the scripts leave of that course: each video and each record that many times, and the state.
fn multiply(lab: &Lab, copies: usize, in_overview: usize) -> (usize, std::path::PathBuf) {
    let dir = lab.dir.path().join(format!("database/Course[{COURSE}]"));
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::create_dir_all(lab.dir.path().join("raw_data_handler")).unwrap();
    let (mut rows, mut records) = (Vec::new(), Vec::new());
    engine::store::activity::push_activity_header(&mut records);
    let world = lab.server.world();
    for _ in 0..in_overview {
        for session in &world.sessions {
            let (id, name) = (session.id, &session.name);
            rows.push(format!("{COURSE},Course,{},Week 1,{id},{name},,600.0\n", Uuid::from_u128(2)));
        }
    }
    for _ in 0..copies {
        for view in &world.views {
            let record = model::ViewingRecord {
                session_id: model::SessionId::from_bytes(view.session.into_bytes()),
                user_id: model::UserId::from_bytes(view.user.into_bytes()),
                recorded_at: view.time,
                playback_speed: view.playback_speed,
                start_secs: view.start_position,
                start_reason: view.start_reason.as_str().into(),
                stop_reason: view.stop_reason.as_str().into(),
                seconds_viewed: view.seconds_viewed,
            };
            engine::store::activity::push_activity_row(&mut records, &record);
        }
    }
    let header = "RootFolderID,RootFolderName,ContainingFolderId,ContainingFolderName,SessionId,SessionName,Description,Duration\n";
    std::fs::write(dir.join("sessions_overview.csv"), header.to_owned() + &rows.concat()).unwrap();
    std::fs::write(dir.join("viewing_activity.csv"), &records).unwrap();
    let state = format!("PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\nCourse,{COURSE},2021-12-31\n");
    std::fs::write(lab.dir.path().join("raw_data_handler/state.csv"), state).unwrap();
    (records.len(), dir.join("viewing_activity.multiplied.csv"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_scripts_stored_several_times_is_reduced_by_their_own_overview() {
    let lab = Lab::with(deep_course(), Config::default()).await;
    lab.set_now(at("2022-01-05T09:00:00Z"));
    let (bytes, kept) = multiply(&lab, 3, 3);
    let events = EventLog::default();
    let disk = std::sync::Arc::new(engine::store::RealDisk);
    let report = lab.sync_with(disk, &events, &CancellationToken::new()).await.unwrap();
    assert!(report.is_complete(), "{report:#?}");
    lab.assert_equal_to_server();
    assert_eq!(std::fs::metadata(&kept).unwrap().len() as usize, bytes, "the file as it was is kept");
    let told = |event: &SyncEvent| matches!(event, SyncEvent::Warning { message, .. } if message.contains("24 are now 8 records"));
    assert!(events.all().iter().any(told), "{:#?}", events.all());
    // The scripts' own state is in step, so that a forgotten job of theirs requests nothing that is here.
    let theirs = std::fs::read_to_string(lab.dir.path().join("raw_data_handler/state.csv")).unwrap();
    assert_eq!(theirs, lab.state());
    assert!(theirs.contains(",2022-01-04\n"), "{theirs}");
    // The reduction happens only once: even after the journal is lost, the genuine copies remain.
    std::fs::remove_file(lab.journal_path()).unwrap();
    lab.sync_whole().await;
    lab.assert_equal_to_server();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reduction_that_is_killed_anywhere_is_made_once() {
    let operations = {
        let lab = Lab::with(deep_course(), Config::default()).await;
        lab.set_now(at("2022-01-05T09:00:00Z"));
        multiply(&lab, 2, 2);
        let disk = FaultyDisk::counting();
        let counting = std::sync::Arc::new(disk.clone());
        lab.sync_with(counting, &EventLog::default(), &CancellationToken::new()).await.unwrap();
        disk.operations()
    };
    for at_operation in 0..operations {
        let lab = Lab::with(deep_course(), Config::default()).await;
        lab.set_now(at("2022-01-05T09:00:00Z"));
        multiply(&lab, 2, 2);
        let disk = std::sync::Arc::new(FaultyDisk::new(at_operation, Fault::PowerLoss));
        let _ = lab.sync_with(disk, &EventLog::default(), &CancellationToken::new()).await;
        lab.sync_whole().await;
        lab.assert_equal_to_server();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fetched_anew_no_record_stays_more_often_than_the_server_has_it() {
    let mut lab = Lab::with(deep_course(), Config::default()).await;
    lab.set_now(at("2022-01-05T09:00:00Z"));
    // The overview does not reveal the factor.
    let (_, kept) = multiply(&lab, 5, 1);
    lab.sync_whole().await;
    assert_eq!(lab.stored().values().sum::<usize>(), 40, "nothing tells that they are too many");
    // A record that the server has deleted keeps its number of copies.
    let deleted = lab.server.world().views.remove(3);
    lab.anew = true;
    lab.sync_whole().await;
    assert_eq!(lab.stored().values().sum::<usize>(), 7 + 5, "{deleted:?}");
    assert!(kept.exists());
    lab.anew = false;
    lab.set_now(at("2022-01-06T09:00:00Z"));
    lab.sync_whole().await;
    assert_eq!(lab.stored().values().sum::<usize>(), 7 + 5);
}
