//! What can be typed: commands, options and the help that explains them.
//!
//! Deliberately absent: any option that takes a secret. The process list shows arguments to everybody on the computer,
//! so secrets come from a prompt, from standard input, from the keychain or from the environment.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, TypedValueParser as _};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum, ValueHint};
use model::{DateRange, Day, FolderId, SessionId};

use crate::help;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "panopto-analytics",
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
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) data: Option<PathBuf>,
    /// Print one JSON object on standard output instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say nothing but results, warnings and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Show progress also with --json
    #[arg(long, global = true, conflicts_with = "quiet", hide_short_help = true)]
    pub(crate) progress: bool,
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
        zone: Zone,
    },
    /// Save the dataset and a workbook for Tableau
    #[command(long_about = help::EXPORT)]
    Export(ExportArgs),
    /// Show the courses, how far each is fetched, and what failed last
    #[command(long_about = help::STATUS)]
    Status,
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
    /// Try everything with two sample courses from a built-in, simulated server
    #[command(long_about = help::DEMO)]
    Demo {
        /// Folder for the sample data; made if it is missing
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        dir: PathBuf,
        /// The reporting time zone.
        #[command(flatten)]
        zone: Zone,
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
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        out: Option<PathBuf>,
    },
}

/// `courses …`
#[derive(Debug, Subcommand)]
pub(crate) enum CoursesCommand {
    /// Show the course list
    #[command(long_about = help::COURSES_LIST)]
    List,
    /// Add folders by ID or by any Panopto link to them
    #[command(long_about = help::COURSES_ADD)]
    Add {
        /// Folder IDs or links; `-` reads them from standard input, one a line
        #[arg(required = true, value_name = "FOLDER")]
        folders: Vec<String>,
    },
    /// Take a course off the list
    #[command(long_about = help::COURSES_REMOVE)]
    Remove {
        /// The course's folder ID, or a link to it
        #[arg(value_name = "ID")]
        course: String,
        /// Delete what was fetched of it as well; this cannot be undone
        #[arg(long)]
        delete_data: bool,
    },
    /// Add all courses of a courses.csv
    #[command(long_about = help::COURSES_IMPORT)]
    Import {
        /// The file: PanoptoFolderName,PanoptoFolderID
        #[arg(value_name = "courses.csv", value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
}

/// `credentials …`
#[derive(Debug, Subcommand)]
pub(crate) enum CredentialsCommand {
    /// Ask for credentials and keep them, secrets in the keychain
    #[command(long_about = help::CREDENTIALS_SET)]
    Set {
        /// What to set [default on a terminal: all, one after the other]
        #[arg(value_name = "NAME", value_parser = CredentialNames)]
        names: Vec<CredentialName>,
        /// Keep a password without trying it on the server first
        #[arg(long)]
        no_check: bool,
    },
    /// Say what is set and where, never the secrets themselves
    #[command(long_about = help::CREDENTIALS_SHOW)]
    Show {
        /// Ask the server as well who is signed in
        #[arg(long)]
        check: bool,
    },
    /// Take over the .env file of the original scripts
    #[command(long_about = help::CREDENTIALS_IMPORT)]
    ImportEnv {
        /// The file; `-` for standard input
        #[arg(value_name = ".env", value_hint = ValueHint::FilePath)]
        file: PathBuf,
    },
}

/// What `credentials set` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum CredentialName {
    /// Host name or URL of the Panopto server
    Server,
    /// ID of the API client
    ClientId,
    /// Secret of the API client
    ClientSecret,
    /// Panopto user name, where sign-in is by password
    Username,
    /// Panopto password
    Password,
}

/// Reads a [`CredentialName`]. Unlike clap's own reader it does not repeat what it cannot read: that may be a secret
/// which somebody took for an argument.
#[derive(Debug, Clone, Copy)]
struct CredentialNames;

