//! Disks as people have them: read-only, slow, with a file open in another program, or on a drive that goes and comes
//! back. Each gets one sentence; nothing stored is lost; when the disk is well again, the next run completes what this
//! one could not.

use std::fmt::Debug;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use engine::events::EventLog;
use engine::export::{ExportRequest, export};
use engine::store::disk::{DiskReader, Entry, Stat};
use engine::store::{DataFolder, Disk, DiskFile, RealDisk};
use engine::{Error, ErrorCode};
use tokio_util::sync::CancellationToken;

use crate::chunk_fixture::{SmallCourse, assert_same_files, files, small_folder};
use crate::support::{Lab, small_world};

/// What an operation does with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Read,
    /// Creates, changes or flushes it.
    Write,
    /// Replaces it or takes its name away.
    Replace,
}

type Mood = dyn Fn(Act, &Path) -> io::Result<()> + Send + Sync;

/// The real disk, which first does what its mood says.
#[derive(Clone)]
struct Moody(Arc<Mood>);

impl Moody {
    fn new(mood: impl Fn(Act, &Path) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self(Arc::new(mood))
    }

    fn shared(&self) -> Arc<dyn Disk> {
        Arc::new(self.clone())
    }
}

impl Debug for Moody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Moody")
    }
}

struct MoodyFile {
    disk: Moody,
    path: std::path::PathBuf,
    file: Box<dyn DiskFile>,
}

impl Write for MoodyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.disk.0)(Act::Write, &self.path)?;
        self.file.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl DiskFile for MoodyFile {
    fn sync(&mut self) -> io::Result<()> {
        (self.disk.0)(Act::Write, &self.path)?;
        self.file.sync()
    }
}

impl Moody {
    fn wrap(&self, path: &Path, file: Box<dyn DiskFile>) -> Box<dyn DiskFile> {
        Box::new(MoodyFile { disk: self.clone(), path: path.to_owned(), file })
    }
}

impl Disk for Moody {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        (self.0)(Act::Write, path)?;
        Ok(self.wrap(path, RealDisk.create(path)?))
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskReader>> {
        (self.0)(Act::Read, path)?;
        RealDisk.open(path)
    }
    fn sync_file(&self, path: &Path) -> io::Result<()> {
        (self.0)(Act::Write, path)?;
        RealDisk.sync_file(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        (self.0)(Act::Replace, to)?;
        RealDisk.rename(from, to)
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        (self.0)(Act::Replace, path)?;
        RealDisk.remove_file(path)
    }
    fn remove_dir_all(&self, path: &Path) -> io::Result<()> {
        (self.0)(Act::Replace, path)?;
        RealDisk.remove_dir_all(path)
    }
    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        // Like real systems: an existing directory is no reason to write.
        if RealDisk.stat(path)?.is_none() {
            (self.0)(Act::Write, path)?;
        }
        RealDisk.create_dir_all(path)
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        (self.0)(Act::Read, path)?;
        RealDisk.sync_dir(path)
    }
    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        (self.0)(Act::Read, path)?;
        RealDisk.list(path)
    }
    fn stat(&self, path: &Path) -> io::Result<Option<Stat>> {
        (self.0)(Act::Read, path)?;
        RealDisk.stat(path)
    }
}

async fn sync_on(lab: &Lab, disk: &Moody) -> engine::Result<engine::sync::SyncReport> {
    lab.sync_with(disk.shared(), &EventLog::default(), &CancellationToken::new()).await
}

/// The only error, whether it ended the whole sync or only the course.
fn only_error(outcome: engine::Result<engine::sync::SyncReport>) -> String {
    match outcome {
        Err(error) => {
            assert_eq!(error.code(), ErrorCode::Disk, "{error}");
            assert!(error.hint().is_some(), "{error}");
            error.message().to_owned()
        }
        Ok(report) => panic!("it should have failed: {report:#?}"),
    }
}

