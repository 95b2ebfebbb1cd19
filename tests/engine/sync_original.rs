//! Goes on where the original tool stopped: its folder, its state, its columns.

use std::path::Path;

use chrono::TimeDelta;
use engine::status::status;
use engine::store::DataFolder;
use engine::sync::CourseOutcome;
use model::{FolderId, OutcomeWord};
use sim::{Config, Folder, Session, User, View, World};
use uuid::Uuid;

use crate::support::{Lab, at};

const COURSE: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";

/// The golden database as the original leaves it: its state where it keeps it.
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

/// A server that holds what the golden database was fetched from, read from the golden files themselves.
fn originals_server() -> World {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/golden");
    let folder = DataFolder::open(&golden).unwrap();
    let mut world = World {
        users: vec![User {
            id: Uuid::from_u128(1),
            username: sim::DEMO_USER.into(),
            password: Some(sim::DEMO_PASSWORD.into()),
            name: "Teacher".into(),
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
    // The first record of the file is of a video that is gone.
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

    // And on.
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
