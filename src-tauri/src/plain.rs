//! The engine's sentences in plain words: without the call that failed, without the system's own message, and with
//! quotation marks around names where the command line has backticks.
//!
//! The command line shows those words because its readers can use them; the window has them in the details of an error.
//! A journal may hold sentences of older versions, so the sentence itself is examined.
//!
//! Invariant: a sentence that is not recognised stays as it is. Quotation marks apart, a shortened sentence begins like
//! the whole one.

use engine::ErrorCode;

/// Where the sentence about an unreachable server ends in plain words.
const AWAY: &str = " cannot be reached";
/// How Rust marks the number of a system's error.
const NUMBER: &str = " (os error ";

/// The sentence without the system's words, with quotation marks.
pub fn sentence(code: Option<ErrorCode>, whole: &str) -> String {
    quoted(&without_system(code, whole))
}

/// The text with each pair of backticks replaced by quotation marks.
pub fn quoted(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once('`')
        && let Some((name, after)) = after.split_once('`')
    {
        plain.extend([before, "\u{201c}", name, "\u{201d}"]);
        rest = after;
    }
    plain + rest
}

fn without_system(code: Option<ErrorCode>, whole: &str) -> String {
    if code == Some(ErrorCode::Network)
        && let Some(at) = whole.find(AWAY)
    {
        return whole[..at + AWAY.len()].to_owned();
    }
    without_numbers(whole)
}

fn without_numbers(whole: &str) -> String {
    let mut rest = whole;
    let mut plain = String::with_capacity(whole.len());
    while let Some(at) = rest.find(NUMBER) {
        let after = &rest[at + NUMBER.len()..];
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || !after[digits..].starts_with(')') {
            plain.push_str(&rest[..at + NUMBER.len()]);
            rest = after;
        } else {
            plain.push_str(&rest[..at]);
            rest = &after[digits + 1..];
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_away_is_told_without_call_and_number() {
        let whole = "The server x.example cannot be reached for `GetFolder`: Connection refused (os error 111)";
        assert_eq!(sentence(Some(ErrorCode::Network), whole), "The server x.example cannot be reached");
    }

    #[test]
    fn other_sentences_lose_the_number_and_nothing_else() {
        let told = |whole| sentence(Some(ErrorCode::Disk), whole);
        assert_eq!(
            told("`a` cannot be read: Gone (os error 2), twice (os error 5)"),
            "\u{201c}a\u{201d} cannot be read: Gone, twice"
        );
        for same in ["a (os error x) is a name", " (os error 5 is cut", "The disk is full"] {
            assert_eq!(told(same), same);
        }
        let certificate = "The certificate of x.example cannot be verified: it has expired";
        assert_eq!(sentence(Some(ErrorCode::Network), certificate), certificate);
    }

    #[test]
    fn backticks_become_quotation_marks_in_pairs() {
        let folder = "`/home/me/lectures` holds no `courses.csv` and no `database`";
        assert_eq!(quoted(folder), "“/home/me/lectures” holds no “courses.csv” and no “database”");
        assert_eq!(quoted("a ` alone"), "a ` alone");
    }
}
