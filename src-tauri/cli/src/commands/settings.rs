//! `settings show` and `set`.

use std::path::Path;

use chrono_tz::Tz;
use engine::settings::{DEFAULT_REDIRECT_URL, Recovery, Settings, check_client_id, check_redirect_url};
use engine::store::DataFolder;
use engine::time_zone::{choose, computer_time_zone, proposed_time_zone, time_zone_named};
use engine::{Error, ErrorCode, Result};
use serde_json::{Value, json};

use crate::args::SettingsPatch;
use crate::commands::zone::tell;
use crate::setup::{Setup, path_text};
use crate::table::{Side, Table};
use crate::terminal::Outcome;

/// Shows all settings and where they are.
pub(crate) fn show(setup: &Setup) -> Result<Outcome> {
    Ok(Outcome::done(text(setup)?, as_json(setup)?))
}

/// Changes settings and shows them.
pub(crate) fn set(setup: &mut Setup, patch: &SettingsPatch) -> Result<Outcome> {
    if *patch == SettingsPatch::default() {
        return Err(nothing_given(setup));
    }
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    if let Some(id) = given(&patch.client_id) {
        check_client_id(&id)?;
    }
    if let Some(url) = given(&patch.redirect) {
        check_redirect_url(&url)?;
    }
    let mut changed = setup.settings.clone();
    apply(&mut changed, patch);
    changed.check()?;
    if given(&patch.server).is_some() {
        engine::connection::effective_server(&changed, &engine::environment::FixedEnvironment::default())?;
    }
    if let Some(zone) = &patch.timezone {
        let zone = match zone.trim() {
            "" => computer_time_zone(&*setup.environment)?,
            name => time_zone_named(name)?,
        };
        setup.settings = changed;
        let folder = setup.made_data_folder()?;
        tell(setup, choose(&folder, &setup.lock(&folder)?, zone)?);
    }
    setup.settings = setup.settings_file.update(|settings| apply(settings, patch))?;
    if patch.data_folder.is_some() {
        match setup.data_place() {
            Ok(place) if setup.settings.data_folder.is_some() && !place.is_dir() => {
                setup.terminal.note("The data folder is not there yet; `panopto-analytics courses add` makes it");
            }
            Ok(_) => {}
            // The choice is stored all the same: its drive may be connected later.
            Err(error) => setup.terminal.warning(error.message(), error.hint()),
        }
    }
    show(setup)
}

/// Moves the data folder.
pub(crate) async fn move_data(setup: &mut Setup, dir: &Path) -> Result<Outcome> {
    if setup.is_told_data() {
        return Err(Error::new(
            ErrorCode::InvalidInput,
            "The data folder of the settings is moved, not that of --data",
        )
        .with_hint("Leave out --data"));
    }
    let target = std::path::absolute(dir).map_err(|error| {
        Error::new(ErrorCode::InvalidInput, format!("`{}` is not a folder: {error}", path_text(dir)))
    })?;
    let (lifetime, folder, cancel) = (setup.lifetime.clone(), setup.data_folder()?, setup.cancel.clone());
    let (from, to) = (path_text(folder.root()), target.clone());
    let left = super::blocking(move || lifetime.move_data_folder(&folder, &to, &cancel)).await?;
    for linked in &left.linked {
        setup.terminal.warning(
            &format!("`{}` was linked into the data folder; it was copied and is still there", path_text(linked)),
            Some("Delete it yourself if nothing else needs it"),
        );
    }
    if let Some(path) = &left.not_removed {
        setup.terminal.warning(&format!("`{}` could not be removed", path_text(path)), Some("Delete it yourself"));
    }
    setup.settings = setup.settings_file.load()?;
    let to = path_text(&target);
    Ok(Outcome::done(format!("Moved the data folder from {from} to {to}"), json!({ "from": from, "to": to })))
}

/// Replaces a damaged settings file with the settings stored last, or with the defaults, and shows them.
pub(crate) fn restore(setup: &mut Setup, defaults: bool) -> Result<Outcome> {
    let recovered = setup.settings_file.recover(if defaults { Recovery::Defaults } else { Recovery::Backup })?;
    setup.terminal.note(&format!("The damaged file is kept as {}", path_text(&recovered.damaged_kept_at)));
    setup.settings = recovered.settings;
    show(setup)
}

fn nothing_given(setup: &Setup) -> Error {
    let error = Error::new(ErrorCode::InvalidInput, "No setting is given");
    if setup.is_told_data() {
        // `--data` applies to one run, whichever command it is used with.
        return error
            .with_hint("To use this data folder from now on: `panopto-analytics settings set --data-folder DIR`");
    }
    error.with_hint("`panopto-analytics settings set --help` names them")
}

