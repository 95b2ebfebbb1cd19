//! What the simulated server contains in each situation, made from the sample courses.
//!
//! Deterministic: the same content gives the same server, record by record.

use chrono::{DateTime, TimeDelta, Utc};
use sim::{Folder, Session, View, World};
use uuid::Uuid;

use crate::situation::{Situation, Situations};

/// Names that are hard to show: long ones, right-to-left ones, markup, formulas, blanks.
const HARD_NAMES: [&str; 10] = [
    "BAMA504-001 2021W1 09/08/2021 8:00 AM-10:00 AM [SXRS] – recorded in the small lecture theatre, second attempt after \
     the microphone failed, please watch from minute four",
    "مقدمة في التحليل الكمي: التكاليف الثابتة والمتغيرة ونقطة التعادل",
    "第三讲：线性规划与灵敏度分析（上）——从建模到求解，附课堂练习与讨论",
    "<img src=x onerror=alert(1)>",
    "שיעור 4 (חזרה) – עצי החלטה",
    "ÅÄÖ ß ñ é 🎓 Zusammenfassungsvorlesungsaufzeichnungsbereitstellung",
    "=HYPERLINK(\"http://example.invalid\",\"click\")",
    "A",
    "   ",
    "データ可視化入門：散布図・箱ひげ図・ヒートマップの読み方と落とし穴",
];
const HARD_COURSES: [&str; 2] = [
    "COMM 290 2021W1 – Introduction to quantitative decision making, sections 101 to 112 and مقدمة في التحليل الكمي",
    "財務会計入門 二〇二一年度 冬学期 合同クラス（全十二回）",
];
const HARD_PERSON: &str = "Maximiliane Freifrau von und zu Hohenstein-Wittelsbach";

/// The name of the person who signs in.
const PERSON: &str = "Maya Okafor";
/// One in this many of the sample's viewers is kept: figures stay lively, and a sync takes a moment.
const KEPT_VIEWERS: usize = 4;
const MANY_VIDEOS: usize = 2_000;
const MANY_COURSES: usize = 60;
/// The seed of the sample.
const SEED: u64 = 290;

/// What a program's server contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Content {
    Sample,
    NoVideos,
    Unwatched,
    OneViewer,
    HardNames,
    ManyVideos,
    ManyCourses,
}

impl Content {
    pub(crate) fn of(situations: &Situations) -> Self {
        [
            (Situation::HardNames, Self::HardNames),
            (Situation::ManyVideos, Self::ManyVideos),
            (Situation::ManyCourses, Self::ManyCourses),
            (Situation::NoVideos, Self::NoVideos),
            (Situation::Unwatched, Self::Unwatched),
            (Situation::StallsAtTheEnd, Self::Unwatched),
            (Situation::OneViewer, Self::OneViewer),
        ]
        .into_iter()
        .find_map(|(situation, content)| situations.has(situation).then_some(content))
        .unwrap_or(Self::Sample)
    }

    /// The server at this moment.
    pub(crate) fn world(self, now: DateTime<Utc>) -> World {
        let mut world = World::demo(SEED, now);
        keep_some_viewers(&mut world);
        PERSON.clone_into(&mut world.users[0].name);
        match self {
            Self::Sample => {}
            Self::NoVideos => {
                world.sessions.clear();
                world.views.clear();
            }
            Self::Unwatched => world.views.clear(),
            Self::OneViewer => {
                let one = world.views.first().map(|view| view.user);
                world.views.retain(|view| Some(view.user) == one);
            }
            Self::HardNames => name_hard(&mut world),
            Self::ManyVideos => add_many_videos(&mut world, now),
            Self::ManyCourses => add_many_courses(&mut world),
        }
        world
    }

    /// The folders on the course list, with their names.
    pub(crate) fn courses(world: &World) -> Vec<(String, Uuid)> {
        let top = world.folders.iter().filter(|folder| folder.parent.is_none());
        top.map(|folder| (folder.name.clone(), folder.id)).filter(|(name, _)| name != UNLISTED.0).collect()
    }
}

/// A folder on the server that is on no course list, to be found and added.
const UNLISTED: (&str, &str) = ("Writing centre workshops", "6513270e-269e-4d37-b2a7-4de452e6b403");

fn keep_some_viewers(world: &mut World) {
    let mut viewers: Vec<Uuid> = world.views.iter().map(|view| view.user).collect();
    viewers.sort_unstable();
    viewers.dedup();
    let kept: Vec<Uuid> = viewers.into_iter().step_by(KEPT_VIEWERS).collect();
    world.views.retain(|view| kept.binary_search(&view.user).is_ok());
    let creator = world.users.first().map(|user| user.id);
    let id = Uuid::try_parse(UNLISTED.1).unwrap_or_default();
    world.folders.push(Folder { creator, ..Folder::new(id, UNLISTED.0, None) });
}

fn name_hard(world: &mut World) {
    let courses = world.folders.iter_mut().filter(|folder| folder.parent.is_none());
    for (folder, name) in courses.zip(HARD_COURSES) {
        (*name).clone_into(&mut folder.name);
    }
    for (session, name) in world.sessions.iter_mut().zip(HARD_NAMES.iter().cycle()) {
        (*name).clone_into(&mut session.name);
    }
    HARD_PERSON.clone_into(&mut world.users[0].name);
}

/// Fills the first course with short videos that a few people watch.
fn add_many_videos(world: &mut World, now: DateTime<Utc>) {
    let course = world.folders[0].id;
    let viewers: Vec<Uuid> = world.users.iter().skip(1).take(7).map(|user| user.id).collect();
    let start = now - TimeDelta::days(60);
    let folders = world.folder_tree(course);
    let before = world.sessions.iter().filter(|session| folders.contains(&session.folder)).count();
    for number in before..MANY_VIDEOS {
        let id = Uuid::from_u128(0x5eed_0000_0000_4000_a000_0000_0000_0000 + number as u128);
        let mut session = Session::new(id, course, format!("Exercise {number} (part {})", 1 + number % 9), 600.0);
        session.start_time = Some(start);
        world.sessions.push(session);
        let viewer = viewers[number % viewers.len()];
        let time = start + TimeDelta::minutes(37 * i64::try_from(number).expect("a few thousand"));
        world.views.push(View::new(id, viewer, time, 0.0, (60 + 13 * (number % 40)) as f64));
    }
}

fn add_many_courses(world: &mut World) {
    let creator = world.users.first().map(|user| user.id);
    let listed = world.folders.iter().filter(|folder| folder.parent.is_none() && folder.name != UNLISTED.0).count();
    for number in listed..MANY_COURSES {
        let id = Uuid::from_u128(0xc0de_0000_0000_4000_a000_0000_0000_0000 + number as u128);
        let name = format!("COMM {} 2021W{}", 300 + number, 1 + number % 2);
        world.folders.push(Folder { creator, ..Folder::new(id, name, None) });
    }
}
