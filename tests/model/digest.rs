//! The digest: for each rule a course in which it speaks, and one just beside it in which it is silent.

use chrono_tz::Tz;
use model::{
    CourseDate, CourseFigures, CourseViews, DateKind, DateRange, Day, Digest, DigestEvidence, DigestOf, DigestRule,
    Run, VideoMoments, When, flags, moments,
};

use crate::oracle;

/// The last day with data.
const THROUGH: i32 = 20_000;

struct Term {
    runs: Vec<Run>,
    videos: Vec<i32>,
    dates: Vec<CourseDate>,
    today: i32,
}

impl Term {
    fn new(videos: &[i32]) -> Self {
        Self { runs: Vec::new(), videos: videos.to_vec(), dates: Vec::new(), today: THROUGH + 1 }
    }

    /// So many viewers play a video from the start, on a day before the end of the data.
    fn watched(mut self, video: u32, viewers: u32, days_ago: i32, stop_secs: f64) -> Self {
        let run = |viewer| Run { video, viewer, day: Day::new(THROUGH - days_ago), start_secs: 0.0, stop_secs };
        self.runs.extend((0..viewers).map(run));
        self
    }

    fn date(mut self, kind: DateKind, days: i32) -> Self {
        let day = Day::new(THROUGH + days);
        let when = When::Days(DateRange::between(day, day));
        self.dates.push(CourseDate {
            number: 7,
            kind,
            name: "Midterm".to_owned(),
            when,
            videos: Vec::new(),
            source: None,
        });
        self
    }

    fn digest(self) -> Digest {
        let videos = self.videos.iter().enumerate().map(|(index, secs)| oracle::video(index, Some(*secs))).collect();
        let views = CourseViews::new(videos, self.runs);
        let (through, today) = (Day::new(THROUGH), Day::new(self.today));
        let wanted = (0..views.videos().len()).filter(|video| Digest::wants_moments(&views, *video, through, today));
        let found: Vec<(usize, VideoMoments)> =
            wanted.map(|video| (video, moments(&views, video, DateRange::ALL))).collect();
        Digest::new(DigestOf {
            views: &views,
            figures: &CourseFigures::new(&views, DateRange::ALL),
            moments: &found,
            flags: &flags(&self.dates, &views, Tz::UTC),
            through,
            today,
        })
    }

    fn rules(self) -> Vec<DigestRule> {
        self.digest().entries().iter().map(|entry| entry.rule).collect()
    }
}

#[test]
fn old_data_say_nothing() {
    let news = || Term::new(&[200]).watched(0, 12, 20, 200.0).date(DateKind::Exam, 3);
    assert_eq!(news().rules(), [DigestRule::BeforeExam]);
    let old = Term { today: THROUGH + 8, ..news() };
    let is_silent = |through: Option<i32>, today: i32, viewers: u32| {
        Digest::is_silent(through.map(Day::new), Day::new(today), viewers)
    };
    assert!(is_silent(Some(THROUGH), THROUGH + 8, 12) && is_silent(None, THROUGH, 12));
    assert!(!is_silent(Some(THROUGH), THROUGH + 7, 10) && is_silent(Some(THROUGH), THROUGH + 7, 9));
    let digest = old.digest();
    assert_eq!((&digest, digest.entries().len()), (&Digest::OldData(Day::new(THROUGH)), 0));
    assert!(digest.nothing().unwrap().starts_with("The data end with "));
    assert_eq!(Term { today: THROUGH + 7, ..news() }.rules(), [DigestRule::BeforeExam]);
}

#[test]
fn a_near_exam_says_how_far_people_are_and_a_distant_one_or_a_lecture_nothing() {
    let course = |kind, days, viewers| Term::new(&[200]).watched(0, viewers, 20, 200.0).date(kind, days);
    let digest = course(DateKind::Exam, 5, 12).digest();
    let told = &digest.entries()[0];
    assert!(
        told.sentence
            .ends_with("is near: so far 100.0 % of 12 viewers have covered at least 75 % of its 1 video together"),
        "{told:?}"
    );
    assert_eq!(told.evidence, DigestEvidence::Date(7));
    for silent in [course(DateKind::Exam, 9, 12), course(DateKind::Lecture, 5, 12), course(DateKind::Exam, 5, 9)] {
        assert_eq!(silent.rules(), []);
    }
}

#[test]
fn a_date_that_has_passed_says_how_far_people_were_for_a_week() {
    let course = |kind, days| Term::new(&[200]).watched(0, 12, 20, 200.0).date(kind, days);
    for days in [-1, -6] {
        let digest = course(DateKind::Deadline, days).digest();
        assert_eq!(digest.entries()[0].rule, DigestRule::AfterDate);
        assert!(digest.entries()[0].sentence.contains("had covered at least 75 % of them together"));
    }
    assert_eq!(course(DateKind::Deadline, -8).rules(), []);
}

/// Forty viewers: so many stop at the middle, the others play to the end.
fn leaving(leavers: u32, days_ago: i32) -> Term {
    let mut course = Term::new(&[1800]);
    for viewer in 0..40 {
        let stop_secs = if viewer < leavers { 900.0 + f64::from(viewer % 3) } else { 1800.0 };
        course.runs.push(Run { video: 0, viewer, day: Day::new(THROUGH - days_ago), start_secs: 0.0, stop_secs });
    }
    course
}

