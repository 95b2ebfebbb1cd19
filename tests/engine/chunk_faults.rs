//! Chunking and exporting, cut off at every single operation on the disk and at random ones.
//!
//! `SWEEP_SEEDS=1000 cargo test -p engine --test engine chunk_faults -- --nocapture` runs the long sweep. A failure
//! prints the seed that repeats it (`SWEEP_FIRST`).

use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;
use engine::ErrorCode;
use engine::chunk::{ChunkOptions, chunk};
use engine::export::{ExportRequest, export};
use engine::store::faulty::{Fault, FaultyDisk};
use engine::store::{DataFolder, Disk};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio_util::sync::CancellationToken;

use crate::chunk_fixture::{
    GOLDEN_ZONE, SmallCourse, assert_same_files, chunk_in, copy_dir, files, golden_copy, small_folder,
};

const FAULTS: [Fault; 5] = [Fault::Die, Fault::PowerLoss, Fault::Full, Fault::NoPermission, Fault::Gone];

/// The files of output and export, by name.
type Files = Vec<(String, Vec<u8>)>;

/// Two small courses that share a video: output and export in one time zone, and the same in another.
struct Scene {
    _temporary: tempfile::TempDir,
    root: std::path::PathBuf,
    old: (Files, Files),
    new: (Files, Files),
}

const OLD_ZONE: Tz = Tz::UTC;
const NEW_ZONE: Tz = Tz::America__Los_Angeles;

fn outcome(root: &Path) -> (Files, Files) {
    (files(&root.join("data/output[CHUNKED]")), files(&root.join("export")))
}

fn chunk_and_export(disk: Arc<dyn Disk>, root: &Path, zone: Tz) -> engine::Result<()> {
    let folder = DataFolder::open_on(disk, root.join("data"))?;
    let lock = folder.lock()?;
    let cancel = CancellationToken::new();
    chunk(&folder, &lock, ChunkOptions::new(zone), &cancel, &|_| {})?;
    export(&folder, &lock, &ExportRequest::new(root.join("export"), zone), &cancel, &|_| {}).map(|_| ())
}

impl Scene {
    fn new() -> Self {
        let night = "2024-03-05 02:00:00+00:00";
        let courses = [
            SmallCourse::new(1, "One").video(10, "20.0").run(10, 900, night, 0.0, 2.0).run(10, 901, night, 0.0, 20.0),
            SmallCourse::new(2, "Two").video(20, "20.0").video(10, "20.0").run(20, 900, night, 5.0, 7.5),
        ];
        let (temporary, _) = small_folder(&courses);
        let root = temporary.path().to_owned();
        chunk_and_export(Arc::new(engine::store::RealDisk), &root, OLD_ZONE).unwrap();
        let old = outcome(&root);
        let copy = tempfile::tempdir().unwrap();
        copy_dir(&root, copy.path());
        chunk_and_export(Arc::new(engine::store::RealDisk), copy.path(), NEW_ZONE).unwrap();
        let new = outcome(copy.path());
        assert_ne!(old, new);
        Self { _temporary: temporary, root, old, new }
    }

    fn copy(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        copy_dir(&self.root, copy.path());
        copy
    }

    /// Makes one disturbed run, and checks what must hold after it and after the next, undisturbed one.
    fn check(&self, at: u64, fault: Fault) {
        let what = format!("{fault:?} at operation {at}");
        let copy = self.copy();
        let disk = Arc::new(FaultyDisk::new(at, fault));
        let done = chunk_and_export(Arc::clone(&disk) as Arc<dyn Disk>, copy.path(), NEW_ZONE);
        // A full disk refuses only what needs room. If nothing more does, the fault does not strike.
        assert!(disk.has_struck() || fault == Fault::Full, "{what}: the fault came");
        if let Err(error) = &done {
            assert_eq!(error.code(), ErrorCode::Disk, "{what}: {error}");
            assert!(error.hint().is_some());
        }
        let (output, exported) = outcome(copy.path());
        // Files that can be made again are not flushed: a power loss may take them, and the next run must notice.
        if fault != Fault::PowerLoss {
            for (found, old, new) in [(&output, &self.old.0, &self.new.0), (&exported, &self.old.1, &self.new.1)] {
                let visible: Vec<_> = found.iter().filter(|(name, _)| !name.contains(".tmp-")).collect();
                assert_eq!(visible.len(), old.len(), "{what}: no file is missing");
                for ((file, old), new) in visible.into_iter().zip(old).zip(new) {
                    assert!(file == old || file == new, "{what}: {} is neither old nor new", file.0);
                }
            }
            if done.is_ok() {
                assert_same_files(&output, &self.new.0, &what);
            }
        }
        chunk_and_export(Arc::new(engine::store::RealDisk), copy.path(), NEW_ZONE).unwrap();
        let (output, exported) = outcome(copy.path());
        assert_same_files(&output, &self.new.0, &what);
        // Half-written files in the export folder may belong to another process, so they stay for an hour.
        let exported: Files = exported.into_iter().filter(|(name, _)| !name.contains(".tmp-")).collect();
        assert_same_files(&exported, &self.new.1, &what);
    }

