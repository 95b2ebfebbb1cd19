//! Lists and details that differ from what the server holds: lies told by a test, and by fault plans.

use crate::support::{fixed, get, names, noon, tiny, token};
use serde_json::Value;
use sim::{
    At, DetailLie, EmptyLists, Fault, FaultPlan, Folder, FolderLie, Handle, PlannedFault, Route, Session, World,
};
use std::collections::HashSet;
use uuid::Uuid;

const COURSE: Uuid = Uuid::from_u128(0xc0);

fn folder(number: u128) -> Uuid {
    Uuid::from_u128(0xf000 + number)
}

fn video(number: u128) -> Uuid {
    Uuid::from_u128(0x5e00 + number)
}

/// A course with three subfolders, the first of which has ten videos, on pages of four.
async fn course() -> (Handle, String) {
    let mut world = World { users: World::tiny(noon()).users, ..World::default() };
    world.folders.push(Folder::new(COURSE, "Course", None));
    for number in 0..3 {
        world.folders.push(Folder::new(folder(number), format!("Week {number}"), Some(COURSE)));
    }
    for number in 0..10 {
        world.sessions.push(Session::new(video(number), folder(0), format!("Video {number}"), 60.0));
    }
    let server = sim::start(world, sim::Config { page_size_rest: 4, ..fixed() }).await.unwrap();
    let token = token(&server).await;
    (server, token)
}

fn children() -> String {
    format!("folders/{COURSE}/children")
}

fn videos() -> String {
    format!("folders/{}/sessions", folder(0))
}

/// The names on all pages of a list.
async fn all(server: &Handle, token: &str, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    for page in 0..9 {
        let names = names(server, token, &format!("{path}?pageNumber={page}")).await;
        if names.is_empty() {
            break;
        }
        found.extend(names);
    }
    found
}

async fn details(server: &Handle, token: &str, path: &str) -> (u16, Value) {
    let reply = get(server, token, path).await;
    (reply.status().as_u16(), reply.json().await.unwrap_or_default())
}

#[tokio::test]
async fn all_lists_are_empty_for_so_many_calls_or_until_told() {
    let (server, token) = course().await;
    server.lies().empty_lists = EmptyLists::Next(2);
    assert!(names(&server, &token, &children()).await.is_empty());
    assert_eq!(details(&server, &token, &format!("folders/{COURSE}")).await.0, 200, "details are no list");
    assert!(names(&server, &token, "folders/search?searchQuery=*").await.is_empty());
    assert_eq!(names(&server, &token, &children()).await.len(), 3);

    server.lies().empty_lists = EmptyLists::All;
    for path in [children(), videos(), "sessions/search?searchQuery=*".to_owned(), "folders/creator".to_owned()] {
        assert!(names(&server, &token, &path).await.is_empty(), "{path}");
    }
    server.lies().empty_lists = EmptyLists::None;
    assert_eq!(all(&server, &token, &videos()).await.len(), 10);
}

#[tokio::test]
async fn a_folder_is_unlisted_or_its_lists_are_empty_or_both() {
    let (server, token) = course().await;
    for (lie, listed, holds, status) in [
        (FolderLie::Unlisted, false, 4, 200),
        (FolderLie::ListsEmpty, true, 0, 200),
        (FolderLie::Hidden, false, 0, 403),
    ] {
        server.lies().folders.insert(folder(0), lie);
        let listed_below = names(&server, &token, &children()).await;
        assert_eq!(listed_below.contains(&"Week 0".to_owned()), listed, "{lie:?}");
        let found = names(&server, &token, "folders/search?searchQuery=week").await;
        assert_eq!(found.contains(&"Week 0".to_owned()), listed, "{lie:?}");
        assert_eq!(names(&server, &token, &videos()).await.len(), holds, "{lie:?}");
        assert_eq!(details(&server, &token, &format!("folders/{}", folder(0))).await.0, status, "{lie:?}");
        assert_eq!(details(&server, &token, &format!("sessions/{}", video(1))).await.0, status, "{lie:?}");
        assert!(server.world().has_in_course(COURSE, video(1)), "the truth is another thing");
    }
}

#[tokio::test]
async fn one_entry_is_in_no_list() {
    let (server, token) = course().await;
    server.lies().left_out.extend([video(3), folder(1)]);
    let found = all(&server, &token, &videos()).await;
    assert_eq!((found.len(), found.contains(&"Video 3".to_owned())), (9, false));
    assert_eq!(names(&server, &token, &children()).await, ["Week 0", "Week 2"]);
    assert_eq!(details(&server, &token, &format!("sessions/{}", video(3))).await.0, 200);
}

#[tokio::test]
async fn a_single_session_or_folder_is_refused_gone_moved_or_another() {
    let (server, token) = course().await;
    let paths = [(format!("sessions/{}", video(0)), video(0)), (format!("folders/{}", folder(0)), folder(0))];
    for (path, id) in paths {
        server.lies().details.insert(id, DetailLie::Refused);
        assert_eq!(details(&server, &token, &path).await, (403, Value::Null));
        server.lies().details.insert(id, DetailLie::Gone);
        let (status, body) = details(&server, &token, &path).await;
        assert_eq!(status, 404);
        assert_eq!(body["Error"]["ErrorCode"], "NotFound");
        server.lies().details.insert(id, DetailLie::MovedTo(folder(2)));
        let (_, body) = details(&server, &token, &path).await;
        let above = if id == video(0) { &body["Folder"] } else { &body["ParentFolder"]["Id"] };
        assert_eq!((above, &body["Id"]), (&Value::from(folder(2).to_string()), &Value::from(id.to_string())));
        let other = if id == video(0) { video(1) } else { folder(1) };
        server.lies().details.insert(id, DetailLie::Another(other));
        assert_eq!(details(&server, &token, &path).await.1["Id"], other.to_string());
        server.lies().details.clear();
        assert_eq!(details(&server, &token, &path).await.1["Id"], id.to_string());
    }
}

