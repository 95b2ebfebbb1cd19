//! Tells the system of the nightly job, takes it away again, and says what the system knows of it.
//!
//! Deliberately absent: the contents of the files, which are pure functions ([`super::systemd`], [`super::launchd`],
//! [`super::task_scheduler`]).
//!
//! Invariants:
//! - Removing leaves nothing: no file, no link, no folder that was made for them, no memory of the last start.
//! - A file in our place that this program did not make is told, and never replaced or removed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use directories::BaseDirs;

use super::job::{NightlyJob, command_line_program};
use super::launchd::{LABEL, launchd_agent};
use super::system::{CommandAnswer, RealCommands, SystemCommands};
use super::systemd::{MARK, SERVICE, TIMER, systemd_service, systemd_timer};
use super::task_scheduler::{TASK, as_utf16, is_said, windows_task};
use crate::settings::NightlyTime;
use crate::store::disk::{Disk, Durability, RealDisk, replace};
use crate::store::path_text;
use crate::store::refusal::disk_error;
use crate::{Error, ErrorCode, Result};

/// Who starts jobs on this system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchedulerKind {
    /// The user manager of systemd.
    Systemd,
    /// launchd, for the user who is logged in.
    Launchd,
    /// The Windows Task Scheduler.
    TaskScheduler,
}

/// What the system knows of the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    /// Nothing.
    Absent,
    /// All of it.
    Active,
    /// Something of this program, but not this job; installing it again mends that. The text is a sentence.
    Damaged(String),
    /// Something that is not of this program stands in its place.
    Foreign(PathBuf),
}

/// The system's way to start jobs.
#[derive(Debug, Clone)]
pub struct Scheduler {
    kind: SchedulerKind,
    commands: Arc<dyn SystemCommands>,
    /// The folder of the files.
    dir: PathBuf,
    /// What is started; `None` where there is no command line beside this program.
    program: Option<PathBuf>,
    disk: Arc<dyn Disk>,
}

impl Scheduler {
    /// That of this computer.
    pub fn of_this_system() -> Result<Self> {
        let base = BaseDirs::new().ok_or_else(|| {
            Error::new(ErrorCode::NotConfigured, "This user has no home directory to keep a schedule in")
                .with_hint("Set HOME")
        })?;
        let (kind, dir) = if cfg!(windows) {
            (SchedulerKind::TaskScheduler, std::env::temp_dir())
        } else if cfg!(target_os = "macos") {
            (SchedulerKind::Launchd, base.home_dir().join("Library/LaunchAgents"))
        } else {
            (SchedulerKind::Systemd, base.config_dir().join("systemd/user"))
        };
        let program = command_line_program().ok();
        Ok(Self { kind, commands: Arc::new(RealCommands), dir, program, disk: Arc::new(RealDisk) })
    }

    /// One of this kind, whose files are in `dir`, and which starts this program.
    pub fn new(kind: SchedulerKind, dir: PathBuf, program: PathBuf, commands: Arc<dyn SystemCommands>) -> Self {
        Self { kind, commands, dir, program: Some(program), disk: Arc::new(RealDisk) }
    }

    /// The job at this time over these settings, with a data folder of its own where one is given.
    pub fn job(&self, at: NightlyTime, config_dir: &Path, data: Option<&Path>) -> Result<NightlyJob> {
        match &self.program {
            Some(program) => NightlyJob::new(at, program, config_dir, data),
            None => NightlyJob::new(at, &command_line_program()?, config_dir, data),
        }
    }

    /// [`ErrorCode::NotFound`] where the system starts no jobs for this user; cron may do it then. Blocks.
    pub fn check_is_there(&self) -> Result<()> {
        if self.kind != SchedulerKind::Systemd || self.succeeds("systemctl", &["--user", "show-environment"]) {
            return Ok(());
        }
        Err(Error::new(ErrorCode::NotFound, "On this computer systemd starts no jobs for this user")
            .with_hint("Let cron start it: add the line that is shown with `crontab -e`; where cron has no keychain, with the variables of `--help` before it"))
    }

    /// Makes the system start the job. Replaces an earlier or a damaged one; [`ErrorCode::InvalidInput`] where something
    /// that is not of this program stands in its place, [`ErrorCode::NotFound`] where the system starts no jobs. Blocks.
    pub fn install(&self, job: &NightlyJob) -> Result<()> {
        self.check_is_there()?;
        self.refuse_foreign()?;
        let installed = match self.kind {
            SchedulerKind::Systemd => self.install_units(job),
            SchedulerKind::Launchd => self.install_agent(job),
            SchedulerKind::TaskScheduler => self.install_task(job),
        };
        if installed.is_err() {
            // Half a job would be worse than none. The reason is what counts.
            let _ = self.remove();
        }
        installed
    }

