//! What each figure is called and what it counts, in words, for the "What is this?" beside it.
//!
//! `docs/figures.md` holds the same sentences with their reasons; a test keeps the two together. Deliberately absent: the
//! numbers. Those of a video as a whole, and where each is shown, are in `of_video.rs`.

use serde::{Deserialize, Serialize};

use super::about::{About, PARTS, PLAYED, UNSEEN};
use super::{beside, of_people};

/// A figure that is shown to people. Its serialised word is also the key of its column in the window's table, and the
/// table remembers its sort order by that key: a word once written never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "figure.ts"))]
#[serde(rename_all = "camelCase")]
pub enum Figure {
    /// How many videos the course has.
    Videos,
    /// Distinct viewers of a video.
    #[serde(rename = "viewers")]
    UniqueViewers,
    /// Distinct viewers of a course.
    CourseViewers,
    /// Distinct viewers on a day.
    ViewersPerDay,
    /// Length of a video.
    Duration,
    /// Time watched of a video or course.
    WatchTime,
    /// Viewers who covered at least 75 % of a video.
    #[serde(rename = "covered")]
    CoveredViewers,
    /// Their share of the viewers.
    #[serde(rename = "coveredShare")]
    CoveredPercent,
    /// Median coverage of a video.
    #[serde(rename = "typical")]
    TypicalPercent,
    /// Share of the watch time that is replays.
    WatchedAgain,
    /// First day with viewing, whatever dates are chosen.
    FirstViewed,
    /// Last day with viewing.
    LastViewed,
    /// Viewers who watched some of a part.
    ChunkReached,
    /// Viewers who covered at least 75 % of a part.
    ChunkCovered,
    /// Time spent in a part per viewer who reached it.
    ChunkAverageTime,
    /// Share of a video's viewers who reached a part.
    ChunkReachedPercent,
    /// Share of a video's viewers who covered at least 75 % of a part.
    ChunkCoveredPercent,
    /// Time per viewer in a part, in lengths of the part.
    ChunkRewatched,
    /// Share of the time spent in a part that went into playing it again.
    ChunkPlayedAgain,
    /// Share who reached a part, minus what is usual in the course.
    ChunkComparedWithCourse,
    /// Viewers who reached a second of a video.
    SecondReached,
    /// Plays of a second after each viewer's first.
    SecondPlayedAgain,
    /// The share of viewers that other videos of the course have at the same place.
    SecondUsual,
    /// Stretches of a video that deserve a look.
    Moments,
    /// Viewers who had covered at least 75 % of a video before it was due.
    OnTime,
    /// How the watch time before an exam or deadline was spread.
    WatchTimeBefore,
    /// Viewers who had covered the videos of an exam or deadline before it.
    CoveredBefore,
    /// In how many of its weeks a video was watched.
    WeeksActive,
    /// How many days passed until a video was covered.
    DaysUntilWatched,
    /// The share who covered a video, less that of its pair in another term.
    DifferenceOfTerms,
    /// The share who covered the pair of a video in another term.
    OtherTermPercent,
    /// The share who reached a part, less that of the pair in another term.
    ChunkDifferenceOfTerms,
    /// How the pair of a video in another term was watched, place by place.
    OtherTermOutline,
    /// How many would have reached a part as it is usual in the course.
    ChunkUsual,
    /// The share who covered a video that is usual at its length.
    UsualPercent,
    /// The share who covered a video, less what is usual at its length.
    DifferenceFromUsual,
    /// The sentences about what is new.
    WhatIsNew,
    /// How much of a video one person covered.
    PersonCoverage,
    /// The percentage that Panopto shows for a person.
    PanoptoPercent,
    /// How often a person sat down to a video.
    Sittings,
    /// Of the videos that were due, how many a person had covered by then.
    PersonOnTime,
    /// People of whom no viewing of a video is recorded.
    NotOpened,
    /// People who were seen before, not lately, and have videos left to cover.
    Behind,
    /// The videos with the most viewers.
    TopByViewers,
    /// The videos with the largest share of viewers who covered at least 75 %.
    TopByCoveredPercent,
}

