//! Many folders or videos in one call: the request character by character, recorded answers, hostile ones, and the same lists
//! as REST gives.

use std::collections::BTreeSet;

use model::{FolderId, SessionId};
use panopto::wire::{Reply, folders_answer, folders_request, sessions_answer, sessions_request};
use panopto::{Client, FolderParts, IDS_AT_ONCE, ManyAnswer, SessionState};
use sim::{Config, Folder, ManyAtOnce, Session, Stress, World};
use uuid::Uuid;

use crate::script::fault_body;
use crate::support::{auth_in_call, by_password, client, noon, password, tiny};

const ONE: &str = "30f1234a-1234-1234-1234-60c12345b78e";
const OTHER: &str = "67aaaae2-1234-4bcb-8ccc-36cccc4cf90c";

fn folder(text: &str) -> FolderId {
    FolderId::parse(text).unwrap()
}

fn video(text: &str) -> SessionId {
    SessionId::parse(text).unwrap()
}

fn envelope(operation: &str, entries: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><{operation}Response xmlns="http://tempuri.org/"><{operation}Result xmlns:a="http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V46.Soap" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">{entries}</{operation}Result></{operation}Response></s:Body></s:Envelope>"#
    )
}

fn folders(entries: &str) -> Result<Vec<FolderParts>, panopto::wire::Unreadable> {
    match folders_answer(envelope("GetFoldersById", entries).as_bytes(), &[folder(ONE), folder(OTHER)])? {
        Reply::Answer(folders) => Ok(folders),
        Reply::Fault(fault) => panic!("{fault:?}"),
    }
}

fn videos(entries: &str) -> Result<Vec<SessionState>, panopto::wire::Unreadable> {
    match sessions_answer(envelope("GetSessionsById", entries).as_bytes(), &[video(OTHER)])? {
        Reply::Answer(videos) => Ok(videos),
        Reply::Fault(fault) => panic!("{fault:?}"),
    }
}

#[test]
fn the_requests_are_written_exactly() {
    let arguments = |request: &str, operation: &str| {
        let begin = request.find(&format!("<t:{operation}")).unwrap();
        let end = request.find(&format!("</t:{operation}>")).unwrap();
        request[request[begin..].find('>').unwrap() + begin + 1..end].to_owned()
    };
    let array = "xmlns:a=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\"";
    assert_eq!(
        arguments(&folders_request(&[folder(ONE), folder(OTHER)], None), "GetFoldersById"),
        format!("<t:folderIds {array}><a:guid>{ONE}</a:guid><a:guid>{OTHER}</a:guid></t:folderIds>")
    );
    assert_eq!(
        arguments(&sessions_request(&[video(OTHER)], None), "GetSessionsById"),
        format!("<t:sessionIds {array}><a:guid>{OTHER}</a:guid></t:sessionIds>")
    );
    let with = arguments(&folders_request(&[folder(ONE)], Some(&password())), "GetFoldersById");
    assert!(with.starts_with("<t:auth><p:Password>") && with.contains("</t:auth><t:folderIds"), "{with}");
}

/// The members of a recorded folder, its personal values replaced.
const RECORDED_FOLDER: &str = r#"<a:Folder><a:AllowPublicNotes>true</a:AllowPublicNotes><a:AllowSessionDownload>false</a:AllowSessionDownload><a:AudioPodcastITunesUrl>itpc://x/Podcast.ashx?courseid=30f1234a&amp;type=mp3</a:AudioPodcastITunesUrl><a:AudioRssUrl>http://x/</a:AudioRssUrl><a:ChildFolders xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"/><a:DeliveriesHaveSpecifiedOrder>false</a:DeliveriesHaveSpecifiedOrder><a:Description i:nil="true"/><a:EnablePodcast>true</a:EnablePodcast><a:ExternalId i:nil="true"/><a:Id>30f1234a-1234-1234-1234-60c12345b78e</a:Id><a:IsPublic>false</a:IsPublic><a:ListUrl>http://x/</a:ListUrl><a:Name>Autumn 2014 - PSYCH 101 A: Introduction</a:Name><a:ParentFolder i:nil="true"/><a:Presenters xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><b:string/></a:Presenters><a:Sessions xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"/><a:SettingsUrl>http://x/</a:SettingsUrl></a:Folder>"#;

