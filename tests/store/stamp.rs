//! Whether a file is unchanged: decided by its bytes, and by its stat only if that cannot mislead.

use std::fs;
use std::time::{Duration, SystemTime};

use store::RealDisk;
use store::stamp::{Look, Stamp, hash_file};

const BYTES: &[u8] = b"SessionId,UserId\n1,2\n";

fn stamped() -> (tempfile::TempDir, std::path::PathBuf, Stamp) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    fs::write(&path, BYTES).unwrap();
    let (length, hash) = hash_file(&RealDisk, &path).unwrap();
    let stamp = Stamp::of(&RealDisk, &path, length, hash).unwrap().unwrap();
    (directory, path, stamp)
}

/// Writes other bytes of the same length, with the old time of writing.
fn forge(path: &std::path::Path) {
    let time = fs::metadata(path).unwrap().modified().unwrap();
    fs::write(path, [&BYTES[..BYTES.len() - 2], b"3\n".as_slice()].concat()).unwrap();
    fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn a_fresh_stamp_looks_at_the_bytes() {
    let (_directory, path, stamp) = stamped();
    let now = SystemTime::now();
    assert!(matches!(stamp.look(&RealDisk, &path, now).unwrap(), Look::Same(_)));
    forge(&path);
    assert_eq!(stamp.look(&RealDisk, &path, now).unwrap(), Look::Changed);
    fs::remove_file(&path).unwrap();
    assert_eq!(stamp.look(&RealDisk, &path, now).unwrap(), Look::Changed);
}

#[test]
fn a_stamp_settles_when_the_file_has_lain_still_long_enough() {
    let (_directory, path, stamp) = stamped();
    let later = |secs| SystemTime::now() + Duration::from_secs(secs);
    let Look::Same(young) = stamp.look(&RealDisk, &path, later(60)).unwrap() else { panic!("the same bytes") };
    assert_eq!(young, stamp, "too young to be settled");
    let Look::Same(settled) = stamp.look(&RealDisk, &path, later(180)).unwrap() else { panic!("the same bytes") };
    assert_ne!(settled, stamp);
    assert!(settled.same_bytes(&stamp));
    // From now on the stat decides: the bytes are not read.
    forge(&path);
    assert!(matches!(settled.look(&RealDisk, &path, later(180)).unwrap(), Look::Same(_)));
    // A real change has another time.
    fs::write(&path, b"SessionId,UserId\n1,9\n").unwrap();
    assert_eq!(settled.look(&RealDisk, &path, later(180)).unwrap(), Look::Changed);
}

#[test]
fn a_copy_of_a_settled_file_is_recognised_by_its_bytes() {
    let (directory, path, stamp) = stamped();
    let Look::Same(settled) = stamp.look(&RealDisk, &path, SystemTime::now() + Duration::from_secs(180)).unwrap()
    else {
        panic!("the same bytes")
    };
    let copy = directory.path().join("copy");
    fs::copy(&path, &copy).unwrap();
    assert!(matches!(settled.look(&RealDisk, &copy, SystemTime::now()).unwrap(), Look::Same(_)));
    fs::write(&copy, b"other length").unwrap();
    assert_eq!(settled.look(&RealDisk, &copy, SystemTime::now()).unwrap(), Look::Changed);
}

#[test]
fn a_clock_that_went_backwards_settles_nothing() {
    let (_directory, path, stamp) = stamped();
    let Look::Same(same) = stamp.look(&RealDisk, &path, SystemTime::UNIX_EPOCH).unwrap() else {
        panic!("the same bytes")
    };
    assert_eq!(same, stamp);
}
