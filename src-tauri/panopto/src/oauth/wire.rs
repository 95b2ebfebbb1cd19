//! Reads the JSON replies of the token endpoint and of userinfo.

use std::time::Duration;

use model::UserId;
use serde::Deserialize;

use crate::rest::wire::parse;
use crate::unreadable::{Unreadable, clean};
use crate::{Secret, SignedIn};

/// The tokens that the endpoint grants.
#[derive(Debug, Clone)]
pub struct TokenAnswer {
    /// The token that signs REST calls in.
    pub access_token: Secret,
    /// The next refresh token. Without one, the old one stays valid.
    pub refresh_token: Option<Secret>,
    /// How long the access token lives.
    pub expires_in: Option<Duration>,
}

/// Why the token endpoint refuses: the `error` word of OAuth2. The free text that comes with it is left out, because it
/// may repeat what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRefusal {
    /// For example `invalid_grant`.
    pub error: String,
}

#[derive(Deserialize)]
struct TokenJson {
    access_token: Option<String>,
    refresh_token: Option<String>,
    expires_in: Option<serde_json::Value>,
    token_type: Option<String>,
}

#[derive(Deserialize)]
struct RefusalJson {
    error: String,
}

#[derive(Deserialize)]
struct UserInfoJson {
    sub: Option<String>,
    name: Option<String>,
    preferred_username: Option<String>,
}

/// Reads a granted token.
pub fn token_answer(body: &[u8]) -> Result<TokenAnswer, Unreadable> {
    let json: TokenJson = parse(body)?;
    if json.token_type.is_some_and(|kind| !kind.eq_ignore_ascii_case("bearer")) {
        return Err(Unreadable::new("`token_type` is not `Bearer`"));
    }
    let seconds = match &json.expires_in {
        Some(serde_json::Value::Number(number)) => number.as_f64(),
        Some(serde_json::Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    let usable = |token: &String| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    let access_token = json.access_token.filter(usable);
    Ok(TokenAnswer {
        access_token: access_token.ok_or_else(|| Unreadable::new("`access_token` is missing or damaged"))?.into(),
        refresh_token: json.refresh_token.filter(|token| !token.is_empty()).map(Secret::from),
        // A token that lives longer than a day is still renewed daily.
        expires_in: seconds.filter(|secs| *secs >= 0.0).map(|secs| Duration::from_secs_f64(secs.min(86_400.0))),
    })
}

/// Reads a refusal, if the body is one.
pub fn token_refusal(body: &[u8]) -> Option<TokenRefusal> {
    let json: RefusalJson = parse(body).ok()?;
    let error = clean(&json.error).chars().take(60).collect();
    Some(TokenRefusal { error })
}

/// Reads who is signed in.
pub fn user_info(body: &[u8]) -> Result<SignedIn, Unreadable> {
    let json: UserInfoJson = parse(body)?;
    let present = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let user_id = json.sub.as_deref().and_then(|sub| UserId::parse(sub).ok());
    let signed_in = SignedIn { user_id, name: present(json.name), user_name: present(json.preferred_username) };
    if signed_in.user_id.is_none() && signed_in.name.is_none() && signed_in.user_name.is_none() {
        return Err(Unreadable::new("it names nobody"));
    }
    Ok(signed_in)
}