#[test]
fn many_who_leave_at_one_place_are_told_and_few_or_old_ones_are_not() {
    let digest = leaving(16, 3).digest();
    let told = &digest.entries()[0];
    assert_eq!(told.rule, DigestRule::ManyLeave);
    assert!(told.sentence.starts_with("16 of 40 viewers leave Video 0 at 0:1"), "{told:?}");
    assert!(matches!(told.evidence, DigestEvidence::Place(0, secs) if (880.0..920.0).contains(&secs)), "{told:?}");
    assert_eq!(leaving(8, 3).rules(), [], "a fifth is a moment and no news");
    assert_eq!(leaving(16, 15).rules(), [], "nobody has watched it for two weeks");
}

/// Forty viewers play to the end; so many play a minute of the middle again.
fn again(returning: u32) -> Term {
    let mut course = Term::new(&[1800]).watched(0, 40, 3, 1800.0);
    for viewer in 0..returning {
        let (start_secs, stop_secs) = (900.0 + f64::from(viewer % 3), 960.0);
        course.runs.push(Run { video: 0, viewer, day: Day::new(THROUGH - 2), start_secs, stop_secs });
    }
    course
}

#[test]
fn strong_watching_again_is_told_and_weak_is_not() {
    let digest = again(16).digest();
    assert_eq!(digest.entries()[0].rule, DigestRule::WatchedAgain);
    assert!(digest.entries()[0].sentence.starts_with("16 of 40 viewers watch Video 0 again at 0:1"), "{digest:?}");
    assert_eq!(again(8).rules(), []);
}

/// Five videos that four fifths of twenty viewers cover, and a new one that so many cover.
fn unusual(covering: u32, days_ago: i32) -> Term {
    let mut course = Term::new(&[200; 6]);
    for video in 0..5 {
        course = course.watched(video, 16, 60, 200.0);
        for viewer in 16..20 {
            course.runs.push(Run { video, viewer, day: Day::new(THROUGH - 60), start_secs: 0.0, stop_secs: 9.0 });
        }
    }
    for viewer in 0..20 {
        let stop_secs = if viewer < covering { 200.0 } else { 9.0 + f64::from(viewer) * 4.0 };
        course.runs.push(Run { video: 5, viewer, day: Day::new(THROUGH - days_ago), start_secs: 0.0, stop_secs });
    }
    course
}

#[test]
fn a_new_video_that_few_cover_is_told_after_a_week() {
    let of = |course: Term| course.rules().contains(&DigestRule::OutOfTheUsual);
    let digest = unusual(6, 8).digest();
    let told = digest.entries().iter().find(|entry| entry.rule == DigestRule::OutOfTheUsual).unwrap();
    assert_eq!(
        told.sentence,
        "Video 5: 6 of 20 viewers have covered at least 75 %, –50.0 points against the 80.0 % that are usual at its length"
    );
    assert!(of(unusual(12, 8)) && !of(unusual(13, 8)), "20 points below speak, 15 do not");
    assert!(!of(unusual(6, 6)), "most are not through in the first week");
    assert!(!of(unusual(6, 22)), "it is no longer new");
}

#[test]
fn a_video_that_was_passed_over_is_told_and_one_that_is_to_come_is_not() {
    let digest = Term::new(&[200; 3]).watched(0, 12, 20, 200.0).watched(2, 12, 20, 200.0).digest();
    let told: Vec<&str> = digest.entries().iter().map(|entry| entry.sentence.as_str()).collect();
    assert_eq!(told, ["Nobody has opened Video 1, though Video 2 has 12 viewers"]);
    assert_eq!(digest.entries()[0].evidence, DigestEvidence::Video(1));
    assert_eq!(Term::new(&[200; 3]).watched(0, 12, 20, 200.0).rules(), []);
    assert_eq!(Term::new(&[200; 2]).watched(1, 9, 20, 200.0).rules(), []);
    assert_eq!(Term::new(&[200; 2]).digest().nothing().as_deref(), Some("Nothing is new"));
}

#[test]
fn a_video_is_compared_with_those_of_its_length_and_with_all_where_these_are_few() {
    let mut course = Term::new(&[100, 100, 100, 100, 100, 120, 400, 400]);
    for video in 0..8u32 {
        // Of ten viewers so many cover it: fewer of the long ones.
        let covering = if video < 6 { 8 } else { 3 };
        let length = f64::from(course.videos[video as usize]);
        for viewer in 0..10 {
            let stop_secs = if viewer < covering { length } else { 1.0 };
            course.runs.push(Run { video, viewer, day: Day::new(1), start_secs: 0.0, stop_secs });
        }
    }
    let videos = course.videos.iter().enumerate().map(|(index, secs)| oracle::video(index, Some(*secs))).collect();
    let figures = CourseFigures::new(&CourseViews::new(videos, course.runs), DateRange::ALL);
    let short = figures.covered_compared(0).unwrap();
    assert_eq!((short.usual_percent, short.difference, short.others, short.are_similar), (80.0, 0.0, 5, true));
    let long = figures.covered_compared(6).unwrap();
    assert_eq!((long.usual_percent, long.difference, long.others, long.are_similar), (80.0, -50.0, 7, false));
    let few = CourseFigures::new(&CourseViews::new(vec![oracle::video(0, Some(200))], Vec::new()), DateRange::ALL);
    assert_eq!(few.covered_compared(0), None);
}
