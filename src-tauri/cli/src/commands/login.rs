//! `login` and `logout`.

use engine::{ErrorCode, Result};
use serde_json::json;

use crate::setup::Setup;
use crate::terminal::{Outcome, shown};

/// Signs in with the person's browser, and says who is signed in.
pub(crate) async fn login(setup: &Setup, no_browser: bool) -> Result<Outcome> {
    let Setup { connector, settings, terminal, .. } = setup;
    let server = connector.server(settings)?;
    setup.keychain_is_there().await?;
    let sign_in = connector.begin_browser_sign_in(settings).await?;
    let address = sign_in.url().as_str();
    // Without a browser the address is the only way to sign in, so it is shown even with --quiet.
    terminal
        .line(&format!("Open this address in a browser on this computer and sign in to {server}:\n\n  {address}\n"));
    if !no_browser && let Err(error) = engine::opening::open(address) {
        terminal.note(&format!("No browser could be opened ({error}); open the address yourself"));
    }
    terminal.note("Waiting for the browser to come back (Ctrl-C stops)");
    let who = sign_in.finish(settings, &setup.cancel).await?;
    let name = who.name.or(who.user_name.clone());
    let text = match &name {
        Some(name) => format!("Signed in to {server} as {}", shown(name)),
        None => format!("Signed in to {server}"),
    };
    terminal.note("Next: `panopto-analytics courses add LINK`, then `panopto-analytics sync`");
    Ok(Outcome::done(text, json!({ "server": server.to_string(), "name": name, "userName": who.user_name })))
}

/// Forgets the sign-in.
pub(crate) async fn logout(setup: &Setup, client_secret: bool) -> Result<Outcome> {
    let server = setup.connector.server(&setup.settings).map_err(|error| match error.code() {
        ErrorCode::NotConfigured => error.with_hint(
            "A sign-in is kept by server; to remove an old one, name its server first: `panopto-analytics settings set \
             --server HOST`",
        ),
        _ => error,
    })?;
    setup.connector.sign_out(&setup.settings, client_secret).await?;
    let info = setup.connector.info(&setup.settings).await?;
    if info.is_complete {
        setup.terminal.warning(
            "The environment variables still hold what is needed to sign in",
            Some("Unset PANOPTO_REFRESH_TOKEN or PANOPTO_USERNAME and PANOPTO_PASSWORD"),
        );
    }
    let kept = if client_secret { "" } else { "; the client secret stays, so that `login` works again" };
    Ok(Outcome::done(
        format!("Signed out of {server}{kept}"),
        json!({ "server": server.to_string(), "clientSecretRemoved": client_secret }),
    ))
}
