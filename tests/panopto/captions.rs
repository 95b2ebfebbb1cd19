//! Captions: four answers that are not a text, the languages that are tried, and a cookie that goes nowhere else.

use model::SessionId;
use panopto::wire::{available_languages, caption_url};
use panopto::{CaptionsAnswer, ErrorKind};
use sim::{At, CaptionTrack, Config, DeadCookie, Fault, FaultPlan, Handle, Route};

use crate::script::{Reply, Script, signed_in};
use crate::support::*;

const SRT: &str = "1\r\n00:00:00,000 --> 00:00:03,480\r\nHello\r\n\r\n";

/// The tiny course, whose first video has these captions.
async fn with_captions(tracks: &[(&str, &str)], config: Config) -> (Handle, SessionId) {
    let server = tiny(config).await;
    let video = sessions(&server)[0];
    let session = server.world().sessions[0].id;
    let track = |(language, text): &(&str, &str)| CaptionTrack {
        language: (*language).to_owned(),
        ..CaptionTrack::new(session, *text)
    };
    server.world().captions = tracks.iter().map(track).collect();
    (server, video)
}

fn text(answer: CaptionsAnswer) -> (Option<&'static str>, String) {
    match answer {
        CaptionsAnswer::Text(text) => (text.language, String::from_utf8(text.bytes).unwrap()),
        other => panic!("{other:?}"),
    }
}

/// What was asked for beside the sign-in: languages of downloads, and how often the list of languages.
fn asked(server: &Handle) -> (Vec<String>, usize) {
    let requests = server.requests();
    let downloads = requests.iter().filter(|request| request.route == Route::Captions);
    let language =
        |query: &str| query.split_once("language=").map(|(_, language)| language.to_owned()).unwrap_or_default();
    let lists = requests.iter().filter(|request| request.route == Route::DeliveryInfo).count();
    (downloads.map(|request| language(&request.query)).collect(), lists)
}

#[tokio::test]
async fn captions_come_as_they_are_whoever_signed_in() {
    let (server, video) = with_captions(&[("English_USA", SRT)], Config::default()).await;
    for sign_in in [by_password(), by_browser(&server).await] {
        let client = client(&server.base_url(), sign_in);
        assert_eq!(text(client.captions(video).await.unwrap()), (None, SRT.to_owned()));
    }
    // A password in each call gives no cookie, without which no web page opens.
    let without_cookie = client(&server.base_url(), auth_in_call());
    assert_eq!(without_cookie.captions(video).await.unwrap(), CaptionsAnswer::SignedOut);
}

#[tokio::test]
async fn the_language_of_the_address_comes_first_then_those_that_the_video_has() {
    let tracks = [("Danish", ""), ("French", SRT), ("German", SRT)];
    let (server, video) =
        with_captions(&tracks, Config { caption_url_language: Some("Danish".into()), ..Config::default() }).await;
    let client = client(&server.base_url(), by_password());
    assert_eq!(text(client.captions(video).await.unwrap()), (Some("French"), SRT.to_owned()));
    assert_eq!(asked(&server), (vec!["Danish".into(), "French".into()], 1));

    server.clear_requests();
    server.config_mut().caption_url_language = None;
    assert_eq!(text(client.captions(video).await.unwrap()).0, Some("French"));
    assert_eq!(asked(&server), (vec![String::new(), "Danish".into(), "French".into()], 1));

    // The list of languages is no part of the API: without it the player's own two are tried.
    server.clear_requests();
    server.set_faults(FaultPlan::new([(
        At::From(Route::DeliveryInfo, 1),
        Fault::Status { status: 404, retry_after: None },
    )]));
    server.world().captions[1].language = "English_GBR".into();
    assert_eq!(text(client.captions(video).await.unwrap()).0, Some("English_GBR"));
    assert_eq!(asked(&server).0, ["", "English_USA", "English_GBR"]);
}

#[tokio::test]
async fn nothing_empty_refused_and_signed_out_are_four_answers() {
    let (server, video) = with_captions(&[("Danish", ""), ("English_USA", " \r\n")], Config::default()).await;
    let videos = sessions(&server);
    let client = client(&server.base_url(), by_password());
    assert_eq!(client.captions(video).await.unwrap(), CaptionsAnswer::Empty);
    server.clear_requests();
    assert_eq!(client.captions(videos[1]).await.unwrap(), CaptionsAnswer::None);
    assert_eq!(asked(&server), (vec![], 0), "a video without captions costs one call");
    assert_eq!(client.captions(SessionId::from_bytes([9; 16])).await.unwrap(), CaptionsAnswer::None);

    server.config_mut().captions_refused = true;
    assert_eq!(client.captions(video).await.unwrap(), CaptionsAnswer::Refused);
    server.config_mut().captions_refused = false;
    server.world().folders[0].visible = false;
    assert_eq!(client.captions(video).await.unwrap(), CaptionsAnswer::Refused);
}

