//! `courses …`: the course list.

use std::path::PathBuf;

use clap::{Subcommand, ValueHint};

use super::paths::path;
use crate::help;

/// `courses …`
#[derive(Debug, Subcommand)]
pub(crate) enum CoursesCommand {
    /// Show the course list
    #[command(long_about = help::COURSES_LIST)]
    List,
    /// Add folders by ID or by any Panopto link to them
    #[command(long_about = help::COURSES_ADD)]
    Add {
        /// Folder IDs or links; `-` reads them from standard input, one a line
        #[arg(required = true, value_name = "FOLDER")]
        folders: Vec<String>,
    },
    /// Take a course off the list
    #[command(long_about = help::COURSES_REMOVE)]
    Remove {
        /// The course: its ID, a link to it, or its whole name
        #[arg(value_name = "COURSE")]
        course: String,
        /// Delete what was fetched of it as well; this cannot be undone
        #[arg(long)]
        delete_data: bool,
    },
    /// Add all courses of a courses.csv
    #[command(long_about = help::COURSES_IMPORT)]
    Import {
        /// The file: PanoptoFolderName,PanoptoFolderID
        #[arg(value_name = "courses.csv", value_hint = ValueHint::FilePath, value_parser = path())]
        file: PathBuf,
    },
    /// Make a missing or damaged course list anew from what is stored
    Repair,
}