impl Figure {
    /// All figures, in the order of the documentation.
    pub const ALL: [Self; 45] = [
        Self::Videos,
        Self::UniqueViewers,
        Self::CourseViewers,
        Self::ViewersPerDay,
        Self::Duration,
        Self::WatchTime,
        Self::CoveredViewers,
        Self::CoveredPercent,
        Self::TypicalPercent,
        Self::WatchedAgain,
        Self::FirstViewed,
        Self::LastViewed,
        Self::ChunkReached,
        Self::ChunkCovered,
        Self::ChunkAverageTime,
        Self::ChunkReachedPercent,
        Self::ChunkCoveredPercent,
        Self::ChunkRewatched,
        Self::ChunkPlayedAgain,
        Self::ChunkComparedWithCourse,
        Self::SecondReached,
        Self::SecondPlayedAgain,
        Self::SecondUsual,
        Self::Moments,
        Self::OnTime,
        Self::WatchTimeBefore,
        Self::CoveredBefore,
        Self::WeeksActive,
        Self::DaysUntilWatched,
        Self::DifferenceOfTerms,
        Self::OtherTermPercent,
        Self::ChunkDifferenceOfTerms,
        Self::OtherTermOutline,
        Self::ChunkUsual,
        Self::UsualPercent,
        Self::DifferenceFromUsual,
        Self::WhatIsNew,
        Self::PersonCoverage,
        Self::PanoptoPercent,
        Self::Sittings,
        Self::PersonOnTime,
        Self::NotOpened,
        Self::Behind,
        Self::TopByViewers,
        Self::TopByCoveredPercent,
    ];

