//! One night against the simulated server: what it does, what it waits for, what it writes down, whom it tells.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use engine::ErrorCode;
use engine::clock::FixedClock;
use engine::connection::variables;
use engine::environment::FixedEnvironment;
use engine::events::EventLog;
use engine::lifetime::Lifetime;
use engine::nightly::{
    DIGEST_FILE, NightReport, NightResults, NightWord, NightWork, Notifier, ask_night_to_end, run_night,
};
use engine::secrets::{MemorySecrets, SecretStore};
use engine::settings::{LastExport, NightlyChoice, NightlyTime, Settings};
use engine::store::RealDisk;
use model::Recorded;
use sim::{At, Config, Fault, FaultPlan, Route, World};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::support::{Lab, noon, quick};

/// Longer than any test.
const NEVER: Duration = Duration::from_secs(3_600);

/// Whatever is asked first.
const SIGN_IN: [Route; 3] = [Route::Token, Route::UserInfo, Route::SoapAuth];

fn no_network() -> FaultPlan {
    FaultPlan::new(SIGN_IN.map(|route| (At::From(route, 1), Fault::Reset)))
}

/// Keeps what it was told.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Notifier for Told {
    fn tell(&self, title: &str, text: &str) -> Result<(), String> {
        self.0.lock().unwrap().push(format!("{title}: {text}"));
        Ok(())
    }
}

/// A person's computer at night, and the server.
struct Bedroom {
    lab: Lab,
    dir: TempDir,
    settings: Settings,
    told: Arc<Told>,
    patience: Duration,
    hours: Duration,
    variables: Vec<(&'static str, String)>,
}

impl Bedroom {
    async fn new() -> Self {
        let lab = Lab::with(World::tiny(noon()), Config::default()).await;
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("Tableau");
        std::fs::create_dir(&target).unwrap();
        let settings = Settings {
            last_export: Some(LastExport {
                dir: target,
                courses: None,
                pseudonyms: false,
                formula_guard: false,
                tables: false,
            }),
            nightly: Some(NightlyChoice { at: NightlyTime::USUAL, digest: true, data: None }),
            time_zone: Some("Europe/Zurich".to_owned()),
            ..Settings::default()
        };
        let variables = vec![
            (variables::SERVER, lab.server.base_url()),
            (variables::CLIENT_ID, sim::DEMO_CLIENT_ID.to_owned()),
            (variables::CLIENT_SECRET, sim::DEMO_CLIENT_SECRET.to_owned()),
            (variables::USERNAME, sim::DEMO_USER.to_owned()),
            (variables::PASSWORD, sim::DEMO_PASSWORD.to_owned()),
        ];
        Self { lab, dir, settings, told: Arc::default(), patience: Duration::ZERO, hours: NEVER, variables }
    }

    fn config(&self) -> PathBuf {
        self.dir.path().join("config")
    }

    fn target(&self) -> PathBuf {
        self.dir.path().join("Tableau")
    }

    async fn night(&self) -> engine::Result<NightReport> {
        self.night_until(&CancellationToken::new()).await
    }

    async fn night_until(&self, cancel: &CancellationToken) -> engine::Result<NightReport> {
        let secrets: Arc<dyn SecretStore> = Arc::new(MemorySecrets::default());
        let environment = Arc::new(FixedEnvironment::new(self.variables.clone()));
        let disk = Arc::new(RealDisk);
        let lifetime =
            Lifetime::begin(disk, &self.config(), Arc::clone(&secrets), Arc::clone(&environment) as _, quick());
        let work = NightWork {
            lifetime: &lifetime,
            settings: &self.settings,
            config_dir: &self.config(),
            folder: &self.lab.folder(),
            secrets: &secrets,
            environment: &*environment,
            clock: &self.lab.clock as &FixedClock,
            patience: self.patience,
            hours: self.hours,
            events: &EventLog::default(),
            notifier: Arc::clone(&self.told) as _,
        };
        run_night(work, cancel).await
    }

