//! What can be typed: commands, options and the help that explains them.
//!
//! Deliberately absent: any option that takes a secret. The process list shows arguments to everybody on the computer,
//! so secrets come from a prompt, from standard input, from the keychain or from the environment.

mod captions;
mod compare;
mod courses;
mod credentials;
mod dataset;
mod dates;
mod looking;
mod moments;
mod nightly;
mod paths;
mod people;
mod properties;
mod roster;
mod settings;

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, TypedValueParser as _};
use clap::{ArgAction, Args, Parser, Subcommand, ValueHint};
use engine::settings::{DEFAULT_LOOKBACK_DAYS, MAX_LOOKBACK_DAYS};

pub(crate) use captions::CaptionsCommand;
pub(crate) use compare::{CompareArgs, DigestArgs, PairWith};
pub(crate) use courses::CoursesCommand;
pub(crate) use credentials::{CredentialName, CredentialsCommand};
pub(crate) use dataset::{ExportArgs, FolderZone, LookZone, SyncArgs, TableFormat};
pub(crate) use dates::{AddDateArgs, DatesArgs, DatesCommand, ImportDatesArgs};
pub(crate) use looking::{ChartArgs, ChartKind, ChartTheme, VideosArgs};
pub(crate) use moments::{MomentsArgs, TimelineArgs};
pub(crate) use nightly::{InstallArgs, NightlyCommand, RunArgs};
pub(crate) use people::{
    ForgetArgs, KeepFor, LeaveOutArgs, LeftOutRole, MatrixArgs, MergeArgs, NamesCommand, PeopleArgs, PersonArgs,
    RetentionArgs, ViewersArgs,
};
pub(crate) use roster::{CreditArgs, MatchArgs, RosterCommand, ZeroFor};
pub(crate) use settings::{SettingsCommand, SettingsPatch};

use paths::path;

