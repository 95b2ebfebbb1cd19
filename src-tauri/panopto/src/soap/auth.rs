//! `Auth.LogOnWithPassword`: exchanges a user name and a password for a cookie.

use super::envelope::{self, Reply, escaped, finish, open};
use crate::PasswordSignIn;
use crate::unreadable::Unreadable;

pub(crate) const PATH: &str = "/Panopto/PublicAPI/4.2/Auth.svc";
pub(crate) const LOG_ON: &str = "LogOnWithPassword";
pub(crate) const ACTION: &str = "\"http://tempuri.org/IAuth/LogOnWithPassword\"";

/// The request. It holds the password: never log it.
pub fn log_on_request(who: &PasswordSignIn) -> String {
    let arguments = format!(
        "<t:userKey>{}</t:userKey><t:password>{}</t:password>",
        escaped(&who.user_name),
        escaped(who.password.expose())
    );
    envelope::request(LOG_ON, &arguments)
}

/// Reads whether user name and password are right. A wrong password is not a fault but HTTP 200 with `false`.
pub fn log_on_result(body: &[u8]) -> Result<Reply<bool>, Unreadable> {
    let mut document = match open(body, LOG_ON)? {
        Reply::Answer(document) => document,
        Reply::Fault(fault) => return Ok(Reply::Fault(fault)),
    };
    while let Some(part) = document.child()? {
        if part.name() == "LogOnWithPasswordResult" {
            let value = document.value(&part)?;
            let right = match value.as_deref().map(str::trim) {
                Some("true" | "1") => true,
                Some("false" | "0") => false,
                _ => return Err(Unreadable::new("`LogOnWithPasswordResult` is neither true nor false")),
            };
            finish(&mut document)?;
            return Ok(Reply::Answer(right));
        }
        document.skip()?;
    }
    Err(Unreadable::new("`LogOnWithPasswordResult` is missing"))
}