    /// The name people see, in sentence case.
    pub const fn name(self) -> &'static str {
        self.about().name
    }

    /// What it counts: the formula in words.
    pub const fn definition(self) -> &'static str {
        self.about().counts
    }

    /// What it cannot tell, if a reader may take it for something else.
    pub const fn caveat(self) -> Option<&'static str> {
        self.about().cannot_tell
    }

    /// Whether the chosen date range changes it.
    pub const fn follows_dates(self) -> bool {
        self.about().follows_dates
    }

    #[allow(clippy::too_many_lines, reason = "a table: one entry for each figure")]
    const fn about(self) -> About {
        match self {
            Self::Videos => About {
                name: "Videos",
                counts: "Videos in the course's Panopto folder and all its subfolders at the last sync, watched or not. The \
             date range does not change it.",
                cannot_tell: None,
                follows_dates: false,
            },
            Self::UniqueViewers => About {
                name: "Unique viewers",
                counts: "Different people with at least one viewing record of this video in the date range. Somebody who \
             watched on five days counts once. Anonymous viewers count once per browser.",
                cannot_tell: Some(UNSEEN),
                follows_dates: true,
            },
            Self::CourseViewers => About {
                name: "Viewers of the course",
                counts: "Different people with at least one viewing record of any video of the course in the date range. \
             Somebody who watched ten videos counts once, so this is less than the sum over the videos.",
                cannot_tell: Some(UNSEEN),
                follows_dates: true,
            },
            Self::ViewersPerDay => About {
                name: "Viewers across time",
                counts: "For each day, in the reporting time zone: different people with at least one viewing record on it. \
             Somebody who came on three days counts on each of them. In the window the chart shows all dates, \
             with the chosen date range marked.",
                cannot_tell: Some(UNSEEN),
                follows_dates: true,
            },
            Self::Duration => About {
                name: "Duration",
                counts: "Length of the video as Panopto gives it, rounded to the second. The date range does not change it.",
                cannot_tell: None,
                follows_dates: false,
            },
            Self::WatchTime => About {
                name: "Watch time",
                counts: "Seconds of video played, added up over all viewers in the date range. What is watched again counts \
             again. What Panopto reports before the start or past the end of the video does not count. Playing at \
             double speed counts the seconds of video, not of the clock.",
                cannot_tell: Some(PLAYED),
                follows_dates: true,
            },
            Self::CoveredViewers => About {
                name: "Covered at least 75 % of the video",
                counts: "Viewers whose coverage is at least 75 % of the video. A viewer's coverage is every part of the video \
             they played at least once in the date range, all days together; what was played twice counts once. \
             If the date range begins after the video's first viewing, what was played earlier is missing from \
             it.",
                cannot_tell: Some(PARTS),
                follows_dates: true,
            },
            Self::CoveredPercent => About {
                name: "Share who covered at least 75 % of the video",
                counts: "Viewers who covered at least 75 % of the video, divided by its unique viewers, both in the date \
             range. With fewer than 5 viewers no share is given: one person would move it by more than 20 points.",
                cannot_tell: Some(PARTS),
                follows_dates: true,
            },
            Self::TypicalPercent => About {
                name: "Typical viewer covered",
                counts: "The middle viewer: half of the viewers covered at least this share of the video in the date range, \
             half at most this (the median; of an even number, the mean of the two in the middle). With fewer \
             than 5 viewers no median is given.",
                cannot_tell: Some(PARTS),
                follows_dates: true,
            },
            Self::WatchedAgain => About {
                name: "Watched again",
                counts: "The share of the watch time in the date range that is replays: every time a viewer played a part they had \
                     already played in the date range. 0 % means that nobody played any part twice, 50 % that half of the \
                     watch time went into parts seen before.",
                cannot_tell: Some(
                    "Says how much was played again, not why: because it was hard to follow, or worth hearing twice",
                ),
                follows_dates: true,
            },
            Self::FirstViewed => About {
                name: "First viewed",
                counts: "The day of the first viewing record of this video, in the reporting time zone. The date range does not \
                     change it.",
                cannot_tell: Some(
                    "Is not the day on which the video was published: somebody may have found it late, and older records may \
                     have been deleted in Panopto",
                ),
                follows_dates: false,
            },
            Self::LastViewed => About {
                name: "Last viewed",
                counts: "The last day in the date range with a viewing record of this video, in the reporting time zone.",
                cannot_tell: None,
                follows_dates: true,
            },
            Self::ChunkReached => About {
                name: "Reached the part",
                counts: "Each video has 20 parts of equal length. These are the viewers who played some of the part, however \
             little, in the date range. Touching its border is not enough.",
                cannot_tell: Some(PARTS),
                follows_dates: true,
            },
            Self::ChunkCovered => About {
                name: "Covered at least 75 % of the part",
                counts: "Viewers who played at least 75 % of the part in the date range, all days together; what was played \
             twice counts once. The dataset for Tableau judges each day by itself, so its numbers can be smaller.",
                cannot_tell: Some(PARTS),
                follows_dates: true,
            },
            Self::ChunkAverageTime => About {
                name: "Average time per viewer",
                counts: "Seconds of video played within the part in the date range, repeats counted, divided by the viewers \
             who reached the part. More than the part's length means that it was watched again. 0 where nobody \
             reached it.",
                cannot_tell: Some(PLAYED),
                follows_dates: true,
            },
            Self::ChunkReachedPercent => About {
                name: "Share who reached the part",
                counts: "Viewers who played some of the part, divided by the unique viewers of the video, both in the date \
             range. With fewer than 5 viewers no share is given.",
                cannot_tell: None,
                follows_dates: true,
            },
            Self::ChunkCoveredPercent => About {
                name: "Share who covered at least 75 % of the part",
                counts: "Viewers who played at least 75 % of the part, divided by the unique viewers of the video, both in \
             the date range. With fewer than 5 viewers no share is given.",
                cannot_tell: None,
                follows_dates: true,
            },
            Self::ChunkRewatched => About {
                name: "Times watched by a viewer who reached the part",
                counts: "Average time per viewer who reached the part, divided by the part's length: 1 means played once in \
             full, 2 twice, 0.5 half of it. None where nobody reached it, or the video has fewer than 5 viewers.",
                cannot_tell: None,
                follows_dates: true,
            },
            Self::ChunkPlayedAgain => About {
                name: "Share of the time spent playing again",
                counts: "Of the time that viewers spent in the part in the date range: the share they spent on what they had \
             played before in the date range. The first time somebody else plays it is not playing again. None \
             where the video has fewer than 5 viewers.",
                cannot_tell: Some(PLAYED),
                follows_dates: true,
            },
            Self::ChunkComparedWithCourse => About {
                name: "Compared with the course",
                counts: "The share of the video's viewers who reached the part, less the median of that share over the videos \
             of the course at the same place, in points, all in the date range. Only videos with at least 5 \
             viewers count, and at least 5 such videos are needed.",
                cannot_tell: Some(PARTS),
                follows_dates: true,
            },
            Self::SecondReached => About {
                name: "Reached this second",
                counts: "Viewers who played this place of the video at least once in the date range, all days together. Where a column of the \
             drawing holds more than a second, it has the mean, and marks reach to the fewest.",
                cannot_tell: Some(PLAYED),
                follows_dates: true,
            },
            Self::SecondPlayedAgain => About {
                name: "Played again",
                counts: "How often this place of the video was played in the date range beyond each viewer's first time: plays less viewers. \
             Stacked on those who reached it, it makes the number of plays.",
                cannot_tell: Some(PLAYED),
                follows_dates: true,
            },
            Self::SecondUsual => beside::SECOND_USUAL,
            Self::Moments => About {
                name: "Moments of a video",
                counts: "Stretches that at least 5 viewers treat differently from what is around them, more than chance would have \
             it: watched again, skipped, left, jumped to or slowed down, all in the date range. At most five, those that \
             involve the most viewing by the most people. A video with fewer than 10 viewers has none.",
                cannot_tell: Some("Says what viewers did, not why: a hard place and a good one can look alike"),
                follows_dates: true,
            },
            Self::OnTime => About {
                name: "On time",
                counts: "Viewers who had covered at least 75 % of the video before it was due, divided by all its viewers. It is due by the next \
             exam or deadline that concerns it, or so many days after its first viewing. The date range does not change it: \
             what somebody watched earlier counts. While the data do not reach past that time, it is so far.",
                cannot_tell: Some(PLAYED),
                follows_dates: false,
            },
            Self::WatchTimeBefore => About {
                name: "Watch time before an exam or deadline",
                counts: "Of the time that its videos were watched before it: the share that fell in the 7 days before it, and in the 3 days \
             before it. Its videos are those it concerns, as far as somebody had watched them. The date range does not change \
             it. With fewer than 5 viewers no share is given.",
                cannot_tell: Some(
                    "Revision before an exam is normal: a large share alone says nothing about those who also watched earlier",
                ),
                follows_dates: false,
            },
            Self::CoveredBefore => About {
                name: "Covered before an exam or deadline",
                counts: "People whose coverage of its videos before it was at least 75 % of the length of all of them together, divided by the \
             people who had watched any of them before it. The date range does not change it. With fewer than 5 people no share \
             is given.",
                cannot_tell: Some(PARTS),
                follows_dates: false,
            },
            Self::WeeksActive => About {
                name: "Weeks active",
                counts: "Weeks in which somebody watched the video, of the weeks since its first viewing, counted in steps of 7 days up to the end \
             of the data. The date range does not change it.",
                cannot_tell: Some(UNSEEN),
                follows_dates: false,
            },
            Self::DaysUntilWatched => About {
                name: "Days until watched",
                counts: "The middle viewer of those who have covered at least 75 % of the video: the days from its first viewing to the day on \
             which they had covered 75 %. The date range does not change it. With fewer than 5 such viewers no median is given.",
                cannot_tell: Some(
                    "A video appears here with its first viewing: the day on which it was published is not among the stored data",
                ),
                follows_dates: false,
            },
            Self::DifferenceOfTerms => beside::DIFFERENCE_OF_TERMS,
            Self::OtherTermPercent => beside::OTHER_TERM_PERCENT,
            Self::ChunkDifferenceOfTerms => beside::CHUNK_DIFFERENCE_OF_TERMS,
            Self::OtherTermOutline => beside::OTHER_TERM_OUTLINE,
            Self::ChunkUsual => beside::CHUNK_USUAL,
            Self::UsualPercent => beside::USUAL_PERCENT,
            Self::DifferenceFromUsual => beside::DIFFERENCE_FROM_USUAL,
            Self::WhatIsNew => beside::WHAT_IS_NEW,
            Self::PersonCoverage => of_people::COVERAGE,
            Self::PanoptoPercent => of_people::PANOPTO_PERCENT,
            Self::Sittings => of_people::SITTINGS,
            Self::PersonOnTime => of_people::ON_TIME,
            Self::NotOpened => of_people::NOT_OPENED,
            Self::Behind => of_people::BEHIND,
            Self::TopByViewers => About {
                name: "Top videos by viewers",
                counts: "The videos with the most unique viewers in the date range. Equals stand in lecture order; videos \
             nobody watched are left out.",
                cannot_tell: Some(UNSEEN),
                follows_dates: true,
            },
            Self::TopByCoveredPercent => About {
                name: "Top videos by share who covered at least 75 %",
                counts: "The videos with the largest share of viewers who covered at least 75 % of them in the date range. \
             Equals stand in lecture order; videos with fewer than 5 viewers are left out.",
                cannot_tell: Some(PARTS),
                follows_dates: true,
            },
        }
    }
}
