//! The server's refusals in the engine's words: which code, and what the user can do.

use panopto::ErrorKind;

use crate::{Error, ErrorCode};

impl From<panopto::Error> for Error {
    fn from(error: panopto::Error) -> Self {
        // Our own error, passed through the client: a keychain that does not keep the token, a disk that is full.
        if let panopto::Error::TokenStore(own) | panopto::Error::Sink(own) = &error
            && let Some(own) = own.downcast_ref::<Self>()
        {
            return own.repeated();
        }
        let code = match error.kind() {
            ErrorKind::NotConfigured => ErrorCode::NotConfigured,
            ErrorKind::BadCredentials => ErrorCode::BadCredentials,
            ErrorKind::NoRights => ErrorCode::NoRights,
            ErrorKind::NotFound => ErrorCode::NotFound,
            ErrorKind::Network => ErrorCode::Network,
            ErrorKind::Timeout => ErrorCode::Timeout,
            ErrorKind::RateLimited => ErrorCode::RateLimited,
            ErrorKind::ServerRejected => ErrorCode::ServerRejected,
            ErrorKind::ServerChanged => ErrorCode::ServerChanged,
            ErrorKind::Busy => ErrorCode::Busy,
            ErrorKind::Cancelled => ErrorCode::Cancelled,
            ErrorKind::Caller => ErrorCode::Internal,
        };
        let converted = Self::new(code, error.to_string());
        match error.hint() {
            Some(hint) => converted.with_hint(hint),
            None => converted,
        }
        .with_source(error)
    }
}

impl Error {
    /// The same error without its source, which cannot be copied.
    pub(crate) fn repeated(&self) -> Self {
        let repeated = Self::new(self.code(), self.message());
        match self.hint() {
            Some(hint) => repeated.with_hint(hint),
            None => repeated,
        }
    }
}
