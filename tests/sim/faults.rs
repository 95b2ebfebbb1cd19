//! Each injected fault, as a client sees it.

use crate::support::{Usage, cookie, fixed, get, names, noon, rows, tiny, token, tokens, total, try_get};
use sim::{At, Fault, FaultPlan, Folder, Handle, Route, Session, View, World};
use std::collections::HashSet;
use std::time::{Duration, Instant};
use uuid::Uuid;

async fn with(at: At, fault: Fault) -> (Handle, String, String) {
    let server = tiny().await;
    let token = token(&server).await;
    let week = server.world().folders[1].id;
    server.set_faults(FaultPlan::new([(at, fault)]));
    (server, token, format!("folders/{week}/sessions"))
}

#[tokio::test]
async fn a_status_strikes_the_nth_request_of_all_or_of_a_route() {
    let fault = Fault::Status { status: 503, retry_after: Some(7) };
    let (server, token, path) = with(At::Request(2), fault.clone()).await;
    assert_eq!(get(&server, &token, &path).await.status(), 200);
    let reply = get(&server, &token, &path).await;
    assert_eq!((reply.status().as_u16(), reply.headers()["retry-after"].to_str().unwrap()), (503, "7"));
    assert_eq!(get(&server, &token, &path).await.status(), 200, "once");
    assert_eq!(server.struck_faults(), std::slice::from_ref(&fault));
    assert_eq!(server.requests().iter().filter(|entry| entry.fault.as_deref() == Some("status")).count(), 1);

    server.set_faults(FaultPlan::new([(At::Nth(Route::FolderCreator, 2), fault.clone())]));
    assert_eq!(get(&server, &token, "folders/creator").await.status(), 200);
    assert_eq!(get(&server, &token, &path).await.status(), 200);
    assert_eq!(get(&server, &token, "folders/creator").await.status(), 503);

    server.set_faults(FaultPlan::new([(At::From(Route::FolderSessions, 2), fault)]));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(get(&server, &token, &path).await.status().as_u16());
    }
    assert_eq!(statuses, [200, 503, 503, 503]);
}

