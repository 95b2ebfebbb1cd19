//! `compare` and `digest`: two terms of a course, and what is new in it.

use clap::Args;
use engine::folders::video_of_link;
use model::SessionId;

use super::LookZone;

/// `compare …`
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// The course: its ID, a link to it, its name or a part of the name
    #[arg(value_name = "COURSE")]
    pub(crate) course: String,
    /// The course to compare it with
    #[arg(value_name = "OTHER")]
    pub(crate) other: String,
    /// Say that two videos belong together: VIDEO=OTHER, by their IDs; VIDEO=none: it has no pair; VIDEO=name: by its name
    /// again. Kept, and may be given several times
    #[arg(long = "pair", value_name = "VIDEO=OTHER", value_parser = pair)]
    pub(crate) pairs: Vec<(SessionId, PairWith)>,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

/// `digest …`
#[derive(Debug, Args)]
pub(crate) struct DigestArgs {
    /// The course: its ID, a link to it, its name or a part of the name [default: all courses of the list]
    #[arg(value_name = "COURSE")]
    pub(crate) course: Option<String>,
    /// Write it as Markdown
    #[arg(long, conflicts_with = "json")]
    pub(crate) markdown: bool,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

/// What somebody says of a video.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PairWith {
    /// This is its pair.
    Video(SessionId),
    /// It has none.
    Nothing,
    /// Its name decides.
    Name,
}

fn pair(text: &str) -> Result<(SessionId, PairWith), String> {
    let (video, other) = text.split_once('=').ok_or("VIDEO=OTHER is expected, with the IDs that `videos` lists")?;
    let id = |text: &str| video_of_link(text).map_err(|error| error.to_string());
    let with = match other.trim() {
        "none" => PairWith::Nothing,
        "name" => PairWith::Name,
        other => PairWith::Video(id(other)?),
    };
    Ok((id(video)?, with))
}
