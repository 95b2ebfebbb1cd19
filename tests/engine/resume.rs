//! A sync that is interrupted anywhere and started again leaves the same bytes as one without interruption.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use engine::ErrorCode;
use engine::events::{EventLog, SyncEvent};
use engine::store::RealDisk;
use engine::store::faulty::{Fault, FaultyDisk};
use engine::sync::CourseOutcome;
use sim::{Config, Session, View, World};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{Lab, at, noon, small_world};

/// The files that say what was fetched. How the last attempt went may differ, as it should.
fn files(lab: &Lab) -> BTreeMap<String, String> {
    let mut files = lab.snapshot();
    for (name, text) in &mut files {
        if name.contains("/sync/") {
            let mut journal: serde_json::Value = serde_json::from_str(text).unwrap();
            journal["last"] = serde_json::Value::Null;
            *text = journal.to_string();
        }
    }
    files
}

/// A second day with something of everything: new records, late ones, a new video, a deleted one, new names.
fn second_day(lab: &Lab) {
    lab.set_now(noon() + TimeDelta::days(1));
    let mut world = lab.server.world();
    let (user, folder) = (world.views[0].user, world.folders[1].id);
    let (first, second) = (world.sessions[0].id, world.sessions[1].id);
    world.views.push(View::new(first, user, at("2024-03-15T18:00:00Z"), 5.0, 5.0));
    world.views.push(View::new(second, user, at("2024-03-14T01:00:00Z"), 5.0, 5.0));
    world.sessions.push(Session::new(Uuid::from_u128(77), folder, "New", 60.0));
    world.views.push(View::new(Uuid::from_u128(77), user, at("2020-03-15T18:00:00Z"), 5.0, 5.0));
    world.sessions.remove(2);
    "Renamed".clone_into(&mut world.folders[0].name);
}

/// Does both days: on a disk that fails at operation `strike` of day `day`, and afterwards on a good one.
async fn two_days(strike: Option<(u32, u64, Fault)>) -> (Lab, [u64; 2]) {
    let lab = Lab::new(small_world(21)).await;
    let mut operations = [0; 2];
    for day in [1, 2] {
        if day == 2 {
            second_day(&lab);
        }
        let disk = match strike {
            Some((on, at, fault)) if on == day => FaultyDisk::new(at, fault),
            _ => FaultyDisk::counting(),
        };
        let outcome = lab.sync_with(Arc::new(disk.clone()), &EventLog::default(), &CancellationToken::new()).await;
        operations[day as usize - 1] = disk.operations();
        if disk.has_struck() {
            if matches!(strike, Some((_, _, Fault::Die | Fault::PowerLoss))) {
                assert!(!matches!(&outcome, Ok(report) if report.is_complete()), "a dead process reports nothing");
            }
            // Everything that exists can be read, and nothing in it is wrong.
            check_readable(&lab);
            lab.sync_whole().await;
        } else {
            assert!(outcome.unwrap().is_complete());
        }
    }
    (lab, operations)
}

fn check_readable(lab: &Lab) {
    lab.folder().state().unwrap();
    lab.folder().courses().unwrap();
    if lab.folder().course_dir(engine::store::Area::Database, lab.course()).unwrap().is_some() {
        let path = engine::store::activity_file(&lab.course_dir());
        if path.exists() {
            crate::support::assert_nothing_invented(&lab.stored(), &lab.everything());
        }
        let path = engine::store::overview_file(&lab.course_dir());
        if path.exists() {
            let reading = engine::store::number::Reading::Nearest;
            engine::store::overview::read_overview(&RealDisk, &path, reading).unwrap();
        }
    }
}

