//! The token endpoint with its four grants, and revocation.

use crate::accounts::Issued;
use crate::config::{ApiClient, Grant, Pkce};
use crate::oauth::{known_scopes, refused};
use crate::shared::Call;
use crate::wire::{Answer, Reply};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::header;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

type Form = HashMap<String, String>;

/// Answers `POST token`.
pub(crate) fn answer(call: &Call<'_>) -> Answer {
    let (form, client) = read(call)?;
    let value = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let grant_type = value("grant_type");
    call.note(|entry| entry.grant = Some(grant_type.chars().take(40).collect()));
    let grant = match grant_type {
        "authorization_code" => Grant::Code,
        "refresh_token" => Grant::Refresh,
        "password" => Grant::Password,
        "client_credentials" => Grant::ClientCredentials,
        _ => return Err(refused("unsupported_grant_type", None)),
    };
    if !client.grants.contains(&grant) {
        return Err(refused("unauthorized_client", None));
    }
    if !known_scopes(value("scope")) {
        return Err(refused("invalid_scope", None));
    }
    let mut nonce = None;
    let issued = match grant {
        Grant::Code => exchange(call, client, &form, &mut nonce)?,
        Grant::Refresh => {
            let redeemed = call.state.accounts().redeem(value("refresh_token"), &client.id, call.config, call.now);
            redeemed.ok_or_else(|| refused("invalid_grant", None))?
        }
        Grant::Password => {
            let user = call.state.content().look().sign_in(value("username"), value("password")).map(|user| user.id);
            let user = user.ok_or_else(|| refused("invalid_grant", Some("invalid_username_or_password")))?;
            issue(call, Some(user), client, value("scope"))
        }
        Grant::ClientCredentials if value("scope").split_whitespace().any(|word| word == "offline_access") => {
            return Err(refused("invalid_scope", None));
        }
        Grant::ClientCredentials => issue(call, None, client, value("scope")),
    };
    call.note(|entry| entry.authenticated = true);
    Ok(tokens(call, client, issued, nonce.as_deref()))
}

/// Answers `POST revocation`: 200 for any token, known or not.
pub(crate) fn revoke(call: &Call<'_>) -> Answer {
    let (form, _) = read(call)?;
    call.state.accounts().revoke(form.get("token").map(String::as_str).unwrap_or_default());
    call.note(|entry| entry.authenticated = true);
    Ok(Reply::empty(200))
}

fn issue(call: &Call<'_>, user: Option<uuid::Uuid>, client: &ApiClient, scope: &str) -> Issued {
    let scope = if scope.is_empty() { "api" } else { scope };
    call.state.accounts().issue(user, &client.id, scope, call.config, call.now)
}

/// Reads the form and the client that authenticated itself.
fn read<'a>(call: &Call<'a>) -> Result<(Form, &'a ApiClient), Box<Reply>> {
    if call.request.method != "POST" {
        return Err(Box::new(Reply::empty(405)));
    }
    if !call.request.header(&header::CONTENT_TYPE).starts_with("application/x-www-form-urlencoded") {
        return Err(refused("invalid_request", None));
    }
    let form: Form = url::form_urlencoded::parse(&call.request.body).into_owned().collect();
    let Credentials { id, secret } = credentials(call.request.header(&header::AUTHORIZATION), &form)
        .ok_or_else(|| refused("invalid_client", None))?;
    let client = call.config.clients.iter().find(|client| client.id == id && client.secret == secret);
    client.map(|client| (form, client)).ok_or_else(|| refused("invalid_client", None))
}

struct Credentials {
    id: String,
    secret: String,
}

/// Client id and secret: from Basic, raw as Panopto expects them (not form-encoded first); otherwise from the form.
fn credentials(authorization: &str, form: &Form) -> Option<Credentials> {
    if let Some((scheme, encoded)) = authorization.split_once(' ')
        && scheme.eq_ignore_ascii_case("basic")
    {
        let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        return Some(Credentials { id: id.to_owned(), secret: secret.to_owned() });
    }
    Some(Credentials { id: form.get("client_id")?.clone(), secret: form.get("client_secret")?.clone() })
}

fn exchange(
    call: &Call<'_>,
    client: &ApiClient,
    form: &Form,
    nonce: &mut Option<String>,
) -> Result<Issued, Box<Reply>> {
    let wrong = || refused("invalid_grant", None);
    let value = |name: &str| form.get(name).map(String::as_str);
    let code = call.state.accounts().take_code(value("code").unwrap_or_default()).ok_or_else(wrong)?;
    if code.client != client.id || value("redirect_uri") != Some(code.redirect.as_str()) || code.expires <= call.now {
        return Err(wrong());
    }
    let verifier = value("code_verifier");
    let proven = match (&code.challenge, verifier) {
        (None, None) => true,
        (Some(_), _) | (None, Some(_)) if call.config.pkce == Pkce::Refuse => false,
        (Some(challenge), Some(verifier)) if challenge.method == "S256" => {
            challenge.value == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
        }
        (Some(challenge), Some(verifier)) => challenge.value == verifier,
        (Some(_), None) | (None, Some(_)) => false,
    };
    if !proven {
        return Err(wrong());
    }
    *nonce = code.nonce;
    Ok(issue(call, Some(code.user), client, &code.scope))
}

fn tokens(call: &Call<'_>, client: &ApiClient, issued: Issued, nonce: Option<&str>) -> Reply {
    let life = call.config.token_lifetime.as_secs().cast_signed();
    let mut body = json!({
        "access_token": issued.access,
        "expires_in": life,
        "token_type": "Bearer",
        "scope": issued.scope,
    });
    if let Some(refresh) = issued.refresh {
        body["refresh_token"] = json!(refresh);
    }
    let openid = issued.scope.split_whitespace().any(|word| word == "openid");
    if let Some(user) = issued.user.filter(|_| openid) {
        let mut claims = json!({
            "iss": format!("{}/Panopto/oauth2", call.request.origin),
            "aud": client.id,
            "sub": user,
            "iat": call.now.timestamp(),
            "exp": call.now.timestamp() + life,
        });
        if let Some(nonce) = nonce {
            claims["nonce"] = json!(nonce);
        }
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        body["id_token"] = json!(format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(&claims)));
    }
    Reply::json(200, &body).with(header::CACHE_CONTROL, "no-store")
}
