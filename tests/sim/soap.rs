//! SOAP: sign-in, pages of usage rows, the text on the wire, faults, and each knob.

use crate::support::{Usage, cookie, cookie_of, fixed, post_soap, rows, tiny, tiny_with, token, total, values};
use sim::{
    Anonymous, Config, DEMO_PASSWORD, DEMO_USER, DeadCookie, EmptyList, EndRange, Handle, PastEnd, Route, UsageLimit,
    View, WrongPassword,
};
use std::fmt::Write as _;
use std::time::Duration;
use uuid::Uuid;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

async fn log_on(server: &Handle, version: &str, password: &str) -> reqwest::Response {
    let body = format!(
        r#"<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:w="urn:w"><s:Header><w:Action>ignored</w:Action></s:Header><s:Body><LogOnWithPassword xmlns="http://tempuri.org/"><userKey>{DEMO_USER}</userKey><password>{}</password></LogOnWithPassword></s:Body></s:Envelope>"#,
        escaped(password)
    );
    post_soap(server, &format!("{version}/Auth.svc"), "IAuth/LogOnWithPassword", None, body).await.unwrap()
}

/// A server, a cookie, and the session with `count` records, one a minute.
async fn with_records(count: i64, config: Config) -> (Handle, Usage) {
    let server = tiny_with(config).await;
    let session = {
        let mut world = server.world();
        let session = world.sessions[0].id;
        let first: chrono::DateTime<chrono::Utc> = "2024-01-01T00:00:00Z".parse().unwrap();
        world.views = (0..count)
            .map(|number| {
                let user = Uuid::from_u128(number as u128 % 7 + 1);
                View::new(session, user, first + chrono::TimeDelta::minutes(number), number as f64, 1.5)
            })
            .collect();
        session
    };
    let cookie = cookie(&server, &token(&server).await).await;
    (server, Usage::of(session, &cookie))
}

#[tokio::test]
async fn signing_in_sets_a_cookie_and_a_wrong_password_is_200_with_false() {
    let server = tiny().await;
    for version in ["4.0", "4.2", "4.6"] {
        let reply = log_on(&server, version, DEMO_PASSWORD).await;
        assert_eq!(reply.status(), 200);
        let cookie = cookie_of(&reply).unwrap();
        assert_eq!(
            reply.text().await.unwrap(),
            r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><LogOnWithPasswordResponse xmlns="http://tempuri.org/"><LogOnWithPasswordResult>true</LogOnWithPasswordResult></LogOnWithPasswordResponse></s:Body></s:Envelope>"#
        );
        let session = server.world().sessions[0].id;
        assert_eq!(Usage::of(session, &cookie).send(&server).await.0, 200);
    }
    let reply = log_on(&server, "4.2", "wrong").await;
    assert_eq!((reply.status().as_u16(), cookie_of(&reply)), (200, None));
    assert!(reply.text().await.unwrap().contains("<LogOnWithPasswordResult>false<"));
    server.config_mut().wrong_password = WrongPassword::Fault;
    let reply = log_on(&server, "4.2", "wrong").await;
    assert_eq!(reply.status(), 500);
    assert!(reply.text().await.unwrap().contains("Unable to authenticate the user."));
}

