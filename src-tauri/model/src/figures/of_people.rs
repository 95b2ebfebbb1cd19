//! What the figures of single people are called and what they count.
//!
//! Kept apart from the other definitions because they speak of one person, never of a group. Deliberately absent: the
//! numbers, which `people` has.

use super::about::{About, PLAYED};

pub(super) const COVERAGE: About = About {
    name: "Covered by this person",
    counts: "Every part of the video that the person played at least once in the date range, divided by the video's length. \
             What was played twice counts once, also with two accounts of the same person. From 75 % on, the video counts as covered.",
    cannot_tell: Some(PLAYED),
    follows_dates: true,
};

pub(super) const PANOPTO_PERCENT: About = About {
    name: "Percentage as Panopto counts it",
    counts: "Panopto divides a video into 100 segments and counts a whole segment once a single second of it was watched; it \
             keeps the best value. Worked out here by that rule from the viewing records in the date range. In a lecture of 100 \
             minutes, 100 seconds in the right places make 100 %.",
    cannot_tell: Some("Panopto's own page may differ by a little: it counts live viewing, and records may arrive late"),
    follows_dates: true,
};

pub(super) const SITTINGS: About = About {
    name: "Sittings",
    counts: "How often the person sat down to this video in the date range: a pause of more than 30 minutes begins a new \
             sitting. The time by the clock counts, so a run at double speed takes half as long.",
    cannot_tell: None,
    follows_dates: true,
};

pub(super) const ON_TIME: About = About {
    name: "On time, one person",
    counts: "Of the videos that were due, how many this person had covered by then, at least 75 % of each. A video is due by the \
             next exam or deadline that concerns it, or so many days after its first viewing; videos that are not due yet are \
             left out. The date range does not change it: what the person watched earlier counts.",
    cannot_tell: Some(PLAYED),
    follows_dates: false,
};

pub(super) const NOT_OPENED: About = About {
    name: "Not opened, started, covered",
    counts: "Not opened: no viewing by this person is recorded in the date range, or before the chosen instant. Started: some \
             is recorded. Covered: at least 75 % of the video was played at least once.",
    cannot_tell: Some(
        "No viewing recorded does not mean not watched: people who were not signed in, who watched on somebody else's screen \
         or a downloaded copy leave no record under their name, and records may arrive late",
    ),
    follows_dates: true,
};

pub(super) const BEHIND: About = About {
    name: "Behind",
    counts: "People whose last viewing in the date range is at least 7 days before the last day of the data or of the range, and \
             who have covered less than 75 % of at least 3 videos that somebody has opened.",
    cannot_tell: Some(
        "It says nothing of the reason: somebody may have been ill, or have watched on somebody else's screen. People who have \
         opened nothing at all are counted apart",
    ),
    follows_dates: true,
};
