//! `timeline` and `moments`: where in a video something happens.

use clap::Args;
use engine::folders::video_of_link;
use model::SessionId;

use super::LookZone;
use super::looking::Dates;

/// `timeline …`
#[derive(Debug, Args)]
pub(crate) struct TimelineArgs {
    /// The video: its ID, which `videos` lists, or a link to its page
    #[arg(value_name = "SESSION_ID", value_parser = video_of_link)]
    pub(crate) session: SessionId,
    /// On which days.
    #[command(flatten)]
    pub(crate) dates: Dates,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}

/// `moments …`
#[derive(Debug, Args)]
pub(crate) struct MomentsArgs {
    /// A video, by its ID or a link to its page; or a course, by its ID, a link to it, its name or a part of the name
    #[arg(value_name = "VIDEO_OR_COURSE")]
    pub(crate) place: String,
    /// On which days.
    #[command(flatten)]
    pub(crate) dates: Dates,
    /// The reporting time zone.
    #[command(flatten)]
    pub(crate) zone: LookZone,
}
