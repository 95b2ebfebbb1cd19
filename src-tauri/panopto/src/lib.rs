//! The Panopto server's protocols: OAuth2, REST v1, SOAP 1.1; pacing, retry, typed errors.
//!
//! Start at [`Client`]. `docs/panopto-protocol.md` describes what the server is known to do, with sources and how
//! certain each fact is; comments here refer to its sections.
//!
//! Deliberately absent: files, the keychain, course lists, figures. The caller provides the sign-in details, stores the
//! rotated refresh token (through [`TokenStore`]) and decides what to request.
//!
//! Invariants: everything from a server is hostile until it has been checked (size, depth, shape); no secret is ever
//! part of an error, a log line or a `Debug` output; an empty usage answer is not believed until the sign-in is proven
//! ([`UnprovenZero`]).

mod answers;
mod captions;
mod client;
mod connection;
mod error;
mod http;
mod link;
pub mod login;
mod many;
mod oauth;
mod options;
mod pace;
mod password;
mod pauses;
mod proof;
mod rest;
mod secret;
mod server;
mod server_clock;
mod sign_in;
mod soap;
mod unreadable;
mod usage;
mod users;
pub mod wire;

pub use answers::{Counters, Folder, Session, SessionAnswer, SignedIn, Usage, UsageSink};
pub use captions::{CaptionText, CaptionsAnswer};
pub use client::Client;
pub use error::{BoxError, CaFileProblem, CertificateProblem, Error, ErrorKind, Refusal, Result};
pub use link::{LinkError, folder_link, link_server, session_link, viewer_url};
pub use many::{FolderParts, IDS_AT_ONCE, ManyAnswer, SessionState};
pub use model::UsageRange;
pub use options::{CaFile, Options, RestLimits};
pub use pauses::Pause;
pub use proof::{PROOF_ROUNDS, Proof, UnprovenZero};
pub use secret::Secret;
pub use server::{Server, ServerError};
pub use sign_in::{ApiClient, PasswordSignIn, RenewalTurn, SignIn, SoapSignIn, TokenStore};
pub use users::{SessionViewer, USERS_AT_ONCE, User, UsersAnswer, ViewersAnswer};