#[tokio::test]
async fn a_row_looks_as_wcf_writes_it() {
    let server = tiny().await;
    let (session, user) = {
        let mut world = server.world();
        let session = world.sessions[0].id;
        let user = world.views[0].user;
        world.views = vec![
            View {
                playback_speed: Some(1.25),
                ..View::new(session, user, "2020-10-16T21:44:33.980Z".parse().unwrap(), 0.000_01, 4.232_846)
            },
            View {
                playback_speed: None,
                start_reason: "New<Word>".to_owned(),
                ..View::new(session, user, "2020-10-16T21:44:34Z".parse().unwrap(), 0.0, -1.0)
            },
        ];
        (session, user)
    };
    let cookie = cookie(&server, &token(&server).await).await;
    let usage = Usage::of(session, &cookie);
    let expected = format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetSessionExtendedDetailedUsageResponse xmlns="http://tempuri.org/"><GetSessionExtendedDetailedUsageResult xmlns:a="http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V40" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><a:PagedResponses><a:ExtendedDetailedUsageResponseItem><a:SecondsViewed>4.232846</a:SecondsViewed><a:SessionId>{session}</a:SessionId><a:StartPosition>1E-05</a:StartPosition><a:Time>2020-10-16T21:44:33.98Z</a:Time><a:UserId>{user}</a:UserId><a:PlaybackSpeed>1.25</a:PlaybackSpeed><a:StartReason>Start</a:StartReason><a:StopReason>Pause</a:StopReason></a:ExtendedDetailedUsageResponseItem><a:ExtendedDetailedUsageResponseItem><a:SecondsViewed>-1</a:SecondsViewed><a:SessionId>{session}</a:SessionId><a:StartPosition>0</a:StartPosition><a:Time>2020-10-16T21:44:34Z</a:Time><a:UserId>{user}</a:UserId><a:PlaybackSpeed i:nil="true"/><a:StartReason>New&lt;Word&gt;</a:StartReason><a:StopReason>Pause</a:StopReason></a:ExtendedDetailedUsageResponseItem></a:PagedResponses><a:TotalNumberResponses>2</a:TotalNumberResponses></GetSessionExtendedDetailedUsageResult></GetSessionExtendedDetailedUsageResponse></s:Body></s:Envelope>"#
    );
    assert_eq!(usage.send(&server).await, (reqwest::StatusCode::OK, expected));
    let plain = Usage { operation: "GetSessionDetailedUsage", ..usage };
    let (_, text) = plain.send(&server).await;
    assert_eq!(values(&text, "DetailedUsageResponseItem").len(), 2);
    assert!(!text.contains("PlaybackSpeed") && !text.contains("Reason"));
}

#[tokio::test]
async fn pages_add_up_to_every_record_in_order_of_time() {
    let (server, usage) = with_records(250, fixed()).await;
    let mut seen = Vec::new();
    for page in 0..3 {
        let (_, text) = Usage { page, ..usage.clone() }.send(&server).await;
        assert_eq!(total(&text), 250);
        seen.extend(rows(&text));
    }
    assert_eq!(seen.len(), 250);
    assert!(seen.is_sorted_by(|a, b| a.1 < b.1));
    let (_, beyond) = Usage { page: 3, ..usage.clone() }.send(&server).await;
    assert!(rows(&beyond).is_empty());
    assert_eq!(total(&beyond), 250);

    let log = server.requests();
    let call = log.last().unwrap().soap.as_ref().unwrap();
    assert_eq!(
        (call.operation.as_str(), call.max_results, call.page),
        ("GetSessionExtendedDetailedUsage", Some(100), Some(3))
    );
    assert_eq!(call.session_id.unwrap().to_string(), usage.session);
    assert_eq!(call.begin.unwrap().to_rfc3339(), "2010-01-01T00:00:00+00:00");
    assert!(log.last().unwrap().authenticated && log.last().unwrap().ignored.is_empty());
}

#[tokio::test]
async fn large_pages_are_refused_or_clamped() {
    let (server, usage) = with_records(250, fixed()).await;
    let large = Usage { size: 1001, ..usage.clone() };
    let (status, text) = large.send(&server).await;
    assert_eq!(status, 500);
    assert!(
        text.contains("<faultstring xml:lang=\"en-US\">Pagination.MaxNumberResults must be equal or less than 1000<")
    );
    server.config_mut().usage_limit = UsageLimit::Unlimited;
    assert_eq!(rows(&large.send(&server).await.1).len(), 250);
    server.config_mut().usage_limit = UsageLimit::Clamp(100);
    let mut seen = Vec::new();
    for page in 0..3 {
        seen.extend(rows(&Usage { page, ..large.clone() }.send(&server).await.1));
    }
    assert_eq!(seen.len(), 250);
    assert!(seen.is_sorted_by(|a, b| a.1 < b.1), "clamped pages follow each other");
}

