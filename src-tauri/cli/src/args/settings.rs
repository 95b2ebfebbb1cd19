//! `settings …`: options that are not given leave their settings unchanged.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, TypedValueParser as _};
use clap::{Args, Subcommand, ValueHint};

use super::paths::path_or_nothing;

/// `settings …`
#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Show all settings
    Show,
    /// Change settings; an empty value goes back to the default
    #[command(arg_required_else_help = true)]
    Set(SettingsPatch),
    /// Move the data folder to an empty or new folder, and use it there from now on
    MoveData {
        /// The new place
        #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
        dir: PathBuf,
    },
    /// Replace a damaged settings file by the settings kept last
    Restore {
        /// Start again with the default settings instead
        #[arg(long)]
        defaults: bool,
    },
}

/// `settings set …`: what is not given stays.
#[derive(Debug, Default, PartialEq, Args)]
pub(crate) struct SettingsPatch {
    /// Panopto server: a host name or a URL
    #[arg(long, value_name = "HOST-or-URL")]
    pub(crate) server: Option<String>,
    /// ID of the API client, a GUID
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
    /// Panopto user name, where sign-in is by password
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// Redirect address registered with the API client, character for character: http://localhost:PORT/PATH
    #[arg(long, value_name = "URL")]
    pub(crate) redirect: Option<String>,
    /// Send a PKCE challenge at the browser sign-in; sites differ
    #[arg(long, value_name = "on|off", value_parser = switch())]
    pub(crate) pkce: Option<bool>,
    /// Send user name and password with each usage call, where no cookie works
    #[arg(long, value_name = "on|off", value_parser = switch())]
    pub(crate) password_in_each_call: Option<bool>,
    /// Reporting time zone of the data folder, an IANA name: on which local day a record counts
    #[arg(long, value_name = "IANA")]
    pub(crate) timezone: Option<String>,
    /// Days before the last fetched one that a sync asks for again, 0 to 365
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true, value_parser = super::lookback())]
    pub(crate) lookback: Option<u32>,
    /// Fetch captions after the viewing records of a sync
    #[arg(long, value_name = "on|off", value_parser = switch())]
    pub(crate) captions: Option<bool>,
    /// Fetch the names of viewers after a sync, and show them in the window
    #[arg(long, value_name = "on|off", value_parser = switch())]
    pub(crate) show_names: Option<bool>,
    /// Look at many folders in one call, where the site allows it, and read their lists only where something changed
    #[arg(long, value_name = "on|off", value_parser = switch())]
    pub(crate) fewer_calls: Option<bool>,
    /// Data folder used when --data is not given; nothing is moved
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, value_parser = path_or_nothing())]
    pub(crate) data_folder: Option<PathBuf>,
}

fn switch() -> impl clap::builder::TypedValueParser<Value = bool> {
    NonEmptyStringValueParser::new().try_map(|text| match text.to_ascii_lowercase().as_str() {
        "on" | "yes" | "true" => Ok(true),
        "off" | "no" | "false" => Ok(false),
        _ => Err("`on` or `off` is expected"),
    })
}
