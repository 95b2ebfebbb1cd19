//! `facts`: the fact sheet for IT and data protection.

use std::fmt::Write as _;

use engine::Result;
use engine::connection::effective_server;
use engine::people::FACTS;
use serde_json::json;

use crate::setup::{Setup, path_text};
use crate::table::{Side, Table};
use crate::terminal::{Outcome, shown};

/// Shows what this program keeps, where, and whom it speaks to.
pub(crate) fn facts(setup: &Setup) -> Result<Outcome> {
    let folder = setup.data_path()?;
    // None where nothing is set up yet; then no host is contacted at all.
    let server = effective_server(&setup.settings, &*setup.environment).ok();
    let host = server.as_ref().map(ToString::to_string);
    let mut table = Table::new([("File", Side::Left), ("Holds", Side::Left), ("For", Side::Left)]);
    for fact in FACTS {
        table.row([fact.path.to_owned(), fact.keeps.text().to_owned(), fact.purpose.to_owned()]);
    }
    let (data, settings) = (path_text(&folder), path_text(&setup.settings_file.path()));
    let mut text = String::new();
    let contacted = host.clone().unwrap_or_else(|| "none yet: no server is set".to_owned());
    let _ = writeln!(text, "Hosts contacted: {} (https; nothing else, no telemetry, no updates)", shown(&contacted));
    let _ = writeln!(text, "Port opened: one on 127.0.0.1, only while somebody signs in with the browser");
    let _ = writeln!(text, "Secrets: in the system's keychain, or in environment variables; never in a file");
    let _ = writeln!(text, "Settings: {}", shown(&settings));
    let _ = writeln!(text, "Data folder: {}; its files can be read by their owner only\n", shown(&data));
    let _ = write!(text, "{}", table.to_text());
    let files =
        FACTS.iter().map(|fact| json!({ "path": fact.path, "holds": fact.keeps.text(), "purpose": fact.purpose }));
    let json = json!({
        "hosts": host.into_iter().collect::<Vec<_>>(),
        "listensOn": ["127.0.0.1, while signing in with the browser"],
        "secrets": "keychain or environment",
        "settingsFile": settings,
        "dataFolder": data,
        "files": files.collect::<Vec<_>>(),
    });
    Ok(Outcome::done(text, json))
}
