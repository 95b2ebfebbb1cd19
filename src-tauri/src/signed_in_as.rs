//! Who signed in last, as the window remembers it.

use serde::{Deserialize, Serialize};

/// Who signed in, to be shown without asking the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedInAs {
    /// The server, as [`engine::connection::ConnectionInfo`] writes it.
    pub server: String,
    /// The person's name.
    pub name: String,
    /// Whether the server no longer accepted the sign-in when it was last asked.
    #[serde(default)]
    pub refused: bool,
}
