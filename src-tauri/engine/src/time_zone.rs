//! The reporting time zone: in which days viewing records are counted.

use chrono_tz::Tz;

use crate::settings::Settings;
use crate::{Error, ErrorCode, Result};

/// The IANA name of the computer's own time zone; `UTC` where the system does not tell one that is known here.
pub fn computer_time_zone() -> Tz {
    iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}

/// The time zone that this IANA name means.
pub fn time_zone_named(name: &str) -> Result<Tz> {
    name.trim().parse().map_err(|_| {
        Error::new(ErrorCode::InvalidInput, format!("`{name}` is not a time zone"))
            .with_hint("Give an IANA name such as Europe/Zurich or America/Vancouver")
    })
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
}
