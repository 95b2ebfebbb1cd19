//! The sample that people look around in: the courses of the demonstration, the same course a year earlier to compare with,
//! and the dates of their terms.
//!
//! Last year's course has a randomness of its own, so that the others are those of [`World::demo`]. Deliberately absent:
//! where dates are kept. Invariant: the same seed and UTC day give the same sample.

use crate::world::World;
use crate::worlds::demo::{DEMO_COURSES, DemoCourse, exams, term_begin, term_end};
use crate::worlds::named::name_people;
use crate::worlds::topics::LAST_YEAR;
use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use rand::SeedableRng as _;
use rand_chacha::ChaCha12Rng;

/// Added to the seed for the course of last year.
const LAST_YEAR_SEED: u64 = 0x1a57;
/// A year in whole weeks, so that lectures keep their days.
const WEEKS_AGO: i64 = 52;
/// The weeks after the beginning of a term at which its report is due.
const REPORT_WEEKS: i64 = 9;

/// One course of the sample: its name and the ID of its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleCourse {
    /// Its name.
    pub name: String,
    /// The ID of its folder.
    pub id: &'static str,
}

/// A date of a course of the sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleDate {
    /// The ID of the course's folder.
    pub course: &'static str,
    /// `exam` or `deadline`.
    pub kind: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// When it is.
    pub at: DateTime<Utc>,
}

/// The term of a course of the sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleTerm {
    /// The ID of the course's folder.
    pub course: &'static str,
    /// When it begins.
    pub begin: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
}

/// The courses of the sample in the order of their list.
pub fn sample_courses(now: DateTime<Utc>) -> Vec<SampleCourse> {
    let this_year = DEMO_COURSES.map(|DemoCourse { name, folder_id: id }| SampleCourse { name: name.to_owned(), id });
    let last_year = SampleCourse { name: name_of_last_year(now), id: LAST_YEAR.id };
    this_year.into_iter().chain([last_year]).collect()
}

/// The terms of the two courses that are compared.
pub fn sample_terms(now: DateTime<Utc>) -> [SampleTerm; 2] {
    let end = term_end(now);
    [(DEMO_COURSES[0].folder_id, end), (LAST_YEAR.id, end - TimeDelta::weeks(WEEKS_AGO))]
        .map(|(course, end)| SampleTerm { course, begin: term_begin(end), end })
}

/// The exams and the deadline of these terms.
pub fn sample_dates(now: DateTime<Utc>) -> Vec<SampleDate> {
    let of = |term: SampleTerm| {
        let SampleTerm { course, begin, end } = term;
        let [midterm, last] = exams(end);
        [
            SampleDate { course, kind: "exam", name: "Midterm", at: midterm },
            SampleDate {
                course,
                kind: "deadline",
                name: "Field report",
                at: begin + TimeDelta::weeks(REPORT_WEEKS) + TimeDelta::hours(20),
            },
            SampleDate { course, kind: "exam", name: "Final", at: last },
        ]
    };
    sample_terms(now).into_iter().flat_map(of).collect()
}

fn name_of_last_year(now: DateTime<Utc>) -> String {
    let year = (term_end(now) - TimeDelta::weeks(WEEKS_AGO)).year();
    format!("{} ({year})", LAST_YEAR.name)
}

impl World {
    /// The sample: the courses of [`World::demo`], and 35 videos of last year's course, watched by about 100 people.
    pub fn sample(seed: u64, now: DateTime<Utc>) -> Self {
        let mut world = Self::demo(seed, now);
        let mut rng = ChaCha12Rng::seed_from_u64(seed ^ LAST_YEAR_SEED);
        let (captions, people) = (world.captions.len(), world.users.len());
        let end = term_end(now) - TimeDelta::weeks(WEEKS_AGO);
        world.add_course(&LAST_YEAR, &name_of_last_year(now), end, &mut rng);
        name_people(&mut world.users[people..]);
        // What was said last year is not what anybody looks for.
        world.captions.truncate(captions);
        world.views.sort_by_key(|view| view.time);
        world
    }
}
