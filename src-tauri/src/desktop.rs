//! What the program asks of the desktop around it: pickers for files and folders, the browser, the file manager.
//!
//! Deliberately absent: the window itself (see [`crate::window`]).
//!
//! Invariant: only checked addresses are opened (`https`, or `http` of this computer), and only existing folders;
//! nothing from a server gets here without that check.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use engine::{Error, ErrorCode};
use tauri::{AppHandle, Manager as _, Runtime};
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder};
use url::Url;

/// A question to the system's picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickerQuestion {
    /// What to choose, as the picker's title.
    pub title: &'static str,
    /// What can be chosen.
    pub what: PickerTarget,
    /// Where the picker starts, if there is a good place; else it is the folder for documents.
    pub start: Option<PathBuf>,
}

impl PickerQuestion {
    /// Where the picker starts. Never where the program was started: that folder means nothing to a person.
    fn begins_at(&self, documents: Option<PathBuf>) -> Option<PathBuf> {
        self.start.clone().or(documents)
    }
}

/// What a picker lets the user choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PickerTarget {
    /// A folder, which can be made there.
    Folder,
    /// A file that exists. `kind` limits the choice to files with its extension; `None` allows any file.
    File {
        /// Name of the kind and its extension.
        kind: Option<(&'static str, &'static str)>,
    },
    /// A file to write.
    Save {
        /// The name to begin with.
        name: String,
        /// Name of the kind and its extension.
        kind: (&'static str, &'static str),
    },
}

/// The desktop, as the commands need it.
#[async_trait]
pub trait Desktop: Send + Sync {
    /// Shows the system's picker; `None` where the user closes it without choosing.
    async fn pick(&self, question: PickerQuestion) -> Option<PathBuf>;
    /// Opens a page in the user's browser.
    fn open_page(&self, page: &Url) -> Result<(), Error>;
    /// Shows a folder in the system's file manager.
    fn open_folder(&self, folder: &Path) -> Result<(), Error>;
}

/// Refuses a page that must not be opened, no matter who asks.
pub fn check_page(page: &Url) -> Result<(), Error> {
    let host = page.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    match page.scheme() {
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        other => Err(Error::new(ErrorCode::InvalidInput, format!("An address of the kind `{other}` is not opened"))),
    }
}

/// The desktop of the user's system.
pub(crate) struct SystemDesktop<R: Runtime>(AppHandle<R>);

impl<R: Runtime> SystemDesktop<R> {
    /// The desktop on which this program runs.
    pub(crate) fn of(app: AppHandle<R>) -> Arc<dyn Desktop> {
        Arc::new(Self(app))
    }

    fn dialog(&self, question: &PickerQuestion) -> FileDialogBuilder<R> {
        let mut dialog = self.0.dialog().file().set_title(question.title).set_can_create_directories(true);
        if let Some(window) = self.0.get_webview_window(crate::window::MAIN) {
            dialog = dialog.set_parent(&window);
        }
        let paths = self.0.path();
        let documents = paths.document_dir().or_else(|_| paths.home_dir()).ok().filter(|folder| folder.is_dir());
        match question.begins_at(documents) {
            Some(start) => dialog.set_directory(start),
            None => dialog,
        }
    }
}

#[async_trait]
impl<R: Runtime> Desktop for SystemDesktop<R> {
    async fn pick(&self, question: PickerQuestion) -> Option<PathBuf> {
        let (answer, chosen) = tokio::sync::oneshot::channel();
        let dialog = self.dialog(&question);
        let tell = move |path| drop(answer.send(path));
        match question.what {
            PickerTarget::Folder => dialog.pick_folder(tell),
            PickerTarget::File { kind: None } => dialog.pick_file(tell),
            PickerTarget::File { kind: Some((kind, extension)) } => {
                dialog.add_filter(kind, &[extension]).pick_file(tell);
            }
            PickerTarget::Save { name, kind: (kind, extension) } => {
                dialog.add_filter(kind, &[extension]).set_file_name(name).save_file(tell);
            }
        }
        chosen.await.ok().flatten()?.into_path().ok()
    }

