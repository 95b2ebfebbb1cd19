//! No bytes from a server can make a reader panic: arbitrary ones, and damaged copies of real replies.

use model::{FolderId, SessionId, UserId};
use panopto::wire;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::damage::{cases, damage, damaged_sample};
use crate::script::{fault_body, usage_body, usage_row};

fn session() -> SessionId {
    SessionId::parse("84cef7f7-f168-4a80-9a5a-ac100144db29").unwrap()
}

fn read_everything(body: &[u8]) {
    let _ = wire::usage_page(body, session());
    let _ = wire::log_on_result(body);
    let _ = wire::fault(body);
    let _ = wire::folder(body);
    let _ = wire::folder_page(body);
    let _ = wire::session_page(body, FolderId::NIL);
    let _ = wire::session(body, session());
    let _ = wire::says_not_found(body);
    let _ = wire::error_text(body);
    let _ = wire::token_answer(body);
    let _ = wire::token_refusal(body);
    let _ = wire::user_info(body);
    let _ = wire::caption_url(body, session()).map(|address| address.map(|address| wire::language_of(&address)));
    let _ = wire::available_languages(body);
    let _ = wire::viewer_page(body);
    let _ = wire::users_answer(body, &[user()]);
    let _ = wire::folders_answer(body, &[folder()]);
    let _ = wire::sessions_answer(body, &[session()]);
}

/// The folder of the samples has the ID of their video.
fn folder() -> FolderId {
    FolderId::from_bytes(*session().as_bytes())
}

/// A reply to a call about many things.
fn many(operation: &str, entries: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><{operation}Response xmlns="http://tempuri.org/"><{operation}Result xmlns:a="x" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">{entries}</{operation}Result></{operation}Response></s:Body></s:Envelope>"#
    )
}

fn user() -> UserId {
    UserId::parse("6513270e-269e-4d37-b2a7-4de452e6b438").unwrap()
}

/// The body of an answer about one user.
fn users_body(id: UserId) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetUsersResponse xmlns="http://tempuri.org/"><GetUsersResult xmlns:a="http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V40" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><a:User><a:Email/><a:FirstName i:nil="true"/><a:GroupMemberships xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><b:guid>{id}</b:guid></a:GroupMemberships><a:LastName>Okonjo &amp; Vale</a:LastName><a:UserId>{id}</a:UserId><a:UserKey>unified\mvale7</a:UserKey></a:User></GetUsersResult></GetUsersResponse></s:Body></s:Envelope>"#
    )
}

