//! Numbers, times and dates as people read them.

use model::{DateRange, Day, words};

fn day(text: &str) -> Day {
    Day::from_date(text.parse().unwrap())
}

#[test]
fn counts() {
    for (number, text) in [(0, "0"), (12, "12"), (999, "999"), (1204, "1,204"), (1_000_000, "1,000,000")] {
        assert_eq!(words::count(number), text);
    }
    assert_eq!(words::viewers(1), "1 viewer");
    assert_eq!(words::viewers(0), "0 viewers");
    assert_eq!(words::viewers(1204), "1,204 viewers");
}

#[test]
fn percentages_never_round_to_nothing_or_all() {
    for (value, text) in [
        (0.0, "0.0 %"),
        (0.01, "<0.1 %"),
        (0.05, "0.1 %"),
        (62.5, "62.5 %"),
        (74.0, "74.0 %"),
        (74.04, "74.0 %"),
        (99.94, "99.9 %"),
        (99.99, "99.9 %"),
        (100.0, "100.0 %"),
    ] {
        assert_eq!(words::percent(value), text, "{value}");
    }
    for (value, text) in [(0.0, "0 %"), (0.4, "<1 %"), (61.6, "62 %"), (99.7, "99 %"), (100.0, "100 %")] {
        assert_eq!(words::whole_percent(value), text, "{value}");
    }
    assert_eq!(words::count_with_share(309, Some(62.55)), "309 (62.6 %)");
    assert_eq!(words::count_with_share(0, None), "0");
}

#[test]
fn clocks_go_beyond_a_day() {
    for (secs, text) in [
        (0.0, "0:00:00"),
        (-3.0, "0:00:00"),
        (f64::NAN, "0:00:00"),
        (59.6, "0:01:00"),
        (7198.6, "1:59:59"),
        (90_000.0, "25:00:00"),
        (1_332_720.0, "370:12:00"),
    ] {
        assert_eq!(words::clock(secs), text, "{secs}");
    }
}

#[test]
fn times_say_their_two_largest_units() {
    for (secs, text) in [
        (0.0, "0 s"),
        (45.2, "45 s"),
        (60.0, "1 min"),
        (425.0, "7 min 5 s"),
        (3600.0, "1 h"),
        (3659.4, "1 h"),
        (3661.0, "1 h 1 min"),
        (1_332_720.0, "370 h 12 min"),
        (4_334_400.0, "1,204 h"),
    ] {
        assert_eq!(words::time(secs), text, "{secs}");
    }
}

#[test]
fn days_and_ranges() {
    assert_eq!(words::day(day("2020-09-08")), "Tue 8 Sept");
    assert_eq!(words::day_year(day("2020-02-29")), "Sat 29 Feb 2020");
    assert_eq!(words::day_month(day("2021-06-01")), "1 June");
    for (first, last, text) in [
        ("2020-09-08", "2020-09-08", "Tue 8 Sept 2020"),
        ("2020-09-08", "2020-09-14", "8 – 14 Sept 2020"),
        ("2020-09-08", "2020-10-03", "8 Sept – 3 Oct 2020"),
        ("2020-12-20", "2021-01-04", "20 Dec 2020 – 4 Jan 2021"),
    ] {
        assert_eq!(words::range(DateRange::between(day(first), day(last))), text);
    }
    assert_eq!(words::range(DateRange::ALL), "all dates");
    let known = Some(DateRange::between(day("2025-09-15"), day("2025-12-14")));
    assert_eq!(words::range_of(DateRange::ALL, known), "all dates, 15 Sept – 14 Dec 2025");
    assert_eq!(words::range_of(DateRange::ALL, None), "all dates");
    let chosen = DateRange::between(day("2025-09-15"), day("2025-09-15"));
    assert_eq!(words::range_of(chosen, known), "Mon 15 Sept 2025");
    let open = DateRange::between(DateRange::ALL.first(), day("2020-09-08"));
    assert_eq!(words::range(open), "until 8 Sept 2020");
    let open = DateRange::between(day("2020-09-08"), DateRange::ALL.last());
    assert_eq!(words::range(open), "since 8 Sept 2020");
}

#[test]
fn a_range_without_viewing_says_whether_there_were_data() {
    let between = |first: &str, last: &str| DateRange::between(day(first), day(last));
    for (chosen, through, text) in [
        (DateRange::ALL, None, "Nobody has watched yet"),
        (between("2026-11-21", "2026-11-27"), Some("2026-11-27"), "Nobody watched from 21 to 27 Nov 2026"),
        (between("2026-12-20", "2027-01-04"), None, "Nobody watched from 20 Dec 2026 to 4 Jan 2027"),
        (between("2026-11-21", "2026-11-21"), Some("2026-11-21"), "Nobody watched on Sat 21 Nov 2026"),
        (
            between("2026-12-01", "2026-12-07"),
            Some("2026-11-27"),
            "No data yet for 1 – 7 Dec 2026: they reach to Fri 27 Nov 2026",
        ),
        // Some of these days have data, so it is known that nobody watched.
        (between("2026-11-21", "2026-12-07"), Some("2026-11-27"), "Nobody watched from 21 Nov to 7 Dec 2026"),
    ] {
        assert_eq!(words::nobody_watched(chosen, through.map(day)), text);
    }
    let since = DateRange::between(day("2026-11-21"), DateRange::ALL.last());
    assert_eq!(words::nobody_watched(since, None), "Nobody watched since 21 Nov 2026");
    let to_come = DateRange::between(day("2026-12-01"), DateRange::ALL.last());
    let day_to_come = between("2026-12-01", "2026-12-01");
    for (chosen, text) in [
        (to_come, "No data yet since 1 Dec 2026: they reach to Fri 27 Nov 2026"),
        (day_to_come, "No data yet on Tue 1 Dec 2026: they reach to Fri 27 Nov 2026"),
    ] {
        assert_eq!(words::nobody_watched(chosen, Some(day("2026-11-27"))), text);
    }
}

#[test]
fn repeats_and_differences() {
    for (number, text) in [(0.0, "0.00 times"), (0.001, "<0.01 times"), (0.966, "0.97 times"), (12.0, "12.00 times")] {
        assert_eq!(words::times(number), text);
    }
    for (number, text) in [(0.04, "0.0 points"), (-0.04, "0.0 points"), (12.5, "+12.5 points"), (-3.0, "–3.0 points")]
    {
        assert_eq!(words::points(number), text);
    }
}
