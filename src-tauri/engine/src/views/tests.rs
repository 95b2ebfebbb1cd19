//! Looking at stored courses: what is read, that the result follows the files, and how long it takes.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use model::{
    DateRange, Day, FolderId, SessionId, StartReason, StopReason, Timeline, UsageRange, UserId, VideoMoments,
    ViewingRecord,
};

use super::{Views, course_facts, facts_of_course};
use crate::ErrorCode;
use crate::store::course_list::ListedCourse;
use crate::store::journal::{Journal, StoredCounts, VideoState};
use crate::store::staging::Staging;
use crate::store::state::FetchedCourse;
use crate::store::{Area, DataFolder, activity_file, overview_file};

const COURSE: FolderId = FolderId::from_bytes([7; 16]);
const SUBFOLDER: FolderId = FolderId::from_bytes([8; 16]);

fn video(number: u8) -> SessionId {
    SessionId::from_bytes([number; 16])
}

/// A listed course of two videos, the second in a subfolder, with these records (video, viewer, moment, start, stop).
fn folder(records: &[(u8, u8, &str, f64, f64)]) -> (tempfile::TempDir, DataFolder) {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(dir.path()).unwrap();
    let lock = folder.lock().unwrap();
    folder.save_courses(&lock, &[ListedCourse { id: COURSE, name: "COMM 290".to_owned() }]).unwrap();
    let course = folder.make_course_dir(&lock, Area::Database, COURSE, "COMM 290").unwrap();
    drop(lock);
    let overview = format!(
        "RootFolderID,RootFolderName,ContainingFolderId,ContainingFolderName,SessionId,SessionName,Description,Duration\n\
         {COURSE},COMM 290,{COURSE},COMM 290,{},One,,100.0\n{COURSE},COMM 290,{SUBFOLDER},Week 1,{},Two,,200.0\n",
        video(1),
        video(2),
    );
    std::fs::write(overview_file(&course), overview).unwrap();
    std::fs::write(activity_file(&course), activity(records)).unwrap();
    (dir, folder)
}

fn activity(records: &[(u8, u8, &str, f64, f64)]) -> String {
    let mut text = "SessionId,UserId,Date,DateTime,PlaybackSpeed,StartPosition,StartReason,StopPosition,StopReason,SecondsViewed\n".to_owned();
    for (session, user, at, start, stop) in records {
        let user = SessionId::from_bytes([*user; 16]);
        let day = &at[..10];
        let _ =
            writeln!(text, "{},{user},{day},{at},1.0,{start:?},Start,{stop:?},End,{:?}", video(*session), stop - start);
    }
    text
}

#[test]
fn days_are_those_of_the_time_zone_and_gone_videos_do_not_count() {
    let (_dir, folder) = folder(&[
        (1, 1, "2020-11-23 03:00:00+00:00", 0.0, 80.0),
        (2, 2, "2020-11-23 12:00:00+00:00", 0.0, 10.0),
        (9, 3, "2020-11-23 12:00:00+00:00", 0.0, 10.0),
    ]);
    let views = Views::default();
    let course = views.course(&folder, COURSE, Tz::America__Vancouver).unwrap();
    assert_eq!((course.viewer_count, course.records, course.in_subfolder.as_slice()), (2, 2, [false, true].as_slice()));
    let days = course.views.days().unwrap();
    assert_eq!(
        (days.first().date().to_string(), days.last().date().to_string()),
        ("2020-11-22".into(), "2020-11-23".into())
    );
    let utc = views.course(&folder, COURSE, Tz::UTC).unwrap();
    assert_eq!(utc.views.days().unwrap().day_count(), 1);
    assert_eq!(course.video(video(2)).unwrap(), 1);
    assert_eq!(course.video(video(9)).unwrap_err().code(), ErrorCode::NotFound);
    let figures = course.figures(DateRange::ALL);
    assert_eq!((figures.unique_viewers, figures.rows[0].totals.covered_viewers), (2, 1));
    assert!(Arc::ptr_eq(&figures, &course.figures(DateRange::ALL)));
}

