//! Many folders at once in place of their lists: a night without changes costs few calls, and whatever the look shows, the
//! stored course is the one that the lists give.

use chrono::TimeDelta;
use engine::sync::CourseOutcome;
use sim::{Config, Folder, FolderLie, ManyAtOnce, Route, Session, View, World};
use uuid::Uuid;

use crate::chunk_fixture::{assert_same_files, files};
use crate::support::{How, Lab, noon};

const COURSE: Uuid = Uuid::from_u128(0xc0);

fn week(number: u128) -> Uuid {
    Uuid::from_u128(0xf000 + number)
}

fn video(number: u128) -> Uuid {
    Uuid::from_u128(0x5e00 + number)
}

/// A course of 15 weeks, some of them inside others, with 62 videos, most of them viewed on the day before `noon`.
fn course() -> World {
    let mut world = World { users: World::tiny(noon()).users, ..World::default() };
    world.folders.push(Folder::new(COURSE, "Course", None));
    for number in 1..=13 {
        let above = if number == 13 { week(1) } else { COURSE };
        world.folders.push(Folder::new(week(number), format!("Week {number}"), Some(above)));
    }
    for number in 0..60 {
        let folder = if number == 0 { COURSE } else { week(number % 13 + 1) };
        let described = Session {
            description: Some(format!("What is in\r\nvideo {number}\n")).filter(|_| number % 3 == 0),
            ..Session::new(video(number), folder, format!("Video {number} & more"), 60.5 + number as f64)
        };
        world.sessions.push(described);
        if number % 4 != 0 {
            let at = noon() - TimeDelta::days(1);
            world.views.push(View::new(video(number), Uuid::from_u128(0xa0), at, 0.0, 30.0));
        }
    }
    // A folder that holds nothing but a folder.
    world.folders.push(Folder::new(week(30), "Part 2", Some(COURSE)));
    world.folders.push(Folder::new(week(31), "Week 31", Some(week(30))));
    world.sessions.push(Session::new(video(80), week(31), "Deep", 60.0));
    // Planned, not yet recorded.
    world.sessions.push(Session { duration: None, ..Session::new(video(90), week(2), "Live", 0.0) });
    world
}

async fn lab(fewer_calls: bool, config: Config) -> Lab {
    let mut lab = Lab::with(course(), config).await;
    lab.fewer_calls = fewer_calls;
    lab
}

/// What the lists of the course cost: for each folder one call more than its lists have pages.
const LISTS: usize = 50;

/// Calls of each kind since the log was cleared: lists, looks.
fn calls(lab: &Lab) -> (usize, usize) {
    let requests = lab.server.requests();
    let count = |routes: &[Route]| requests.iter().filter(|request| routes.contains(&request.route)).count();
    (count(&[Route::FolderChildren, Route::FolderSessions]), count(&[Route::SoapSessions]))
}

/// What a person has of the course: everything but the program's own notes.
fn kept(lab: &Lab) -> Vec<(String, Vec<u8>)> {
    files(lab.dir.path()).into_iter().filter(|(name, _)| !name.starts_with(".panopto-analytics")).collect()
}

fn next_day(lab: &Lab, days: i64) {
    lab.set_now(noon() + TimeDelta::days(days));
    lab.server.clear_requests();
}

#[tokio::test]
async fn a_night_without_changes_reads_no_list() {
    for how in [How::Token, How::Password, How::AuthInCall] {
        let mut lab = lab(true, Config::default()).await.signing_in(how);
        lab.fewer_calls = true;
        lab.sync_whole().await;
        assert_eq!(calls(&lab), (LISTS, 0), "a first sync reads the lists");
        let before = kept(&lab);
        next_day(&lab, 1);
        let report = lab.sync_whole().await;
        // The folder, the folders in it, those within, and 62 videos in two parts.
        assert_eq!(calls(&lab), (0, 5), "{how:?}");
        assert!(
            matches!(
                report.courses[0].outcome,
                CourseOutcome::Synced { videos: 62, .. } | CourseOutcome::UpToDate { videos: 62 }
            ),
            "{report:#?}"
        );
        let overview = |files: &[(String, Vec<u8>)]| {
            files.iter().find(|(name, _)| name.ends_with("sessions_overview.csv")).cloned().unwrap()
        };
        assert_eq!(overview(&kept(&lab)), overview(&before));
    }
}

#[tokio::test]
async fn nobody_looks_unless_it_is_wanted() {
    let lab = lab(false, Config::default()).await;
    for days in 0..3 {
        next_day(&lab, days);
        lab.sync_whole().await;
        assert_eq!(calls(&lab), (LISTS, 0));
    }
}

#[tokio::test]
async fn once_a_week_the_lists_are_read() {
    let lab = lab(true, Config::default()).await;
    let mut nights = Vec::new();
    for days in 0..15 {
        next_day(&lab, days);
        lab.sync_whole().await;
        nights.push(calls(&lab).0 > 0);
    }
    assert_eq!(nights.iter().filter(|read| **read).count(), 3);
    assert!(nights[0] && nights[7] && nights[14], "{nights:?}");
}

/// Something that happens on the server.
type Change = fn(&mut World);