/// Lets the fault strike at every `every`-th operation of both days; `SWEEP_EVERY=1` strikes at each one.
async fn sweep(fault: Fault, every: usize) {
    let every = std::env::var("SWEEP_EVERY").ok().and_then(|text| text.parse().ok()).unwrap_or(every);
    let (reference, operations) = two_days(None).await;
    reference.assert_equal_to_server_but_for_the_gone();
    let expected = files(&reference);
    for day in [1u32, 2] {
        for at in (0..operations[day as usize - 1]).step_by(every) {
            let (lab, _) = two_days(Some((day, at, fault))).await;
            let found = files(&lab);
            let differing: Vec<_> = expected.iter().filter(|(name, text)| found.get(*name) != Some(text)).collect();
            let differing: Vec<_> = differing.into_iter().map(|(name, _)| name).collect();
            assert!(differing.is_empty(), "{differing:?} differ, {fault:?} at operation {at} of day {day}");
            assert_eq!(found.len(), expected.len(), "{:?}", found.keys());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_operation_of_the_disk() {
    sweep(Fault::Die, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn power_lost_at_any_operation_of_the_disk() {
    sweep(Fault::PowerLoss, 5).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_a_refusal_and_a_drive_that_is_pulled_out() {
    sweep(Fault::Full, 19).await;
    sweep(Fault::NoPermission, 19).await;
    sweep(Fault::Gone, 19).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_has_one_clear_sentence() {
    let lab = Lab::new(small_world(22)).await;
    let disk = Arc::new(FaultyDisk::new(40, Fault::Full));
    let error = lab.sync_with(disk, &EventLog::default(), &CancellationToken::new()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Disk);
    assert!(error.message().starts_with("The disk is full: cannot "), "{error}");
    lab.sync_whole().await;
    lab.assert_equal_to_server();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_by_one_video_and_not_by_all() {
    let mut told_by_a_video = 0;
    for operation in [20, 30, 40, 50] {
        let lab = Lab::new(small_world(22)).await;
        let (disk, events) = (Arc::new(FaultyDisk::new(operation, Fault::Full)), EventLog::default());
        lab.sync_with(disk, &events, &CancellationToken::new()).await.unwrap_err();
        let told = events.all().iter().filter(|event| matches!(event, SyncEvent::Video { failed: true, .. })).count();
        assert!(told <= 1, "full at operation {operation}: {told} videos tell it");
        told_by_a_video += told;
    }
    assert!(told_by_a_video > 0, "one of these is the writing of a video");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_at_any_time_by_the_user_or_by_the_end_of_the_program() {
    let slow = || Config { latency: Duration::from_millis(2), ..Config::default() };
    let reference = Lab::with(small_world(23), slow()).await;
    let begun = std::time::Instant::now();
    reference.sync_whole().await;
    let whole = begun.elapsed();
    let expected = files(&reference);
    for step in 1..16 {
        let lab = Lab::with(small_world(23), slow()).await;
        let after = whole.mul_f64(f64::from(step) / 16.0);
        let (cancel, events) = (CancellationToken::new(), EventLog::default());
        let sync = lab.sync_with(Arc::new(RealDisk), &events, &cancel);
        if step % 2 == 0 {
            // The future is dropped, as when the program ends.
            let _ = tokio::time::timeout(after, sync).await;
        } else {
            let stop = async {
                tokio::time::sleep(after).await;
                cancel.cancel();
            };
            let (report, ()) = tokio::join!(sync, stop);
            let report = report.unwrap();
            assert!(report.is_cancelled() || report.is_complete(), "{report:?}");
        }
        // Work on the disk that was in progress ends by itself and holds the lock until then.
        while lab.folder().lock().is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        check_readable(&lab);
        lab.sync_whole().await;
        assert!(files(&lab) == expected, "stopped after {after:?}");
    }
}

/// The program ends, or the user stops it, during a request. Tried at every seventh request; `SWEEP_EVERY=1` tries
/// each one.
#[tokio::test(flavor = "multi_thread")]
async fn stopped_at_any_request() {
    let every = std::env::var("SWEEP_EVERY").ok().and_then(|text| text.parse().ok()).unwrap_or(7);
    let config = || Config { page_size_rest: 2, usage_limit: sim::UsageLimit::Clamp(7), ..Config::default() };
    let reference = Lab::with(small_world(29), config()).await;
    reference.sync_whole().await;
    let (expected, requests) = (files(&reference), reference.server.requests().len() as u64);
    assert!(requests > 60, "{requests}");
    for at in (1..=requests).step_by(every) {
        let lab = Lab::with(small_world(29), config()).await;
        let stall = sim::Fault::Stall(Duration::from_secs(60));
        lab.server.set_faults(sim::FaultPlan::new([(sim::At::Request(at), stall)]));
        let (cancel, events) = (CancellationToken::new(), EventLog::default());
        let is_reached = async {
            while lab.server.struck_faults().is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let mut sync = Box::pin(lab.sync_with(Arc::new(RealDisk), &events, &cancel));
        let report = tokio::select! {
            biased;
            () = is_reached => {
                cancel.cancel();
                // Otherwise the future is dropped, as when the program ends.
                if at % 2 == 1 { Some(sync.as_mut().await.unwrap()) } else { None }
            }
            // The number of requests may differ by one.
            report = &mut sync => Some(report.unwrap()),
        };
        drop(sync);
        assert!(report.is_none_or(|report| report.is_cancelled() || report.is_complete()), "request {at}");
        // Work on the disk that was in progress ends by itself and holds the lock until then.
        while lab.folder().lock().is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        check_readable(&lab);
        lab.server.set_faults(sim::FaultPlan::default());
        lab.sync_whole().await;
        assert!(files(&lab) == expected, "stopped at request {at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_the_server() {
    // The server answers after a minute. The stop comes while the first call waits, then while usage calls do.
    for route in [sim::Route::Folder, sim::Route::SoapUsage] {
        let mut lab = Lab::new(small_world(23)).await;
        (lab.options.silence_timeout, lab.options.call_timeout) = (Duration::from_secs(90), Duration::from_secs(90));
        let stall = sim::Fault::Stall(Duration::from_secs(60));
        lab.server.set_faults(sim::FaultPlan::new([(sim::At::From(route, 1), stall)]));
        let (cancel, events) = (CancellationToken::new(), EventLog::default());
        let stop = async {
            while !lab.server.requests().iter().any(|entry| entry.route == route) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            cancel.cancel();
        };
        let both = async { tokio::join!(lab.sync_with(Arc::new(RealDisk), &events, &cancel), stop) };
        let (report, ()) = tokio::time::timeout(Duration::from_secs(30), both).await.expect("the stop is not heard");
        assert_eq!(report.unwrap().courses[0].outcome, CourseOutcome::Cancelled);
        assert!(lab.folder().lock().is_ok(), "the folder is free again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_fetched_before_the_stop_is_not_asked_again() {
    let mut lab = Lab::with(small_world(24), Config { latency: Duration::from_millis(5), ..Config::default() }).await;
    // One call at a time, so that some videos are complete and others not begun.
    lab.options.soap_in_flight_start = 1;
    lab.options.soap_in_flight_max = 1;
    let cancel = CancellationToken::new();
    let stopper = {
        let cancel = cancel.clone();
        move |event: SyncEvent| {
            if matches!(event, SyncEvent::Video { done: 4, .. }) {
                cancel.cancel();
            }
        }
    };
    let report = lab.sync_with(Arc::new(RealDisk), &stopper, &cancel).await.unwrap();
    assert_eq!(report.courses[0].outcome, CourseOutcome::Cancelled);
    assert!(!engine::store::activity_file(&lab.course_dir()).exists(), "nothing is merged by halves");
    let first = lab.asked_videos();
    lab.server.clear_requests();
    lab.sync_whole().await;
    let second = lab.asked_videos();
    let again = first.iter().filter(|video| second.contains(video)).count();
    assert!(first.len() - again >= 4, "4 videos were whole: {first:?} {second:?}");
    lab.assert_equal_to_server();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_interrupted_sync_left_is_used_for_what_it_is_worth() {
    let lab = Lab::with(small_world(25), Config { latency: Duration::from_millis(3), ..Config::default() }).await;
    let cancel = CancellationToken::new();
    let stopper = {
        let cancel = cancel.clone();
        move |event: SyncEvent| {
            if matches!(event, SyncEvent::Video { done: 5, .. }) {
                cancel.cancel();
            }
        }
    };
    lab.sync_with(Arc::new(RealDisk), &stopper, &cancel).await.unwrap();
    lab.set_now(noon() + TimeDelta::days(3));
    lab.server.clear_requests();
    lab.sync_whole().await;
    lab.assert_equal_to_server();
    let begins: Vec<_> = lab.usage_calls().iter().map(|call| call.soap.as_ref().unwrap().begin.unwrap()).collect();
    assert!(begins.contains(&at("2010-01-01T00:00:00Z")), "videos that were not reached: {begins:?}");
    assert!(begins.contains(&at("2024-03-13T00:00:00Z")), "videos that were fetched through the 14th: {begins:?}");
    assert!(lab.snapshot().keys().all(|name| !name.contains("staging")));
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_staging_and_journals_cost_requests_and_no_records() {
    let lab = Lab::new(small_world(26)).await;
    lab.sync_whole().await;
    let expected = files(&lab);
    let journal = lab.journal_path();
    for damage in ["", "{", "{\"version\":1}", "<html>"] {
        std::fs::write(&journal, damage).unwrap();
        let events = EventLog::default();
        lab.sync_with(Arc::new(RealDisk), &events, &CancellationToken::new()).await.unwrap();
        assert!(
            events
                .all()
                .iter()
                .any(|event| matches!(event, SyncEvent::Warning { message, .. } if message.contains("journal"))),
            "{:?}",
            events.all()
        );
        let mut found = files(&lab);
        // The sync may have chosen a new witness.
        let strip = |text: &str| {
            let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
            value["witness"] = serde_json::Value::Null;
            value.to_string()
        };
        for (name, text) in &expected {
            let text_found = found.remove(name).unwrap();
            if name.contains("/sync/") {
                assert_eq!(strip(&text_found), strip(text));
            } else {
                assert!(&text_found == text, "{name}");
            }
        }
        assert!(found.is_empty(), "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_were_lost_or_put_back_from_an_older_copy_are_fetched_again() {
    let lab = Lab::new(small_world(27)).await;
    lab.sync_whole().await;
    let path = engine::store::activity_file(&lab.course_dir());
    let whole = lab.activity();
    let older: String = whole.split_inclusive('\n').take(20).collect();
    for replacement in [Some(older), None] {
        match &replacement {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let events = EventLog::default();
        let report = lab.sync_with(Arc::new(RealDisk), &events, &CancellationToken::new()).await.unwrap();
        assert!(report.is_complete() && report.new_records > 0);
        assert!(events.all().iter().any(|event| matches!(event, SyncEvent::Warning { .. })));
        lab.assert_equal_to_server();
    }
    assert!(lab.activity() == whole);
    std::fs::remove_dir_all(lab.course_dir()).unwrap();
    lab.sync_whole().await;
    assert!(lab.activity() == whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_of_records_stops_its_course_only_and_is_left_as_it_is() {
    let mut world = small_world(28);
    let tiny = World::tiny(noon());
    let second = tiny.folders[0].id;
    world.folders.extend(tiny.folders);
    world.sessions.extend(tiny.sessions);
    world.views.extend(tiny.views);
    let first = world.folders[0].id;
    let lab = Lab::new(world).await;
    lab.list_courses(&[first, second]);
    lab.sync_whole().await;
    let path = engine::store::activity_file(&lab.course_dir());
    let damaged = format!("{}nonsense\n", lab.activity());
    std::fs::write(&path, &damaged).unwrap();
    lab.set_now(noon() + TimeDelta::days(1));
    let report = lab.sync().await.unwrap();
    let CourseOutcome::Failed { error } = &report.courses[0].outcome else { panic!("{report:?}") };
    assert!(error.code == ErrorCode::DataFileInvalid && error.reason.contains("viewing_activity.csv"), "{error:?}");
    assert!(report.courses[1].outcome.is_complete());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), damaged);
    // After the repair, the course goes on with what was fetched meanwhile.
    std::fs::write(&path, damaged.trim_end_matches("nonsense\n")).unwrap();
    lab.server.clear_requests();
    lab.sync_whole().await;
    assert_eq!(lab.usage_calls().len(), 0, "what was fetched waited in the staging directory");
    lab.assert_equal_to_server();
}
