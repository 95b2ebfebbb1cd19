//! Folders and videos: every page is read, and every entry appears once.

use model::FolderId;
use panopto::{Error, ErrorKind, Options, SessionAnswer, SignIn};
use sim::{At, Config, DetailLie, Fault, FaultPlan, PastEnd, Route, Stress, World};

use crate::script::{Reply, signed_in};
use crate::support::*;

async fn large(config: Config) -> sim::Handle {
    let spec =
        Stress { depth: 2, folders_per_level: 30, sessions_per_folder: 60, views_per_session: 0, ..Stress::default() };
    sim::start(World::stress(3, &spec), Config { now: Some(noon()), ..config }).await.unwrap()
}

/// What the server holds directly inside a folder.
fn expected(server: &sim::Handle, folder: FolderId) -> (Vec<String>, Vec<String>) {
    let world = server.world();
    let id = |id: uuid::Uuid| id.to_string();
    let inside = |parent: Option<uuid::Uuid>| parent.is_some_and(|parent| parent.to_string() == folder.to_string());
    let mut folders: Vec<_> = world.folders.iter().filter(|folder| inside(folder.parent)).map(|f| id(f.id)).collect();
    let mut sessions: Vec<_> = world.sessions.iter().filter(|s| inside(Some(s.folder))).map(|s| id(s.id)).collect();
    folders.sort();
    sessions.sort();
    (folders, sessions)
}

async fn read(client: &panopto::Client, folder: FolderId) -> (Vec<String>, Vec<String>) {
    let mut folders: Vec<_> = client.child_folders(folder).await.unwrap().iter().map(|f| f.id.to_string()).collect();
    let mut sessions: Vec<_> =
        client.sessions_by_page(folder, |_| ()).await.unwrap().iter().map(|s| s.id.to_string()).collect();
    folders.sort();
    sessions.sort();
    (folders, sessions)
}

#[tokio::test]
async fn every_entry_once_whatever_follows_the_last_page() {
    for page_past_end in [PastEnd::Empty, PastEnd::RepeatLast, PastEnd::Phantom(3)] {
        for page_size_rest in [4, 25, 250] {
            let server = large(Config { page_past_end, page_size_rest, ..Config::default() }).await;
            let client = client(&server.base_url(), by_password());
            let course = course(&server);
            assert_eq!(read(&client, course).await, expected(&server, course), "{page_past_end:?} {page_size_rest}");
        }
    }
}

#[tokio::test]
async fn a_list_costs_its_pages_and_one_more() {
    let server = large(Config { page_size_rest: 25, ..Config::default() }).await;
    let client = client(&server.base_url(), by_password());
    assert_eq!(client.sessions_by_page(course(&server), |_| ()).await.unwrap().len(), 60);
    let asked = server.requests().iter().filter(|request| request.route == Route::FolderSessions).count();
    assert_eq!(asked, 4, "three pages of 25, and the empty one that is the end");
    assert_eq!(client.counters().rest, 4);
}

#[tokio::test]
async fn faults_in_the_middle_of_a_list_lose_and_double_nothing() {
    for fault in [
        Fault::RepeatedPage,
        Fault::PhantomPage,
        Fault::CutBody,
        Fault::Reset,
        Fault::WrongContentType,
        Fault::Html(200),
        Fault::Html(502),
        Fault::Status { status: 500, retry_after: None },
        Fault::Status { status: 503, retry_after: Some(0) },
        Fault::Status { status: 429, retry_after: None },
        Fault::ExpireToken,
    ] {
        for nth in 1..=4 {
            let faults = FaultPlan::new([(At::Nth(Route::FolderSessions, nth), fault.clone())]);
            let server = large(Config { page_size_rest: 25, faults, ..Config::default() }).await;
            let client = client(&server.base_url(), by_password());
            let course = course(&server);
            assert_eq!(read(&client, course).await, expected(&server, course), "{fault:?} at {nth}");
        }
    }
}

#[tokio::test]
async fn half_of_the_calls_fail_and_nobody_notices() {
    let server = large(Config { folder_sessions_500: 0.4, page_size_rest: 30, ..Config::default() }).await;
    let options = Options { attempts: 20, ..hurried() };
    let client = client_with(&server.base_url(), by_password(), std::sync::Arc::new(Kept::default()), options);
    let course = course(&server);
    assert_eq!(read(&client, course).await, expected(&server, course));
    assert!(client.counters().retries > 0);
}