    fn open_page(&self, page: &Url) -> Result<(), Error> {
        check_page(page)?;
        engine::opening::open(page.as_str()).map_err(|error| {
            Error::new(ErrorCode::Internal, "No browser could be started")
                .with_hint(format!("Open this address in your browser: {page}"))
                .with_source(error)
        })
    }

    fn open_folder(&self, folder: &Path) -> Result<(), Error> {
        if !folder.is_dir() {
            return Err(Error::new(ErrorCode::NotFound, format!("There is no folder `{}`", folder.display()))
                .with_hint("Connect its drive again, or choose another folder"));
        }
        engine::opening::open(folder).map_err(|error| {
            Error::new(ErrorCode::Internal, format!("No file manager could be started for `{}`", folder.display()))
                .with_hint("Open the folder by hand")
                .with_source(error)
        })
    }
}

/// Pickers for the journeys in the real window, where nobody can click in a system dialog. The choice is read from the
/// file that [`Scripted::VARIABLE`] names: one path, or nothing for "closed without choosing". Not part of a shipped
/// program.
#[cfg(feature = "e2e")]
pub(crate) struct Scripted {
    inner: Arc<dyn Desktop>,
    answer_file: PathBuf,
}

#[cfg(feature = "e2e")]
impl Scripted {
    /// Names the file that holds the next choice.
    pub(crate) const VARIABLE: &'static str = "PANOPTO_ANALYTICS_E2E_PICK";

    /// The given desktop with scripted pickers, where the variable is set.
    pub(crate) fn over(inner: Arc<dyn Desktop>) -> Arc<dyn Desktop> {
        match std::env::var_os(Self::VARIABLE) {
            Some(file) => Arc::new(Self { inner, answer_file: file.into() }),
            None => inner,
        }
    }
}

#[cfg(feature = "e2e")]
#[expect(clippy::disallowed_methods, reason = "the answers of a test, not data of a person")]
#[async_trait]
impl Desktop for Scripted {
    async fn pick(&self, question: PickerQuestion) -> Option<PathBuf> {
        let answer = tokio::fs::read_to_string(&self.answer_file).await.ok()?;
        let path = Some(answer.trim()).filter(|path| !path.is_empty()).map(PathBuf::from)?;
        match question.what {
            PickerTarget::Save { name, .. } if path.is_dir() => Some(path.join(name)),
            _ => Some(path),
        }
    }

    fn open_page(&self, page: &Url) -> Result<(), Error> {
        self.inner.open_page(page)
    }

    fn open_folder(&self, folder: &Path) -> Result<(), Error> {
        self.inner.open_folder(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picker_starts_where_one_was_last_or_at_the_documents() {
        let ask = |start: Option<&str>| PickerQuestion {
            title: "",
            what: PickerTarget::Folder,
            start: start.map(PathBuf::from),
        };
        let documents = || Some(PathBuf::from("documents"));
        assert_eq!(ask(None).begins_at(documents()), documents());
        assert_eq!(ask(Some("slides")).begins_at(documents()), Some("slides".into()));
        assert_eq!(ask(None).begins_at(None), None);
    }

    #[test]
    fn only_secure_pages_and_this_computers_own_are_opened() {
        let check = |page: &str| check_page(&page.parse().unwrap()).is_ok();
        assert!(check("https://university.hosted.panopto.com/Panopto/Pages/Viewer.aspx?id=1"));
        assert!(check("http://127.0.0.1:8080/x") && check("http://localhost:8080/x") && check("http://[::1]/x"));
        for page in ["http://university.example/", "http://10.0.0.1/", "file:///etc/passwd", "javascript:alert(1)"] {
            assert!(!check(page), "{page}");
        }
    }
}
