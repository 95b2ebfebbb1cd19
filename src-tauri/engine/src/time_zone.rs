//! The reporting time zone: in which days viewing records are counted.

use chrono_tz::Tz;

use crate::settings::Settings;
use crate::store::quoted;
use crate::{Error, ErrorCode, Result};

/// What is longer, in bytes, is no slip in a name (the longest has 32 letters); comparing it would only take long.
const LONGEST_NAME: usize = 100;

/// The IANA name of the computer's own time zone; `UTC` where the system does not tell one that is known here.
pub fn computer_time_zone() -> Tz {
    iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}

/// The time zone that this IANA name means.
pub fn time_zone_named(name: &str) -> Result<Tz> {
    name.trim().parse().map_err(|_| {
        let error = Error::new(ErrorCode::InvalidInput, format!("{} is not a time zone", quoted(name)));
        match similar_name(name.trim()) {
            Some(similar) => error.with_hint(format!("Did you mean {similar}? Give an IANA name, spelled exactly")),
            None => error.with_hint("Give an IANA name such as Europe/Zurich or America/Vancouver"),
        }
    })
}

/// The time zone whose name, or whose place, is most like this: other letter case, a blank for an underscore, a slip.
fn similar_name(name: &str) -> Option<&'static str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let wanted = name.to_lowercase().replace(' ', "_");
    let most = wanted.chars().count() / 4;
    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| {
        let whole = zone.name().to_lowercase();
        let place = whole.rsplit('/').next().unwrap_or(&whole);
        (strokes_between(&wanted, &whole).min(strokes_between(&wanted, place)), zone.name())
    });
    zones.filter(|(strokes, _)| *strokes <= most).min().map(|(_, name)| name)
}

/// How many letters have to be added, removed or changed to turn one word into the other (Levenshtein's distance).
fn strokes_between(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, from) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, to) in other.iter().enumerate() {
            let changed = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

/// The reporting time zone of these settings: the chosen one, else the computer's own.
pub fn reporting_time_zone(settings: &Settings) -> Result<Tz> {
    settings.time_zone.as_deref().map_or_else(|| Ok(computer_time_zone()), time_zone_named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_zone_wins_and_a_wrong_name_is_refused() {
        let with = |name: Option<&str>| Settings { time_zone: name.map(str::to_owned), ..Settings::default() };
        assert_eq!(reporting_time_zone(&with(Some("America/Vancouver"))).unwrap(), Tz::America__Vancouver);
        assert_eq!(reporting_time_zone(&with(None)).unwrap(), computer_time_zone());
        assert_eq!(reporting_time_zone(&with(Some("Mars/Base"))).unwrap_err().code(), ErrorCode::InvalidInput);
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
            assert!(
                time_zone_named(name).unwrap_err().hint().unwrap().starts_with(&format!("Did you mean {similar}?"))
            );
        }
        for name in ["Mars/Base", "", "x"] {
            assert!(time_zone_named(name).unwrap_err().hint().unwrap().starts_with("Give an IANA name"), "{name}");
        }
    }
}
