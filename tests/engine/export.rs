//! The export: its files, its choices, what it refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use engine::ErrorCode;
use engine::export::{CourseChoice, ExportContents, ExportReport, ExportRequest, export, plan};
use engine::pseudonym::Pseudonyms;
use engine::store::DataFolder;
use model::UserId;
use tokio_util::sync::CancellationToken;

use crate::chunk_fixture::{
    GOLDEN_ZONE, SmallCourse, assert_same_files, chunk_in, files, golden_copy, id, small_folder,
};

fn run(folder: &DataFolder, request: &ExportRequest) -> engine::Result<ExportReport> {
    let lock = folder.lock()?;
    export(folder, &lock, request, &CancellationToken::new(), &|_| {})
}

fn names(root: &Path) -> Vec<String> {
    files(root).into_iter().map(|(name, _)| name).collect()
}

const FILES: [&str; 3] = ["chunked_data.csv", "panopto_viewing.twb", "sessions_overview.csv"];

#[test]
fn an_export_of_everything_equals_the_union() {
    let (temporary, folder) = golden_copy();
    let target = temporary.path().join("for tableau");
    let request = ExportRequest::new(&target, GOLDEN_ZONE);
    let before = plan(&folder, &request).unwrap();
    assert!(before.contents.is_none(), "nothing is chunked yet");
    assert!(!target.exists(), "a plan writes nothing");
    let report = run(&folder, &request).unwrap();
    assert_eq!(names(&target), FILES);
    for name in ["chunked_data.csv", "sessions_overview.csv"] {
        assert_eq!(
            fs::read_to_string(target.join(name)).unwrap(),
            fs::read_to_string(folder.tableau_dir().join(name)).unwrap()
        );
    }
    assert_eq!(report.contents, ExportContents { videos: 16, rows: 1617 });
    for file in &report.files {
        assert_eq!(fs::metadata(&file.path).unwrap().len(), file.bytes);
    }
    let after = plan(&folder, &request).unwrap();
    assert_eq!(after.contents, Some(report.contents));
    assert!(after.files.iter().all(|file| file.replaces) && !before.files.iter().any(|file| file.replaces));
    // A second export changes nothing.
    let first = files(&target);
    run(&folder, &request).unwrap();
    assert_same_files(&files(&target), &first, "again");
}

fn two_courses() -> [SmallCourse; 2] {
    [
        SmallCourse::new(1, "=First").video(10, "100.0").video(11, "200.0").run(
            10,
            900,
            "2024-01-01 10:00:00+00:00",
            0.0,
            80.0,
        ),
        SmallCourse::new(2, "Second")
            .video(11, "200.0")
            .video(20, "50.0")
            .run(11, 901, "2024-01-01 10:00:00+00:00", 0.0, 200.0)
            .run(20, 900, "2024-01-02 10:00:00+00:00", 10.0, 20.0),
    ]
}

#[test]
fn some_courses_can_be_chosen() {
    let (temporary, folder) = small_folder(&two_courses());
    let target = temporary.path().join("out");
    let mut request = ExportRequest::new(&target, GOLDEN_ZONE);
    request.courses = CourseChoice::Some(vec![id(2).parse().unwrap()]);
    let report = run(&folder, &request).unwrap();
    assert_eq!(report.courses.iter().map(|course| course.name.as_str()).collect::<Vec<_>>(), ["Second"]);
    let text = fs::read_to_string(target.join("chunked_data.csv")).unwrap();
    assert_eq!(text.lines().filter(|line| line.starts_with(&id(11))).count(), 20);
    assert!(!text.contains(&id(10)));
    // In the union of both, the shared video belongs to the first course, where nobody has viewed it.
    let union = run(&folder, &ExportRequest::new(&target, GOLDEN_ZONE)).unwrap();
    assert_eq!(union.contents.videos, 3);
    assert!(!fs::read_to_string(target.join("chunked_data.csv")).unwrap().contains(&id(11)));

    request.courses = CourseChoice::Some(vec![id(3).parse().unwrap()]);
    assert_eq!(run(&folder, &request).unwrap_err().code(), ErrorCode::NotFound);
}

