//! What is said of the figures that set a video beside another term or beside the rest of its course, and of what is new.
//!
//! Deliberately absent: the numbers (`crate::compare`, `fair.rs`, `crate::digest`).

use super::about::About;

/// Why two terms are never quite alike.
const OTHERS: &str = "Says that two terms differ, not why: the people, the room and the exam are others, too";
/// What the rest of a course cannot tell.
const COMMON: &str = "Says what is common in this course, not what is good";

pub(super) const DIFFERENCE_OF_TERMS: About = About {
    name: "Difference from the other term",
    counts: "The share who covered at least 75 % of the video, less that of its pair in the other course, in points. Both terms are \
             counted from their first day, for as many days as both have had; the chosen date range does not change it. Only \
             pairs with at least 10 viewers on both sides have one.",
    cannot_tell: Some(OTHERS),
    follows_dates: false,
};

pub(super) const OTHER_TERM_PERCENT: About = About {
    name: "Share in the other term",
    counts: "The share who covered at least 75 % of the video that is the pair of this one in the other course. Both terms are counted \
             from their first day, for as many days as both have had; the chosen date range does not change it. A video without a \
             pair has none.",
    cannot_tell: Some(OTHERS),
    follows_dates: false,
};

pub(super) const CHUNK_DIFFERENCE_OF_TERMS: About = About {
    name: "Difference from the other term, part by part",
    counts: "The share of the video's viewers who reached the part, less that of its pair in the other course, in points. Both terms \
             are counted from their first day, for as many days as both have had; the chosen date range does not change it. Only \
             pairs with at least 10 viewers on both sides have one.",
    cannot_tell: Some(OTHERS),
    follows_dates: false,
};

pub(super) const OTHER_TERM_OUTLINE: About = About {
    name: "Outline of the other term",
    counts: "How many viewers this video would have at each place if it held them as its pair in the other course did: the share of \
             the pair's viewers who were at the same share of its length, in the 20 parts of those who reached the part, times the \
             viewers of this video in the date range. Of the pair the days of the term count that both terms have had. A pair with \
             fewer than 5 viewers is not drawn.",
    cannot_tell: Some(OTHERS),
    follows_dates: true,
};

pub(super) const SECOND_USUAL: About = About {
    name: "Usual for this course",
    counts: "How many viewers this video would have at each place if it held them as the course's other videos do: the \
             median, over the other videos, of the mean share of their viewers at a place in each of the 20 parts, times the \
             viewers of this video, all in the date range. Other videos of similar length (within 25 %) with at least 5 \
             viewers; all others where fewer than 5 are of similar length.",
    cannot_tell: Some(COMMON),
    follows_dates: true,
};

pub(super) const CHUNK_USUAL: About = About {
    name: "Usual for this course, part by part",
    counts: "How many viewers would have reached the part if this video held them as the videos of the course do: the median, over \
             the videos, of the share of their viewers who reached the part, times the viewers of this video, all in the date \
             range. Only videos with at least 5 viewers count, and at least 5 such videos are needed.",
    cannot_tell: Some(COMMON),
    follows_dates: true,
};

pub(super) const USUAL_PERCENT: About = About {
    name: "Usual share at its length",
    counts: "The median share who covered at least 75 %, over the other videos of the course whose length is within 25 % of this \
             one's, all in the date range. Where fewer than 5 of them have a share, over all other videos; where even these are \
             fewer than 5, there is none.",
    cannot_tell: Some(COMMON),
    follows_dates: true,
};

pub(super) const DIFFERENCE_FROM_USUAL: About = About {
    name: "Difference from the usual at its length",
    counts: "The share who covered at least 75 % of the video, less the median of that share over the course's other videos of its \
             length, in points, all in the date range. A video with fewer than 5 viewers has none.",
    cannot_tell: Some(COMMON),
    follows_dates: true,
};

pub(super) const WHAT_IS_NEW: About = About {
    name: "What is new",
    counts: "An exam or a deadline within 7 days of the end of the data; a place that at least 25 % leave or watch again, in a video \
             watched in the last 14 days; a video of the last three weeks that 20 points fewer cover than is usual at its length; \
             a video that nobody has opened though a later one is watched. Nothing is said of fewer than 10 people, and data older \
             than 7 days say nothing. The date range does not change it.",
    cannot_tell: Some("Says what has changed, not why, and nothing about single people"),
    follows_dates: false,
};