#[test]
fn what_the_records_say_of_playback_reaches_the_timeline() {
    let (_dir, folder) = folder(&[]);
    let path = activity_file(&folder.course_dir(Area::Database, COURSE).unwrap().unwrap());
    let mut records =
        activity(&[(1, 1, "2020-11-23 12:00:00+00:00", 0.0, 80.0), (1, 2, "2020-11-23 12:00:00+00:00", 20.0, 40.0)]);
    records = records.replace("1.0,20.0,Start", "0.5,20.0,Seek");
    std::fs::write(&path, records).unwrap();
    let views = Views::default();
    let course = views.course(&folder, COURSE, Tz::UTC).unwrap();
    let borders = course.borders(0).unwrap();
    assert!(Arc::ptr_eq(&borders, &course.borders(0).unwrap()), "those asked for last are kept");
    let timeline = Timeline::new(&course.views, &borders, DateRange::ALL);
    assert_eq!(timeline.arrivals_secs().collect::<Vec<_>>(), [20.0]);
    let speeds: Vec<(f64, f64)> =
        timeline.speeds(None).iter().map(|share| (share.speed.factor(), share.secs)).collect();
    assert_eq!(speeds, [(0.5, 20.0), (1.0, 80.0)]);
    let moments = course.moments(DateRange::ALL);
    assert_eq!(*moments, [VideoMoments::TooFewViewers(2), VideoMoments::TooFewViewers(0)]);
    assert!(Arc::ptr_eq(&moments, &course.moments(DateRange::ALL)));
    let later = course.moments(DateRange::last_days(1, Day::new(30_000)));
    assert_eq!(later[0], VideoMoments::TooFewViewers(0), "another range is not answered with the one before");
}

#[test]
fn a_course_is_read_again_only_when_its_files_have_changed() {
    let (_dir, folder) = folder(&[(1, 1, "2020-11-23 12:00:00+00:00", 0.0, 80.0)]);
    let views = Views::default();
    let first = views.course(&folder, COURSE, Tz::UTC).unwrap();
    assert!(Arc::ptr_eq(&first, &views.course(&folder, COURSE, Tz::UTC).unwrap()));
    let path = activity_file(&folder.course_dir(Area::Database, COURSE).unwrap().unwrap());
    let more =
        activity(&[(1, 1, "2020-11-23 12:00:00+00:00", 0.0, 80.0), (1, 2, "2020-11-23 12:00:00+00:00", 0.0, 5.0)]);
    std::fs::write(&path, more).unwrap();
    assert_eq!(views.course(&folder, COURSE, Tz::UTC).unwrap().viewer_count, 2);
    std::fs::write(&path, "SessionId,UserId\nx,y\n").unwrap();
    assert_eq!(views.course(&folder, COURSE, Tz::UTC).unwrap_err().code(), ErrorCode::DataFileInvalid);
}

#[test]
fn a_course_without_data_is_a_fact_and_not_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(dir.path()).unwrap();
    let lock = folder.lock().unwrap();
    folder.save_courses(&lock, &[ListedCourse { id: COURSE, name: String::new() }]).unwrap();
    let facts = course_facts(&folder).unwrap();
    assert_eq!((facts[0].has_data, facts[0].name.clone()), (false, COURSE.to_string()));
    assert_eq!(facts_of_course(&folder, SUBFOLDER).unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(Views::default().course(&folder, COURSE, Tz::UTC).unwrap_err().code(), ErrorCode::NotFound);
}

#[test]
fn a_list_of_videos_alone_is_no_data_of_a_course() {
    let (_dir, folder) = folder(&[]);
    let records = activity_file(&folder.course_dir(Area::Database, COURSE).unwrap().unwrap());
    let has_data = || facts_of_course(&folder, COURSE).unwrap().has_data;
    assert!(has_data(), "the original keeps no journal");
    // What is left of a first sync that was stopped after the videos were listed.
    std::fs::remove_file(&records).unwrap();
    let lock = folder.lock().unwrap();
    let mut journal = Journal::new(COURSE, "COMM 290");
    journal.save(&folder, &lock).unwrap();
    assert!(!has_data());
    // Killed after the records were written, before the journal mentions them.
    std::fs::write(&records, activity(&[])).unwrap();
    assert!(has_data());
    // Everything was fetched, and nobody had watched.
    std::fs::remove_file(&records).unwrap();
    journal.stored = Some(StoredCounts { records: 0, viewers: 0, file_bytes: 0 });
    journal.save(&folder, &lock).unwrap();
    assert!(has_data());
}

