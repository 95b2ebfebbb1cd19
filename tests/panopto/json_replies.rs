//! REST and OAuth2 replies in every known form.

use std::time::Duration;

use model::{FolderId, SessionId};
use panopto::wire::{error_text, folder, folder_page, session_page, token_answer, token_refusal, user_info};

const FOLDER: &str = "dfff45e6-0db7-4fab-aea5-b2fa01163dcf";
const SESSION: &str = "b26f458f-9cd9-4722-a5b8-b2f9017a2304";

fn listed_in() -> FolderId {
    FolderId::parse(FOLDER).unwrap()
}

#[test]
fn a_recorded_list_of_sessions() {
    let body = format!(
        r#"{{ "Results": [ {{
  "Description": null, "StartTime": "2025-06-11T15:56:46.082Z",
  "Duration": 4590.833, "MostRecentViewPosition": 553.8736,
  "CreatedBy": {{ "Id": "00000000-0000-0000-0000-000000000000", "Username": null }},
  "Urls": {{ "ViewerUrl": "https://x/Panopto/Pages/Viewer.aspx?id=1", "EmbedUrl": null }},
  "Folder": "{FOLDER}",
  "FolderDetails": {{ "Id": "{FOLDER}", "Name": "Week \"1\" / <b>" }},
  "PercentCompleted": 4, "Id": "{SESSION}", "Name": "Été 数据" }} ] }}"#
    );
    let sessions = session_page(body.as_bytes(), FolderId::NIL).unwrap();
    let [session] = sessions.as_slice() else { panic!("{sessions:?}") };
    assert_eq!(session.id, SessionId::parse(SESSION).unwrap());
    assert_eq!(session.name, "Été 数据");
    assert_eq!(session.description, None);
    assert_eq!(session.duration_secs, Some(4590.833));
    assert_eq!(session.folder_id, listed_in());
    assert_eq!(session.folder_name.as_deref(), Some("Week \"1\" / <b>"));
    assert_eq!(session.start_time.unwrap().to_rfc3339(), "2025-06-11T15:56:46.082+00:00");
}

