//! `SessionManagement.svc`: members as in recorded replies, and who gets what.

use crate::support::{cookie, post_soap, tiny, token, values};
use sim::{Handle, ManyAtOnce};
use uuid::Uuid;

const FOLDER: [&str; 19] = [
    "AllowPublicNotes",
    "AllowSessionDownload",
    "AudioPodcastITunesUrl",
    "AudioRssUrl",
    "ChildFolders",
    "DeliveriesHaveSpecifiedOrder",
    "Description",
    "EnablePodcast",
    "ExternalId",
    "Id",
    "IsPublic",
    "ListUrl",
    "Name",
    "ParentFolder",
    "Presenters",
    "Sessions",
    "SettingsUrl",
    "VideoPodcastITunesUrl",
    "VideoRssUrl",
];
const SESSION: [&str; 23] = [
    "CreatorId",
    "Description",
    "Duration",
    "EditorUrl",
    "ExternalId",
    "FolderId",
    "FolderName",
    "Id",
    "IosVideoUrl",
    "IsBroadcast",
    "IsDownloadable",
    "MP3Url",
    "MP4Url",
    "Name",
    "NotesURL",
    "OutputsPageUrl",
    "RemoteRecorderIds",
    "SharePageUrl",
    "StartTime",
    "State",
    "StatusMessage",
    "ThumbUrl",
    "ViewerUrl",
];

async fn ask(server: &Handle, operation: &str, member: &str, ids: &[Uuid], cookie: Option<&str>) -> (u16, String) {
    let guids = ids.iter().map(|id| format!("<b:guid>{id}</b:guid>")).collect::<Vec<_>>().concat();
    let body = format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><{operation} xmlns="http://tempuri.org/"><{member} xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays">{guids}</{member}></{operation}></s:Body></s:Envelope>"#
    );
    let action = format!("ISessionManagement/{operation}");
    let reply = post_soap(server, "4.6/SessionManagement.svc", &action, cookie, body).await.unwrap();
    (reply.status().as_u16(), reply.text().await.unwrap())
}

/// The members of the first entry, in order.
fn members(xml: &str, entry: &str) -> Vec<String> {
    let inside = xml.split(&format!("<a:{entry}>")).nth(1).unwrap().split(&format!("</a:{entry}>")).next().unwrap();
    let named = inside.split("<a:").skip(1);
    named.map(|part| part.split([' ', '>', '/']).next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn members_are_in_the_order_of_recorded_replies() {
    let server = tiny().await;
    let cookie = cookie(&server, &token(&server).await).await;
    let (course, week, session) = {
        let world = server.world();
        (world.folders[0].id, world.folders[1].id, world.sessions[0].id)
    };
    let (status, xml) = ask(&server, "GetFoldersById", "folderIds", &[course, week], Some(&cookie)).await;
    assert_eq!((status, members(&xml, "Folder")), (200, FOLDER.map(str::to_owned).to_vec()));
    assert!(xml.contains(&format!("<a:ChildFolders xmlns:b=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\"><b:guid>{week}</b:guid></a:ChildFolders>")));
    assert!(xml.contains("<a:ParentFolder i:nil=\"true\"/>") && xml.contains("PublicAPI.V46.Soap\""));
    let (status, xml) = ask(&server, "GetSessionsById", "sessionIds", &[session], Some(&cookie)).await;
    assert_eq!((status, members(&xml, "Session")), (200, SESSION.map(str::to_owned).to_vec()));
    assert_eq!((values(&xml, "State"), values(&xml, "Duration")), (vec!["Complete"], vec!["100"]));
    server.world().sessions[0].duration = None;
    let (_, xml) = ask(&server, "GetSessionsById", "sessionIds", &[session], Some(&cookie)).await;
    assert_eq!((values(&xml, "State"), values(&xml, "Duration")), (vec!["Scheduled"], vec!["2100"]));
}

#[tokio::test]
async fn one_folder_spoils_the_call_and_nobody_gets_nothing() {
    let server = tiny().await;
    let cookie = cookie(&server, &token(&server).await).await;
    let course = server.world().folders[0].id;
    let (status, xml) = ask(&server, "GetFoldersById", "folderIds", &[course, Uuid::nil()], Some(&cookie)).await;
    assert_eq!(status, 500);
    assert!(xml.contains("was not found"), "{xml}");
    let (status, _) = ask(&server, "GetFoldersById", "folderIds", &vec![course; 54], Some(&cookie)).await;
    assert_eq!(status, 500);
    let (status, xml) = ask(&server, "GetFoldersById", "folderIds", &[course], None).await;
    assert_eq!((status, values(&xml, "Id").len()), (200, 0), "not signed in");
    server.config_mut().many_at_once = ManyAtOnce::Unknown;
    assert_eq!(ask(&server, "GetFoldersById", "folderIds", &[course], Some(&cookie)).await.0, 404);
}