/// `cargo test --release -p engine views -- --ignored --nocapture`: the target is 150 ms on two processors.
#[test]
#[ignore = "measures; only a release build says anything"]
fn three_hundred_thousand_records_open_at_once() {
    let moments = ["2020-11-23 12:00:00.123000+00:00", "2020-10-01 08:15:30+00:00", "2020-09-10 23:59:59+00:00"];
    let records: Vec<_> = (0..300_000_u32)
        .map(|number| {
            let start = f64::from(number % 97) + 0.123_456;
            ((number % 2 + 1) as u8, (number / 7 % 250) as u8, moments[number as usize % 3], start, start + 12.345_678)
        })
        .collect();
    let (_dir, folder) = folder(&records);
    for _ in 0..5 {
        let start = std::time::Instant::now();
        let course = Views::default().course(&folder, COURSE, Tz::America__Vancouver).unwrap();
        let opened = start.elapsed();
        let start = std::time::Instant::now();
        let figures = course.figures(DateRange::ALL);
        println!("opened in {opened:?}, figures in {:?}, {} viewers", start.elapsed(), figures.unique_viewers);
    }
}

/// The whole history up to a day, or less of it.
fn range(from: &str) -> UsageRange {
    let at = |day: &str| day.parse::<NaiveDate>().unwrap().and_time(NaiveTime::MIN).and_utc();
    UsageRange { begin: at(from), end: at("2020-12-01") }
}

fn stage(folder: &DataFolder, of: SessionId, from: &str, viewers: &[u8]) {
    let mut file = Staging::of_course(folder, COURSE).begin(of, range(from)).unwrap();
    let record = |viewer: &u8| ViewingRecord {
        session_id: of,
        user_id: UserId::from_bytes([*viewer; 16]),
        recorded_at: "2020-11-23T12:00:00Z".parse().unwrap(),
        playback_speed: Some(1.0),
        start_secs: 0.0,
        start_reason: StartReason::from("Start"),
        stop_reason: StopReason::from("End"),
        seconds_viewed: 80.0,
    };
    file.write(viewers.iter().map(record)).unwrap();
    file.finish().unwrap();
}

/// A first sync half-way: the videos are listed, and the records of some are staged.
#[test]
fn a_first_sync_shows_what_has_come_and_no_zero_beside_the_rest() {
    let (_dir, folder) = folder(&[]);
    let directory = folder.course_dir(Area::Database, COURSE).unwrap().unwrap();
    std::fs::remove_file(activity_file(&directory)).unwrap();
    Journal::new(COURSE, "COMM 290").save(&folder, &folder.lock().unwrap()).unwrap();
    let views = Views::default();
    let look = || views.course(&folder, COURSE, Tz::UTC).unwrap();
    let of = |course: &super::CourseInView| {
        let here = course.views.videos().iter().map(|video| (video.session_id, video.order)).collect::<Vec<_>>();
        (here, course.waiting.iter().map(|video| video.session_id).collect::<Vec<_>>(), course.records)
    };
    assert_eq!(of(&look()), (vec![], vec![video(1), video(2)], 0));

    // Days that were asked for again are not a whole history.
    stage(&folder, video(1), "2020-11-01", &[1]);
    assert_eq!(of(&look()), (vec![], vec![video(1), video(2)], 0));

    stage(&folder, video(2), "2010-01-01", &[1, 2, 2]);
    assert_eq!(of(&look()), (vec![(video(2), 2)], vec![video(1)], 3));
    assert_eq!(look().figures(DateRange::ALL).rows[0].totals.unique_viewers, 2);
    assert_eq!(look().in_subfolder, [true]);
    assert_eq!(
        look().video(video(1)).unwrap_err().message(),
        "The viewing records of the video `One` are not fetched yet"
    );

    // A sync killed between merging and its journal has left the records in both places: they count once.
    let twice =
        activity(&[(2, 1, "2020-11-23 12:00:00+00:00", 0.0, 80.0), (1, 9, "2020-11-23 12:00:00+00:00", 0.0, 1.0)]);
    std::fs::write(activity_file(&directory), twice).unwrap();
    assert_eq!(of(&look()), (vec![(video(2), 2)], vec![video(1)], 3));

    // A damaged staged file counts as not there.
    let path = Staging::of_course(&folder, COURSE).dir().join(format!("{}.csv", video(2)));
    let text = std::fs::read_to_string(&path).unwrap().replacen("80.0", "99.0", 1);
    std::fs::write(&path, text).unwrap();
    assert_eq!(of(&look()), (vec![], vec![video(1), video(2)], 0));
}

