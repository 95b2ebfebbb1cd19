//! `credentials set`, `show` and `import-env`.
//!
//! Invariant: no secret is ever printed in any form. Only its presence and the place where it is stored are shown.

use std::path::Path;

use engine::connection::{ConnectionInfo, Origin, Sourced};
use engine::secrets::{Secret, on_blocking_thread};
use engine::settings::{Settings, check_client_id};
use engine::store::{Disk as _, RealDisk};
use engine::{Error, ErrorCode, Result};
use model::text::decoded;
use model::words::counted;
use serde_json::{Value, json};

use crate::args::CredentialName;
use crate::prompt;
use crate::setup::{Setup, path_text};
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

const ALL: [CredentialName; 5] = [
    CredentialName::Server,
    CredentialName::ClientId,
    CredentialName::ClientSecret,
    CredentialName::Username,
    CredentialName::Password,
];

impl CredentialName {
    fn is_secret(self) -> bool {
        matches!(self, Self::ClientSecret | Self::Password)
    }

    fn label(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::ClientId => "client ID",
            Self::ClientSecret => "client secret",
            Self::Username => "user name",
            Self::Password => "password",
        }
    }

    fn question(self) -> &'static str {
        match self {
            Self::Server => "Panopto server, for example university.hosted.panopto.com",
            Self::ClientId => "Client ID of the API client",
            Self::ClientSecret => "Client secret (is not shown)",
            Self::Username => "Panopto user name, only for signing in with a password",
            Self::Password => "Panopto password (is not shown)",
        }
    }
}

/// Asks for credentials and stores them.
pub(crate) async fn set(setup: &mut Setup, mut names: Vec<CredentialName>, no_check: bool) -> Result<Outcome> {
    let mut asked = Vec::new();
    names.retain(|name| {
        !asked.contains(name) && {
            asked.push(*name);
            true
        }
    });
    let interactive = prompt::is_interactive();
    if names.is_empty() {
        if !interactive {
            return Err(Error::new(ErrorCode::InvalidInput, "Standard input does not say which credentials it holds")
                .with_hint("Name them in the order of the lines, for example `credentials set username password`"));
        }
        names = ALL.into();
    }
    // Checked before anybody types a secret that could not be stored.
    if names.iter().any(|name| name.is_secret()) {
        setup.keychain_is_there().await?;
    }
    let values = if interactive { asked_for(setup, &names).await? } else { read(setup, &names).await? };
    let mut kept = Vec::new();
    // The server and the user name come first, because secrets are stored and tested under them.
    for name in ALL {
        let Some((_, value)) = values.iter().find(|(given, value)| *given == name && !value.is_empty()) else {
            continue;
        };
        keep(setup, name, value, no_check).await?;
        kept.push(name);
    }
    if kept.is_empty() {
        return Ok(Outcome::done("Nothing was changed", json!({ "set": [] })));
    }
    let labels: Vec<&str> = kept.iter().map(|name| name.label()).collect();
    let text = format!("Kept: {}", labels.join(", "));
    Ok(Outcome::done(text, json!({ "set": labels })))
}

async fn asked_for(setup: &Setup, names: &[CredentialName]) -> Result<Vec<(CredentialName, Secret)>> {
    setup.terminal.note("An empty answer leaves it as it is");
    let mut values = Vec::new();
    for name in names {
        let question = format!("{}: ", name.question());
        let value = loop {
            let value = if name.is_secret() {
                prompt::ask_secret(&setup.terminal, &question, &setup.cancel).await?
            } else {
                Secret::new(prompt::ask(&setup.terminal, &question, &setup.cancel).await?)
            };
            match check(setup, *name, &value) {
                Ok(()) => break value,
                // Asks again instead of giving up, so that earlier answers need not be retyped.
                Err(error) => setup.terminal.error(&error, false),
            }
        };
        values.push((*name, value));
    }
    Ok(values)
}

/// Reads one line for each name. Only line ends are removed: a password may begin or end with a blank.
async fn read(setup: &Setup, names: &[CredentialName]) -> Result<Vec<(CredentialName, Secret)>> {
    let text = prompt::read_all(&setup.cancel).await?;
    let lines: Vec<&str> = text.expose().lines().collect();
    if lines.len() != names.len() {
        return Err(Error::new(
            ErrorCode::InvalidInput,
            format!(
                "Standard input holds {} for {}",
                counted(lines.len() as u64, "line", "lines"),
                counted(names.len() as u64, "credential", "credentials")
            ),
        )
        .with_hint("Give one line for each, in the order in which they are named"));
    }
    let trimmed = |name: &CredentialName, line: &str| {
        if name.is_secret() { Secret::new(line) } else { Secret::new(line.trim()) }
    };
    let values: Vec<_> = names.iter().zip(lines).map(|(name, line)| (*name, trimmed(name, line))).collect();
    values.iter().try_for_each(|(name, value)| check(setup, *name, value))?;
    Ok(values)
}