#[test]
fn a_recorded_folder_is_read() {
    let empty = FolderParts {
        id: folder(ONE),
        name: "Autumn 2014 - PSYCH 101 A: Introduction".into(),
        subfolders: vec![],
        sessions: vec![],
    };
    assert_eq!(folders(RECORDED_FOLDER).unwrap(), std::slice::from_ref(&empty));
    let array = r#" xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays""#;
    let filled = RECORDED_FOLDER
        .replace(
            &format!("<a:ChildFolders{array}/>"),
            &format!("<a:ChildFolders{array}><b:guid>{OTHER}</b:guid></a:ChildFolders>"),
        )
        .replace(
            &format!("<a:Sessions{array}/>"),
            &format!("<a:Sessions{array}><b:guid>{OTHER}</b:guid><b:guid>{ONE}</b:guid></a:Sessions>"),
        );
    let filled = folders(&filled).unwrap();
    assert_eq!((filled[0].subfolders.as_slice(), filled[0].sessions.len()), ([folder(OTHER)].as_slice(), 2));
    let nil = RECORDED_FOLDER.replace(&format!("<a:Sessions{array}/>"), r#"<a:Sessions i:nil="true"/>"#);
    assert_eq!(folders(&nil).unwrap(), [empty]);
}

#[test]
fn a_folder_that_does_not_say_what_is_in_it_is_not_an_empty_one() {
    let array = r#" xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays""#;
    for member in ["ChildFolders", "Sessions"] {
        let without = RECORDED_FOLDER.replace(&format!("<a:{member}{array}/>"), "");
        assert_ne!(without, RECORDED_FOLDER);
        assert!(folders(&without).is_err(), "{member}");
    }
    assert!(folders(&RECORDED_FOLDER.replace(ONE, "x")).is_err());
    // Nobody asked for this one, and an entry without an ID is none.
    assert!(folders(&RECORDED_FOLDER.replace(ONE, "44f1234a-1234-1234-1234-60c12345b78e")).unwrap().is_empty());
    assert!(folders("<a:Folder i:nil=\"true\"/><a:Folder/><a:Other/>").unwrap().is_empty());
    assert!(matches!(folders_answer(fault_body("Access denied").as_bytes(), &[folder(ONE)]), Ok(Reply::Fault(_))));
}

#[test]
fn a_recorded_video_is_read_and_a_planned_one_told_apart() {
    let recorded = format!(
        r#"<a:Session><a:CreatorId>{ONE}</a:CreatorId><a:Description i:nil="true"/><a:Duration>2100</a:Duration><a:EditorUrl>https://x</a:EditorUrl><a:ExternalId>2015-autumn</a:ExternalId><a:FolderId>{ONE}</a:FolderId><a:FolderName>Autumn 2015</a:FolderName><a:Id>{OTHER}</a:Id><a:IosVideoUrl/><a:IsBroadcast>true</a:IsBroadcast><a:Name>PSYCH 101 A &amp; B</a:Name><a:RemoteRecorderIds xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><b:guid>{ONE}</b:guid></a:RemoteRecorderIds><a:StartTime>2015-12-08T21:40:00Z</a:StartTime><a:State>Scheduled</a:State><a:StatusMessage>Scheduled recording</a:StatusMessage></a:Session>"#
    );
    let read = videos(&recorded).unwrap().remove(0);
    assert!(!read.is_complete);
    assert_eq!((read.session.name.as_str(), read.session.duration_secs), ("PSYCH 101 A & B", Some(2100.0)));
    assert_eq!((read.session.folder_id, read.session.description), (folder(ONE), None));
    assert!(videos(&recorded.replace("Scheduled<", "Complete<")).unwrap()[0].is_complete);
    // A word of a later server is not success.
    assert!(!videos(&recorded.replace("Scheduled<", "Archived<")).unwrap()[0].is_complete);
    for (from, to) in [("2100", "long"), (&format!("<a:FolderId>{ONE}</a:FolderId>"), "")] {
        assert!(videos(&recorded.replace(from, to)).is_err(), "{to}");
    }
    assert_eq!(videos(&recorded.replace("2100", "NaN")).unwrap()[0].session.duration_secs, None);
}

#[tokio::test]
async fn every_outcome_is_an_answer() {
    let server = tiny(Config::default()).await;
    let known = FolderId::from_bytes(server.world().folders[0].id.into_bytes());
    for sign_in in [by_password(), auth_in_call()] {
        let client = client(&server.base_url(), sign_in);
        let answers = async |many_at_once, ids: &[FolderId]| {
            server.config_mut().many_at_once = many_at_once;
            client.folders_by_id(ids).await
        };
        let told = answers(ManyAtOnce::Tells, &[known]).await.unwrap();
        assert!(matches!(told, ManyAnswer::Told(folders) if folders.len() == 1));
        assert_eq!(answers(ManyAtOnce::Empty, &[known]).await.unwrap(), ManyAnswer::Told(vec![]));
        assert_eq!(answers(ManyAtOnce::Tells, &[known, folder(ONE)]).await.unwrap(), ManyAnswer::Spoiled);
        assert_eq!(answers(ManyAtOnce::Fails, &[known]).await.unwrap(), ManyAnswer::Spoiled);
        assert_eq!(answers(ManyAtOnce::Refuses, &[known]).await.unwrap(), ManyAnswer::Refused);
        assert_eq!(answers(ManyAtOnce::Unknown, &[known]).await.unwrap(), ManyAnswer::Spoiled);
        assert!(answers(ManyAtOnce::SaysNothing, &[known]).await.is_err());
    }
}

/// A part of what is listed, for comparing.
type Listed = BTreeSet<(Uuid, Uuid, String, Option<String>, Option<u64>)>;

async fn by_rest(client: &Client, folders: &[FolderId]) -> (BTreeSet<(FolderId, FolderId)>, Listed) {
    let (mut below, mut videos) = (BTreeSet::new(), Listed::new());
    for id in folders {
        below.extend(client.child_folders(*id).await.unwrap().into_iter().map(|child| (*id, child.id)));
        videos.extend(client.sessions_by_page(*id, |_| ()).await.unwrap().into_iter().map(listed));
    }
    (below, videos)
}

fn listed(session: panopto::Session) -> (Uuid, Uuid, String, Option<String>, Option<u64>) {
    let id = |bytes: &[u8; 16]| Uuid::from_bytes(*bytes);
    // XML knows one line end, and both kinds of nothing occur.
    let plain = |text: String| text.replace("\r\n", "\n").replace('\r', "\n");
    (
        id(session.id.as_bytes()),
        id(session.folder_id.as_bytes()),
        plain(session.name),
        session.description.map(plain).filter(|text| !text.trim().is_empty()),
        session.duration_secs.map(f64::to_bits),
    )
}

async fn at_once(client: &Client, folders: &[FolderId]) -> (BTreeSet<(FolderId, FolderId)>, Listed) {
    let (mut below, mut videos) = (BTreeSet::new(), Vec::new());
    for part in folders.chunks(IDS_AT_ONCE) {
        let ManyAnswer::Told(told) = client.folders_by_id(part).await.unwrap() else { panic!("it tells") };
        assert_eq!(told.len(), part.len());
        for folder in told {
            below.extend(folder.subfolders.into_iter().map(|child| (folder.id, child)));
            videos.extend(folder.sessions);
        }
    }
    let mut found = Listed::new();
    for part in videos.chunks(IDS_AT_ONCE) {
        let ManyAnswer::Told(told) = client.sessions_by_id(part).await.unwrap() else { panic!("it tells") };
        assert_eq!(told.len(), part.len());
        let planned = |state: SessionState| panopto::Session {
            duration_secs: state.session.duration_secs.filter(|_| state.is_complete),
            ..state.session
        };
        found.extend(told.into_iter().map(planned).map(listed));
    }
    (below, found)
}

#[tokio::test]
async fn many_at_once_show_what_the_lists_of_rest_show() {
    let mut deep = World::tiny(noon());
    let top = deep.folders[0].id;
    for number in 0..120_u128 {
        let id = Uuid::from_u128(0xf0_0000 + number);
        deep.folders.push(Folder::new(id, format!("Week {number}"), Some(top)));
        deep.sessions.push(Session::new(Uuid::from_u128(0x50_0000 + number), id, format!("Video {number}"), 60.5));
    }
    let live = Session { duration: None, ..Session::new(Uuid::from_u128(0x60_0000), top, "Live", 0.0) };
    deep.sessions.push(live);
    let stress = Stress { views_per_session: 0, hostile: false, until: noon(), ..Stress::default() };
    for world in [World::tiny(noon()), World::sample(1, noon()), deep, World::stress(7, &stress)] {
        let folders: Vec<FolderId> =
            world.folders.iter().map(|folder| FolderId::from_bytes(folder.id.into_bytes())).collect();
        let server = sim::start(world, Config { now: Some(noon()), ..Config::default() }).await.unwrap();
        let client = client(&server.base_url(), by_password());
        let lists = by_rest(&client, &folders).await;
        assert!(lists.1.len() > 2);
        server.clear_requests();
        assert_eq!(at_once(&client, &folders).await, lists);
        assert!(server.requests().iter().all(|request| request.ignored.is_empty()), "WCF would read every member");
    }
}
