//! What holds of each command: whether it only shows, may be presented, needs settings, and its words in JSON.
//!
//! Deliberately absent: what can be typed. Invariant: every command is named in each of these, so that a new one is decided on.

use super::{
    CaptionsCommand, Command, CoursesCommand, CredentialsCommand, KeepFor, NamesCommand, NightlyCommand,
    SettingsCommand,
};

impl Command {
    /// Whether the command changes nothing and exists only for its output. `--quiet` does not silence such a command.
    pub(crate) fn only_shows(&self) -> bool {
        match self {
            Self::Courses { command } => matches!(command, CoursesCommand::List),
            Self::Credentials { command } => matches!(command, CredentialsCommand::Show { .. }),
            Self::Settings { command } => matches!(command, SettingsCommand::Show),
            Self::Captions { command } => matches!(command, CaptionsCommand::Find { .. }),
            Self::Nightly { command } => matches!(command, NightlyCommand::Status),
            Self::Man { out } => out.is_none(),
            Self::Dates(args) => args.command.only_shows(),
            Self::Roster { command } => command.only_shows(),
            Self::Credit(args) => args.out.is_none(),
            Self::Compare(args) => args.pairs.is_empty(),
            Self::Forget(args) => !args.delete,
            Self::Retention(args) => !args.delete && args.keep_for != Some(KeepFor::Always),
            Self::Digest(_)
            | Self::People(_)
            | Self::Viewers(_)
            | Self::Matrix(_)
            | Self::Person(_)
            | Self::Facts
            | Self::Status
            | Self::Videos(_)
            | Self::Timeline(_)
            | Self::Moments(_)
            | Self::Completions { .. } => true,
            Self::Login { .. }
            | Self::Logout { .. }
            | Self::Sync(_)
            | Self::Chunk { .. }
            | Self::Export(_)
            | Self::Chart(_)
            | Self::Names { .. }
            | Self::LeaveOut(_)
            | Self::Merge(_)
            | Self::Demo { .. } => false,
        }
    }

    /// Whether what it prints may stand on a screen that others see: it says nothing about viewers, or has a form that
    /// names nobody and hides small groups.
    pub(crate) fn can_be_presented(&self) -> bool {
        match self {
            Self::Courses { .. }
            | Self::Login { .. }
            | Self::Logout { .. }
            | Self::Credentials { .. }
            | Self::Settings { .. }
            | Self::Videos(_)
            | Self::People(_)
            | Self::Viewers(_)
            | Self::Facts
            | Self::Completions { .. }
            | Self::Man { .. } => true,
            Self::Captions { command } => matches!(command, CaptionsCommand::Fetch { .. }),
            Self::Nightly { command } => !matches!(command, NightlyCommand::Run(_)),
            Self::Sync(_)
            | Self::Chunk { .. }
            | Self::Export(_)
            | Self::Status
            | Self::Timeline(_)
            | Self::Moments(_)
            | Self::Roster { .. }
            | Self::Credit(_)
            | Self::Dates(_)
            | Self::Compare(_)
            | Self::Digest(_)
            | Self::Matrix(_)
            | Self::Person(_)
            | Self::Names { .. }
            | Self::LeaveOut(_)
            | Self::Merge(_)
            | Self::Forget(_)
            | Self::Retention(_)
            | Self::Chart(_)
            | Self::Demo { .. } => false,
        }
    }

    /// Whether the command can be stopped at any instant, because it keeps nothing before its end.
    pub(crate) fn keeps_nothing(&self) -> bool {
        self.only_shows() || matches!(self, Self::Chart(_))
    }

    /// Whether the command needs the user's settings, and so cannot work if they are damaged.
    pub(crate) fn needs_settings(&self) -> bool {
        match self {
            Self::Settings { command } => !matches!(command, SettingsCommand::Restore { .. }),
            Self::Nightly { command } => !matches!(command, NightlyCommand::Remove),
            Self::Completions { .. } | Self::Man { .. } | Self::Demo { .. } => false,
            Self::Courses { .. }
            | Self::Credentials { .. }
            | Self::Status
            | Self::Videos(_)
            | Self::Login { .. }
            | Self::Logout { .. }
            | Self::Sync(_)
            | Self::Chunk { .. }
            | Self::Export(_)
            | Self::Chart(_)
            | Self::Timeline(_)
            | Self::Captions { .. }
            | Self::Dates(_)
            | Self::Roster { .. }
            | Self::Credit(_)
            | Self::Compare(_)
            | Self::Digest(_)
            | Self::People(_)
            | Self::Viewers(_)
            | Self::Matrix(_)
            | Self::Person(_)
            | Self::Names { .. }
            | Self::LeaveOut(_)
            | Self::Merge(_)
            | Self::Forget(_)
            | Self::Retention(_)
            | Self::Facts
            | Self::Moments(_) => true,
        }
    }

    /// The command's words, for the JSON envelope: `courses add`.
    pub(crate) fn words(&self) -> &'static str {
        match self {
            Self::Courses { command } => match command {
                CoursesCommand::List => "courses list",
                CoursesCommand::Add { .. } => "courses add",
                CoursesCommand::Remove { .. } => "courses remove",
                CoursesCommand::Import { .. } => "courses import",
                CoursesCommand::Repair => "courses repair",
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
            Self::Videos(_) => "videos",
            Self::Timeline(_) => "timeline",
            Self::Moments(_) => "moments",
            Self::Captions { command: CaptionsCommand::Fetch { .. } } => "captions fetch",
            Self::Captions { command: CaptionsCommand::Find { .. } } => "captions find",
            Self::Dates(args) => args.command.words(),
            Self::Roster { command } => command.words(),
            Self::Credit(_) => "credit",
            Self::Compare(_) => "compare",
            Self::Digest(_) => "digest",
            Self::Nightly { command } => command.words(),
            Self::People(_) => "people",
            Self::Viewers(_) => "viewers",
            Self::Matrix(_) => "matrix",
            Self::Person(_) => "person",
            Self::Names { command: NamesCommand::Fetch { .. } } => "names fetch",
            Self::LeaveOut(_) => "leave-out",
            Self::Merge(_) => "merge",
            Self::Forget(_) => "forget",
            Self::Retention(_) => "retention",
            Self::Facts => "facts",
            Self::Chart(_) => "chart",
            Self::Settings { command: SettingsCommand::Show } => "settings show",
            Self::Settings { command: SettingsCommand::Set(_) } => "settings set",
            Self::Settings { command: SettingsCommand::MoveData { .. } } => "settings move-data",
            Self::Settings { command: SettingsCommand::Restore { .. } } => "settings restore",
            Self::Demo { .. } => "demo",
            Self::Completions { .. } => "completions",
            Self::Man { .. } => "man",
        }
    }
}
