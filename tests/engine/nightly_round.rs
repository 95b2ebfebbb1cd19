//! More courses than one night can sync within the server's limits: whose turn it is, and how long all of them take.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use engine::clock::Clock;
use engine::connection::{Options, RestLimits, variables};
use engine::environment::FixedEnvironment;
use engine::lifetime::Lifetime;
use engine::nightly::{NightReport, NightWork, Notifier, run_night};
use engine::secrets::{MemorySecrets, SecretStore};
use engine::settings::{LastExport, Settings};
use engine::store::course_list::ListedCourse;
use engine::store::{DataFolder, RealDisk};
use model::FolderId;
use sim::{Config, Folder, Handle, RateLimit, Session, World};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::support::{noon, quick};

struct Nobody;

impl Notifier for Nobody {
    fn tell(&self, _: &str, _: &str) -> Result<(), String> {
        Ok(())
    }
}

/// The clock of a runtime whose time stands still until it is waited for.
struct Waited {
    began: tokio::time::Instant,
    offset: TimeDelta,
}

impl Clock for Waited {
    fn now(&self) -> DateTime<Utc> {
        noon() + self.offset + TimeDelta::from_std(self.began.elapsed()).unwrap()
    }
}

/// An institution: so many courses, each with subfolders and one video.
struct Campus {
    server: Handle,
    dir: TempDir,
    options: Options,
    hours: Duration,
    fewer_calls: bool,
}

fn world(courses: usize, subfolders: usize) -> World {
    let id = |kind: u128, course: usize, part: usize| {
        Uuid::from_u128(0x1111_0000_4000_8000_0000_0000_0000 | kind << 112 | (course as u128) << 16 | part as u128)
    };
    let mut world = World { users: World::tiny(noon()).users, ..World::default() };
    for course in 0..courses {
        let top = id(0xf, course, 0);
        world.folders.push(Folder::new(top, format!("Course {course}"), None));
        for part in 1..=subfolders {
            world.folders.push(Folder::new(id(0xf, course, part), format!("Week {part}"), Some(top)));
        }
        world.sessions.push(Session::new(id(0x5, course, 0), id(0xf, course, subfolders), "Lecture", 100.0));
    }
    world
}

impl Campus {
    async fn new(courses: usize, subfolders: usize, options: Options, limit: Option<RateLimit>) -> Self {
        let world = world(courses, subfolders);
        let listed: Vec<ListedCourse> = world
            .folders
            .iter()
            .filter(|folder| folder.parent.is_none())
            .map(|folder| ListedCourse {
                id: FolderId::parse(&folder.id.to_string()).unwrap(),
                name: folder.name.clone(),
            })
            .collect();
        let config = Config { now: Some(noon()), rest_limit: limit, ..Config::default() };
        let server = sim::start(world, config).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("Tableau")).unwrap();
        let folder = DataFolder::create(dir.path().join("data")).unwrap();
        folder.save_courses(&folder.lock().unwrap(), &listed).unwrap();
        Self { server, dir, options, hours: Duration::ZERO, fewer_calls: false }
    }

    async fn night(&self, clock: &dyn Clock) -> NightReport {
        let last = LastExport {
            dir: self.dir.path().join("Tableau"),
            courses: None,
            pseudonyms: false,
            formula_guard: false,
            tables: false,
        };
        let settings = Settings {
            last_export: Some(last),
            time_zone: Some("UTC".to_owned()),
            fetch_captions: false,
            fewer_calls: self.fewer_calls,
            ..Settings::default()
        };
        let environment = Arc::new(FixedEnvironment::new([
            (variables::SERVER, self.server.base_url()),
            (variables::CLIENT_ID, sim::DEMO_CLIENT_ID.to_owned()),
            (variables::CLIENT_SECRET, sim::DEMO_CLIENT_SECRET.to_owned()),
            (variables::USERNAME, sim::DEMO_USER.to_owned()),
            (variables::PASSWORD, sim::DEMO_PASSWORD.to_owned()),
        ]));
        let secrets: Arc<dyn SecretStore> = Arc::new(MemorySecrets::default());
        let config = self.dir.path().join("config");
        let lifetime = Lifetime::begin(
            Arc::new(RealDisk),
            &config,
            Arc::clone(&secrets),
            Arc::clone(&environment) as _,
            self.options.clone(),
        );
        let work = NightWork {
            lifetime: &lifetime,
            settings: &settings,
            config_dir: &config,
            folder: &DataFolder::open(self.dir.path().join("data")).unwrap(),
            secrets: &secrets,
            environment: &*environment,
            clock,
            patience: Duration::ZERO,
            hours: self.hours,
            events: &|_| (),
            notifier: Arc::new(Nobody),
        };
        let report = run_night(work, &CancellationToken::new()).await.unwrap();
        assert!(report.error.is_none(), "{report:?}");
        report
    }
}

fn reached(report: &NightReport) -> BTreeSet<FolderId> {
    report.sync.as_ref().unwrap().courses.iter().map(|course| course.course).collect()
}

