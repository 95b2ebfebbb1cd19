//! Opening another data folder and moving the one in use, with the settings following.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::store::DataFolder;
use engine::{Error, ErrorCode, Result};
use tokio_util::sync::CancellationToken;

use crate::state::blocking;
use crate::workspace::Workspace;

/// Makes an existing data folder (also the original's) the one in use.
///
/// A folder without a course list is refused. The first sync would make it into a data folder, which is what *Settings*
/// offers and *Open* does not.
pub async fn open(workspace: &Arc<Workspace>, path: PathBuf) -> Result<()> {
    let workspace = Arc::clone(workspace);
    blocking(move || {
        let folder = DataFolder::open(&path)?;
        if !folder.exists(&folder.courses_file())? && !folder.exists(&folder.area_dir(engine::store::Area::Database))? {
            return Err(Error::new(
                ErrorCode::InvalidInput,
                format!("`{}` holds no `courses.csv` and no `database`", path.display()),
            )
            .with_hint(
                "Choose the folder of the scripts, or a data folder of this program: the one that holds `courses.csv`",
            ));
        }
        if folder.exists(&folder.courses_file())? {
            folder.courses()?;
        }
        use_folder(&workspace, &path)
    })
    .await
}

/// Moves everything to `target`; `false` where that is the folder in use.
pub(crate) async fn move_to(workspace: &Arc<Workspace>, target: PathBuf, cancel: &CancellationToken) -> Result<bool> {
    let (workspace, cancel) = (Arc::clone(workspace), cancel.clone());
    blocking(move || {
        let folder = workspace.folder()?;
        if same(folder.root(), &target) {
            return Ok(false);
        }
        let left = workspace.lifetime.move_data_folder(&folder, &target, &cancel)?;
        workspace.views.clear();
        for path in left.linked.iter().chain(&left.not_removed) {
            let sentence = format!("The data folder was moved, and “{}” is still there", path.display());
            tracing::warn!(code = "disk", "{sentence}");
            workspace.findings.add(&sentence);
        }
        Ok(true)
    })
    .await
}

fn use_folder(workspace: &Workspace, path: &Path) -> Result<()> {
    workspace.settings_file.update(|settings| settings.data_folder = Some(path.to_owned()))?;
    workspace.views.clear();
    Ok(())
}

fn same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
