//! The TypeScript types of everything that crosses to the window match the Rust types. `make types` writes them again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{read_dir, read_to_string};
use std::path::{Path, PathBuf};

use shell::error::IpcError;
use shell::pages::about::About;
use shell::pages::add::{AddReport, FolderHits, Removed};
use shell::pages::app::{AppState, KnownFolder, MenuCommand};
use shell::pages::captions::VideoCaptions;
use shell::pages::chart::{ChartRequest, SavedFile};
use shell::pages::chart_table::{ChartTable, ChartTableRequest};
use shell::pages::chosen_people::ChosenPeople;
use shell::pages::class_list::{ClassDecision, ClassListImport, ClassListPage, ClassListRequest, RemovedClassList};
use shell::pages::comparing::CompareChoices;
use shell::pages::connect::{ConnectionInput, EnvImport, PasswordInput, SignInEvent};
use shell::pages::course::{CourseOverview, OverviewRequest};
use shell::pages::credit::{
    CreditAsked, CreditChoices, CreditFillRequest, CreditPreview, CreditSaveRequest, CreditSaved,
};
use shell::pages::dates::{DateInput, DatesImport, DatesImportRequest, DatesPage, RemovedDate};
use shell::pages::export::{ExportEvent, ExportPreview, ExportReport};
use shell::pages::guide::Guide;
use shell::pages::map::MapRowDetail;
use shell::pages::moments::{MapMoments, NoteRequest, VideoMomentsShown};
use shell::pages::names::{NamesEvent, NamesPage};
use shell::pages::news::WhatIsNew;
use shell::pages::nightly::{Nightly, NightlyInput};
use shell::pages::pairs::{PairRequest, PairsMended, PairsPage};
use shell::pages::people::{MatrixPerson, PeoplePage, PeopleRequest};
use shell::pages::people_saving::{PeopleSaveRequest, PersonSaveRequest};
use shell::pages::person::{PersonPage, PersonRequest};
use shell::pages::privacy::{KeepPreview, PrivacyPage};
use shell::pages::range::DateRange;
use shell::pages::report::ReportRequest;
use shell::pages::settings::{Settings, SettingsPatch};
use shell::pages::sync::{SyncEvent, SyncReport};
use shell::pages::tidy::{PeopleDecided, PeopleDecision, PeopleTidy};
use shell::pages::timelines::{Timelines, TimelinesRequest};
use shell::pages::typed_range::TypedRange;
use shell::pages::video::{VideoPage, VideoRequest};
use shell::pages::video_people::{VideoPeople, VideoPeopleRequest};
use shell::pages::words::{WordsFound, WordsRequest};
use ts_rs::{Config, TS};

const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/lib/bindings");
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri");
/// Set by `make types`: write instead of comparing.
const UPDATE: &str = "UPDATE_TYPES";

/// Exports everything that a command takes or returns, or an event carries. The types that these contain are included.
fn export_all(config: &Config) {
    macro_rules! export {
        ($($name:ty),* $(,)?) => { $(<$name>::export_all(config).unwrap();)* };
    }
    export!(
        About,
        AddReport,
        AppState,
        ChartRequest,
        ChartTable,
        ChartTableRequest,
        ChosenPeople,
        CompareChoices,
        ClassDecision,
        ClassListImport,
        ClassListPage,
        ClassListRequest,
        ConnectionInput,
        CourseOverview,
        CreditAsked,
        CreditChoices,
        CreditFillRequest,
        CreditPreview,
        CreditSaveRequest,
        CreditSaved,
        DateInput,
        DateRange,
        DatesImport,
        DatesImportRequest,
        DatesPage,
        EnvImport,
        ExportEvent,
        ExportPreview,
        ExportReport,
        FolderHits,
        Guide,
        KeepPreview,
        PrivacyPage,
        IpcError,
        KnownFolder,
        MapMoments,
        MapRowDetail,
        MenuCommand,
        NamesEvent,
        NamesPage,
        Nightly,
        NightlyInput,
        NoteRequest,
        OverviewRequest,
        PairRequest,
        PairsMended,
        PairsPage,
        MatrixPerson,
        PasswordInput,
        PeopleDecided,
        PeopleDecision,
        PeoplePage,
        PeopleRequest,
        PeopleSaveRequest,
        PeopleTidy,
        PersonPage,
        PersonRequest,
        PersonSaveRequest,
        Removed,
        RemovedClassList,
        RemovedDate,
        ReportRequest,
        SavedFile,
        Settings,
        SettingsPatch,
        SignInEvent,
        SyncEvent,
        SyncReport,
        Timelines,
        TimelinesRequest,
        TypedRange,
        VideoCaptions,
        VideoMomentsShown,
        WhatIsNew,
        WordsFound,
        WordsRequest,
        VideoPage,
        VideoPeople,
        VideoPeopleRequest,
        VideoRequest,
    );
}