/// Refuses impossible values before anything is stored. Secrets may be anything.
fn check(setup: &Setup, name: CredentialName, value: &Secret) -> Result<()> {
    match name {
        _ if value.is_empty() => Ok(()),
        CredentialName::Server => {
            let changed = Settings { server: Some(value.expose().to_owned()), ..setup.settings.clone() };
            // The same check, and so the same sentence, as when the setting is used.
            setup.connector.server(&changed).map(drop)
        }
        CredentialName::ClientId => check_client_id(value.expose()),
        CredentialName::ClientSecret | CredentialName::Username | CredentialName::Password => Ok(()),
    }
}

async fn keep(setup: &mut Setup, name: CredentialName, value: &Secret, no_check: bool) -> Result<()> {
    let text = || Some(value.expose().to_owned());
    match name {
        CredentialName::Server => {
            setup.settings = setup.settings_file.update(|settings| settings.server = text())?;
        }
        CredentialName::ClientId => {
            setup.settings = setup.settings_file.update(|settings| settings.client_id = text())?;
        }
        CredentialName::Username => {
            setup.settings = setup.settings_file.update(|settings| settings.user_name = text())?;
        }
        CredentialName::ClientSecret => setup.connector.set_client_secret(&setup.settings, value.clone()).await?,
        CredentialName::Password => keep_password(setup, value, no_check).await?,
    }
    Ok(())
}

async fn keep_password(setup: &Setup, password: &Secret, no_check: bool) -> Result<()> {
    let info = setup.connector.info(&setup.settings).await?;
    let Some(user_name) = info.user_name.as_ref().map(|name| &name.value) else {
        return Err(Error::new(ErrorCode::InvalidInput, "A password needs the user name it belongs to")
            .with_hint("Set both: `credentials set username password`"));
    };
    let can_be_tried = info.client_id.is_some() && info.client_secret.is_some();
    if !no_check && can_be_tried {
        let who = tokio::select! {
            biased;
            () = setup.cancel.cancelled() => return Err(Error::cancelled()),
            who = setup.connector.sign_in_with_password(&setup.settings, user_name, password.clone()) => who?,
        };
        setup.terminal.note(&format!(
            "The server accepts the password of {}",
            shown(&who.name.or(who.user_name).unwrap_or_else(|| user_name.clone()))
        ));
        return Ok(());
    }
    if !no_check {
        setup
            .terminal
            .note("The password was not tried: without client ID and client secret the server cannot be asked");
    }
    setup.connector.keep_password(&setup.settings, password.clone()).await
}

/// Says what is set, and where it is stored.
pub(crate) async fn show(setup: &Setup, check: bool) -> Result<Outcome> {
    let info = setup.connector.info(&setup.settings).await?;
    if let Some(refusal) = &info.keychain_refusal {
        setup
            .terminal
            .warning(refusal, Some("What is kept there cannot be seen; environment variables work without it"));
    }
    let who = if check { Some(setup.connector.who_am_i(&setup.settings).await?) } else { None };
    let mut text = table(setup, &info).to_text();
    text.push_str(match (&who, info.is_complete) {
        (Some(_), _) | (None, true) => "\n\nThis suffices to sign in",
        (None, false) => {
            "\n\nThis does not suffice to sign in: needed are server, client ID, client secret, and a browser \
                          sign-in or user name and password"
        }
    });
    if let Some(notice) = setup.connector.notice().await {
        setup.terminal.warning(&notice, None);
    }
    let mut json = as_json(setup, &info);
    if let Some(who) = who {
        let name = who.name.or(who.user_name.clone());
        text.push_str("; the server says: ");
        text.push_str(&shown(name.as_deref().unwrap_or("signed in, without a name")));
        json["signedIn"] = json!({ "name": name, "userName": who.user_name });
    }
    Ok(Outcome::done(text, json))
}

fn server_origin(setup: &Setup) -> Origin {
    match setup.environment.variable(engine::connection::variables::SERVER) {
        Some(_) => Origin::Environment,
        None => Origin::Stored,
    }
}

