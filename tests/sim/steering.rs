//! The handle: time, world, log, stopping; and that the same seed gives the same answers.

use crate::support::{Usage, cookie, fixed, get, names, noon, tiny, token, tokens, total};
use sim::{Config, DEMO_COURSES, DemoCourse, Route, Stress, View, World};
use std::time::{Duration, Instant};

#[tokio::test]
async fn the_world_can_change_while_the_server_runs() {
    let server = tiny().await;
    let token = token(&server).await;
    let (course, session) = {
        let world = server.world();
        (world.folders[0].id, world.sessions[0].id)
    };
    assert_eq!(names(&server, &token, &format!("folders/{course}/sessions")).await, ["First"]);
    let usage = Usage::of(session, &cookie(&server, &token).await);
    assert_eq!(total(&usage.send(&server).await.1), 4);
    {
        let mut world = server.world();
        "Renamed <&> \"é\"".clone_into(&mut world.sessions[0].name);
        let user = world.views[0].user;
        world.views.push(View::new(session, user, noon(), 1.0, 2.0));
    }
    assert_eq!(names(&server, &token, &format!("folders/{course}/sessions")).await, ["Renamed <&> \"é\""]);
    assert_eq!(total(&usage.send(&server).await.1), 5);
}

#[tokio::test]
async fn the_log_tells_what_was_asked() {
    let server = tiny().await;
    let token = token(&server).await;
    server.clear_requests();
    get(&server, &token, "folders/creator?pageNumber=0").await;
    get(&server, "wrong", "nonsense").await;
    let log = server.requests();
    assert_eq!(log.len(), 2);
    assert_eq!((log[0].route, log[0].status, log[0].authenticated), (Route::FolderCreator, 200, true));
    assert_eq!(
        (log[0].method.as_str(), log[0].path.as_str(), log[0].query.as_str()),
        ("GET", "/Panopto/api/v1/folders/creator", "pageNumber=0")
    );
    assert_eq!((log[0].at, log[1].route, log[1].status), (noon(), Route::Unknown, 404));
    tokens(&server, "api").await;
    let log = server.requests();
    assert_eq!(log[2].grant.as_deref(), Some("password"));
    let shown = format!("{log:?} {:?} {server:?}", Config::default());
    for secret in [token.as_str(), sim::DEMO_PASSWORD, sim::DEMO_CLIENT_SECRET] {
        assert!(!shown.contains(secret));
    }
}

#[tokio::test]
async fn time_stands_where_it_is_put() {
    let server = tiny().await;
    assert_eq!(server.now(), noon());
    server.advance(Duration::from_secs(86_400));
    assert_eq!(server.now(), noon() + chrono::TimeDelta::days(1));
    server.set_now(noon());
    assert_eq!(server.now(), noon());
}

#[tokio::test]
async fn latency_delays_every_reply() {
    let server =
        sim::start(World::tiny(noon()), Config { latency: Duration::from_millis(80), ..fixed() }).await.unwrap();
    let begun = Instant::now();
    token(&server).await;
    assert!(begun.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn a_stopped_or_dropped_server_is_gone() {
    let server = tiny().await;
    let url = server.base_url();
    server.stop().await;
    assert!(crate::support::client().get(&url).send().await.is_err());
    let server = tiny().await;
    let url = server.base_url();
    drop(server);
    for _ in 0..100 {
        if crate::support::client().get(&url).send().await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("still there after the handle was dropped");
}

/// All replies to one walk through a server.
async fn transcript(config: Config) -> Vec<String> {
    let world = World::stress(9, &Stress { sessions_per_folder: 2, views_per_session: 30, ..Stress::default() });
    let (root, session) = (world.folders[0].id, world.sessions[0].id);
    let server = sim::start(world, config).await.unwrap();
    let token = token(&server).await;
    let cookie = cookie(&server, &token).await;
    let mut all = vec![token.clone(), cookie.clone()];
    for path in [format!("folders/{root}/children"), format!("folders/{root}/sessions"), format!("sessions/{session}")]
    {
        let text = get(&server, &token, &path).await.text().await.unwrap();
        all.push(text.replace(&server.base_url(), ""));
    }
    all.push(Usage::of(session, &cookie).send(&server).await.1);
    all
}

#[tokio::test]
async fn the_same_seed_gives_the_same_answers() {
    let first = transcript(fixed()).await;
    assert_eq!(first, transcript(fixed()).await);
    let other = transcript(Config { seed: 2, ..fixed() }).await;
    assert_ne!(first[0], other[0], "another seed, other tokens");
    assert_eq!(first[2..], other[2..], "but the same world");
}

#[tokio::test]
async fn the_demo_courses_are_found_under_their_ids() {
    let server = sim::start(World::demo(1, noon()), fixed()).await.unwrap();
    let token = token(&server).await;
    for DemoCourse { name, folder_id } in DEMO_COURSES {
        let body: serde_json::Value = get(&server, &token, &format!("folders/{folder_id}")).await.json().await.unwrap();
        assert_eq!(body["Name"], name);
        assert_eq!(names(&server, &token, &format!("folders/{folder_id}/children")).await.len(), 2);
    }
    assert_eq!(names(&server, &token, "folders/creator").await.len(), 25, "several pages");
}
