//! Reads the time zone that a person types: gives the zone, or a sentence that leads to the right name.
//!
//! Deliberately absent: guessing. A name that is nearly right is suggested but never used.

use chrono_tz::Tz;

use crate::store::quoted;
use crate::{Error, ErrorCode, Result};

/// A longer text, in bytes, is not a typing error: the longest name has 32 letters. Comparing it would only take time.
const LONGEST_NAME: usize = 100;
/// The longest abbreviation that clocks show, such as `AEST` or `CHADT`.
const LONGEST_ABBREVIATION: usize = 5;
const HINT: &str = "Give an IANA name such as Europe/Zurich or America/Vancouver";

/// Abbreviations that clocks show but that are not IANA names, each with a place where clocks show it.
const ABBREVIATIONS: [(&str, Tz); 16] = [
    ("ACST", Tz::Australia__Adelaide),
    ("ADT", Tz::America__Halifax),
    ("AEDT", Tz::Australia__Sydney),
    ("AEST", Tz::Australia__Sydney),
    ("AST", Tz::America__Halifax),
    ("AWST", Tz::Australia__Perth),
    ("BST", Tz::Europe__London),
    ("CDT", Tz::America__Chicago),
    ("CEST", Tz::Europe__Berlin),
    ("CST", Tz::America__Chicago),
    ("EDT", Tz::America__New_York),
    ("EEST", Tz::Europe__Helsinki),
    ("IST", Tz::Asia__Kolkata),
    ("MDT", Tz::America__Denver),
    ("PDT", Tz::America__Vancouver),
    ("PST", Tz::America__Vancouver),
];

/// The time zone with this IANA name. [`ErrorCode::InvalidInput`] says what was probably meant.
pub fn time_zone_named(name: &str) -> Result<Tz> {
    let trimmed = name.trim();
    trimmed.parse().map_err(|_| {
        let refused = |what: &str| Error::new(ErrorCode::InvalidInput, format!("{} is {what}", quoted(name)));
        if let Some(hint) = hint_for_abbreviation(trimmed) {
            return refused("the abbreviation of a time zone, not its IANA name").with_hint(hint);
        }
        if is_offset(trimmed) {
            return refused("a fixed offset, not an IANA name")
                .with_hint("Name a place, such as Europe/Zurich: it knows when summer time begins and ends");
        }
        match similar_name(trimmed) {
            Some(similar) => refused("not a time zone")
                .with_hint(format!("Did you mean {similar}? Give an IANA name, spelled exactly")),
            None => refused("not a time zone").with_hint(HINT),
        }
    })
}

fn hint_for_abbreviation(text: &str) -> Option<String> {
    if text.len() > LONGEST_ABBREVIATION {
        return None;
    }
    let upper = text.to_ascii_uppercase();
    let known = ABBREVIATIONS.iter().find(|(abbreviation, _)| *abbreviation == upper);
    known.map(|(_, place)| format!("Give the IANA name of a place that keeps this time, such as {place}"))
}

/// Whether the text is an offset such as `UTC+2`, `GMT-03:30` or `+0200`.
fn is_offset(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let digits = upper.strip_prefix("UTC").or(upper.strip_prefix("GMT")).unwrap_or(&upper).trim_start();
    digits.strip_prefix(['+', '-', '\u{2212}']).is_some_and(|digits| {
        (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
    })
}

/// The time zone whose name, or whose place, is most similar: other letter case, a blank instead of an underscore, a
/// typing error.
fn similar_name(name: &str) -> Option<&'static str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let wanted = name.to_lowercase().replace(' ', "_");
    let most = wanted.chars().count() / 4;
    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| {
        let whole = zone.name().to_lowercase();
        let place = whole.rsplit('/').next().unwrap_or(&whole);
        (strsim::levenshtein(&wanted, &whole).min(strsim::levenshtein(&wanted, place)), zone.name())
    });
    zones.filter(|(slips, _)| *slips <= most).min().map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(name: &str) -> String {
        time_zone_named(name).unwrap_err().hint().unwrap().to_owned()
    }

    #[test]
    fn a_name_that_is_nearly_right_is_corrected() {
        for (name, similar) in [
            ("america/los angeles", "America/Los_Angeles"),
            ("America/Vancuver", "America/Vancouver"),
            ("Vancouver", "America/Vancouver"),
            ("Zürich", "Europe/Zurich"),
            ("europe/berlin", "Europe/Berlin"),
        ] {
            assert!(hint(name).starts_with(&format!("Did you mean {similar}?")), "{name}: {}", hint(name));
        }
        for name in ["Mars/Base", "", "x"] {
            assert_eq!(hint(name), HINT, "{name}");
        }
    }

    #[test]
    fn an_abbreviation_leads_to_a_place_that_keeps_its_time() {
        let error = time_zone_named("CEST").unwrap_err();
        assert_eq!(error.message(), "`CEST` is the abbreviation of a time zone, not its IANA name");
        assert!(hint("cest").ends_with("such as Europe/Berlin"), "{}", hint("cest"));
        for (abbreviation, place) in ABBREVIATIONS {
            assert!(abbreviation.parse::<Tz>().is_err(), "{abbreviation} is a name as it is");
            assert!(hint(abbreviation).ends_with(place.name()));
        }
    }

    #[test]
    fn an_offset_is_told_from_a_zone() {
        for text in ["UTC+2", "GMT-03:30", "+0200", "utc +1", "-5"] {
            assert!(time_zone_named(text).unwrap_err().message().contains("fixed offset"), "{text}");
        }
        assert!(!is_offset("Etc/GMT+1") && !is_offset("UTC") && !is_offset("+"));
    }
}
