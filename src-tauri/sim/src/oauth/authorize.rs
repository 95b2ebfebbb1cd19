//! The page on which a person signs in and allows the client access, and the redirect that follows.
//!
//! Invariant: the browser is never redirected to an address that is not registered for the client, character by
//! character.

use crate::accounts::{Challenge, Code};
use crate::config::{ApiClient, Pkce};
use crate::oauth::known_scopes;
use crate::pages;
use crate::shared::Call;
use crate::text::escaped;
use crate::wire::Reply;
use chrono::TimeDelta;
use std::borrow::Cow;
use std::fmt::Write as _;
use uuid::Uuid;

/// The parameters of an authorization request: from the query, and from the body if it is the form.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn read(call: &Call<'_>) -> Self {
        let body = if call.request.method == "POST" { &call.request.body[..] } else { &[] };
        let query = url::form_urlencoded::parse(call.request.query.as_bytes());
        let owned = |(name, value): (Cow<'_, str>, Cow<'_, str>)| (name.into_owned(), value.into_owned());
        Self(url::form_urlencoded::parse(body).chain(query).map(owned).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// `GET` shows the page, `POST` submits its form.
pub(crate) fn answer(call: &Call<'_>) -> Reply {
    let parameters = Parameters::read(call);
    let Some(client) =
        call.config.clients.iter().find(|client| parameters.get("client_id") == Some(client.id.as_str()))
    else {
        return pages::oauth_error("unauthorized_client", "Unknown client or client not enabled");
    };
    let Some(redirect) = parameters.get("redirect_uri").filter(|given| client.redirects.iter().any(|one| one == given))
    else {
        return pages::oauth_error("unauthorized_client", "Invalid redirect_uri");
    };
    if let Err((error, description)) = check(call, &parameters, client) {
        return send_back(redirect, &parameters, &[("error", error), ("error_description", description)]);
    }
    if call.config.auto_approve {
        let user = {
            let content = call.state.content();
            content.world.users.iter().find(|user| user.password.is_some()).map(|user| user.id)
        };
        if let Some(user) = user {
            return approve(call, &parameters, client, redirect, user);
        }
    }
    if call.request.method != "POST" {
        return consent_page(client, &parameters, None);
    }
    if parameters.get("button") == Some("cancel") {
        return send_back(redirect, &parameters, &[("error", "access_denied")]);
    }
    let (name, password) = (parameters.get("username").unwrap_or(""), parameters.get("password").unwrap_or(""));
    let user = call.state.content().look().sign_in(name, password).map(|user| user.id);
    match user {
        Some(user) => approve(call, &parameters, client, redirect, user),
        None => consent_page(client, &parameters, Some("User name or password is not right.")),
    }
}

fn check(call: &Call<'_>, parameters: &Parameters, client: &ApiClient) -> Result<(), (&'static str, &'static str)> {
    if !client.grants.contains(&crate::Grant::Code) {
        return Err(("unauthorized_client", "The client may not use this flow"));
    }
    if parameters.get("response_type") != Some("code") {
        return Err(("unsupported_response_type", "Only response_type=code is supported"));
    }
    let scope = parameters.get("scope").unwrap_or_default();
    if scope.is_empty() || !known_scopes(scope) {
        return Err(("invalid_scope", "Missing or unknown scope"));
    }
    match (parameters.get("code_challenge"), parameters.get("code_challenge_method")) {
        (None, _) if call.config.pkce == Pkce::Require => Err(("invalid_request", "code challenge required")),
        (None, _) | (Some(_), None | Some("S256" | "plain")) => Ok(()),
        (Some(_), Some(_)) => Err(("invalid_request", "Transform algorithm not supported")),
    }
}

fn approve(call: &Call<'_>, parameters: &Parameters, client: &ApiClient, redirect: &str, user: Uuid) -> Reply {
    let method = parameters.get("code_challenge_method").unwrap_or("plain");
    let life = TimeDelta::from_std(call.config.code_lifetime).unwrap_or(TimeDelta::minutes(5));
    let scope = parameters.get("scope").unwrap_or_default();
    let code = call.state.accounts().add_code(Code {
        user,
        client: client.id.clone(),
        scope: scope.to_owned(),
        redirect: redirect.to_owned(),
        nonce: parameters.get("nonce").map(str::to_owned),
        challenge: parameters
            .get("code_challenge")
            .map(|value| Challenge { value: value.to_owned(), method: method.to_owned() }),
        expires: call.now + life,
    });
    call.note(|entry| entry.authenticated = true);
    send_back(redirect, parameters, &[("code", &code), ("scope", scope)])
}

fn send_back(redirect: &str, parameters: &Parameters, answer: &[(&str, &str)]) -> Reply {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in answer {
        query.append_pair(name, value);
    }
    if let Some(state) = parameters.get("state") {
        query.append_pair("state", state);
    }
    let separator = if redirect.contains('?') { '&' } else { '?' };
    Reply::redirect(&format!("{redirect}{separator}{}", query.finish()))
}

fn consent_page(client: &ApiClient, parameters: &Parameters, problem: Option<&str>) -> Reply {
    let mut hidden = String::new();
    for (name, value) in &parameters.0 {
        if !["username", "password", "button"].contains(&name.as_str()) {
            let _ = write!(hidden, r#"<input type="hidden" name="{}" value="{}">"#, escaped(name), escaped(value));
        }
    }
    let problem = problem.map(|text| format!(r#"<p class="problem" role="alert">{}</p>"#, escaped(text)));
    let mut wanted = String::new();
    for scope in parameters.get("scope").unwrap_or_default().split_whitespace() {
        let _ = write!(wanted, "<li>{}</li>", escaped(scope));
    }
    let body = format!(
        r#"<p><strong>{client}</strong> asks for access:</p><ul>{wanted}</ul>{problem}
<form method="post" action="/Panopto/oauth2/connect/authorize">{hidden}
<label>User name <input name="username" autocomplete="username" autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<p><button name="button" value="allow">Allow</button> <button name="button" value="cancel">Cancel</button></p></form>"#,
        client = escaped(&client.id),
        problem = problem.unwrap_or_default(),
    );
    pages::page(200, "Sign in", &body)
}
