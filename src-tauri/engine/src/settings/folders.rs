//! Where settings and data are stored until the user chooses a place: the platform's usual directories.

use std::path::PathBuf;

use directories::ProjectDirs;

use crate::environment::Environment;
use crate::{Error, ErrorCode, Result};

/// Environment variable that replaces the configuration directory.
pub const CONFIG_DIR_VARIABLE: &str = "PANOPTO_ANALYTICS_CONFIG_DIR";
const FOLDER_NAME: &str = "panopto-video-analytics";

/// The directory of the settings file: [`CONFIG_DIR_VARIABLE`], otherwise the platform's place for configuration.
pub fn config_dir(environment: &dyn Environment) -> Result<PathBuf> {
    match environment.variable(CONFIG_DIR_VARIABLE) {
        Some(dir) => Ok(PathBuf::from(dir)),
        None => Ok(project_dirs()?.config_dir().to_owned()),
    }
}

/// The data folder if none is chosen: `panopto-video-analytics` in the platform's place for application data. On
/// Windows this is not the roaming one, because viewing records are too large to travel at each sign-in.
pub fn default_data_folder() -> Result<PathBuf> {
    let dirs = project_dirs()?;
    let data = dirs.data_local_dir();
    // On macOS both are the same directory. The user may move the data folder, while the settings stay.
    Ok(if data == dirs.config_dir() { data.join("data") } else { data.to_owned() })
}

fn project_dirs() -> Result<ProjectDirs> {
    ProjectDirs::from("", "", FOLDER_NAME).ok_or_else(|| {
        Error::new(ErrorCode::NotConfigured, "This user has no home directory to keep settings in")
            .with_hint(format!("Set HOME, or set {CONFIG_DIR_VARIABLE} and choose a data folder"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::FixedEnvironment;

    #[test]
    fn the_variable_wins() {
        let environment = FixedEnvironment::new([(CONFIG_DIR_VARIABLE, "/somewhere/else")]);
        assert_eq!(config_dir(&environment).unwrap(), PathBuf::from("/somewhere/else"));
    }

    #[test]
    fn settings_are_not_in_the_data_folder() {
        let data = default_data_folder().unwrap();
        assert!(data.to_string_lossy().contains(FOLDER_NAME));
        assert!(!config_dir(&FixedEnvironment::default()).unwrap().starts_with(&data));
    }
}