#[tokio::test]
async fn a_plan_empties_lists() {
    let (server, token) = course().await;
    server.set_faults(FaultPlan::new([(At::Nth(Route::FolderSessions, 2), Fault::EmptyLists(2))]));
    let mut sizes = Vec::new();
    for _ in 0..4 {
        sizes.push(names(&server, &token, &videos()).await.len());
    }
    assert_eq!(sizes, [4, 0, 0, 4]);
    server.set_faults(FaultPlan::new([(At::Nth(Route::FolderSessions, 1), Fault::EmptyLists(u64::MAX))]));
    assert!(names(&server, &token, &videos()).await.is_empty());
    assert!(names(&server, &token, &children()).await.is_empty());
    server.set_faults(FaultPlan::default());
    assert_eq!(names(&server, &token, &videos()).await.len(), 4, "the lies of a plan end with it");
}

#[tokio::test]
async fn a_plan_hides_the_first_subfolder() {
    for (lie, listed, holds) in [(FolderLie::Unlisted, 2, 4), (FolderLie::ListsEmpty, 3, 0), (FolderLie::Hidden, 2, 0)]
    {
        let (server, token) = course().await;
        server.set_faults(FaultPlan::new([(At::Request(1), Fault::HideFolder(lie))]));
        assert_eq!(names(&server, &token, &videos()).await.len(), 4, "waits for a list of subfolders");
        for _ in 0..2 {
            assert_eq!(names(&server, &token, &children()).await.len(), listed, "{lie:?}");
            assert_eq!(names(&server, &token, &videos()).await.len(), holds, "{lie:?}");
        }
        server.set_faults(FaultPlan::default());
        assert_eq!(names(&server, &token, &children()).await.len(), 3);
    }
}

#[tokio::test]
async fn an_entry_is_lost_between_two_pages() {
    let (server, token) = course().await;
    server.set_faults(FaultPlan::new([(At::Nth(Route::FolderSessions, 1), Fault::LoseEntryWhilePaging)]));
    let first = all(&server, &token, &videos()).await;
    assert_eq!(first.len(), 9);
    assert!(!first.contains(&"Video 4".to_owned()), "the first entry of the second page: {first:?}");
    assert_eq!(all(&server, &token, &videos()).await.len(), 10, "once");
    assert!(server.world().has_in_course(COURSE, video(4)));
}

#[tokio::test]
async fn a_plan_shortens_a_list_for_good() {
    let (server, token) = course().await;
    server.set_faults(FaultPlan::new([
        (At::Nth(Route::FolderSessions, 1), Fault::ShorterList),
        (At::Nth(Route::FolderChildren, 1), Fault::ShorterList),
    ]));
    for _ in 0..2 {
        assert_eq!(all(&server, &token, &videos()).await.len(), 6);
        assert_eq!(names(&server, &token, &children()).await, ["Week 0", "Week 1"]);
    }
}

#[tokio::test]
async fn a_plan_really_moves_a_session_and_deletes_a_folder() {
    let (server, token) = course().await;
    server.set_faults(FaultPlan::new([(At::Nth(Route::FolderSessions, 1), Fault::MoveSession)]));
    assert_eq!(names(&server, &token, &videos()).await[0], "Video 0");
    assert_eq!(names(&server, &token, &videos()).await[0], "Video 1");
    assert_eq!(details(&server, &token, &format!("sessions/{}", video(0))).await.0, 200, "it still exists");
    assert!(server.world().session(video(0)).is_some());
    assert!(!server.world().has_in_course(COURSE, video(0)));

    server.set_faults(FaultPlan::new([(At::Nth(Route::FolderChildren, 1), Fault::VanishFolder)]));
    assert_eq!(names(&server, &token, &children()).await, ["Week 1", "Week 2"]);
    assert_eq!(details(&server, &token, &format!("sessions/{}", video(1))).await.0, 404);
    assert!(!server.world().has_in_course(COURSE, video(1)));
}

#[test]
fn seeded_lies_are_the_same_for_the_same_seed_cover_every_kind_and_never_claim_a_loss() {
    let mut kinds = HashSet::new();
    for seed in 0..600 {
        let plan = FaultPlan::seeded_lies(seed);
        assert_eq!(plan, FaultPlan::seeded_lies(seed));
        for PlannedFault { at, fault } in &plan.faults {
            kinds.insert(fault.name());
            if let Fault::Status { status: 404, .. } = fault {
                assert!(
                    matches!(at, At::Nth(Route::Session | Route::Folder, _)),
                    "without a body, so that it says nothing"
                );
            }
        }
    }
    for kind in
        ["empty-lists", "hide-folder", "lose-entry-while-paging", "shorter-list", "move-session", "vanish-folder"]
    {
        assert!(kinds.contains(kind), "{kind} of {kinds:?}");
    }
}

#[tokio::test]
async fn lies_of_a_test_survive_a_new_plan() {
    let server = tiny().await;
    let token = token(&server).await;
    server.lies().empty_lists = EmptyLists::All;
    server.set_faults(FaultPlan::default());
    assert!(names(&server, &token, "folders/search?searchQuery=*").await.is_empty());
}
