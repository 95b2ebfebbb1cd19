//! The sample courses of the demonstration: lectures of two terms, and people who watch them.

use crate::world::{CaptionText, CaptionTrack, Folder, Session, User, View, World};
use crate::worlds::habits::{Calendar, Video, Viewer};
use crate::worlds::named::name_people;
use crate::worlds::planted::{places_of, plant};
use crate::worlds::speech::Lecture;
use crate::worlds::topics::{COURSES, Course, NEVER_WATCHED};
use crate::worlds::{demo_user, new_id};
use chrono::{DateTime, TimeDelta, Utc};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

/// A sample course, as Panopto names it.
#[derive(Debug, Clone, Copy)]
pub struct DemoCourse {
    /// The folder's name.
    pub name: &'static str,
    /// The folder's ID.
    pub folder_id: &'static str,
}

/// The sample courses, the same for every seed.
pub const DEMO_COURSES: [DemoCourse; 2] = [
    DemoCourse { name: COURSES[0].name, folder_id: COURSES[0].id },
    DemoCourse { name: COURSES[1].name, folder_id: COURSES[1].id },
];

/// Teaching weeks in a term.
const WEEKS: i64 = 13;
/// How many days before now the term ended.
const DAYS_SINCE_TERM: i64 = 4;

const GIVEN_NAMES: [&str; 12] =
    ["Amara", "Björn", "Chloé", "Dao", "Elif", "Farid", "Grace", "Hinata", "Iñigo", "Jun", "Kofi", "Léa"];
const FAMILY_NAMES: [&str; 12] = [
    "Adeyemi",
    "Brown",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fernández",
    "Gao",
    "Haddad",
    "Ito",
    "Kowalski",
    "Li",
    "Müller",
];

impl World {
    /// The two sample courses [`DEMO_COURSES`]: 65 videos and about 46,000 viewing records over a term that ends a few
    /// days before `now`. The same seed and UTC day give the same courses. One video was never watched.
    pub fn demo(seed: u64, now: DateTime<Utc>) -> Self {
        let mut rng = ChaCha12Rng::seed_from_u64(seed);
        let end = term_end(now);
        let mut world = Self { users: vec![demo_user()], ..Self::default() };
        for course in &COURSES {
            let first = world.users.len();
            world.add_course(course, course.name, end, &mut rng);
            name_people(&mut world.users[first..]);
        }
        world.views.sort_by_key(|view| view.time);
        world
    }

    /// Adds a course whose term ends then, under this name.
    pub(super) fn add_course(
        &mut self,
        course: &'static Course,
        name: &str,
        end: DateTime<Utc>,
        rng: &mut ChaCha12Rng,
    ) {
        let creator = self.users.first().map(|user| user.id);
        let root = Uuid::try_parse(course.id).unwrap_or_default();
        let lectures = new_id(rng);
        let extras = new_id(rng);
        let folder = |id, name: &str, parent| Folder { creator, ..Folder::new(id, name, parent) };
        self.folders.push(Folder { description: Some(course.description.to_owned()), ..folder(root, name, None) });
        self.folders.push(folder(lectures, "Lectures", Some(root)));
        self.folders.push(folder(extras, "Labs, tutorials & more", Some(root)));
        let begin = term_begin(end);
        let weeks: Vec<Uuid> = (1..=WEEKS)
            .map(|week| {
                let id = new_id(rng);
                self.folders.push(folder(id, &format!("Week {week:02}"), Some(lectures)));
                id
            })
            .collect();

        let mut videos = Vec::new();
        let lecture_titles = course.lectures.iter().enumerate().map(|(number, title)| {
            let per_week = course.weekdays.len();
            let week = (number / per_week).min(weeks.len() - 1);
            let day = course.weekdays[number % per_week];
            (week.cast_signed() as i64, day, weeks[week], format!("Lecture {:02}: {title}", number + 1))
        });
        let extra_titles = course.extras.iter().enumerate().map(|(number, title)| {
            let week = [1, WEEKS - 2, 4][number % 3];
            (week, 3, extras, (*title).to_owned())
        });
        for (week, day, folder, name) in lecture_titles.chain(extra_titles) {
            let recorded = begin
                + TimeDelta::weeks(week)
                + TimeDelta::days(day)
                + TimeDelta::minutes(17 * 60 + rng.random_range(0..6));
            let minutes = if folder == extras { rng.random_range(10.0..28.0) } else { lecture_minutes(rng) };
            let duration_secs = (minutes * 60_000.0_f64).round() / 1000.0;
            let session = Session {
                id: new_id(rng),
                folder,
                description: rng
                    .random_bool(0.15)
                    .then(|| format!("Slides, and more on “{name}”, are on the course page.")),
                name,
                duration: Some(duration_secs),
                start_time: Some(recorded),
                creator,
            };
            if session.name != NEVER_WATCHED {
                let hard_part = rng.random_range(0.15..0.8);
                let draw = rng.random_range(0.82..1.12);
                let title = session.name.split_once(": ").map_or("", |(_, title)| title);
                let places = places_of(title);
                videos.push(Video { session: session.id, duration_secs, recorded, week, hard_part, draw, places });
            }
            self.captions.extend(captions(course, &session));
            self.sessions.push(session);
        }
        let calendar = Calendar { exams: exams(end), end: end - TimeDelta::hours(4) };
        self.add_viewers(course, &videos, &calendar, rng);
    }

