//! The property list of a launchd agent.
//!
//! Deliberately absent: the calls of `launchctl`. launchd starts the job at the next wake where the computer slept, and
//! wakes nothing. It does not make up for a night in which the computer was off.

use super::job::NightlyJob;
use super::markup::text;

/// The name of the agent.
pub(super) const LABEL: &str = "io.github.panopto-video-analytics.nightly";

/// The property list.
pub fn launchd_agent(job: &NightlyJob) -> String {
    let words = job.words().iter().fold(String::new(), |xml, word| xml + "    <string>" + &text(word) + "</string>\n");
    let (hour, minute) = (job.at().hour(), job.at().minute());
    // 63 is the mask 0077: what the job writes is the owner's alone.
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>{LABEL}</string>
  <key>ProgramArguments</key>
  <array>
{words}  </array>
  <key>StartCalendarInterval</key>
  <dict>
    <key>Hour</key>
    <integer>{hour}</integer>
    <key>Minute</key>
    <integer>{minute}</integer>
  </dict>
  <key>ProcessType</key>
  <string>Background</string>
  <key>Umask</key>
  <integer>63</integer>
</dict>
</plist>
"#
    )
}
