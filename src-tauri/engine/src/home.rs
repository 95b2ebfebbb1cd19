//! `~` in a path given to the program: the user's home.
//!
//! A shell replaces `~` only at the beginning of an unquoted word, so `--data=~/scripts`, a quoted path and a line of a
//! crontab arrive here as they were typed. Deliberately absent: `~anna`, which only a shell can look up.

use std::path::{Component, Path, PathBuf};

use crate::{Error, ErrorCode, Result};

/// The path with a leading `~` replaced by the user's home. [`ErrorCode::InvalidInput`] if the path names another
/// user's home, or if this user has none. A file that is really called `~` is written `./~`.
pub fn with_home(path: &Path) -> Result<PathBuf> {
    // Where shells look as well: on Windows `USERPROFILE`, before the system is asked.
    in_home(path, std::env::home_dir().filter(|home| home.is_absolute()).as_deref())
}

fn in_home(path: &Path, home: Option<&Path>) -> Result<PathBuf> {
    let refused = |what: &str| {
        Error::new(ErrorCode::InvalidInput, format!("`{}` {what}", path.display())).with_hint("Give the whole path")
    };
    let mut parts = path.components();
    let Some(Component::Normal(first)) = parts.next() else { return Ok(path.to_owned()) };
    match first.to_str() {
        Some("~") => match home {
            Some(home) => Ok(home.join(parts.as_path())),
            None => Err(refused("begins with `~`, and this user has no home folder")),
        },
        Some(name) if is_user(name) => {
            Err(refused("begins with the home folder of another user, which only a shell knows"))
        }
        _ => Ok(path.to_owned()),
    }
}

/// Whether the name is of the form `~anna`. Word's `~$notes.docx` and backups such as `~1` are files.
fn is_user(name: &str) -> bool {
    name.strip_prefix('~').is_some_and(|user| {
        user.starts_with(|first: char| first.is_ascii_alphabetic())
            && user.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(path: &str) -> Result<PathBuf> {
        in_home(Path::new(path), Some(Path::new("/home/me")))
    }

    #[test]
    fn a_leading_tilde_is_the_home() {
        assert_eq!(home("~/scripts/.env").unwrap(), Path::new("/home/me/scripts/.env"));
        assert_eq!(home("~").unwrap(), Path::new("/home/me"));
        for path in ["./~/a", "a/~", "/~", "~$notes.docx", "~1", "courses~", "", "-"] {
            assert_eq!(home(path).unwrap(), Path::new(path), "{path}");
        }
    }

    #[test]
    fn what_only_a_shell_knows_is_refused() {
        assert!(home("~anna/scripts").unwrap_err().message().contains("`~anna/scripts`"));
        assert_eq!(in_home(Path::new("~/x"), None).unwrap_err().code(), ErrorCode::InvalidInput);
    }
}
