//! The line for cron, where the system has nothing that this program could set up by itself.

use super::job::NightlyJob;

/// The line to add with `crontab -e`. A `%` ends a command there, unless a backslash stands before it.
pub fn cron_line(job: &NightlyJob) -> String {
    let call = job.words().iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    format!("{} {} * * *  {} --quiet", job.at().minute(), job.at().hour(), call.replace('%', "\\%"))
}

/// For a shell, only where it needs it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ':' | '+' | ',');
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
