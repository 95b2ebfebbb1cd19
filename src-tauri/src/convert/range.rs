//! The date range that governs a page, and the ready-made choices.

use chrono::NaiveDate;
use engine::{Error, ErrorCode, Result};
use model::{DateRange as Days, Day, days_across_time, words};

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

/// The range and its choices. `viewing` is the days with viewing, `fetched` the last fetched day, from which the choices are
/// reckoned back.
pub fn state(chosen: Days, viewing: Option<Days>, fetched: Option<NaiveDate>) -> RangeState {
    let fetched = fetched.map(Day::from_date);
    let last = fetched.or_else(|| viewing.map(Days::last));
    RangeState {
        range: (!chosen.is_all()).then(|| crossed(chosen)),
        text: words::range(chosen),
        domain: viewing.map(|viewing| crossed(days_across_time(viewing, fetched, Days::ALL))),
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
}
