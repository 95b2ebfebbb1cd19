//! The engine without a window: `panopto-analytics`.
//!
//! Deliberately absent: any computing. Each command calls the same engine functions as the window and turns their
//! answers into words or, with `--json`, into one object.
//!
//! Invariant: results go to standard output, everything else goes to standard error, and a secret goes to neither.

#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test lays out files"))]

mod args;
mod bytes_bar;
mod commands;
mod exit;
mod help;
mod hints;
mod interrupt;
mod log;
mod named;
mod parquet_file;
mod progress;
mod prompt;
mod setup;
mod sparkline;
mod table;
mod terminal;
mod typed;

use std::ffi::OsString;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use engine::{Error, ErrorCode};
use serde_json::Value;

use args::{Cli, Command, NightlyCommand};
pub use exit::Exit;
use interrupt::Running;
use setup::Setup;
use terminal::{Outcome, Terminal, envelope};

/// Runs the command line of this process to its end.
pub fn main() -> ExitCode {
    engine::crash::leave_no_memory_behind();
    let typed: Vec<OsString> = std::env::args_os().collect();
    let cli = match typed::read(typed) {
        Ok(cli) => cli,
        Err(error) => return explain(&error).into(),
    };
    let terminal = Terminal::new(cli.global.json, cli.global.quiet, cli.global.progress);
    log::start(cli.global.verbose, &terminal);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let error = Error::new(ErrorCode::Internal, "The program cannot start its threads").with_source(error);
            return terminal.finish(cli.command.words(), Err(error), true).into();
        }
    };
    faults_are_told(&terminal);
    let words = cli.command.words();
    let verbose = cli.global.verbose > 0;
    let silent = cli.global.quiet && !cli.command.only_shows();
    let running = Running::default();
    let work = AssertUnwindSafe(|| runtime.block_on(run(cli, terminal.clone(), &running)));
    let outcome = std::panic::catch_unwind(work);
    // However the command ended, a sign-in that is being renewed must not be lost.
    if let Some(lifetime) = running.get() {
        runtime.block_on(lifetime.end());
    }
    // The panic hook has reported the place. Nothing that the work held is used any more.
    let outcome = outcome
        .unwrap_or_else(|_| Err(Error::new(ErrorCode::Internal, "The command ended by a fault of this program")));
    let outcome = if silent { outcome.map(Outcome::without_text) } else { outcome };
    let causes = verbose || matches!(&outcome, Err(error) if error.code() == ErrorCode::Internal);
    let exit = terminal.finish(words, outcome, causes);
    // A call may still be reading from the terminal; its line is no longer needed.
    runtime.shutdown_background();
    exit.into()
}

/// Reports a fault of the program in one line, with its place, so that people can pass it on.
fn faults_are_told(terminal: &Terminal) {
    let terminal = terminal.clone();
    std::panic::set_hook(Box::new(move |fault| {
        let place = fault.location().map(ToString::to_string).unwrap_or_default();
        let payload = fault.payload();
        let why = payload.downcast_ref::<&str>().copied().or(payload.downcast_ref::<String>().map(String::as_str));
        let why = why.unwrap_or("no reason given");
        terminal.line(&format!("fault at {place}: {}", terminal::shown(why)));
    }));
}

async fn run(cli: Cli, terminal: Terminal, running: &Running) -> Result<Outcome, Error> {
    if cli.global.present && !cli.command.can_be_presented() {
        let message = format!("`{}` has no form in which small groups are hidden", cli.command.words());
        return Err(Error::new(ErrorCode::InvalidInput, message).with_hint(
            "While presenting, `videos`, `people` and `viewers` show groups of 5 and more; for the rest leave out --present",
        ));
    }
    let variables = match &cli.command {
        Command::Sync(sync) => setup::given_server(sync.server.as_deref())?,
        Command::Nightly { command: NightlyCommand::Run(run) } => setup::given_settings(run.config_dir.as_deref())?,
        _ => None,
    };
    let keeps_nothing = cli.command.keeps_nothing();
    // If a command keeps nothing, there is nothing to say about what is kept.
    let told = (!keeps_nothing).then(|| terminal.clone());
    let cancel = interrupt::listen(told, Arc::clone(running));
    let mut setup = Setup::new(&cli.global, variables, terminal, cancel.clone())?;
    let _ = running.set(setup.lifetime.clone());
    if cli.command.needs_settings() {
        setup.settings = setup.settings_file.load()?;
    }
    if !keeps_nothing {
        // Done before the work, so that what a killed run left undone does not wait for the window.
        if let Some(told) = setup.lifetime.finish_left_move().await {
            setup.terminal.warning(&told, None);
        }
        setup.lifetime.keep_left_promises().await;
    }
    let command = commands::run(cli.command, &mut setup);
    if !keeps_nothing {
        return command.await;
    }
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "Stopped")),
        outcome = command => outcome,
    }
}

/// Prints clap's answer to what was typed: help and version on standard output, everything else on standard error.
fn explain(error: &clap::Error) -> Exit {
    let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    // If standard output is gone, nothing can be done about it.
    let _ = error.print();
    if asked_for {
        return Exit::Done;
    }
    let wants_json =
        std::env::args_os().skip(1).take_while(|argument| argument != "--").any(|argument| argument == "--json");
    if wants_json {
        let error =
            Error::new(ErrorCode::InvalidInput, in_one_sentence(error)).with_hint("See `panopto-analytics --help`");
        terminal::print_line(&envelope("", Exit::Usage, &Value::Null, Some(&error)).to_string());
    }
    Exit::Usage
}

/// What was wrong, without the usage and the tips that clap adds.
fn in_one_sentence(error: &clap::Error) -> String {
    match error.kind() {
        ErrorKind::MissingSubcommand => return "A command is missing".to_owned(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return "Something is missing: a command, or what it needs".to_owned();
        }
        _ => {}
    }
    let text = error.render().to_string();
    let lines: Vec<&str> = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
    let sentence = lines.join(" ");
    let sentence = sentence.trim_start_matches("error: ");
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
