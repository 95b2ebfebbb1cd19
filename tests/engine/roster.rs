//! The class list of a course: importing, matching with stored viewing, deciding, forgetting, and credit.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::ErrorCode;
use engine::credit::{
    CreditOverride, CreditRequest, CreditWho, credit_file, credit_list, credit_text, filled_gradebook, typed_deadline,
};
use engine::people::{WithNames, count_again, leave_out};
use engine::roster::{
    ClassInView, Everybody, GradebookFormat, OfEnrolled, Reading, Standing, WhoIsIt, class_in_view, confirm_domain,
    decide_match, find_listed, forget_person, import_roster, pasted_roster, preview_roster, remove_class_list,
    roster_of_file,
};
use engine::store::{DataFolder, KnownName, RealDisk};
use engine::views::Views;
use model::{
    AccountName, Credit, CreditRule, CreditScale, FolderId, LeftOutOfCredit, MatchState, NameState, SessionId, UserId,
    ViewingSpan,
};

use crate::chunk_fixture::{SmallCourse, files, id, small_folder};

fn at(day: u32) -> DateTime<Utc> {
    format!("2026-11-{day:02}T08:00:00Z").parse().unwrap()
}

fn course() -> FolderId {
    id(1).parse().unwrap()
}

fn user(number: u32) -> UserId {
    id(number).parse().unwrap()
}

fn video(number: u32) -> SessionId {
    id(number).parse().unwrap()
}

/// Two videos of 100 s; viewers 21 to 25. 25 was not signed in.
fn folder() -> (tempfile::TempDir, DataFolder) {
    let course = SmallCourse::new(1, "Course")
        .video(11, "100.0")
        .video(12, "100.0")
        .run(11, 21, "2026-10-01 06:00:00+00:00", 0.0, 80.0)
        .run(12, 21, "2026-10-01 07:30:00+00:00", 0.0, 100.0)
        .run(11, 22, "2026-10-01 06:00:00+00:00", 0.0, 74.0)
        .run(11, 23, "2026-09-30 06:00:00+00:00", 0.0, 50.0)
        .run(11, 24, "2026-09-30 06:00:00+00:00", 40.0, 90.0)
        .run(11, 25, "2026-09-30 06:00:00+00:00", 0.0, 100.0);
    let (dir, folder) = small_folder(&[course]);
    let mut people = folder.people().unwrap();
    let known = |user_key: &str, email: &str, first: &str, last: &str| KnownName {
        state: NameState::Named.into(),
        name: AccountName {
            user_key: user_key.to_owned(),
            first: first.to_owned(),
            last: last.to_owned(),
            email: email.to_owned(),
        },
        asked_at: at(1),
    };
    people.learn(user(21), known("unified\\MVale7", "mvale7@example.edu", "Mira", "Okonjo-Vale"));
    people.learn(user(22), known("unified\\tlind", "", "Tariq", "Lindqvist"));
    people.learn(user(23), known("unified\\squill@students.example.edu", "", "Sofía", "Quill"));
    people.learn(user(24), known("canvas\\9", "", "Jörg", "Ahlmann"));
    people.learn(user(25), KnownName { state: NameState::Anonymous.into(), ..known("", "", "", "") });
    folder.save_people(&folder.lock().unwrap(), &people).unwrap();
    (dir, folder)
}

const LIST: &str = "Name,Username,Email,Student number\n\
    \"Okonjo-Vale, Mira\",mvale7,mvale7@example.edu,0012345\n\
    \"Lindqvist, Tariq\",TLIND,,0012346\n\
    \"Quill, Sofía\",squill,,0012347\n\
    \"Ahlmann, Jörg\",,jahlmann@private.example,0012348\n\
    \"Costa, Lúcia\",lcosta,,0012349\n";

fn import(folder: &DataFolder, text: &str, day: u32) -> engine::roster::RosterPlan {
    let lock = folder.lock().unwrap();
    let roster = pasted_roster(text).unwrap();
    import_roster(folder, &lock, &Views::default(), course(), roster, Tz::UTC, at(day)).unwrap()
}

fn seen(folder: &DataFolder) -> ClassInView {
    class_in_view(folder, &Views::default(), course(), Tz::UTC).unwrap().unwrap()
}

fn states(class: &ClassInView) -> Vec<&'static str> {
    class.matches.rows.iter().map(|row| row.state.word()).collect()
}

