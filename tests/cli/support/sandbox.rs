//! Runs the program and makes its output fit for a snapshot.
//!
//! Invariant: nothing that belongs to the person who runs the tests is read or written: no settings, no data folder, no
//! keychain.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// Folders and variables for one test.
pub(crate) struct Sandbox {
    dir: TempDir,
    variables: Vec<(String, String)>,
    always: Vec<String>,
    hidden: Vec<(String, String)>,
}

/// The result of one run.
pub(crate) struct Ran {
    /// The arguments, for the snapshot.
    pub(crate) arguments: Vec<String>,
    /// The exit code; `None` if a signal ended the run.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
    hidden: Vec<(String, String)>,
}

impl Sandbox {
    /// An empty sandbox: no settings, no data folder.
    pub(crate) fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("panopto-cli-").tempdir().expect("a temporary folder");
        let path = real_path(dir.path());
        let mut sandbox = Self { dir, variables: Vec::new(), always: Vec::new(), hidden: Vec::new() };
        sandbox.hide(path.display().to_string(), "[TMP]");
        // Linux and macOS, Windows, Wine.
        for system in ["No such file or directory", "The system cannot find the file specified.", "File not found."] {
            sandbox.hide(format!("{system} (os error 2)"), "[NOT THERE]");
        }
        sandbox
    }

    /// A sandbox with the sample of `demo`, days in UTC, as the data folder `sample`.
    pub(crate) fn with_sample() -> Self {
        let sandbox = Self::new();
        copy(sample(), &sandbox.path("sample"), &|_| false);
        sandbox
    }

    /// A path in the sandbox.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        real_path(self.dir.path()).join(name)
    }

    /// The data folder that [`Sandbox::run`] is told to use.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Sets a variable for all runs.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// Removes a variable.
    pub(crate) fn unset(&mut self, name: &str) -> &mut Self {
        self.variables.retain(|(known, _)| known != name);
        self
    }

    /// Sets options for all runs with `--data`; snapshots do not show them.
    pub(crate) fn always(&mut self, options: &[&str]) -> &mut Self {
        self.always = options.iter().map(|&option| option.to_owned()).collect();
        self
    }

    /// Shows `text` as `shown` in snapshots.
    pub(crate) fn hide(&mut self, text: impl Into<String>, shown: &str) -> &mut Self {
        self.hidden.push((text.into(), shown.to_owned()));
        self
    }

    /// Writes a file and creates its folder.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        std::fs::write(&path, text).expect("files can be written");
        path
    }

    /// The program with these arguments in this sandbox, not yet started.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_panopto-analytics"));
        self.prepare(&mut command);
        command.args(arguments);
        command
    }

    /// Gives another program the environment of this sandbox.
    pub(crate) fn prepare(&self, command: &mut Command) {
        command
            .env_clear()
            .env("HOME", self.path("home"))
            .env("USERPROFILE", self.path("home"))
            .env("XDG_CONFIG_HOME", self.path("home/.config"))
            .env("XDG_DATA_HOME", self.path("home/.local/share"))
            .env("XDG_RUNTIME_DIR", self.path("home/run"))
            .env("TZ", "UTC")
            .env("PANOPTO_ANALYTICS_CONFIG_DIR", self.path("config"))
            .env("PANOPTO_ANALYTICS_KEYCHAIN_SERVICE", "Panopto Video Analytics test")
            // A bus that does not exist, so that there is no keychain, whatever runs on this computer.
            .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", self.path("no-bus").display()))
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
            .envs(self.variables.iter().cloned())
            .current_dir(self.path(""))
            .stdin(Stdio::null());
    }

    /// Runs with `--data` set to the sandbox's data folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.finish(self.command(&self.with_data(arguments)), arguments, None)
    }

    fn with_data(&self, arguments: &[&str]) -> Vec<String> {
        let given = arguments.contains(&"--data");
        let data = if given { Vec::new() } else { vec!["--data".to_owned(), self.data().display().to_string()] };
        data.into_iter().chain(self.always.iter().cloned()).chain(arguments.iter().map(|&a| a.to_owned())).collect()
    }

    /// Runs with exactly these arguments.
    pub(crate) fn run_bare(&self, arguments: &[&str]) -> Ran {
        self.finish(self.command(arguments), arguments, None)
    }

    /// [`Sandbox::run`] with this text on standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Ran {
        self.run_with_bytes(arguments, input.as_bytes())
    }

    /// [`Sandbox::run`] with these bytes on standard input.
    pub(crate) fn run_with_bytes(&self, arguments: &[&str], input: &[u8]) -> Ran {
        self.finish(self.command(&self.with_data(arguments)), arguments, Some(input))
    }

    /// Runs a prepared command to its end.
    pub(crate) fn finish(&self, mut command: Command, arguments: &[&str], input: Option<&[u8]>) -> Ran {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.spawn().expect("the program starts");
        if let Some(input) = input {
            // The program need not read its input to the end.
            let _ = child.stdin.take().expect("piped").write_all(input);
        }
        self.ran(arguments, &child.wait_with_output().expect("the program ends"))
    }

    /// The result of a run that the caller has started and waited for.
    pub(crate) fn ran(&self, arguments: &[&str], output: &Output) -> Ran {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the output is UTF-8");
        Ran {
            arguments,
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            hidden: self.hidden.clone(),
        }
    }

    /// Every file below a folder of the sandbox except the lock, by its path in the folder with `/`.
    pub(crate) fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let root = self.path(folder);
        let mut found = Vec::new();
        let mut open = vec![root.clone()];
        while let Some(directory) = open.pop() {
            let Ok(entries) = std::fs::read_dir(&directory) else { continue };
            for entry in entries {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    open.push(path);
                } else if path.file_name() != Some(OsStr::new("lock")) {
                    let name = path.strip_prefix(&root).expect("below it").display().to_string().replace('\\', "/");
                    found.push((name, std::fs::read(&path).expect("it can be read")));
                }
            }
        }
        found.sort();
        found
    }
}