/// Replies as they should be.
fn samples() -> Vec<Vec<u8>> {
    let id = session();
    let rows = usage_row(id, 1) + &usage_row(id, 2) + r#"<a:ExtendedDetailedUsageResponseItem i:nil="true"/>"#;
    [
        usage_body(&rows, Some(3)),
        usage_body("<![CDATA[x]]><!-- y --><?z?>&amp;&#x41;", None),
        fault_body("Session was not found"),
        format!(r#"{{"Results":[{{"Id":"{id}","Name":"é\ud83d\ude00","Duration":1e2,"StartTime":"2024-01-01T00:00:00Z","Folder":"{id}","FolderDetails":{{"Id":"{id}","Name":"F"}}}}]}}"#),
        format!(r#"{{"Id":"{id}","Name":"F","ParentFolder":{{"Id":"{id}","Name":null}}}}"#),
        r#"{"access_token":"abc","expires_in":3600,"token_type":"Bearer","refresh_token":"def"}"#.to_owned(),
        r#"{"error":"invalid_grant"}"#.to_owned(),
        r#"{"Error":{"Message":"x"}}"#.to_owned(),
        format!(r#"{{"sub":"{id}","name":"N","preferred_username":"u"}}"#),
        format!(r#"{{"Id":"{id}","Urls":{{"CaptionDownloadUrl":"https://x/GenerateSRT.ashx?id={id}&language=16"}}}}"#),
        r#"{"Delivery":{"AvailableLanguages":[16,1]}}"#.to_owned(),
        many(
            "GetFoldersById",
            &format!(
                "<a:Folder><a:ChildFolders><b:guid>{id}</b:guid></a:ChildFolders><a:Id>{id}</a:Id><a:Name>F</a:Name><a:Sessions/></a:Folder>"
            ),
        ),
        many(
            "GetSessionsById",
            &format!(
                "<a:Session><a:Duration>1E2</a:Duration><a:FolderId>{id}</a:FolderId><a:Id>{id}</a:Id><a:Name>V</a:Name><a:State>Complete</a:State></a:Session>"
            ),
        ),
        format!(r#"{{"Results":[{{"User":{{"Id":"{0}","Username":"unified\\é"}}}},{{"User":null}},null]}}"#, user()),
        users_body(user()),
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect()
}

/// Pieces that have a meaning for one of the readers.
const WORDS: &[&[u8]] = &[
    b"<![CDATA[",
    b"]]>",
    b"<!DOCTYPE x>",
    b"<!DOCTYPE x [<!ENTITY e \"&e;&e;\">]>",
    b"&e;",
    b"&#1114112;",
    b"&#xD800;",
    b"&#0;",
    b"&lt",
    b"<?xml version=\"1.0\" encoding=\"utf-16\"?>",
    b"-->",
    b"<!--",
    b"</",
    b"/>",
    b"<a:PagedResponses>",
    b"i:nil=\"true\"",
    b"xmlns:i=\"\"",
    b"99999999999999999999999999",
    b"-1",
    b"NaN",
    b"INF",
    b"1e999",
    b"\\ud800",
    b"\\udc00\\ud83d",
    b"\\u0000",
    b"null",
    b"{\"Results\":",
    b"[[[[[[[[",
    b"\xef\xbb\xbf\xe2\x80\xae\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"9999-12-31T23:59:59.9999999Z",
    b"0001-01-01T00:00:00",
    b"+14:00",
];

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn arbitrary_bytes(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_everything(&body);
    }

    #[test]
    fn arbitrary_markup(body in "(<[/!?]?[a-zA-Z:\\[\\- ]{0,10}[/]?>|&[#a-z0-9]{0,6};?|[ -~]{0,6}|\"[ -~]{0,5}\"|[{}\\[\\]:,]){0,40}") {
        read_everything(body.as_bytes());
    }

    #[test]
    fn damaged_replies(which in any::<Index>(), damages in proptest::collection::vec(damage(WORDS), 1..6)) {
        read_everything(&damaged_sample(&samples(), which, &damages));
    }
}

#[test]
fn the_samples_are_sound() {
    // Otherwise the damage would be done to replies that fail at their first byte anyway.
    let samples = samples();
    assert!(wire::usage_page(&samples[0], session()).is_ok());
    assert!(wire::usage_page(&samples[1], session()).is_ok());
    assert!(wire::fault(&samples[2]).is_some());
    assert!(wire::session_page(&samples[3], FolderId::NIL).is_ok());
    assert!(wire::folder(&samples[4]).is_ok());
    assert!(wire::token_answer(&samples[5]).is_ok());
    assert!(wire::user_info(&samples[8]).is_ok());
    let address = wire::caption_url(&samples[9], session()).unwrap().unwrap();
    assert_eq!(wire::language_of(&address), Some("Danish"));
    assert!(wire::available_languages(&samples[10]).is_ok());
    assert!(wire::viewer_page(&samples[13]).is_ok_and(|viewers| viewers.len() == 1));
    let users = wire::users_answer(&samples[14], &[user()]);
    assert!(matches!(users, Ok(wire::Reply::Answer(users)) if users.len() == 1));
}

/// A damaged name costs its letters, not the list that it is in.
#[test]
fn half_a_surrogate_pair_or_another_encoding_in_a_name_is_read() {
    let id = session();
    for (written, read) in [
        (&br"a\ud800b"[..], "a\u{fffd}\u{fffd}\u{fffd}b"),
        (br"\ud83d\ude00", "\u{1f600}"),
        (b"An\xe1lisis", "An\u{fffd}lisis"),
        (br"\u0000\u001b[2J", "\0\u{1b}[2J"),
    ] {
        let member = |name: &str| [format!("\"{name}\":\"").as_bytes(), written, b"\""].concat();
        let body = [
            format!("{{\"Results\":[{{\"Id\":\"{id}\",").as_bytes(),
            &member("Name"),
            b",",
            &member("Description"),
            format!(",\"FolderDetails\":{{\"Id\":\"{id}\",").as_bytes(),
            &member("Name"),
            b"}}]}",
        ]
        .concat();
        let videos = wire::session_page(&body, FolderId::NIL).unwrap();
        assert_eq!(videos[0].name, read);
        assert_eq!((videos[0].description.as_deref(), videos[0].folder_name.as_deref()), (Some(read), Some(read)));
        assert_eq!(wire::folder_page(&body).unwrap()[0].name, read);
    }
    // If a name is not text at all, the reply has an unknown form.
    let body = format!(r#"{{"Results":[{{"Id":"{id}","Name":[1]}}]}}"#);
    assert!(wire::session_page(body.as_bytes(), FolderId::NIL).is_err());
}

/// A million bytes of input that may be expensive: a reader whose time grows with the square, or that recurses with
/// each level, would not return.
#[test]
fn time_and_depth_are_bounded() {
    let many = if cfg!(debug_assertions) { 1 << 17 } else { 1 << 20 };
    let envelope = String::from_utf8(samples()[0].clone()).unwrap();
    let (head, tail) = envelope.split_at(envelope.find("<a:Ext").unwrap());
    let begun = std::time::Instant::now();
    for piece in
        ["<a>", "<", "&amp;", "&", "[", "{\"Results\":", "\"", "<!--", "<![CDATA[", "\\u0000", "<a b='", " x=''", "-"]
    {
        let body = piece.repeat(many / piece.len());
        for body in
            [body.clone(), format!("{head}{body}"), format!("{head}{body}{tail}"), format!("{{\"Results\":{body}")]
        {
            read_everything(body.as_bytes());
        }
    }
    let records = usage_body(&usage_row(session(), 1).repeat(many / 512), None);
    assert!(wire::usage_page(records.as_bytes(), session()).is_ok());
    assert!(begun.elapsed() < std::time::Duration::from_secs(120), "{:?}", begun.elapsed());
}
