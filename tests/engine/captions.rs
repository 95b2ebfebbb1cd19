//! Captions: fetched once, again when a video changed, kept whatever goes wrong; words with how they were watched.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use chrono_tz::Tz;
use engine::captions::{
    CaptionsFetch, CaptionsOfVideo, CaptionsProgress, CaptionsReport, CourseWords, Patience, Words,
};
use engine::source::Source;
use engine::store::captions::CourseCaptions;
use engine::store::{Disk, RealDisk};
use engine::views::{CourseInView, Views};
use engine::{ErrorCode, Result};
use model::{DateRange, Query, SessionId};
use sim::{At, CaptionTrack, Fault, FaultPlan, Route, World};
use tokio_util::sync::CancellationToken;

use crate::support::{How, Lab, noon, session_id};

const SRT: &str = "1\r\n00:00:05,000 --> 00:00:08,000\r\n[Auto-generated transcript.]\r\nHeat is not temperature\r\n\r\n2\r\n00:00:55,000 --> 00:00:58,000\r\nit is Éner\u{ad}gy in transit.\r\n\r\n";

/// Three videos: captions, none, an empty file.
fn spoken() -> World {
    let mut world = World::tiny(noon());
    let (first, third) = (world.sessions[0].id, world.sessions[2].id);
    world.captions = vec![CaptionTrack::new(first, SRT), CaptionTrack::new(third, "")];
    world
}

async fn synced(world: World) -> Lab {
    let lab = Lab::new(world).await;
    lab.sync_whole().await;
    lab.server.clear_requests();
    lab
}

