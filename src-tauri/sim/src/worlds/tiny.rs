//! The smallest world with everything in it, for tests that check single values.

use crate::world::{Folder, Session, View, World};
use crate::worlds::demo_user;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

impl World {
    /// One course (the first folder) with one subfolder, three sessions of 100 s, and eight viewing records by two
    /// viewers on the three days before `now`. The third session has no records.
    pub fn tiny(now: DateTime<Utc>) -> Self {
        let id =
            |kind: u128, number: u128| Uuid::from_u128(0x1111_0000_4000_8000_0000_0000_0000 | kind << 112 | number);
        let user = demo_user();
        let creator = Some(user.id);
        let (course, week) = (id(0xf, 1), id(0xf, 2));
        let session = |number: u128, folder, name: &str| Session {
            creator,
            start_time: Some(now - TimeDelta::days(10)),
            ..Session::new(id(0x5, number), folder, name, 100.0)
        };
        let view = |session: u128, viewer: u128, days, start, seconds| {
            let time =
                crate::sql_time(now - TimeDelta::days(days) + TimeDelta::milliseconds(1237 * (start as i64 + 1)));
            View::new(id(0x5, session), id(0xa, viewer), time, start, seconds)
        };
        Self {
            folders: vec![
                Folder { creator, ..Folder::new(course, "TINY 100 A & B", None) },
                Folder { creator, ..Folder::new(week, "Week 1", Some(course)) },
            ],
            sessions: vec![session(1, course, "First"), session(2, week, "Second"), session(3, week, "Third")],
            views: vec![
                view(1, 1, 3, 0.0, 40.0),
                view(1, 1, 3, 40.0, 20.5),
                view(1, 1, 2, 60.5, 39.5),
                view(1, 2, 1, 0.0, 10.0),
                view(2, 1, 3, 0.0, 100.0),
                view(2, 2, 2, 50.0, 25.0),
                view(2, 2, 2, 75.0, 25.0),
                view(2, 2, 1, 0.0, 50.0),
            ],
            users: vec![user],
            captions: Vec::new(),
        }
    }
}
