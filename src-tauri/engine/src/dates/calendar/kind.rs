//! What kind of date an event is, guessed from its name as a teacher would. The teacher can change it afterwards.
//!
//! The words come from several languages that universities use. A word counts only as a whole, so *context* is no
//! *test*.

use model::DateKind;

const EXAM: &[&str] = &[
    "exam",
    "exams",
    "examination",
    "midterm",
    "midterms",
    "quiz",
    "quizzes",
    "test",
    "final",
    "finals",
    "klausur",
    "prüfung",
    "semesterprüfung",
    "examen",
    "partiel",
    "parcial",
    "esame",
    "tentamen",
];
const DEADLINE: &[&str] = &[
    "due",
    "deadline",
    "submission",
    "submit",
    "assignment",
    "homework",
    "closes",
    "abgabe",
    "abgabetermin",
    "frist",
    "rendu",
    "entrega",
    "scadenza",
];
const BREAK: &[&str] = &[
    "break",
    "holiday",
    "holidays",
    "vacation",
    "recess",
    "thanksgiving",
    "ferien",
    "feiertag",
    "vorlesungsfrei",
    "vacances",
    "vacaciones",
    "festivo",
    "closed",
];
const LECTURE: &[&str] =
    &["lecture", "lectures", "class", "seminar", "lab", "tutorial", "vorlesung", "übung", "cours", "clase", "lezione"];

/// The kind that name and categories suggest. If they suggest none, a repeating event is a lecture.
pub(super) fn guessed(name: &str, categories: &str, is_series: bool) -> DateKind {
    let text = format!("{name} {categories}").to_lowercase();
    let words: Vec<&str> = text.split(|character: char| !character.is_alphanumeric()).collect();
    let says = |list: &[&str]| words.iter().any(|word| list.contains(word));
    // *No class: holiday* is a break, *Homework before the lecture* a deadline, *Exam review lecture* no exam.
    if says(BREAK) {
        DateKind::Break
    } else if says(DEADLINE) {
        DateKind::Deadline
    } else if says(EXAM) && !says(LECTURE) {
        DateKind::Exam
    } else if says(LECTURE) || is_series {
        DateKind::Lecture
    } else {
        DateKind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_told_by_whole_words() {
        for (name, is_series, kind) in [
            ("Midterm", false, DateKind::Exam),
            ("GEOG 204 Final exam", false, DateKind::Exam),
            ("Prüfung Statistik", false, DateKind::Exam),
            ("Exam review lecture", false, DateKind::Lecture),
            ("Essay 2 is due", false, DateKind::Deadline),
            ("Quiz 2 closes", false, DateKind::Deadline),
            ("No class: Thanksgiving", true, DateKind::Break),
            ("GEOG 204", true, DateKind::Lecture),
            ("GEOG 204", false, DateKind::Other),
            ("In the context of contests", false, DateKind::Other),
        ] {
            assert_eq!(guessed(name, "", is_series), kind, "{name}");
        }
        assert_eq!(guessed("GEOG 204", "Exams", false), DateKind::Exam);
    }
}