fn apply(settings: &mut Settings, patch: &SettingsPatch) {
    let chosen = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    if let Some(server) = &patch.server {
        settings.server = chosen(server);
    }
    if let Some(id) = &patch.client_id {
        settings.client_id = chosen(id);
    }
    if let Some(name) = &patch.username {
        settings.user_name = chosen(name);
    }
    if let Some(url) = &patch.redirect {
        settings.redirect_url = chosen(url).unwrap_or_else(|| DEFAULT_REDIRECT_URL.to_owned());
    }
    if let Some(pkce) = patch.pkce {
        settings.pkce = pkce;
    }
    if let Some(in_each_call) = patch.password_in_each_call {
        settings.password_in_each_call = in_each_call;
    }
    // The zone itself belongs to the data folder. A return to the computer's zone also removes the one that an earlier
    // version stored here.
    if patch.timezone.as_ref().is_some_and(|zone| zone.trim().is_empty()) {
        settings.time_zone = None;
    }
    if let Some(days) = patch.lookback {
        settings.lookback_days = days;
    }
    if let Some(captions) = patch.captions {
        settings.fetch_captions = captions;
    }
    if let Some(names) = patch.show_names {
        settings.show_names = names;
    }
    if let Some(fewer) = patch.fewer_calls {
        settings.fewer_calls = fewer;
    }
    if let Some(folder) = &patch.data_folder {
        let absolute = |folder: &Path| std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        settings.data_folder = (!folder.as_os_str().is_empty()).then(|| absolute(folder));
    }
}

fn text(setup: &Setup) -> Result<String> {
    let settings = &setup.settings;
    let switch = |on: bool| if on { "on" } else { "off" }.to_owned();
    let or = |value: &Option<String>, otherwise: &str| value.clone().unwrap_or_else(|| otherwise.to_owned());
    let mut table = Table::new([("Setting", Side::Left), ("Value", Side::Left)]);
    for (name, value) in [
        ("server", or(&settings.server, "not set")),
        ("client ID", or(&settings.client_id, "not set")),
        ("user name", or(&settings.user_name, "not set")),
        ("redirect", settings.redirect_url.clone()),
        ("PKCE", switch(settings.pkce)),
        ("password in each call", switch(settings.password_in_each_call)),
        ("time zone", zone_in_words(setup)),
        ("captions", switch(settings.fetch_captions)),
        ("names", switch(settings.show_names)),
        ("fewer calls", switch(settings.fewer_calls)),
        ("look-back", model::words::counted(settings.lookback_days.into(), "day", "days")),
    ] {
        table.row([name.to_owned(), value]);
    }
    // Paths are not cut to fit a column, because people copy them.
    Ok(format!(
        "{}\n\nData folder: {}\nSettings:    {}",
        table.to_text(),
        path_text(&setup.data_path()?),
        path_text(&setup.settings_file.path())
    ))
}

/// The time zone of the data folder; `None` if the folder does not exist or has no zone yet.
fn folder_zone(setup: &Setup) -> Result<Option<Tz>> {
    match DataFolder::open(setup.data_path()?) {
        Ok(folder) => Ok(folder.time_zone()?),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn zone_in_words(setup: &Setup) -> String {
    match folder_zone(setup) {
        Ok(Some(zone)) => zone.to_string(),
        Ok(None) => match proposed_time_zone(&setup.settings, &*setup.environment) {
            Ok(zone) => format!("none yet; the first sync chooses {zone}"),
            Err(_) => "none yet".to_owned(),
        },
        Err(error) => error.message().to_owned(),
    }
}

fn as_json(setup: &Setup) -> Result<Value> {
    let settings = &setup.settings;
    Ok(json!({
        "server": settings.server,
        "clientId": settings.client_id,
        "userName": settings.user_name,
        "redirectUrl": settings.redirect_url,
        "pkce": settings.pkce,
        "passwordInEachCall": settings.password_in_each_call,
        "timeZone": folder_zone(setup).ok().flatten().map(chrono_tz::Tz::name),
        "proposedTimeZone": proposed_time_zone(settings, &*setup.environment).ok().map(chrono_tz::Tz::name),
        "lookbackDays": settings.lookback_days,
        "fetchCaptions": settings.fetch_captions,
        "showNames": settings.show_names,
        "fewerCalls": settings.fewer_calls,
        "dataFolder": path_text(&setup.data_path()?),
        "file": path_text(&setup.settings_file.path()),
    }))
}
