//! The two units of a systemd user manager: a timer, and the service that it starts.
//!
//! Deliberately absent: the calls of `systemctl`. Invariant: what a path holds means nothing to systemd: quotes, blanks,
//! `%`, `$`, `\` and `#` reach the program as they are.

use std::fmt::Write as _;

use super::job::NightlyJob;

/// The name of the timer.
pub(super) const TIMER: &str = "panopto-analytics-nightly.timer";
/// The name of the service.
pub(super) const SERVICE: &str = "panopto-analytics-nightly.service";
/// By its first line a file is known as this program's.
pub(super) const MARK: &str =
    "# Panopto Video Analytics made this file; `panopto-analytics nightly remove` takes it away.\n";

/// The service.
///
/// The condition keeps a job quiet whose program was removed. With `:` systemd replaces no variables, so that `$` is a
/// letter. A part that failed (5) is no failure of the service: it is tried again the next night.
pub fn systemd_service(job: &NightlyJob) -> String {
    let mut call = String::new();
    let mut program = job.words();
    if needs_shell(job.program()) {
        call.push_str(r#"/bin/sh -c "exec \"$0\" \"$@\"""#);
    } else {
        quote(&mut call, job.program());
        program = job.arguments();
    }
    for word in program {
        call.push(' ');
        quote(&mut call, word);
    }
    format!(
        "{MARK}[Unit]\n\
         Description=Panopto viewing records: sync, and save the dataset\n\
         ConditionFileIsExecutable={}\n\n\
         [Service]\n\
         Type=oneshot\n\
         ExecStart=:{call}\n\
         SuccessExitStatus=5\n\
         UMask=0077\n\
         Nice=10\n",
        job.program().replace('%', "%%"),
    )
}

/// The timer. `Persistent` makes up for a night in which the computer was off; nothing here wakes it. The delay spreads the
/// computers of a university over ten minutes.
pub fn systemd_timer(job: &NightlyJob) -> String {
    format!(
        "{MARK}[Unit]\n\
         Description=Every night: Panopto viewing records\n\n\
         [Timer]\n\
         OnCalendar=*-*-* {}:00\n\
         Persistent=true\n\
         RandomizedDelaySec=10min\n\n\
         [Install]\n\
         WantedBy=timers.target\n",
        job.at()
    )
}

/// systemd refuses a program whose own path has one of these, even where it is quoted.
fn needs_shell(program: &str) -> bool {
    program.contains(['"', '\'', '\\'])
}

fn quote(line: &mut String, word: &str) {
    line.push('"');
    for character in word.chars() {
        match character {
            '"' | '\\' => {
                let _ = write!(line, "\\{character}");
            }
            '%' => line.push_str("%%"),
            other => line.push(other),
        }
    }
    line.push('"');
}
