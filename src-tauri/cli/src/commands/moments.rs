//! `moments`: stretches of a video, or of the videos of a course, that deserve a look, with what the teacher noted in the window.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono_tz::Tz;
use engine::captions::Words;
use engine::folders::video_of_link;
use engine::store::DataFolder;
use engine::views::Views;
use engine::{Error, ErrorCode, Result};
use model::words::{counted, range as dates, stretch};
use model::{
    Captions, DateRange, Moment, Note, NoteTag, Recorded, VideoInfo, VideoMoments, moments as moments_of_video,
    notes_of_moments,
};
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
    // A damaged file of notes is told, and moments are shown all the same.
    let notes = folder.notes().map_err(Error::from);
    match (course_named(&listed, place, Parts::Suffice), video_of_link(place)) {
        (Ok(id), _) => {
            let course = Views::default().course(folder, id, zone)?;
            let found = course.moments(range);
            let words = Words::default().of(folder, &course)?;
            let videos = course.views.videos().iter().zip(found.iter()).enumerate();
            let videos: Vec<_> = videos.map(|(index, (video, found))| (video, found, words.captions(index))).collect();
            Ok(told(&videos, notes, range, zone))
        }
        (Err(_), Ok(session)) => {
            let (_, course, video) = find(folder, session, |views, course| views.course(folder, course, zone))?;
            let found = moments_of_video(&course.views, video, range);
            let words = Words::default().of(folder, &course)?;
            Ok(told(&[(&course.views.videos()[video], &found, words.captions(video))], notes, range, zone))
        }
        (Err(error), Err(_)) if error.code() == ErrorCode::NotFound => {
            Err(error.with_hint("Give a course, or the ID of a video; `panopto-analytics videos COURSE` lists them"))
        }
        (Err(error), Err(_)) => Err(error),
    }
}

fn told(
    videos: &[(&VideoInfo, &VideoMoments, &Arc<Captions>)],
    notes: Result<Vec<Note>>,
    range: DateRange,
    zone: Tz,
) -> Outcome {
    let (notes, damage) = match notes {
        Ok(notes) => (notes, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let mut text = String::new();
    for (video, found, captions) in videos.iter().filter(|(_, found, _)| videos.len() == 1 || !found.found().is_empty())
    {
        let _ = writeln!(text, "{}", shown(&video.name));
        let of_video = notes_of(&notes, video);
        let (of_moments, _) = notes_of_moments(&of_video, found.found());
        for (moment, note) in found.found().iter().zip(of_moments) {
            let place = stretch(moment.start_secs, moment.end_secs);
            let _ = writeln!(text, "  {place}  {}\n    {}", moment.kind.name(), moment.sentence);
            if let Some(words) = said_in(moment, captions) {
                let _ = writeln!(text, "    “{}”", shown(&words));
            }
            if let Some(note) = note {
                let _ = writeln!(text, "    Noted: {}", shown(&in_words(note)));
            }
        }
        if found.found().is_empty() {
            let _ = writeln!(text, "  {}", nothing(found));
        }
        text.push('\n');
    }
    let count: usize = videos.iter().map(|(_, found, _)| found.found().len()).sum();
    let too_few = videos.iter().filter(|(_, found, _)| matches!(found, VideoMoments::TooFewViewers(_))).count();
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
    if let Some(damage) = &damage {
        let _ = write!(text, "\nNotes are left out. {damage}");
    }
    let videos: Vec<Value> =
        videos.iter().map(|(video, found, captions)| as_json(video, found, captions, &notes)).collect();
    let damage = damage.map(|error| error.message().to_owned());
    Outcome::done(
        text,
        json!({ "timeZone": zone.name(), "range": dates(range), "videos": videos, "notesError": damage }),
    )
}

/// Why a video has no moments.
const fn nothing(found: &VideoMoments) -> &'static str {
    match found {
        VideoMoments::NoLength => "Panopto gives no length for this video, so it has no timeline",
        VideoMoments::TooFewViewers(_) => "Too few viewers for moments: there must be at least 10",
        VideoMoments::Found(_) => "No moments: nothing stands out from what is around it",
    }
}

fn as_json(video: &VideoInfo, found: &VideoMoments, captions: &Captions, notes: &[Note]) -> Value {
    let of_video = notes_of(notes, video);
    let (of_moments, others) = notes_of_moments(&of_video, found.found());
    let state = match found {
        VideoMoments::NoLength => "noLength",
        VideoMoments::TooFewViewers(_) => "tooFewViewers",
        VideoMoments::Found(_) => "found",
    };
    json!({
        "sessionId": video.session_id,
        "name": video.name,
        "state": state,
        "moments": found.found().iter().zip(of_moments).map(|(moment, note)| moment_as_json(moment, captions, note)).collect::<Vec<_>>(),
        "otherNotes": others.into_iter().map(other_as_json).collect::<Vec<_>>(),
    })
}

fn notes_of(notes: &[Note], video: &VideoInfo) -> Vec<Note> {
    notes.iter().filter(|note| note.video == video.session_id).cloned().collect()
}

/// `Confusing: say it with an example`.
fn in_words(note: &Note) -> String {
    let tag = note.tag.as_ref().map(|tag| match tag {
        Recorded::Known(tag) => NoteTag::name(*tag),
        Recorded::Unknown(word) => word,
    });
    let parts = [tag.unwrap_or_default(), &note.text];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
}

fn note_as_json(note: &Note) -> Value {
    json!({ "tag": note.tag, "text": note.text })
}

/// A note whose moment is not found under these dates, or no longer.
fn other_as_json(note: &Note) -> Value {
    json!({
        "kind": note.kind,
        "startSecs": note.stretch.start_secs(),
        "endSecs": note.stretch.end_secs(),
        "note": note_as_json(note),
    })
}

/// What the captions say in a moment.
fn said_in(moment: &Moment, captions: &Captions) -> Option<String> {
    captions.words_of(moment.start_secs, moment.end_secs)
}

fn moment_as_json(moment: &Moment, captions: &Captions, note: Option<&Note>) -> Value {
    json!({
        "kind": moment.kind,
        "startSecs": moment.start_secs,
        "endSecs": moment.end_secs,
        "people": moment.people,
        "ofPeople": moment.of_people,
        "involvedSecs": moment.involved_secs,
        "sentence": moment.sentence,
        // Null where there are no captions, or none were fetched.
        "words": said_in(moment, captions),
        "note": note.map(note_as_json),
    })
}