#[test]
fn pseudonyms_replace_every_viewer_and_nothing_else() {
    let (temporary, folder) = golden_copy();
    let (plain, hidden) = (temporary.path().join("plain"), temporary.path().join("hidden"));
    run(&folder, &ExportRequest::new(&plain, GOLDEN_ZONE)).unwrap();
    let pseudonyms = Pseudonyms::new(&[9; 32]).unwrap();
    let mut request = ExportRequest::new(&hidden, GOLDEN_ZONE);
    request.pseudonyms = Some(pseudonyms.clone());
    run(&folder, &request).unwrap();
    let read = |directory: &Path| fs::read_to_string(directory.join("chunked_data.csv")).unwrap();
    let (plain_rows, hidden_rows) = (read(&plain), read(&hidden));
    assert_eq!(plain_rows.lines().count(), hidden_rows.lines().count());
    let mut pairs = BTreeMap::new();
    for (one, other) in plain_rows.lines().zip(hidden_rows.lines()).skip(1) {
        let (one, other): (Vec<_>, Vec<_>) = (one.split(',').collect(), other.split(',').collect());
        assert_eq!(one[0], other[0]);
        assert_eq!(one[2..], other[2..]);
        assert_eq!(other[1], pseudonyms.of(UserId::parse(one[1]).unwrap()).to_string());
        pairs.insert(one[1].to_owned(), other[1].to_owned());
    }
    assert_eq!(pairs.values().collect::<BTreeSet<_>>().len(), pairs.len(), "different viewers stay different");
    let everything: Vec<u8> = files(&hidden).into_iter().flat_map(|(_, bytes)| bytes).collect();
    let everything = String::from_utf8(everything).unwrap();
    assert!(pairs.keys().all(|viewer| !everything.contains(viewer.as_str())));
}

#[test]
fn formulas_are_guarded_only_where_that_is_asked_for() {
    let (temporary, folder) = small_folder(&two_courses());
    let target = temporary.path().join("out");
    let mut request = ExportRequest::new(&target, GOLDEN_ZONE);
    run(&folder, &request).unwrap();
    let read = || fs::read_to_string(target.join("sessions_overview.csv")).unwrap();
    assert!(read().contains(",=First,") && !read().contains("'=First"));
    request.guard_formulas = true;
    run(&folder, &request).unwrap();
    assert!(read().contains(",'=First,") && !read().contains(",=First"));
}

#[test]
fn places_of_the_data_folder_itself_are_refused() {
    let (_temporary, folder) = small_folder(&two_courses());
    chunk_in(&folder, GOLDEN_ZONE).unwrap();
    let before = files(folder.root());
    let inside =
        ["database", "output[CHUNKED]", "output[CHUNKED]/tableau", "database/new/folder", ".panopto-analytics/x"];
    for place in inside {
        let request = ExportRequest::new(folder.root().join(place), GOLDEN_ZONE);
        assert_eq!(plan(&folder, &request).unwrap_err().code(), ErrorCode::InvalidInput, "{place}");
        assert_eq!(run(&folder, &request).unwrap_err().code(), ErrorCode::InvalidInput, "{place}");
    }
    let around = folder.root().join("x").join("..").join("database");
    fs::create_dir(folder.root().join("x")).unwrap();
    assert_eq!(plan(&folder, &ExportRequest::new(around, GOLDEN_ZONE)).unwrap_err().code(), ErrorCode::InvalidInput);
    assert_same_files(&files(folder.root()), &before, "refused");
}

#[cfg(unix)]
#[test]
fn a_link_into_the_data_folder_is_seen_through() {
    let (temporary, folder) = small_folder(&two_courses());
    let link = temporary.path().join("link");
    std::os::unix::fs::symlink(folder.root().join("database"), &link).unwrap();
    let request = ExportRequest::new(link.join("sub"), GOLDEN_ZONE);
    assert_eq!(plan(&folder, &request).unwrap_err().code(), ErrorCode::InvalidInput);
}

#[test]
fn courses_that_were_never_synced_are_named_and_nothing_at_all_is_an_error() {
    let (temporary, folder) = small_folder(&two_courses());
    let list = format!("PanoptoFolderName,PanoptoFolderID\nSecond,{}\nNever,{}\n", id(2), id(77));
    fs::write(folder.courses_file(), list).unwrap();
    let target = temporary.path().join("out");
    let report = run(&folder, &ExportRequest::new(&target, GOLDEN_ZONE)).unwrap();
    assert_eq!(report.not_synced.iter().map(|course| course.name.as_str()).collect::<Vec<_>>(), ["Never"]);

    fs::write(folder.courses_file(), format!("PanoptoFolderName,PanoptoFolderID\nNever,{}\n", id(77))).unwrap();
    let (before, new_target) = (files(folder.root()), temporary.path().join("new"));
    let error = run(&folder, &ExportRequest::new(&new_target, GOLDEN_ZONE)).unwrap_err();
    assert_eq!(error.message(), "There is nothing to export yet: none of the chosen courses was synced");
    assert_eq!(error.code(), ErrorCode::NotFound);
    assert_eq!(plan(&folder, &ExportRequest::new(&new_target, GOLDEN_ZONE)).unwrap_err().code(), ErrorCode::NotFound);
    assert!(!new_target.exists(), "nothing is made");
    assert_same_files(&files(folder.root()), &before, "nor in the data folder");
}