use crate::help;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "panopto-analytics",
    // As people type it: on Windows the file ends in `.exe`.
    bin_name = "panopto-analytics",
    version,
    about = "See how lecture videos in Panopto are really watched",
    long_about = help::ABOUT,
    after_help = help::SHORT_END,
    after_long_help = help::END,
    max_term_width = 100,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// Data folder to work in [default: the one in the settings, else the system's place for application data]
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath, value_parser = path())]
    pub(crate) data: Option<PathBuf>,
    /// Print one JSON object on standard output instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print nothing but warnings and errors, and what a command is there to show
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Show progress also with --json
    #[arg(long, global = true, conflicts_with = "quiet", hide_short_help = true)]
    pub(crate) progress: bool,
    /// Show names of people, as far as they are known, instead of `Viewer 17`
    // Called otherwise in here: `credentials set` has names of its own.
    #[arg(long = "names", global = true, hide_short_help = true)]
    pub(crate) with_names: bool,
    /// Name nobody and hide groups of fewer than 5 people, for a screen that others see; a command that cannot refuses
    #[arg(long, global = true, conflicts_with = "with_names", hide_short_help = true)]
    pub(crate) present: bool,
    /// Do not use the system's keychain: secrets come from the environment only and none is kept
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) no_keychain: bool,
    /// Log on standard error what is being done, twice for more; RUST_LOG chooses more finely
    #[arg(long, short, global = true, action = ArgAction::Count, hide_short_help = true)]
    pub(crate) verbose: u8,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show and change the course list
    #[command(long_about = help::COURSES, subcommand_required = true, arg_required_else_help = true)]
    Courses {
        /// What to do with it.
        #[command(subcommand)]
        command: CoursesCommand,
    },
    /// Sign in to Panopto with the browser
    #[command(long_about = help::LOGIN)]
    Login {
        /// Only print the address; do not open a browser
        #[arg(long)]
        no_browser: bool,
    },
    /// Sign out: forget the browser sign-in and the password
    #[command(long_about = help::LOGOUT)]
    Logout {
        /// Forget the client secret as well
        #[arg(long)]
        client_secret: bool,
    },
    /// Keep server, API client and password for signing in
    #[command(long_about = help::CREDENTIALS, subcommand_required = true, arg_required_else_help = true)]
    Credentials {
        /// What to do with them.
        #[command(subcommand)]
        command: CredentialsCommand,
    },
    /// Fetch new viewing records from Panopto
    #[command(long_about = help::SYNC)]
    Sync(SyncArgs),
    /// Work out which parts of each video each viewer has covered
    #[command(long_about = help::CHUNK)]
    Chunk {
        /// The reporting time zone.
        #[command(flatten)]
        zone: FolderZone,
    },
    /// Save the dataset and a workbook for Tableau
    #[command(long_about = help::EXPORT)]
    Export(ExportArgs),
    /// Show the courses, how far each is fetched, and what failed last
    #[command(long_about = help::STATUS)]
    Status,
    /// List the videos of a course: IDs, viewers, how much was covered
    #[command(long_about = help::VIDEOS)]
    Videos(VideosArgs),
    /// Show how many viewers and plays each second of a video has
    #[command(long_about = help::TIMELINE)]
    Timeline(TimelineArgs),
    /// Show the stretches of a video, or of a course, that deserve a look
    #[command(long_about = help::MOMENTS)]
    Moments(MomentsArgs),
    /// Fetch what is said in the videos, and find words in it
    #[command(long_about = help::CAPTIONS, subcommand_required = true, arg_required_else_help = true)]
    Captions {
        /// What to do with them.
        #[command(subcommand)]
        command: CaptionsCommand,
    },
    /// Show and change the dates of a course: exams, deadlines, lectures, breaks, its term
    #[command(long_about = help::DATES, subcommand_required = true, arg_required_else_help = true)]
    Dates(DatesArgs),
    /// Import and show the class list of a course, and say who on it is which viewer
    #[command(long_about = help::ROSTER, subcommand_required = true, arg_required_else_help = true)]
    Roster {
        /// What to do with it.
        #[command(subcommand)]
        command: RosterCommand,
    },
    /// Work out points for watching videos by a deadline, as a file for a gradebook
    #[command(long_about = help::CREDIT)]
    Credit(Box<CreditArgs>),
    /// Compare two terms of a course, video by video
    #[command(long_about = help::COMPARE)]
    Compare(CompareArgs),
    /// Tell what is new in a course, in a few sentences
    #[command(long_about = help::DIGEST)]
    Digest(DigestArgs),
    /// Sync and save the dataset every night
    #[command(long_about = help::NIGHTLY, subcommand_required = true, arg_required_else_help = true)]
    Nightly {
        /// What to do with the job.
        #[command(subcommand)]
        command: NightlyCommand,
    },
    /// List the people of a course, and how much of it each covered
    #[command(long_about = help::PEOPLE)]
    People(PeopleArgs),
    /// Show who has not opened, started or covered a video, also by an instant
    #[command(long_about = help::VIEWERS)]
    Viewers(ViewersArgs),
    /// Show how much of each video each person covered
    #[command(long_about = help::MATRIX)]
    Matrix(MatrixArgs),
    /// Show what one person watched
    #[command(long_about = help::PERSON)]
    Person(PersonArgs),
    /// Fetch the names of viewers
    #[command(long_about = help::NAMES, subcommand_required = true, arg_required_else_help = true)]
    Names {
        /// What to do with them.
        #[command(subcommand)]
        command: NamesCommand,
    },
    /// Leave people out of figures, charts and the dataset
    #[command(long_about = help::LEAVE_OUT)]
    LeaveOut(LeaveOutArgs),
    /// Make several accounts one person
    #[command(long_about = help::MERGE)]
    Merge(MergeArgs),
    /// Remove everything that is kept about a person
    #[command(long_about = help::FORGET)]
    Forget(ForgetArgs),
    /// Delete viewing records that are older than they may be kept
    #[command(long_about = help::RETENTION)]
    Retention(RetentionArgs),
    /// Show what this program keeps, where, and whom it speaks to
    #[command(long_about = help::FACTS)]
    Facts,
    /// Draw a chart of one video as SVG or PNG
    #[command(long_about = help::CHART)]
    Chart(ChartArgs),
    /// Show and change the settings
    #[command(long_about = help::SETTINGS, subcommand_required = true, arg_required_else_help = true)]
    Settings {
        /// What to do with them.
        #[command(subcommand)]
        command: SettingsCommand,
    },
    /// Try everything with three sample courses from a built-in, simulated server
    #[command(long_about = help::DEMO)]
    Demo {
        /// Folder for the sample data; made if it is missing
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath, value_parser = path())]
        dir: PathBuf,
        /// The reporting time zone.
        #[command(flatten)]
        zone: FolderZone,
    },
    /// Print the completion script of a shell
    #[command(long_about = help::COMPLETIONS)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Write the manual pages
    #[command(hide = true)]
    Man {
        /// Folder for the pages of all commands; without it the main page goes to standard output
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, value_parser = path())]
        out: Option<PathBuf>,
    },
}

