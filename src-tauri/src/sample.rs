//! The sample courses: a simulated Panopto server inside the program, synced for real into a temporary folder.
//!
//! Invariant: it does not touch the user's own data, settings or keychain, and leaves nothing behind. The folder goes
//! with the [`Sample`]; what a crash left goes when a sample next starts.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use engine::clock::Clock;
use engine::connection::{Options, RestLimits};
use engine::dates::{NewDate, add_date, set_term};
use engine::environment::FixedEnvironment;
use engine::secrets::{MemorySecrets, Secret, SecretName, SecretStore as _};
use engine::settings::Settings;
use engine::store::course_list::ListedCourse;
use engine::store::{DataFolder, Disk as _, Durability, RealDisk, replace};
use engine::time_zone::time_zone_named;
use engine::{Error, ErrorCode, Result};
use model::{DateRange, Day, FolderId, When};
use tempfile::TempDir;

use crate::memory::Memory;
use crate::presenting::Presenting;
use crate::threads::blocking;
use crate::workspace::{Surroundings, Workspace};

const DIR_PREFIX: &str = "panopto-video-analytics-sample-";
/// The list that comes with the sample.
pub(crate) const CLASS_LIST_OF_SAMPLE: &str = "class-list.csv";

/// The sample is the same for everybody.
const SEED: u64 = 290;

/// The sample while it is shown.
pub struct Sample {
    /// Its settings, data and sign-in.
    pub workspace: Arc<Workspace>,
    // In this order: the server stops before the folder goes.
    _server: sim::Handle,
    _dir: TempDir,
}

impl Sample {
    /// Starts the server and an empty data folder with its courses listed; only the sync is left to do. Appearance,
    /// time zone and look-back are the user's own.
    pub async fn prepare(own: &Settings, clock: Arc<dyn Clock>, presenting: Presenting) -> Result<Self> {
        let now = clock.now();
        let world = sim::World::sample(SEED, now);
        let class_list = world.class_list(sim::DEMO_COURSES[0].folder_id);
        let server = sim::start(world, sim::Config::default())
            .await
            .map_err(|error| failed("its server could not be started").with_source(error))?;
        let settings = Settings {
            server: Some(server.base_url()),
            client_id: Some(sim::DEMO_CLIENT_ID.to_owned()),
            user_name: Some(sim::DEMO_USER.to_owned()),
            time_zone: own.time_zone.clone(),
            appearance: own.appearance,
            lookback_days: own.lookback_days,
            ..Settings::default()
        };
        blocking(move || {
            remove_leftovers();
            let dir = tempfile::Builder::new()
                .prefix(DIR_PREFIX)
                .tempdir()
                .map_err(|error| failed("its temporary folder could not be made").with_source(error))?;
            let workspace = furnish(dir.path(), settings, clock, presenting)?;
            let file = dir.path().join("data").join(CLASS_LIST_OF_SAMPLE);
            replace(&RealDisk, &file, Durability::Remakable, |file| file.write_all(class_list.as_bytes()))?;
            Ok(Self { workspace: Arc::new(workspace), _server: server, _dir: dir })
        })
        .await
    }
}

