//! Captions: only with the cookie, in the language asked for, and the other answers that real servers give.

use crate::support::noon;
use crate::support::{client, cookie, fixed, get, token};
use reqwest::header::{COOKIE, LOCATION};
use sim::{At, CaptionTrack, Config, DeadCookie, Fault, FaultPlan, Route, World};

const SRT: &str = "1\r\n00:00:00,000 --> 00:00:03,480\r\nHello\r\n\r\n";

/// The tiny world, whose first session has captions in two languages and whose second has empty ones.
fn world() -> World {
    let mut world = World::tiny(noon());
    let (first, second) = (world.sessions[0].id, world.sessions[1].id);
    world.captions = vec![
        CaptionTrack { language: "Danish".to_owned(), ..CaptionTrack::new(first, "00:01 --> 00:02\nHej\n") },
        CaptionTrack { language: "English_GBR".to_owned(), ..CaptionTrack::new(first, SRT) },
        CaptionTrack::new(second, ""),
    ];
    world
}

async fn download(server: &sim::Handle, query: &str, cookie: &str) -> (u16, String, String) {
    let url = format!("{}/Panopto/Pages/Transcription/GenerateSRT.ashx?{query}", server.base_url());
    let reply = client().get(url).header(COOKIE, cookie).bearer_auth("ignored").send().await.unwrap();
    let header = |name| reply.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let told = if reply.status().is_redirection() { header(LOCATION) } else { header(reqwest::header::CONTENT_TYPE) };
    (reply.status().as_u16(), told, reply.text().await.unwrap())
}

async fn address(server: &sim::Handle, token: &str, path: &str) -> serde_json::Value {
    let body: serde_json::Value = get(server, token, path).await.json().await.unwrap();
    let session = body.pointer("/Results/0").unwrap_or(&body);
    session["Urls"]["CaptionDownloadUrl"].clone()
}

#[tokio::test]
async fn only_the_session_itself_tells_of_captions() {
    let server = sim::start(world(), fixed()).await.unwrap();
    let token = token(&server).await;
    let (folder, first, third) = {
        let world = server.world();
        (world.folders[0].id, world.sessions[0].id, world.sessions[2].id)
    };
    let told = address(&server, &token, &format!("sessions/{first}")).await;
    assert!(told.as_str().unwrap().ends_with(&format!("/Panopto/Pages/Transcription/GenerateSRT.ashx?id={first}")));
    assert!(address(&server, &token, &format!("sessions/{third}")).await.is_null());
    assert!(address(&server, &token, &format!("folders/{folder}/sessions")).await.is_null());
    server.config_mut().caption_url_language = Some("Danish".to_owned());
    let told = address(&server, &token, &format!("sessions/{first}")).await;
    assert!(told.as_str().unwrap().ends_with("&language=Danish"), "{told}");
}

#[tokio::test]
async fn languages_have_names_and_numbers_and_may_be_empty() {
    let server = sim::start(world(), fixed()).await.unwrap();
    let token = token(&server).await;
    let cookie = cookie(&server, &token).await;
    let id = server.world().sessions[0].id;
    for (query, body) in [
        ("", ""),
        ("&language=English_GBR", SRT),
        ("&language=1", SRT),
        ("&LANGUAGE=danish", "00:01 --> 00:02\nHej\n"),
        ("&language=Thai", ""),
        ("&language=English_UK", ""),
    ] {
        let answer = download(&server, &format!("id={id}{query}"), &cookie).await;
        assert_eq!(answer, (200, "text/plain; charset=utf-8".to_owned(), body.to_owned()), "{query}");
    }
    let url = format!("{}/Panopto/Pages/Viewer/DeliveryInfo.aspx", server.base_url());
    let form = [("deliveryId", id.to_string()), ("responseType", "json".to_owned())];
    let info: serde_json::Value =
        client().post(url).header(COOKIE, &cookie).form(&form).send().await.unwrap().json().await.unwrap();
    assert_eq!(info["Delivery"]["AvailableLanguages"], serde_json::json!([16, 1]));
}

#[tokio::test]
async fn signed_out_refused_and_faulty_are_different_answers() {
    let server = sim::start(world(), fixed()).await.unwrap();
    let token = token(&server).await;
    let alive = cookie(&server, &token).await;
    let id = server.world().sessions[0].id;
    let query = format!("id={id}&language=1");
    for dead in ["", ".ASPXAUTH=0123"] {
        let (status, kind, body) = download(&server, &query, dead).await;
        assert!(status == 200 && kind.starts_with("text/html") && body.contains("Sign in"), "{body}");
    }
    server.config_mut().dead_cookie = DeadCookie::Redirect;
    assert_eq!(download(&server, &query, ".ASPXAUTH=0123").await.0, 302);
    server.config_mut().captions_refused = true;
    assert_eq!(download(&server, &query, &alive).await.0, 403);
    *server.config_mut() = Config { caption_url_language: None, ..fixed() };
    server.world().folders[0].visible = false;
    assert_eq!(download(&server, &query, &alive).await.0, 403);
    assert_eq!(download(&server, "id=nonsense", &alive).await.0, 404);
    server
        .set_faults(FaultPlan::new([(At::Nth(Route::Captions, 1), Fault::Status { status: 503, retry_after: None })]));
    assert_eq!(download(&server, &query, &alive).await.0, 503);
}

#[tokio::test]
async fn the_sample_lectures_are_spoken_to_their_end() {
    let world = World::demo(290, noon());
    let spoken = world.captions.len();
    let silent =
        world.sessions.iter().filter(|session| !world.captions.iter().any(|track| track.session == session.id));
    assert_eq!((spoken, silent.count()), (62, 3));
    let session = world.sessions.iter().find(|session| session.name.contains("Albedo")).unwrap().clone();
    let server = sim::start(world, fixed()).await.unwrap();
    let token = token(&server).await;
    let cookie = cookie(&server, &token).await;
    let (_, _, body) = download(&server, &format!("id={}&language=English_USA", session.id), &cookie).await;
    assert!(body.contains("[Auto-generated transcript. Edits may have been applied for clarity.]\r\nWelcome back"));
    assert!(body.contains("albedo") && body.matches("-->").count() > 200, "{}", body.len());
}
