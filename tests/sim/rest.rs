//! REST: lists and their pages, errors, visibility.

use crate::support::{client, cookie, fixed, get, names, noon, tiny, tiny_with, token};
use serde_json::Value;
use sim::{Config, Folder, PastEnd, Session, World};
use uuid::Uuid;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0xabcd_0000_0000_4000_8000_0000_0000_0000 + number)
}

/// A folder with `count` subfolders and as many sessions.
fn wide(count: u128) -> World {
    let mut world = World::tiny(noon());
    world.folders.push(Folder::new(id(0), "Wide", None));
    for number in 1..=count {
        world.folders.push(Folder::new(id(number), format!("Sub {number:03}"), Some(id(0))));
        world.sessions.push(Session::new(id(1000 + number), id(0), format!("Video {number:03}"), 60.0));
    }
    world
}

async fn walk(server: &sim::Handle, token: &str, path: &str) -> Vec<usize> {
    let mut sizes = Vec::new();
    for page in 0..20 {
        sizes.push(names(server, token, &format!("{path}?pageNumber={page}")).await.len());
        if sizes.last() == Some(&0) {
            break;
        }
    }
    sizes
}

#[tokio::test]
async fn lists_come_in_pages_and_end_with_an_empty_one() {
    let server = sim::start(wide(60), fixed()).await.unwrap();
    let token = token(&server).await;
    assert_eq!(walk(&server, &token, &format!("folders/{}/children", id(0))).await, [25, 25, 10, 0]);
    server.config_mut().page_size_rest = 30;
    assert_eq!(walk(&server, &token, &format!("folders/{}/sessions", id(0))).await, [30, 30, 0]);
    let ignored = format!("folders/{}/sessions?maxNumberResults=5&pageSize=7&PAGENUMBER=1", id(0));
    assert_eq!(names(&server, &token, &ignored).await.len(), 30, "sizes asked for are ignored, names any case");
}

#[tokio::test]
async fn what_follows_the_last_page_is_a_knob() {
    let server = sim::start(wide(60), Config { page_past_end: PastEnd::RepeatLast, ..fixed() }).await.unwrap();
    let token = token(&server).await;
    let path = format!("folders/{}/sessions?pageNumber=", id(0));
    let last = names(&server, &token, &format!("{path}2")).await;
    assert_eq!(names(&server, &token, &format!("{path}3")).await, last);
    assert_eq!(names(&server, &token, &format!("{path}9")).await, last);
    server.config_mut().page_past_end = PastEnd::Phantom(2);
    let phantom = names(&server, &token, &format!("{path}3")).await;
    assert_eq!(phantom.len(), 25);
    assert!(phantom.iter().all(|name| name.starts_with("Video ")));
    assert_ne!(phantom, names(&server, &token, &format!("{path}4")).await);
    assert!(names(&server, &token, &format!("{path}5")).await.is_empty());
    assert_eq!(phantom, names(&server, &token, &format!("{path}3")).await, "the same for the same seed");
}

