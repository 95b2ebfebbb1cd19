//! Wrong clocks: no day counts as complete too early, and a claim that was wrong is taken back.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use engine::events::{EventLog, SyncEvent};
use engine::store::RealDisk;
use engine::sync::SyncReport;
use sim::{Config, View};
use tokio_util::sync::CancellationToken;

use crate::support::{Lab, at, noon, small_world};

/// A sync that must do everything, and its warnings.
async fn warned_sync(lab: &Lab) -> (SyncReport, Vec<String>) {
    let events = EventLog::default();
    let report = lab.sync_with(Arc::new(RealDisk), &events, &CancellationToken::new()).await.unwrap();
    assert!(report.is_complete(), "{report:#?}");
    let warnings = events.all().into_iter().filter_map(|event| match event {
        SyncEvent::Warning { message, hint, .. } => Some(format!("{message}; {}", hint.unwrap_or_default())),
        _ => None,
    });
    (report, warnings.collect())
}

/// Somebody watches the first video at this time.
fn watch(lab: &Lab, time: &str) {
    let mut world = lab.server.world();
    let (session, user) = (world.sessions[0].id, world.views[0].user);
    world.views.push(View::new(session, user, at(time), 1.25, 2.5));
}

#[tokio::test(flavor = "multi_thread")]
async fn days_that_are_not_over_are_not_taken_for_complete_by_a_clock_that_is_ahead() {
    let lab = Lab::new(small_world(51)).await;
    lab.clock.set(noon() + TimeDelta::days(3));
    let (report, warnings) = warned_sync(&lab).await;
    assert_eq!(report.through.to_string(), "2024-03-14");
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    assert!(warning.starts_with("This computer's clock is 3 days ahead of the server's; Set this"), "{warning}");
    assert!(lab.state().contains(",2024-03-14\n"), "{}", lab.state());

    for time in ["2024-03-15T20:00:00Z", "2024-03-16T08:00:00Z", "2024-03-17T08:00:00Z", "2024-03-18T11:00:00Z"] {
        watch(&lab, time);
    }
    lab.set_now(noon() + TimeDelta::days(4));
    let (_, warnings) = warned_sync(&lab).await;
    assert!(warnings.is_empty(), "{warnings:?}");
    lab.assert_equal_to_server();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_behind_or_a_little_off_fetches_what_is_over_by_both() {
    let lab = Lab::new(small_world(52)).await;
    lab.clock.set(noon() - TimeDelta::days(2));
    let (report, warnings) = warned_sync(&lab).await;
    assert_eq!(report.through.to_string(), "2024-03-12");
    assert!(warnings[0].contains("is 2 days behind the server's"), "{warnings:?}");
    // Twenty seconds after midnight here, ten seconds before it there.
    lab.server.set_now(at("2024-03-15T23:59:50Z"));
    lab.clock.set(at("2024-03-16T00:00:10Z"));
    let (report, warnings) = warned_sync(&lab).await;
    assert_eq!((report.through.to_string(), warnings), ("2024-03-14".to_owned(), vec![]));
    lab.set_now(noon());
    lab.assert_equal_to_server();
}

/// What an earlier version of this program, or the original tool, has claimed while the clock was ahead.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_of_days_to_come_is_taken_back() {
    let lab = Lab::new(small_world(53)).await;
    lab.sync_whole().await;
    for file in [lab.journal_path(), lab.folder().state_file()] {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("2024-03-14"), "{text}");
        std::fs::write(&file, text.replace("2024-03-14", "2024-03-20")).unwrap();
    }
    watch(&lab, "2024-03-15T20:00:00Z");
    watch(&lab, "2024-03-16T20:00:00Z");
    // As long as one clock says that it may be true, the claim remains.
    lab.server.set_now(noon() + TimeDelta::days(2));
    lab.clock.set(noon() + TimeDelta::days(6));
    warned_sync(&lab).await;
    assert!(lab.state().contains("2024-03-20"), "{}", lab.state());
    lab.set_now(noon() + TimeDelta::days(2));
    let (report, warnings) = warned_sync(&lab).await;
    assert!(warnings.len() == 1 && warnings[0].contains("took days for complete"), "{warnings:?}");
    assert!(report.new_records >= 2, "{report:?}");
    lab.assert_equal_to_server();
    let (_, warnings) = warned_sync(&lab).await;
    assert!(warnings.is_empty(), "told once: {warnings:?}");
    watch(&lab, "2024-03-19T20:00:00Z");
    lab.set_now(noon() + TimeDelta::days(6));
    warned_sync(&lab).await;
    lab.assert_equal_to_server();
}

/// Records that an interrupted sync staged under a wrong clock make no such claim either.
#[tokio::test(flavor = "multi_thread")]
async fn staged_records_of_days_to_come_are_fetched_again() {
    let mut lab = Lab::with(small_world(54), Config { latency: Duration::from_millis(5), ..Config::default() }).await;
    // One call at a time, so that some videos are complete and others not begun.
    lab.options.soap_in_flight_start = 1;
    lab.options.soap_in_flight_max = 1;
    lab.set_now(noon() + TimeDelta::days(3));
    let cancel = CancellationToken::new();
    let stop = |event: SyncEvent| {
        if matches!(event, SyncEvent::Video { done: 2, .. }) {
            cancel.cancel();
        }
    };
    let report = lab.sync_with(Arc::new(RealDisk), &stop, &cancel).await.unwrap();
    assert!(report.is_cancelled(), "{report:?}");
    watch(&lab, "2024-03-16T20:00:00Z");
    lab.set_now(noon() + TimeDelta::days(1));
    warned_sync(&lab).await;
    lab.set_now(noon() + TimeDelta::days(3));
    warned_sync(&lab).await;
    lab.assert_equal_to_server();
}