    /// Makes the system forget the job; `false` where it knew none. Blocks.
    pub fn remove(&self) -> Result<bool> {
        self.refuse_foreign()?;
        match self.kind {
            SchedulerKind::Systemd => {
                let known = self.is_there(TIMER)? || self.is_there(SERVICE)?;
                if known {
                    // Where no manager runs, the files are all there is.
                    let _ = self.call("systemctl", &["--user", "disable", "--now", TIMER]);
                    // When it last started.
                    let _ = self.call("systemctl", &["--user", "clean", "--what=state", TIMER]);
                    self.take_away(&format!("timers.target.wants/{TIMER}"))?;
                    self.take_away(TIMER)?;
                    self.take_away(SERVICE)?;
                    let _ = self.call("systemctl", &["--user", "daemon-reload"]);
                    self.remove_if_empty(&self.dir.join("timers.target.wants"));
                    self.remove_if_empty(&self.dir);
                    self.dir.parent().into_iter().for_each(|above| self.remove_if_empty(above));
                }
                Ok(known)
            }
            SchedulerKind::Launchd => {
                let known = self.is_there(&agent_file())?;
                if known {
                    let _ = self.call("launchctl", &["bootout", &agent_target()]);
                    self.take_away(&agent_file())?;
                }
                Ok(known)
            }
            SchedulerKind::TaskScheduler => {
                let known = self.is_task();
                if known {
                    self.must("schtasks", &["/Delete", "/TN", TASK, "/F"], "removed")?;
                }
                Ok(known)
            }
        }
    }

    /// What the system knows of this job. Changes nothing. Blocks.
    pub fn state(&self, job: &NightlyJob) -> Result<JobState> {
        match self.kind {
            SchedulerKind::Systemd => {
                let expected = [(TIMER, systemd_timer(job)), (SERVICE, systemd_service(job))];
                self.state_of_files(&expected, is_unit_of_ours, || {
                    self.succeeds("systemctl", &["--user", "is-active", "--quiet", TIMER])
                })
            }
            SchedulerKind::Launchd => {
                let file = agent_file();
                self.state_of_files(&[(&file, launchd_agent(job))], is_agent_of_ours, || {
                    self.succeeds("launchctl", &["print", &agent_target()])
                })
            }
            SchedulerKind::TaskScheduler => match self.call("schtasks", &["/Query", "/TN", TASK, "/XML"]) {
                Ok(answer) if answer.success && is_said(job, &answer.output) => Ok(JobState::Active),
                Ok(answer) if answer.success => Ok(JobState::Damaged(changed(TASK))),
                _ => Ok(JobState::Absent),
            },
        }
    }

    fn state_of_files(
        &self,
        expected: &[(&str, String)],
        is_ours: fn(&str) -> bool,
        is_loaded: impl FnOnce() -> bool,
    ) -> Result<JobState> {
        let (mut missing, mut different) = (Vec::new(), None);
        for (name, text) in expected {
            match self.text_of(name)? {
                None => missing.push(*name),
                Some(found) if found == *text => {}
                Some(found) if is_ours(&found) => different = Some(*name),
                Some(_) => return Ok(JobState::Foreign(self.dir.join(name))),
            }
        }
        if missing.len() == expected.len() {
            return Ok(JobState::Absent);
        }
        if let Some(name) = different {
            return Ok(JobState::Damaged(changed(&path_text(&self.dir.join(name)))));
        }
        if let Some(name) = missing.first() {
            return Ok(JobState::Damaged(format!(
                "A part of the nightly job is gone: `{}`",
                path_text(&self.dir.join(name))
            )));
        }
        if is_loaded() {
            return Ok(JobState::Active);
        }
        Ok(JobState::Damaged("The system has the nightly job, but was told not to start it".to_owned()))
    }

    fn install_units(&self, job: &NightlyJob) -> Result<()> {
        self.write(SERVICE, systemd_service(job).as_bytes())?;
        self.write(TIMER, systemd_timer(job).as_bytes())?;
        for arguments in [
            &["--user", "daemon-reload"][..],
            &["--user", "enable", TIMER],
            // One that runs takes over another time only then.
            &["--user", "restart", TIMER],
        ] {
            self.must("systemctl", arguments, "taken over")?;
        }
        Ok(())
    }

    fn install_agent(&self, job: &NightlyJob) -> Result<()> {
        let file = agent_file();
        self.write(&file, launchd_agent(job).as_bytes())?;
        // One that is loaded already must go first.
        let _ = self.call("launchctl", &["bootout", &agent_target()]);
        let path = self.dir.join(&file);
        let path = path.to_str().unwrap_or_default();
        self.must("launchctl", &["bootstrap", &agent_domain(), path], "taken over")
    }