async fn fetch_with(
    lab: &Lab,
    disk: Arc<dyn Disk>,
    patience: Patience,
    tell: &(dyn Fn(CaptionsProgress) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<CaptionsReport> {
    let folder = engine::store::DataFolder::open_on(disk, lab.dir.path())?;
    let lock = Arc::new(folder.lock()?);
    let source = Source::new(lab.client().await);
    let courses = folder.courses()?;
    let fetch = CaptionsFetch { folder: &folder, lock: &lock, source: &source, patience, clock: &lab.clock, tell };
    fetch.run(&courses, cancel).await
}

async fn fetch(lab: &Lab, patience: Patience) -> CaptionsReport {
    fetch_with(lab, Arc::new(RealDisk), patience, &|_| (), &CancellationToken::new()).await.unwrap()
}

/// Videos that the server was asked about, and downloads.
fn asked(lab: &Lab) -> (usize, usize) {
    let requests = lab.server.requests();
    let count = |route| requests.iter().filter(|request| request.route == route).count();
    lab.server.clear_requests();
    (count(Route::Session), count(Route::Captions))
}

fn kept(lab: &Lab) -> CourseCaptions {
    CourseCaptions::open(&lab.folder(), lab.course()).unwrap().unwrap()
}

fn video(lab: &Lab, number: usize) -> SessionId {
    session_id(lab.server.world().sessions[number].id)
}

fn counts(report: &CaptionsReport) -> (usize, usize, usize, usize, usize) {
    let course = &report.courses[0];
    (course.fetched, course.kept, course.no_captions, course.empty_captions, course.refused)
}

fn words(lab: &Lab) -> (Arc<CourseInView>, Arc<CourseWords>) {
    let course = Views::default().course(&lab.folder(), lab.course(), Tz::UTC).unwrap();
    let words = Words::default().of(&lab.folder(), &course).unwrap();
    (course, words)
}

#[tokio::test(flavor = "multi_thread")]
async fn captions_are_kept_as_they_came_and_not_asked_for_again() {
    let lab = synced(spoken()).await;
    let told = Mutex::new(Vec::new());
    let tell = |progress: CaptionsProgress| told.lock().unwrap().push((progress.done, progress.total));
    let report =
        fetch_with(&lab, Arc::new(RealDisk), Patience::Patient, &tell, &CancellationToken::new()).await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(counts(&report), (1, 1, 1, 1, 0));
    assert_eq!(*told.lock().unwrap(), [(0, 3), (1, 3), (2, 3), (3, 3)]);
    assert_eq!(kept(&lab).text(video(&lab, 0)).unwrap().unwrap(), SRT.as_bytes());
    asked(&lab);

    let again = fetch(&lab, Patience::Patient).await;
    assert_eq!((counts(&again), asked(&lab)), ((0, 1, 1, 1, 0), (0, 0)), "everything is known");
    // Who asks for the captions themselves wants those that have come meanwhile, and not the others once more.
    let second = lab.server.world().sessions[1].id;
    lab.server.world().captions.push(CaptionTrack::new(second, SRT));
    let now = fetch(&lab, Patience::Impatient).await;
    assert_eq!((counts(&now), asked(&lab).0), ((1, 2, 0, 1, 0), 2));
    lab.clock.set(noon() + TimeDelta::days(7));
    assert_eq!(
        (counts(&fetch(&lab, Patience::Patient).await).0, asked(&lab).0),
        (0, 1),
        "the empty one is asked for weekly"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_video_is_asked_for_again_and_keeps_its_words_until_then() {
    let lab = synced(spoken()).await;
    fetch(&lab, Patience::Patient).await;
    asked(&lab);
    {
        let mut world = lab.server.world();
        world.sessions[0].duration = Some(90.0);
        let session = world.sessions[0].id;
        world.captions[0] = CaptionTrack::new(session, SRT.replace("Heat", "Work"));
    }
    lab.set_now(noon() + TimeDelta::days(1));
    lab.sync_whole().await;
    lab.server.config_mut().captions_refused = true;
    asked(&lab);
    let refused = fetch(&lab, Patience::Patient).await;
    assert_eq!((counts(&refused), asked(&lab).0), ((0, 1, 1, 1, 0), 1), "what is kept outlives a refusal");
    lab.server.config_mut().captions_refused = false;
    assert_eq!(counts(&fetch(&lab, Patience::Patient).await).0, 1);
    assert!(String::from_utf8(kept(&lab).text(video(&lab, 0)).unwrap().unwrap()).unwrap().contains("Work is not"));
    // Panopto has them no longer.
    lab.server.world().sessions[0].duration = Some(80.0);
    lab.server.world().captions.clear();
    lab.set_now(noon() + TimeDelta::days(2));
    lab.sync_whole().await;
    fetch(&lab, Patience::Patient).await;
    assert_eq!(kept(&lab).text(video(&lab, 0)).unwrap(), None);
    // A file that was lost is fetched again.
    let session = lab.server.world().sessions[0].id;
    lab.server.world().captions = vec![CaptionTrack::new(session, SRT)];
    fetch(&lab, Patience::Impatient).await;
    std::fs::remove_file(kept(&lab).file(video(&lab, 0))).unwrap();
    assert_eq!(counts(&fetch(&lab, Patience::Patient).await).0, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_failure_is_one_video_and_a_closed_door_is_said_once() {
    let lab = synced(spoken()).await;
    lab.server
        .set_faults(FaultPlan::new([(At::Nth(Route::Session, 1), Fault::Status { status: 410, retry_after: None })]));
    let report = fetch(&lab, Patience::Patient).await;
    let course = &report.courses[0];
    assert_eq!((course.failed.len(), course.ended_early.as_ref(), report.is_complete()), (1, None, false));
    assert_eq!(course.failed[0].failure.code, ErrorCode::ServerRejected);
    assert!(fetch(&lab, Patience::Patient).await.is_complete(), "it is asked for again");

    let signing = Lab::new(spoken()).await.signing_in(How::AuthInCall);
    signing.sync_whole().await;
    let report = fetch(&signing, Patience::Patient).await;
    let reason = report.courses[0].ended_early.clone().unwrap();
    assert_eq!(reason.code, ErrorCode::BadCredentials);
    assert!(reason.reason.contains("gives no captions to this sign-in") && reason.hint.is_some());

    // The network is gone: three videos find out, not three hundred.
    let mut world = World::tiny(noon());
    let (template, folder) = (world.sessions[0].clone(), world.folders[0].id);
    world.sessions.extend((100..140).map(|number| sim::Session {
        id: uuid::Uuid::from_u128(number),
        folder,
        ..template.clone()
    }));
    let lab = synced(world).await;
    lab.server.set_faults(FaultPlan::new([(At::From(Route::Session, 1), Fault::Reset)]));
    let report = fetch(&lab, Patience::Patient).await;
    assert_eq!(report.courses[0].ended_early.as_ref().unwrap().code, ErrorCode::Network);
    assert!(report.courses[0].failed.len() <= 6, "{}", report.courses[0].failed.len());
    lab.server.set_faults(FaultPlan::default());
    assert!(fetch(&lab, Patience::Patient).await.is_complete());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_a_stop_is_kept_and_the_rest_follows() {
    let mut world = World::tiny(noon());
    let (template, folder) = (world.sessions[0].clone(), world.folders[0].id);
    for number in 100..140 {
        let id = uuid::Uuid::from_u128(number);
        world.sessions.push(sim::Session { id, folder, ..template.clone() });
        world.captions.push(CaptionTrack::new(id, SRT));
    }
    let lab = synced(world).await;
    let cancel = CancellationToken::new();
    let tell = |progress: CaptionsProgress| {
        if progress.done == 20 {
            cancel.cancel();
        }
    };
    let report = fetch_with(&lab, Arc::new(RealDisk), Patience::Patient, &tell, &cancel).await.unwrap();
    assert!(report.is_cancelled && !report.is_complete());
    asked(&lab);
    let report = fetch(&lab, Patience::Patient).await;
    assert!(report.is_complete());
    assert_eq!((report.courses[0].kept, asked(&lab).0), (40, 43 - 20));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_list_or_file_costs_its_own_words_alone() {
    let lab = synced(spoken()).await;
    fetch(&lab, Patience::Patient).await;
    let before: Vec<_> = lab.snapshot().into_iter().filter(|(name, _)| !name.contains("captions")).collect();
    let file = kept(&lab).file(video(&lab, 0));
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, vec![0xe9; bytes.len()]).unwrap();
    let (_, damaged) = words(&lab);
    assert_eq!(damaged.videos()[0], CaptionsOfVideo::Unreadable(file.clone()));
    std::fs::write(kept(&lab).index_file(), b"{").unwrap();
    let (_, damaged) = words(&lab);
    assert!(damaged.damage.as_ref().is_some_and(|sentence| sentence.contains("index.json` cannot be used")));
    assert!(damaged.videos().iter().all(|state| *state == CaptionsOfVideo::NotFetched));
    let report = fetch(&lab, Patience::Patient).await;
    assert!(report.is_complete() && report.courses[0].warnings.len() == 1, "{report:?}");
    assert_eq!(std::fs::read(&file).unwrap(), bytes);
    let after: Vec<_> = lab.snapshot().into_iter().filter(|(name, _)| !name.contains("captions")).collect();
    assert_eq!(before, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_with_how_their_second_was_watched() {
    let lab = synced(spoken()).await;
    let (course, nothing) = words(&lab);
    assert_eq!(nothing.count(|state| *state == CaptionsOfVideo::NotFetched), 3);
    assert_eq!(nothing.find(&course.views, &Query::parse("heat"), DateRange::ALL, 9).total, 0);
    fetch(&lab, Patience::Patient).await;
    let cache = Words::default();
    let words = cache.of(&lab.folder(), &course).unwrap();
    assert!(Arc::ptr_eq(&words, &cache.of(&lab.folder(), &course).unwrap()), "read once");
    assert_eq!(words.videos(), [CaptionsOfVideo::Kept, CaptionsOfVideo::NoCaptions, CaptionsOfVideo::NoCaptions]);
    let find = |query: &str| words.find(&course.views, &Query::parse(query), DateRange::ALL, 9);
    let found = find("heat temp");
    let [said] = found.places.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (said.place.video, said.place.start_secs, said.place.words().as_str()),
        (0, 5.0, "Heat is not temperature")
    );
    // At second 5 both viewers are there once; at 55 only the first one.
    assert_eq!((said.viewers, said.replays), (2, 0));
    let found = find("energy");
    assert_eq!((found.places[0].place.start_secs, found.places[0].viewers), (55.0, 1));
    assert_eq!(find("transcript").total, 0, "the machine's note is not said");
    lab.set_now(noon() + TimeDelta::days(8));
    let second = lab.server.world().sessions[1].id;
    lab.server.world().captions.push(CaptionTrack::new(second, SRT));
    fetch(&lab, Patience::Patient).await;
    let later = cache.of(&lab.folder(), &course).unwrap();
    assert_eq!(later.find(&course.views, &Query::parse("heat"), DateRange::ALL, 9).total, 2, "what has come is read");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn captions_are_the_owners_alone_and_go_where_the_course_goes() {
    use std::os::unix::fs::PermissionsExt as _;

    let lab = synced(spoken()).await;
    fetch(&lab, Patience::Patient).await;
    let file = kept(&lab).file(video(&lab, 0));
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(&kept(&lab).index_file()), mode(file.parent().unwrap())), (0o600, 0o600, 0o700));

    let folder = lab.folder();
    let lock = folder.lock().unwrap();
    let course = lab.course();
    let trashed = folder.plan_removal(&lock, course, noon()).unwrap();
    folder.move_to_trash(&lock, &trashed).unwrap();
    assert!(!file.exists());
    folder.put_back(&lock, &trashed).unwrap();
    drop(lock);
    assert_eq!(std::fs::read(&file).unwrap(), SRT.as_bytes());

    let target = tempfile::tempdir().unwrap();
    let target = target.path().join("moved");
    let copied = folder.copy_to(&target, &|| false).unwrap();
    let moved = CourseCaptions::open(copied.folder(), course).unwrap().unwrap();
    assert_eq!(moved.text(video(&lab, 0)).unwrap().unwrap(), SRT.as_bytes());
}
