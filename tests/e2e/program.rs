//! The surroundings of a journey: a home of its own, a browser that signs in automatically, pickers that answer.

use std::path::{Path, PathBuf};

use sim::{Config, Handle, World};

/// The name under which the keychain keeps the secrets of these tests.
pub(crate) const KEYCHAIN_SERVICE: &str = "Panopto Video Analytics, end-to-end tests";

/// A browser: follows the address as a person would who is signed in and consents. Also records where it was sent.
const BROWSER: &str = "#!/bin/sh\necho \"$1\" >> \"$E2E_PAGES\"\ncase \"$1\" in http*) exec curl --silent --location --max-time 30 --output /dev/null \"$1\";; esac\n";

/// Everything that one journey has to itself. The home remains when the program is started again.
pub(crate) struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    /// The home of a new user.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for name in ["config", "data", "bin", "picked"] {
            std::fs::create_dir(dir.path().join(name)).unwrap();
        }
        let browser = dir.path().join("bin/xdg-open");
        std::fs::write(&browser, BROWSER).unwrap();
        make_executable(&browser);
        let home = Self { dir };
        home.pick(None);
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// What the next picker answers.
    pub(crate) fn pick(&self, path: Option<&Path>) {
        let text = path.map(|path| path.display().to_string()).unwrap_or_default();
        std::fs::write(self.path("pick"), text).unwrap();
    }

    /// Pages that were opened in the browser.
    pub(crate) fn pages(&self) -> Vec<String> {
        std::fs::read_to_string(self.path("pages")).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// The environment of the program.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        [
            ("PATH", format!("{}:{path}", self.path("bin").display())),
            ("PANOPTO_ANALYTICS_CONFIG_DIR", self.path("config").display().to_string()),
            ("PANOPTO_ANALYTICS_KEYCHAIN_SERVICE", KEYCHAIN_SERVICE.to_owned()),
            ("PANOPTO_ANALYTICS_E2E_PICK", self.path("pick").display().to_string()),
            ("XDG_DATA_HOME", self.path("data").display().to_string()),
            ("E2E_PAGES", self.path("pages").display().to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// Every file of the home, with its contents.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut dirs = vec![self.dir.path().to_owned()];
        while let Some(dir) = dirs.pop() {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    dirs.push(path);
                } else {
                    files.push((path.clone(), std::fs::read(&path).unwrap_or_default()));
                }
            }
        }
        files
    }
}

#[cfg(unix)]
fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn make_executable(_: &Path) {}

/// A server with the demo's courses, on which everybody who comes with a browser is already signed in.
pub(crate) async fn server() -> Handle {
    let now = engine::clock::Clock::now(&engine::clock::SystemClock);
    sim::start(World::demo(1, now), Config { auto_approve: true, ..Config::default() }).await.unwrap()
}
