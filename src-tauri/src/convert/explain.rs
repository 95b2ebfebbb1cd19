//! What a number counts, for *What is this?*.

use chrono_tz::Tz;
use engine::views::CourseFacts;
use model::{DateRange, Figure, definition, words};

use super::moment;
use crate::dto::overview::ColumnExplanation;
use crate::dto::video::Explanation;

/// Says of figures what they count, how far they go and how fresh they are.
#[derive(Debug)]
pub struct Explainer {
    range: String,
    freshness: String,
}

impl Explainer {
    /// For the figures of one course under one range.
    pub fn new(range: DateRange, facts: &CourseFacts, zone: Tz) -> Self {
        let up_to = facts.fetched_through.map(|day| format!("Data up to {}", moment::date(day)));
        let synced = facts.last_attempt.as_ref().map(|attempt| moment::at(attempt.at, zone));
        let freshness = match (up_to, synced) {
            (Some(up_to), Some(at)) => format!("{up_to}, last synced {at}"),
            (Some(up_to), None) => up_to,
            (None, Some(at)) => format!("Last synced {at}, not complete yet"),
            (None, None) => "Not synced by this program yet".to_owned(),
        };
        Self { range: format!("Counted over {}", words::range(range)), freshness }
    }

    /// What one figure counts.
    pub fn explain(&self, figure: Figure) -> Explanation {
        let range =
            if figure.follows_dates() { self.range.clone() } else { "The date range does not change it".to_owned() };
        Explanation {
            formula: definition(figure).to_owned(),
            range,
            freshness: self.freshness.clone(),
            caveat: caveat(figure).map(str::to_owned),
        }
    }

    /// What the columns of the table count, by the window's names of the fields.
    pub fn columns(&self) -> Vec<ColumnExplanation> {
        [
            ("duration", Figure::Duration),
            ("viewers", Figure::UniqueViewers),
            ("covered", Figure::CoveredViewers),
            ("coveredShare", Figure::CoveredPercent),
            ("watchTime", Figure::WatchTime),
            ("typical", Figure::TypicalPercent),
        ]
        .map(|(column, figure)| ColumnExplanation { column: column.to_owned(), explanation: self.explain(figure) })
        .to_vec()
    }
}

/// What a figure cannot tell.
const fn caveat(figure: Figure) -> Option<&'static str> {
    match figure {
        Figure::UniqueViewers | Figure::CourseViewers | Figure::ViewersPerDay | Figure::TopByViewers => {
            Some("People who watch together on one screen, or a downloaded copy, are not seen")
        }
        Figure::WatchTime | Figure::ChunkAverageTime => {
            Some("Says that the video was played, not that anybody paid attention")
        }
        Figure::CoveredViewers
        | Figure::CoveredPercent
        | Figure::TypicalPercent
        | Figure::ChunkReached
        | Figure::ChunkCovered
        | Figure::TopByCoveredPercent => {
            Some("Says which parts were played, not that they were understood or even followed")
        }
        _ => None,
    }
}