impl clap::builder::TypedValueParser for CredentialNames {
    type Value = CredentialName;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<CredentialName, clap::Error> {
        value.to_str().and_then(|text| CredentialName::from_str(text, true).ok()).ok_or_else(|| {
            let names: Vec<_> = self.possible_values().into_iter().flatten().map(|n| n.get_name().to_owned()).collect();
            let message = format!(
                "only names follow, never values: values are asked for or read from standard input\n\nNames: {}\n",
                names.join(", ")
            );
            clap::Error::raw(clap::error::ErrorKind::InvalidValue, message).with_cmd(command)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = clap::builder::PossibleValue> + '_>> {
        Some(Box::new(CredentialName::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}

/// `sync …`
#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// Only this course, by folder ID; may be given several times [default: the whole course list]
    #[arg(long = "course", value_name = "ID", value_parser = FolderId::parse)]
    pub(crate) courses: Vec<FolderId>,
    /// Days before the last fetched one to ask for again, in case records came late [default: 2, a setting]
    #[arg(long, value_name = "DAYS")]
    pub(crate) lookback: Option<u32>,
    /// The Panopto server, for this run [default: PANOPTO_SERVER, else the one in the settings]
    #[arg(long, value_name = "HOST-or-URL", value_hint = ValueHint::Hostname)]
    pub(crate) server: Option<String>,
}

/// The reporting time zone of this run.
#[derive(Debug, Args)]
pub(crate) struct Zone {
    /// Reporting time zone: on which local day a record counts [default: the one in the settings, else the computer's]
    #[arg(long = "timezone", value_name = "IANA")]
    pub(crate) name: Option<String>,
}

/// `export …`
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Folder for the files; made if it is missing
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: PathBuf,
    /// Only this course, by folder ID; may be given several times [default: the whole course list]
    #[arg(long = "course", value_name = "ID", value_parser = FolderId::parse)]
    pub(crate) courses: Vec<FolderId>,
    /// Replace viewer IDs by pseudonyms that stay the same from export to export; their key is in the keychain, or in
    /// PANOPTO_ANALYTICS_PSEUDONYM_KEY
    #[arg(long)]
    pub(crate) pseudonyms: bool,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: Zone,
    /// Defuse texts that a spreadsheet would run as a formula; Tableau does not need it
    #[arg(long)]
    pub(crate) guard_formulas: bool,
}

/// `chart …`
#[derive(Debug, Args)]
pub(crate) struct ChartArgs {
    /// The video: its ID, the `id` in the address of its page
    #[arg(value_name = "SESSION_ID", value_parser = SessionId::parse)]
    pub(crate) session: SessionId,
    /// The file to write; its ending decides on the form: .svg or .png
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: PathBuf,
    /// Which chart
    #[arg(long, value_enum, default_value_t = ChartKind::Timeline)]
    pub(crate) kind: ChartKind,
    /// What it is looked at on
    #[arg(long, value_enum, default_value_t = ChartTheme::Light)]
    pub(crate) theme: ChartTheme,
    /// First day, in the reporting time zone [default: all dates]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day())]
    pub(crate) from: Option<Day>,
    /// Last day, itself included
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day())]
    pub(crate) to: Option<Day>,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: Zone,
}

/// The charts of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartKind {
    /// Viewers across the video's chunks: who reached each, who covered at least 75 % of it
    Timeline,
    /// Average time in each chunk, per viewer who reached it
    AverageTime,
    /// Viewers across time: on each day, week or month
    AcrossTime,
}

/// What the chart is looked at on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartTheme {
    /// Dark on light
    Light,
    /// Light on dark
    Dark,
    /// Black on white, for paper and slides
    Print,
}

impl ChartArgs {
    /// The days asked for; `None` where the last is before the first.
    pub(crate) fn range(&self) -> Option<DateRange> {
        let first = self.from.unwrap_or(DateRange::ALL.first());
        let last = self.to.unwrap_or(DateRange::ALL.last());
        (first <= last).then(|| DateRange::between(first, last))
    }
}

/// `settings …`
#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Show all settings
    Show,
    /// Change settings; an empty value goes back to the default
    #[command(arg_required_else_help = true)]
    Set(SettingsPatch),
}

/// `settings set …`: what is not given stays.
#[derive(Debug, Args)]
pub(crate) struct SettingsPatch {
    /// Panopto server: a host name or a URL
    #[arg(long, value_name = "HOST-or-URL")]
    pub(crate) server: Option<String>,
    /// ID of the API client
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// Panopto user name, where sign-in is by password
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// Redirect address registered with the API client, character for character
    #[arg(long, value_name = "URL")]
    pub(crate) redirect: Option<String>,
    /// Send a PKCE challenge at the browser sign-in; sites differ
    #[arg(long, value_name = "on|off", value_parser = switch())]
    pub(crate) pkce: Option<bool>,
    /// Send user name and password with each usage call, where no cookie works
    #[arg(long, value_name = "on|off", value_parser = switch())]
    pub(crate) password_in_each_call: Option<bool>,
    /// Reporting time zone, an IANA name
    #[arg(long, value_name = "IANA")]
    pub(crate) timezone: Option<String>,
    /// Days before the last fetched one that a sync asks for again
    #[arg(long, value_name = "DAYS")]
    pub(crate) lookback: Option<u32>,
    /// Data folder used when --data is not given; nothing is moved
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) data_folder: Option<PathBuf>,
}

fn switch() -> impl clap::builder::TypedValueParser<Value = bool> {
    NonEmptyStringValueParser::new().try_map(|text| match text.to_ascii_lowercase().as_str() {
        "on" | "yes" | "true" => Ok(true),
        "off" | "no" | "false" => Ok(false),
        _ => Err("`on` or `off` is expected"),
    })
}

fn day() -> impl clap::builder::TypedValueParser<Value = Day> {
    NonEmptyStringValueParser::new().try_map(|text| {
        text.parse::<chrono::NaiveDate>().map(Day::from_date).map_err(|_| "a date such as 2024-09-01 is expected")
    })
}

impl Command {
    /// The command's words, for the JSON envelope: `courses add`.
    pub(crate) fn words(&self) -> &'static str {
        match self {
            Self::Courses { command } => match command {
                CoursesCommand::List => "courses list",
                CoursesCommand::Add { .. } => "courses add",
                CoursesCommand::Remove { .. } => "courses remove",
                CoursesCommand::Import { .. } => "courses import",
            },
            Self::Login { .. } => "login",
            Self::Logout { .. } => "logout",
            Self::Credentials { command } => match command {
                CredentialsCommand::Set { .. } => "credentials set",
                CredentialsCommand::Show { .. } => "credentials show",
                CredentialsCommand::ImportEnv { .. } => "credentials import-env",
            },
            Self::Sync(_) => "sync",
            Self::Chunk { .. } => "chunk",
            Self::Export(_) => "export",
            Self::Status => "status",
            Self::Chart(_) => "chart",
            Self::Settings { command: SettingsCommand::Show } => "settings show",
            Self::Settings { command: SettingsCommand::Set(_) } => "settings set",
            Self::Demo { .. } => "demo",
            Self::Completions { .. } => "completions",
            Self::Man { .. } => "man",
        }
    }
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
}
