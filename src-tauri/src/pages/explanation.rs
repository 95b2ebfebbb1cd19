//! What a number counts, for "What is this?".

use chrono_tz::Tz;
use engine::views::CourseFacts;
use model::{DateRange, Figure, words};
use serde::Serialize;
use ts_rs::TS;

use super::when;

/// What a number counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "figure.ts")]
pub struct Explanation {
    /// What the figure is called: `Unique viewers`.
    pub name: String,
    /// The formula in words.
    pub formula: String,
    /// Which days it covers: `Counted over all dates`.
    pub range: String,
    /// How fresh it is: `Data up to Sun 22 Nov 2020, last synced Mon 23 Nov 2020, 08:15`.
    pub freshness: String,
    /// What it cannot tell: `Says that the video was played, not that anybody paid attention`.
    pub caveat: Option<String>,
    /// Whether it rests on coverage, which a small drawing explains.
    pub shows_coverage: bool,
}

/// Explains the figures of one course under one range: what they count, which days they cover, how fresh they are.
#[derive(Debug)]
pub(crate) struct Explainer {
    range: String,
    freshness: String,
}

impl Explainer {
    /// For the figures of one course under one range.
    pub(crate) fn new(range: DateRange, facts: &CourseFacts, zone: Tz) -> Self {
        let up_to = facts.fetched_through.map(|day| format!("Data up to {}", when::date(day)));
        let synced = facts.last_attempt.as_ref().map(|attempt| when::at(attempt.at, zone));
        let freshness = match (up_to, synced) {
            (Some(up_to), Some(at)) => format!("{up_to}, last synced {at}"),
            (Some(up_to), None) => up_to,
            (None, Some(at)) => format!("Last synced {at}, not complete yet"),
            (None, None) => "Not synced by this program yet".to_owned(),
        };
        Self { range: format!("Counted over {}", words::range(range)), freshness }
    }

    /// What one figure counts.
    pub(crate) fn explain(&self, figure: Figure) -> Explanation {
        let range =
            if figure.follows_dates() { self.range.clone() } else { "The date range does not change it".to_owned() };
        Explanation {
            name: figure.name().to_owned(),
            formula: figure.definition().to_owned(),
            range,
            freshness: self.freshness.clone(),
            caveat: figure.caveat().map(str::to_owned),
            shows_coverage: figure.rests_on_coverage(),
        }
    }

    /// What several figures count, in their order.
    pub(crate) fn explain_all(&self, figures: impl IntoIterator<Item = Figure>) -> Vec<Explanation> {
        figures.into_iter().map(|figure| self.explain(figure)).collect()
    }
}
