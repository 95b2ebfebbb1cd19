//! Directory names made from names on the server, and directories found by their ID.

use std::fs;

use model::FolderId;
use proptest::prelude::*;
use store::directory_name::id_in_last_brackets;
use store::layout::course_dir_name;
use store::safe_name::{MAX_NAME_BYTES, safe_name};
use store::{Area, DataFolder, ErrorKind};

const ID: &str = "0a1b2c3d-1111-4222-8333-abcdefabcdef";

#[test]
fn names_that_no_system_minds_are_kept() {
    for name in [
        "COMM 291 2021W2",
        "COMM 290, Análisis & 数据 – été",
        "a.b",
        "[2021] W2",
        "x[y]",
        "Ελληνικά",
        "عربي",
        "console",
        "COM10",
        "#1 (new); it's",
    ] {
        assert_eq!(safe_name(name), name);
    }
}

#[test]
fn dangerous_names_become_harmless() {
    for (name, safe) in [
        ("../..", "_"),
        ("..", "Untitled"),
        (".", "Untitled"),
        ("", "Untitled"),
        ("   ", "Untitled"),
        ("\t\n", "Untitled"),
        ("a/b\\c", "a_b_c"),
        ("C:\\Windows", "C__Windows"),
        ("what? \"so\" <b>|*", "what_ _so_ _b___"),
        ("trailing. . .", "trailing"),
        (".hidden", "hidden"),
        ("two\r\nlines", "two lines"),
        ("tab\tand   blanks ", "tab and blanks"),
        ("nul\0byte", "nul byte"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("Nul ", "_Nul"),
        ("com1", "_com1"),
        ("LPT¹.x", "_LPT¹.x"),
        ("CONIN$", "_CONIN$"),
        ("AUX .log", "_AUX .log"),
        ("right\u{202e}fdp.exe", "rightfdp.exe"),
        ("zero\u{200b}width", "zerowidth"),
        ("\u{feff}mark", "mark"),
        ("non\u{a0}breaking", "non breaking"),
    ] {
        assert_eq!(safe_name(name), safe, "{name:?}");
    }
}

#[test]
fn long_names_are_cut_between_characters() {
    assert_eq!(safe_name(&"x".repeat(300)).len(), MAX_NAME_BYTES);
    let cut = safe_name(&"数".repeat(300));
    assert!(cut.len() <= MAX_NAME_BYTES && cut.chars().all(|c| c == '数'));
    // If the cut is before a blank or a dot, none remains at the end.
    let name = format!("{} . rest", "x".repeat(MAX_NAME_BYTES - 2));
    assert!(safe_name(&name).ends_with('x'));
}

/// The rules of all three systems for one component of a path.
fn check_component(name: &str) -> Result<(), TestCaseError> {
    prop_assert!(!name.is_empty() && name != "." && name != "..");
    prop_assert!(name.len() <= 255 && name.encode_utf16().count() <= 255);
    prop_assert!(!name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']), "{name:?}");
    prop_assert!(!name.chars().any(char::is_control), "{name:?}");
    prop_assert!(!name.ends_with(['.', ' ']) && !name.starts_with(['.', ' ']), "{name:?}");
    let stem = name.split('.').next().unwrap().trim_end().to_uppercase();
    for device in ["CON", "PRN", "AUX", "NUL", "COM1", "COM9", "LPT1", "LPT9", "COM¹", "LPT³"] {
        prop_assert_ne!(stem.as_str(), device, "{:?}", name);
    }
    Ok(())
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\PC{0,200}",
        "[./\\\\ :*?\"<>|\\x00-\\x1f]{0,20}",
        "(CON|con|PRN|AUX|NUL|COM[0-9]|LPT[0-9])[ .]{0,3}[a-z]{0,3}",
        "[ .]{0,5}\\PC{95,110}[ .]{0,5}",
    ]
}

proptest! {
    #[test]
    fn every_name_gives_a_component_for_all_systems(name in names()) {
        let safe = safe_name(&name);
        check_component(&safe)?;
        prop_assert_eq!(safe_name(&safe), safe.clone(), "a safe name is safe already");
        let id: FolderId = ID.parse().unwrap();
        let directory = course_dir_name(&name, id);
        check_component(&directory)?;
        prop_assert_eq!(id_in_last_brackets(directory.as_ref()), Some(id));
    }

    #[test]
    fn any_directory_name_is_read_without_panic(name in names()) {
        let _ = id_in_last_brackets(name.as_ref());
    }
}

#[test]
fn the_id_in_the_last_brackets_counts_in_any_spelling() {
    let id: FolderId = ID.parse().unwrap();
    for name in [
        format!("Course[{ID}]"),
        format!("[{ID}]"),
        format!("Any [other] name[{}]", ID.to_uppercase()),
        format!("Course [11111111-1111-4111-8111-111111111111][{ID}]"),
    ] {
        assert_eq!(id_in_last_brackets(name.as_ref()), Some(id), "{name}");
    }
    for name in ["Course", "Course[]", "Course[x]", "tableau"] {
        assert_eq!(id_in_last_brackets(name.as_ref()), None, "{name}");
    }
    assert_eq!(id_in_last_brackets(format!("Course[{ID}] copy").as_ref()), None);
}

#[test]
fn a_course_keeps_the_directory_it_has() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(temporary.path().join("data")).unwrap();
    let id: FolderId = ID.parse().unwrap();
    let lock = folder.lock().unwrap();
    assert_eq!(folder.course_dir(Area::Database, id).unwrap(), None);
    let first = folder.make_course_dir(&lock, Area::Database, id, "../../etc").unwrap();
    assert_eq!(first, folder.root().join("database").join(format!("_.._etc[{ID}]")));
    assert_eq!(folder.make_course_dir(&lock, Area::Database, id, "Renamed").unwrap(), first);
    // Renamed by the user.
    let by_hand = folder.root().join("database").join(format!("My name[{}]", ID.to_uppercase()));
    fs::rename(&first, &by_hand).unwrap();
    assert_eq!(folder.make_course_dir(&lock, Area::Database, id, "Renamed").unwrap(), by_hand);
}

#[test]
fn two_directories_of_one_course_are_named_and_not_chosen_from() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(temporary.path().join("data")).unwrap();
    for name in ["A", "B"] {
        fs::create_dir_all(folder.root().join("database").join(format!("{name}[{ID}]"))).unwrap();
    }
    let error = folder.course_dir(Area::Database, ID.parse().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DataFileInvalid);
    for part in [format!("A[{ID}]"), format!("B[{ID}]")] {
        assert!(error.message().contains(&part), "{error}");
    }
}

#[test]
fn an_empty_second_directory_of_a_course_is_passed_over() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(temporary.path()).unwrap();
    let dirs = ["New name", "Old name"].map(|name| folder.area_dir(Area::Database).join(format!("{name}[{ID}]")));
    for dir in &dirs {
        fs::create_dir_all(dir).unwrap();
    }
    let found = || folder.course_dir(Area::Database, ID.parse().unwrap());
    assert_eq!(
        found().unwrap_err().kind(),
        ErrorKind::DataFileInvalid,
        "nothing tells which of two empty ones is meant"
    );
    fs::write(dirs[1].join("viewing_activity.csv"), "x").unwrap();
    assert_eq!(found().unwrap().as_ref(), Some(&dirs[1]));
    fs::write(dirs[0].join("viewing_activity.csv"), "x").unwrap();
    assert_eq!(
        found().unwrap_err().kind(),
        ErrorKind::DataFileInvalid,
        "nothing tells which of two full ones is right"
    );
}