#[test]
fn a_preview_is_the_import_and_writes_nothing() {
    let (_dir, folder) = folder();
    let before = files(folder.root());
    let roster = pasted_roster(LIST).unwrap();
    let preview = preview_roster(&folder, &Views::default(), course(), roster, Tz::UTC, at(2)).unwrap();
    assert_eq!(files(folder.root()), before);
    let imported = import(&folder, LIST, 2);
    assert_eq!(preview.class.list, imported.class.list);
    assert_eq!(preview.class.matches, imported.class.matches);
    assert_eq!(imported.class.matches.counts(), [2, 2, 0, 1]);
    assert_eq!(states(&seen(&folder)), ["matched", "matched", "suggested", "suggested", "not-found"]);
    assert_eq!((seen(&folder).matches.not_listed.len(), seen(&folder).anonymous()), (1, 1));
    let after = files(folder.root());
    let changed: Vec<&str> =
        after.iter().filter(|file| !before.contains(file)).map(|(name, _)| name.as_str()).collect();
    assert_eq!(changed, [format!("class-lists/{}.json", course())], "nothing else is touched");
}

#[test]
fn a_file_is_named_with_its_line_and_kept_by_name_only() {
    let (dir, folder) = folder();
    let path = dir.path().join("students of 2026.csv");
    std::fs::write(&path, LIST).unwrap();
    let roster = roster_of_file(&RealDisk, &path, &Reading::default()).unwrap();
    let lock = folder.lock().unwrap();
    import_roster(&folder, &lock, &Views::default(), course(), roster, Tz::UTC, at(2)).unwrap();
    let kept = std::fs::read_to_string(folder.class_list_file(course())).unwrap();
    assert!(kept.contains("students of 2026.csv") && !kept.contains(&*dir.path().to_string_lossy()), "no path");
    std::fs::write(&path, "Name,Username\n\"Vale, Mira,mvale7\n").unwrap();
    let error = roster_of_file(&RealDisk, &path, &Reading::default()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::DataFileInvalid);
    assert!(error.message().contains("students of 2026.csv") && error.message().contains("line 2"), "{error}");
    assert!(error.hint().is_some() && !error.message().contains("Vale"), "{error}");
    let missing = roster_of_file(&RealDisk, &dir.path().join("no.csv"), &Reading::default()).unwrap_err();
    assert_eq!(missing.code(), ErrorCode::NotFound);
}

#[test]
fn decisions_and_domains_match_the_rest_and_can_be_taken_back() {
    let (_dir, folder) = folder();
    import(&folder, LIST, 2);
    let lock = folder.lock().unwrap();
    confirm_domain(&folder, &lock, course(), "@Students.Example.edu").unwrap();
    assert_eq!(states(&seen(&folder))[2], "matched");
    let place = find_listed(&seen(&folder).list, "0012348").unwrap();
    decide_match(&folder, &lock, course(), place, &[user(24)], WhoIsIt::Same).unwrap();
    assert_eq!(states(&seen(&folder)), ["matched", "matched", "matched", "matched", "not-found"]);
    decide_match(&folder, &lock, course(), place, &[user(24)], WhoIsIt::Another).unwrap();
    assert_eq!(states(&seen(&folder))[3], "not-found", "not offered again");
    decide_match(&folder, &lock, course(), place, &[user(24)], WhoIsIt::Open).unwrap();
    assert_eq!(states(&seen(&folder))[3], "suggested");
    assert_eq!(find_listed(&seen(&folder).list, "nobody").unwrap_err().code(), ErrorCode::NotFound);
    assert_eq!(confirm_domain(&folder, &lock, course(), "x").unwrap_err().code(), ErrorCode::InvalidInput);
}

#[test]
fn a_later_list_keeps_decisions_and_marks_who_is_gone() {
    let (_dir, folder) = folder();
    import(&folder, LIST, 2);
    let lock = folder.lock().unwrap();
    let place = find_listed(&seen(&folder).list, "Ahlmann, Jörg").unwrap();
    decide_match(&folder, &lock, course(), place, &[user(24)], WhoIsIt::Same).unwrap();
    drop(lock);
    let later = LIST.replace("\"Lindqvist, Tariq\",TLIND,,0012346\n", "").replace("jahlmann@private", "jorg@new");
    let plan = import(&folder, &later, 3);
    assert_eq!((plan.update.stayed, plan.update.gone), (4, 1));
    let class = seen(&folder);
    assert_eq!((class.list.versions.len(), class.matches.rows.len(), class.list.people.len()), (2, 4, 5));
    let jorg = class
        .matches
        .rows
        .iter()
        .find(|row| class.listed(row.listed).person.email.as_deref() == Some("jorg@new.example"));
    assert_eq!(jorg.unwrap().state.word(), "matched");
}

