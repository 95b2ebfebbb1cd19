//! `captions …`: what is said in the videos.

use clap::Subcommand;

use super::LookZone;
use super::looking::Dates;
use crate::help;

/// `captions …`
#[derive(Debug, Subcommand)]
pub(crate) enum CaptionsCommand {
    /// Fetch the captions of the videos of courses
    #[command(long_about = help::CAPTIONS_FETCH)]
    Fetch {
        /// Courses: their IDs, links to them, names or parts of the names [default: the whole course list]
        #[arg(value_name = "COURSE")]
        courses: Vec<String>,
    },
    /// Find words in the captions of a course
    #[command(long_about = help::CAPTIONS_FIND)]
    Find {
        /// The course: its ID, a link to it, its name or a part of the name
        #[arg(value_name = "COURSE")]
        course: String,
        /// Words, all of which must be said close together; a phrase in quotes is one word of the shell
        #[arg(value_name = "WORDS", required = true)]
        words: Vec<String>,
        /// On which days it was watched.
        #[command(flatten)]
        dates: Dates,
        /// The reporting time zone.
        #[command(flatten)]
        zone: LookZone,
    },
}