    fn operations(&self) -> u64 {
        let copy = self.copy();
        let counting = Arc::new(FaultyDisk::counting());
        chunk_and_export(Arc::clone(&counting) as Arc<dyn Disk>, copy.path(), NEW_ZONE).unwrap();
        counting.operations()
    }
}

#[test]
fn every_operation_may_be_the_last() {
    let scene = Scene::new();
    let operations = scene.operations();
    assert!(operations > 30, "{operations} operations");
    for fault in FAULTS {
        for at in 0..operations {
            scene.check(at, fault);
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Larger files and several threads, cut off at random operations several times in a row before the work is done.
#[test]
fn random_cuts_in_a_row_end_in_the_undisturbed_result() {
    let runs = number("SWEEP_SEEDS").unwrap_or(25);
    let first_seed = number("SWEEP_FIRST").unwrap_or_else(|| rand::rng().random_range(0..1_000_000));
    let (_golden, golden) = golden_copy();
    let undisturbed = tempfile::tempdir().unwrap();
    copy_dir(golden.root(), &undisturbed.path().join("data"));
    chunk_and_export(Arc::new(engine::store::RealDisk), undisturbed.path(), GOLDEN_ZONE).unwrap();
    let expected = outcome(undisturbed.path());
    let database = files(&golden.root().join("database"));
    for seed in first_seed..first_seed + runs {
        let mut random = StdRng::seed_from_u64(seed);
        let copy = tempfile::tempdir().unwrap();
        copy_dir(golden.root(), &copy.path().join("data"));
        let mut cuts = Vec::new();
        while random.random_bool(0.7) {
            let fault = FAULTS[random.random_range(0..FAULTS.len())];
            let at = random.random_range(0..60);
            cuts.push((fault, at));
            let _ = chunk_and_export(Arc::new(FaultyDisk::new(at, fault)), copy.path(), GOLDEN_ZONE);
        }
        let what = format!("SWEEP_FIRST={seed} after {cuts:?}");
        chunk_and_export(Arc::new(engine::store::RealDisk), copy.path(), GOLDEN_ZONE).unwrap();
        let (output, exported) = outcome(copy.path());
        assert_same_files(&output, &expected.0, &what);
        let exported: Files = exported.into_iter().filter(|(name, _)| !name.contains(".tmp-")).collect();
        assert_same_files(&exported, &expected.1, &what);
        assert_same_files(&files(&copy.path().join("data/database")), &database, &what);
    }
    println!("{runs} runs from seed {first_seed}");
}

#[test]
fn a_disk_that_is_full_for_the_union_keeps_the_courses_that_are_done() {
    let (temporary, folder) = golden_copy();
    let counting = Arc::new(FaultyDisk::counting());
    let copy = temporary.path().join("copy");
    copy_dir(folder.root(), &copy);
    let on = |disk: Arc<FaultyDisk>| DataFolder::open_on(disk, &copy).unwrap();
    chunk_in(&on(Arc::clone(&counting)), GOLDEN_ZONE).unwrap();
    fs::remove_dir_all(copy.join("output[CHUNKED]")).unwrap();
    fs::remove_dir_all(copy.join(".panopto-analytics")).unwrap();
    // The last operations belong to the union and the manifest.
    let disk = Arc::new(FaultyDisk::new(counting.operations() - 6, Fault::Full));
    let error = chunk_in(&on(disk), GOLDEN_ZONE).unwrap_err();
    assert!(error.message().starts_with("The disk is full: cannot write `"), "{error}");
    let report = chunk_in(&DataFolder::open(&copy).unwrap(), GOLDEN_ZONE).unwrap();
    let unchanged =
        report.courses.iter().filter(|(_, chunks)| matches!(chunks, engine::chunk::CourseChunks::Unchanged(_)));
    assert_eq!(unchanged.count(), 2);
}
