//! The log: one file a day in the platform's folder for logs, and the last warnings for the diagnostic text.
//!
//! Below a warning, only our own crates are logged, because libraries write headers (and with them tokens) into their
//! detailed logs. Even the variable that asks for more cannot change that.
//!
//! Invariant: the diagnostic text gets codes and places in the code, never sentences, which may hold names.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use directories::ProjectDirs;
use engine::clock::{Clock, SystemClock};
use engine::environment::Environment;
use engine::settings::CONFIG_DIR_VARIABLE;
use engine::store::disk::make_private_file;
use engine::store::{Disk as _, RealDisk};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// Environment variable with the level of our own messages: `debug`, `trace`; `info` where it is not set.
pub(crate) const LEVEL_VARIABLE: &str = "PANOPTO_ANALYTICS_LOG";
/// Days for which a log file is kept.
const KEPT_DAYS: usize = 7;
/// Warnings kept for the diagnostic text.
const KEPT_WARNINGS: usize = 20;
/// The beginning and the end of a log file's name; the day stands in between.
const PREFIX: &str = "panopto-video-analytics";
const SUFFIX: &str = "log";
const OURS: [&str; 6] = ["shell", "engine", "panopto", "model", "charts", "sim"];

/// The folder of the log files: beside the settings if their place was given, or else the platform's.
pub fn log_dir(environment: &dyn Environment) -> PathBuf {
    if let Some(dir) = environment.variable(CONFIG_DIR_VARIABLE) {
        return Path::new(&dir).join("logs");
    }
    let Some(dirs) = ProjectDirs::from("", "", "panopto-video-analytics") else {
        return std::env::temp_dir().join("panopto-video-analytics-logs");
    };
    if cfg!(target_os = "macos") {
        let library = dirs.config_dir().ancestors().find(|dir| dir.ends_with("Library"));
        return library.unwrap_or(dirs.config_dir()).join("Logs").join("panopto-video-analytics");
    }
    dirs.state_dir().unwrap_or(dirs.data_local_dir()).join("logs")
}

/// The last warnings, shared with the layer that collects them.
#[derive(Debug, Clone, Default)]
pub struct Warnings(Arc<Mutex<VecDeque<String>>>);

impl Warnings {
    /// When, what kind and where in the code, oldest first.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn add(&self, warning: String) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT_WARNINGS {
            kept.pop_front();
        }
        kept.push_back(warning);
    }
}

/// Starts logging into files in `dir` and returns the list of the last warnings. If the folder cannot be written, only
/// the files are missing. If another logger is already installed (tests), the warnings are only collected.
pub fn start(dir: &Path, environment: &dyn Environment) -> Warnings {
    let warnings = Warnings::default();
    let level = environment.variable(LEVEL_VARIABLE).and_then(|word| word.parse::<LevelFilter>().ok());
    let ours = Targets::new()
        .with_targets(OURS.map(|name| (name, level.unwrap_or(LevelFilter::INFO))))
        .with_default(LevelFilter::WARN);
    // Made first, because the library complains on the terminal about a missing folder.
    let _ = RealDisk.create_dir_all(dir);
    // The library makes today's file with the system's default permissions; its directory is private to the owner.
    let today = SystemClock.now().format("%Y-%m-%d");
    let _ = make_private_file(&dir.join(format!("{PREFIX}.{today}.{SUFFIX}")));
    let files = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix(PREFIX)
        .filename_suffix(SUFFIX)
        .max_log_files(KEPT_DAYS)
        .build(dir)
        .ok()
        .map(|files| tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(files)));
    // Fails only where a logger is already installed.
    let _ = tracing_subscriber::registry().with(files).with(Collect(warnings.clone())).with(ours).try_init();
    log_panics();
    warnings
}

fn log_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|place| format!("{}:{}", file_name(place.file()), place.line()));
        tracing::error!(code = "panic", place = place.unwrap_or_default(), "{panic}");
        before(panic);
    }));
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

struct Collect(Warnings);

impl<S: Subscriber> Layer<S> for Collect {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() > Level::WARN {
            return;
        }
        let mut said = Said::default();
        event.record(&mut said);
        let at = SystemClock.now().format("%Y-%m-%d %H:%M:%S UTC");
        let metadata = event.metadata();
        let place = said.place.unwrap_or_else(|| {
            format!("{}:{}", metadata.file().map_or(metadata.target(), file_name), metadata.line().unwrap_or_default())
        });
        self.0.add(format!("{at}  {}  {place}", said.code.as_deref().unwrap_or(metadata.level().as_str())));
    }
}

/// The two fields of a warning that hold no names.
#[derive(Default)]
struct Said {
    code: Option<String>,
    place: Option<String>,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "code" => self.code = Some(value.to_owned()),
            "place" => self.place = Some(value.to_owned()),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_kept_without_their_sentences() {
        let warnings = Warnings::default();
        let subscriber = tracing_subscriber::registry().with(Collect(warnings.clone()));
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!("a course named Secret Course");
            tracing::warn!(code = "network", place = "sync.rs:12", "Secret Course cannot be reached");
            tracing::error!("Secret Course");
        });
        let all = warnings.all();
        assert_eq!(all.len(), 2);
        assert!(all[0].ends_with("UTC  network  sync.rs:12"), "{all:?}");
        assert!(all[1].contains("ERROR  log.rs:"), "{all:?}");
        assert!(!all.join("\n").contains("Secret"));
    }

    #[cfg(unix)]
    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test looks at files")]
    fn the_log_is_its_owners_alone() {
        use std::os::unix::fs::MetadataExt as _;
        let dir = tempfile::tempdir().unwrap();
        let logs = dir.path().join("logs");
        start(&logs, &engine::environment::FixedEnvironment::default());
        let files: Vec<_> = std::fs::read_dir(&logs).unwrap().map(|entry| entry.unwrap().metadata().unwrap()).collect();
        assert_eq!(files.len(), 1, "the file that the library writes is the one that was made for it");
        assert_eq!(files[0].mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(&logs).unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn only_the_last_warnings_are_kept() {
        let warnings = Warnings::default();
        for number in 0..KEPT_WARNINGS + 5 {
            warnings.add(number.to_string());
        }
        assert_eq!(warnings.all().first().map(String::as_str), Some("5"));
        assert_eq!(warnings.all().len(), KEPT_WARNINGS);
    }
}
