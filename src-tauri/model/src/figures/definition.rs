//! What each figure counts, in words, for the "what is this?" beside it.
//!
//! `docs/figures.md` holds the same sentences with their reasons; a test keeps the two together.

use serde::Serialize;

/// A figure that is shown to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Figure {
    /// How many videos the course has.
    Videos,
    /// Distinct viewers of a video.
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
    CoveredViewers,
    /// Their share of the viewers.
    CoveredPercent,
    /// Median coverage of a video.
    TypicalPercent,
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
    /// Share who reached a part, less what is usual in the course.
    ChunkComparedWithCourse,
    /// The videos with the most viewers.
    TopByViewers,
    /// The videos with the largest share of viewers who covered at least 75 %.
    TopByCoveredPercent,
}

impl Figure {
    /// All figures, in the order of the documentation.
    pub const ALL: [Self; 20] = [
        Self::Videos,
        Self::UniqueViewers,
        Self::CourseViewers,
        Self::ViewersPerDay,
        Self::Duration,
        Self::WatchTime,
        Self::CoveredViewers,
        Self::CoveredPercent,
        Self::TypicalPercent,
        Self::LastViewed,
        Self::ChunkReached,
        Self::ChunkCovered,
        Self::ChunkAverageTime,
        Self::ChunkReachedPercent,
        Self::ChunkCoveredPercent,
        Self::ChunkRewatched,
        Self::ChunkPlayedAgain,
        Self::ChunkComparedWithCourse,
        Self::TopByViewers,
        Self::TopByCoveredPercent,
    ];

    /// The name people see, in sentence case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Videos => "Videos",
            Self::UniqueViewers => "Unique viewers",
            Self::CourseViewers => "Viewers of the course",
            Self::ViewersPerDay => "Viewers across time",
            Self::Duration => "Duration",
            Self::WatchTime => "Watch time",
            Self::CoveredViewers => "Covered at least 75 % of the video",
            Self::CoveredPercent => "Share who covered at least 75 % of the video",
            Self::TypicalPercent => "Typical viewer covered",
            Self::LastViewed => "Last viewed",
            Self::ChunkReached => "Reached the part",
            Self::ChunkCovered => "Covered at least 75 % of the part",
            Self::ChunkAverageTime => "Average time per viewer",
            Self::ChunkReachedPercent => "Share who reached the part",
            Self::ChunkCoveredPercent => "Share who covered at least 75 % of the part",
            Self::ChunkRewatched => "Times watched by a viewer who reached the part",
            Self::ChunkPlayedAgain => "Played again",
            Self::ChunkComparedWithCourse => "Compared with the course",
            Self::TopByViewers => "Top videos by viewers",
            Self::TopByCoveredPercent => "Top videos by share who covered at least 75 %",
        }
    }

    /// Whether the chosen date range changes the figure.
    pub const fn follows_dates(self) -> bool {
        !matches!(self, Self::Videos | Self::Duration)
    }
}

/// What the figure counts: the formula in words, as shown under "what is this?".
pub const fn definition(figure: Figure) -> &'static str {
    match figure {
        Figure::Videos => {
            "Videos in the course's Panopto folder and all its subfolders at the last sync, watched or not. The \
             date range does not change it."
        }
        Figure::UniqueViewers => {
            "Different people with at least one viewing record of this video in the date range. Somebody who \
             watched on five days counts once. Anonymous viewers count once per browser."
        }
        Figure::CourseViewers => {
            "Different people with at least one viewing record of any video of the course in the date range. \
             Somebody who watched ten videos counts once, so this is less than the sum over the videos."
        }
        Figure::ViewersPerDay => {
            "For each day, in the reporting time zone: different people with at least one viewing record on it. \
             Somebody who came on three days counts on each of them. In the window the chart shows all dates, \
             with the chosen date range marked."
        }
        Figure::Duration => {
            "Length of the video as Panopto gives it, rounded to the second. The date range does not change it."
        }
        Figure::WatchTime => {
            "Seconds of video played, added up over all viewers in the date range. What is watched again counts \
             again. What Panopto reports before the start or past the end of the video does not count. Playing at \
             double speed counts the seconds of video, not of the clock."
        }
        Figure::CoveredViewers => {
            "Viewers whose coverage is at least 75 % of the video. A viewer's coverage is every part of the video \
             they played at least once in the date range, all days together; what was played twice counts once. \
             If the date range begins after the video's first viewing, what was played earlier is missing from \
             it."
        }
        Figure::CoveredPercent => {
            "Viewers who covered at least 75 % of the video, divided by its unique viewers, both in the date \
             range. With fewer than 5 viewers no share is given: one person would move it by more than 20 points."
        }
        Figure::TypicalPercent => {
            "The middle viewer: half of the viewers covered at least this share of the video in the date range, \
             half at most this (the median; of an even number, the mean of the two in the middle). With fewer \
             than 5 viewers no median is given."
        }
        Figure::LastViewed => {
            "The last day in the date range with a viewing record of this video, in the reporting time zone."
        }
        Figure::ChunkReached => {
            "Each video has 20 parts of equal length. These are the viewers who played some of the part, however \
             little, in the date range. Touching its border is not enough."
        }
        Figure::ChunkCovered => {
            "Viewers who played at least 75 % of the part in the date range, all days together; what was played \
             twice counts once. The dataset for Tableau judges each day by itself, so its numbers can be smaller."
        }
        Figure::ChunkAverageTime => {
            "Seconds of video played within the part in the date range, repeats counted, divided by the viewers \
             who reached the part. More than the part's length means that it was watched again. 0 where nobody \
             reached it."
        }
        Figure::ChunkReachedPercent => {
            "Viewers who played some of the part, divided by the unique viewers of the video, both in the date \
             range. With fewer than 5 viewers no share is given."
        }
        Figure::ChunkCoveredPercent => {
            "Viewers who played at least 75 % of the part, divided by the unique viewers of the video, both in \
             the date range. With fewer than 5 viewers no share is given."
        }
        Figure::ChunkRewatched => {
            "Average time per viewer who reached the part, divided by the part's length: 1 means played once in \
             full, 2 twice, 0.5 half of it. None where nobody reached it, or the video has fewer than 5 viewers."
        }
        Figure::ChunkPlayedAgain => {
            "Of the time that viewers spent in the part in the date range: the share they spent on what they had \
             played before in the date range. The first time somebody else plays it is not playing again. None \
             where the video has fewer than 5 viewers."
        }
        Figure::ChunkComparedWithCourse => {
            "The share of the video's viewers who reached the part, less the median of that share over the videos \
             of the course at the same place, in points, all in the date range. Only videos with at least 5 \
             viewers count, and at least 5 such videos are needed."
        }
        Figure::TopByViewers => {
            "The videos with the most unique viewers in the date range. Equals stand in lecture order; videos \
             nobody watched are left out."
        }
        Figure::TopByCoveredPercent => {
            "The videos with the largest share of viewers who covered at least 75 % of them in the date range. \
             Equals stand in lecture order; videos with fewer than 5 viewers are left out."
        }
    }
}