/// Each night has hours for one part of the courses only.
#[tokio::test(flavor = "multi_thread")]
async fn every_course_has_its_turn_those_first_that_have_waited_longest() {
    let campus = Campus::new(120, 0, quick(), None).await;
    let clock = engine::clock::FixedClock::at(noon());
    let mut turns = Vec::new();
    for night in 0..6 {
        let now = noon() + TimeDelta::days(night);
        clock.set(now);
        campus.server.set_now(now);
        let report = campus.night(&clock).await;
        assert!(report.export.is_some(), "what came is saved every night");
        let night = &report.night;
        assert_eq!((night.courses, night.courses_waiting), (50, 70));
        assert!(
            night.in_words().starts_with("50 of 120 courses in turn, all of them in 3 nights; "),
            "{}",
            night.in_words()
        );
        turns.push(reached(&report));
    }
    let all: BTreeSet<FolderId> = turns[..3].iter().flatten().copied().collect();
    assert_eq!(all.len(), 120, "three nights are a round");
    assert!(turns[0].is_disjoint(&turns[1]), "nobody has two turns while others wait");
    assert_eq!(turns[2].intersection(&turns[0]).count() + turns[2].intersection(&turns[1]).count(), 30);
    // The round goes on where it stood, night after night.
    let last: BTreeSet<FolderId> = turns[3..].iter().flatten().copied().collect();
    assert_eq!(last.len(), 120);
}

/// How a round of a whole institution went.
#[derive(Debug, Default)]
struct Round {
    nights: i64,
    hours: f64,
    calls: usize,
}

/// The whole engine, the client with the published limits, and a server that enforces them, on a clock that jumps to whatever is
/// waited for next. Nights of `hours` until every course has had its turn; then one more with fewer calls.
async fn round(courses: usize, subfolders: usize, hours: Duration) -> (Round, Round) {
    let patient = Duration::from_secs(1 << 30);
    let options = Options {
        rest_limits: RestLimits::default(),
        connect_timeout: patient,
        silence_timeout: patient,
        call_timeout: patient,
        ..Options::default()
    };
    let mut campus = Campus::new(courses, subfolders, options, Some(RateLimit::PUBLISHED)).await;
    campus.hours = hours;
    let (mut seen, mut all, mut next) = (BTreeSet::new(), Round::default(), Round::default());
    while seen.len() < courses {
        let before = seen.len();
        let reached = one_night(&campus, &mut all, 0).await;
        seen.extend(reached);
        assert!(seen.len() > before, "a night brings the round on");
    }
    campus.fewer_calls = true;
    let reached = one_night(&campus, &mut next, all.nights).await;
    assert_eq!(reached.len(), courses, "a night with fewer calls is enough for all");
    (all, next)
}

async fn one_night(campus: &Campus, round: &mut Round, nights_before: i64) -> BTreeSet<FolderId> {
    let offset = TimeDelta::days(nights_before + round.nights);
    campus.server.set_now(noon() + offset);
    campus.server.clear_requests();
    let clock = Waited { began: tokio::time::Instant::now(), offset };
    let report = campus.night(&clock).await;
    let requests = campus.server.requests();
    let refused = requests.iter().filter(|request| request.status == 429).count();
    assert_eq!(refused, 0, "the client keeps the limits by itself");
    assert!(clock.began.elapsed() < campus.hours + Duration::from_secs(3_600), "it ends when the hours are over");
    round.nights += 1;
    round.hours += clock.began.elapsed().as_secs_f64() / 3600.0;
    round.calls += requests.len();
    println!(
        "night {}: {:.2} h, {} calls; {}",
        nights_before + round.nights,
        clock.began.elapsed().as_secs_f64() / 3600.0,
        requests.len(),
        report.night.in_words()
    );
    // The rest of the day passes, and with it the hour for which calls are remembered.
    tokio::time::advance(Duration::from_secs(2 * 3_600)).await;
    reached(&report)
}

#[tokio::test(start_paused = true)]
async fn a_round_of_a_department_stays_within_the_published_limits() {
    let (all, next) = round(120, 2, Duration::from_secs(60)).await;
    // Fifty courses are 200 calls of each of two routes, of which a minute allows 100.
    assert_eq!(all.nights, 3, "{all:?}");
    assert!(all.calls > 1_000 && next.calls < all.calls / 2, "{all:?}, {next:?}");
}

/// For `docs/benchmarks.md`: `NIGHTLY_COURSES=2000 cargo test --workspace --test engine nightly_round -- --ignored --nocapture`.
#[tokio::test(start_paused = true)]
#[ignore = "takes minutes"]
async fn a_round_of_an_institution_stays_within_the_published_limits() {
    let number =
        |name: &str, usual: usize| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (courses, subfolders) = (number("NIGHTLY_COURSES", 2_000), number("NIGHTLY_SUBFOLDERS", 13));
    let (all, next) = round(courses, subfolders, Duration::from_secs(6 * 3_600)).await;
    println!("{courses} courses with {subfolders} subfolders each: {all:?}; with fewer calls: {next:?}");
}
