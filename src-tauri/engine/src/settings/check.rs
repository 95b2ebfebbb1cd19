//! Checks what a person may have copied wrongly from Panopto: the client ID and the redirect address.
//!
//! Deliberately absent: any call to the server. These checks are not part of [`super::Settings::check`]: settings that
//! an older version stored must remain changeable one by one.
//!
//! Invariant: a redirect address passes here exactly if the browser sign-in accepts it, because this uses the sign-in's
//! own rule.

use panopto::login::check_redirect;

use super::DEFAULT_REDIRECT_URL;
use crate::store::quoted;
use crate::{Error, ErrorCode, Result};

/// Checks that a text is the ID of an API client as Panopto gives it: a GUID with its hyphens, in lower or upper case.
///
/// [`ErrorCode::InvalidInput`] says what is expected and never repeats the text: it may be the client secret, which
/// Panopto shows beside the ID.
pub fn check_client_id(text: &str) -> Result<()> {
    const GUID_LENGTH: usize = 36;
    if text.len() == GUID_LENGTH && uuid::Uuid::try_parse(text).is_ok() {
        return Ok(());
    }
    Err(Error::new(ErrorCode::InvalidInput, "The client ID is not a GUID such as 5b1b7f1e-3c55-4a7f-9e0b-ac1d0123abcd")
        .with_hint("Copy the Client Id of the API client from Panopto (System > API Clients)"))
}

/// Checks that this program can wait at a redirect address: `http://localhost:PORT/PATH` or
/// `http://127.0.0.1:PORT/PATH`, with nothing after the path.
///
/// [`ErrorCode::InvalidInput`] says what is wrong with it.
pub fn check_redirect_url(text: &str) -> Result<()> {
    check_redirect(text).map_err(|what| {
        Error::new(ErrorCode::InvalidInput, format!("{} cannot be the redirect address: {what}", quoted(text)))
            .with_hint(format!("Give it as it is registered in Panopto, usually {DEFAULT_REDIRECT_URL}"))
    })
}
