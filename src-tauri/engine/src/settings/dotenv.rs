//! Reads the original tool's `.env` file in the same way as its own reader (python-dotenv).
//!
//! Why not a crate: the known ones replace `$NAME` inside values and refuse blanks in them. Both occur in passwords,
//! and the original tool took them as they are. Deliberately absent: replacing `${NAME}`, which python-dotenv does for
//! names that no password should hold; here the text is kept.
//!
//! Invariant: no value is ever part of an error or of `Debug` output.

use crate::{Error, ErrorCode, Result};

/// One `NAME=value` in the file.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Assignment {
    /// The name left of the `=`.
    pub(super) name: String,
    /// The value with quotes and escapes resolved.
    pub(super) value: String,
}

impl std::fmt::Debug for Assignment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}=…", self.name)
    }
}

/// Reads all assignments in order. If two have the same name, the later one counts, as in a shell.
///
/// Understood: comments, empty lines, `export`, blanks around `=`, single quotes (only `\'` and `\\` are escapes),
/// double quotes (which may span several lines, with `\n`, `\t`, `\"`, `\\` and the like), a comment after a blank that
/// follows an unquoted value, `=` in values, all three kinds of line ends, a byte order mark. An unquoted value may
/// begin with `#`: only a `#` after a blank within it begins a comment. A line without `=` is an error that names the
/// line but not its text.
pub(super) fn parse(text: &str) -> Result<Vec<Assignment>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = EnvReader { rest: text, line: 1 };
    let mut found = Vec::new();
    while let Some(assignment) = reader.next_assignment()? {
        found.push(assignment);
    }
    Ok(found)
}

const LINE_ENDS: [char; 2] = ['\n', '\r'];

struct EnvReader<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> EnvReader<'a> {
    fn next_assignment(&mut self) -> Result<Option<Assignment>> {
        loop {
            let skipped = self.rest.len() - self.rest.trim_start().len();
            self.advance(skipped);
            if self.rest.is_empty() {
                return Ok(None);
            }
            if !self.rest.starts_with('#') {
                break;
            }
            self.skip_line();
        }
        let line = self.line;
        let end_of_name = self.rest.find(['=', '\n', '\r']).unwrap_or(self.rest.len());
        if !self.rest[end_of_name..].starts_with('=') {
            return Err(broken(line, "has no `=`"));
        }
        let name = self.rest[..end_of_name].trim();
        let name = name.strip_prefix("export").filter(|rest| rest.starts_with([' ', '\t'])).unwrap_or(name).trim();
        let name = name.trim_matches('\'').to_owned();
        if name.is_empty() {
            return Err(broken(line, "has no name before the `=`"));
        }
        self.advance(end_of_name + 1);
        let blanks = self.rest.len() - self.rest.trim_start_matches([' ', '\t']).len();
        self.advance(blanks);
        let value = match self.rest.chars().next() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote, line)?,
            _ => self.unquoted(),
        };
        Ok(Some(Assignment { name, value }))
    }

    fn quoted(&mut self, quote: char, line: usize) -> Result<String> {
        let mut value = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.advance(at + 1);
                let rest_of_line = self.rest.split(LINE_ENDS).next().unwrap_or("").trim();
                if !rest_of_line.is_empty() && !rest_of_line.starts_with('#') {
                    return Err(broken(line, "goes on after the closing quote"));
                }
                self.skip_line();
                return Ok(value);
            }
            if c != '\\' {
                value.push(c);
                continue;
            }
            let Some((_, escaped)) = chars.next() else { break };
            match (quote, escaped) {
                (_, '\\') => value.push('\\'),
                (_, e) if e == quote => value.push(quote),
                ('"', 'a') => value.push('\u{7}'),
                ('"', 'b') => value.push('\u{8}'),
                ('"', 'f') => value.push('\u{c}'),
                ('"', 'n') => value.push('\n'),
                ('"', 'r') => value.push('\r'),
                ('"', 't') => value.push('\t'),
                ('"', 'v') => value.push('\u{b}'),
                ('"', '\'') => value.push('\''),
                (_, other) => value.extend(['\\', other]),
            }
        }
        Err(broken(line, "has an opening quote and no closing one"))
    }

    fn unquoted(&mut self) -> String {
        let line = self.rest.split(LINE_ENDS).next().unwrap_or("");
        // The blanks after the `=` have been skipped already, so a `#` at the beginning has none before it.
        let comment = line.char_indices().find(|&(at, c)| c == '#' && line[..at].ends_with(char::is_whitespace));
        let value = line[..comment.map_or(line.len(), |(at, _)| at)].trim_end().to_owned();
        self.skip_line();
        value
    }

    fn skip_line(&mut self) {
        let end = match self.rest.find(LINE_ENDS) {
            Some(at) if self.rest[at..].starts_with("\r\n") => at + 2,
            Some(at) => at + 1,
            None => self.rest.len(),
        };
        self.advance(end);
    }

    fn advance(&mut self, bytes: usize) {
        let (passed, rest): (&'a str, &'a str) = self.rest.split_at(bytes);
        let line_ends = passed.matches(LINE_ENDS).count() - passed.matches("\r\n").count();
        self.line += line_ends;
        self.rest = rest;
    }
}

