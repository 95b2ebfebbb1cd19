//! A listed course inside another listed course: both are complete, and nothing is requested twice.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use engine::store::{Area, activity_file};
use sim::{Config, Route, Stress, World};
use uuid::Uuid;

use crate::support::{Bag, Lab, assert_bags_equal, folder_id, noon, stored_records};

/// A course, a course inside it, one inside that, and a course beside them.
async fn lab() -> (Lab, Vec<Uuid>) {
    let spec = Stress { depth: 3, sessions_per_folder: 4, views_per_session: 30, ..Stress::default() };
    let mut world = World::stress(61, &spec);
    let other = World::stress(62, &Stress { depth: 0, sessions_per_folder: 3, ..spec });
    let outer = world.folders[0].id;
    let child = |of: Uuid| world.folders.iter().find(|folder| folder.parent == Some(of)).unwrap().id;
    let inner = child(outer);
    let innermost = child(inner);
    let beside = other.folders[0].id;
    world.folders.extend(other.folders);
    world.sessions.extend(other.sessions);
    world.views.extend(other.views);
    let config = Config { latency: Duration::from_millis(5), page_size_rest: 3, ..Config::default() };
    let lab = Lab::with(world, config).await;
    // The inner ones first: each is done before the outer one reaches it.
    let courses = vec![innermost, inner, outer, beside];
    lab.list_courses(&courses);
    (lab, courses)
}

fn stored(lab: &Lab, course: Uuid) -> Bag {
    let dir = lab.folder().course_dir(Area::Database, folder_id(course)).unwrap().unwrap();
    stored_records(&activity_file(&dir))
}

/// The requests of a kind, with how often each was sent.
fn asked(lab: &Lab, route: Route) -> BTreeMap<String, usize> {
    let mut asked = BTreeMap::new();
    for entry in lab.server.requests().into_iter().filter(|entry| entry.route == route) {
        let question = match entry.soap {
            Some(call) => format!("{:?} {:?} {:?} {:?}", call.session_id, call.begin, call.page, call.max_results),
            None => format!("{} {}", entry.path, entry.query),
        };
        *asked.entry(question).or_default() += 1;
    }
    asked
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_and_videos_of_both_are_asked_for_once() {
    let (lab, courses) = lab().await;
    for night in 0..3 {
        lab.set_now(noon() + TimeDelta::days(night));
        lab.server.clear_requests();
        lab.sync_whole().await;
        for route in [Route::FolderSessions, Route::FolderChildren] {
            let twice: Vec<_> = asked(&lab, route).into_iter().filter(|(_, times)| *times > 1).collect();
            assert!(twice.is_empty(), "night {night}: {twice:?}");
        }
        // One record of a witness may be requested now and again, as proof of being signed in.
        let questions = asked(&lab, Route::SoapUsage);
        let twice: Vec<_> =
            questions.iter().filter(|(question, times)| **times > 1 && !question.contains("Some(1)")).collect();
        assert!(twice.is_empty(), "night {night}: {twice:?}");
        assert!(questions.len() >= lab.server.world().sessions.len(), "{}", questions.len());
        assert_equal(&lab, &courses);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_course_is_as_if_it_were_synced_alone() {
    let (lab, courses) = lab().await;
    lab.sync_whole().await;
    let (other, _) = self::lab().await;
    for course in &courses {
        other.list_courses(&[*course]);
        other.sync_whole().await;
    }
    let files = |lab: &Lab| -> BTreeMap<String, String> {
        lab.snapshot().into_iter().filter(|(name, _)| name.starts_with("database/")).collect()
    };
    assert_eq!(files(&lab).len(), 8);
    assert!(files(&lab) == files(&other));
    let left: Vec<String> = lab.snapshot().into_keys().filter(|name| name.contains("staging")).collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A server that lists the nil ID, which stands for the top level of its whole site.
#[tokio::test(flavor = "multi_thread")]
async fn the_whole_site_is_in_no_course() {
    let (lab, courses) = lab().await;
    lab.list_courses(&courses[..1]);
    lab.server.world().folders.push(sim::Folder::new(Uuid::nil(), "Everything".to_owned(), Some(courses[0])));
    lab.sync_whole().await;
    lab.assert_equal_to_server();
}

fn assert_equal(lab: &Lab, courses: &[Uuid]) {
    for course in courses {
        assert_bags_equal(&stored(lab, *course), &lab.expected_of(*course));
    }
}
