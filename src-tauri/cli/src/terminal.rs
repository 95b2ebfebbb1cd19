//! The only place that writes to the terminal: results to standard output, everything else to standard error.
//!
//! Invariant: any text from a server or a file passes through [`shown`] before it is printed as text, so that a name
//! cannot move the cursor, recolour or hide anything.

use std::io::{self, IsTerminal as _, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use console::Style;
use engine::{Error, ErrorCode};
use indicatif::{MultiProgress, ProgressDrawTarget};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::hints;

/// The result of a command: as text, as JSON, and how it ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) exit: Exit,
    /// For people: whole lines without the last line break. If it is empty, nothing is printed.
    pub(crate) text: String,
    /// For programs: the `result` of the envelope.
    pub(crate) json: Value,
    /// The reason, if the command did not do everything it was asked to do.
    pub(crate) error: Option<Error>,
}

impl Outcome {
    /// Everything was done.
    pub(crate) fn done(text: impl Into<String>, json: Value) -> Self {
        Self { exit: Exit::Done, text: text.into(), json, error: None }
    }

    /// The same result without any text for people.
    pub(crate) fn without_text(self) -> Self {
        Self { text: String::new(), ..self }
    }
}

/// How much is shown while a command works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Showing {
    /// Nothing.
    Nothing,
    /// An occasional line.
    Lines,
    /// Moving bars.
    Bars,
}

/// Standard output and standard error of this process. Clones write to the same streams.
#[derive(Debug, Clone)]
pub(crate) struct Terminal {
    json: bool,
    showing: Showing,
    bars: Arc<MultiProgress>,
    /// Whether the cursor is behind a question.
    asking: Arc<AtomicBool>,
}

impl Terminal {
    /// `json`: one object on standard output; `quiet`: no notes and no progress; `progress`: show progress even with
    /// `json`.
    pub(crate) fn new(json: bool, quiet: bool, progress: bool) -> Self {
        let showing = if quiet || (json && !progress) {
            Showing::Nothing
        } else if io::stderr().is_terminal() && !console::Term::stderr().features().is_msys_tty() {
            Showing::Bars
        } else {
            Showing::Lines
        };
        let target = if showing == Showing::Bars { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { json, showing, bars: Arc::new(MultiProgress::with_draw_target(target)), asking: Arc::default() }
    }

    /// How progress is shown.
    pub(crate) fn showing(&self) -> Showing {
        self.showing
    }

    /// Where moving bars are drawn.
    pub(crate) fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Prints something that a person may like to know. Not with `--quiet`, and not for a program that uses `--json`.
    pub(crate) fn note(&self, text: &str) {
        if self.showing != Showing::Nothing {
            self.line(text);
        }
    }

    /// Prints something that the user should know.
    pub(crate) fn warning(&self, message: &str, hint: Option<&str>) {
        self.line(&format!("{}: {}", heading("warning", &Style::new().for_stderr().yellow().bold()), shown(message)));
        if let Some(hint) = hint {
            self.hint(hint);
        }
    }

    fn hint(&self, hint: &str) {
        self.line(&format!("{}: {}", heading("hint", &Style::new().for_stderr().cyan()), shown(hints::ours(hint))));
    }

    /// Prints why the command failed; with `causes` also the underlying errors.
    pub(crate) fn error(&self, error: &Error, causes: bool) {
        if error.code() == ErrorCode::Cancelled {
            // Something that the user asked for is not an error.
            return self.note(error.message());
        }
        self.line(&format!(
            "{}: {}",
            heading("error", &Style::new().for_stderr().red().bold()),
            shown(error.message())
        ));
        if causes {
            let mut said = error.message().to_owned();
            let mut cause = std::error::Error::source(error);
            while let Some(inner) = cause {
                let text = inner.to_string();
                if !said.contains(&text) {
                    self.line(&format!("  because: {}", shown(&text)));
                    said = text;
                }
                cause = inner.source();
            }
        }
        if let Some(hint) = error.hint() {
            self.hint(hint);
        }
    }

    /// Prints the question of a prompt, without a line break. Questions are asked only on a terminal, so this is always
    /// shown.
    pub(crate) fn question(&self, text: &str) {
        self.asking.store(true, Ordering::Relaxed);
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
    }

    /// The question was answered, and that ended its line.
    pub(crate) fn answered(&self) {
        self.asking.store(false, Ordering::Relaxed);
    }

    /// Prints a line on standard error, above any moving bars. If standard error is gone, that is no reason to fail.
    pub(crate) fn line(&self, text: &str) {
        let lead = if self.asking.swap(false, Ordering::Relaxed) { "\n" } else { "" };
        self.bars.suspend(|| {
            let _ = writeln!(io::stderr().lock(), "{lead}{text}");
        });
    }

    /// Prints the result of `command` on standard output and returns its exit.
    ///
    /// A reader that has gone (`… | head`) is not a failure; a full disk behind a redirection is.
    pub(crate) fn finish(&self, command: &str, outcome: Result<Outcome, Error>, causes: bool) -> Exit {
        let (exit, text, json, error) = match outcome {
            Ok(Outcome { exit, text, json, error }) => (exit, text, json, error),
            Err(error) => (Exit::of(error.code()), String::new(), Value::Null, Some(error)),
        };
        if let Some(error) = &error {
            self.error(error, causes);
        }
        let printed = if self.json {
            print(&escaped(&envelope(command, exit, &json, error.as_ref()).to_string()))
        } else if text.is_empty() {
            Ok(())
        } else {
            print(&text)
        };
        match printed {
            Err(refused) if refused.kind() != io::ErrorKind::BrokenPipe => {
                self.line(&format!("error: The result cannot be written to standard output: {refused}"));
                Exit::Failed
            }
            _ => exit,
        }
    }

    /// A writer for the log: whole lines on standard error, above any moving bars.
    pub(crate) fn log_writer(&self) -> LogWriter {
        LogWriter { terminal: self.clone(), line: Vec::new() }
    }
}

/// The one object that `--json` prints.
pub(crate) fn envelope(command: &str, exit: Exit, result: &Value, error: Option<&Error>) -> Value {
    let mut result = result.clone();
    in_our_words(&mut result);
    json!({
        "version": 1,
        "command": Some(command).filter(|command| !command.is_empty()),
        "status": exit.word(),
        "exitCode": exit.number(),
        "result": result,
        "error": error.map(error_json),
    })
}

/// Puts the hints of failures within a result into the words of the command line.
fn in_our_words(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for (name, entry) in entries {
                match entry {
                    Value::String(hint) if name == "hint" => *hint = hints::ours(hint).to_owned(),
                    other => in_our_words(other),
                }
            }
        }
        Value::Array(entries) => entries.iter_mut().for_each(in_our_words),
        _ => {}
    }
}