#[tokio::test]
async fn short_pages_follow_each_other() {
    let (server, usage) = with_records(250, Config { short_pages: true, ..fixed() }).await;
    let mut seen = Vec::new();
    for page in 0..20 {
        let got = rows(&Usage { page, ..usage.clone() }.send(&server).await.1);
        assert!(got.len() < 100);
        seen.extend(got);
    }
    assert_eq!(seen.len(), 250);
    assert!(seen.is_sorted_by(|a, b| a.1 < b.1));
}

#[tokio::test]
async fn past_the_end_there_may_be_repetitions_or_phantoms() {
    let (server, usage) = with_records(250, Config { page_past_end: PastEnd::RepeatLast, ..fixed() }).await;
    let page = |page| Usage { page, ..usage.clone() };
    let last = rows(&page(2).send(&server).await.1);
    assert_eq!(rows(&page(7).send(&server).await.1), last);
    server.config_mut().page_past_end = PastEnd::Phantom(1);
    let phantom = rows(&page(3).send(&server).await.1);
    assert_eq!(phantom.len(), 100);
    assert!(!phantom.is_sorted_by(|a, b| a.1 < b.1));
    assert!(rows(&page(4).send(&server).await.1).is_empty());
}

#[tokio::test]
async fn an_empty_list_has_three_forms_and_the_total_may_be_missing() {
    let (server, usage) = with_records(0, fixed()).await;
    for (form, text) in [
        (EmptyList::Empty, "<a:PagedResponses/><a:TotalNumberResponses>0</"),
        (EmptyList::Nil, r#"<a:PagedResponses i:nil="true"/><a:TotalNumberResponses>0</"#),
        (EmptyList::Missing, r#"instance"><a:TotalNumberResponses>0</"#),
    ] {
        server.config_mut().empty_pages = form;
        assert!(usage.send(&server).await.1.contains(text), "{form:?}");
    }
    server.config_mut().total_missing = true;
    assert!(!usage.send(&server).await.1.contains("TotalNumberResponses"));
}

#[tokio::test]
async fn the_range_begins_with_and_ends_before_or_with_its_bounds() {
    let (server, usage) = with_records(10, fixed()).await;
    let count = |begin, end| {
        let usage = Usage { begin, end, ..usage.clone() };
        let server = &server;
        async move { total(&usage.send(server).await.1) }
    };
    assert_eq!(count("2024-01-01T00:02:00Z", "2024-01-01T00:05:00Z").await, 3);
    assert_eq!(count("2024-01-01T00:02:00", "2024-01-01T00:05:00").await, 3, "un-zoned is UTC");
    assert_eq!(count("2024-01-01T01:02:00+01:00", "2024-01-01T00:05:00Z").await, 3);
    assert_eq!(count("2024-01-01T00:02:00Z", "2024-01-01T00:04:59.999999").await, 3);
    assert_eq!(count("2024-01-01T00:05:00Z", "2024-01-01T00:02:00Z").await, 0);
    server.config_mut().end_range = EndRange::Inclusive;
    assert_eq!(count("2024-01-01T00:02:00Z", "2024-01-01T00:05:00Z").await, 4);
    assert_eq!(count("2024-01-01T00:02:00Z", "2024-01-01T00:04:59.999999").await, 4, "rounds up as the database does");
}

#[tokio::test]
async fn name_and_password_in_the_call_replace_the_cookie() {
    let server = tiny().await;
    let session = server.world().sessions[0].id;
    let auth = |password: &str| {
        format!("<t:auth><p:Password>{}</p:Password><p:UserKey>{DEMO_USER}</p:UserKey></t:auth>", escaped(password))
    };
    let right = Usage { cookie: None, auth: auth(DEMO_PASSWORD), ..Usage::of(session, "") };
    assert_eq!(total(&right.send(&server).await.1), 4);
    let (status, text) = Usage { auth: auth("wrong"), ..right.clone() }.send(&server).await;
    assert_eq!(status, 500);
    assert!(text.contains("Unable to authenticate the user."));
    // In the wrong order the second member counts as absent, and the call is anonymous.
    let swapped = format!(
        "<t:auth><p:UserKey>{DEMO_USER}</p:UserKey><p:Password>{}</p:Password></t:auth>",
        escaped(DEMO_PASSWORD)
    );
    let (status, text) = Usage { auth: swapped, ..right }.send(&server).await;
    assert_eq!(status, 500);
    assert!(text.contains("System error."));
    assert_eq!(server.requests().last().unwrap().ignored, ["Password"]);
}

#[tokio::test]
async fn without_sign_in_there_is_a_fault_or_nothing() {
    let server = tiny().await;
    let session = server.world().sessions[0].id;
    let anonymous = Usage { cookie: None, ..Usage::of(session, "") };
    assert_eq!(anonymous.send(&server).await.0, 500);
    server.config_mut().anonymous_usage = Anonymous::Empty;
    let (status, text) = anonymous.send(&server).await;
    assert_eq!((status.as_u16(), total(&text)), (200, 0));
    assert!(!server.requests().last().unwrap().authenticated);
}

#[tokio::test]
async fn a_dead_cookie_gets_a_fault_nothing_or_a_redirect() {
    let server = tiny().await;
    let session = server.world().sessions[0].id;
    let usage = Usage::of(session, &cookie(&server, &token(&server).await).await);
    assert_eq!(total(&usage.send(&server).await.1), 4);
    server.advance(Duration::from_secs(4 * 3600));
    for (knob, status) in [(DeadCookie::Fault, 500), (DeadCookie::Empty, 200), (DeadCookie::Redirect, 302)] {
        server.config_mut().dead_cookie = knob;
        let (got, text) = usage.send(&server).await;
        assert_eq!(got, status);
        assert_eq!(values(&text, "UserId").len(), 0);
    }
    let fresh = Usage::of(session, &cookie(&server, &token(&server).await).await);
    assert_eq!(total(&fresh.send(&server).await.1), 4);
    server.kill_cookies();
    assert_eq!(fresh.send(&server).await.0, 302);
}

#[tokio::test]
async fn the_cookie_is_found_anywhere_in_its_header() {
    let server = tiny().await;
    let session = server.world().sessions[0].id;
    let cookie = cookie(&server, &token(&server).await).await;
    for header in
        [format!("a=b; {cookie}; c=d"), format!("{cookie}; path=/; HttpOnly"), format!("x=1, {cookie}; path=/")]
    {
        assert_eq!(Usage::of(session, &header).send(&server).await.0, 200, "{header}");
    }
}

#[tokio::test]
async fn unknown_hidden_and_malformed_sessions_are_faults() {
    let (server, usage) = with_records(3, fixed()).await;
    let unknown = Usage { session: Uuid::from_u128(5).to_string(), ..usage.clone() };
    let (status, text) = unknown.send(&server).await;
    assert_eq!(status, 500);
    assert!(text.contains("was not found"));
    let (status, text) = Usage { session: "nonsense".to_owned(), ..usage.clone() }.send(&server).await;
    assert_eq!(status, 500);
    assert!(text.contains("DeserializationFailed"));
    server.world().folders[0].visible = false;
    assert!(usage.send(&server).await.1.contains("not have access"));
}

#[tokio::test]
async fn members_in_the_wrong_place_count_as_absent() {
    let (server, usage) = with_records(3, fixed()).await;
    let send = |body: String| {
        let (server, cookie) = (&server, usage.cookie.clone());
        let action = "IUsageReporting/GetSessionExtendedDetailedUsage";
        async move {
            let reply = post_soap(server, "4.6/UsageReporting.svc", action, cookie.as_deref(), body).await.unwrap();
            (reply.status().as_u16(), reply.text().await.unwrap())
        }
    };
    let body = usage.body();
    let (status, text) = send(body.replace("t:pagination", "p:pagination")).await;
    assert_eq!(status, 500);
    assert!(text.contains("Value cannot be null. Parameter name: pagination"));
    let (_, text) = send(body.replace("p:MaxNumberResults", "t:MaxNumberResults")).await;
    assert_eq!((rows(&text).len(), total(&text)), (0, 3), "no page size is a size of zero");
    // The page number after the size is the wrong order.
    let size = "<p:MaxNumberResults>100</p:MaxNumberResults>";
    let swapped = body.replace(size, "").replace("</t:pagination>", &format!("{size}</t:pagination>"));
    assert_eq!(rows(&send(swapped).await.1).len(), 0);
    assert_eq!(server.requests().last().unwrap().ignored, ["MaxNumberResults"]);
    let without_page = body.replace("<p:PageNumber>0</p:PageNumber>", "");
    assert_eq!(rows(&send(without_page).await.1).len(), 3, "no page number is page 0");
    let (_, text) = send(body.replace("t:endRange", "t:endrange")).await;
    assert_eq!(total(&text), 0, "no end is the year 1");
}

#[tokio::test]
async fn what_is_no_soap_call_is_refused() {
    let (server, usage) = with_records(3, fixed()).await;
    let service = "4.0/UsageReporting.svc";
    let action = "IUsageReporting/GetSessionExtendedDetailedUsage";
    let reply = post_soap(&server, service, "UsageReporting/GetSessionExtendedDetailedUsage", None, usage.body())
        .await
        .unwrap();
    assert_eq!(reply.status(), 500);
    assert!(reply.text().await.unwrap().contains("ActionNotSupported"));
    let doctype = usage.body().replacen("<s:Envelope", "<!DOCTYPE x [<!ENTITY a \"b\">]><s:Envelope", 1);
    let mut deep = String::new();
    (0..5000).for_each(|_| deep.push_str("<a>"));
    for broken in ["", "not xml", "<a/>", &doctype, &deep, &usage.body()[..200]] {
        let reply = post_soap(&server, service, action, None, broken.to_owned()).await.unwrap();
        assert_eq!(reply.status(), 400, "{}", &broken[..broken.len().min(60)]);
    }
    let mut large = String::new();
    while large.len() < 1_100_000 {
        let _ = write!(large, "{}", usage.body());
    }
    assert_eq!(post_soap(&server, service, action, None, large).await.unwrap().status(), 413);
    let url = format!("{}/Panopto/PublicAPI/{service}", server.base_url());
    let other = crate::support::client().post(url).header("content-type", "application/soap+xml").body(usage.body());
    assert_eq!(other.send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn the_services_describe_themselves() {
    let server = tiny().await;
    let fetch = |path: String| {
        let url = format!("{}/Panopto/PublicAPI/{path}", server.base_url());
        async move { crate::support::client().get(url).send().await.unwrap().text().await.unwrap() }
    };
    for (service, operation) in [("UsageReporting", "GetSessionExtendedDetailedUsage"), ("Auth", "LogOnWithPassword")] {
        let single = fetch(format!("4.0/{service}.svc?singleWsdl")).await;
        let action = format!(r#"soapAction="http://tempuri.org/I{service}/{operation}""#);
        assert!(single.contains(&action) && single.contains("<xs:schema"));
        assert!(!single.contains("schemaLocation"), "the schemas stand beside each other");
        let split = fetch(format!("4.0/{service}.svc?wsdl")).await;
        assert!(!split.contains("<xs:schema"));
        for (number, part) in split.split("schemaLocation=\"").skip(1).enumerate() {
            let url = part.split('"').next().unwrap();
            assert!(url.ends_with(&format!("?xsd=xsd{number}")), "{url}");
            let schema = crate::support::client().get(url).send().await.unwrap().text().await.unwrap();
            assert!(schema.contains("<xs:schema"));
            // A client that follows the parts finds every namespace that a part imports, each under its own address.
            for import in schema.split("<xs:import ").skip(1).map(|rest| rest.split('>').next().unwrap()) {
                let value = |name: &str| import.split(&format!("{name}=\"")).nth(1)?.split('"').next();
                let (location, namespace) = (value("schemaLocation").expect(import), value("namespace").expect(import));
                let imported = crate::support::client().get(location).send().await.unwrap().text().await.unwrap();
                assert!(imported.contains(&format!("targetNamespace=\"{namespace}\"")), "{import}");
            }
        }
        assert!(split.contains(&format!("{}/Panopto/PublicAPI/4.0/{service}.svc", server.base_url())));
    }
    assert!(server.requests().iter().all(|entry| entry.route == Route::Wsdl));
}
