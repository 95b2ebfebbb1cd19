//! Who somebody is: the request character by character, every form of answer that was seen, and what is refused.

use model::{PanoptoRole, UserId};
use panopto::wire::{Reply, access_answer, access_request, users_answer, users_request, viewer_page};
use panopto::{ManyAnswer, USERS_AT_ONCE, User, UsersAnswer, ViewersAnswer};
use sim::{Config, GetUsers, Route};

use crate::script::fault_body;
use crate::support::{auth_in_call, by_password, client, password, tiny};

const ONE: &str = "22e25fa6-0b1c-4f3a-9d6e-5a7b8c9d0e1f";
const OTHER: &str = "33e25fa6-0b1c-4f3a-9d6e-5a7b8c9d0e1f";

fn id(text: &str) -> UserId {
    UserId::parse(text).unwrap()
}

fn body(users: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetUsersResponse xmlns="http://tempuri.org/"><GetUsersResult xmlns:a="http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V40" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">{users}</GetUsersResult></GetUsersResponse></s:Body></s:Envelope>"#
    )
}

fn read(users: &str) -> Vec<User> {
    match users_answer(body(users).as_bytes(), &[id(ONE), id(OTHER)]).unwrap() {
        Reply::Answer(users) => users,
        Reply::Fault(fault) => panic!("{fault:?}"),
    }
}

#[test]
fn the_request_is_written_exactly() {
    let arguments = |request: &str| {
        let begin = request.find("<t:GetUsers").unwrap();
        request[request[begin..].find('>').unwrap() + begin + 1..request.find("</t:GetUsers>").unwrap()].to_owned()
    };
    let guids = format!(
        "<t:userIds xmlns:a=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\"><a:guid>{ONE}</a:guid><a:guid>{OTHER}</a:guid></t:userIds>"
    );
    assert_eq!(arguments(&users_request(&[id(ONE), id(OTHER)], None)), guids);
    let with = arguments(&users_request(&[id(ONE)], Some(&password())));
    assert!(with.starts_with("<t:auth><p:Password>") && with.contains("</t:auth><t:userIds"), "{with}");
}

#[test]
fn a_recorded_user_is_read_with_both_kinds_of_nothing() {
    // No names, an empty address, groups, and settings that hold anything.
    let users = read(&format!(
        r#"<a:User><a:Email/><a:EmailSessionNotifications>false</a:EmailSessionNotifications><a:FirstName i:nil="true"/><a:GroupMemberships xmlns:b="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><b:guid>{OTHER}</b:guid></a:GroupMemberships><a:LastName i:nil="true"/><a:SystemRole>Admin</a:SystemRole><a:UserBio/><a:UserId>{ONE}</a:UserId><a:UserKey>lms-site\aperson</a:UserKey><a:UserSettingsUrl>https://x/List.aspx#a=%22b%22&amp;c=d</a:UserSettingsUrl></a:User>"#
    ));
    let text = String::new;
    let expected = User {
        id: id(ONE),
        user_key: "lms-site\\aperson".into(),
        first: text(),
        last: text(),
        email: text(),
        role: Some(PanoptoRole::Administrator),
    };
    assert!(users == [expected], "{}", users.len());
}

#[test]
fn nobody_and_somebody_else_are_left_out() {
    let nil = UserId::NIL;
    let stranger = "44e25fa6-0b1c-4f3a-9d6e-5a7b8c9d0e1f";
    let users = read(&format!(
        r#"<a:User i:nil="true"/><a:User/><a:Other/><a:User><a:UserId>{nil}</a:UserId><a:UserKey>x</a:UserKey></a:User><a:User><a:UserId>{stranger}</a:UserId></a:User><a:User><a:LastName> Li </a:LastName><a:UserId>{OTHER}</a:UserId></a:User>"#
    ));
    assert_eq!(users.len(), 1);
    assert_eq!((users[0].id, users[0].last.as_str()), (id(OTHER), "Li"));
    assert!(read("").is_empty());
    assert!(users_answer(body("<a:User><a:UserId>x</a:UserId></a:User>").as_bytes(), &[id(ONE)]).is_err());
    assert!(matches!(users_answer(fault_body("Access denied").as_bytes(), &[id(ONE)]), Ok(Reply::Fault(_))));
}

