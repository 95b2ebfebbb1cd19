//! The columns of the table of videos: those that always stand there, and those that stand only where they say something: who
//! was on time where a video is due, and what the course is compared with.
//!
//! The columns that always stand there come from the model's `FIGURES_OF_VIDEO`: this file names none of them.
//!
//! Deliberately absent: which video a row is of (`course.rs`). Invariant: every row has a figure for each head.

use std::collections::BTreeMap;

use engine::dates::VideoInTime;
use model::line::listed_name;
use model::{ComparedPair, CourseFigures, FIGURES_OF_VIDEO, Figure, FigureOfVideo, Statistic, Telling, Unit, words};
use serde::Serialize;
use ts_rs::TS;

use super::explanation::{Explainer, Explanation};
use super::figure::ShownFigure;
use crate::beside::Beside;

/// A column of the table that holds a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "course.ts")]
pub struct FigureColumn {
    /// Which figure: the key of its values in the row of a video.
    pub key: Figure,
    /// The beginning of its title, which narrow windows leave out.
    pub lead: String,
    /// Its title, or the rest of it.
    pub title: String,
    /// What its numbers count in; decides how much room they need.
    pub unit: Unit,
    /// Whether it is less than of all dates where the chosen days leave out the beginning of a video's viewing
    /// (`beside` of the row).
    pub is_coverage: bool,
    /// What it counts.
    pub explanation: Explanation,
}

/// The columns of the table of one course.
pub(super) struct TableColumns<'a> {
    pub(super) figures: &'a CourseFigures,
    pub(super) beside: Option<&'a Beside>,
    /// The videos under the dates of the course; none where no video can be due.
    pub(super) in_time: &'a [VideoInTime],
}

/// A column that stands only sometimes: its figure, its title, and what it counts in.
type Sometimes = (Figure, &'static str, Unit);

const ON_TIME: Sometimes = (Figure::OnTime, "On time", Unit::Percent);
const OTHER_TERM: [Sometimes; 2] =
    [(Figure::OtherTermPercent, "Other term", Unit::Percent), (Figure::DifferenceOfTerms, "± points", Unit::Points)];
const USUAL: [Sometimes; 2] =
    [(Figure::UsualPercent, "Usual", Unit::Percent), (Figure::DifferenceFromUsual, "± points", Unit::Points)];

impl TableColumns<'_> {
    /// Whether a figure may be told.
    fn shows(&self, of: &FigureOfVideo) -> bool {
        self.figures.telling == Telling::Exactly || of.can_be_presented()
    }

    fn compared(&self) -> &'static [Sometimes] {
        match self.beside {
            Some(Beside::Term { .. }) => &OTHER_TERM,
            Some(Beside::Usual) => &USUAL,
            Some(Beside::Refused { .. }) | None => &[],
        }
    }

    fn are_due(&self) -> bool {
        self.in_time.iter().any(|video| video.due.is_some())
    }

    /// The heads from left to right: what is compared stands beside the share that it compares.
    pub(super) fn heads(&self, explainer: &Explainer) -> Vec<FigureColumn> {
        let mut heads = Vec::new();
        for of in &FIGURES_OF_VIDEO {
            let Some(column) = of.column else { continue };
            if !self.shows(of) {
                continue;
            }
            heads.push(FigureColumn {
                key: of.figure,
                lead: column.lead.to_owned(),
                title: column.title.to_owned(),
                unit: of.unit,
                is_coverage: matches!(
                    of.figure,
                    Figure::CoveredViewers | Figure::CoveredPercent | Figure::TypicalPercent
                ),
                explanation: explainer.explain(of.figure),
            });
            if of.figure == Figure::CoveredPercent {
                let more = self.compared().iter().chain(self.are_due().then_some(&ON_TIME));
                heads.extend(more.map(|(key, title, unit)| FigureColumn {
                    key: *key,
                    lead: String::new(),
                    title: (*title).to_owned(),
                    unit: *unit,
                    is_coverage: false,
                    explanation: explainer.explain(*key),
                }));
            }
        }
        heads
    }

    /// The figures of a video.
    pub(super) fn of_video(&self, video: usize) -> BTreeMap<Figure, ShownFigure> {
        let totals = &self.figures.rows[video].totals;
        let always = FIGURES_OF_VIDEO.iter().filter(|of| of.column.is_some() && self.shows(of));
        let mut figures: BTreeMap<Figure, ShownFigure> =
            always.map(|of| (of.figure, ShownFigure::of_video(of, totals))).collect();
        let shown = |unit: Unit, number: Statistic| ShownFigure { value: number.value(), text: unit.text(number) };
        let (other, difference) = match self.beside {
            Some(Beside::Term { .. }) => {
                let pair = self.pair(video);
                (
                    pair.map_or(Statistic::Absent, |pair| pair.covered_percent_there),
                    pair.and_then(|pair| pair.covered_difference).into(),
                )
            }
            Some(Beside::Usual) => {
                let compared = self.figures.covered_compared(video);
                (
                    compared.map(|compared| compared.usual_percent).into(),
                    compared.map(|compared| compared.difference).into(),
                )
            }
            Some(Beside::Refused { .. }) | None => (Statistic::Absent, Statistic::Absent),
        };
        for ((key, _, unit), number) in self.compared().iter().zip([other, difference]) {
            figures.insert(*key, shown(*unit, number));
        }
        if self.are_due() {
            let on_time = self.in_time[video].on_time.map_or(Statistic::Absent, |on_time| on_time.percent);
            figures.insert(Figure::OnTime, shown(Unit::Percent, on_time));
        }
        figures
    }

    fn pair(&self, video: usize) -> Option<&ComparedPair> {
        match self.beside? {
            Beside::Term { terms, .. } => terms.comparison.of_video(video),
            Beside::Usual | Beside::Refused { .. } => None,
        }
    }

    /// What these columns add to what is read out of a video.
    pub(super) fn lines(&self, video: usize) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(Beside::Term { terms, .. }) = self.beside {
            let course = listed_name(&terms.there.facts.name);
            lines.push(match self.pair(video) {
                Some(pair) => {
                    let name = listed_name(&terms.there.course.views.videos()[pair.pair.there].name);
                    let covered = pair.covered_percent_there.text(words::percent);
                    let difference = pair.covered_difference.map_or_else(
                        || "too few viewers to compare".to_owned(),
                        |difference| format!("{} here", words::points(difference)),
                    );
                    format!("{course}, {name}: {covered} covered at least 75 %, {difference}")
                }
                None => format!("No pair in {course}"),
            });
        }
        if let Some(in_time) = self.in_time.get(video)
            && let (Some(due), Some(on_time)) = (&in_time.due, in_time.on_time)
        {
            let so_far = if in_time.has_passed { "" } else { " so far" };
            let (in_time, of) = (words::count(on_time.on_time.into()), words::viewers(on_time.viewers.into()));
            lines.push(format!("On time: {in_time} of {of}{so_far}, due {}", due.text));
        }
        lines
    }
}