    #[track_caller]
    fn outcome(&self) -> NightWord {
        let results = NightResults::read(&RealDisk, &self.config()).unwrap();
        match &results.last().expect("it is written down").outcome {
            Recorded::Known(word) => *word,
            Recorded::Unknown(word) => panic!("{word}"),
        }
    }

    fn told(&self) -> Vec<String> {
        self.told.0.lock().unwrap().clone()
    }

    /// Waits until the sync asks for viewing records.
    async fn is_fetching(&self) {
        while self.lab.usage_calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_syncs_saves_and_is_remembered() {
    let bedroom = Bedroom::new().await;
    let report = bedroom.night().await.unwrap();
    assert!(report.error.is_none(), "{report:?}");
    bedroom.lab.assert_equal_to_server();
    for file in ["sessions_overview.csv", "chunked_data.csv", "panopto_viewing.twb", DIGEST_FILE] {
        assert!(bedroom.target().join(file).is_file(), "{file}");
    }
    let digest = std::fs::read_to_string(bedroom.target().join(DIGEST_FILE)).unwrap();
    assert!(digest.starts_with("## "), "{digest}");
    let night = report.night;
    assert_eq!((bedroom.outcome(), night.courses, night.courses_failed), (NightWord::Done, 1, 0));
    assert!(night.new_records > 0 && night.saved_to == Some(bedroom.target()));
    assert_eq!(night.in_words(), format!("{} new viewing records, dataset saved", night.new_records));
    assert_eq!(bedroom.told(), [""; 0]);
    // The next one finds nothing new, and remembers both.
    let again = bedroom.night().await.unwrap().night;
    assert_eq!(again.in_words(), "0 new viewing records, dataset saved");
    let kept = std::fs::read_to_string(bedroom.config().join("nightly.json")).unwrap();
    assert_eq!(kept.matches("\"began\"").count(), 2, "{kept}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_remembered_is_the_owners_alone_and_two_weeks_long() {
    use std::os::unix::fs::PermissionsExt as _;

    let mut bedroom = Bedroom::new().await;
    bedroom.settings.last_export = None;
    for _ in 0..20 {
        assert!(bedroom.night().await.unwrap().error.is_some());
    }
    let file = bedroom.config().join("nightly.json");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_to_string(&file).unwrap().matches("\"began\"").count(), 14);
    // A damaged one is written anew.
    std::fs::write(&file, "{").unwrap();
    bedroom.night().await.unwrap();
    assert_eq!(bedroom.outcome(), NightWord::Failed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_told_once_until_it_is_another_one() {
    let mut bedroom = Bedroom::new().await;
    let password = bedroom.variables.pop().unwrap();
    bedroom.variables.push((variables::PASSWORD, "changed meanwhile".to_owned()));
    for _ in 0..3 {
        let report = bedroom.night().await.unwrap();
        assert_eq!(report.error.unwrap().code(), ErrorCode::BadCredentials);
        assert_eq!(bedroom.outcome(), NightWord::Failed);
    }
    let told = bedroom.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("The nightly sync failed: ") && told[0].ends_with('.'), "{told:?}");
    assert!(!told[0].contains("changed meanwhile"), "no secret is told");
    // Another reason, and the same again after a good night.
    std::fs::remove_dir(bedroom.target()).unwrap();
    bedroom.variables.pop();
    bedroom.variables.push(password);
    bedroom.night().await.unwrap();
    let told = bedroom.told();
    assert!(told.len() == 2 && told[1].contains("is not there. Connect its drive"), "{told:?}");
    assert!(!bedroom.target().exists(), "a drive that is not connected is not made up");
    std::fs::create_dir(bedroom.target()).unwrap();
    bedroom.night().await.unwrap();
    assert_eq!(bedroom.outcome(), NightWord::Done);
    std::fs::remove_dir_all(bedroom.target()).unwrap();
    bedroom.night().await.unwrap();
    assert_eq!(bedroom.told().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_failed_is_no_failure_of_the_night() {
    let bedroom = Bedroom::new().await;
    let refusal = Fault::SoapFault("Session is being processed".to_owned());
    bedroom.lab.server.set_faults(FaultPlan::new([(At::Nth(Route::SoapUsage, 1), refusal)]));
    let report = bedroom.night().await.unwrap();
    assert!(report.error.is_none() && report.export.is_some(), "{report:?}");
    assert_eq!(bedroom.outcome(), NightWord::Partial);
    assert!(report.night.in_words().starts_with("1 of 1 course failed and will be tried again"));
    assert_eq!(bedroom.told(), [""; 0]);
}

/// After a sleep the network comes late.
#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_comes_late_is_waited_for_and_one_that_never_comes_is_not() {
    let mut bedroom = Bedroom::new().await;
    bedroom.lab.server.set_faults(no_network());
    let report = bedroom.night().await.unwrap();
    assert!(matches!(report.error.unwrap().code(), ErrorCode::Network | ErrorCode::Timeout));
    assert!(bedroom.lab.usage_calls().is_empty(), "nothing else was tried");

    bedroom.patience = NEVER;
    let server = &bedroom.lab.server;
    server.clear_requests();
    let comes_back = async {
        while server.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.set_faults(FaultPlan::default());
    };
    let (report, ()) = tokio::join!(bedroom.night(), comes_back);
    assert_eq!(report.unwrap().night.outcome, Recorded::Known(NightWord::Done));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nights_never_run_side_by_side() {
    let bedroom = Bedroom::new().await;
    bedroom.lab.server.set_faults(FaultPlan::new([(At::From(Route::SoapUsage, 1), Fault::Stall(NEVER))]));
    let cancel = CancellationToken::new();
    let second = async {
        bedroom.is_fetching().await;
        let refused = bedroom.night().await.unwrap_err();
        cancel.cancel();
        refused
    };
    let (first, refused) = tokio::join!(bedroom.night_until(&cancel), second);
    assert_eq!((refused.code(), refused.message()), (ErrorCode::Busy, "A nightly run is going on already"));
    assert_eq!(first.unwrap().night.outcome, Recorded::Known(NightWord::Stopped));
}

/// A sync by hand holds the folder: the night waits, and does not fail.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_written_is_waited_for() {
    let mut bedroom = Bedroom::new().await;
    bedroom.patience = NEVER;
    let held = bedroom.lab.folder().lock().unwrap();
    let server = &bedroom.lab.server;
    let let_go = async move {
        // Signed in: the next thing that it needs is the folder.
        while !server.requests().iter().any(|request| SIGN_IN.contains(&request.route)) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(held);
    };
    let (report, ()) = tokio::join!(bedroom.night(), let_go);
    assert_eq!(report.unwrap().night.outcome, Recorded::Known(NightWord::Done));
    let mut hasty = bedroom;
    hasty.patience = Duration::ZERO;
    let _held = hasty.lab.folder().lock().unwrap();
    assert_eq!(hasty.night().await.unwrap().error.unwrap().code(), ErrorCode::Busy);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_has_the_right_of_way_and_what_was_fetched_is_kept() {
    let bedroom = Bedroom::new().await;
    bedroom.lab.server.set_faults(FaultPlan::new([(At::From(Route::SoapUsage, 2), Fault::Stall(NEVER))]));
    assert!(!ask_night_to_end(&bedroom.config(), NEVER), "there is no night");
    let window = async {
        while bedroom.lab.usage_calls().len() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let dir = bedroom.config();
        let ended = tokio::task::spawn_blocking(move || ask_night_to_end(&dir, NEVER)).await.unwrap();
        assert!(ended);
        bedroom.lab.folder().lock().expect("the folder is free as soon as the night has ended")
    };
    let (report, lock) = tokio::join!(bedroom.night(), window);
    drop(lock);
    let report = report.unwrap();
    assert_eq!(report.night.outcome, Recorded::Known(NightWord::GaveWay));
    assert!(report.error.is_none() && bedroom.told().is_empty());
    assert!(!bedroom.target().join("chunked_data.csv").exists());
    // The next night goes on: the video whose records came is not asked for again.
    bedroom.lab.server.set_faults(FaultPlan::default());
    bedroom.lab.set_now(noon() + TimeDelta::minutes(1));
    assert_eq!(bedroom.night().await.unwrap().night.outcome, Recorded::Known(NightWord::Done));
    bedroom.lab.assert_equal_to_server();
}

/// The UTC days of the stored records, and each file of the data folder that holds them.
fn stored_days(bedroom: &Bedroom) -> Vec<chrono::NaiveDate> {
    let files = bedroom.lab.snapshot().into_iter().filter(|(name, _)| name.ends_with("viewing_activity.csv"));
    let days = files.flat_map(|(_, text)| {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let column = reader.headers().unwrap().iter().position(|head| head == "Date").unwrap();
        let days: Vec<chrono::NaiveDate> =
            reader.records().map(|record| record.unwrap()[column].parse().unwrap()).collect();
        days
    });
    days.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_deletes_what_is_older_than_its_course_keeps_and_tells_it() {
    let bedroom = Bedroom::new().await;
    bedroom.night().await.unwrap();
    let days = stored_days(&bedroom);
    let today = noon().date_naive();
    let (oldest, newest) = (*days.iter().min().unwrap(), *days.iter().max().unwrap());
    let period = (today - oldest).num_days() + 1;
    let folder = bedroom.lab.folder();
    folder.set_keep_for(&folder.lock().unwrap(), bedroom.lab.course(), Some(u32::try_from(period).unwrap())).unwrap();

    // Nothing is that old yet.
    let before = bedroom.lab.snapshot();
    let night = bedroom.night().await.unwrap().night;
    assert_eq!((night.in_words().as_str(), night.removed_records), ("0 new viewing records, dataset saved", 0));
    assert_eq!(stored_days(&bedroom), days);
    for (name, content) in &before {
        if name.contains("viewing_activity.csv") || name.contains("tableau/") {
            assert_eq!(bedroom.lab.snapshot().get(name), Some(content), "{name}");
        }
    }

    // The night in which only the newest day is still kept.
    let later = TimeDelta::days(period - (today - newest).num_days());
    bedroom.lab.set_now(noon() + later);
    let old = days.iter().filter(|day| **day < newest).count();
    assert!(old > 0 && old < days.len(), "{days:?}");
    let night = bedroom.night().await.unwrap().night;
    assert_eq!((night.outcome.clone(), night.removed_records), (Recorded::Known(NightWord::Done), old as u64));
    let told = "deleted that were older than they are to be kept, dataset saved";
    assert!(night.in_words().ends_with(told), "{}", night.in_words());
    assert!(stored_days(&bedroom).iter().all(|day| *day == newest));
    let dataset = std::fs::read_to_string(bedroom.target().join("chunked_data.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(dataset.as_bytes());
    let column = reader.headers().unwrap().iter().position(|head| head == "Date").unwrap();
    let latest = newest + chrono::Days::new(1);
    for record in reader.records().map(Result::unwrap) {
        let day: chrono::NaiveDate = record[column].parse().unwrap();
        assert!((newest..=latest).contains(&day), "the dataset holds nothing older: {day}");
    }
    let kept = std::fs::read_to_string(bedroom.config().join("nightly.json")).unwrap();
    assert_eq!(kept.matches("removedRecords").count(), 1, "only the night that deleted says so: {kept}");

    // The night after it has nothing to delete.
    let night = bedroom.night().await.unwrap().night;
    assert_eq!((night.in_words().as_str(), night.removed_records), ("0 new viewing records, dataset saved", 0));
}
