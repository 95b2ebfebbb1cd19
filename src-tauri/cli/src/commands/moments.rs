//! `moments`: stretches of a video, or of the videos of a course, that deserve a look.

use std::fmt::Write as _;

use chrono_tz::Tz;
use engine::folders::video_of_link;
use engine::store::DataFolder;
use engine::views::Views;
use engine::{ErrorCode, Result};
use model::words::{clock, counted, range as dates};
use model::{DateRange, Moment, VideoInfo, VideoMoments, moments as moments_of_video};
use serde_json::{Value, json};

use crate::args::MomentsArgs;
use crate::commands::chart::find;
use crate::commands::zone::zone_to_look;
use crate::named::{Parts, course_named, listed_courses};
use crate::setup::Setup;
use crate::terminal::{Outcome, shown};

/// Shows the stretches.
pub(crate) async fn moments(setup: &Setup, args: MomentsArgs) -> Result<Outcome> {
    let range = args.dates.range()?;
    let folder = setup.data_folder()?;
    let zone = zone_to_look(setup, &folder, &args.zone)?;
    super::blocking(move || looked_for(&folder, &args.place, range, zone)).await
}

fn looked_for(folder: &DataFolder, place: &str, range: DateRange, zone: Tz) -> Result<Outcome> {
    let listed = listed_courses(folder)?;
    match (course_named(&listed, place, Parts::Suffice), video_of_link(place)) {
        (Ok(id), _) => {
            let course = Views::default().course(folder, id, zone)?;
            let found = course.moments(range);
            let videos: Vec<_> = course.views.videos().iter().zip(found.iter()).collect();
            Ok(told(&videos, range, zone))
        }
        (Err(_), Ok(session)) => {
            let (_, course, video) = find(folder, session, |views, course| views.course(folder, course, zone))?;
            let found = moments_of_video(&course.views, video, range);
            Ok(told(&[(&course.views.videos()[video], &found)], range, zone))
        }
        (Err(error), Err(_)) if error.code() == ErrorCode::NotFound => {
            Err(error.with_hint("Give a course, or the ID of a video; `panopto-analytics videos COURSE` lists them"))
        }
        (Err(error), Err(_)) => Err(error),
    }
}

fn told(videos: &[(&VideoInfo, &VideoMoments)], range: DateRange, zone: Tz) -> Outcome {
    let mut text = String::new();
    for (video, found) in videos.iter().filter(|(_, found)| videos.len() == 1 || !found.found().is_empty()) {
        let _ = writeln!(text, "{}", shown(&video.name));
        for moment in found.found() {
            let place = format!("{} – {}", clock(moment.start_secs), clock(moment.end_secs));
            let _ = writeln!(text, "  {place}  {}\n    {}", moment.kind.name(), moment.sentence);
        }
        if found.found().is_empty() {
            let _ = writeln!(text, "  {}", nothing(found));
        }
        text.push('\n');
    }
    let count: usize = videos.iter().map(|(_, found)| found.found().len()).sum();
    let too_few = videos.iter().filter(|(_, found)| matches!(found, VideoMoments::TooFewViewers(_))).count();
    let _ = write!(
        text,
        "{} in {}, {}",
        counted(count as u64, "moment", "moments"),
        counted(videos.len() as u64, "video", "videos"),
        dates(range)
    );
    if too_few > 0 && videos.len() > 1 {
        let _ = write!(text, "; {} with too few viewers for moments", counted(too_few as u64, "video", "videos"));
    }
    let videos: Vec<Value> = videos.iter().map(|(video, found)| as_json(video, found)).collect();
    Outcome::done(text, json!({ "timeZone": zone.name(), "range": dates(range), "videos": videos }))
}

/// Why a video has no moments.
const fn nothing(found: &VideoMoments) -> &'static str {
    match found {
        VideoMoments::NoLength => "Panopto gives no length for this video, so it has no timeline",
        VideoMoments::TooFewViewers(_) => "Too few viewers for moments: there must be at least 10",
        VideoMoments::Found(_) => "No moments: nothing stands out from what is around it",
    }
}

fn as_json(video: &VideoInfo, found: &VideoMoments) -> Value {
    let state = match found {
        VideoMoments::NoLength => "noLength",
        VideoMoments::TooFewViewers(_) => "tooFewViewers",
        VideoMoments::Found(_) => "found",
    };
    json!({
        "sessionId": video.session_id,
        "name": video.name,
        "state": state,
        "moments": found.found().iter().map(moment_as_json).collect::<Vec<_>>(),
    })
}

fn moment_as_json(moment: &Moment) -> Value {
    json!({
        "kind": moment.kind,
        "startSecs": moment.start_secs,
        "endSecs": moment.end_secs,
        "people": moment.people,
        "ofPeople": moment.of_people,
        "involvedSecs": moment.involved_secs,
        "sentence": moment.sentence,
        // As long as captions are not fetched, nobody knows what was said.
        "words": null,
    })
}