#[tokio::test]
async fn names_come_as_they_are() {
    let server = large(Config::default()).await;
    let client = client(&server.base_url(), by_password());
    let found = client.child_folders(course(&server)).await.unwrap();
    let world: std::collections::HashMap<_, _> =
        server.world().folders.iter().map(|folder| (folder.id.to_string(), folder.name.clone())).collect();
    assert!(found.iter().all(|folder| world[&folder.id.to_string()] == folder.name));
}

#[tokio::test]
async fn one_folder_and_the_way_to_it() {
    let server = tiny(Config::default()).await;
    let client = client(&server.base_url(), by_password());
    let course = course(&server);
    let folder = client.folder(course).await.unwrap();
    assert_eq!((folder.id, folder.name.as_str(), folder.parent), (course, "TINY 100 A & B", None));
    let week = &client.child_folders(course).await.unwrap()[0];
    assert_eq!((week.name.as_str(), week.parent), ("Week 1", Some(course)));
    let found = client.search_folders("tiny", 10).await.unwrap();
    assert_eq!(found.iter().map(|folder| folder.id).collect::<Vec<_>>(), [course]);
    assert_eq!(client.search_folders(" ", 1).await.unwrap().len(), 1, "an empty search is a search for everything");
    assert_eq!(client.creator_folders().await.unwrap().len(), 2);
    let top = client.child_folders(FolderId::NIL).await.unwrap();
    assert_eq!(top.iter().map(|folder| folder.id).collect::<Vec<_>>(), [course]);
}

#[tokio::test]
async fn a_folder_that_is_not_there() {
    let server = tiny(Config::default()).await;
    let client = client(&server.base_url(), by_password());
    let unknown = FolderId::from_bytes([7; 16]);
    let error = client.folder(unknown).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(error.to_string().contains(&format!("`folders/{unknown}`")), "{error}");
    assert!(error.hint().is_some());
    assert_eq!(client.sessions_by_page(unknown, |_| ()).await.unwrap(), [], "hidden and unknown folders list nothing");
}

#[tokio::test]
async fn one_video_is_found_gone_or_refused() {
    let server = tiny(Config::default()).await;
    let client = client(&server.base_url(), by_password());
    let (asked, other) = (sessions(&server)[0], sessions(&server)[1]);
    let (id, other_id) = (uuid::Uuid::from_bytes(*asked.as_bytes()), uuid::Uuid::from_bytes(*other.as_bytes()));
    let SessionAnswer::Found(found) = client.session(asked).await.unwrap() else { panic!("it is there") };
    assert_eq!((found.id, found.folder_id, found.name.as_str()), (asked, course(&server), "First"));

    let elsewhere = uuid::Uuid::from_u128(7);
    server.lies().details.insert(id, DetailLie::MovedTo(elsewhere));
    let SessionAnswer::Found(found) = client.session(asked).await.unwrap() else { panic!("it is there") };
    assert_eq!(found.folder_id, FolderId::from_bytes(*elsewhere.as_bytes()));
    server.lies().details.insert(id, DetailLie::Gone);
    assert_eq!(client.session(asked).await.unwrap(), SessionAnswer::Gone);
    server.lies().details.insert(id, DetailLie::Refused);
    assert_eq!(client.session(asked).await.unwrap(), SessionAnswer::Refused);
    server.lies().details.insert(id, DetailLie::Another(other_id));
    let error = client.session(asked).await.unwrap_err();
    assert!(matches!(&error, Error::Changed { detail, .. } if detail == "it is about another video"), "{error}");

    server.lies().details.clear();
    server.world().sessions.retain(|session| session.id != id);
    assert_eq!(client.session(asked).await.unwrap(), SessionAnswer::Gone);
}

