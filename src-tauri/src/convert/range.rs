//! The date range that governs a page, and the ready-made choices.

use chrono::NaiveDate;
use engine::{Error, ErrorCode, Result};
use model::{DateRange as Days, Day, words};

use crate::dto::{DateRange, PresetId, RangePreset, RangeState};

/// The days the window asks for; absent is all.
pub fn asked(range: Option<&DateRange>) -> Result<Days> {
    let Some(range) = range else { return Ok(Days::ALL) };
    let day = |text: &str| {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Day::from_date).map_err(|_| {
            Error::new(ErrorCode::InvalidInput, format!("`{text}` is not a date")).with_hint("Give it as YYYY-MM-DD")
        })
    };
    let (from, to) = (day(&range.from)?, day(&range.to)?);
    if to < from {
        return Err(Error::new(ErrorCode::InvalidInput, "The last day of the date range lies before its first"));
    }
    Ok(Days::between(from, to))
}

/// Days as they cross.
pub fn crossed(days: Days) -> DateRange {
    DateRange { from: days.first().date().to_string(), to: days.last().date().to_string() }
}

/// Days without any viewing up to which the axis follows what was fetched, whatever the course's own length.
const LEAST_QUIET_DAYS: i32 = 28;
/// Days before the first viewing that a chosen range can add to the axis at most: a term and some.
const MOST_EARLIER_DAYS: i32 = 150;

/// The days of the chart across time, of a course with viewing on the days `viewing`, fetched to its day `last`.
///
/// It goes on to the end of what was fetched, so that quiet days are seen as such, unless that would leave more than half
/// of it empty: a course of two years ago keeps its shape. A chosen range it always covers, as far as there are data.
pub fn axis(viewing: Days, last: Option<NaiveDate>, chosen: Days) -> Days {
    let end = last.map_or(viewing.last(), |last| Day::from_date(last).max(viewing.last()));
    let own = viewing.last().days_since_1970() - viewing.first().days_since_1970();
    let quiet = end.days_since_1970() - viewing.last().days_since_1970();
    let base = Days::between(viewing.first(), if quiet <= own.max(LEAST_QUIET_DAYS) { end } else { viewing.last() });
    if chosen.is_all() {
        return base;
    }
    let earliest = viewing.first().plus(-MOST_EARLIER_DAYS);
    match chosen.within(Days::between(earliest, end)) {
        Some(chosen) => Days::between(base.first().min(chosen.first()), base.last().max(chosen.last())),
        None => base,
    }
}

/// The range and its choices. `viewing` is the days with viewing, `fetched` the last fetched day, from which the choices are reckoned back.
pub fn state(chosen: Days, viewing: Option<Days>, fetched: Option<NaiveDate>) -> RangeState {
    let last = fetched.map(Day::from_date).or_else(|| viewing.map(Days::last));
    RangeState {
        range: (!chosen.is_all()).then(|| crossed(chosen)),
        text: words::range(chosen),
        domain: viewing.map(|viewing| crossed(axis(viewing, fetched, Days::ALL))),
        until: last.map(|last| last.date().to_string()),
        presets: presets(last),
    }
}

fn presets(last: Option<Day>) -> Vec<RangePreset> {
    let preset =
        |id, label: &str, days: Option<Days>| RangePreset { id, label: label.to_owned(), range: days.map(crossed) };
    let mut presets = vec![preset(PresetId::All, "All dates", None)];
    if let Some(last) = last {
        presets.push(preset(PresetId::Last7, "Last 7 days", Some(Days::last_days(7, last))));
        presets.push(preset(PresetId::Last28, "Last 28 days", Some(Days::last_days(28, last))));
        presets.push(preset(PresetId::Term, "This term", Some(Days::term_of(last))));
    }
    presets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(from: &str, to: &str) -> DateRange {
        DateRange { from: from.to_owned(), to: to.to_owned() }
    }

    #[test]
    fn a_range_is_read_and_a_wrong_one_refused() {
        assert!(asked(None).unwrap().is_all());
        let days = asked(Some(&range("2020-09-08", "2020-11-22"))).unwrap();
        assert_eq!(crossed(days), range("2020-09-08", "2020-11-22"));
        assert_eq!(asked(Some(&range("8.9.2020", "2020-11-22"))).unwrap_err().code(), ErrorCode::InvalidInput);
        assert_eq!(asked(Some(&range("2020-11-22", "2020-09-08"))).unwrap_err().code(), ErrorCode::InvalidInput);
    }

    #[test]
    fn choices_are_reckoned_from_the_last_fetched_day() {
        let state = state(Days::ALL, None, Some(date("2020-11-22")));
        let of = |id| state.presets.iter().find(|preset| preset.id == id).unwrap().range.clone();
        assert_eq!(state.presets[0].range, None);
        assert_eq!(of(PresetId::Last7), Some(range("2020-11-16", "2020-11-22")));
        assert_eq!(of(PresetId::Last28), Some(range("2020-10-26", "2020-11-22")));
        assert_eq!(of(PresetId::Term), Some(range("2020-09-01", "2020-12-31")));
        assert_eq!((state.text.as_str(), state.range), ("all dates", None));
        assert_eq!((state.domain, state.until.as_deref()), (None, Some("2020-11-22")));
    }

    #[test]
    fn the_axis_goes_on_to_the_end_of_the_data_and_covers_what_is_chosen() {
        let days = |from: &str, to: &str| Days::between(Day::from_date(date(from)), Day::from_date(date(to)));
        let viewing = days("2020-09-08", "2020-11-18");
        let axis_to = |last: &str, chosen| crossed(axis(viewing, Some(date(last)), chosen));
        // Quiet days at the end are days.
        assert_eq!(axis_to("2020-11-22", Days::ALL), range("2020-09-08", "2020-11-22"));
        assert_eq!(axis_to("2020-11-22", days("2020-11-16", "2020-11-22")), range("2020-09-08", "2020-11-22"));
        // A term begins before anybody watched, and ends after the data.
        assert_eq!(axis_to("2020-11-22", days("2020-09-01", "2020-12-31")), range("2020-09-01", "2020-11-22"));
        // Years later it still has its shape, until later days are asked for.
        assert_eq!(axis_to("2023-11-22", Days::ALL), range("2020-09-08", "2020-11-18"));
        assert_eq!(axis_to("2023-11-22", days("2023-11-16", "2023-11-22")), range("2020-09-08", "2023-11-22"));
        // What lies before all data, or after it, asks for nothing; a viewing after the last fetched day stays.
        assert_eq!(axis_to("2020-11-22", days("1999-01-01", "1999-02-01")), range("2020-09-08", "2020-11-22"));
        assert_eq!(axis_to("2020-11-01", Days::ALL), range("2020-09-08", "2020-11-18"));
        assert_eq!(crossed(axis(viewing, None, Days::ALL)), range("2020-09-08", "2020-11-18"));
        // A course of one day, too, has a week.
        let one = days("2020-11-22", "2020-11-22");
        assert_eq!(
            crossed(axis(one, Some(date("2020-11-22")), days("2020-11-16", "2020-11-22"))),
            range("2020-11-16", "2020-11-22")
        );
    }
}