#[tokio::test]
async fn web_pages_and_wrong_types_come_where_data_was_expected() {
    let (server, token, path) = with(At::Request(1), Fault::Html(200)).await;
    let reply = get(&server, &token, &path).await;
    assert!(reply.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert!(reply.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    server.set_faults(FaultPlan::new([(At::Request(1), Fault::WrongContentType)]));
    let reply = get(&server, &token, &path).await;
    assert_eq!(reply.headers()["content-type"], "application/octet-stream");
    assert!(reply.text().await.unwrap().starts_with("{\"Results\""));
}

#[tokio::test]
async fn connections_are_reset_and_bodies_cut() {
    let (server, token, path) = with(At::Request(1), Fault::Reset).await;
    let error = try_get(&server, &token, &path).await.unwrap_err();
    assert!(error.is_request(), "{error:?}");
    assert_eq!(server.requests().last().unwrap().status, 0);
    server.set_faults(FaultPlan::new([(At::Request(1), Fault::CutBody)]));
    let reply = get(&server, &token, &path).await;
    assert_eq!(reply.status(), 200);
    let announced = reply.content_length().unwrap();
    assert!(announced > 100);
    assert!(reply.bytes().await.is_err(), "the body ends too soon");
    assert_eq!(get(&server, &token, &path).await.status(), 200);
}

#[tokio::test]
async fn replies_stall() {
    let pause = Duration::from_millis(150);
    for fault in [Fault::Stall(pause), Fault::StallBody(pause)] {
        let (server, token, path) = with(At::Request(1), fault).await;
        let begun = Instant::now();
        assert!(get(&server, &token, &path).await.text().await.unwrap().ends_with("]}"));
        assert!(begun.elapsed() >= pause);
    }
}

#[tokio::test]
async fn tokens_and_refresh_tokens_end_early() {
    let (server, token, path) = with(At::Request(1), Fault::ExpireToken).await;
    assert_eq!(get(&server, &token, &path).await.status(), 401);
    let both = tokens(&server, "api offline_access").await;
    server.set_faults(FaultPlan::new([(At::Nth(Route::Token, 1), Fault::RefreshTokenUsed)]));
    let form = [("grant_type", "refresh_token"), ("refresh_token", both["refresh_token"].as_str().unwrap())];
    assert_eq!(crate::support::post_token(&server, &form).await.1["error"], "invalid_grant");
    assert_eq!(get(&server, both["access_token"].as_str().unwrap(), &path).await.status(), 200);
}

#[tokio::test]
async fn a_killed_cookie_finds_nothing_until_the_next_sign_in() {
    let server = tiny().await;
    let session = server.world().sessions[0].id;
    let token = token(&server).await;
    let usage = Usage::of(session, &cookie(&server, &token).await);
    server.set_faults(FaultPlan::new([(At::Nth(Route::SoapUsage, 2), Fault::KillCookie)]));
    let count = |usage: Usage| {
        let server = &server;
        async move { total(&usage.send(server).await.1) }
    };
    assert_eq!(count(usage.clone()).await, 4);
    assert_eq!(count(usage.clone()).await, 0);
    assert_eq!(count(usage.clone()).await, 0);
    assert_eq!(count(Usage::of(session, &cookie(&server, &token).await)).await, 4);
}

/// A folder with 60 sessions, the first of which has 250 records.
async fn large() -> (Handle, String, String, Usage) {
    let mut world = World::tiny(noon());
    let (folder, session) = (Uuid::from_u128(77), Uuid::from_u128(1000));
    world.folders.push(Folder::new(folder, "Large", Some(world.folders[1].id)));
    for number in 0..60 {
        world.sessions.push(Session::new(Uuid::from_u128(1000 + number), folder, format!("Video {number:02}"), 60.0));
    }
    for number in 0..250 {
        let time = noon() - chrono::TimeDelta::days(2) + chrono::TimeDelta::seconds(number);
        world.views.push(View::new(session, Uuid::from_u128(5), time, number as f64, 1.0));
    }
    let server = sim::start(world, fixed()).await.unwrap();
    let token = token(&server).await;
    let usage = Usage::of(session, &cookie(&server, &token).await);
    (server, token, format!("folders/{folder}/"), usage)
}

#[tokio::test]
async fn a_page_repeats() {
    let (server, token, folder, usage) = large().await;
    server.set_faults(FaultPlan::new([(At::Request(1), Fault::RepeatedPage)]));
    let first = names(&server, &token, &format!("{folder}sessions")).await;
    assert_eq!(names(&server, &token, &format!("{folder}sessions?pageNumber=1")).await, first);
    assert_ne!(names(&server, &token, &format!("{folder}sessions?pageNumber=1")).await, first, "once");
    server.set_faults(FaultPlan::new([(At::Nth(Route::SoapUsage, 2), Fault::RepeatedPage)]));
    let page = |page| Usage { page, ..usage.clone() };
    let first = rows(&page(0).send(&server).await.1);
    let second = page(1).send(&server).await.1;
    assert_eq!((rows(&second), total(&second)), (first, 250));
}

#[tokio::test]
async fn a_page_beyond_the_end_has_rows() {
    let (server, token, folder, usage) = large().await;
    server.set_faults(FaultPlan::new([(At::Request(1), Fault::PhantomPage)]));
    let beyond = format!("{folder}sessions?pageNumber=3");
    let phantom = names(&server, &token, &beyond).await;
    assert!(!phantom.is_empty() && phantom.iter().all(|name| name.starts_with("Video")));
    assert!(names(&server, &token, &beyond).await.is_empty());
    server.set_faults(FaultPlan::new([(At::Request(1), Fault::PhantomPage)]));
    let beyond = Usage { page: 3, ..usage };
    assert_eq!(rows(&beyond.send(&server).await.1).len(), 100);
    assert!(rows(&beyond.send(&server).await.1).is_empty());
}

#[tokio::test]
async fn rows_appear_while_paging() {
    let (server, token, folder, usage) = large().await;
    server.set_faults(FaultPlan::new([(At::Nth(Route::SoapUsage, 2), Fault::AddRowsWhilePaging)]));
    let mut seen = Vec::new();
    for page in 0..3 {
        let (_, text) = Usage { page, ..usage.clone() }.send(&server).await;
        seen.push((rows(&text).len(), total(&text)));
    }
    assert_eq!(seen, [(100, 250), (100, 253), (53, 253)]);
    assert_eq!(server.world().views.len(), 8 + 253, "the server really holds them");

    server.set_faults(FaultPlan::new([(At::Nth(Route::FolderSessions, 2), Fault::AddRowsWhilePaging)]));
    let first = names(&server, &token, &format!("{folder}sessions")).await;
    let second = names(&server, &token, &format!("{folder}sessions?pageNumber=1")).await;
    assert_eq!(second.first(), first.last(), "everything moved on by one");

    server.set_faults(FaultPlan::new([(At::Nth(Route::FolderChildren, 1), Fault::AddRowsWhilePaging)]));
    assert_eq!(names(&server, &token, &format!("{folder}children")).await.len(), 1);
}

#[tokio::test]
async fn a_folder_lists_its_topmost_folder_as_a_child() {
    let (server, token, folder, _) = large().await;
    server.set_faults(FaultPlan::new([(At::Nth(Route::FolderChildren, 1), Fault::FolderCycle)]));
    for _ in 0..2 {
        assert_eq!(names(&server, &token, &format!("{folder}children")).await, ["TINY 100 A & B"], "for good");
    }
}

#[tokio::test]
async fn a_session_vanishes_after_it_was_listed() {
    let (server, token, folder, usage) = large().await;
    server.set_faults(FaultPlan::new([(At::Nth(Route::FolderSessions, 1), Fault::VanishSession)]));
    assert_eq!(names(&server, &token, &format!("{folder}sessions")).await[0], "Video 00");
    assert!(usage.send(&server).await.1.contains("was not found"));
    assert_eq!(names(&server, &token, &format!("{folder}sessions")).await[0], "Video 01");
    assert_eq!(server.world().views.len(), 258);
}

#[tokio::test]
async fn a_service_fails_with_a_fault_of_its_own() {
    let (server, _, _, usage) = large().await;
    server.set_faults(FaultPlan::new([(At::Nth(Route::SoapUsage, 1), Fault::SoapFault("System error.".into()))]));
    let (status, text) = usage.send(&server).await;
    assert_eq!(status, 500);
    assert!(text.contains("<faultstring xml:lang=\"en-US\">System error.</faultstring>"));
}

#[test]
fn seeded_plans_are_the_same_for_the_same_seed_and_cover_every_kind() {
    let mut kinds = HashSet::new();
    for seed in 0..300 {
        let plan = FaultPlan::seeded(seed);
        assert_eq!(plan, FaultPlan::seeded(seed));
        assert!((1..=4).contains(&plan.faults.len()));
        kinds.extend(plan.faults.iter().map(|planned| planned.fault.name()));
    }
    assert_eq!(kinds.len(), 16, "{kinds:?}");
}