#[test]
fn a_damaged_course_ends_the_export_before_anything_is_replaced() {
    let (temporary, folder) = small_folder(&two_courses());
    let target = temporary.path().join("out");
    run(&folder, &ExportRequest::new(&target, GOLDEN_ZONE)).unwrap();
    let before = files(&target);
    let damaged = crate::chunk_fixture::course_dir(folder.root(), "database", &id(2)).join("viewing_activity.csv");
    let text = fs::read_to_string(&damaged).unwrap().replacen(",0.0,", ",zero,", 1);
    fs::write(&damaged, text).unwrap();
    let error = run(&folder, &ExportRequest::new(&target, GOLDEN_ZONE)).unwrap_err();
    assert_eq!(error.code(), ErrorCode::DataFileInvalid);
    assert!(error.message().starts_with("Line 2 of "), "{}", error.message());
    assert_same_files(&files(&target), &before, "not replaced");
    // The other course can be exported by itself.
    let mut request = ExportRequest::new(&target, GOLDEN_ZONE);
    request.courses = CourseChoice::Some(vec![id(1).parse().unwrap()]);
    assert_eq!(run(&folder, &request).unwrap().contents.videos, 2);
}

#[test]
fn the_workbook_holds_no_path_no_data_and_is_the_same_each_time() {
    let (temporary, folder) = small_folder(&two_courses());
    let mut texts = Vec::new();
    for name in ["one", "other"] {
        let target = temporary.path().join(name);
        run(&folder, &ExportRequest::new(&target, GOLDEN_ZONE)).unwrap();
        texts.push(fs::read_to_string(target.join("panopto_viewing.twb")).unwrap());
    }
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].contains("directory=''"));
    for private in [temporary.path().to_str().unwrap(), "First", "Second", &id(10), &id(900)] {
        assert!(!texts[0].contains(private), "{private}");
    }
}

/// Reads the workbook's elements with quick-xml, which refuses anything that is not well-formed.
#[test]
fn the_workbook_is_well_formed_and_describes_the_files_as_they_are() {
    use quick_xml::events::Event;

    let (temporary, folder) = small_folder(&two_courses());
    let target = temporary.path().join("out");
    run(&folder, &ExportRequest { tables: true, ..ExportRequest::new(&target, GOLDEN_ZONE) }).unwrap();
    let text = fs::read_to_string(target.join("panopto_viewing.twb")).unwrap();
    let mut reader = quick_xml::Reader::from_str(&text);
    reader.config_mut().check_end_names = true;
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut file, mut depth) = (None, 0_i32);
    let attribute = |element: &quick_xml::events::BytesStart<'_>, key: &str| {
        let found = element.attributes().map(Result::unwrap).find(|attribute| attribute.key.as_ref() == key);
        found.map(|attribute| quick_xml::escape::unescape(&attribute.value).unwrap().into_owned())
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(element) => {
                depth += 1;
                if element.name().as_ref() == "relation" {
                    file = attribute(&element, "name");
                    columns.entry(file.clone().unwrap()).or_default().clear();
                }
            }
            Event::End(element) => {
                depth -= 1;
                if element.name().as_ref() == "relation" {
                    file = None;
                }
            }
            Event::Empty(element) if element.name().as_ref() == "column" => {
                if let (Some(file), Some(_)) = (&file, attribute(&element, "ordinal")) {
                    columns.get_mut(file).unwrap().push(attribute(&element, "name").unwrap());
                }
            }
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    for (name, _) in files(&target)
        .into_iter()
        .filter(|(name, _)| std::path::Path::new(name).extension().is_some_and(|ending| ending == "csv"))
    {
        let name = name.as_str();
        let header = fs::read_to_string(target.join(name)).unwrap().lines().next().unwrap().to_owned();
        assert_eq!(columns[name].join(","), header);
    }
}