impl Ran {
    /// Unless the program ended with this code, fails and shows everything that it printed.
    #[track_caller]
    pub(crate) fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "`{}`\n{}\n{}", self.arguments.join(" "), self.stdout, self.stderr);
        self
    }

    /// The one JSON object on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.trim_end().lines().count(), 1, "one line: {}", self.stdout);
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }

    /// Command, exit code and both outputs in one text, without anything that differs from run to run.
    pub(crate) fn shown(&self) -> String {
        let mut stdout = self.stdout.clone();
        if self.arguments.iter().any(|argument| argument == "--json")
            && let Ok(json) = serde_json::from_str::<Value>(&stdout)
        {
            stdout = serde_json::to_string_pretty(&json).expect("it was JSON") + "\n";
        }
        let code = self.code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        let text = format!(
            "$ panopto-analytics {}\n--- exit code {code}\n--- stdout\n{stdout}--- stderr\n{}",
            self.arguments.join(" "),
            self.stderr
        );
        self.redacted(&text)
    }

    fn redacted(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (hidden, shown) in &self.hidden {
            // In JSON a backslash is written twice.
            text = text.replace(&hidden.replace('\\', "\\\\"), shown).replace(hidden, shown);
        }
        text.replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
            .lines()
            .map(
                |line| {
                    if line.contains("[TMP]") { line.replace("\\\\", "/").replace('\\', "/") } else { line.to_owned() }
                },
            )
            .map(|line| line.trim_end().to_owned() + "\n")
            .collect()
    }
}

/// Where a folder really is, written as people write it and as the program shows it.
fn real_path(folder: &Path) -> PathBuf {
    PathBuf::from(engine::store::path_text(&folder.canonicalize().expect("it is there")))
}

/// Copies the data that the original tool worked on into the sandbox, in its layout, with or without its output.
pub(crate) fn golden(sandbox: &Sandbox, folder: &str, with_output: bool) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/golden");
    let is_left_out = |name: &OsStr| name == "README.md" || (!with_output && name == "output[CHUNKED]");
    copy(&source, &sandbox.path(folder), &is_left_out);
}

fn copy(from: &Path, to: &Path, is_left_out: &dyn Fn(&OsStr) -> bool) {
    std::fs::create_dir_all(to).expect("folders can be made");
    for entry in std::fs::read_dir(from).expect("the fixture is there") {
        let entry = entry.expect("an entry");
        let name = entry.file_name();
        if is_left_out(&name) {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name), is_left_out);
        } else {
            std::fs::copy(entry.path(), to.join(name)).expect("files can be copied");
        }
    }
    let mode = std::fs::metadata(from).expect("the folder is there").permissions();
    std::fs::set_permissions(to, mode).expect("a mode can be set");
}

/// The sample that `demo` makes, with days in UTC. The program makes it once for all tests of this run.
fn sample() -> &'static Path {
    static SAMPLE: OnceLock<PathBuf> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR"));
        remove_old_samples(all);
        let here = all.join(format!("{SAMPLE_OF_RUN}{}", std::process::id()));
        let made = Sandbox::new();
        made.run_bare(&["demo", "sample", "--timezone", "UTC"]).exits_with(0);
        copy(&made.path("sample"), &here, &|_| false);
        here
    })
}

const SAMPLE_OF_RUN: &str = "sample-of-run-";

/// Samples of runs that are over: nothing tells a test that it is the last one.
fn remove_old_samples(all: &Path) {
    const A_DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);
    for entry in std::fs::read_dir(all).into_iter().flatten().flatten() {
        let is_sample = entry.file_name().to_string_lossy().starts_with(SAMPLE_OF_RUN);
        let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        if is_sample && age.is_some_and(|age| age > A_DAY) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// What a data folder holds for its user: everything except the program's own notes, which say when and how often it
/// ran.
pub(crate) fn kept_files(sandbox: &Sandbox) -> Vec<(String, Vec<u8>)> {
    let mut files = sandbox.files("data");
    // The index of captions tells when each video was asked for them.
    files.retain(|(name, _)| !name.starts_with(".panopto-analytics/") && !name.ends_with("captions/index.json"));
    files
}
