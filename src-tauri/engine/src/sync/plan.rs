//! Decides which days to ask for of each video. Pure.
//!
//! Days are UTC; a range is half-open and begins and ends at midnight.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use model::UsageRange;

use crate::store::journal::VideoState;

/// The first day to ask for in a video's history, as in the original.
const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2010, 1, 1).expect("a valid date");

/// Days to ask for again because records may come late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LookBack {
    /// This many days before the last fetched one.
    pub(super) days: u32,
    /// Even for a video that has the last complete day already.
    pub(super) at_once: bool,
}

impl LookBack {
    /// No look-back: only what is new.
    pub(super) const NONE: Self = Self { days: 0, at_once: false };
    /// Everything, at once.
    pub(super) const WHOLE_HISTORY: Self = Self { days: u32::MAX, at_once: true };
}

/// What to ask for a video so that it is fetched through the day `through`; `None` when it already is.
///
/// A video never fetched is asked for its whole history. Any other is asked from the day after its last fetched one,
/// less the days of `look_back`, because records may come late.
pub(super) fn range_for(state: Option<&VideoState>, through: NaiveDate, look_back: LookBack) -> Option<UsageRange> {
    let asks_again = look_back.at_once && look_back.days > 0;
    let begin = match state.and_then(|state| state.fetched_through) {
        None => FIRST_DAY,
        Some(fetched) if fetched > through || (fetched == through && !asks_again) => return None,
        Some(_) if state.is_some_and(|state| state.only_agreed) => FIRST_DAY,
        Some(fetched) => day_after(fetched)
            .checked_sub_days(Days::new(look_back.days.into()))
            .map_or(FIRST_DAY, |begin| begin.max(FIRST_DAY)),
    };
    Some(UsageRange { begin: midnight(begin), end: midnight(day_after(through)) })
}

/// Whether records fetched for the range `has` cover the range `needed`.
pub(super) fn suffices(has: UsageRange, needed: UsageRange) -> bool {
    has.begin <= needed.begin && has.end >= needed.end
}

/// Whether a range leaves out nothing before its end.
pub(crate) fn is_whole_history(range: UsageRange) -> bool {
    range.begin <= midnight(FIRST_DAY)
}

/// The last day that is whole in a range.
pub(super) fn last_day(range: UsageRange) -> NaiveDate {
    range.end.date_naive().pred_opt().unwrap_or(NaiveDate::MIN)
}

/// The range of one day.
pub(super) fn whole_day(day: NaiveDate) -> UsageRange {
    UsageRange { begin: midnight(day), end: midnight(day_after(day)) }
}

fn day_after(day: NaiveDate) -> NaiveDate {
    day.succ_opt().unwrap_or(NaiveDate::MAX)
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: LookBack = LookBack { days: 2, at_once: false };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(fetched: Option<&str>, through: &str, lookback: u32) -> Option<(String, String)> {
        let state = fetched.map(|fetched| VideoState { fetched_through: Some(day(fetched)), ..VideoState::default() });
        range_for(state.as_ref(), day(through), LookBack { days: lookback, at_once: false })
            .map(|range| (range.begin.to_rfc3339(), range.end.to_rfc3339()))
    }

    fn days(begin: &str, end: &str) -> (String, String) {
        (format!("{begin}T00:00:00+00:00"), format!("{end}T00:00:00+00:00"))
    }

    #[test]
    fn a_new_video_is_asked_for_its_whole_history() {
        assert_eq!(range(None, "2024-02-29", 2), Some(days("2010-01-01", "2024-03-01")));
        let failed_before = VideoState::default();
        assert_eq!(
            range_for(Some(&failed_before), day("2024-02-29"), TWO),
            range_for(None, day("2024-02-29"), LookBack::NONE)
        );
    }

    #[test]
    fn a_known_video_is_asked_for_what_is_new_and_the_look_back() {
        assert_eq!(range(Some("2024-02-28"), "2024-02-29", 2), Some(days("2024-02-27", "2024-03-01")));
        assert_eq!(range(Some("2024-02-28"), "2024-02-29", 0), Some(days("2024-02-29", "2024-03-01")));
        assert_eq!(range(Some("2010-01-01"), "2024-02-29", 365), Some(days("2010-01-01", "2024-03-01")));
    }

    #[test]
    fn emptiness_that_was_only_agreed_on_is_asked_again_from_the_beginning() {
        let state = VideoState { fetched_through: Some(day("2024-02-28")), only_agreed: true, ..VideoState::default() };
        assert_eq!(range_for(Some(&state), day("2024-02-29"), TWO), range_for(None, day("2024-02-29"), TWO));
        assert_eq!(range_for(Some(&state), day("2024-02-28"), TWO), None, "but not twice on one day");
    }

    #[test]
    fn a_video_that_has_the_last_complete_day_is_not_asked() {
        assert_eq!(range(Some("2024-02-29"), "2024-02-29", 2), None);
        assert_eq!(range(Some("2099-01-01"), "2024-02-29", 2), None, "a clock set back fetches nothing twice");
    }

    #[test]
    fn who_wants_late_records_now_gets_the_look_back_of_what_is_fetched_already() {
        let fetched = |on: &str| VideoState { fetched_through: Some(day(on)), ..VideoState::default() };
        let asked = |on: &str, days| {
            range_for(Some(&fetched(on)), day("2024-02-29"), LookBack { days, at_once: true })
                .map(|range| (range.begin.date_naive(), range.end.date_naive()))
        };
        assert_eq!(asked("2024-02-29", 14), Some((day("2024-02-16"), day("2024-03-01"))));
        assert_eq!(asked("2024-02-28", 14), Some((day("2024-02-15"), day("2024-03-01"))));
        assert_eq!(asked("2024-02-29", 0), None, "no days, nothing to ask");
        assert_eq!(asked("2099-01-01", 14), None, "a clock set back fetches nothing twice");
    }

    #[test]
    fn what_is_in_hand_suffices_only_when_it_holds_everything_needed() {
        let (week, monday) = (
            UsageRange { begin: midnight(day("2024-02-26")), end: midnight(day("2024-03-04")) },
            whole_day(day("2024-02-26")),
        );
        assert!(suffices(week, week) && suffices(week, monday) && !suffices(monday, week));
        assert_eq!(last_day(week), day("2024-03-03"));
    }
}
