//! The computer's own time zone, which is proposed for a new data folder.
//!
//! `TZ` wins over the system's setting, as for every other program on the computer.

use chrono_tz::Tz;

use crate::environment::Environment;
use crate::store::quoted;
use crate::{Error, ErrorCode, Result};

/// Environment variable that names the time zone of a process.
const VARIABLE: &str = "TZ";
/// Where systems keep their own rules; `TZ` may hold a path that contains this.
const ZONEINFO: &str = "/zoneinfo/";

/// The time zone of this computer. [`ErrorCode::InvalidInput`] if neither `TZ` nor the system names a known one.
pub fn computer_time_zone(environment: &dyn Environment) -> Result<Tz> {
    match environment.variable(VARIABLE) {
        Some(text) => named_by_variable(&text),
        None => named_by_system(iana_time_zone::get_timezone().ok().as_deref()),
    }
}

/// Reads `Europe/Zurich`, `:Europe/Zurich`, or the path of a zone's rules.
fn named_by_variable(text: &str) -> Result<Tz> {
    let name = text.strip_prefix(':').unwrap_or(text);
    let name = match name.rsplit_once(ZONEINFO) {
        Some((_, name)) if name.starts_with(['/', '.']) => text,
        Some((_, name)) => name,
        None => name,
    };
    name.parse().map_err(|_| {
        Error::new(ErrorCode::InvalidInput, format!("The variable TZ holds {}, which is no IANA name", quoted(text)))
            .with_hint("Set TZ to a name such as Europe/Zurich, or choose the reporting time zone of this data folder")
    })
}

fn named_by_system(name: Option<&str>) -> Result<Tz> {
    let unknown = match name {
        Some(name) => match name.parse() {
            Ok(zone) => return Ok(zone),
            Err(_) => format!("This computer's time zone, {}, is not known here", quoted(name)),
        },
        None => "This computer does not say which time zone it is in".to_owned(),
    };
    Err(Error::new(ErrorCode::InvalidInput, unknown)
        .with_hint("Choose the reporting time zone of this data folder, for example Europe/Zurich"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::FixedEnvironment;

    #[test]
    fn the_variable_wins_in_each_of_its_forms() {
        for text in ["Asia/Tokyo", ":Asia/Tokyo", "/usr/share/zoneinfo/Asia/Tokyo", ":/usr/share/zoneinfo/Asia/Tokyo"] {
            let zone = computer_time_zone(&FixedEnvironment::new([("TZ", text)])).unwrap();
            assert_eq!(zone, Tz::Asia__Tokyo, "{text}");
        }
        assert_eq!(computer_time_zone(&FixedEnvironment::new([("TZ", "UTC")])).unwrap(), Tz::UTC);
    }

    #[test]
    fn an_unknown_zone_is_refused_and_named() {
        for text in ["CET-1CEST,M3.5.0,M10.5.0/3", "Mars/Base", "/etc/localtime", "/usr/share/zoneinfo//etc/passwd"] {
            let error = computer_time_zone(&FixedEnvironment::new([("TZ", text)])).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidInput, "{text}");
            assert!(error.message().contains(&format!("`{text}`")), "{error}");
        }
        let error = named_by_system(Some("Romance Standard Time")).unwrap_err();
        assert!(error.message().contains("`Romance Standard Time`"), "{error}");
        assert_eq!(named_by_system(None).unwrap_err().code(), ErrorCode::InvalidInput);
        assert_eq!(named_by_system(Some("Europe/Zurich")).unwrap(), Tz::Europe__Zurich);
    }
}
