//! OAuth2 and OpenID Connect as Panopto offers them, in the style of IdentityServer.
//!
//! Deliberately absent: implicit and hybrid flows, signed ID tokens, and a session that remembers the person. Every
//! authorization asks for name and password.

pub(crate) mod about;
pub(crate) mod authorize;
pub(crate) mod token;

use crate::wire::Reply;
use serde_json::json;

/// The scopes that a client can ask for.
const SCOPES: [&str; 5] = ["openid", "profile", "email", "api", "offline_access"];

/// An error of the token endpoint.
fn refused(error: &str, description: Option<&str>) -> Box<Reply> {
    let mut body = json!({ "error": error });
    if let Some(description) = description {
        body["error_description"] = json!(description);
    }
    Box::new(Reply::json(400, &body).with(http::header::CACHE_CONTROL, "no-store"))
}

fn known_scopes(scope: &str) -> bool {
    scope.split_whitespace().all(|word| SCOPES.contains(&word))
}