#[test]
fn sparse_sessions_are_sessions() {
    let body = format!(
        r#"{{"Results":[{{"Id":"{SESSION}"}},null,{{"Id":"{SESSION}","Duration":0,"StartTime":"soon","Name":null}}]}}"#
    );
    let sessions = session_page(body.as_bytes(), listed_in()).unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!((sessions[0].name.as_str(), sessions[0].duration_secs), ("", None));
    assert_eq!((sessions[0].folder_id, sessions[0].start_time), (listed_in(), None));
    assert_eq!(sessions[1].duration_secs, Some(0.0));
    let negative = format!(r#"{{"Results":[{{"Id":"{SESSION}","Duration":-1}}]}}"#);
    assert_eq!(session_page(negative.as_bytes(), listed_in()).unwrap()[0].duration_secs, None);
}

#[test]
fn folders_with_and_without_a_parent() {
    let body = format!(
        r#"{{"Description":null,"ParentFolder":{{"Id":"{FOLDER}","Name":"Up"}},"Urls":{{}},"Id":"{SESSION}","Name":" .. "}}"#
    );
    let found = folder(body.as_bytes()).unwrap();
    assert_eq!((found.parent, found.name.as_str()), (Some(listed_in()), " .. "));
    assert_eq!(found.parent_name.as_deref(), Some("Up"));
    for parent in ["null", r#"{"Id":"00000000-0000-0000-0000-000000000000","Name":null}"#, r#"{"Id":null}"#] {
        let body = format!(r#"{{"ParentFolder":{parent},"Id":"{FOLDER}","Name":"Top"}}"#);
        let found = folder(body.as_bytes()).unwrap();
        assert_eq!((found.parent, found.parent_name), (None, None), "{parent}");
    }
    for empty in [r#"{"Results":[]}"#, r#"{"Results":null}"#, "\u{feff}{\"Results\":[ ]}\r\n"] {
        assert_eq!(folder_page(empty.as_bytes()).unwrap(), []);
    }
}

#[test]
fn surprises_are_named() {
    for (body, part) in [
        ("{}", "missing field `Results`"),
        (r#"{"Message":"x"}"#, "missing field `Results`"),
        (r#"{"Results":[{}]}"#, "`Id` is missing"),
        (r#"{"Results":[{"Id":"../../x"}]}"#, "`Id` is `../../x`, which is no ID"),
        (r#"{"Results":{"Id":1}}"#, "has another form"),
        (r#"{"Results":[{"Id":7}]}"#, "has another form"),
        ("[]", "has another form"),
        ("<!doctype html><title>Sign in</title>", "it is a web page"),
        ("Service unavailable", "it is not JSON"),
    ] {
        let error = folder_page(body.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(part), "{body}: {error}");
        assert!(!error.is_cut_off());
    }
    for cut in ["", "{", r#"{"Results":["#, r#"{"Results":[{"Id":"6513"#] {
        assert!(folder_page(cut.as_bytes()).unwrap_err().is_cut_off(), "{cut}");
    }
    let deep = "[".repeat(100_000);
    assert!(folder_page(format!(r#"{{"Results":{deep}"#).as_bytes()).is_err());
}

#[test]
fn refusals_say_what_the_server_said() {
    let api = r#"{"Error":{"ErrorCode":"NotFound","Message":"No folder was found for this Id.","Success":false}}"#;
    assert_eq!(error_text(api.as_bytes()), "No folder was found for this Id");
    let web_api = r#"{"Message":"No HTTP resource was found"}"#;
    assert_eq!(error_text(web_api.as_bytes()), "No HTTP resource was found");
    for silent in ["", "<html>", "{}", r#"{"Error":{"Message":null}}"#, r#"{"Message":7}"#] {
        assert_eq!(error_text(silent.as_bytes()), "", "{silent}");
    }
    let long = format!(r#"{{"Message":"a\n\u0000b {}"}}"#, "x".repeat(10_000));
    assert_eq!(error_text(long.as_bytes()).chars().count(), 200);
    assert!(error_text(long.as_bytes()).starts_with("a b x"));
}

#[test]
fn granted_tokens() {
    let full = token_answer(
        br#"{"access_token":"abc","expires_in":3600,"token_type":"Bearer","refresh_token":"def","id_token":"x","scope":"api"}"#,
    )
    .unwrap();
    assert_eq!(full.access_token.expose(), "abc");
    assert_eq!(full.refresh_token.unwrap().expose(), "def");
    assert_eq!(full.expires_in, Some(Duration::from_secs(3600)));
    let life = |value: &str| {
        token_answer(format!(r#"{{"access_token":"a","expires_in":{value}}}"#).as_bytes()).unwrap().expires_in
    };
    assert_eq!(life("\"3600\""), Some(Duration::from_secs(3600)));
    assert_eq!(life("1e300"), Some(Duration::from_secs(86_400)));
    assert_eq!((life("-5"), life("null"), life("[]")), (None, None, None));
    let sparse = token_answer(br#"{"access_token":"a","refresh_token":""}"#).unwrap();
    assert!(sparse.refresh_token.is_none());
    for bad in [
        "{}",
        r#"{"access_token":""}"#,
        r#"{"access_token":"a\r\nb: c"}"#,
        r#"{"access_token":"a","token_type":"mac"}"#,
        "<html>",
        "null",
    ] {
        assert!(token_answer(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn refused_tokens() {
    let refusal = token_refusal(br#"{"error":"invalid_grant","error_description":"secret words"}"#).unwrap();
    assert_eq!(refusal.error, "invalid_grant");
    assert_eq!(token_refusal(b"<html>"), None);
    assert_eq!(token_refusal(br#"{"access_token":"x"}"#), None);
}

#[test]
fn who_is_signed_in() {
    let body = format!(
        r#"{{"sub":"{SESSION}","name":"Demo Teacher","preferred_username":"unified\\demo","emailaddress":"x"}}"#
    );
    let who = user_info(body.as_bytes()).unwrap();
    assert_eq!(who.user_id.unwrap().to_string(), SESSION);
    assert_eq!((who.name.as_deref(), who.user_name.as_deref()), (Some("Demo Teacher"), Some("unified\\demo")));
    assert!(user_info(br#"{"sub":"17","name":"A"}"#).unwrap().user_id.is_none());
    assert_eq!(user_info(b"{}").unwrap_err().to_string(), "it names nobody");
}