    fn install_task(&self, job: &NightlyJob) -> Result<()> {
        let name = format!("panopto-analytics-task-{}.xml", std::process::id());
        let path = self.dir.join(&name);
        self.write(&name, &as_utf16(&windows_task(job)?))?;
        let path = path.to_str().unwrap_or_default();
        let taken = self.must("schtasks", &["/Create", "/TN", TASK, "/XML", path, "/F"], "taken over");
        self.take_away(&name)?;
        taken
    }

    fn refuse_foreign(&self) -> Result<()> {
        let (names, is_ours): (Vec<String>, fn(&str) -> bool) = match self.kind {
            SchedulerKind::Systemd => (vec![TIMER.to_owned(), SERVICE.to_owned()], is_unit_of_ours),
            SchedulerKind::Launchd => (vec![agent_file()], is_agent_of_ours),
            SchedulerKind::TaskScheduler => return Ok(()),
        };
        for name in names {
            if self.text_of(&name)?.is_some_and(|text| !is_ours(&text)) {
                return Err(foreign(&self.dir.join(name)));
            }
        }
        Ok(())
    }

    fn is_task(&self) -> bool {
        self.succeeds("schtasks", &["/Query", "/TN", TASK])
    }

    fn is_there(&self, name: &str) -> Result<bool> {
        let path = self.dir.join(name);
        self.disk.exists(&path).map_err(|error| disk_error("read", &path, error).into())
    }

    /// What cannot be text is damaged, and not of this program.
    fn text_of(&self, name: &str) -> Result<Option<String>> {
        if !self.is_there(name)? {
            return Ok(None);
        }
        let path = self.dir.join(name);
        let bytes = self.disk.read_at_most(&path, MOST_BYTES).map_err(|error| disk_error("read", &path, error))?;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.dir.join(name);
        self.disk.create_dir_all(&self.dir).map_err(|error| disk_error("write", &self.dir, error))?;
        Ok(replace(&*self.disk, &path, Durability::Durable, |file| file.write_all(bytes))?)
    }

    fn take_away(&self, name: &str) -> Result<()> {
        let path = self.dir.join(name);
        match self.disk.remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(disk_error("remove", &path, error).into())
            }
            _ => Ok(()),
        }
    }

    fn remove_if_empty(&self, dir: &Path) {
        if self.disk.list(dir).is_ok_and(|entries| entries.is_empty()) {
            // Nothing is lost where that fails.
            let _ = self.disk.remove_dir_all(dir);
        }
    }

    fn call(&self, program: &str, arguments: &[&str]) -> std::io::Result<CommandAnswer> {
        let answer = self.commands.run(program, arguments)?;
        tracing::info!(program, ?arguments, success = answer.success, "the system's schedule");
        Ok(answer)
    }

    fn succeeds(&self, program: &str, arguments: &[&str]) -> bool {
        self.call(program, arguments).is_ok_and(|answer| answer.success)
    }

    fn must(&self, program: &str, arguments: &[&str], what: &str) -> Result<()> {
        let why = match self.call(program, arguments) {
            Ok(answer) if answer.success => return Ok(()),
            Ok(answer) => answer.said.lines().next().unwrap_or_default().to_owned(),
            Err(error) => error.to_string(),
        };
        let message = format!("The nightly job was not {what} by `{program}`: {why}");
        Err(Error::new(ErrorCode::Internal, message.trim_end_matches([':', ' ', '.']).to_owned())
            .with_hint(format!("Try `{program} {}` in a terminal: it says more", arguments.join(" "))))
    }
}

/// A file of ours is far smaller.
const MOST_BYTES: u64 = 1 << 20;

fn agent_file() -> String {
    format!("{LABEL}.plist")
}

fn agent_domain() -> String {
    #[cfg(unix)]
    let user = rustix::process::getuid().as_raw();
    #[cfg(not(unix))]
    let user = 0;
    format!("gui/{user}")
}

fn agent_target() -> String {
    format!("{}/{LABEL}", agent_domain())
}

fn is_unit_of_ours(text: &str) -> bool {
    text.starts_with(MARK.trim_end())
}

fn is_agent_of_ours(text: &str) -> bool {
    text.contains(&format!("<string>{LABEL}</string>"))
}

fn changed(what: &str) -> String {
    format!("The nightly job was changed outside this program: `{what}`")
}

/// That somebody else's file stands in our place.
pub(super) fn foreign(path: &Path) -> Error {
    Error::new(ErrorCode::InvalidInput, format!("`{}` is not from this program, and is left alone", path_text(path)))
        .with_hint("Move or rename that file, then try again")
}
