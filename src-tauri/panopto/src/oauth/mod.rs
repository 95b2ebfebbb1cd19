//! OAuth2: the token endpoint, its answers, and the access token that all calls share.

pub(crate) mod endpoint;
pub(crate) mod tokens;
pub(crate) mod wire;
