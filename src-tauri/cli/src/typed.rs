//! Reads what was typed. `help sync` and `courses help`, which other programs accept, become `sync --help` and `courses
//! --help`, whatever options come before them; `-1` is a number that is too small, and not an option that nobody knows.

use std::ffi::OsString;

use clap::{Command, CommandFactory as _, FromArgMatches as _};

use crate::args::Cli;

/// Commands that have subcommands.
const GROUPS: [&str; 7] = ["captions", "courses", "credentials", "names", "nightly", "roster", "settings"];
/// Options of every command whose value may follow as a separate argument.
const WITH_VALUE: [&str; 1] = ["--data"];

/// What was typed, or what is wrong with it.
pub(crate) fn read(typed: Vec<OsString>) -> Result<Cli, clap::Error> {
    let mut matches = with_negative_numbers(Cli::command()).try_get_matches_from(with_help_as_option(typed))?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut Cli::command()))
}

/// A number below zero is a value, which then is refused with the numbers that can be given.
fn with_negative_numbers(command: Command) -> Command {
    command
        .mut_args(
            |option| if option.get_action().takes_values() { option.allow_negative_numbers(true) } else { option },
        )
        .mut_subcommands(with_negative_numbers)
}

/// The arguments of this process, with the command `help` replaced by the option.
fn with_help_as_option(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let words = words(&arguments);
    let place = match (words.first().copied(), words.get(1).copied()) {
        (Some(first), _) if arguments[first] == "help" => Some(first),
        (Some(first), Some(second)) if arguments[second] == "help" => {
            GROUPS.iter().any(|group| arguments[first] == *group).then_some(second)
        }
        _ => None,
    };
    if let Some(place) = place {
        arguments.remove(place);
        arguments.push("--help".into());
    }
    arguments
}

/// The places of the arguments that are neither options nor their values.
fn words(arguments: &[OsString]) -> Vec<usize> {
    let mut is_value = false;
    let mut places = Vec::new();
    for (place, argument) in arguments.iter().enumerate().skip(1) {
        if argument == "--" {
            break;
        }
        if std::mem::take(&mut is_value) {
            continue;
        }
        if argument.as_encoded_bytes().starts_with(b"-") {
            is_value = WITH_VALUE.iter().any(|option| argument == *option);
        } else {
            places.push(place);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adjusted(line: &str) -> String {
        let typed = line.split(' ').map(OsString::from).collect();
        with_help_as_option(typed).iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn help_is_a_command_wherever_it_can_stand() {
        for (typed, meant) in [
            ("p help", "p --help"),
            ("p help sync", "p sync --help"),
            ("p -q help sync", "p -q sync --help"),
            ("p --data x help sync", "p --data x sync --help"),
            ("p --data=x --json help courses add", "p --data=x --json courses add --help"),
            ("p courses help", "p courses --help"),
            ("p -v courses -q help add", "p -v courses -q add --help"),
        ] {
            assert_eq!(adjusted(typed), meant);
        }
    }

    #[test]
    fn a_name_that_is_help_stays_a_name() {
        for typed in
            ["p --data help status", "p videos help", "p courses remove help", "p -- help", "p courses -- help"]
        {
            assert_eq!(adjusted(typed), typed);
        }
    }
}
