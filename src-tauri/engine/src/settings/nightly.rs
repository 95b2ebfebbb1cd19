//! The nightly job as it was chosen: when, and whether the digest is written too.
//!
//! Deliberately absent: what is exported, which is the last export of the settings, and what the system knows of the job
//! ([`crate::nightly`]).

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::store::quoted;
use crate::{Error, ErrorCode};

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NightlyChoice {
    /// When it begins.
    pub at: NightlyTime,
    /// Whether what is new is written beside the dataset.
    #[serde(default)]
    pub digest: bool,
    /// A data folder that was given for this job alone; `None` = the one of the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
}

/// A time of day on the computer's own clock, to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NightlyTime {
    hour: u8,
    minute: u8,
}

impl NightlyTime {
    /// Half past two: the server's day is over nearly everywhere, and nobody works.
    pub const USUAL: Self = Self { hour: 2, minute: 30 };

    /// Reads `2:30` or `02:30`. [`ErrorCode::InvalidInput`] says what is expected.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let number = |digits: &str, most: u8| {
            let digits = Some(digits).filter(|digits| matches!(digits.len(), 1..=2))?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?.filter(|&n| n <= most)
        };
        let parts = text.trim().split_once(':').filter(|(_, minute)| minute.len() == 2);
        parts.and_then(|(hour, minute)| Some(Self { hour: number(hour, 23)?, minute: number(minute, 59)? })).ok_or_else(
            || {
                Error::new(ErrorCode::InvalidInput, format!("{} is not a time of day", quoted(text)))
                    .with_hint("Give hours and minutes, for example 02:30")
            },
        )
    }

    /// 0 to 23.
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// 0 to 59.
    pub const fn minute(self) -> u8 {
        self.minute
    }
}

impl fmt::Display for NightlyTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl TryFrom<String> for NightlyTime {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<NightlyTime> for String {
    fn from(time: NightlyTime) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_read_as_people_write_it() {
        let read = |text: &str| NightlyTime::parse(text).map(|time| time.to_string()).ok();
        for (text, time) in [("02:30", "02:30"), ("2:30", "02:30"), (" 23:59 ", "23:59"), ("0:00", "00:00")] {
            assert_eq!(read(text).as_deref(), Some(time));
        }
        for wrong in ["", "24:00", "2:60", "2:3", "2", ":30", "002:30", "+2:30", "2:+3", "02:30:00", "2.30", "٢:٣٠"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
