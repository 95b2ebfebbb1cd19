//! Disks that fail while what is kept about people changes: names and decisions, a class list, a period, the journal of exports
//! with names. Each file is the old one or the new one, and no viewing record is touched.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;
use engine::ErrorCode;
use engine::people::leave_out;
use engine::roster::{import_roster, pasted_roster};
use engine::store::faulty::{Fault, FaultyDisk};
use engine::store::{DataFolder, Disk, NamedExport, NamedExportEntry, RealDisk};
use engine::views::Views;
use model::{FolderId, UserId};

use crate::chunk_fixture::{SmallCourse, copy_dir, files, id, small_folder};
use crate::support::noon;

/// Changes every file about people.
fn change(disk: Arc<dyn Disk>, root: &Path, time: u32) -> engine::Result<()> {
    let folder = DataFolder::open_on(disk, root)?;
    let lock = folder.lock()?;
    let course = FolderId::parse(&id(1)).unwrap();
    leave_out(&folder, &lock, &[UserId::parse(&id(899 + time)).unwrap()], None)?;
    folder.set_keep_for(&lock, course, Some(30_000 + time))?;
    let list = pasted_roster(&format!("Name,Email Address\n\"Vale, Mira {time}\",m{time}@example.edu\n"))?;
    import_roster(&folder, &lock, &Views::default(), course, list, Tz::UTC, noon())?;
    let entry = NamedExportEntry { at: noon(), what: NamedExport::Credit.into(), place: format!("credit {time}.csv") };
    folder.note_named_export(&lock, entry)?;
    Ok(())
}

/// The files about people, by their paths.
fn about_people(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let is_about = |name: &str| {
        let name = name.replace('\\', "/");
        !name.contains(".tmp-")
            && (["people.csv", "keep-for.csv", "exports-with-names.csv"].contains(&&*name)
                || name.starts_with("class-lists/"))
    };
    files(root).into_iter().filter(|(name, _)| is_about(name)).collect()
}

#[test]
fn every_operation_may_be_the_last_and_records_are_never_touched() {
    let night = "2024-03-05 02:00:00+00:00";
    let course =
        SmallCourse::new(1, "One").video(10, "20.0").run(10, 900, night, 0.0, 2.0).run(10, 901, night, 0.0, 20.0);
    let (_temporary, folder) = small_folder(&[course]);
    change(Arc::new(RealDisk), folder.root(), 1).unwrap();
    let (old, records) = (about_people(folder.root()), files(&folder.root().join("database")));
    let copy = || {
        let copy = tempfile::tempdir().unwrap();
        copy_dir(folder.root(), copy.path());
        copy
    };
    let undisturbed = copy();
    let counting = Arc::new(FaultyDisk::counting());
    change(Arc::clone(&counting) as Arc<dyn Disk>, undisturbed.path(), 2).unwrap();
    let new = about_people(undisturbed.path());
    assert_eq!(new.len(), 4, "{:?}", new.keys());
    assert!(new.iter().all(|(name, bytes)| old.get(name) != Some(bytes)), "each file changes");
    for fault in [Fault::Full, Fault::NoPermission, Fault::Gone, Fault::PowerLoss] {
        for at in 0..counting.operations() {
            let what = format!("{fault:?} at operation {at}");
            let copy = copy();
            let disk = Arc::new(FaultyDisk::new(at, fault));
            if let Err(error) = change(disk, copy.path(), 2) {
                assert!(matches!(error.code(), ErrorCode::Disk | ErrorCode::Busy), "{what}: {error}");
            }
            let found = about_people(copy.path());
            assert_eq!(found.keys().collect::<Vec<_>>(), new.keys().collect::<Vec<_>>(), "{what}");
            for (name, bytes) in &found {
                assert!(old.get(name) == Some(bytes) || new.get(name) == Some(bytes), "{what}: {name} is neither");
            }
            assert_eq!(files(&copy.path().join("database")), records, "{what}: the records");
            // Whatever was cut off is done by doing it again.
            change(Arc::new(RealDisk), copy.path(), 2).unwrap();
        }
    }
}