/// Reads the days of a look-back. The refusal names the range, whatever was typed.
fn lookback() -> impl clap::builder::TypedValueParser<Value = u32> {
    NonEmptyStringValueParser::new().try_map(|text| match text.trim().parse() {
        Ok(days @ 0..=MAX_LOOKBACK_DAYS) => Ok(days),
        _ => Err(format!("0 to {MAX_LOOKBACK_DAYS} days are expected; {DEFAULT_LOOKBACK_DAYS} is usual")),
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_command_has_an_argument_that_is_called_as_an_option_of_every_command() {
        fn look(command: &clap::Command, taken: &[String]) {
            for inner in command.get_subcommands() {
                let own = inner.get_arguments().map(|argument| argument.get_id().to_string());
                let clash: Vec<String> = own.filter(|id| taken.contains(id)).collect();
                assert!(
                    clash.is_empty(),
                    "`{}`: {clash:?} would be read as the option of every command",
                    inner.get_name()
                );
                look(inner, taken);
            }
        }
        let cli = Cli::command();
        let taken: Vec<String> = cli
            .get_arguments()
            .filter(|argument| argument.is_global_set())
            .map(|argument| argument.get_id().to_string())
            .collect();
        assert!(taken.len() > 5, "{taken:?}");
        look(&cli, &taken);
    }

    /// Every example in the help, as the lines in which it is printed.
    fn examples() -> Vec<Vec<String>> {
        fn collect(command: &clap::Command, texts: &mut Vec<String>) {
            let help = [command.get_long_about(), command.get_after_long_help(), command.get_after_help()];
            texts.extend(help.into_iter().flatten().map(ToString::to_string));
            command.get_subcommands().for_each(|inner| collect(inner, texts));
        }
        let mut texts = Vec::new();
        collect(&Cli::command(), &mut texts);
        let mut examples = Vec::new();
        for text in texts {
            let mut lines = text.lines();
            while let Some(line) = lines.next() {
                let Some(begin) = line.find("panopto-analytics ").filter(|_| line.starts_with("  ")) else { continue };
                let mut example = vec![line.to_owned()];
                while example.last().is_some_and(|last| last.ends_with('\\')) {
                    example.extend(lines.next().map(str::to_owned));
                }
                example[0].replace_range(..begin, "");
                examples.push(example);
            }
        }
        examples
    }

    #[test]
    fn every_example_fits_a_terminal_of_80_columns_and_is_understood() {
        let examples = examples();
        assert!(examples.len() > 40, "{examples:?}");
        for lines in examples {
            for line in &lines {
                assert!(line.chars().count() <= 78, "it would be cut in two: {line}");
            }
            let typed = lines.join(" ").replace('\\', "");
            for command in typed.split(" | ").flat_map(|part| part.split("; ")) {
                let words = command.split_whitespace();
                let words =
                    words.take_while(|word| !["#", "<", ">", ">>"].contains(word)).collect::<Vec<_>>().join(" ");
                if !words.starts_with("panopto-analytics ") {
                    continue;
                }
                // Text between quotes is one word.
                let mut arguments = Vec::new();
                for (index, part) in words.split('\'').enumerate() {
                    match index % 2 {
                        0 => arguments.extend(part.split_whitespace().map(str::to_owned)),
                        _ => arguments.push(part.to_owned()),
                    }
                }
                if let Err(error) = Cli::try_parse_from(&arguments) {
                    panic!("{words}: {error}");
                }
            }
        }
    }

    #[test]
    fn no_option_takes_a_secret() {
        fn look(command: &clap::Command) {
            for argument in command.get_arguments() {
                let takes_a_value = argument.get_action().takes_values();
                let name = argument.get_id().as_str();
                let secret = ["secret", "token", "password"].iter().any(|word| name.contains(word));
                assert!(
                    !(takes_a_value && secret) || name == "password_in_each_call",
                    "{} --{name} would show a secret in the process list",
                    command.get_name()
                );
            }
            command.get_subcommands().for_each(look);
        }
        look(&Cli::command());
    }

    /// Every word that means something here.
    fn words() -> Vec<String> {
        fn collect(command: &clap::Command, words: &mut Vec<String>) {
            words.push(command.get_name().to_owned());
            for argument in command.get_arguments() {
                words.extend(argument.get_long().map(|long| format!("--{long}")));
                words.extend(argument.get_short().map(|short| format!("-{short}")));
                words.extend(argument.get_possible_values().iter().map(|value| value.get_name().to_owned()));
            }
            command.get_subcommands().for_each(|inner| collect(inner, words));
        }
        let mut words = Vec::new();
        collect(&Cli::command(), &mut words);
        words.extend(
            ["6513270e-269e-4d37-b2a7-4de452e6b438", "2024-02-30", "--", "-", "", "99999999999"].map(str::to_owned),
        );
        words
    }

    proptest::proptest! {
        #[test]
        fn any_arguments_are_read_or_refused(
            typed in proptest::collection::vec(
                proptest::prop_oneof![
                    4 => proptest::sample::select(words()),
                    1 => proptest::prelude::any::<String>(),
                    1 => "-{0,2}[a-z]{0,10}(=[ -~]{0,10})?",
                ],
                0..9,
            ),
        ) {
            let typed = std::iter::once("panopto-analytics".to_owned()).chain(typed);
            if let Err(error) = Cli::try_parse_from(typed) {
                proptest::prop_assert!(!error.render().to_string().is_empty());
            }
        }
    }
}
