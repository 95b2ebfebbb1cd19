//! What the system is to start, and when.
//!
//! Invariant: every path of a job is whole, is text, and has no control character, so that it can be written into the file
//! of any system.

use std::path::{Path, PathBuf};

use crate::settings::NightlyTime;
use crate::store::{Disk as _, RealDisk, path_text};
use crate::{Error, ErrorCode, Result};

/// The command line's file, without the ending that Windows wants.
const PROGRAM: &str = "panopto-analytics";

/// One job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NightlyJob {
    at: NightlyTime,
    words: Vec<String>,
}

impl NightlyJob {
    /// The job that starts this command line over these settings, with a data folder of its own where one is given.
    pub fn new(at: NightlyTime, program: &Path, config_dir: &Path, data: Option<&Path>) -> Result<Self> {
        let mut words = vec![written(program)?];
        if let Some(data) = data {
            words.extend(["--data".to_owned(), written(data)?]);
        }
        words.extend(["nightly", "run", "--config-dir"].map(str::to_owned));
        words.push(written(config_dir)?);
        Ok(Self { at, words })
    }

    /// When it begins.
    pub(super) const fn at(&self) -> NightlyTime {
        self.at
    }

    /// The program.
    pub(super) fn program(&self) -> &str {
        &self.words[0]
    }

    /// Its arguments.
    pub(super) fn arguments(&self) -> &[String] {
        &self.words[1..]
    }

    /// The program and its arguments.
    pub(super) fn words(&self) -> &[String] {
        &self.words
    }
}

fn written(path: &Path) -> Result<String> {
    let refused = |what: &str| {
        Error::new(ErrorCode::InvalidInput, format!("`{}` {what}", path_text(path)))
            .with_hint("Move it to a folder whose name has letters, digits and ordinary signs only")
    };
    let text = path.to_str().ok_or_else(|| refused("cannot be written into a schedule: its name is not Unicode"))?;
    if text.chars().any(char::is_control) {
        return Err(refused("cannot be written into a schedule: its name has a control character"));
    }
    let whole = std::path::absolute(path).map_err(|error| refused(&format!("is not a path: {error}")))?;
    Ok(path_text(&whole))
}

/// The command line that lies beside this program, or is this program. [`ErrorCode::NotFound`] where there is none.
pub(super) fn command_line_program() -> Result<PathBuf> {
    let own = std::env::current_exe().map_err(|error| {
        Error::new(ErrorCode::Internal, "The system does not say where this program is").with_source(error)
    })?;
    let path = own.with_file_name(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX));
    // An AppImage lies elsewhere after each start.
    let is_passing = std::env::var_os("APPIMAGE").is_some();
    if !is_passing && RealDisk.exists(&path).unwrap_or(false) {
        return Ok(path);
    }
    let place = if is_passing { "in a place that lasts" } else { "beside this program" };
    Err(Error::new(ErrorCode::NotFound, format!("The command line `{PROGRAM}` is not {place}"))
        .with_hint("Install the program with its installer, which brings the command line with it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_the_call() {
        let job = NightlyJob::new(
            NightlyTime::USUAL,
            Path::new("/opt/a b/panopto-analytics"),
            Path::new("/home/é/config"),
            Some(Path::new("/data")),
        );
        let job = job.unwrap();
        if cfg!(unix) {
            assert_eq!(job.program(), "/opt/a b/panopto-analytics");
            assert_eq!(job.arguments().join("|"), "--data|/data|nightly|run|--config-dir|/home/é/config");
        }
    }

    #[test]
    fn a_path_that_no_file_can_hold_is_refused_with_a_sentence() {
        let refused = |path: &Path| NightlyJob::new(NightlyTime::USUAL, path, Path::new("/c"), None).unwrap_err();
        let error = refused(Path::new("/a\nb/panopto-analytics"));
        assert!(error.code() == ErrorCode::InvalidInput && error.message().contains("control character"), "{error}");
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt as _;
            let odd = Path::new(std::ffi::OsStr::from_bytes(b"/a\xff/panopto-analytics"));
            assert!(refused(odd).message().contains("not Unicode"));
        }
    }
}
