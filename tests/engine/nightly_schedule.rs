//! Telling the system of the nightly job, and taking it away: the calls, the files, and what is left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::ErrorCode;
use engine::nightly::{
    JobState, NightResults, PretendCommands, Scheduler, SchedulerKind, nightly_status, switch_off, switch_on,
    windows_task,
};
use engine::settings::{LastExport, NightlyChoice, NightlyTime, Settings, SettingsFile};
use engine::store::RealDisk;
use tempfile::TempDir;

use crate::support::noon;

/// A computer with a home folder.
struct Computer {
    dir: TempDir,
    commands: Arc<PretendCommands>,
    scheduler: Scheduler,
    settings_file: SettingsFile,
}

const PROGRAM: &str = "/opt/Panopto & more/panopto-analytics";
const TIMER: &str = "panopto-analytics-nightly.timer";
const SERVICE: &str = "panopto-analytics-nightly.service";

impl Computer {
    fn new(kind: SchedulerKind) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let commands = Arc::<PretendCommands>::default();
        let files = dir.path().join(match kind {
            SchedulerKind::Systemd => "home/.config/systemd/user",
            SchedulerKind::Launchd => "home/Library/LaunchAgents",
            SchedulerKind::TaskScheduler => "temp",
        });
        if kind != SchedulerKind::Systemd {
            std::fs::create_dir_all(&files).unwrap();
        }
        std::fs::create_dir_all(dir.path().join("home/.config")).unwrap();
        let scheduler = Scheduler::new(kind, files, PROGRAM.into(), Arc::clone(&commands) as _);
        let settings_file = SettingsFile::in_dir(Arc::new(RealDisk), dir.path().join("config"));
        let last = LastExport {
            dir: "/data set".into(),
            courses: None,
            pseudonyms: false,
            formula_guard: false,
            tables: false,
        };
        settings_file.update(|settings| settings.last_export = Some(last)).unwrap();
        Self { dir, commands, scheduler, settings_file }
    }

    fn config(&self) -> PathBuf {
        self.dir.path().join("config")
    }

    fn units(&self) -> PathBuf {
        self.dir.path().join("home/.config/systemd/user")
    }

    fn choice(time: &str) -> NightlyChoice {
        NightlyChoice { at: NightlyTime::parse(time).unwrap(), digest: true, data: None }
    }

    fn on(&self, time: &str) -> engine::Result<Settings> {
        switch_on(&self.settings_file, &self.config(), &self.scheduler, Self::choice(time))
    }

    fn off(&self) -> engine::Result<bool> {
        switch_off(&self.settings_file, &self.config(), &self.scheduler)
    }

    fn status(&self) -> engine::nightly::NightlyStatus {
        let settings = self.settings_file.load().unwrap();
        nightly_status(&settings, &self.config(), &self.scheduler, Some(chrono_tz::Tz::UTC), noon())
    }

    #[track_caller]
    fn trouble(&self) -> String {
        let status = self.status();
        assert!(status.next.is_none(), "what will not begin has no next time");
        let trouble = status.trouble.expect("it is told");
        assert!(trouble.hint().is_some(), "{trouble}");
        trouble.message().replace(&self.dir.path().display().to_string(), "[DIR]")
    }

    /// Every file and folder of the computer, with what the files hold.
    fn listing(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let mut found = BTreeMap::new();
        let mut open = vec![self.dir.path().to_owned()];
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(&dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path.clone());
                    found.insert(path, None);
                } else {
                    found.insert(path.clone(), Some(std::fs::read(&path).unwrap()));
                }
            }
        }
        found
    }
}

const KINDS: [SchedulerKind; 3] = [SchedulerKind::Systemd, SchedulerKind::Launchd, SchedulerKind::TaskScheduler];

#[test]
fn on_and_off_leaves_nothing_on_any_system() {
    for kind in KINDS {
        let computer = Computer::new(kind);
        let before = computer.listing();
        assert!(!computer.off().unwrap() || kind == SchedulerKind::TaskScheduler);
        assert_eq!(computer.listing(), before, "{kind:?}: looking makes nothing");
        computer.on("03:10").unwrap();
        assert_ne!(computer.listing(), before, "{kind:?}");
        assert_eq!(computer.settings_file.load().unwrap().nightly, Some(Computer::choice("03:10")));
        assert!(computer.off().unwrap());
        assert_eq!(computer.listing(), before, "{kind:?}");
        assert_eq!(computer.settings_file.load().unwrap().nightly, None);
    }
}

