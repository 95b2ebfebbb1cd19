//! What each column of the tables means, for files that carry the definitions of their columns.
//!
//! Deliberately absent: how the figures are computed, which `docs/figures.md` says.
//!
//! Invariant: every column of every table has a sentence of its own here (a test asks for each).

use super::fields::{CHUNKED_FILE, SESSIONS_FILE};
use super::tables::{DATES_FILE, MOMENTS_FILE, STEPS_FILE};

/// The definition of a column of the table in this file; `None` for a column that the table does not have.
pub(super) fn definition(file: &str, header: &str) -> Option<&'static str> {
    match file {
        SESSIONS_FILE => of_a_video(header),
        CHUNKED_FILE => of_a_chunk(header),
        STEPS_FILE => of_a_step(header),
        MOMENTS_FILE => of_a_moment(header),
        DATES_FILE => of_a_date(header),
        _ => None,
    }
}

const VIDEO: &str = "ID of the video: the SessionId of its row in sessions_overview";

fn of_a_video(header: &str) -> Option<&'static str> {
    Some(match header {
        "Order" => "Place of the video in its course, from 1, in the order of Panopto's lists",
        "SessionId" => "ID that Panopto gives the video",
        "SessionName" => "Name of the video",
        "Description" => "Description of the video; empty where it has none",
        "Duration" => "Length of the video in seconds; null where Panopto gives none, as for live videos",
        "RootFolderID" => "ID of the course: the Panopto folder on the course list",
        "RootFolderName" => "Name of the course",
        "ContainingFolderID" => "ID of the folder in which the video lies: the course's own or one below it",
        "ContainingFolderName" => "Name of the folder in which the video lies",
        "UniqueViewers" => "Viewers with at least one viewing record of the video, over all dates",
        "CompletedViewerCount(75%Coverage)" => {
            "Viewers who covered at least 75 % of the video, over all dates together; what was played twice counts once"
        }
        _ => return None,
    })
}

fn of_a_chunk(header: &str) -> Option<&'static str> {
    Some(match header {
        "SessionId" => VIDEO,
        "UserId" => "ID of the viewer, or the viewer's pseudonym; anonymous viewers have one for each browser",
        "Date" => "Day in the reporting time zone on which Panopto stored the viewing records",
        "ChunkIndex" => "Which of the 20 equal parts of the video, from 0 to 19",
        "ChunkStart" => "Where the part begins, in seconds of the video",
        "ChunkEnd" => "Where the part ends, in seconds of the video",
        "ChunkPercentCovered" => {
            "How much of the part the viewer covered on that day, in per cent from 0 to 100; what was played twice counts once"
        }
        "TotalTimeSpent" => {
            "Seconds of the part that the viewer played on that day; what was played twice counts twice"
        }
        "Completed(75%)" => "Whether the viewer covered at least 75 % of the part on that day",
        _ => return None,
    })
}

fn of_a_step(header: &str) -> Option<&'static str> {
    Some(match header {
        "SessionId" => VIDEO,
        "StepStart" => "Where the step begins, in seconds of the video; steps follow each other without gaps",
        "StepEnd" => "Where the step ends, in seconds of the video",
        "StepViewers" => "Viewers who covered the step, over all dates",
        "StepPlays" => "How often the step was played, over all dates and viewers",
        _ => return None,
    })
}

fn of_a_moment(header: &str) -> Option<&'static str> {
    Some(match header {
        "SessionId" => VIDEO,
        "MomentNumber" => "Number of the moment in its video, from 1; the one with the largest effect comes first",
        "MomentKind" => "Kind of moment, such as watched again, skipped or left",
        "MomentStart" => "Where the moment begins, in seconds of the video",
        "MomentEnd" => "Where the moment ends, in seconds of the video",
        "MomentPeople" => "Viewers in whose viewing the moment shows",
        "MomentSentence" => "Why this is a moment, with its numbers",
        "MomentWords" => "What is said there according to the captions; empty where there are none",
        _ => return None,
    })
}

fn of_a_date(header: &str) -> Option<&'static str> {
    Some(match header {
        "SessionId" => VIDEO,
        "DateNumber" => "Number of the date; a date that concerns several videos has a row for each of them",
        "DateKind" => "Kind of date, such as exam, deadline or lecture",
        "DateName" => "Name of the date",
        "DateStart" => "First day of the date, in the reporting time zone",
        "DateEnd" => "Last day of the date, in the reporting time zone",
        "DateTime" => "Time of day in the reporting time zone; empty where the date has none",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::tables::tables;
    use super::*;

    #[test]
    fn every_column_has_a_definition_of_its_own() {
        for table in tables(true) {
            let mut met = BTreeSet::new();
            for column in table.columns {
                let sentence = definition(table.file, column.header);
                let sentence = sentence.unwrap_or_else(|| panic!("{}: {} means nothing", table.file, column.header));
                assert!(met.insert(sentence), "{}: {} means what another column means", table.file, column.header);
            }
            assert_eq!(definition(table.file, "Unnamed: 0"), None);
        }
    }
}