/// Whatever happens, the course with looks is the course without.
#[tokio::test]
async fn each_change_is_stored_as_without_looks() {
    let changes: [(&str, Change); 15] = [
        ("a new video", |world| {
            world.sessions.push(Session::new(video(70), week(5), "New", 30.0));
            world.views.push(View::new(video(70), Uuid::from_u128(0xa1), noon(), 0.0, 9.0));
        }),
        ("a new folder with a video", |world| {
            world.folders.push(Folder::new(week(20), "Week 20", Some(week(3))));
            world.sessions.push(Session::new(video(71), week(20), "New", 30.0));
        }),
        ("a video that is gone", |world| world.sessions.retain(|session| session.id != video(7))),
        ("a folder that is gone", |world| {
            world.folders.retain(|folder| folder.id != week(4));
            world.sessions.retain(|session| session.folder != week(4));
        }),
        ("a renamed video", |world| world.sessions[9].name = "Renamed".into()),
        ("a longer video", |world| world.sessions[9].duration = Some(1000.0)),
        ("a recorded video", |world| {
            let live = world.sessions.iter_mut().find(|session| session.id == video(90)).unwrap();
            live.duration = Some(50.0);
        }),
        ("another description", |world| world.sessions[9].description = Some("Another".into())),
        ("a renamed folder", |world| world.folders[3].name = "Renamed".into()),
        ("a renamed course", |world| world.folders[0].name = "Renamed".into()),
        ("a video in another folder", |world| world.sessions[9].folder = week(11)),
        ("a folder in another folder", |world| world.folders[3].parent = Some(week(9))),
        ("a folder in the folder before it", |world| world.folders[3].parent = Some(week(2))),
        ("a renamed folder without videos", |world| {
            world.folders.iter_mut().find(|folder| folder.id == week(30)).unwrap().name = "Z".into();
        }),
        ("a new empty folder", |world| world.folders.push(Folder::new(week(40), "Week 40", Some(COURSE)))),
    ];
    for (what, change) in changes {
        let labs = [lab(false, Config::default()).await, lab(true, Config::default()).await];
        for lab in &labs {
            lab.sync_whole().await;
            change(&mut lab.server.world());
            for days in 1..3 {
                next_day(lab, days);
                let _ = lab.sync().await.unwrap();
            }
        }
        assert_same_files(&kept(&labs[1]), &kept(&labs[0]), what);
    }
}

/// A look that says anything else than the lists, or nothing at all, changes nothing.
#[tokio::test]
async fn whatever_the_look_says_the_lists_decide() {
    for many_at_once in [
        ManyAtOnce::LeavesOutSessions,
        ManyAtOnce::LeavesOutFolders,
        ManyAtOnce::SaysNothing,
        ManyAtOnce::Empty,
        ManyAtOnce::Refuses,
        ManyAtOnce::Fails,
        ManyAtOnce::Unknown,
    ] {
        let labs = [lab(false, Config::default()).await, lab(true, Config { many_at_once, ..Config::default() }).await];
        for lab in &labs {
            for days in 0..3 {
                next_day(lab, days);
                lab.sync_whole().await;
                assert_eq!(calls(lab).0, LISTS, "{many_at_once:?}: the lists are read");
            }
        }
        assert_same_files(&kept(&labs[1]), &kept(&labs[0]), &format!("{many_at_once:?}"));
    }
}

/// A list that hides a folder leaves its videos in doubt. As long as there is a doubt, the lists are read.
#[tokio::test]
async fn a_course_in_doubt_has_its_lists_read() {
    let lab = lab(true, Config::default()).await;
    lab.sync_whole().await;
    lab.server.lies().folders.insert(week(6), FolderLie::Hidden);
    for days in 1..4 {
        next_day(&lab, days);
        let report = lab.sync().await.unwrap();
        assert!(matches!(report.courses[0].outcome, CourseOutcome::Partial { .. }), "{report:#?}");
        assert!(calls(&lab).0 > 40);
    }
    lab.server.lies().folders.clear();
    next_day(&lab, 4);
    lab.sync_whole().await;
    assert!(calls(&lab).0 > 40, "the night after still reads them");
    next_day(&lab, 5);
    lab.sync_whole().await;
    assert_eq!(calls(&lab).0, 0, "then nothing is in doubt");
}

/// One user without rights: the first course finds out, the others do not ask.
#[tokio::test]
async fn a_refusal_is_asked_for_once_in_a_sync() {
    let mut world = course();
    for number in 0..20_u128 {
        let id = Uuid::from_u128(0xcc00 + number);
        world.folders.push(Folder::new(id, format!("Other {number}"), None));
        world.sessions.push(Session::new(Uuid::from_u128(0xcd00 + number), id, "Video", 60.0));
    }
    let config = Config { many_at_once: ManyAtOnce::Refuses, ..Config::default() };
    let mut lab = Lab::with(world, config).await;
    lab.fewer_calls = true;
    let courses: Vec<Uuid> = (0..20_u128).map(|number| Uuid::from_u128(0xcc00 + number)).collect();
    lab.list_courses(&courses);
    lab.sync_whole().await;
    next_day(&lab, 1);
    lab.sync_whole().await;
    assert!(calls(&lab).1 <= 8, "{} looks: at most the courses that began together", calls(&lab).1);
}