/// What `systemctl enable` makes is gone too, where no manager runs that could remove it.
#[cfg(unix)]
#[test]
fn a_link_that_systemd_made_goes_as_well() {
    let computer = Computer::new(SchedulerKind::Systemd);
    let before = computer.listing();
    computer.on("03:10").unwrap();
    let wants = computer.units().join("timers.target.wants");
    std::fs::create_dir(&wants).unwrap();
    std::os::unix::fs::symlink(computer.units().join(TIMER), wants.join(TIMER)).unwrap();
    computer.commands.refuse(&["systemctl"]);
    assert!(computer.off().unwrap());
    assert_eq!(computer.listing(), before);
    // What is not ours stays.
    std::fs::create_dir_all(computer.units()).unwrap();
    std::fs::write(computer.units().join("mine.timer"), "[Timer]").unwrap();
    computer.commands.refuse(&[]);
    computer.on("03:10").unwrap();
    computer.off().unwrap();
    assert_eq!(std::fs::read_to_string(computer.units().join("mine.timer")).unwrap(), "[Timer]");
}

#[test]
fn each_system_is_told_in_its_own_words() {
    let calls = |kind| {
        let computer = Computer::new(kind);
        computer.on("03:10").unwrap();
        let on = computer.commands.taken();
        computer.off().unwrap();
        let all = [on, computer.commands.taken()].concat().join("\n");
        let user = all.split("gui/").nth(1).and_then(|rest| rest.split(['/', ' ']).next()).unwrap_or("none").to_owned();
        all.replace(&computer.dir.path().display().to_string(), "[DIR]")
            .replace(&format!("gui/{user}"), "gui/[ME]")
            .replace(&std::process::id().to_string(), "[PID]")
    };
    insta::assert_snapshot!(calls(SchedulerKind::Systemd), @r"
    systemctl --user show-environment
    systemctl --user daemon-reload
    systemctl --user enable panopto-analytics-nightly.timer
    systemctl --user restart panopto-analytics-nightly.timer
    systemctl --user disable --now panopto-analytics-nightly.timer
    systemctl --user clean --what=state panopto-analytics-nightly.timer
    systemctl --user daemon-reload
    ");
    insta::assert_snapshot!(calls(SchedulerKind::Launchd), @r"
    launchctl bootout gui/[ME]/io.github.panopto-video-analytics.nightly
    launchctl bootstrap gui/[ME] [DIR]/home/Library/LaunchAgents/io.github.panopto-video-analytics.nightly.plist
    launchctl bootout gui/[ME]/io.github.panopto-video-analytics.nightly
    ");
    insta::assert_snapshot!(calls(SchedulerKind::TaskScheduler), @r"
    schtasks /Create /TN Panopto Video Analytics nightly /XML [DIR]/temp/panopto-analytics-task-[PID].xml /F
    schtasks /Query /TN Panopto Video Analytics nightly
    schtasks /Delete /TN Panopto Video Analytics nightly /F
    ");
}

#[test]
fn what_the_system_refuses_leaves_nothing_and_says_what_to_try() {
    for (kind, refused) in [
        (SchedulerKind::Systemd, "systemctl --user enable"),
        (SchedulerKind::Launchd, "launchctl bootstrap"),
        (SchedulerKind::TaskScheduler, "schtasks /Create"),
    ] {
        let computer = Computer::new(kind);
        let before = computer.listing();
        computer.commands.refuse(&[refused]);
        let error = computer.on("03:10").unwrap_err();
        assert!(error.message().ends_with("refused on purpose"), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains(refused)), "{:?}", error.hint());
        assert_eq!(computer.listing(), before, "{kind:?}");
    }
}

#[test]
fn linux_without_systemd_says_so() {
    let computer = Computer::new(SchedulerKind::Systemd);
    let before = computer.listing();
    computer.commands.refuse(&["systemctl"]);
    let error = computer.on("03:10").unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
    assert!(error.message().contains("systemd starts no jobs") && error.hint().unwrap().contains("crontab -e"));
    assert_eq!(computer.listing(), before);
}

#[test]
fn without_an_export_there_is_nothing_to_repeat() {
    let computer = Computer::new(SchedulerKind::Systemd);
    computer.settings_file.update(|settings| settings.last_export = None).unwrap();
    let error = computer.on("03:10").unwrap_err();
    assert!(error.code() == ErrorCode::NotFound && error.hint().is_some(), "{error}");
    assert!(!computer.units().exists());
}

#[test]
fn a_unit_that_is_not_as_it_was_made_is_told_and_mended() {
    let computer = Computer::new(SchedulerKind::Systemd);
    computer.on("03:10").unwrap();
    let status = computer.status();
    assert!(status.trouble.is_none() && status.choice.is_some());
    assert_eq!(status.next.unwrap().to_rfc3339(), "2024-03-16T03:10:00+00:00");
    let timer = computer.units().join(TIMER);
    let whole = std::fs::read_to_string(&timer).unwrap();

    std::fs::write(&timer, whole.replace("03:10", "04:10")).unwrap();
    assert_eq!(
        computer.trouble(),
        format!("The nightly job was changed outside this program: `[DIR]/home/.config/systemd/user/{TIMER}`")
    );
    std::fs::write(&timer, whole.as_bytes().split_at(120).0).unwrap();
    assert!(computer.trouble().starts_with("The nightly job was changed outside"));
    std::fs::remove_file(&timer).unwrap();
    assert!(computer.trouble().starts_with("A part of the nightly job is gone"));
    computer.on("03:10").unwrap();
    assert!(computer.status().trouble.is_none());
    // The files are there, but somebody has switched the timer off.
    computer.commands.refuse(&["systemctl --user is-active"]);
    assert!(computer.trouble().contains("told not to start it"));
    computer.commands.refuse(&[]);
    std::fs::remove_dir_all(computer.units()).unwrap();
    assert_eq!(computer.trouble(), "The system has lost the nightly job");
    // The settings were restored from before.
    computer.on("03:10").unwrap();
    computer.settings_file.update(|settings| settings.nightly = None).unwrap();
    assert!(computer.trouble().contains("although it is switched off"));
}

#[test]
fn a_file_of_somebody_else_is_told_and_left_alone() {
    for (kind, file) in [
        (SchedulerKind::Systemd, format!("home/.config/systemd/user/{TIMER}")),
        (SchedulerKind::Systemd, format!("home/.config/systemd/user/{SERVICE}")),
        (
            SchedulerKind::Launchd,
            "home/Library/LaunchAgents/io.github.panopto-video-analytics.nightly.plist".to_owned(),
        ),
    ] {
        let computer = Computer::new(kind);
        let path = computer.dir.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, b"[Timer]\nmine \xff\n").unwrap();
        let before = computer.listing();
        for refused in [computer.on("03:10").unwrap_err(), computer.off().unwrap_err()] {
            assert!(refused.message().contains("is not from this program"), "{refused}");
        }
        assert!(computer.trouble().contains("is not from this program, and is left alone"));
        assert_eq!(computer.listing(), before);
    }
}

/// `schtasks` prints in the console's code page: letters that it does not have are lost.
#[test]
fn a_task_is_recognised_by_what_schtasks_prints_of_it() {
    let computer = Computer::new(SchedulerKind::TaskScheduler);
    let job = computer.scheduler.job(NightlyTime::USUAL, Path::new("/Users/é/c"), None).unwrap();
    let xml = windows_task(&job).unwrap();
    let state = |printed: &[u8]| {
        computer.commands.print(printed);
        computer.scheduler.state(&job).unwrap()
    };
    let in_code_page: Vec<u8> = xml.chars().map(|c| if c.is_ascii() { c as u8 } else { 0x82 }).collect();
    let lost: Vec<u8> = xml.chars().map(|c| if c.is_ascii() { c as u8 } else { b'?' }).collect();
    let utf16: Vec<u8> = xml.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for printed in [in_code_page, lost, utf16] {
        assert_eq!(state(&printed), JobState::Active);
    }
    for other in [xml.replace("02:30", "05:30"), xml.replace("nightly run", "nightly ruin"), String::new()] {
        assert!(matches!(state(other.as_bytes()), JobState::Damaged(_)), "{other}");
    }
    computer.commands.refuse(&["schtasks /Query"]);
    assert_eq!(state(xml.as_bytes()), JobState::Absent);
}

#[test]
fn damaged_results_are_told_and_nothing_else_suffers() {
    let computer = Computer::new(SchedulerKind::Systemd);
    computer.on("03:10").unwrap();
    std::fs::write(computer.config().join("nightly.json"), "{\"nights\": [oops]}").unwrap();
    let status = computer.status();
    let told = status.results_trouble.unwrap();
    assert!(told.code() == ErrorCode::DataFileInvalid && told.message().contains("damaged at line 1"), "{told}");
    assert!(status.trouble.is_none() && status.next.is_some() && status.last.is_none());
    // A word of another version is no success.
    let night = r#"{"nights":[{"began":"2024-03-01T02:30:00Z","ended":"2024-03-01T02:31:00Z","outcome":"doneTwice","later":1}]}"#;
    std::fs::write(computer.config().join("nightly.json"), night).unwrap();
    let results = NightResults::read(&RealDisk, &computer.config()).unwrap();
    let last = results.last().unwrap();
    assert_eq!(last.in_words(), "It ended as another version of this program calls `doneTwice`");
    computer.off().unwrap();
    assert!(!computer.config().join("nightly.json").exists());
}
