//! What is new in a course: a few sentences, each with its number, what that is compared with, and where to see it.
//!
//! Each rule has a threshold; `docs/figures.md` lists them. A rule that finds nothing says nothing, and old data say
//! nothing at all, because what was new a month ago is no news. Deliberately absent: what to do about it, and anything
//! about single people.
//!
//! Invariants: no sentence without evidence; no sentence about fewer than ten people.

use serde::{Serialize, Serializer};

use crate::dates::{BeforeDate, Flag, ReadOut};
use crate::figures::CourseFigures;
use crate::line::listed_name;
use crate::words::{clock, count, counted, day_year, percent, points, viewers};
use crate::{CourseViews, DateRange, Day, MomentKind, VideoMoments, Word};

/// Data older than this say nothing.
const OLDEST_DATA_DAYS: i32 = 7;
/// How many days before or after the end of the data an exam or deadline is news.
const NEAR_DAYS: i32 = 7;
/// How many days a video is news: for moments after its last viewing, for its coverage after its first.
const NEWS_DAYS: i32 = 14;
/// The fewest people that a sentence can be about.
const LEAST_PEOPLE: u32 = 10;
/// The share of the possible people that makes leaving or watching again news.
const LEAST_SHARE_PERCENT: f64 = 25.0;
/// A video whose share who covered 75 % is this many points below the usual share is out of the usual.
const LEAST_POINTS_BELOW: f64 = 20.0;
/// Coverage needs a week; before that, most viewers are not through.
const COVERAGE_DAYS: i32 = 7;

/// A rule of the digest, in the order in which the rules speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DigestRule {
    /// An exam or a deadline is near, and how far people are.
    BeforeExam,
    /// A date has passed, and how far people were.
    AfterDate,
    /// Many leave a video at one place.
    ManyLeave,
    /// Many watch one place again.
    WatchedAgain,
    /// Fewer people cover a video than other videos of its length.
    OutOfTheUsual,
    /// Nobody has opened a video, though a later one is watched.
    Unopened,
}

impl Word for DigestRule {
    const ALL: &'static [Self] =
        &[Self::BeforeExam, Self::AfterDate, Self::ManyLeave, Self::WatchedAgain, Self::OutOfTheUsual, Self::Unopened];

    fn as_str(self) -> &'static str {
        match self {
            Self::BeforeExam => "before-exam",
            Self::AfterDate => "after-date",
            Self::ManyLeave => "many-leave",
            Self::WatchedAgain => "watched-again",
            Self::OutOfTheUsual => "out-of-the-usual",
            Self::Unopened => "unopened",
        }
    }
}

/// Its word.
impl Serialize for DigestRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Where to see what a sentence says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DigestEvidence {
    /// A video, by its place in [`CourseViews::videos`].
    Video(usize),
    /// A place of a video, in seconds.
    Place(usize, f64),
    /// A date of the course, by its number.
    Date(u32),
}

/// One sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestEntry {
    /// The rule that speaks.
    pub rule: DigestRule,
    /// What it says, without a full stop.
    pub sentence: String,
    /// Where to see it.
    pub evidence: DigestEvidence,
}

/// What is new in a course.
#[derive(Debug, Clone, PartialEq)]
pub enum Digest {
    /// The data are too old for news; they end with this day.
    OldData(Day),
    /// The sentences, the most important first; often none.
    News(Vec<DigestEntry>),
}

/// What the digest of a course is made from.
#[derive(Debug, Clone, Copy)]
pub struct DigestOf<'a> {
    /// The viewing.
    pub views: &'a CourseViews,
    /// The figures over all dates.
    pub figures: &'a CourseFigures,
    /// The moments over all dates of the videos that [`Digest::wants_moments`] names, in the order of the videos.
    pub moments: &'a [(usize, VideoMoments)],
    /// The dates, in the order of time.
    pub flags: &'a [Flag],
    /// The last day for which everything is fetched.
    pub through: Day,
    /// Today.
    pub today: Day,
}

impl Digest {
    /// What is new.
    pub fn new(of: DigestOf<'_>) -> Self {
        if is_old(of.through, of.today) {
            return Self::OldData(of.through);
        }
        let mut news = of.dates();
        news.extend(of.moments());
        news.extend(of.out_of_the_usual());
        news.extend(of.unopened());
        news.sort_by_key(|entry| entry.rule);
        Self::News(news)
    }

    /// Whether nothing can be new, whatever was watched: of data that end with this day, in a course with so many viewers.
    /// Says it without looking at a single run.
    pub fn is_silent(through: Option<Day>, today: Day, viewers: u32) -> bool {
        viewers < LEAST_PEOPLE || through.is_none_or(|through| is_old(through, today))
    }

    /// Whether moments of a video can be news: of old data never, and of a video only while people watch it.
    ///
    /// # Panics
    /// If there is no such video.
    pub fn wants_moments(views: &CourseViews, video: usize, through: Day, today: Day) -> bool {
        let last = views.video_days(video).map(DateRange::last);
        !is_old(through, today) && last.is_some_and(|last| days_between(last, through) <= NEWS_DAYS)
    }

    /// The sentences; none if the data are old.
    pub fn entries(&self) -> &[DigestEntry] {
        match self {
            Self::OldData(_) => &[],
            Self::News(entries) => entries,
        }
    }
}

