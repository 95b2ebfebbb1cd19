//! A forgotten person leaves no trace: every byte of the data folder is read, also after a sync that is offered the records
//! again. And what is too old goes, without looking like a loss.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use engine::ErrorCode;
use engine::people::{forget, kept_from, merge, remove_older, remove_too_old, would_remove_older};
use engine::roster::finish_forgetting;
use engine::store::faulty::{Fault, FaultyDisk};
use engine::store::{Area, DataFolder, KnownName, activity_file};
use engine::views::Views;
use model::{AccountName, NameState, UserId};
use sim::World;
use uuid::Uuid;

use crate::chunk_fixture::{chunk_in, copy_dir, files};
use crate::support::{Bag, Lab, assert_bags_equal, at, noon, stored_records};

/// The places where any of these texts stands, in any file, names of files included.
fn traces(root: &Path, texts: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, bytes) in files(root) {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for wanted in texts {
            if text.contains(&wanted.to_lowercase()) || name.to_lowercase().contains(&wanted.to_lowercase()) {
                found.push(format!("{wanted} in {name}"));
            }
        }
    }
    found
}

fn spellings(id: UserId) -> Vec<String> {
    vec![id.to_string(), id.to_string().replace('-', "")]
}

async fn lab_with_names() -> (Lab, UserId, UserId) {
    let lab = Lab::new(World::tiny(noon())).await;
    lab.sync_whole().await;
    let folder = lab.folder();
    let viewers: Vec<Uuid> = {
        let world = lab.server.world();
        vec![world.views[0].user, world.views[3].user]
    };
    let [one, other] = [viewers[0], viewers[1]].map(|user| UserId::from_bytes(user.into_bytes()));
    let mut people = folder.people().unwrap();
    for (account, last) in [(one, "Okonjo-Vale"), (other, "Lindqvist")] {
        let name =
            AccountName { user_key: format!("unified\\{last}"), last: last.to_owned(), ..AccountName::default() };
        people.learn(account, KnownName { state: NameState::Named.into(), name, asked_at: noon() });
    }
    folder.save_people(&folder.lock().unwrap(), &people).unwrap();
    chunk_in(&folder, Tz::UTC).unwrap();
    (lab, one, other)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_person_leaves_no_trace_also_after_a_sync() {
    let (lab, one, other) = lab_with_names().await;
    let folder = lab.folder();
    let wanted: Vec<String> = spellings(one).into_iter().chain(["Okonjo".to_owned()]).collect();
    assert!(!traces(lab.dir.path(), &wanted).is_empty());
    let before = lab.stored();

    let report = forget(&folder, &folder.lock().unwrap(), &[one], &|_| Ok(0)).unwrap();
    assert_eq!((report.accounts, report.records, report.courses), (1, 4, 1), "{report:?}");
    assert_eq!(traces(lab.dir.path(), &wanted), Vec::<String>::new());
    let expected = before.into_iter().filter(|(key, _)| !key.contains(&one.to_string())).collect();
    assert_bags_equal(&lab.stored(), &expected);

    // The server still has the records, and is asked for all of them.
    lab.set_now(at("2024-03-17T12:00:00Z"));
    let lab = Lab { lookback_days: 300, asks_again: true, ..lab };
    lab.sync_whole().await;
    assert_eq!(traces(lab.dir.path(), &wanted), Vec::<String>::new());
    assert_bags_equal(&lab.stored(), &expected);
    let lab = Lab { anew: true, ..lab };
    lab.sync_whole().await;
    chunk_in(&folder, Tz::UTC).unwrap();
    assert_eq!(traces(lab.dir.path(), &wanted), Vec::<String>::new());
    assert!(!traces(lab.dir.path(), &spellings(other)).is_empty(), "nobody else is forgotten");
    assert_eq!(Views::default().course(&folder, lab.course(), Tz::UTC).unwrap().viewer_count, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_accounts_of_a_person_are_forgotten_together() {
    let (lab, one, other) = lab_with_names().await;
    let folder = lab.folder();
    let lock = folder.lock().unwrap();
    merge(&folder, &lock, &[one, other]).unwrap();
    let report = forget(&folder, &lock, &[other], &|_| Ok(0)).unwrap();
    assert_eq!((report.accounts, report.records), (2, 8));
    let wanted: Vec<String> = spellings(one).into_iter().chain(spellings(other)).collect();
    assert_eq!(traces(lab.dir.path(), &wanted), Vec::<String>::new());
    let again = forget(&folder, &lock, &[other], &|_| Ok(0)).unwrap();
    assert_eq!((again.records, again.files), (0, 0), "forgetting twice finds nothing");
    assert_eq!(folder.forgotten().unwrap().len(), 2, "and remembers nothing twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_courses_and_kept_copies_are_searched_too() {
    let (lab, one, _) = lab_with_names().await;
    let folder = lab.folder();
    let activity = lab.course_dir().join("viewing_activity.csv");
    std::fs::copy(&activity, lab.course_dir().join("viewing_activity.multiplied.csv")).unwrap();
    let trash = folder.trash_dir().join("x-1/database");
    std::fs::create_dir_all(&trash).unwrap();
    std::fs::copy(&activity, trash.join("viewing_activity.csv")).unwrap();
    forget(&folder, &folder.lock().unwrap(), &[one], &|_| Ok(0)).unwrap();
    assert_eq!(traces(lab.dir.path(), &spellings(one)), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_else_is_kept_is_removed_by_whoever_keeps_it() {
    let (lab, one, _) = lab_with_names().await;
    let folder = lab.folder();
    let told = std::sync::Mutex::new(Vec::new());
    let also = |accounts: &[UserId]| {
        told.lock().unwrap().extend(accounts.iter().copied());
        Ok(3)
    };
    let report = forget(&folder, &folder.lock().unwrap(), &[one], &also).unwrap();
    assert_eq!(*told.lock().unwrap(), [one]);
    assert!(report.files >= 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_is_not_known_who_was_forgotten_nothing_is_fetched() {
    let (lab, one, _) = lab_with_names().await;
    let folder = lab.folder();
    forget(&folder, &folder.lock().unwrap(), &[one], &|_| Ok(0)).unwrap();
    std::fs::write(folder.forgotten_file(), "Salt,Hash\nnonsense,\n").unwrap();
    let before = lab.snapshot();
    assert_eq!(lab.sync().await.unwrap_err().code(), ErrorCode::DataFileInvalid);
    assert_eq!(lab.snapshot(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_old_goes_and_is_not_fetched_again() {
    let (lab, ..) = lab_with_names().await;
    let folder = lab.folder();
    // Three days before now, two, and yesterday.
    let cut: NaiveDate = "2024-03-14".parse().unwrap();
    let stored = lab.stored();
    let preview = would_remove_older(&folder, lab.course(), cut).unwrap();
    assert_eq!(lab.stored(), stored, "a preview changes nothing");
    let report = remove_older(&folder, &folder.lock().unwrap(), lab.course(), cut).unwrap();
    assert_eq!(report.records, preview.records);
    assert!(report.records > 0 && report.records < stored.values().sum::<usize>() as u64, "{report:?}");
    assert_eq!(lab.stored().values().sum::<usize>() as u64, stored.values().sum::<usize>() as u64 - report.records);
    let kept = lab.stored();
    lab.set_now(at("2024-03-16T12:00:00Z"));
    // Days that are asked for again, because records come late, are never that old.
    let lab = Lab { lookback_days: 0, ..lab };
    lab.sync_whole().await;
    assert_bags_equal(&lab.stored(), &kept);
    Views::default().course(&folder, lab.course(), Tz::UTC).unwrap();
    assert_eq!(would_remove_older(&folder, lab.course(), "2024-03-12".parse().unwrap()).unwrap().records, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_removes_what_is_older_and_without_one_everything_stays() {
    let (lab, ..) = lab_with_names().await;
    let folder = lab.folder();
    let stored = lab.stored();
    let today: NaiveDate = "2024-03-15".parse().unwrap();
    assert_eq!(remove_too_old(&folder, &folder.lock().unwrap(), today).unwrap(), []);
    assert_eq!(lab.stored(), stored, "nobody has said for how long");
    let elsewhere = model::FolderId::from_bytes([9; 16]);
    folder.set_keep_for(&folder.lock().unwrap(), elsewhere, Some(1)).unwrap();
    assert_eq!(remove_too_old(&folder, &folder.lock().unwrap(), today).unwrap(), [], "the period of another course");
    folder.set_keep_for(&folder.lock().unwrap(), lab.course(), Some(1)).unwrap();
    let expected = would_remove_older(&folder, lab.course(), kept_from(today, 1)).unwrap();
    assert_eq!(expected.before, "2024-03-14".parse::<NaiveDate>().unwrap());
    let removed = remove_too_old(&folder, &folder.lock().unwrap(), today).unwrap();
    assert_eq!(
        removed.iter().map(|(course, report)| (*course, report.records)).collect::<Vec<_>>(),
        [(lab.course(), expected.records)]
    );
    assert!(expected.records > 0 && lab.stored().values().sum::<usize>() > 0);
    assert_eq!(remove_too_old(&folder, &folder.lock().unwrap(), today).unwrap(), [], "once is enough");
    // What cannot be read deletes nothing.
    std::fs::write(folder.keep_for_file(), "PanoptoFolderID,KeepDays\nx,1\n").unwrap();
    let kept = lab.stored();
    let later = "2030-01-01".parse().unwrap();
    assert_eq!(remove_too_old(&folder, &folder.lock().unwrap(), later).unwrap_err().code(), ErrorCode::DataFileInvalid);
    assert_eq!(lab.stored(), kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_or_refused_anywhere_it_loses_nobody_elses_records_and_is_done_by_doing_it_again() {
    let (lab, one, _) = lab_with_names().await;
    let of_others = |root: &Path| -> Bag {
        let folder = DataFolder::open(root).unwrap();
        let dir = folder.course_dir(Area::Database, lab.course()).unwrap().unwrap();
        let stored = stored_records(&activity_file(&dir));
        stored.into_iter().filter(|(key, _)| !key.contains(&one.to_string())).collect()
    };
    let others = of_others(lab.dir.path());
    for fault in [Fault::Die, Fault::PowerLoss, Fault::Full, Fault::NoPermission] {
        let mut struck = 0;
        for at in 0.. {
            let copy = tempfile::tempdir().unwrap();
            copy_dir(lab.dir.path(), copy.path());
            let disk = FaultyDisk::new(at, fault);
            let folder = DataFolder::open_on(Arc::new(disk.clone()), copy.path()).unwrap();
            let outcome =
                folder.lock().map_err(engine::Error::from).and_then(|lock| forget(&folder, &lock, &[one], &|_| Ok(0)));
            drop(folder);
            assert_bags_equal(&of_others(copy.path()), &others);
            if !disk.has_struck() {
                outcome.unwrap();
                break;
            }
            struck += 1;
            // Whatever is left is readable, and the next lock finishes it, once its first file had reached the disk.
            let folder = DataFolder::open(copy.path()).unwrap();
            Views::default().course(&folder, lab.course(), Tz::UTC).unwrap();
            let lock = folder.lock().unwrap();
            let has_begun = !folder.being_forgotten().unwrap().is_empty();
            finish_forgetting(&folder, &lock);
            assert!(!has_begun || traces(copy.path(), &spellings(one)).is_empty(), "{fault:?} at {at}");
            forget(&folder, &lock, &[one], &|_| Ok(0)).unwrap();
            assert_eq!(traces(copy.path(), &spellings(one)), Vec::<String>::new(), "{fault:?} at {at}");
        }
        assert!(struck > 10, "{fault:?}: {struck}");
    }
}
