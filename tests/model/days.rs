//! Days, ranges and periods.

use chrono::NaiveDate;
use model::{DateRange, Day, Period, days_across_time};

fn day(text: &str) -> Day {
    Day::from_date(text.parse().unwrap())
}

#[test]
fn days_are_counted_from_1970() {
    assert_eq!(day("1970-01-01"), Day::new(0));
    assert_eq!(day("2021-09-08").days_since_1970(), 18_878);
    assert_eq!(Day::new(-1).date(), NaiveDate::from_ymd_opt(1969, 12, 31).unwrap());
    assert_eq!(Day::new(i32::MAX).date(), NaiveDate::MAX);
    assert_eq!(Day::new(i32::MIN).date(), NaiveDate::MIN);
    assert_eq!(Day::new(i32::MAX).plus(1), Day::new(i32::MAX));
}

#[test]
fn ranges_hold_both_ends_and_can_be_given_backwards() {
    let range = DateRange::between(Day::new(9), Day::new(3));
    assert_eq!((range.first(), range.last(), range.day_count()), (Day::new(3), Day::new(9), 7));
    assert!(range.contains(Day::new(3)) && range.contains(Day::new(9)));
    assert!(!range.contains(Day::new(2)) && !range.contains(Day::new(10)));
    assert_eq!(DateRange::last_days(7, Day::new(9)), range);
    assert_eq!(DateRange::last_days(0, Day::new(9)).day_count(), 1);
    assert!(DateRange::ALL.is_all() && !range.is_all());
    assert_eq!(DateRange::ALL.day_count(), 1 << 32);
    assert_eq!(
        range.within(DateRange::between(Day::new(8), Day::new(20))),
        Some(DateRange::between(Day::new(8), Day::new(9)))
    );
    assert_eq!(range.within(DateRange::between(Day::new(10), Day::new(20))), None);
}

#[test]
fn a_chart_across_time_goes_on_to_the_end_of_the_data_and_covers_what_is_chosen() {
    let days = |from: &str, to: &str| DateRange::between(day(from), day(to));
    let viewing = days("2020-09-08", "2020-11-18");
    let drawn = |fetched: &str, chosen| days_across_time(viewing, Some(day(fetched)), chosen);
    // Quiet days at the end count as days.
    assert_eq!(drawn("2020-11-22", DateRange::ALL), days("2020-09-08", "2020-11-22"));
    assert_eq!(drawn("2020-11-22", days("2020-11-16", "2020-11-22")), days("2020-09-08", "2020-11-22"));
    // A term begins before anybody watches, and ends after the data.
    assert_eq!(drawn("2020-11-22", days("2020-09-01", "2020-12-31")), days("2020-09-01", "2020-11-22"));
    // Years later the plot still has its shape, until later days are requested.
    assert_eq!(drawn("2023-11-22", DateRange::ALL), viewing);
    assert_eq!(drawn("2023-11-22", days("2023-11-16", "2023-11-22")), days("2020-09-08", "2023-11-22"));
    // Open-ended from a day on: the same as without a choice.
    assert_eq!(drawn("2023-11-22", DateRange::between(day("2020-10-01"), DateRange::ALL.last())), viewing);
    // Days before all data, or after it, add nothing; viewing after the last fetched day stays.
    assert_eq!(drawn("2020-11-22", days("1999-01-01", "1999-02-01")), days("2020-09-08", "2020-11-22"));
    assert_eq!(drawn("2020-11-01", DateRange::ALL), viewing);
    assert_eq!(days_across_time(viewing, None, DateRange::ALL), viewing);
    // Even a course of one day gets a week.
    let one = days("2020-11-22", "2020-11-22");
    let week = days("2020-11-16", "2020-11-22");
    assert_eq!(days_across_time(one, Some(day("2020-11-22")), week), week);
}

#[test]
fn periods_divide_a_domain_without_gaps() {
    let domain = DateRange::between(day("2020-09-08"), day("2021-01-04"));
    let weeks = Period::Week.divide(domain);
    assert_eq!((weeks[0].first(), weeks[0].last()), (day("2020-09-08"), day("2020-09-13")));
    assert_eq!((weeks[1].first(), weeks[1].last()), (day("2020-09-14"), day("2020-09-20")));
    assert_eq!(weeks[weeks.len() - 1], DateRange::between(day("2021-01-04"), day("2021-01-04")));
    let months = Period::Month.divide(domain);
    let lengths: Vec<u64> = months.iter().map(|month| month.day_count()).collect();
    assert_eq!(lengths, [23, 31, 30, 31, 4]);
    assert_eq!(Period::Day.divide(domain).len() as u64, domain.day_count());
}

#[test]
fn the_finest_division_that_fits_is_taken() {
    let domain = DateRange::between(day("2020-09-01"), day("2021-08-31"));
    for (most, period) in
        [(365, Period::Day), (364, Period::Week), (54, Period::Week), (53, Period::Month), (1, Period::Month)]
    {
        assert_eq!(Period::finest(domain, most), period);
        assert!(period == Period::Month || period.divide(domain).len() <= most);
    }
}

#[test]
fn dates_at_the_end_of_the_calendar_end() {
    let domain = DateRange::between(Day::from_date(NaiveDate::MAX).plus(-40), Day::from_date(NaiveDate::MAX));
    for period in [Period::Day, Period::Week, Period::Month] {
        let parts = period.divide(domain);
        assert_eq!(parts.iter().map(|part| part.day_count()).sum::<u64>(), 41);
    }
}
