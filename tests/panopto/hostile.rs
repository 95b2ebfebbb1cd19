//! Nothing a server sends makes a reader panic, whatever the bytes: arbitrary ones, and damaged copies of real replies.

use model::{FolderId, SessionId};
use panopto::wire;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::script::{fault_body, usage_body, usage_row};
use crate::support::cases;

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
    let _ = wire::error_text(body);
    let _ = wire::token_answer(body);
    let _ = wire::token_refusal(body);
    let _ = wire::user_info(body);
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
    ]
    .into_iter()
    .map(String::into_bytes)
    .collect()
}

/// One piece of damage.
#[derive(Debug, Clone)]
enum Damage {
    Replace(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
    Cut(Index),
    Splice(Index, Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let bytes = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..8),
        "[<>&;/=\"'{}\\[\\],:!?\\-a-z]{0,12}".prop_map(String::into_bytes),
        Just(b"<![CDATA[".to_vec()),
        Just(b"<!DOCTYPE x>".to_vec()),
        Just(b"&#1114112;".to_vec()),
        Just(b"&lt".to_vec()),
        Just(b"-->".to_vec()),
        Just(b"99999999999999999999999999".to_vec()),
        Just("\u{feff}\u{202e}\u{0}".as_bytes().to_vec()),
    ];
    prop_oneof![
        (any::<Index>(), bytes).prop_map(|(at, bytes)| Damage::Replace(at, bytes)),
        (any::<Index>(), 1usize..60).prop_map(|(at, length)| Damage::Remove(at, length)),
        (any::<Index>(), 1usize..60).prop_map(|(at, length)| Damage::Repeat(at, length)),
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Damage::Splice(from, to)),
    ]
}

fn damaged(mut body: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        if body.is_empty() {
            break;
        }
        match damage {
            Damage::Replace(at, bytes) => {
                let at = at.index(body.len());
                let end = (at + bytes.len()).min(body.len());
                body.splice(at..end, bytes.iter().copied());
            }
            Damage::Remove(at, length) => {
                let at = at.index(body.len());
                body.drain(at..(at + length).min(body.len()));
            }
            Damage::Repeat(at, length) => {
                let at = at.index(body.len());
                let copy = body[at..(at + length).min(body.len())].to_vec();
                body.splice(at..at, copy);
            }
            Damage::Cut(at) => body.truncate(at.index(body.len())),
            Damage::Splice(from, to) => {
                let (from, to) = (from.index(body.len()), to.index(body.len()));
                let tail = body[from..].to_vec();
                body.splice(to..to, tail);
            }
        }
        body.truncate(1 << 16);
    }
    body
}

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
    fn damaged_replies(which in any::<Index>(), damages in proptest::collection::vec(damage(), 1..6)) {
        let samples = samples();
        read_everything(&damaged(samples[which.index(samples.len())].clone(), &damages));
    }
}

#[test]
fn the_samples_are_sound() {
    // Else the damage would be done to replies that fail at their first byte.
    let samples = samples();
    assert!(wire::usage_page(&samples[0], session()).is_ok());
    assert!(wire::usage_page(&samples[1], session()).is_ok());
    assert!(wire::fault(&samples[2]).is_some());
    assert!(wire::session_page(&samples[3], FolderId::NIL).is_ok());
    assert!(wire::folder(&samples[4]).is_ok());
    assert!(wire::token_answer(&samples[5]).is_ok());
    assert!(wire::user_info(&samples[8]).is_ok());
}