#[test]
fn shares_of_enrolled_count_only_who_is_sure() {
    let (_dir, folder) = folder();
    import(&folder, LIST, 2);
    let span = ViewingSpan::default();
    assert_eq!(seen(&folder).of_video(0, span), OfEnrolled { enrolled: 5, opened: 2, covered: 1, unsure: 3 });
    assert_eq!(seen(&folder).of_video(1, span), OfEnrolled { enrolled: 5, opened: 1, covered: 1, unsure: 3 });
    // Who is left out is none of those enrolled; counted again, they are.
    let lock = folder.lock().unwrap();
    leave_out(&folder, &lock, &[user(21)], None).unwrap();
    let without = seen(&folder).of_video(0, span);
    assert_eq!((without.enrolled, without.unsure), (4, 3), "{without:?}");
    assert_eq!(seen(&folder).counted(), 4);
    count_again(&folder, &lock, &[user(21)]).unwrap();
    assert_eq!(seen(&folder).of_video(0, span), OfEnrolled { enrolled: 5, opened: 2, covered: 1, unsure: 3 });
}

#[test]
fn a_damaged_list_is_told_and_can_be_removed() {
    let (_dir, folder) = folder();
    import(&folder, LIST, 2);
    std::fs::write(folder.class_list_file(course()), "{").unwrap();
    let lock = folder.lock().unwrap();
    let roster = pasted_roster(LIST).unwrap();
    let refused = import_roster(&folder, &lock, &Views::default(), course(), roster, Tz::UTC, at(3)).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::DataFileInvalid);
    assert_eq!(std::fs::read_to_string(folder.class_list_file(course())).unwrap(), "{");
    assert!(Views::default().course(&folder, course(), Tz::UTC).is_ok(), "nothing else suffers");
    assert_eq!(remove_class_list(&folder, &lock, course()).unwrap(), None);
    assert_eq!(remove_class_list(&folder, &lock, course()).unwrap_err().code(), ErrorCode::NotFound);
}

#[test]
fn a_list_leaves_and_comes_back_with_its_course() {
    let (_dir, folder) = folder();
    import(&folder, LIST, 2);
    let lock = folder.lock().unwrap();
    let planned = folder.plan_removal(&lock, course(), at(4)).unwrap();
    folder.move_to_trash(&lock, &planned).unwrap();
    assert_eq!(folder.class_list(course()).unwrap(), None);
    folder.put_back(&lock, &planned).unwrap();
    assert_eq!(folder.class_list(course()).unwrap().unwrap().people.len(), 5);
    folder.move_to_trash(&lock, &planned).unwrap();
    folder.delete_from_trash(&lock, &planned).unwrap();
    let left = files(folder.root());
    assert!(!left.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains("Costa")), "no trace of the list");
}

#[test]
fn a_forgotten_person_leaves_every_list_also_in_the_trash() {
    let (_dir, folder) = folder();
    import(&folder, LIST, 2);
    let lock = folder.lock().unwrap();
    let planned = folder.plan_removal(&lock, course(), at(4)).unwrap();
    folder.move_to_trash(&lock, &planned).unwrap();
    let accounts = [user(21)];
    assert!(forget_person(&folder, &lock, &accounts).unwrap().files >= 1);
    assert_eq!(forget_person(&folder, &lock, &accounts).unwrap().files, 0);
    folder.put_back(&lock, &planned).unwrap();
    let kept = std::fs::read_to_string(folder.class_list_file(course())).unwrap();
    assert!(!kept.contains("Okonjo") && !kept.contains("mvale7") && kept.contains("Lindqvist"), "{kept}");
    // One that was decided by hand goes as well.
    let place = find_listed(&seen(&folder).list, "0012348").unwrap();
    decide_match(&folder, &lock, course(), place, &[user(24)], WhoIsIt::Same).unwrap();
    forget_person(&folder, &lock, &[user(24)]).unwrap();
    let kept = std::fs::read_to_string(folder.class_list_file(course())).unwrap();
    assert!(!kept.contains("Ahlmann") && !kept.contains(&id(24)), "{kept}");
}

fn request(by: &str, grace_minutes: u32) -> CreditRequest {
    CreditRequest {
        videos: vec![video(11), video(12)],
        deadline: typed_deadline(by, Tz::Europe__Zurich, grace_minutes).unwrap(),
        rule: CreditRule {
            threshold_percent: 75.0,
            points: 10.0,
            scale: CreditScale::Full,
            decimals: 1,
            nothing_is_zero: false,
        },
        not_found_is_zero: false,
        overrides: Vec::new(),
    }
}

