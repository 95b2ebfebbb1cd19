//! Why a reply could not be understood. Also what every reader needs: making the server's text fit for a sentence, and
//! reading moments.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use model::line::{cut, one_line};

/// Why the bytes of a reply could not be understood. `Display` completes a sentence: "... is not understood: {}".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    detail: String,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Other,
    CutOff,
    Html,
}

impl Unreadable {
    pub(crate) fn new(detail: &str) -> Self {
        Self { detail: clean(detail), form: Form::Other }
    }

    pub(crate) fn cut_off(detail: &str) -> Self {
        Self { detail: clean(detail), form: Form::CutOff }
    }

    pub(crate) fn html() -> Self {
        Self { detail: "it is a web page".to_owned(), form: Form::Html }
    }

    /// Whether the end of the reply seems to be missing: worth a retry.
    pub fn is_cut_off(&self) -> bool {
        self.form == Form::CutOff
    }

    /// Whether the reply is a web page: a sign-in page, a proxy's error, or another kind of server.
    pub fn is_html(&self) -> bool {
        self.form == Form::Html
    }

    /// Whether a text begins like a web page.
    pub(crate) fn looks_like_html(text: &str) -> bool {
        let mut rest = text.trim_start_matches('\u{feff}').trim_start();
        while let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after).trim_start();
        }
        let starts_with = |word: &str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        starts_with("<!doctype html") || starts_with("<html") || starts_with("<head") || starts_with("<body")
    }
}

/// Most characters of the server's text that a sentence quotes.
const MOST_QUOTED: usize = 200;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Unreadable {}

/// Makes text from the server fit for a sentence: one line, no control characters, at most [`MOST_QUOTED`] characters.
pub(crate) fn clean(text: &str) -> String {
    // The text may be as long as a whole reply, but only its beginning is quoted.
    let beginning: String = text.trim_start().chars().take(MOST_QUOTED * 5).collect();
    let characters = |text: &str| text.chars().count() as f64;
    let quoted = cut(&one_line(&beginning), MOST_QUOTED as f64, characters);
    quoted.trim_end_matches(['.', ' ']).to_owned()
}

/// Reads a moment as the server writes it: any number of fraction digits (cut to microseconds), `Z`, an offset, or
/// neither (then it is UTC).
pub(crate) fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let zoned = || DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc());
    let unzoned = || text.parse::<NaiveDateTime>().ok().map(|moment| moment.and_utc());
    zoned().or_else(unzoned).map(|moment| moment.trunc_subsecs(6))
}
