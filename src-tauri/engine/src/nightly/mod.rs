//! Every night: sync all courses, and save the dataset as the last export did.
//!
//! The system starts `panopto-analytics nightly run`: a systemd user timer, a launchd agent or a task of the Windows Task
//! Scheduler, each made by a pure function ([`systemd_timer`], [`launchd_agent`], [`windows_task`]). [`Scheduler`] tells the
//! system of it, [`run_night`] is one night, [`nightly_status`] says how things are.
//!
//! Deliberately absent: a process of our own that waits for the night, and anything that wakes a computer.

mod cron;
mod job;
mod launchd;
mod let_go;
mod markup;
mod notify;
mod results;
mod round;
mod run;
mod scheduler;
mod status;
mod system;
mod systemd;
mod task_scheduler;

pub use cron::cron_line;
pub use job::NightlyJob;
pub use launchd::launchd_agent;
pub use let_go::ask_night_to_end;
pub use notify::{DesktopNotifier, Notifier};
pub use results::{NightResult, NightResults, NightWord};
pub use run::{DIGEST_FILE, NightReport, NightWork, run_night};
pub use scheduler::{JobState, Scheduler, SchedulerKind};
pub use status::{NightlyStatus, next_night, nightly_status, switch_off, switch_on};
#[cfg(any(test, feature = "testing"))]
pub use system::PretendCommands;
pub use system::{CommandAnswer, SystemCommands};
pub use systemd::{systemd_service, systemd_timer};
pub use task_scheduler::windows_task;