impl DigestOf<'_> {
    fn name(&self, video: usize) -> String {
        listed_name(&self.views.videos()[video].name)
    }

    /// How far people are before a date that is near, and how far they were before one that has just passed.
    fn dates(&self) -> Vec<DigestEntry> {
        let mut found = Vec::new();
        for flag in self.flags.iter().filter(|flag| flag.kind.is_due()) {
            let ReadOut::Counted(before) = BeforeDate::of(self.views, flag, Some(self.through)) else { continue };
            let away = days_between(self.through, flag.cutoff().last_day_before());
            if before.viewers < LEAST_PEOPLE || away.abs() > NEAR_DAYS {
                continue;
            }
            let (rule, sentence) = if before.has_passed {
                (DigestRule::AfterDate, format!("{}: {}", flag.text(), before.sentence()))
            } else {
                let Some(covered) = before.covered_percent.value() else { continue };
                let sentence = format!(
                    "{} is near: so far {} of {} have covered at least 75 % of its {} together",
                    flag.text(),
                    percent(covered),
                    viewers(before.viewers.into()),
                    counted(before.videos.into(), "video", "videos"),
                );
                (DigestRule::BeforeExam, sentence)
            };
            found.push(DigestEntry { rule, sentence, evidence: DigestEvidence::Date(flag.number) });
        }
        found
    }

    /// Strong moments in videos that people are watching now.
    fn moments(&self) -> Vec<DigestEntry> {
        let mut found = Vec::new();
        for (video, moments) in self.moments {
            let video = *video;
            for moment in moments.found() {
                let share = f64::from(moment.people) / f64::from(moment.of_people.max(1)) * 100.0;
                if share < LEAST_SHARE_PERCENT || moment.people < LEAST_PEOPLE {
                    continue;
                }
                let (people, of) = (count(moment.people.into()), viewers(moment.of_people.into()));
                let (name, place) = (self.name(video), clock(moment.start_secs));
                let (rule, sentence) = match moment.kind {
                    MomentKind::Left => (DigestRule::ManyLeave, format!("{people} of {of} leave {name} at {place}")),
                    MomentKind::WatchedAgain => {
                        (DigestRule::WatchedAgain, format!("{people} of {of} watch {name} again at {place}"))
                    }
                    MomentKind::Skipped | MomentKind::JumpedTo | MomentKind::SlowedDown => continue,
                };
                found.push(DigestEntry { rule, sentence, evidence: DigestEvidence::Place(video, moment.start_secs) });
            }
        }
        found
    }

    /// New videos that fewer people cover than other videos of their length.
    fn out_of_the_usual(&self) -> Vec<DigestEntry> {
        let mut found = Vec::new();
        for (video, row) in self.figures.rows.iter().enumerate() {
            let Some(days) = self.views.video_days(video) else { continue };
            let age = days_between(days.first(), self.through);
            let compared = self.figures.covered_compared(video);
            let Some((usual, below)) = compared.map(|compared| (compared.usual_percent, -compared.difference)) else {
                continue;
            };
            let is_new = (COVERAGE_DAYS..=COVERAGE_DAYS + NEWS_DAYS).contains(&age);
            if is_new && row.totals.unique_viewers >= LEAST_PEOPLE && below >= LEAST_POINTS_BELOW {
                let sentence = format!(
                    "{}: {} of {} have covered at least 75 %, {} against the {} that are usual at its length",
                    self.name(video),
                    count(row.totals.covered_viewers.into()),
                    viewers(row.totals.unique_viewers.into()),
                    points(-below),
                    percent(usual),
                );
                let evidence = DigestEvidence::Video(video);
                found.push(DigestEntry { rule: DigestRule::OutOfTheUsual, sentence, evidence });
            }
        }
        found
    }

    /// Videos that nobody has opened, though a later one has enough viewers.
    fn unopened(&self) -> Vec<DigestEntry> {
        let rows = &self.figures.rows;
        let later = |order: u32| {
            let watched = rows.iter().enumerate().filter(|(_, row)| row.totals.unique_viewers >= LEAST_PEOPLE);
            watched.filter(|(_, row)| row.order > order).min_by_key(|(_, row)| row.order)
        };
        let unopened = rows.iter().enumerate().filter(|(_, row)| row.totals.unique_viewers == 0);
        unopened
            .filter_map(|(video, row)| {
                let (next, watched) = later(row.order)?;
                let others = viewers(watched.totals.unique_viewers.into());
                Some(DigestEntry {
                    rule: DigestRule::Unopened,
                    sentence: format!(
                        "Nobody has opened {}, though {} has {others}",
                        self.name(video),
                        self.name(next)
                    ),
                    evidence: DigestEvidence::Video(video),
                })
            })
            .collect()
    }
}

fn is_old(through: Day, today: Day) -> bool {
    days_between(through, today) > OLDEST_DATA_DAYS
}

fn days_between(earlier: Day, later: Day) -> i32 {
    later.days_since_1970() - earlier.days_since_1970()
}

impl Digest {
    /// Why there is nothing to say, if there is nothing.
    pub fn nothing(&self) -> Option<String> {
        match self {
            Self::OldData(through) => Some(format!("The data end with {}; sync for news", day_year(*through))),
            Self::News(entries) if entries.is_empty() => Some("Nothing is new".to_owned()),
            Self::News(_) => None,
        }
    }
}