/// A video that is new since the last complete sync, and has only been listed, must not look like a video that nobody
/// watched.
#[test]
fn a_new_video_is_no_zero_before_it_is_fetched() {
    let (_dir, folder) = folder(&[(1, 1, "2020-11-23 12:00:00+00:00", 0.0, 80.0)]);
    let lock = folder.lock().unwrap();
    let fetched =
        FetchedCourse { id: COURSE, name: "COMM 290".to_owned(), last_day: Some("2020-11-30".parse().unwrap()) };
    folder.save_state(&lock, &[fetched]).unwrap();
    let count = || views_of(&folder).views.videos().len();
    assert_eq!(count(), 2, "as the original left it");
    let mut journal = Journal::new(COURSE, "COMM 290");
    let state = VideoState { fetched_through: Some("2020-11-30".parse().unwrap()), ..VideoState::default() };
    journal.videos.insert(video(1), state);
    journal.save(&folder, &lock).unwrap();
    assert_eq!(count(), 2, "no sync of ours has completed");
    journal.last_complete = Some("2020-12-01T08:00:00Z".parse().unwrap());
    journal.save(&folder, &lock).unwrap();
    assert_eq!(count(), 1);
}

fn views_of(folder: &DataFolder) -> Arc<super::CourseInView> {
    Views::default().course(folder, COURSE, Tz::UTC).unwrap()
}

#[test]
fn a_course_that_many_want_at_once_is_read_once() {
    let records: Vec<_> =
        (0..20_000).map(|row| (1, (row % 200) as u8, "2020-11-23 12:00:00+00:00", 0.0, f64::from(row % 90))).collect();
    let (_dir, folder) = folder(&records);
    let (views, begin) = (Views::default(), std::sync::Barrier::new(8));
    let read: Vec<_> = std::thread::scope(|scope| {
        let look = || {
            begin.wait();
            views.course(&folder, COURSE, Tz::UTC).unwrap()
        };
        let looking: Vec<_> = (0..8).map(|_| scope.spawn(look)).collect();
        looking.into_iter().map(|look| look.join().unwrap()).collect()
    });
    assert!(read.iter().all(|course| Arc::ptr_eq(course, &read[0])));
}

#[test]
fn kept_counts_hold_for_the_state_of_the_files_that_they_were_counted_in() {
    let (_dir, folder) = folder(&[(1, 1, "2020-11-23 12:00:00+00:00", 0.0, 80.0)]);
    let counted = Views::default().counts(&folder, COURSE, Tz::UTC, None).unwrap();
    assert_eq!((counted.counts.fetched_videos, counted.counts.waiting_videos, counted.counts.viewers), (2, 0, 1));
    // Numbers that nobody would count show that nothing is read.
    let mut kept = counted;
    kept.counts.viewers = 77;
    let views = Views::default();
    assert_eq!(views.counts(&folder, COURSE, Tz::UTC, Some(kept)).unwrap(), kept);
    let directory = folder.course_dir(Area::Database, COURSE).unwrap().unwrap();
    let more = [(1, 1, "2020-11-23 12:00:00+00:00", 0.0, 80.0), (1, 2, "2020-11-23 12:00:00+00:00", 0.0, 80.0)];
    std::fs::write(activity_file(&directory), activity(&more)).unwrap();
    let again = views.counts(&folder, COURSE, Tz::UTC, Some(kept)).unwrap();
    assert_eq!(again.counts.viewers, 2);
    assert_ne!(again.mark, kept.mark);
    // Kept between runs as text.
    let text = serde_json::to_string(&again).unwrap();
    assert_eq!(serde_json::from_str::<super::MarkedCounts>(&text).unwrap(), again);
}