fn furnish(dir: &Path, settings: Settings, clock: Arc<dyn Clock>, presenting: Presenting) -> Result<Workspace> {
    let folder = DataFolder::create(dir.join("data"))?;
    let now = clock.now();
    let wrong = |error: model::IdError| failed("its course list is wrong").with_source(error);
    let courses = sim::sample_courses(now)
        .into_iter()
        .map(|course| Ok(ListedCourse { id: FolderId::parse(course.id)?, name: course.name }))
        .collect::<std::result::Result<Vec<_>, model::IdError>>()
        .map_err(wrong)?;
    {
        let lock = folder.lock()?;
        folder.save_courses(&lock, &courses)?;
        let zone = settings.time_zone.as_deref().map_or(Ok(chrono_tz::Tz::UTC), time_zone_named)?;
        let day = |at: chrono::DateTime<chrono::Utc>| Day::from_date(at.with_timezone(&zone).date_naive());
        for term in sim::sample_terms(now) {
            let course = FolderId::parse(term.course).map_err(wrong)?;
            set_term(&folder, &lock, course, Some(DateRange::between(day(term.begin), day(term.end))))?;
        }
        for date in sim::sample_dates(now) {
            let kind = date.kind.parse().map_err(|error| failed("its dates are wrong").with_source(error))?;
            let (name, when) = (date.name.to_owned(), When::At(date.at, zone));
            let course = FolderId::parse(date.course).map_err(wrong)?;
            add_date(&folder, &lock, course, NewDate { kind, name, when, videos: Vec::new() })?;
        }
    }
    let secrets = MemorySecrets::default();
    // The sample's server is this computer; its secrets are printed in its source and open nothing else.
    for (name, secret) in [
        (SecretName::ClientSecret { server: host(&settings) }, sim::DEMO_CLIENT_SECRET),
        (SecretName::Password { server: host(&settings) }, sim::DEMO_PASSWORD),
    ] {
        secrets.set(&name, &Secret::new(secret.to_owned()))?;
    }
    let unhurried = RestLimits { per_second: 1_000, per_minute: 60_000, per_hour: 3_600_000 };
    let options = Options { rest_limits: unhurried, ..Options::default() };
    let around = Surroundings {
        config_dir: dir.join("config"),
        usual_data_folder: folder.root().to_owned(),
        disk: folder.shared_disk(),
        secrets: Arc::new(secrets),
        environment: Arc::new(FixedEnvironment::default()),
        clock,
        options,
    };
    let workspace = Workspace::new(around, Memory::passing(), presenting, true);
    let of_sample = Settings { data_folder: Some(folder.root().to_owned()), ..settings };
    workspace.settings_file.update(|kept| *kept = of_sample)?;
    Ok(workspace)
}

fn host(settings: &Settings) -> String {
    let server = settings.server.as_deref().unwrap_or_default();
    url::Url::parse(server).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

fn failed(why: &str) -> Error {
    Error::new(ErrorCode::Internal, format!("The sample courses cannot be shown: {why}"))
        .with_hint("Try again; if it stays, copy the diagnostic text from the settings and report it")
}

/// Removes sample folders whose program is gone: nobody holds their lock.
fn remove_leftovers() {
    let place = std::env::temp_dir();
    for entry in RealDisk.list(&place).unwrap_or_default() {
        let sample = place.join(&entry.name);
        if entry.name.to_string_lossy().starts_with(DIR_PREFIX) && is_abandoned(&sample.join("data")) {
            let _ = RealDisk.remove_dir_all(&sample);
        }
    }
}

/// A running sample holds no lock between its syncs, so age decides as well.
fn is_abandoned(data: &Path) -> bool {
    const A_DAY: Duration = Duration::from_secs(24 * 3600);
    let modified = RealDisk.stat(data).ok().flatten().and_then(|found| found.modified);
    let old = modified.is_some_and(|modified| modified.elapsed().is_ok_and(|age| age > A_DAY));
    old && DataFolder::open(data).and_then(|folder| folder.lock()).is_ok()
}

#[cfg(test)]
mod tests {
    use engine::clock::SystemClock;

    use super::*;

    #[tokio::test]
    async fn the_sample_is_signed_in_lists_its_courses_and_leaves_nothing() {
        let sample = Sample::prepare(&Settings::default(), Arc::new(SystemClock), Presenting::default()).await.unwrap();
        let workspace = Arc::clone(&sample.workspace);
        let folder = workspace.existing_folder().unwrap().unwrap();
        let made_up = sim::sample_courses(workspace.clock.now());
        assert_eq!(folder.courses().unwrap().len(), made_up.len());
        let dates = folder.dates().unwrap();
        assert_eq!(dates.iter().map(|(_, kept)| kept.dates.len()).collect::<Vec<_>>(), [3, 3]);
        assert!(dates.iter().all(|(_, kept)| kept.term.is_some()));
        let who = workspace.connector.who_am_i(&workspace.settings().unwrap()).await.unwrap();
        assert_eq!(who.user_name.as_deref(), Some(sim::DEMO_USER));
        let root = folder.root().to_owned();
        assert!(root.exists());
        drop(sample);
        assert!(!root.parent().unwrap().exists());
    }
}
