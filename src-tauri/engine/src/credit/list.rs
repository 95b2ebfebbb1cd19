//! Who gets which credit.
//!
//! Deliberately absent: files. Invariant: every person of the class list has one row, with a value or the reason for none.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use model::{
    Credit, CreditRule, Day, LeftOutOfCredit, MatchState, NoCreditRule, PersonOfVideo, SessionId, ViewingSpan,
    accounts_together, people_of_video,
};

use super::Deadline;
use crate::roster::{ClassInView, find_listed};
use crate::{Error, ErrorCode, Result};

/// What is counted.
#[derive(Debug, Clone)]
pub struct CreditRequest {
    /// The videos, at least one.
    pub videos: Vec<SessionId>,
    /// By when.
    pub deadline: Deadline,
    /// How coverage becomes points.
    pub rule: CreditRule,
    /// Whether somebody of the class list who was not found among the viewers gets 0 as well.
    pub not_found_is_zero: bool,
    /// What the teacher has decided otherwise.
    pub overrides: Vec<CreditOverride>,
}

/// Something that the teacher has decided otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct CreditOverride {
    /// Who.
    pub who: CreditWho,
    /// The points; `None` leaves the person out.
    pub points: Option<f64>,
    /// Why.
    pub reason: String,
}

/// Somebody of the class list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreditWho {
    /// By an e-mail address, a login, a number, or a name as the list has it.
    Named(String),
    /// By the place in [`model::ClassList::people`].
    Place(usize),
}

/// A video that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditVideo {
    /// Its ID.
    pub session_id: SessionId,
    /// Its name.
    pub name: String,
    /// Its place in the course.
    pub place: usize,
}

/// One person of the class list.
#[derive(Debug, Clone, PartialEq)]
pub struct CreditRow {
    /// What they get.
    pub credit: Credit,
    /// What they covered of each video before the deadline, in percent; `None` where no viewing is recorded.
    pub coverage: Vec<Option<f64>>,
    /// What Panopto's own rule makes of the same records.
    pub panopto_percent: Vec<Option<u32>>,
    /// Videos that reach the threshold.
    pub counted: usize,
    /// Places in [`CreditList::videos`] of those that are close below it.
    pub near: Vec<usize>,
    /// Why the teacher has decided otherwise.
    pub reason: Option<String>,
}

/// The credit of a class. The rows are those of [`ClassInView::matches`].
#[derive(Debug, Clone)]
pub struct CreditList {
    /// The videos.
    pub videos: Vec<CreditVideo>,
    /// By when.
    pub deadline: Deadline,
    /// The rule.
    pub rule: CreditRule,
    /// One row for each person on the class list.
    pub rows: Vec<CreditRow>,
    /// The last day of which everything is fetched.
    pub records_through: Option<Day>,
    /// Whether records of the time before the deadline may still come.
    pub is_provisional: bool,
    /// Browsers with viewing of these videos in which nobody was signed in, or of which nothing is known.
    pub unknown_viewers: usize,
}

/// Panopto's records of a day may come until the end of the next.
const LATE_DAYS: i32 = 1;

/// Works out the credit. `through` is the last UTC day of which everything is fetched.
pub fn credit_list(
    class: &ClassInView,
    request: &CreditRequest,
    reporting: Tz,
    through: Option<chrono::NaiveDate>,
) -> Result<CreditList> {
    request.rule.check().map_err(no_rule)?;
    let people = class.people.as_ref().ok_or_else(|| {
        Error::new(ErrorCode::NotFound, "Nothing is known about the videos of this course yet")
            .with_hint("Sync the course")
    })?;
    let mut videos = Vec::new();
    for session_id in &request.videos {
        let place = people.course.video(*session_id)?;
        let info = &people.course.views.videos()[place];
        if info.usable_duration_secs().is_none() {
            return Err(Error::new(ErrorCode::InvalidInput, format!("The video `{}` has no length", info.name))
                .with_hint("Leave it out: nobody can cover a part of it"));
        }
        if !videos.iter().any(|known: &CreditVideo| known.place == place) {
            videos.push(CreditVideo { session_id: *session_id, name: info.name.to_string(), place });
        }
    }
    if videos.is_empty() {
        return Err(no_rule(NoCreditRule::NoVideo));
    }
    let span = ViewingSpan::before(request.deadline.cutoff(reporting));
    let count = people.course.people.people().len();
    let mut watched: Vec<Vec<Option<PersonOfVideo>>> = vec![vec![None; videos.len()]; count];
    for (place, video) in videos.iter().enumerate() {
        for of in people_of_video(&people.course.views, video.place, span) {
            let viewer = of.person as usize;
            watched[viewer][place] = Some(of);
        }
    }
    let overrides = overrides_by_row(class, request)?;
    let rows = (0..class.matches.rows.len()).map(|row| {
        let computed = row_of(class, row, request, &watched, videos.len());
        match overrides.get(&row) {
            Some(decided) => CreditRow {
                credit: decided.points.map_or(Credit::LeftOut(LeftOutOfCredit::Decided), |points| {
                    Credit::Points(request.rule.rounded(points))
                }),
                reason: Some(decided.reason.clone()),
                ..computed
            },
            None => computed,
        }
    });
    let has_watched = |viewer: &&usize| watched[**viewer].iter().any(Option::is_some);
    let is_nameless = |viewer: &&usize| people.accounts(**viewer).iter().all(|account| account.name.shown().is_none());
    Ok(CreditList {
        rows: rows.collect(),
        videos,
        deadline: request.deadline,
        rule: request.rule,
        records_through: through.map(Day::from_date),
        is_provisional: is_provisional(request.deadline.end(), through),
        unknown_viewers: class.matches.not_listed.iter().filter(has_watched).filter(is_nameless).count(),
    })
}