/// The files of a directory by name, with their text.
fn files(directory: &Path) -> BTreeMap<String, String> {
    let named =
        |path: PathBuf| (path.file_name().unwrap().to_string_lossy().into_owned(), read_to_string(path).unwrap());
    let paths = read_dir(directory).unwrap().map(|entry| named(entry.unwrap().path()));
    paths.map(|(name, text)| (name, text.replace("\r\n", "\n"))).collect()
}

/// The generated files, and one that re-exports all of them.
fn generated() -> BTreeMap<String, String> {
    let dir = tempfile::tempdir().unwrap();
    export_all(&Config::new().with_out_dir(dir.path()));
    let mut files = files(dir.path());
    let note = files["app.ts"].lines().next().unwrap().to_owned();
    let mut index = format!("{note}\n\n");
    for name in files.keys() {
        let module = name.strip_suffix(".ts").expect("a file of TypeScript");
        writeln!(index, "export type * from './{module}';").unwrap();
    }
    files.insert("index.ts".to_owned(), index);
    files
}

#[test]
fn the_generated_types_are_fresh() {
    let generated = generated();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::remove_dir_all(CHECKED_IN).unwrap();
        std::fs::create_dir(CHECKED_IN).unwrap();
        for (name, text) in &generated {
            std::fs::write(Path::new(CHECKED_IN).join(name), text).unwrap();
        }
    }
    let checked_in = files(CHECKED_IN.as_ref());
    let stale = |name: &&String| generated.get(*name) != checked_in.get(*name);
    let stale: Vec<&String> = generated.keys().chain(checked_in.keys()).filter(stale).collect();
    assert!(stale.is_empty(), "{stale:?} of ui/src/lib/bindings are stale: run `make types`");
}

/// A type that is prepared to cross but is not part of anything that crosses is dead.
#[test]
fn every_type_that_is_made_ready_to_cross_does() {
    let generated = generated();
    let mut found = 0;
    for file in rust_files(SOURCES.as_ref()) {
        let text = read_to_string(&file).unwrap();
        for (place, _) in text.match_indices("ts(export_to = \"") {
            let mut quoted = text[place..].split('"');
            let target = quoted.nth(1).unwrap();
            let attribute = text[place..].lines().next().unwrap();
            let renamed = attribute.split("rename = \"").nth(1).and_then(|rest| rest.split('"').next());
            let declared = text[place..].lines().find_map(|line| {
                let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
                rest.split([' ', '{', '<', '(']).next()
            });
            let name = renamed.or(declared).expect("an attribute stands above a type");
            let there = generated.get(target).is_some_and(|text| text.contains(&format!("export type {name} =")));
            assert!(there, "{name} of {} is in nothing that crosses", file.display());
            found += 1;
        }
    }
    assert!(found > 70, "{found}");
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let paths = read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let files = |path: PathBuf| {
        if path.is_dir() {
            rust_files(&path)
        } else {
            Vec::from_iter(path.extension().is_some_and(|ending| ending == "rs").then_some(path))
        }
    };
    paths.flat_map(files).collect()
}