#[tokio::test]
async fn only_panoptos_own_404_says_that_something_is_gone() {
    let (id, folder) = (model::SessionId::from_bytes([1; 16]), FolderId::from_bytes([2; 16]));
    for (body, is_word) in [
        ("", false),
        ("<!DOCTYPE html><title>404</title>", false),
        ("{}", false),
        (r#"{"Error":"not found"}"#, false),
        (r#"{"Message":"No HTTP resource was found that matches the request URI."}"#, false),
        (r#"{"Message":"No session was found for this Id"}"#, true),
        (r#"{"Error":{"ErrorCode":"NotFound","Message":"No session was found for this Id"}}"#, true),
    ] {
        let server = signed_in(move |_, _| Reply { body: body.into(), ..Reply::status(404) }).await;
        let client = client(&server.base_url, by_password());
        let (session, folder) = (client.session(id).await, client.folder(folder).await.unwrap_err());
        if is_word {
            assert_eq!(session.unwrap(), SessionAnswer::Gone, "{body}");
            assert_eq!(folder.kind(), ErrorKind::NotFound, "{body}");
        } else {
            assert_eq!(session.unwrap_err().kind(), ErrorKind::ServerChanged, "{body}");
            assert_eq!(folder.kind(), ErrorKind::ServerChanged, "{body}");
        }
    }
}

#[tokio::test]
async fn a_video_without_a_folder_is_no_answer() {
    let id = model::SessionId::from_bytes([1; 16]);
    let server = signed_in(move |_, _| Reply::ok(format!(r#"{{"Id":"{id}","Name":"x"}}"#))).await;
    let error = client(&server.base_url, by_password()).session(id).await.unwrap_err();
    assert!(matches!(&error, Error::Changed { detail, .. } if detail == "`Folder` is missing"), "{error}");
}

#[tokio::test]
async fn a_list_that_never_ends_is_given_up() {
    let server = signed_in(|request, before| {
        let id = format!("00000000-0000-4000-8000-{before:012}");
        assert!(request.path.ends_with("/children"));
        Reply::ok(format!(r#"{{"Results":[{{"Id":"{id}","Name":"x"}}]}}"#))
    })
    .await;
    let options = Options { max_pages: 50, ..hurried() };
    let client = client_with(&server.base_url, by_password(), std::sync::Arc::new(Kept::default()), options);
    let error = client.child_folders(FolderId::NIL).await.unwrap_err();
    assert!(matches!(&error, Error::Changed { detail, .. } if detail.contains("50 pages")), "{error}");
}

#[tokio::test]
async fn a_list_too_large_for_memory_is_given_up() {
    let server = signed_in(|_, before| {
        let (id, name) = (format!("00000000-0000-4000-8000-{before:012}"), "x".repeat(10_000));
        Reply::ok(format!(r#"{{"Results":[{{"Id":"{id}","Name":"{name}"}}]}}"#))
    })
    .await;
    let options = Options { max_list_bytes: 95_000, ..hurried() };
    let client = client_with(&server.base_url, by_password(), std::sync::Arc::new(Kept::default()), options);
    let error = client.sessions_by_page(FolderId::NIL, |_| ()).await.unwrap_err();
    assert!(matches!(&error, Error::Changed { detail, .. } if detail.contains("after 10 pages")), "{error}");
}

#[tokio::test]
async fn the_server_tells_its_time() {
    let server = tiny(Config::default()).await;
    let client = client(&server.base_url(), by_password());
    assert_eq!(client.server_time(), None, "not before it has answered");
    client.folder(course(&server)).await.unwrap();
    let told = client.server_time().unwrap();
    assert!((told - crate::support::noon()).num_seconds().abs() < 60, "{told}");
    let silent = signed_in(|_, _| Reply::ok(r#"{"Results":[]}"#).with("date", "soon")).await;
    let client = crate::support::client(&silent.base_url, by_password());
    client.sessions_by_page(FolderId::NIL, |_| ()).await.unwrap();
    assert_eq!(client.server_time(), None);
}

#[tokio::test]
async fn without_an_api_client_the_message_says_what_is_missing() {
    let server = tiny(Config::default()).await;
    let sign_in = SignIn { password: Some(password()), ..SignIn::default() };
    let error = client(&server.base_url(), sign_in).sessions_by_page(course(&server), |_| ()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotConfigured);
    assert_eq!(error.to_string(), "The client ID and the client secret of a Panopto API client are missing");
    let sign_in = SignIn { api_client: Some(api_client()), ..SignIn::default() };
    let error = client(&server.base_url(), sign_in).sessions_by_page(course(&server), |_| ()).await.unwrap_err();
    assert_eq!(error.to_string(), "There is no sign-in yet: neither a browser sign-in nor a password");
    assert!(server.requests().is_empty());
}