/// Gives the ID of each entry the name `id`, whatever the part of the engine that reports it calls it.
pub(crate) fn with_ids(mut entries: Value) -> Value {
    for entry in entries.as_array_mut().into_iter().flatten() {
        if let Some(entry) = entry.as_object_mut()
            && let Some(id) = entry.remove("course")
        {
            entry.insert("id".to_owned(), id);
        }
    }
    entries
}

/// An error in the form that programs read.
pub(crate) fn error_json(error: &Error) -> Value {
    json!({ "code": error.code().as_str(), "message": error.message(), "hint": error.hint().map(hints::ours) })
}

/// Prints a line on standard output. If standard output is gone, that is ignored.
pub(crate) fn print_line(text: &str) {
    let _ = print(text);
}

fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()
}

/// The width of standard output in columns, if it is a terminal. `COLUMNS` wins over what the terminal says.
pub(crate) fn stdout_width() -> Option<usize> {
    let terminal = console::Term::stdout();
    if !terminal.is_term() {
        return None;
    }
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok());
    told.or_else(|| terminal.size_checked().map(|(_, columns)| columns.into())).filter(|columns| *columns > 0)
}

fn heading(word: &str, style: &Style) -> String {
    style.apply_to(word).to_string()
}

/// Text from outside, made safe to print: control characters and those that change the direction of writing become `�`;
/// a line break or tab becomes a blank.
pub(crate) fn shown(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' => ' ',
            other if acts(other) => '\u{fffd}',
            other => other,
        })
        .collect()
}

/// JSON with the same characters written as `\u…`. To a program it means the same, and a terminal can show it safely.
pub(crate) fn escaped(json: &str) -> String {
    use std::fmt::Write as _;

    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if acts(character) {
            // Writing to a string never fails.
            let _ = write!(out, "\\u{:04x}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// Whether a terminal may act on this character instead of showing it. All of these fit into four hexadecimal digits.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Collects a log line and writes it in one piece.
pub(crate) struct LogWriter {
    terminal: Terminal,
    line: Vec<u8>,
}

impl Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for LogWriter {
    fn drop(&mut self) {
        let text = String::from_utf8_lossy(&self.line);
        for line in text.lines() {
            self.terminal.line(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_is_harmless() {
        assert_eq!(shown("a\u{1b}[2Jb\u{202e}c\r\nd"), "a\u{fffd}[2Jb\u{fffd}c  d");
        assert_eq!(shown("Análisis 数据 – été"), "Análisis 数据 – été");
        let json = json!("é\u{9b}2J\u{7f}\u{202e}\u{1b}").to_string();
        assert_eq!(escaped(&json), r#""é\u009b2J\u007f\u202e\u001b""#);
        assert_eq!(serde_json::from_str::<Value>(&escaped(&json)).unwrap(), json!("é\u{9b}2J\u{7f}\u{202e}\u{1b}"));
    }

    #[test]
    fn the_envelope_has_one_form() {
        let error = Error::new(ErrorCode::Network, "Not there").with_hint("Look again");
        let failed = envelope("sync", Exit::Network, &Value::Null, Some(&error));
        let done = envelope("sync", Exit::Done, &json!({ "a": 1 }), None);
        let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&failed), names(&done));
        assert_eq!(failed["error"]["code"], "network");
        assert_eq!(done["error"], Value::Null);
    }

    #[test]
    fn every_hint_names_commands() {
        let told =
            json!({ "courses": [{ "name": "Sign in again", "outcome": { "error": { "hint": "Sign in again" } } }] });
        let course = &envelope("sync", Exit::Partial, &told, None)["result"]["courses"][0];
        assert_eq!(course["outcome"]["error"]["hint"], "Sign in again with `panopto-analytics login`");
        assert_eq!(course["name"], "Sign in again", "nothing else is touched");
    }
}