#[test]
fn viewers_without_a_name_are_there_and_without_a_user_are_not() {
    let page = viewer_page(
        format!(
            r#"{{"Results":[{{"User":{{"Id":"{ONE}","Username":"unified\\mira@example.edu"}},"PercentCompleted":100.0,"LastViewedDateTime":"2026-07-10T14:31:33.193Z","MostRecentViewPositionInSeconds":0.385631}},{{"User":{{"Id":"{OTHER}"}},"LastViewedDateTime":"2026-07-10T14:31:33Z"}},{{"LastViewedDateTime":"2026-07-10T14:31:33Z"}},null]}}"#
        )
        .as_bytes(),
    )
    .unwrap();
    assert_eq!(
        page.iter().map(|viewer| viewer.user_key.as_str()).collect::<Vec<_>>(),
        ["unified\\mira@example.edu", ""]
    );
    assert!(viewer_page(br#"{"Results":null}"#).unwrap().is_empty());
    for bad in [r#"{"Results":[{"User":{"Id":"x"}}]}"#, r#"{"Results":[{"User":{}}]}"#, "[]", "<html>", ""] {
        assert!(viewer_page(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn no_name_is_in_a_debug_text() {
    let users = read(&format!("<a:User><a:LastName>Okonjo</a:LastName><a:UserId>{ONE}</a:UserId></a:User>"));
    assert!(!format!("{:?}", UsersAnswer::Users(users)).contains("Okonjo"));
    let viewers = viewer_page(format!(r#"{{"Results":[{{"User":{{"Id":"{ONE}","Username":"okonjo"}}}}]}}"#).as_bytes());
    assert!(!format!("{:?}", ViewersAnswer::Viewers(viewers.unwrap())).contains("okonjo"));
}

fn access(members: &str) -> String {
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetFolderAccessDetailsResponse xmlns="http://tempuri.org/"><GetFolderAccessDetailsResult xmlns:a="http://schemas.datacontract.org/2004/07/Panopto.Server.Services.PublicAPI.V40" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">{members}</GetFolderAccessDetailsResult></GetFolderAccessDetailsResponse></s:Body></s:Envelope>"#
    )
}

#[test]
fn who_may_add_recordings_is_read_and_groups_and_viewers_are_not() {
    let list = |name: &str, ids: &[&str]| {
        let ids: Vec<String> = ids.iter().map(|id| format!("<b:guid>{id}</b:guid>")).collect();
        format!(r#"<a:{name} xmlns:b="x">{}</a:{name}>"#, ids.concat())
    };
    let nil = UserId::NIL.to_string();
    let body = access(&format!(
        "<a:FolderId>{ONE}</a:FolderId>{}<a:IsPublic>false</a:IsPublic>{}{}",
        list("GroupsWithCreatorAccess", &["44e25fa6-0b1c-4f3a-9d6e-5a7b8c9d0e1f"]),
        list("UsersWithCreatorAccess", &[ONE, &nil]),
        list("UsersWithViewerAccess", &[OTHER]),
    ));
    assert_eq!(access_answer(body.as_bytes()).unwrap(), Reply::Answer(vec![id(ONE)]));
    for nothing in ["", r#"<a:UsersWithCreatorAccess i:nil="true"/>"#, "<a:UsersWithCreatorAccess/>"] {
        assert_eq!(access_answer(access(nothing).as_bytes()).unwrap(), Reply::Answer(Vec::new()));
    }
    let damaged = access(&list("UsersWithCreatorAccess", &["x"]));
    assert!(access_answer(damaged.as_bytes()).is_err());
    assert!(matches!(access_answer(fault_body("Access denied").as_bytes()), Ok(Reply::Fault(_))));
    let request = access_request(model::FolderId::from_bytes([7; 16]), None);
    assert!(request.contains("<t:folderId>07070707-0707-0707-0707-070707070707</t:folderId>"), "{request}");
}

#[tokio::test]
async fn who_may_add_recordings_is_told_refused_or_not_known() {
    let server = tiny(Config::default()).await;
    let (folder, creator) = {
        let mut world = server.world();
        let creator = world.users[0].id;
        world.folders[0].creator = Some(creator);
        (model::FolderId::from_bytes(world.folders[0].id.into_bytes()), UserId::from_bytes(creator.into_bytes()))
    };
    for sign_in in [by_password(), auth_in_call()] {
        let client = client(&server.base_url(), sign_in);
        server.config_mut().get_users = GetUsers::Tells;
        assert_eq!(client.creators_of(folder).await.unwrap(), ManyAnswer::Told(vec![creator]));
        let nowhere = model::FolderId::from_bytes([9; 16]);
        assert_eq!(client.creators_of(nowhere).await.unwrap(), ManyAnswer::Spoiled);
        server.config_mut().get_users = GetUsers::Refuses;
        assert_eq!(client.creators_of(folder).await.unwrap(), ManyAnswer::Refused);
    }
}

#[tokio::test]
async fn every_outcome_is_an_answer() {
    let server = tiny(Config::default()).await;
    let (known, video) = {
        let world = server.world();
        (UserId::from_bytes(world.users[0].id.into_bytes()), world.sessions[0].id)
    };
    let unknown = id(ONE);
    let video = model::SessionId::from_bytes(video.into_bytes());
    for sign_in in [by_password(), auth_in_call()] {
        let client = client(&server.base_url(), sign_in);
        server.config_mut().get_users = GetUsers::Tells;
        let UsersAnswer::Users(users) = client.users(&[known, unknown]).await.unwrap() else { panic!("users") };
        assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [known]);
        server.config_mut().get_users = GetUsers::SpoiledByOne(USERS_AT_ONCE);
        assert_eq!(client.users(&[known, unknown]).await.unwrap(), UsersAnswer::Spoiled);
        for refusing in [GetUsers::Refuses, GetUsers::KnowsNobody] {
            server.config_mut().get_users = refusing;
            assert_eq!(client.users(&[known]).await.unwrap(), UsersAnswer::Refused, "{refusing:?}");
        }
    }
    let client = client(&server.base_url(), by_password());
    assert!(matches!(client.viewers(video).await.unwrap(), ViewersAnswer::Viewers(_)));
    assert_eq!(client.viewers(model::SessionId::from_bytes([9; 16])).await.unwrap(), ViewersAnswer::Gone);
    server.config_mut().viewers_refused = true;
    assert_eq!(client.viewers(video).await.unwrap(), ViewersAnswer::Refused);
}

#[tokio::test]
async fn viewers_are_read_to_the_end_also_where_pages_repeat() {
    let server = tiny(Config { page_size_rest: 2, ..Config::default() }).await;
    let video = {
        let mut world = server.world();
        let session = world.sessions[0].id;
        for number in 0..7_u128 {
            let user = uuid::Uuid::from_u128(0xabc0 + number);
            world.users.push(sim::User { id: user, username: format!("p\\u{number}"), ..sim::User::default() });
            world.views.push(sim::View::new(session, user, "2024-03-14T10:00:00Z".parse().unwrap(), 0.0, 50.0));
        }
        model::SessionId::from_bytes(session.into_bytes())
    };
    for page_past_end in [sim::PastEnd::Empty, sim::PastEnd::RepeatLast, sim::PastEnd::Phantom(3)] {
        server.config_mut().page_past_end = page_past_end;
        server.clear_requests();
        let answer = client(&server.base_url(), by_password()).viewers(video).await.unwrap();
        let ViewersAnswer::Viewers(viewers) = answer else { panic!("{answer:?}") };
        let names: std::collections::BTreeSet<&str> = viewers.iter().map(|viewer| viewer.user_key.as_str()).collect();
        assert_eq!((viewers.len(), names.len()), (7, 7), "{page_past_end:?}");
        let asked = server.requests().iter().filter(|request| request.route == Route::SessionViewers).count();
        assert!((5..=7).contains(&asked), "{asked} pages");
    }
}