#[tokio::test]
async fn lists_are_sorted_as_asked() {
    let server = tiny().await;
    let token = token(&server).await;
    let week = server.world().folders[1].id;
    let path = format!("folders/{week}/sessions");
    assert_eq!(names(&server, &token, &path).await, ["Second", "Third"]);
    assert_eq!(names(&server, &token, &format!("{path}?sortOrder=Desc")).await, ["Third", "Second"]);
    server.world().sessions[2].start_time = Some(noon() - chrono::TimeDelta::days(99));
    assert_eq!(names(&server, &token, &format!("{path}?sortField=CreatedDate")).await, ["Third", "Second"]);
    for wrong in ["sortOrder=up", "sortField=Size", "pageNumber=-1", "pageNumber=x"] {
        assert_eq!(get(&server, &token, &format!("{path}?{wrong}")).await.status(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn search_matches_the_beginnings_of_words() {
    let server = tiny().await;
    let token = token(&server).await;
    for (query, found) in [("tin", 1), ("100", 1), ("ANY", 0), ("ny", 0), ("*", 2), ("b tiny", 1), ("week 1", 1)] {
        let path = format!("folders/search?searchQuery={}", query.replace(' ', "+"));
        assert_eq!(names(&server, &token, &path).await.len(), found, "{query}");
    }
    assert_eq!(get(&server, &token, "folders/search").await.status(), 400);
    assert_eq!(get(&server, &token, "folders/search?searchQuery=").await.status(), 400);
    assert_eq!(names(&server, &token, "sessions/search?searchQuery=*").await.len(), 3);
}

#[tokio::test]
async fn the_top_level_is_the_nil_folder() {
    let server = tiny().await;
    let token = token(&server).await;
    assert_eq!(names(&server, &token, &format!("folders/{}/children", Uuid::nil())).await, ["TINY 100 A & B"]);
    assert_eq!(get(&server, &token, &format!("folders/{}", Uuid::nil())).await.status(), 404);
}

#[tokio::test]
async fn unknown_and_malformed_ids_and_routes_differ() {
    let server = tiny().await;
    let token = token(&server).await;
    let body = |path: String| {
        let (server, token) = (&server, &token);
        async move {
            let reply = get(server, token, &path).await;
            (reply.status().as_u16(), reply.json::<Value>().await.unwrap())
        }
    };
    for kind in ["folders", "sessions"] {
        let (status, unknown) = body(format!("{kind}/{}", id(9))).await;
        assert_eq!(status, 404);
        assert!(unknown["Error"]["Message"].as_str().unwrap().contains("was found for this Id"));
        let (status, malformed) = body(format!("{kind}/not-a-guid")).await;
        assert_eq!((status, &malformed["Error"]["Success"]), (400, &Value::Bool(false)));
    }
    let (status, no_route) = body("nonsense".to_owned()).await;
    assert_eq!(status, 404);
    assert!(no_route["Message"].as_str().unwrap().starts_with("No HTTP resource was found that matches"));
    assert!(names(&server, &token, &format!("folders/{}/sessions", id(9))).await.is_empty(), "lists have no 404");
    let posted = client().post(format!("{}/Panopto/api/v1/folders/{}", server.base_url(), id(9)));
    assert_eq!(posted.bearer_auth(&token).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn a_hidden_folder_looks_empty() {
    let server = tiny().await;
    let token = token(&server).await;
    let (course, week) = {
        let mut world = server.world();
        world.folders[1].visible = false;
        (world.folders[0].id, world.folders[1].id)
    };
    assert!(names(&server, &token, &format!("folders/{week}/sessions")).await.is_empty());
    assert!(names(&server, &token, &format!("folders/{course}/children")).await.is_empty());
    let reply = get(&server, &token, &format!("folders/{week}")).await;
    assert_eq!((reply.status().as_u16(), reply.text().await.unwrap().as_str()), (403, ""));
}

#[tokio::test]
async fn without_a_token_there_is_401_and_nothing_else() {
    let server = tiny().await;
    let reply = get(&server, "nonsense", "folders/creator").await;
    assert_eq!((reply.status().as_u16(), reply.text().await.unwrap().as_str()), (401, ""));
    let anonymous = client().get(format!("{}/Panopto/api/v1/folders/creator", server.base_url())).send().await.unwrap();
    assert_eq!(anonymous.status(), 401);
}

#[tokio::test]
async fn the_cookie_opens_folders_but_not_sessions() {
    let server = tiny().await;
    let cookie = cookie(&server, &token(&server).await).await;
    let session = server.world().sessions[0].id;
    let status = |path: String| {
        let request = client().get(format!("{}/Panopto/api/v1/{path}", server.base_url())).header("cookie", &cookie);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(status("folders/search?searchQuery=*".to_owned()).await, 200);
    assert_eq!(status(format!("sessions/{session}")).await, 401);
}

#[tokio::test]
async fn quirks_of_some_sites_can_be_switched_on() {
    let server = tiny_with(Config { children_empty: true, folder_sessions_500: 0.5, ..fixed() }).await;
    let token = token(&server).await;
    let course = server.world().folders[0].id;
    assert!(names(&server, &token, &format!("folders/{course}/children")).await.is_empty());
    let mut statuses = Vec::new();
    for _ in 0..40 {
        statuses.push(get(&server, &token, &format!("folders/{course}/sessions")).await.status().as_u16());
    }
    let failed = statuses.iter().filter(|&&status| status == 500).count();
    assert!((8..=32).contains(&failed), "{failed} of 40");
}

#[tokio::test]
async fn viewers_are_listed_with_their_progress() {
    let server = tiny().await;
    let token = token(&server).await;
    let session = {
        let mut world = server.world();
        let user = world.views[0].user;
        world.users.push(sim::User {
            id: user,
            username: "unified\\a".into(),
            password: None,
            name: "A".into(),
            ..sim::User::default()
        });
        world.sessions[0].id
    };
    let reply = get(&server, &token, &format!("sessions/{session}/viewers")).await;
    let body: Value = reply.json().await.unwrap();
    assert_eq!(body["Results"].as_array().unwrap().len(), 1, "people without an account are not listed");
    assert_eq!(body["Results"][0]["User"]["Username"], "unified\\a");
    assert_eq!(body["Results"][0]["PercentCompleted"], 100.0);
    assert_eq!(body["Results"][0]["MostRecentViewPositionInSeconds"], 100.0);
}
