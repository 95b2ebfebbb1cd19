//! `facts`: the fact sheet for IT and data protection, and what went out with names.

use std::fmt::Write as _;

use engine::Result;
use engine::connection::effective_server;
use engine::people::{FACTS, Fact, SETTINGS_FACTS, statements};
use engine::store::{DataFolder, NamedExportEntry};
use model::Recorded;
use model::words::counted;
use serde_json::{Value, json};

use crate::setup::{Setup, path_text};
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Shows what this program keeps, where, and whom it speaks to.
pub(crate) fn facts(setup: &Setup) -> Result<Outcome> {
    let folder = setup.data_path()?;
    // None where nothing is set up yet; then no host is contacted at all.
    let server = effective_server(&setup.settings, &*setup.environment).ok();
    let host = server.as_ref().map(ToString::to_string);
    let (data, settings) = (path_text(&folder), path_text(&setup.settings_file.path()));
    let mut text = String::new();
    for statement in statements(host.as_deref()) {
        let _ = writeln!(text, "{}", shown(&statement));
    }
    let _ = writeln!(text, "Settings: {}", shown(&settings));
    let _ = writeln!(text, "Data folder: {}; its files can be read by their owner only\n", shown(&data));
    let _ = write!(text, "{}", table_of(FACTS).to_text());
    let _ = write!(text, "\n\nBeside the settings:\n\n{}", table_of(SETTINGS_FACTS).to_text());
    let exports = exports_with_names(setup);
    if !exports.is_empty() {
        let many = counted(exports.len() as u64, "export", "exports");
        let _ = write!(
            text,
            "\n\n{many} with names, which are yours to delete:\n\n{}",
            table_of_exports(&exports).to_text()
        );
    }
    let json = json!({
        "hosts": host.into_iter().collect::<Vec<_>>(),
        "listensOn": ["127.0.0.1, while signing in with the browser"],
        "secrets": "keychain or environment",
        "settingsFile": settings,
        "dataFolder": data,
        "files": as_json(FACTS),
        "besideTheSettings": as_json(SETTINGS_FACTS),
        "exportsWithNames": exports.iter().map(|entry| json!({
            "at": entry.at,
            "what": entry.what.as_str(),
            "where": entry.place,
        })).collect::<Vec<_>>(),
    });
    Ok(Outcome::done(text, json))
}

/// What went out with names; nothing while presenting, because a file may be called after a person.
fn exports_with_names(setup: &Setup) -> Vec<NamedExportEntry> {
    let folder = setup.data_path().and_then(|path| Ok(DataFolder::open(path)?));
    let Some(folder) = folder.ok().filter(|_| !setup.presents) else { return Vec::new() };
    folder.name_journal().unwrap_or_else(|error| {
        let error = engine::Error::from(error);
        setup.terminal.warning(error.message(), error.hint());
        Vec::new()
    })
}

fn table_of(facts: &[Fact]) -> Table {
    let mut table = Table::new([("File", Side::Left), ("Holds", Side::Left), ("For", Side::Left)]);
    for fact in facts {
        table.row([fact.path.to_owned(), fact.keeps.text().to_owned(), fact.purpose.to_owned()]);
    }
    table
}

fn table_of_exports(exports: &[NamedExportEntry]) -> Table {
    let mut table = Table::new([("When", Side::Left), ("What", Side::Left), ("Where", Side::Left)]);
    for entry in exports {
        let what = match &entry.what {
            Recorded::Known(what) => what.text().to_owned(),
            Recorded::Unknown(word) => shown(word),
        };
        table.row([entry.at.format("%Y-%m-%d %H:%M UTC").to_string(), what, shown(&entry.place)]);
    }
    table
}

fn as_json(facts: &[Fact]) -> Vec<Value> {
    let files = facts.iter();
    files.map(|fact| json!({ "path": fact.path, "holds": fact.keeps.text(), "purpose": fact.purpose })).collect()
}
