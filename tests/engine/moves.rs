//! A move of the data folder whose run is killed: the next run makes one place of the two, and removes nothing that is not
//! in the place in use, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::connection::Options;
use engine::environment::FixedEnvironment;
use engine::lifetime::Lifetime;
use engine::secrets::MemorySecrets;
use engine::store::course_list::ListedCourse;
use engine::store::faulty::{Fault, FaultyDisk};
use engine::store::{Area, DataFolder, Disk, RealDisk};
use model::FolderId;
use tokio_util::sync::CancellationToken;

const COURSE: FolderId = FolderId::from_bytes([7; 16]);

/// A person's configuration and data folder.
struct Person {
    dir: tempfile::TempDir,
    before: BTreeMap<PathBuf, Vec<u8>>,
}

impl Person {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path().join("old")).unwrap();
        let lock = folder.lock().unwrap();
        folder.save_courses(&lock, &[ListedCourse { id: COURSE, name: "COMM 290".to_owned() }]).unwrap();
        let directory = folder.make_course_dir(&lock, Area::Database, COURSE, "COMM 290").unwrap();
        fs::write(directory.join("viewing_activity.csv"), vec![b'x'; 300_000]).unwrap();
        fs::create_dir_all(folder.root().join("raw_data_handler")).unwrap();
        fs::write(folder.root().join("raw_data_handler/state.csv"), "state of the scripts").unwrap();
        let before = files(folder.root());
        Self { dir, before }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self) -> Lifetime {
        self.run_on(Arc::new(RealDisk))
    }

    fn run_on(&self, disk: Arc<dyn Disk>) -> Lifetime {
        let (secrets, nothing) = (Arc::new(MemorySecrets::default()), Arc::new(FixedEnvironment::default()));
        Lifetime::begin(disk, &self.path("config"), secrets, nothing, Options::default())
    }

    /// Moves the folder on a disk that ends with the run at this operation; whether it came to the end.
    fn move_until(&self, operation: u64) -> bool {
        let disk = Arc::new(FaultyDisk::new(operation, Fault::Die));
        let run = self.run_on(Arc::clone(&disk) as Arc<dyn Disk>);
        let folder = DataFolder::open_on(Arc::clone(&disk) as Arc<dyn Disk>, self.path("old"));
        let moved = folder
            .map_err(Into::into)
            .and_then(|folder| run.move_data_folder(&folder, &self.path("new"), &CancellationToken::new()));
        moved.is_ok() && !disk.has_struck()
    }

    fn in_use(&self) -> PathBuf {
        self.run().settings_file().load().unwrap().data_folder.unwrap_or_else(|| self.path("old"))
    }
}

/// Every file below a directory but the lock, which means nothing.
fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut dirs = vec![root.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.file_name().unwrap() != "lock" {
                found.insert(path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[tokio::test]
async fn a_move_that_is_killed_anywhere_leaves_one_place_after_the_next_start() {
    let (mut undone, mut finished) = (0, 0);
    for operation in 0.. {
        let person = Person::new();
        if person.move_until(operation) {
            break;
        }
        let told = person.run().finish_left_move().await;
        let in_use = person.in_use();
        let other = person.path(if in_use == person.path("old") { "new" } else { "old" });
        assert!(files(&in_use) == person.before, "killed at {operation}: {} is whole", in_use.display());
        assert!(!other.exists(), "killed at {operation}: {:?} of {}", files(&other).keys(), other.display());
        match told {
            Some(told) if told.contains("in use as before") => undone += 1,
            Some(told) => {
                assert!(told.contains("cut off at its end"), "killed at {operation}: {told}");
                finished += 1;
            }
            None => {}
        }
        assert_eq!(person.run().finish_left_move().await, None, "killed at {operation}: told once");
        // Tried again, it works, also to the same place.
        if in_use == person.path("old") {
            let folder = DataFolder::open(&in_use).unwrap();
            person.run().move_data_folder(&folder, &person.path("new"), &CancellationToken::new()).unwrap();
            assert!(files(&person.path("new")) == person.before && !person.path("old").exists());
        }
    }
    assert!(undone > 5 && finished > 3, "{undone} undone, {finished} finished");
}

/// The first operation at which the settings already name the new place, and the old one is still there.
fn killed_before_the_old_place_is_removed() -> Person {
    for operation in 0.. {
        let person = Person::new();
        assert!(!person.move_until(operation), "there is such an instant");
        if person.in_use() == person.path("new") && files(&person.path("old")) == person.before {
            return person;
        }
    }
    unreachable!("operations end")
}

#[tokio::test]
async fn what_differs_from_the_place_in_use_stays_and_is_told() {
    let person = killed_before_the_old_place_is_removed();
    let list = person.path("old/courses.csv");
    fs::write(&list, "PanoptoFolderName,PanoptoFolderID\n").unwrap();
    fs::write(person.path("old/notes of mine.txt"), "mine").unwrap();
    let told = person.run().finish_left_move().await.expect("it is told");
    assert!(told.contains("still holds files that differ") && told.contains("old"), "{told}");
    let left: Vec<PathBuf> = files(&person.path("old")).into_keys().collect();
    assert_eq!(left, [PathBuf::from("courses.csv"), PathBuf::from("notes of mine.txt")]);
    assert!(files(&person.path("new")) == person.before);
}

#[tokio::test]
async fn a_place_that_somebody_writes_or_that_is_away_waits_for_the_next_run() {
    let person = killed_before_the_old_place_is_removed();
    let writing = DataFolder::open(person.path("new")).unwrap().lock().unwrap();
    assert_eq!(person.run().finish_left_move().await, None);
    assert!(files(&person.path("old")) == person.before);
    drop(writing);
    fs::rename(person.path("new"), person.path("away")).unwrap();
    assert_eq!(person.run().finish_left_move().await, None);
    assert!(files(&person.path("old")) == person.before, "nothing goes while the place in use cannot be seen");
    fs::rename(person.path("away"), person.path("new")).unwrap();
    assert!(person.run().finish_left_move().await.is_some());
    assert!(!person.path("old").exists());
}

/// A backup is a folder with the same files; a move onto it is refused before anything is written down.
#[tokio::test]
async fn a_move_onto_a_backup_is_never_begun() {
    for operation in 0..40 {
        let person = Person::new();
        let backup = person.path("new");
        crate::chunk_fixture::copy_dir(&person.path("old"), &backup);
        assert!(!person.move_until(operation));
        assert_eq!(person.run().finish_left_move().await, None);
        assert!(files(&backup) == person.before, "after {operation} operations");
    }
}

#[tokio::test]
async fn a_damaged_note_touches_nothing() {
    let person = killed_before_the_old_place_is_removed();
    let note = person.path("config/data-folder-move.json");
    for text in ["", "{", "[]", "{\"from\":1}", "\0\0", "{\"from\":\"/\",\"to\":\"/\",\"toWasThere\":true}"] {
        fs::write(&note, text).unwrap();
        person.run().finish_left_move().await;
        assert!(files(&person.path("old")) == person.before && files(&person.path("new")) == person.before, "{text}");
    }
}