fn is_provisional(end: DateTime<Utc>, through: Option<chrono::NaiveDate>) -> bool {
    let last = Day::from_date((end - chrono::Duration::seconds(1)).date_naive());
    through.is_none_or(|through| Day::from_date(through) < last.plus(LATE_DAYS))
}

fn overrides_by_row<'r>(class: &ClassInView, request: &'r CreditRequest) -> Result<HashMap<usize, &'r CreditOverride>> {
    let mut by_row = HashMap::new();
    for decided in &request.overrides {
        if decided.reason.trim().is_empty() {
            return Err(Error::new(ErrorCode::InvalidInput, "A value that you decide needs a reason")
                .with_hint("Say why, so that it can be answered for later"));
        }
        if let Some(points) = decided.points
            && !(points >= 0.0 && points <= request.rule.points)
        {
            return Err(Error::new(
                ErrorCode::InvalidInput,
                format!("A value lies between 0 and {}", request.rule.points),
            )
            .with_hint("Give other points, or a higher maximum"));
        }
        let place = match &decided.who {
            CreditWho::Named(text) => find_listed(&class.list, text)?,
            CreditWho::Place(place) => *place,
        };
        let row = class.enrolled.iter().position(|enrolled| *enrolled == place);
        by_row.extend(row.map(|row| (row, decided)));
    }
    Ok(by_row)
}

fn row_of(
    class: &ClassInView,
    row: usize,
    request: &CreditRequest,
    watched: &[Vec<Option<PersonOfVideo>>],
    videos: usize,
) -> CreditRow {
    let left_out = |because| CreditRow {
        credit: Credit::LeftOut(because),
        coverage: vec![None; videos],
        panopto_percent: vec![None; videos],
        counted: 0,
        near: Vec::new(),
        reason: None,
    };
    let viewers = match &class.matches.rows[row].state {
        MatchState::Matched { viewers, .. } => viewers,
        MatchState::Suggested(_) => return left_out(LeftOutOfCredit::OnlySuggested),
        MatchState::Conflict { .. } => return left_out(LeftOutOfCredit::Conflict),
        MatchState::NotFound if request.not_found_is_zero => {
            return CreditRow { credit: Credit::DecidedZero, ..left_out(LeftOutOfCredit::NotFound) };
        }
        MatchState::NotFound => return left_out(LeftOutOfCredit::NotFound),
    };
    let of_video = |video: usize| {
        let accounts = viewers.iter().filter_map(|viewer| watched[*viewer][video].clone());
        accounts_together(accounts.map(|of| (of, ()))).map(|(of, ())| of)
    };
    let found: Vec<Option<PersonOfVideo>> = (0..videos).map(of_video).collect();
    let percents: Vec<Option<f64>> = found.iter().map(|of| of.as_ref()?.coverage_percent).collect();
    let earned = request.rule.earned(&percents);
    CreditRow {
        credit: earned.credit,
        panopto_percent: found.iter().map(|of| of.as_ref()?.panopto_percent).collect(),
        coverage: percents,
        counted: earned.counted,
        near: earned.near,
        reason: None,
    }
}

fn no_rule(refused: NoCreditRule) -> Error {
    let message = refused.to_string();
    let mut letters = message.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    Error::new(ErrorCode::InvalidInput, first.chain(letters).collect::<String>())
        .with_hint("Give a threshold such as 75, points such as 10, and the videos that count")
}
