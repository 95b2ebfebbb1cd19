//! `Auth.svc`: sign-in with name and password, and the server's version.

use crate::accounts::CookieState;
use crate::config::WrongPassword;
use crate::log::SoapCall;
use crate::rest::with_cookie;
use crate::shared::Call;
use crate::soap::envelope::Element;
use crate::soap::{OPERATIONS, TYPES, close, fault, is_operation, members, open};
use crate::wire::Reply;
use uuid::Uuid;

/// The version that the simulated server claims.
const VERSION: &str = "15.6.0.00000";

/// `LogOnWithPassword(userKey, password)`.
pub(crate) fn log_on_with_password(call: &Call<'_>, body: &Element) -> Reply {
    const NAME: &str = "LogOnWithPassword";
    if !is_operation(body, NAME) {
        return fault("Value cannot be null. Parameter name: userKey");
    }
    note(call, NAME);
    let [user_key, password] = members(call, body, OPERATIONS, ["userKey", "password"]);
    let text = |element: Option<&Element>| element.map(|element| element.text.clone()).unwrap_or_default();
    let user = call.state.content().look().sign_in(&text(user_key), &text(password)).map(|user| user.id);
    let mut xml = open(NAME, "");
    xml.push_str(if user.is_some() { "true" } else { "false" });
    close(&mut xml, NAME);
    match user {
        Some(user) => {
            call.note(|entry| entry.authenticated = true);
            let value = call.state.accounts().add_cookie(user, call.config, call.now);
            with_cookie(call, Reply::xml(200, xml), &value)
        }
        None if call.config.wrong_password == WrongPassword::Fault => fault("Unable to authenticate the user."),
        None => Reply::xml(200, xml),
    }
}

/// `GetServerVersion()`, which needs no sign-in.
pub(crate) fn server_version(call: &Call<'_>, body: &Element) -> Reply {
    const NAME: &str = "GetServerVersion";
    if is_operation(body, NAME) {
        note(call, NAME);
    }
    let mut xml = open(NAME, "");
    xml.push_str(VERSION);
    close(&mut xml, NAME);
    Reply::xml(200, xml)
}

fn note(call: &Call<'_>, operation: &str) {
    call.note(|entry| entry.soap = Some(SoapCall { operation: operation.to_owned(), ..SoapCall::default() }));
}

/// Who calls another service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    User(Uuid),
    /// Neither `auth` nor a cookie; a bearer token does not count.
    Nobody,
    /// A cookie that is no longer valid.
    DeadCookie(crate::DeadCookie),
    /// `auth` with a wrong name or password.
    Wrong,
}

/// The caller, identified by `auth` in the call, otherwise by the cookie.
pub(crate) fn who(call: &Call<'_>, auth: Option<&Element>) -> Who {
    if let Some(auth) = auth {
        let [_, password, user_key] = members(call, auth, TYPES, ["AuthCode", "Password", "UserKey"]);
        if let (Some(user_key), Some(password)) = (user_key, password) {
            let user = call.state.content().look().sign_in(&user_key.text, &password.text).map(|user| user.id);
            return user.map_or(Who::Wrong, Who::User);
        }
    }
    match call.request.auth_cookie().map(|value| call.state.accounts().cookie(value, call.config, call.now)) {
        Some(CookieState::Valid(user)) => Who::User(user),
        Some(CookieState::Dead(how)) => Who::DeadCookie(how),
        None => Who::Nobody,
    }
}
