//! The Panopto server's protocols: OAuth2, REST, SOAP; pacing, retry, typed errors.