fn broken(line: usize, what: &str) -> Error {
    Error::new(ErrorCode::InvalidInput, format!("Line {line} of the .env file {what}"))
        .with_hint("Each line reads NAME=value; put a value that holds quotes or `#` into single quotes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(text).unwrap().into_iter().map(|a| (a.name, a.value)).collect()
    }

    fn value(text: &str) -> String {
        pairs(text).pop().unwrap().1
    }

    #[test]
    fn reads_what_the_original_reads() {
        assert_eq!(value("A=plain"), "plain");
        assert_eq!(value("A = spaced out  "), "spaced out");
        assert_eq!(value("export A=b"), "b");
        assert_eq!(value("A=x=y==&z"), "x=y==&z");
        assert_eq!(value("A=pa#ss"), "pa#ss");
        assert_eq!(value("A=pass # comment"), "pass");
        assert_eq!(value("A = #Secret7!"), "#Secret7!");
        assert_eq!(value("A=#a #b"), "#a");
        assert_eq!(value("A=a\u{a0}# comment"), "a");
        assert_eq!(value("A=\"\\a\\b\\f\\v\\q\""), "\u{7}\u{8}\u{c}\u{b}\\q");
        assert_eq!(value("A='si$ng\\'le\\n' # c"), "si$ng'le\\n");
        assert_eq!(value("A=\"dou\\\"ble\\n\\\\\""), "dou\"ble\n\\");
        assert_eq!(value("A=\"two\nlines\""), "two\nlines");
        assert_eq!(value("A=$HOME"), "$HOME");
        assert_eq!(value("A="), "");
        assert_eq!(value("\u{feff}A=b\r\n"), "b");
    }

    #[test]
    fn reads_several_lines() {
        let text = "# Panopto\r\n\r\nSERVER=x.example\r\nexport\tPASSWORD='p w'\r\n";
        assert_eq!(pairs(text), [("SERVER".into(), "x.example".into()), ("PASSWORD".into(), "p w".into())]);
        // Line ends of old Macs, which python-dotenv also understands.
        assert_eq!(
            pairs("A=1\r# c\rB='2' # c\rC=3"),
            [("A", "1"), ("B", "2"), ("C", "3")].map(|(n, v)| (n.into(), v.into()))
        );
        assert_eq!(pairs("exportA=b"), [("exportA".into(), "b".into())]);
    }

    #[test]
    fn names_the_line_and_never_the_text() {
        for (text, line) in [
            ("A=b\nhunter2\n", "Line 2"),
            ("\n\nA='hunter2", "Line 3"),
            ("A=b\rB=c\r\nhunter2", "Line 3"),
            ("=hunter2", "Line 1"),
            ("A='a'hunter2", "Line 1"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.message().contains(line), "{error}");
            assert!(!format!("{error} {error:?} {:?}", error.hint()).contains("hunter2"));
        }
        assert!(!format!("{:?}", parse("PASSWORD=hunter2").unwrap()).contains("hunter2"));
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_single_quotes_keep_anything(text in ".*", value in "[^\\\\']*") {
            let _ = parse(&text);
            proptest::prop_assert_eq!(pairs(&format!("A='{value}'")), [("A".to_owned(), value)]);
        }
    }
}
