//! What a sync fetches, stores and requests.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use engine::ErrorCode;
use engine::events::{EventLog, SyncEvent};
use engine::store::RealDisk;
use engine::sync::CourseOutcome;
use sim::{Config, EmptyList, EndRange, PastEnd, Route, Session, Stress, UsageLimit, View, World};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{How, Lab, at, noon, small_world};

/// Five levels deep, several pages of everything, a clamp of 100 records a page, slow.
fn demanding() -> (World, Config) {
    let spec = Stress {
        depth: 5,
        folders_per_level: 5,
        sessions_per_folder: 3,
        viewers: 20,
        views_per_session: 150,
        until: noon(),
        days: 60,
        hostile: true,
        odd_rows: true,
    };
    let config = Config {
        page_size_rest: 2,
        usage_limit: UsageLimit::Clamp(100),
        latency: Duration::from_millis(50),
        ..Config::default()
    };
    (World::stress(7, &spec), config)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_stores_every_record_once_however_one_signs_in() {
    let mut files = BTreeSet::new();
    for how in [How::Token, How::Password, How::AuthInCall] {
        let (world, config) = demanding();
        let sessions = world.sessions.len();
        let lab = Lab::with(world, config).await.signing_in(how);
        let report = lab.sync_whole().await;
        lab.assert_equal_to_server();
        assert_eq!(report.new_records as usize, lab.expected().values().sum::<usize>());
        let CourseOutcome::Synced { videos, new_videos, gone_videos, .. } = report.courses[0].outcome else { panic!() };
        assert_eq!((videos, new_videos, gone_videos), (sessions, sessions, 0));
        assert_eq!(report.courses[0].name, "STRS 500 \"Stress\", tests & trials");
        assert_eq!(lab.overview().lines().next().unwrap(), OVERVIEW_HEADER);
        files.insert(lab.activity());
        files.insert(lab.overview());
        assert!(lab.snapshot().keys().all(|name| !name.contains("staging")), "{:?}", lab.snapshot().keys());
    }
    assert_eq!(files.len(), 2, "the way of signing in does not show in the files");
}

const OVERVIEW_HEADER: &str =
    "RootFolderID,RootFolderName,ContainingFolderId,ContainingFolderName,SessionId,SessionName,Description,Duration";

#[tokio::test(flavor = "multi_thread")]
async fn the_next_day_only_what_is_new_and_the_look_back_is_asked_and_at_once_nothing() {
    let lab = Lab::new(small_world(1)).await;
    lab.sync_whole().await;
    let first = lab.activity();

    lab.set_now(noon() + TimeDelta::days(1));
    add_view(&lab, 0, "2024-03-15T13:00:00Z");
    lab.server.clear_requests();
    let report = lab.sync_whole().await;
    assert_eq!(report.new_records, 1 + views_between(&lab, "2024-03-15T00:00:00Z", "2024-03-15T12:00:00.001Z"));
    for call in lab.usage_calls() {
        let soap = call.soap.unwrap();
        assert_eq!((soap.begin, soap.end), (Some(at("2024-03-13T00:00:00Z")), Some(at("2024-03-16T00:00:00Z"))));
    }
    assert!(lab.activity().starts_with(&first), "stored rows stay in their place");
    lab.assert_equal_to_server();

    lab.server.clear_requests();
    let before = lab.snapshot();
    let report = lab.sync_whole().await;
    assert!(matches!(report.courses[0].outcome, CourseOutcome::UpToDate { .. }), "{report:?}");
    assert_eq!((lab.usage_calls().len(), report.new_records), (0, 0));
    assert_eq!(sign_ins(&lab), 0, "nor is it signed in for usage calls");
    let changed: Vec<_> = lab.snapshot().into_iter().filter(|(name, text)| before.get(name) != Some(text)).collect();
    assert!(changed.iter().all(|(name, _)| name.contains("/sync/")), "{changed:?}");
}

fn sign_ins(lab: &Lab) -> usize {
    lab.server.requests().into_iter().filter(|request| request.route == Route::LegacyLogin).count()
}

/// The empty lists prove it: no usage call can have asked for the sign-in.
#[tokio::test(flavor = "multi_thread")]
async fn it_is_signed_in_for_usage_calls_while_the_lists_are_still_being_read() {
    let world = World { sessions: Vec::new(), views: Vec::new(), ..small_world(1) };
    let lab = Lab::with(world, Config { latency: Duration::from_millis(20), ..Config::default() }).await;
    lab.sync_whole().await;
    assert_eq!((sign_ins(&lab), lab.usage_calls().len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn late_records_are_found_within_the_look_back_and_stored_once() {
    let lab = Lab::new(small_world(2)).await;
    lab.sync_whole().await;
    lab.set_now(noon() + TimeDelta::days(1));
    for late in ["2024-03-13T08:00:00Z", "2024-03-14T23:59:59.997Z", "2024-03-15T00:00:00Z"] {
        add_view(&lab, 1, late);
    }
    lab.sync_whole().await;
    lab.assert_equal_to_server();
    lab.set_now(noon() + TimeDelta::days(2));
    lab.sync_whole().await;
    lab.assert_equal_to_server();
}

/// The server was late, and the night's sync is over. A request for the days again fetches them now, not in the next
/// night.
#[tokio::test(flavor = "multi_thread")]
async fn a_look_back_that_is_asked_for_is_not_put_off() {
    let mut lab = Lab::new(small_world(2)).await;
    lab.sync_whole().await;
    add_view(&lab, 1, "2024-03-05T08:00:00Z");
    lab.lookback_days = 14;
    let report = lab.sync_whole().await;
    assert!(matches!(report.courses[0].outcome, CourseOutcome::UpToDate { .. }), "a setting waits: {report:?}");
    lab.asks_again = true;
    assert_eq!(lab.sync_whole().await.new_records, 1);
    lab.assert_equal_to_server();
    assert_eq!(lab.sync_whole().await.new_records, 0, "nothing twice");
    lab.assert_equal_to_server();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_look_back_the_borders_of_days_lose_and_double_nothing() {
    for end_range in [EndRange::Inclusive, EndRange::Exclusive] {
        let config = Config { end_range, ..Config::default() };
        let mut lab = Lab::with(World::tiny(noon()), config).await;
        lab.lookback_days = 0;
        for border in ["2024-03-14T00:00:00Z", "2024-03-15T00:00:00Z", "2024-03-16T00:00:00Z"] {
            add_view(&lab, 0, border);
        }
        for day in 0..4 {
            lab.set_now(noon() + TimeDelta::days(day));
            lab.sync_whole().await;
            lab.assert_equal_to_server();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_video_gets_its_whole_history() {
    let lab = Lab::new(small_world(3)).await;
    lab.sync_whole().await;
    let id = Uuid::from_u128(77);
    {
        let mut world = lab.server.world();
        let folder = world.folders[1].id;
        world.sessions.push(Session::new(id, folder, "Copied from last year", 60.0));
        let user = world.views[0].user;
        world.views.push(View::new(id, user, at("2019-05-05T10:00:00Z"), 0.0, 10.0));
        world.views.push(View::new(id, user, at("2024-03-14T10:00:00Z"), 10.0, 10.0));
    }
    lab.server.clear_requests();
    // Still today: every other video is up to date.
    let report = lab.sync_whole().await;
    let CourseOutcome::Synced { new_videos: 1, new_records: 2, .. } = report.courses[0].outcome else {
        panic!("{report:?}")
    };
    assert!(lab.usage_calls().iter().all(|call| call.soap.as_ref().unwrap().session_id == Some(id)));
    lab.assert_equal_to_server();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_course_keeps_its_directory_and_its_date() {
    let lab = Lab::new(small_world(4)).await;
    lab.sync_whole().await;
    let dir = lab.course_dir();
    assert_eq!(lab.folder().courses().unwrap()[0].name, "STRS 500 \"Stress\", tests & trials");
    "../../New <name>".clone_into(&mut lab.server.world().folders[0].name);
    lab.set_now(noon() + TimeDelta::days(1));
    let report = lab.sync_whole().await;
    assert_eq!(report.courses[0].name, "../../New <name>");
    assert_eq!(lab.course_dir(), dir);
    assert_eq!(std::fs::read_dir(dir.parent().unwrap()).unwrap().count(), 1);
    assert!(lab.overview().lines().nth(1).unwrap().contains("../../New <name>"));
    assert!(lab.state().contains("../../New <name>,") && lab.state().lines().count() == 2, "{}", lab.state());
    assert_eq!(lab.folder().courses().unwrap()[0].name, "../../New <name>");
    lab.assert_equal_to_server();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_that_is_gone_leaves_the_overview_and_keeps_its_records() {
    let lab = Lab::new(small_world(5)).await;
    lab.sync_whole().await;
    let (before, everything) = (lab.stored(), lab.activity());
    let gone = lab.server.world().sessions.remove(0);
    lab.set_now(noon() + TimeDelta::days(1));
    let report = lab.sync_whole().await;
    let CourseOutcome::Synced { gone_videos: 1, new_videos: 0, .. } = report.courses[0].outcome else {
        panic!("{report:?}")
    };
    assert!(!lab.overview().contains(&gone.id.to_string()));
    assert!(lab.activity().starts_with(&everything));
    crate::support::assert_nothing_invented(&before, &lab.stored());

    // After its return, only what it missed is requested.
    lab.server.world().sessions.push(gone.clone());
    lab.set_now(noon() + TimeDelta::days(2));
    lab.server.clear_requests();
    lab.sync_whole().await;
    let calls = lab.usage_calls();
    let soap = calls.iter().map(|call| call.soap.as_ref().unwrap()).find(|soap| soap.session_id == Some(gone.id));
    assert_eq!(soap.unwrap().begin, Some(at("2024-03-13T00:00:00Z")));
    lab.assert_equal_to_server();
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_in_a_ring_end() {
    let mut world = small_world(6);
    let last = world.folders.last().unwrap().id;
    world.folders[0].parent = Some(last);
    let lab = Lab::new(world).await;
    lab.server.clear_requests();
    lab.sync_whole().await;
    lab.assert_equal_to_server();
    let mut asked: Vec<String> = lab
        .server
        .requests()
        .into_iter()
        .filter(|e| e.path.ends_with("/children"))
        .map(|e| e.path + &e.query)
        .collect();
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all, "each folder is read once");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_form_the_answers_have_the_result_is_the_same() {
    let reference = Lab::new(small_world(8)).await;
    reference.sync_whole().await;
    for (name, config) in [
        ("nil", Config { empty_pages: EmptyList::Nil, ..Config::default() }),
        ("missing", Config { empty_pages: EmptyList::Missing, ..Config::default() }),
        ("short pages", Config { short_pages: true, usage_limit: UsageLimit::Clamp(7), ..Config::default() }),
        (
            "phantoms",
            Config { page_past_end: PastEnd::Phantom(3), usage_limit: UsageLimit::Clamp(7), ..Config::default() },
        ),
        ("repeats", Config { page_past_end: PastEnd::RepeatLast, page_size_rest: 1, ..Config::default() }),
        ("half of all lists fail", Config { folder_sessions_500: 0.4, ..Config::default() }),
        ("clamped", Config { usage_limit: UsageLimit::Clamp(3), ..Config::default() }),
    ] {
        let lab = Lab::with(small_world(8), config).await;
        lab.sync_whole().await;
        assert_eq!(lab.activity(), reference.activity(), "{name}");
        assert_eq!(lab.overview(), reference.overview(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_course_that_fails_is_named_and_the_others_go_on() {
    let mut world = small_world(9);
    let (second, unknown) = (Uuid::from_u128(5), Uuid::from_u128(6));
    let mut hidden = sim::Folder::new(second, "Hidden", None);
    hidden.visible = false;
    world.folders.push(hidden);
    let course = world.folders[0].id;
    let lab = Lab::new(world).await;
    lab.list_courses(&[unknown, second, course]);
    let report = lab.sync().await.unwrap();
    let codes: Vec<_> = report
        .courses
        .iter()
        .map(|course| match &course.outcome {
            CourseOutcome::Failed { error } => error.code.as_str(),
            other => other.word().as_str(),
        })
        .collect();
    assert_eq!(codes, ["not-found", "no-rights", "synced"]);
    assert!(!report.is_complete() && report.total_failure().is_none());
    let CourseOutcome::Failed { error } = &report.courses[0].outcome else { panic!() };
    assert!(error.reason.contains("has no folder 00000000-0000-0000-0000-000000000006"), "{error:?}");
    assert!(error.hint.is_some());
    assert!(!lab.state().contains(&second.to_string()), "{}", lab.state());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_subfolder_is_named_and_its_videos_are_not_taken_for_gone() {
    let lab = Lab::new(small_world(10)).await;
    lab.sync_whole().await;
    let overview = lab.overview();
    // The course's own list takes two calls. Lists of hidden folders are empty, so the refusal is a fault here.
    let plan = sim::FaultPlan::new([(
        sim::At::From(sim::Route::FolderSessions, 3),
        sim::Fault::Status { status: 403, retry_after: None },
    )]);
    lab.server.set_faults(plan);
    lab.set_now(noon() + TimeDelta::days(1));
    let report = lab.sync().await.unwrap();
    let CourseOutcome::Partial { gone_videos: 0, ref failed, .. } = report.courses[0].outcome else {
        panic!("{report:?}")
    };
    assert!(failed.iter().all(|part| part.video.is_none() && part.failure.code == ErrorCode::NoRights), "{failed:?}");
    assert_eq!(lab.overview().lines().count(), overview.lines().count());
    assert!(lab.state().contains("2024-03-14"), "the date does not advance: {}", lab.state());
    lab.server.set_faults(sim::FaultPlan::default());
    lab.sync_whole().await;
    assert_eq!(lab.overview(), overview);
    lab.assert_equal_to_server();
}

#[tokio::test(flavor = "multi_thread")]
async fn events_tell_the_story_in_order() {
    let lab = Lab::new(World::tiny(noon())).await;
    let events = EventLog::default();
    lab.sync_with(Arc::new(RealDisk), &events, &CancellationToken::new()).await.unwrap();
    let all = events.all();
    assert!(
        matches!(&all[..2], [SyncEvent::Started { courses }, SyncEvent::Listing { .. }] if courses.len() == 1),
        "{all:?}"
    );
    let listed = |event: &&SyncEvent| matches!(event, SyncEvent::Listed { folders: 2, videos: 3, to_fetch: 3, .. });
    assert_eq!(all.iter().filter(listed).count(), 1, "{all:?}");
    let videos: Vec<_> = all
        .iter()
        .filter_map(|event| match event {
            SyncEvent::Video { done, total, failed: false, .. } => Some((*done, *total)),
            _ => None,
        })
        .collect();
    assert_eq!(videos.iter().map(|(done, _)| *done).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(videos.iter().all(|(done, total)| done <= total) && videos[2] == (3, 3), "{videos:?}");
    let received: u64 = all
        .iter()
        .map(|event| match event {
            SyncEvent::Records { received, .. } => *received,
            _ => 0,
        })
        .sum();
    assert_eq!(received, 8);
    assert!(
        matches!(&all[all.len() - 2..], [
        SyncEvent::CourseFinished { name, outcome: CourseOutcome::Synced { new_records: 8, .. }, .. },
        SyncEvent::Finished { new_records: 8, .. }
    ] if name == "TINY 100 A & B"),
        "{all:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_gets_into_the_data_folder_the_events_or_the_report() {
    for how in [How::Token, How::Password, How::AuthInCall] {
        let lab = Lab::new(small_world(11)).await.signing_in(how);
        lab.sign_in().await;
        let plan = [(sim::At::Nth(sim::Route::SoapUsage, 3), sim::Fault::SoapFault("System error.".into()))];
        lab.server.set_faults(sim::FaultPlan::new(plan));
        let events = EventLog::default();
        let report = lab.sync_with(Arc::new(RealDisk), &events, &CancellationToken::new()).await.unwrap();
        lab.server.expire_tokens();
        lab.server.use_refresh_tokens();
        let failed = lab.sync().await;
        let mut seen = format!("{report:?} {failed:?} {:?} {}", events.all(), serde_json::to_string(&report).unwrap());
        seen.extend(lab.snapshot().into_iter().flat_map(|(name, text)| [name, text]));
        let token = lab.tokens.last();
        for secret in [sim::DEMO_PASSWORD, sim::DEMO_CLIENT_SECRET, token.as_deref().unwrap_or("no token"), "ASPXAUTH"]
        {
            assert!(!seen.contains(secret), "{how:?}: a secret was written");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pauses_are_told_with_their_reason() {
    let lab = Lab::new(World::tiny(noon())).await;
    let slow_down = sim::Fault::Status { status: 429, retry_after: Some(1) };
    lab.server.set_faults(sim::FaultPlan::new([(sim::At::Nth(sim::Route::SoapUsage, 1), slow_down)]));
    let events = EventLog::default();
    lab.sync_with(Arc::new(RealDisk), &events, &CancellationToken::new()).await.unwrap();
    let told = |event: &SyncEvent| matches!(event, SyncEvent::Waiting { reason, secs } if reason.contains("fewer calls") && *secs >= 1.0);
    assert!(events.all().iter().any(told), "{:?}", events.all());
    lab.assert_equal_to_server();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_is_told_so_and_wrong_requests_have_their_sentence() {
    let lab = Lab::new(World::tiny(noon())).await;
    let lock = lab.folder().lock().unwrap();
    assert_eq!(lab.sync().await.unwrap_err().code(), ErrorCode::Busy);
    drop(lock);
    lab.list_courses(&[]);
    assert_eq!(lab.sync().await.unwrap_err().message(), "The course list is empty");
    std::fs::write(lab.folder().courses_file(), "PanoptoFolderName,PanoptoFolderID\nX,not-an-id\n").unwrap();
    let error = lab.sync().await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::CourseFileInvalid);
    assert!(error.message().starts_with("Line 2 of `"), "{error}");
}

/// The proof for one course may come while another waits for its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_night_without_anything_new_is_complete_for_every_course() {
    let mut world = small_world(41);
    for seed in 42..48 {
        let more = small_world(seed);
        world.folders.extend(more.folders);
        world.sessions.extend(more.sessions);
        world.views.extend(more.views);
    }
    let courses: Vec<Uuid> = world.folders.iter().filter(|f| f.parent.is_none()).map(|f| f.id).collect();
    assert_eq!(courses.len(), 7);
    let lab = Lab::with(world, Config { latency: Duration::from_millis(5), ..Config::default() }).await;
    lab.list_courses(&courses);
    lab.sync_whole().await;
    for night in 10..20 {
        lab.set_now(noon() + TimeDelta::days(night));
        let report = lab.sync_whole().await;
        assert!(report.new_records == 0 || night == 10, "{report:?}");
    }
}

/// Adds a record to the session with this number.
fn add_view(lab: &Lab, session: usize, time: &str) {
    let mut world = lab.server.world();
    let (session, user) = (world.sessions[session].id, world.views[0].user);
    world.views.push(View::new(session, user, at(time), 1.25, 2.5));
}

fn views_between(lab: &Lab, from: &str, to: &str) -> u64 {
    let (from, to) = (at(from), at(to));
    lab.server.world().views.iter().filter(|view| from <= view.time && view.time < to).count() as u64
}
