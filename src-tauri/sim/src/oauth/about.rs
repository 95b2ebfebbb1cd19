//! What the authorization server says about itself and about the signed-in person.

use crate::oauth::SCOPES;
use crate::shared::Call;
use crate::wire::Reply;
use serde_json::json;

/// The discovery document.
pub(crate) fn discovery(call: &Call<'_>) -> Reply {
    let issuer = format!("{}/Panopto/oauth2", call.request.origin);
    Reply::json(
        200,
        &json!({
            "issuer": issuer,
            "jwks_uri": format!("{issuer}/.well-known/jwks"),
            "authorization_endpoint": format!("{issuer}/connect/authorize"),
            "token_endpoint": format!("{issuer}/connect/token"),
            "userinfo_endpoint": format!("{issuer}/connect/userinfo"),
            "revocation_endpoint": format!("{issuer}/connect/revocation"),
            "scopes_supported": SCOPES,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials", "password", "refresh_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["none"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        }),
    )
}

/// The signing keys: none, because ID tokens are not signed here.
pub(crate) fn jwks() -> Reply {
    Reply::json(200, &json!({ "keys": [] }))
}

/// Tells whose token it is.
pub(crate) fn userinfo(call: &Call<'_>) -> Reply {
    let user = call
        .request
        .bearer()
        .and_then(|token| call.state.accounts().access(token, call.now).and_then(|access| access.user));
    let mut content = call.state.content();
    let Some(user) = user.and_then(|user| content.look().user(user)) else {
        return Reply::empty(401).with(http::header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#);
    };
    call.note(|entry| entry.authenticated = true);
    Reply::json(
        200,
        &json!({
            "sub": user.id,
            "name": user.name,
            "preferred_username": user.username,
            "emailaddress": format!("{}@university.example", user.username.rsplit('\\').next().unwrap_or_default()),
        }),
    )
}