    fn add_viewers(&mut self, course: &Course, videos: &[Video], calendar: &Calendar, rng: &mut ChaCha12Rng) {
        let mut views: Vec<View> = Vec::new();
        for number in 0..course.viewers + course.anonymous {
            let id = new_id(rng);
            let anonymous = number >= course.viewers;
            if !anonymous {
                let given = GIVEN_NAMES[rng.random_range(0..GIVEN_NAMES.len())];
                let family = FAMILY_NAMES[rng.random_range(0..FAMILY_NAMES.len())];
                let username = format!("unified\\{}{}", family.to_lowercase(), self.users.len());
                self.users.push(User { id, username, name: format!("{given} {family}"), ..User::default() });
            }
            let viewer = Viewer::new(id, anonymous, rng);
            for video in videos {
                viewer.watch(video, calendar, &mut views, rng);
            }
        }
        for video in videos.iter().filter(|video| !video.places.is_empty()) {
            plant(&mut views, video.session, video.duration_secs, video.places);
        }
        // No sitting lasts beyond the day on which the term ends.
        views.retain(|view| view.time < calendar.end);
        self.views.append(&mut views);
    }
}

/// The moment at which the term ends that is over a few days before `now`.
pub(super) fn term_end(now: DateTime<Utc>) -> DateTime<Utc> {
    now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::days(DAYS_SINCE_TERM)
}

/// The moment at which a term begins that ends then.
pub(super) fn term_begin(end: DateTime<Utc>) -> DateTime<Utc> {
    end - TimeDelta::weeks(WEEKS)
}

/// Midterm and final of a term that ends then.
pub(super) fn exams(end: DateTime<Utc>) -> [DateTime<Utc>; 2] {
    [term_begin(end) + TimeDelta::weeks(6) + TimeDelta::hours(20), end - TimeDelta::hours(6)]
}

/// What is said in a video. The students' own talks and the microphone test have no captions, and one tutorial has them in
/// a language of its own.
fn captions(course: &'static Course, session: &Session) -> Option<CaptionTrack> {
    if session.name == NEVER_WATCHED || session.name.contains("Student projects") {
        return None;
    }
    let language = if session.name.starts_with("Tutorial") { "English_GBR" } else { "English_USA" };
    let lecture = Lecture { subject: &course.subject, seed: session.id.as_u64_pair().1 };
    Some(CaptionTrack { session: session.id, language: language.to_owned(), text: CaptionText::Lecture(lecture) })
}

/// Lectures last 45 to 80 minutes; some videos are short clips.
fn lecture_minutes(rng: &mut ChaCha12Rng) -> f64 {
    if rng.random_bool(0.2) { rng.random_range(10.0..30.0) } else { rng.random_range(45.0..80.0) }
}
