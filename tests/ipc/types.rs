//! The TypeScript twins of everything that crosses are those of the Rust types. `make types` writes them anew.

use shell::dto::app::{AppState, KnownFolder, MenuCommand};
use shell::dto::chart::ChartRequest;
use shell::dto::connection::{ConnectionInput, EnvImport, PasswordInput, SignInEvent};
use shell::dto::course::{AddReport, FolderHits, Removed};
use shell::dto::error::IpcError;
use shell::dto::export::{ExportEvent, ExportPreview, ExportReport};
use shell::dto::overview::{CourseOverview, MapRowDetail, OverviewRequest, Timelines, TimelinesRequest};
use shell::dto::settings::{About, Settings, SettingsPatch};
use shell::dto::sync::{SyncEvent, SyncReport};
use shell::dto::video::{VideoPage, VideoRequest};
use shell::dto::{DateRange, SavedFile};
use ts_rs::{Config, TS};

const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/lib/bindings/dto.ts");
/// Set by `make types`: write instead of compare.
const UPDATE: &str = "UPDATE_TYPES";

/// Everything that a command takes or gives, or an event carries; what these hold comes along.
fn export_all(config: &Config) {
    macro_rules! export {
        ($($name:ty),* $(,)?) => { $(<$name>::export_all(config).unwrap();)* };
    }
    export!(
        AppState,
        KnownFolder,
        MenuCommand,
        ChartRequest,
        ConnectionInput,
        EnvImport,
        PasswordInput,
        SignInEvent,
        AddReport,
        FolderHits,
        Removed,
        IpcError,
        ExportEvent,
        ExportPreview,
        ExportReport,
        CourseOverview,
        MapRowDetail,
        OverviewRequest,
        Timelines,
        TimelinesRequest,
        About,
        Settings,
        SettingsPatch,
        SyncEvent,
        SyncReport,
        VideoPage,
        VideoRequest,
        DateRange,
        SavedFile,
    );
}

#[test]
fn the_generated_types_are_fresh() {
    let dir = tempfile::tempdir().unwrap();
    export_all(&Config::new().with_out_dir(dir.path().join("bindings")));
    let generated = std::fs::read_to_string(dir.path().join("ui/src/lib/bindings/dto.ts")).unwrap();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(CHECKED_IN, &generated).unwrap();
    }
    let checked_in = std::fs::read_to_string(CHECKED_IN).unwrap().replace("\r\n", "\n");
    assert!(checked_in == generated, "ui/src/lib/bindings/dto.ts is stale: run `make types`");
}

#[test]
fn every_type_that_crosses_is_generated() {
    let checked_in = std::fs::read_to_string(CHECKED_IN).unwrap();
    let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/src/dto");
    let files = std::fs::read_dir(sources).unwrap().map(|entry| entry.unwrap().path());
    let files = files.chain(std::iter::once(format!("{sources}.rs").into()));
    let mut found = 0;
    for file in files {
        for line in std::fs::read_to_string(file).unwrap().lines() {
            let Some(rest) = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum ")) else {
                continue;
            };
            let name = rest.split([' ', '{', '<', '(']).next().unwrap();
            assert!(checked_in.contains(&format!("export type {name} =")), "{name} is not in dto.ts");
            found += 1;
        }
    }
    assert!(found > 70);
}
