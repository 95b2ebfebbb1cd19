//! A video in a list: its name cut to the room there is, and what is read out when somebody points at it.
//!
//! Deliberately absent: pixels. The window gives the room for a name in widths of a digit, which accounts for its font
//! and its zoom.

use charts::measure_px;
use model::names::ListedNames;
use model::readout::VideoReadout;
use model::{CourseFigures, VideoInfo};

/// The names of a list as they are shown, and what was left out of all of them.
pub(super) struct ShownNames {
    pub(super) names: Vec<String>,
    /// `all begin with BAMA504-001 2021W1`; `None` where nothing was left out.
    pub(super) note: Option<String>,
}

impl ShownNames {
    /// The names of a course's videos. `room` is the longest width of a name, in digits; `None`: names are not cut.
    pub(super) fn new(videos: &[VideoInfo], figures: &CourseFigures, room: Option<u32>) -> Self {
        let listed = ListedNames::new(videos.iter().map(|video| &*video.name));
        let digit = measure_px("0", 1.0);
        let names = match room {
            Some(room) => listed.fitted(f64::from(room), |text| measure_px(text, 1.0) / digit),
            None => listed.short().to_vec(),
        };
        Self { names, note: listed.note(|index| figures.rows[index].order) }
    }
}

/// What is read out for a video, line by line: the name, how many watched, how much, how long it is. `beside` is added
/// to its coverage where the chosen dates leave out its beginning.
pub(super) fn lines(said: VideoReadout, beside: Option<String>) -> Vec<String> {
    let covered = said.covered.map(|covered| match beside {
        Some(beside) => format!("{covered} {beside}"),
        None => covered,
    });
    let mut lines = vec![said.name, said.viewers];
    lines.extend(covered);
    lines.extend(said.watched);
    lines.push(said.duration);
    lines.extend(said.too_few.map(str::to_owned));
    lines
}
