//! The pure functions that read the bytes of a reply. They are public so that tests can feed them anything.
//!
//! Invariant: whatever the bytes, none of them panics or uses more memory than a small multiple of the reply.

pub use crate::oauth::wire::{TokenAnswer, TokenRefusal, token_answer, token_refusal, user_info};
pub use crate::rest::captions::{available_languages, caption_url, language_of};
pub use crate::rest::wire::{error_text, folder, folder_page, says_not_found, session, session_page, viewer_page};
pub use crate::soap::access::{access_answer, access_request};
pub use crate::soap::auth::{log_on_request, log_on_result};
pub use crate::soap::envelope::{Fault, FaultMeaning, Reply, fault};
pub use crate::soap::many::{folders_answer, folders_request, sessions_answer, sessions_request};
pub use crate::soap::usage::{UsagePage, UsageQuestion, usage_page, usage_request};
pub use crate::soap::users::{users_answer, users_request};
pub use crate::unreadable::Unreadable;
