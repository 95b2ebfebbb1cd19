//! The ready-made worlds.

use crate::support::noon;
use sim::{DEMO_COURSES, SampleCourse, SampleDate, SampleTerm, Stress, World, sql_time};
use std::collections::HashSet;

#[test]
fn the_demo_is_plausible_and_the_same_for_the_same_seed() {
    let world = World::demo(7, noon());
    assert_eq!(world, World::demo(7, noon()));
    assert_ne!(world.views, World::demo(8, noon()).views);
    let courses: Vec<_> = DEMO_COURSES.iter().map(|course| course.folder_id.parse().unwrap()).collect();
    let videos: Vec<usize> = courses
        .iter()
        .map(|&course| {
            let tree = world.folder_tree(course);
            world.sessions.iter().filter(|session| tree.contains(&session.folder)).count()
        })
        .collect();
    assert_eq!(videos, [40, 25]);
    assert!((40_000..60_000).contains(&world.views.len()), "{} views", world.views.len());
    assert!((40_000..60_000).contains(&World::demo(1, noon()).views.len()));
    let watched: HashSet<_> = world.views.iter().map(|view| view.session).collect();
    assert_eq!(watched.len(), 64, "one video is never watched");
    let viewers: HashSet<_> = world.views.iter().map(|view| view.user).collect();
    let known: HashSet<_> = world.users.iter().map(|user| user.id).collect();
    assert!((290..=310).contains(&viewers.len()), "{} viewers", viewers.len());
    assert!(viewers.difference(&known).count() > 10, "some are anonymous");
    for view in &world.views {
        let duration = world.session(view.session).and_then(|session| session.duration).unwrap();
        assert!(view.seconds_viewed > 0.0 && view.start_position >= 0.0);
        assert!(view.start_position + view.seconds_viewed <= duration + 0.001);
        assert_eq!(view.time, sql_time(view.time));
        assert!(view.time < noon() - chrono::TimeDelta::days(4));
    }
}

#[test]
fn the_sample_is_the_demo_with_the_same_course_a_year_earlier() {
    let (demo, sample) = (World::demo(7, noon()), World::sample(7, noon()));
    assert_eq!(sample, World::sample(7, noon()));
    assert_eq!(sample.sessions[..demo.sessions.len()], demo.sessions);
    let [this_year, other, last_year]: [SampleCourse; 3] = sim::sample_courses(noon()).try_into().unwrap();
    assert_eq!([this_year.id, other.id], DEMO_COURSES.map(|course| course.folder_id));
    assert!(last_year.name.starts_with(&this_year.name) && last_year.name != this_year.name, "{}", last_year.name);
    let tree = sample.folder_tree(last_year.id.parse().unwrap());
    assert_eq!(tree.len(), 16);
    let of_last_year: HashSet<_> =
        sample.sessions.iter().filter(|session| tree.contains(&session.folder)).map(|session| session.id).collect();
    assert_eq!(of_last_year.len(), 35);
    let [here, there]: [SampleTerm; 2] = sim::sample_terms(noon());
    assert_eq!((here.course, there.course), (this_year.id, last_year.id));
    assert_eq!(here.begin - there.begin, chrono::TimeDelta::weeks(52));
    let views = || sample.views.iter().filter(|view| of_last_year.contains(&view.session));
    assert!((5_000..20_000).contains(&views().count()), "{} views", views().count());
    assert!(views().all(|view| there.begin < view.time && view.time < there.end));
    let dates: Vec<SampleDate> = sim::sample_dates(noon());
    assert_eq!(dates.iter().map(|date| (date.kind, date.name)).collect::<HashSet<_>>().len(), 3);
    for date in dates {
        let term = if date.course == here.course { &here } else { &there };
        assert!(term.begin < date.at && date.at < term.end, "{date:?}");
    }
}

#[test]
fn a_stress_world_has_the_size_that_was_asked_for() {
    let spec =
        Stress { depth: 4, folders_per_level: 30, sessions_per_folder: 2, views_per_session: 50, ..Stress::default() };
    let world = World::stress(3, &spec);
    assert_eq!(world, World::stress(3, &spec));
    assert_eq!(world.folders.len(), 1 + 4 * 30);
    assert_eq!(world.folder_tree(world.folders[0].id).len(), world.folders.len());
    assert_eq!(world.sessions.len(), 2 * world.folders.len());
    assert!(world.views.len() >= 50 * world.sessions.len());
    assert!(world.views.iter().any(|view| view.seconds_viewed < 0.0));
    assert!(world.views.iter().any(|view| view.playback_speed.is_none()));
    assert!(world.sessions.iter().any(|session| session.duration.is_none()));
    assert!(world.sessions.iter().any(|session| session.name.len() >= 300));
}