fn table(setup: &Setup, info: &ConnectionInfo) -> Table {
    let mut table = Table::new([("Name", Side::Left), ("Value", Side::Left), ("Where", Side::Left)]);
    let place = |origin: Origin, stored: &str, variable: &str| match origin {
        Origin::Environment => variable.to_owned(),
        Origin::Stored => stored.to_owned(),
    };
    let mut row = |name: &str, value: Option<String>, origin: Option<Origin>, stored: &str, variable: &str| {
        let place = origin.map(|origin| place(origin, stored, variable)).unwrap_or_default();
        table.row([name.to_owned(), value.unwrap_or_else(|| "not set".to_owned()), place]);
    };
    let seen = |text: &Option<Sourced<String>>| {
        (text.as_ref().map(|text| text.value.clone()), text.as_ref().map(|text| text.origin))
    };
    let hidden = |origin: Option<Origin>| (origin.map(|_| "set, not shown".to_owned()), origin);

    let server_from = info.server.as_ref().map(|_| server_origin(setup));
    row("server", info.server.clone(), server_from, "settings", "PANOPTO_SERVER");
    let (value, origin) = seen(&info.client_id);
    row("client ID", value, origin, "settings", "PANOPTO_CLIENT_ID");
    let (value, origin) = hidden(info.client_secret);
    row("client secret", value, origin, "keychain", "PANOPTO_CLIENT_SECRET");
    let (value, origin) = seen(&info.user_name);
    row("user name", value, origin, "settings", "PANOPTO_USERNAME");
    let (value, origin) = hidden(info.password);
    row("password", value, origin, "keychain", "PANOPTO_PASSWORD");
    let (value, origin) = hidden(info.browser_sign_in);
    row("browser sign-in", value, origin, "keychain", "PANOPTO_REFRESH_TOKEN");
    table
}

fn as_json(setup: &Setup, info: &ConnectionInfo) -> Value {
    let word = |origin: &Option<Origin>, stored: &str| match origin {
        Some(Origin::Environment) => json!("environment"),
        Some(Origin::Stored) => json!(stored),
        None => Value::Null,
    };
    let visible = |text: &Option<Sourced<String>>| {
        text.as_ref().map(|text| json!({ "value": text.value, "from": word(&Some(text.origin), "settings") }))
    };
    let server_from = word(&Some(server_origin(setup)), "settings");
    json!({
        "server": info.server.as_ref().map(|server| json!({ "value": server, "from": server_from })),
        "clientId": visible(&info.client_id),
        "clientSecret": word(&info.client_secret, "keychain"),
        "userName": visible(&info.user_name),
        "password": word(&info.password, "keychain"),
        "browserSignIn": word(&info.browser_sign_in, "keychain"),
        "isComplete": info.is_complete,
        "keychainRefusal": info.keychain_refusal,
    })
}

/// Imports the original tool's `.env`.
pub(crate) async fn import_env(setup: &mut Setup, file: &Path) -> Result<Outcome> {
    let from_stdin = file.as_os_str() == "-";
    let text = if from_stdin { prompt::read_all(&setup.cancel).await? } else { read_file(file)? };
    setup.keychain_is_there().await?;
    let mut settings = setup.settings.clone();
    let (import, settings) = on_blocking_thread(&setup.secrets, move |store| {
        let import = engine::settings::import_env(text.expose(), &mut settings, store)?;
        Ok((import, settings))
    })
    .await
    .map_err(|error| if from_stdin { error } else { crate::exit::not_the_call(error, ErrorCode::DataFileInvalid) })?;
    setup.settings = setup.settings_file.update(|stored| {
        stored.server.clone_from(&settings.server);
        stored.client_id.clone_from(&settings.client_id);
        stored.user_name.clone_from(&settings.user_name);
    })?;
    if let Some(Err(error)) = setup.settings.client_id.as_deref().map(check_client_id) {
        // The ID is imported all the same, with everything else: it is easier to correct one line than all of them.
        setup.terminal.warning(error.message(), Some("Correct it with `panopto-analytics credentials set client-id`"));
    }
    let mut text = format!("Taken over for {}: {}", import.server, import.found.join(", "));
    if !import.empty.is_empty() {
        text.push_str("\nWithout a value: ");
        text.push_str(&import.empty.join(", "));
    }
    if !import.ignored.is_empty() {
        text.push_str("\nLeft alone: ");
        text.push_str(&shown(&import.ignored.join(", ")));
    }
    if !import.empty.is_empty() {
        setup.terminal.warning(&import.advice, None);
    } else if !from_stdin {
        setup.terminal.note(&import.advice);
    }
    Ok(Outcome::done(
        text,
        json!({ "server": import.server, "found": import.found, "empty": import.empty, "ignored": import.ignored, "advice": import.advice }),
    ))
}

fn read_file(file: &Path) -> Result<Secret> {
    const WHICH: &str = "Give the path of the .env file that the scripts used";
    if file.is_dir() {
        return Err(
            Error::new(ErrorCode::Disk, format!("`{}` is a folder, not a .env file", path_text(file))).with_hint(WHICH)
        );
    }
    let bytes = RealDisk.read(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::new(ErrorCode::NotFound, format!("There is no file `{}`", path_text(file))).with_hint(WHICH)
        }
        _ => Error::new(ErrorCode::Disk, format!("`{}` cannot be read: {error}", path_text(file))).with_hint(WHICH),
    })?;
    decoded(&bytes).map(|text| Secret::new(text.into_owned())).map_err(|damage| {
        let message = format!("`{}` cannot be read: {damage}", path_text(file));
        Error::new(ErrorCode::DataFileInvalid, message).with_hint(WHICH)
    })
}