fn credits(class: &ClassInView, request: &CreditRequest) -> Vec<Credit> {
    let list = credit_list(class, request, Tz::UTC, Some("2026-10-05".parse().unwrap())).unwrap();
    list.rows.into_iter().map(|row| row.credit).collect()
}

#[test]
fn credit_goes_to_who_is_sure_by_what_was_covered_in_time() {
    let (_dir, folder) = folder();
    import(&folder, LIST, 2);
    let class = seen(&folder);
    let left = Credit::LeftOut;
    // 09:00 in Zurich is 07:00 UTC: the second video came half an hour late.
    assert_eq!(
        credits(&class, &request("2026-10-01 09:00", 0)),
        [
            Credit::Points(5.0),
            Credit::Points(0.0),
            left(LeftOutOfCredit::OnlySuggested),
            left(LeftOutOfCredit::OnlySuggested),
            left(LeftOutOfCredit::NotFound)
        ]
    );
    assert_eq!(credits(&class, &request("2026-10-01 09:00", 31))[0], Credit::Points(10.0), "within the grace");
    assert_eq!(credits(&class, &request("2026-10-01 08:00", 0))[0], left(LeftOutOfCredit::NothingRecorded));
    let mut strict = request("2026-10-01 08:00", 0);
    (strict.rule.nothing_is_zero, strict.not_found_is_zero) = (true, true);
    assert_eq!(credits(&class, &strict)[..2], [Credit::DecidedZero, Credit::DecidedZero]);
    assert_eq!(credits(&class, &strict)[4], Credit::DecidedZero);
    assert_eq!(credits(&class, &strict)[2], left(LeftOutOfCredit::OnlySuggested), "never who is unsure");
}

#[test]
fn near_misses_are_marked_and_decisions_need_a_reason() {
    let (_dir, folder) = folder();
    import(&folder, LIST, 2);
    let class = seen(&folder);
    let mut decided = request("2026-10-02", 0);
    decided.overrides = vec![
        CreditOverride {
            who: CreditWho::Named("tlind".to_owned()),
            points: Some(7.5),
            reason: "the network was down".to_owned(),
        },
        CreditOverride {
            who: CreditWho::Named("mvale7@example.edu".to_owned()),
            points: None,
            reason: "asked for it".to_owned(),
        },
    ];
    let list = credit_list(&class, &decided, Tz::UTC, Some("2026-10-02".parse().unwrap())).unwrap();
    assert_eq!(list.rows[1].near, [0]);
    assert_eq!((list.rows[1].coverage.clone(), list.rows[1].credit), (vec![Some(74.0), None], Credit::Points(7.5)));
    assert_eq!(list.rows[0].credit, Credit::LeftOut(LeftOutOfCredit::Decided));
    assert!(list.is_provisional, "records of the last day may still come");
    assert_eq!(list.unknown_viewers, 1);
    let told = credit_text(&list, "Course", "a test");
    for words in
        ["75 %", "the end of Fri 2 Oct 2026 (Europe/Zurich)", "Provisional", "only suggested", "decided by you"]
    {
        let words = if words == "only suggested" { "not confirmed who it is: 2" } else { words };
        assert!(told.contains(words), "{words}: {told}");
    }
    for name in ["Okonjo", "mvale7", "Lindqvist", "network"] {
        assert!(!told.contains(name), "{name} in {told}");
    }
    decided.overrides[0].reason = " ".to_owned();
    let refused = credit_list(&class, &decided, Tz::UTC, None).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::InvalidInput);
    decided.overrides[0] =
        CreditOverride { points: Some(11.0), reason: "x".to_owned(), ..decided.overrides[0].clone() };
    assert_eq!(credit_list(&class, &decided, Tz::UTC, None).unwrap_err().code(), ErrorCode::InvalidInput);
}