#[tokio::test]
async fn a_dead_cookie_is_renewed_once() {
    for dead_cookie in [DeadCookie::Fault, DeadCookie::Empty, DeadCookie::Redirect] {
        let (server, video) = with_captions(&[("English_USA", SRT)], Config { dead_cookie, ..Config::default() }).await;
        let client = client(&server.base_url(), by_password());
        client.captions(video).await.unwrap();
        server.kill_cookies();
        server.clear_requests();
        assert_eq!(text(client.captions(video).await.unwrap()).1, SRT, "{dead_cookie:?}");
        let logins = server.requests().iter().filter(|request| request.route == Route::LegacyLogin).count();
        assert_eq!((logins, asked(&server).0.len()), (1, 2));
    }
    // Signed out for good, as on a site whose cookie opens SOAP only: said once, and not a sign-in for each video.
    let (server, video) = with_captions(&[("English_USA", SRT)], Config::default()).await;
    server.set_faults(FaultPlan::new([(At::From(Route::Captions, 1), Fault::Html(200))]));
    let client = client(&server.base_url(), by_password());
    for _ in 0..5 {
        assert_eq!(client.captions(video).await.unwrap(), CaptionsAnswer::SignedOut);
    }
    let logins = server.requests().iter().filter(|request| request.route == Route::LegacyLogin).count();
    assert_eq!(logins, 2);
}

#[tokio::test]
async fn faults_on_the_way_are_tried_again() {
    for fault in [Fault::Status { status: 503, retry_after: None }, Fault::Reset, Fault::CutBody, Fault::ExpireToken] {
        for route in [Route::Session, Route::Captions] {
            let (server, video) = with_captions(&[("English_USA", SRT)], Config::default()).await;
            server.set_faults(FaultPlan::new([(At::Nth(route, 1), fault.clone())]));
            let client = client(&server.base_url(), by_password());
            assert_eq!(text(client.captions(video).await.unwrap()).1, SRT, "{fault:?} {route:?}");
        }
    }
}

/// A server that tells of captions at `address` and answers their download with `reply`.
async fn scripted(address: &'static str, reply: impl Fn() -> Reply + Send + Sync + 'static) -> Script {
    signed_in(move |request, _| {
        if let Some(id) = request.path.strip_prefix("/Panopto/api/v1/sessions/") {
            return Reply::ok(format!(r#"{{"Id":"{id}","Urls":{{"CaptionDownloadUrl":"{address}"}}}}"#));
        }
        if request.path.ends_with("GenerateSRT.ashx") { reply() } else { Reply::status(404) }
    })
    .await
}

#[tokio::test]
async fn the_cookie_goes_to_this_server_alone() {
    let video = SessionId::from_bytes([7; 16]);
    let elsewhere = Script::start(|_, _| Reply::ok(SRT)).await;
    let other: &'static str =
        Box::leak(format!("{}/GenerateSRT.ashx?id=1&language=Thai", elsewhere.base_url).into_boxed_str());
    let server = scripted(other, || Reply::ok(SRT)).await;
    assert_eq!(text(client(&server.base_url, by_password()).captions(video).await.unwrap()).0, Some("Thai"));
    let download = server.requests().into_iter().find(|request| request.path.ends_with("GenerateSRT.ashx")).unwrap();
    assert!(
        download.head.contains(&format!("?id={video}&language=Thai ")) && download.head.contains(".ASPXAUTH=cookie"),
        "{}",
        download.head
    );
    assert!(
        !download.head.to_lowercase().contains("authorization"),
        "the token opens no web page and does not go there"
    );

    let server = scripted("x", move || Reply::status(302).with("location", other)).await;
    assert_eq!(client(&server.base_url, by_password()).captions(video).await.unwrap(), CaptionsAnswer::SignedOut);
    assert!(elsewhere.requests().is_empty(), "neither an address nor a redirect is followed");
}

#[tokio::test]
async fn what_is_no_caption_is_said_and_what_has_no_end_is_not_read() {
    let video = SessionId::from_bytes([7; 16]);
    let server = scripted("x", || Reply::ok(b"%PDF-1.4".as_slice())).await;
    let error = client(&server.base_url, by_password()).captions(video).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ServerChanged);
    assert!(
        error.to_string().contains(&format!("`captions of video {video}` is not understood: it holds no captions")),
        "{error}"
    );
    let server = scripted("x", || Reply::ok("").with("content-length", "99999999999")).await;
    let error = client(&server.base_url, by_password()).captions(video).await.unwrap_err();
    assert!(error.to_string().contains("larger than 16 MiB"), "{error}");
}

#[test]
fn a_video_without_an_address_has_no_captions() {
    let video = SessionId::from_bytes([7; 16]);
    let read = |urls: &str| caption_url(format!(r#"{{"Id":"{video}"{urls}}}"#).as_bytes(), video);
    for none in [
        "",
        r#","Urls":null"#,
        r#","Urls":{}"#,
        r#","Urls":{"CaptionDownloadUrl":null}"#,
        r#","Urls":{"CaptionDownloadUrl":" "}"#,
    ] {
        assert_eq!(read(none), Ok(None), "{none}");
    }
    assert_eq!(read(r#","Urls":{"CaptionDownloadUrl":"u"}"#), Ok(Some("u".to_owned())));
    assert!(caption_url(br#"{"Id":"6513270e-269e-4d37-b2a7-4de452e6b438"}"#, video).is_err());
    assert!(caption_url(b"<html>", video).unwrap_err().is_html());
    assert_eq!(
        available_languages(br#"{"Delivery":{"AvailableLanguages":[16,0,99]}}"#),
        Ok(vec!["Danish", "English_USA"])
    );
    assert!(available_languages(br#"{"ErrorCode":2}"#).is_err());
}
