//! The text beside a credit list: what was counted, until when, and who is not in it.
//!
//! It goes to whoever asks for a grade later, so it holds the rule and numbers, and no name. Deliberately absent: the list.
//!
//! Invariant: every number of the list that is not a value is told here.

use std::fmt::Write as _;

use model::words::{counted, day_year};
use model::{Credit, CreditScale, LeftOutOfCredit, NEAR_POINTS};

use super::CreditList;

/// What was counted, in lines of plain text.
pub fn credit_text(list: &CreditList, course: &str, made_by: &str) -> String {
    let mut text = String::new();
    let rule = &list.rule;
    // Writing to a string never fails.
    let _ = writeln!(text, "Credit for watching: {course}");
    let _ =
        writeln!(text, "Up to {} points for {}:", rule.points, counted(list.videos.len() as u64, "video", "videos"));
    for video in &list.videos {
        let _ = writeln!(text, "  {} ({})", model::line::listed_name(&video.name), video.session_id);
    }
    let how = match rule.scale {
        CreditScale::Full => "A video counts whole when at least that much of it was played, and not at all below.",
        CreditScale::Proportional => "Below that, a video counts in proportion to what was played of it.",
    };
    let _ = writeln!(text, "Threshold: {} % of the video, each second counted once. {how}", rule.threshold_percent);
    let _ = writeln!(text, "Deadline: {}", list.deadline.words());
    if list.deadline.grace_minutes > 0 {
        let minutes = u64::from(list.deadline.grace_minutes);
        let _ = writeln!(text, "Grace: {} after it still count", counted(minutes, "minute", "minutes"));
    }
    match list.records_through {
        Some(day) => {
            let _ = writeln!(text, "Records: everything up to {} (UTC)", day_year(day));
        }
        None => {
            let _ = writeln!(text, "Records: not known up to when");
        }
    }
    if list.is_provisional {
        let _ = writeln!(text, "Provisional: Panopto may still add records of the time before the deadline.");
    }
    let _ = writeln!(text, "Values have {}, rounded half up.", counted(rule.decimals.into(), "decimal", "decimals"));
    let points = list.rows.iter().filter(|row| matches!(row.credit, Credit::Points(_))).count();
    let zeros = list.rows.iter().filter(|row| row.credit == Credit::DecidedZero).count();
    let _ = writeln!(text);
    let _ = writeln!(text, "People on the class list: {}", list.rows.len());
    let _ = writeln!(text, "  with points: {points}");
    let _ = writeln!(text, "  zero, because nothing is recorded and you decided so: {zeros}");
    for because in [
        LeftOutOfCredit::NothingRecorded,
        LeftOutOfCredit::NotFound,
        LeftOutOfCredit::OnlySuggested,
        LeftOutOfCredit::Conflict,
        LeftOutOfCredit::Decided,
    ] {
        let people = list.rows.iter().filter(|row| row.credit == Credit::LeftOut(because)).count();
        if people > 0 {
            let _ = writeln!(text, "  without a value, {}: {people}", because.sentence());
        }
    }
    let near = list.rows.iter().filter(|row| !row.near.is_empty()).count();
    let _ = writeln!(text, "  within {NEAR_POINTS} points below the threshold in some video: {near}");
    let decided = list.rows.iter().filter(|row| row.reason.is_some()).count();
    if decided > 0 {
        let _ = writeln!(text, "  decided by you, with a reason: {decided}");
    }
    if list.unknown_viewers > 0 {
        let browsers = counted(list.unknown_viewers as u64, "viewer", "viewers");
        let _ = writeln!(text, "{browsers} of these videos cannot be told apart from people without an account.");
    }
    let _ = writeln!(
        text,
        "\nPlaying is not watching: a video that ran in an empty room looks the same. Downloads and shared screens leave no trace."
    );
    let _ = writeln!(text, "Made by {made_by}.");
    text
}