fn is_named(path: &Path, name: &str) -> bool {
    path.file_name().is_some_and(|file| file == name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_turned_read_only() {
    let lab = Lab::new(small_world(41)).await;
    lab.sync_whole().await;
    let before = lab.snapshot();
    lab.set_now(crate::support::noon() + chrono::TimeDelta::days(1));
    let disk = Moody::new(|act, _| match act {
        Act::Read => Ok(()),
        _ => Err(ErrorKind::ReadOnlyFilesystem.into()),
    });
    let said = only_error(sync_on(&lab, &disk).await);
    assert!(said.starts_with("The disk is read-only: cannot "), "{said}");
    assert_eq!(lab.snapshot(), before, "nothing changed");
    lab.sync_whole().await;
    lab.assert_equal_to_server();
}

/// Windows refuses to replace a file that another program has open. The sentence is the same on all systems.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_open_in_another_program() {
    for name in ["viewing_activity.csv", "sessions_overview.csv", "state.csv", "courses.csv"] {
        let lab = Lab::new(small_world(42)).await;
        lab.sync_whole().await;
        lab.set_now(crate::support::noon() + chrono::TimeDelta::days(1));
        {
            let mut world = lab.server.world();
            let view = world.views[0].clone();
            let time = crate::support::at("2024-03-15T18:00:00Z");
            world.views.push(sim::View { time, ..view });
            "Renamed".clone_into(&mut world.folders[0].name);
            world.sessions[0].name.push('x');
        }
        let is_open = Arc::new(AtomicBool::new(true));
        let seen = Arc::clone(&is_open);
        let disk = Moody::new(move |act, path| {
            let refuses = act == Act::Replace && is_named(path, name) && seen.load(Ordering::Relaxed);
            if refuses { Err(ErrorKind::ResourceBusy.into()) } else { Ok(()) }
        });
        let said = only_error(sync_on(&lab, &disk).await);
        assert!(said.starts_with("Another program has `") && said.ends_with("open: cannot replace it"), "{said}");
        assert!(said.contains(name), "{said}");
        crate::support::assert_nothing_invented(&lab.stored(), &lab.everything());
        // Once the other program has closed it, the next sync stores what was fetched and requests nothing again.
        is_open.store(false, Ordering::Relaxed);
        lab.server.clear_requests();
        assert!(sync_on(&lab, &disk).await.unwrap().is_complete());
        // The overview is stored while videos are still being fetched, so its refusal cuts off some of them.
        if name != "sessions_overview.csv" {
            assert_eq!(lab.usage_calls().len(), 0, "{name}: what was fetched is kept");
        }
        lab.assert_equal_to_server();
    }
}

#[test]
fn an_exported_file_that_is_open_in_another_program() {
    let course = SmallCourse::new(1, "Course").video(10, "20.0").run(10, 900, "2024-03-05 20:00:00+00:00", 0.0, 2.0);
    for name in ["chunked_data.csv", "sessions_overview.csv", "panopto_viewing.twb"] {
        let (temporary, folder) = small_folder(std::slice::from_ref(&course));
        let target = temporary.path().join("out");
        let run = |folder: &DataFolder| -> Result<(), Error> {
            let lock = folder.lock()?;
            export(folder, &lock, &ExportRequest::new(&target, Tz::UTC), &CancellationToken::new(), &|_| {}).map(|_| ())
        };
        run(&folder).unwrap();
        let before = files(&target);
        let out = target.clone();
        let disk = Moody::new(move |act, path| {
            let refuses = act == Act::Replace && is_named(path, name) && path.starts_with(&out);
            if refuses { Err(ErrorKind::ResourceBusy.into()) } else { Ok(()) }
        });
        let error = run(&DataFolder::open_on(disk.shared(), folder.root()).unwrap()).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Disk);
        assert!(error.message().starts_with("Another program has `") && error.message().contains(name), "{error}");
        assert_same_files(&files(&target), &before, "whole files, and nothing half-written beside them");
        run(&folder).unwrap();
    }
}

/// A disk on which everything takes a while: the files are the same, other work goes on meanwhile, and a stop still
/// works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_disk() {
    let reference = Lab::new(small_world(43)).await;
    reference.sync_whole().await;
    let slow = |pause| {
        Moody::new(move |_, _| {
            std::thread::sleep(pause);
            Ok(())
        })
    };
    let lab = Lab::new(small_world(43)).await;
    let longest = Arc::new(Mutex::new(Duration::ZERO));
    let watch = {
        let longest = Arc::clone(&longest);
        tokio::spawn(async move {
            loop {
                let begun = Instant::now();
                tokio::time::sleep(Duration::from_millis(5)).await;
                let mut longest = longest.lock().unwrap();
                *longest = (*longest).max(begun.elapsed());
            }
        })
    };
    assert!(sync_on(&lab, &slow(Duration::from_millis(3))).await.unwrap().is_complete());
    watch.abort();
    assert!(lab.activity() == reference.activity() && lab.overview() == reference.overview());
    assert_eq!(lab.state(), reference.state());
    let longest = *longest.lock().unwrap();
    assert!(longest < Duration::from_secs(5), "everything else waited {longest:?} for the disk");

    // Stopped on a very slow disk.
    let lab = Lab::new(small_world(43)).await;
    let (cancel, events) = (CancellationToken::new(), EventLog::default());
    let sync = lab.sync_with(slow(Duration::from_millis(50)).shared(), &events, &cancel);
    let stop = async {
        tokio::time::sleep(Duration::from_millis(600)).await;
        cancel.cancel();
    };
    let both = async { tokio::join!(sync, stop) };
    let (report, ()) = tokio::time::timeout(Duration::from_secs(60), both).await.expect("the stop is not heard");
    assert!(report.unwrap().is_cancelled());
    while lab.folder().lock().is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    lab.sync_whole().await;
    lab.assert_equal_to_server();
}

/// The folder is on a drive that goes in the middle of a sync and comes back later.
#[tokio::test(flavor = "multi_thread")]
async fn a_drive_that_goes_and_comes_back() {
    let reference = Lab::new(small_world(44)).await;
    reference.sync_whole().await;
    for after in [3_u32, 20, 60, 120] {
        let lab = Lab::new(small_world(44)).await;
        let count = Mutex::new(0);
        let is_there = Arc::new(AtomicBool::new(true));
        let seen = Arc::clone(&is_there);
        let disk = Moody::new(move |_, _| {
            let mut count = count.lock().unwrap();
            *count += 1;
            if *count == after {
                seen.store(false, Ordering::Relaxed);
            }
            // The answer of a network drive that was there a moment ago.
            if seen.load(Ordering::Relaxed) { Ok(()) } else { Err(ErrorKind::StaleNetworkFileHandle.into()) }
        });
        let said = only_error(sync_on(&lab, &disk).await);
        assert!(said.ends_with("it, its folder or its drive is not there"), "{said}");
        is_there.store(true, Ordering::Relaxed);
        assert!(sync_on(&lab, &disk).await.unwrap().is_complete());
        assert!(lab.activity() == reference.activity() && lab.overview() == reference.overview(), "after {after}");
    }
}
