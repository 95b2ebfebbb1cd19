//! Before "no views" is believed: proof that the call was signed in.
//!
//! A SOAP call with a dead cookie may answer 200 with an empty list, exactly like a video nobody has watched
//! (`docs/panopto-protocol.md`, "no data"). An empty usage answer is therefore an [`UnprovenZero`], and becomes believable
//! - when a usage call that was sent *after* it, with the same cookie, answers with records: a dead cookie does not come
//!   back to life, so the cookie was alive before; or
//! - when the same question is answered empty again under another, fresh sign-in.
//!
//! ```no_run
//! # async fn f(client: panopto::Client, videos: Vec<(model::SessionId, panopto::UsageRange)>,
//! #     witness: Option<(model::SessionId, panopto::UsageRange)>, sink: &mut dyn panopto::UsageSink) -> panopto::Result<()> {
//! let mut zeros = Vec::new();
//! for (video, range) in videos {
//!     if let Some(zero) = client.usage(video, range, sink).await?.emptiness {
//!         zeros.push((video, range, zero)); // not stored as fetched yet
//!     }
//! }
//! zeros.retain(|(_, _, zero)| !client.is_proven(zero));
//! if !zeros.is_empty() && client.prove_signed_in(witness).await? == panopto::Proof::AskAgain {
//!     for (video, range, zero) in &mut zeros {
//!         match client.usage(*video, *range, sink).await?.emptiness {
//!             Some(again) => *zero = again,
//!             None => { /* there were records after all: store them */ }
//!         }
//!     }
//! }
//! zeros.retain(|(_, _, zero)| client.is_proven(zero)); // these may be stored as fetched; the rest may not
//! # Ok(()) }
//! ```

use model::SessionId;

use crate::UsageRange;

/// An empty usage answer that may mean "no views" or "signed out". See [`crate::Client::is_proven`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "an empty answer may mean that the call was signed out"]
pub struct UnprovenZero {
    pub(crate) generation: u64,
    pub(crate) received: u64,
    pub(crate) session_id: SessionId,
    pub(crate) range: UsageRange,
}

/// What [`crate::Client::prove_signed_in`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The sign-in is alive: every [`UnprovenZero`] received so far with it is now proven.
    SignedIn,
    /// Nothing could be proven; a fresh sign-in was taken. Ask each unproven video once more: a second empty answer under
    /// the fresh sign-in is proven by itself.
    AskAgain,
}
