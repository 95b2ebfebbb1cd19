//! `credentials …`: names the values to ask for, but never takes the values.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::{Subcommand, ValueEnum, ValueHint};

use super::paths::path;
use crate::help;

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
        #[arg(value_name = ".env", value_hint = ValueHint::FilePath, value_parser = path())]
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

/// Reads a [`CredentialName`]. Unlike clap's own reader it does not repeat a text that it cannot read: somebody may
/// have typed a secret as an argument.
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