#[test]
fn files_hold_who_has_a_value_and_an_own_export_keeps_its_other_bytes() {
    let (_dir, folder) = folder();
    import(&folder, LIST, 2);
    let class = seen(&folder);
    let list = credit_list(&class, &request("2026-10-02", 0), Tz::UTC, None).unwrap();
    let file = credit_file(&class, &list, GradebookFormat::Sakai, "Week 1").unwrap();
    assert_eq!(
        String::from_utf8(file.bytes).unwrap(),
        "\"Student ID\",\"Name\",\"Week 1 [10]\"\r\n\"mvale7\",\"Okonjo-Vale, Mira\",\"10\"\r\n\"TLIND\",\"Lindqvist, Tariq\",\"0\"\r\n"
    );
    let export = "Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (7),Final Score\n    Points Possible,,,,,10,(read only)\n\
        \"Okonjo-Vale, Mira\",1,0012345,mvale7,A,,\n\"Lindqvist, Tariq\",2,0012346,other,A,3,\n\"New, Person\",3,,new,A,4,\n";
    let filled = filled_gradebook(&class, &list, export.as_bytes(), "grades.csv", "Week 1").unwrap();
    let expected = export.replace("mvale7,A,,", "mvale7,A,10,").replace("other,A,3,", "other,A,0,");
    assert_eq!(String::from_utf8(filled.bytes).unwrap(), expected);
    assert_eq!((filled.people, filled.unchanged), (2, 1));
    // A login that leads to one row and a number that leads to another gets nothing.
    let crossed = export.replace("0012346,other", "0012345,tlind");
    let filled = filled_gradebook(&class, &list, crossed.as_bytes(), "grades.csv", "Week 1").unwrap();
    assert_eq!(filled.people, 1);
    let refused = filled_gradebook(&class, &list, export.as_bytes(), "grades.csv", "Week 9").unwrap_err();
    assert!(refused.message().contains("`grades.csv`") && refused.message().contains("no such column"), "{refused}");
}

#[test]
fn accounts_that_are_not_merged_count_with_the_better_one_and_merged_ones_are_united() {
    let (_dir, folder) = folder();
    let list = "Username,Email\nmvale7,mvale7@example.edu\njahl,\n";
    import(&folder, list, 2);
    let lock = folder.lock().unwrap();
    let place = find_listed(&seen(&folder).list, "jahl").unwrap();
    decide_match(&folder, &lock, course(), place, &[user(23), user(24)], WhoIsIt::Same).unwrap();
    let rows = |folder: &DataFolder| {
        let list = credit_list(&seen(folder), &request("2026-10-02", 0), Tz::UTC, None).unwrap();
        list.rows[1].coverage[0]
    };
    assert_eq!(rows(&folder), Some(50.0));
    engine::people::merge(&folder, &lock, &[user(23), user(24)]).unwrap();
    assert_eq!(rows(&folder), Some(90.0), "0 to 50 and 40 to 90, each second once");
    assert!(matches!(seen(&folder).matches.rows[1].state, MatchState::Matched { .. }));
}

#[test]
fn everybody_of_a_course_stands_once_seen_or_not() {
    let (_dir, folder) = folder();
    let views = Views::default();
    let course = views.course(&folder, course(), Tz::UTC).unwrap();
    let without = Everybody::new(&folder, &course, None, WithNames::Hidden);
    assert_eq!((without.count(Standing::Viewer), without.count(Standing::Anonymous)), (4, 1));
    let list = "Okonjo-Vale, Mira <mvale7@example.edu>\nCosta, Lúcia <costa@example.edu>\nQuill, Sofía <other@private.example>\n";
    import(&folder, list, 2);
    let class = class_in_view(&folder, &views, course.id, Tz::UTC).unwrap().map(std::sync::Arc::new);
    let everybody = Everybody::new(&folder, &course, class.clone(), WithNames::Shown);
    let standings: Vec<(Standing, &str)> =
        (0..everybody.people().len()).map(|who| (everybody.people()[who].standing, everybody.label(who))).collect();
    assert_eq!(
        standings,
        [
            (Standing::InClass, "Okonjo-Vale, Mira"),
            (Standing::InClass, "Costa, Lúcia"),
            // Only her name is alike, so nothing is said of what she opened; the viewer stands as one.
            (Standing::Unsure, "Quill, Sofía (other@private.example)"),
            (Standing::Viewer, "Lindqvist, Tariq"),
            (Standing::Viewer, "Quill, Sofía (Viewer 3)"),
            (Standing::Viewer, "Ahlmann, Jörg"),
            (Standing::Anonymous, "Viewer 5"),
        ]
    );
    for who in 0..everybody.people().len() {
        assert_eq!(everybody.find(&everybody.key(who)), Some(who));
    }
    assert_eq!(everybody.address(1).as_deref(), Some("costa@example.edu"));
    assert_eq!((everybody.find("list-9"), everybody.find("list-x"), everybody.find("")), (None, None, None));
    let table = everybody.table(ViewingSpan::default(), None);
    assert_eq!(table.rows.iter().map(|row| row.totals.opened).collect::<Vec<_>>(), [2, 0, 0, 1, 1, 1, 1]);
    let hidden = Everybody::new(&folder, &course, class, WithNames::Hidden);
    let labels: Vec<&str> = (0..hidden.people().len()).map(|who| hidden.label(who)).collect();
    assert_eq!(labels[..3], ["Viewer 1", "Person 2 on the list", "Person 3 on the list"]);
    assert_eq!((hidden.address(0), hidden.section(0)), (None, None));
}
