//! What is new in a course and was put away: what each sentence was about, without its numbers, which change with every sync.
//!
//! Deliberately absent: the sentences. Invariant: what another version of this program has noted stays as it is.

use engine::digest::CourseDigest;
use model::{DigestEntry, DigestEvidence, DigestRule, Recorded};
use serde::{Deserialize, Serialize};

/// Places that are no further apart are the same: with more viewers a moment moves by some seconds.
const SAME_PLACE_SECS: u32 = 60;

/// A sentence that was put away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewsAway {
    rule: Recorded<DigestRule>,
    session_id: Option<String>,
    at_secs: Option<u32>,
    date: Option<u32>,
}

impl NewsAway {
    pub(crate) fn of(course: &CourseDigest, entry: &DigestEntry) -> Self {
        let id = |video: usize| Some(course.course.views.videos()[video].session_id.to_string());
        let (session_id, at_secs, date) = match entry.evidence {
            DigestEvidence::Video(video) => (id(video), None, None),
            DigestEvidence::Place(video, start_secs) => (id(video), Some(start_secs.max(0.0) as u32), None),
            DigestEvidence::Date(number) => (None, None, Some(number)),
        };
        Self { rule: entry.rule.into(), session_id, at_secs, date }
    }

    pub(crate) fn is_about_the_same(&self, other: &Self) -> bool {
        let is_there = match (self.at_secs, other.at_secs) {
            (Some(one), Some(two)) => one.abs_diff(two) <= SAME_PLACE_SECS,
            (one, two) => one == two,
        };
        is_there && (&self.rule, &self.session_id, self.date) == (&other.rule, &other.session_id, other.date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn away(rule: &str, session: Option<&str>, at_secs: Option<u32>) -> NewsAway {
        NewsAway { rule: Recorded::of(rule), session_id: session.map(str::to_owned), at_secs, date: None }
    }

    #[test]
    fn a_place_that_moves_by_seconds_is_the_same_and_another_place_or_rule_is_not() {
        let known = away("watched-again", Some("a"), Some(600));
        for (other, is_same) in [
            (away("watched-again", Some("a"), Some(640)), true),
            (away("watched-again", Some("a"), Some(661)), false),
            (away("watched-again", Some("b"), Some(600)), false),
            (away("many-leave", Some("a"), Some(600)), false),
            (away("watched-again", Some("a"), None), false),
        ] {
            assert_eq!(known.is_about_the_same(&other), is_same, "{other:?}");
        }
    }

    #[test]
    fn what_another_version_has_put_away_stays_readable() {
        let text = r#"{"rule":"of-a-later-version","sessionId":null,"atSecs":null,"date":3}"#;
        let read: NewsAway = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }
}
