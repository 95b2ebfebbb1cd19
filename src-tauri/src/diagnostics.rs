//! The text a user can copy into a report: versions, system, settings, the last errors.
//!
//! Invariant: it holds no secret and no name: no person, course, video or server, and no folder, because on most
//! systems the path of a folder holds the user's name.

use std::fmt::Write as _;
use std::sync::Arc;

use engine::Result;
use engine::connection::variables;

use crate::state::{Shell, blocking};

/// The text.
pub async fn text(shell: &Shell) -> Result<String> {
    let workspace = shell.workspace();
    let lasting = workspace.is_lasting().await?;
    let info = workspace.connector.info(&workspace.settings()?).await?;
    let mut text = format!(
        "Panopto Video Analytics {}\nSystem: {} {}\nWebView: {}\nKeychain: {}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        tauri::webview_version().unwrap_or_else(|_| "unknown".to_owned()),
        if lasting { "available" } else { "not available, secrets last for this session" },
    );
    let _ = writeln!(
        text,
        "Connection: server {}, API client {}, browser sign-in {}, password {}",
        said(info.server.is_some()),
        said(info.client_id.is_some() && info.client_secret.is_some()),
        said(info.browser_sign_in.is_some()),
        said(info.password.is_some()),
    );
    let given: Vec<&str> =
        variables::ALL.into_iter().filter(|name| shell.start.around.environment.variable(name).is_some()).collect();
    let _ =
        writeln!(text, "Environment: {}", if given.is_empty() { "nothing set".to_owned() } else { given.join(", ") });
    let shown = Arc::clone(&workspace);
    text += &blocking(move || of_folder(&shown)).await?;
    let warnings = shell.start.warnings.all();
    let _ = writeln!(text, "Last errors: {}", if warnings.is_empty() { "none" } else { "" });
    for warning in warnings {
        let _ = writeln!(text, "  {warning}");
    }
    Ok(text)
}

fn said(there: bool) -> &'static str {
    if there { "set" } else { "not set" }
}

fn of_folder(workspace: &crate::workspace::Workspace) -> Result<String> {
    let settings = workspace.settings()?;
    let place = if workspace.is_sample {
        "the sample's"
    } else if settings.data_folder.is_some() {
        "chosen by the user"
    } else {
        "the usual place"
    };
    let mut text = format!(
        "Settings: time zone {}, look-back {} days, PKCE {}\nData folder: {place}",
        workspace.own_zone().ok().flatten().map_or("not chosen", |zone| zone.name()),
        settings.lookback_days,
        settings.pkce,
    );
    match workspace.existing_folder() {
        Ok(None) => text += ", not made yet\n",
        Err(error) => {
            let _ = writeln!(text, ", cannot be opened ({})", error.code());
        }
        Ok(Some(folder)) => {
            let courses =
                folder.course_dirs(engine::store::Area::Database).map(|found| found.len()).unwrap_or_default();
            let _ = writeln!(text, ", data of {courses} courses");
        }
    }
    Ok(text)
}
