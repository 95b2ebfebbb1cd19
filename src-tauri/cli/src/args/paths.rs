//! Reads paths as people type them: a leading `~` that no shell has replaced is the home folder.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, PathBufValueParser, TypedValueParser};
use engine::home::with_home;

/// Reads a path, which must not be empty.
pub(crate) fn path() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| with_home(&path).map_err(|error| error.to_string()))
}

/// Reads a path, or nothing to return to the default; clap's own reader accepts no empty path.
pub(crate) fn path_or_nothing() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|text| with_home(&PathBuf::from(text)).map_err(|error| error.to_string()))
}
