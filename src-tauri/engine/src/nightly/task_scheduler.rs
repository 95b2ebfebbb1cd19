//! The task of the Windows Task Scheduler, as XML.
//!
//! Deliberately absent: the calls of `schtasks`.
//!
//! Invariant: the arguments reach the program as they are, by the rules by which Windows programs take their command line
//! apart. What the Task Scheduler would replace in a path is refused, because it knows no way to write it literally.

use super::job::NightlyJob;
use super::markup::text;
use crate::{Error, ErrorCode, Result};

/// The name of the task.
pub(super) const TASK: &str = "Panopto Video Analytics nightly";

/// The task. It runs as the person who installs it, while that person is signed in, because the keychain is open then. It
/// starts as soon as it can where the computer slept or was off, wakes nothing and needs a network.
pub fn windows_task(job: &NightlyJob) -> Result<String> {
    for word in job.words() {
        refuse_replaced(word)?;
    }
    let time = job.at();
    // A day in the past: from then on every day.
    Ok(format!(
        r#"<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Author>Panopto Video Analytics</Author>
    <Description>Every night: syncs Panopto viewing records and saves the dataset</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2026-01-01T{time}:00</StartBoundary>
      <RandomDelay>PT10M</RandomDelay>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT20H</ExecutionTimeLimit>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{command}</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"#,
        command = text(job.program()),
        arguments = text(&command_line(job.arguments())),
    ))
}

/// The bytes that `schtasks` reads.
pub(super) fn as_utf16(xml: &str) -> Vec<u8> {
    let units = std::iter::once('\u{feff}').chain(xml.chars()).flat_map(|character| {
        let mut units = [0; 2];
        character.encode_utf16(&mut units).to_vec()
    });
    units.flat_map(u16::to_le_bytes).collect()
}

/// Whether what `schtasks` says of the task is this job. It prints in the console's code page, so only what every code page
/// has is compared.
pub(super) fn is_said(job: &NightlyJob, xml: &[u8]) -> bool {
    let ascii = |bytes: &[u8]| -> String {
        bytes
            .iter()
            .filter(|byte| matches!(byte, 0x20..0x7f))
            .filter(|byte| **byte != b'?')
            .map(|&b| b as char)
            .collect()
    };
    let said = ascii(xml);
    let element = |name: &str, value: &str| ascii(format!("<{name}>{}</{name}>", text(value)).as_bytes());
    [
        element("Command", job.program()),
        element("Arguments", &command_line(job.arguments())),
        format!("T{}:00</StartBoundary>", job.at()),
    ]
    .iter()
    .all(|part| said.contains(part))
}

/// The Task Scheduler replaces `%NAME%` by a variable and `$(Arg0)` by an argument of its own.
fn refuse_replaced(word: &str) -> Result<()> {
    let refused = |what: &str| {
        let message = format!("`{word}` cannot be written into a task: the Task Scheduler replaces {what} in it");
        Err(Error::new(ErrorCode::InvalidInput, message)
            .with_hint("Move it to a folder without these signs in its name"))
    };
    if word.matches('%').count() > 1 {
        return refused("what stands between two `%`");
    }
    if word.contains("$(") {
        return refused("what begins with `$(`");
    }
    Ok(())
}

/// By the rules of `CommandLineToArgvW`: within quotation marks a backslash counts only before one.
fn command_line(arguments: &[String]) -> String {
    let quoted = arguments.iter().map(|argument| {
        if !argument.is_empty() && !argument.contains([' ', '\t', '"']) {
            return argument.clone();
        }
        let (mut line, mut backslashes) = ("\"".to_owned(), 0);
        for character in argument.chars() {
            match character {
                '\\' => backslashes += 1,
                '"' => {
                    line.extend(std::iter::repeat_n('\\', 2 * backslashes + 1));
                    backslashes = 0;
                    line.push('"');
                }
                _ => {
                    line.extend(std::iter::repeat_n('\\', backslashes));
                    backslashes = 0;
                    line.push(character);
                }
            }
        }
        line.extend(std::iter::repeat_n('\\', 2 * backslashes));
        line.push('"');
        line
    });
    quoted.collect::<Vec<_>>().join(" ")
}
