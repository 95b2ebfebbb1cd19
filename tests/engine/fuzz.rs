//! Every file and text that the engine reads, damaged in every way: the result is a value or one sentence, never a
//! panic.
//!
//! `PROPTEST_CASES=100000 cargo test --release -p engine --test engine fuzz` is the long run. The files are on a shelf
//! in memory, so that a case costs microseconds. Memory and time are bounded by construction: each reader goes over its
//! bytes once, and replies of a server are cut off at the sizes in `panopto::Options`. The last test here gives each
//! reader megabytes of input that is expensive to read.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use engine::captions::Words;
use engine::chunk::ChunkOptions;
use engine::dates::{ZoneAnswers, preview_import, typed_when};
use engine::export::{ExportRequest, plan};
use engine::nightly::NightResults;
use engine::secrets::MemorySecrets;
use engine::settings::{Settings, SettingsFile, import_env};
use engine::store::activity::ActivityReader;
use engine::store::course_list::read_course_list;
use engine::store::disk::{DiskReader, Entry, Stat};
use engine::store::journal::Journal;
use engine::store::layout::course_dir_name;
use engine::store::moment::{Moment, parse_day};
use engine::store::number::{Reading, parse_as_pandas, parse_nearest};
use engine::store::overview::read_overview;
use engine::store::staging::Staging;
use engine::store::{DataFolder, Disk, DiskFile};
use engine::time_zone::time_zone_named;
use engine::views::Views;
use engine::{Error, ErrorCode};
use model::{DateRange, Day, FolderId, Query, typed_day};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::calendars;
use crate::chunk_fixture::{chunk_in, golden, golden_copy};
use crate::damage::{Damage, cases, damage, damaged_sample};

/// Files in memory. Nothing can be written, and removing or renaming changes nothing.
#[derive(Debug, Default)]
struct Shelf {
    files: BTreeMap<PathBuf, Arc<[u8]>>,
}

impl Shelf {
    fn holding(path: &str, bytes: &[u8]) -> Arc<Self> {
        Arc::new(Self { files: BTreeMap::from([(Path::new("/data").join(path), bytes.into())]) })
    }
}

fn refused() -> io::Error {
    io::Error::from(io::ErrorKind::ReadOnlyFilesystem)
}

struct Bytes(Arc<[u8]>);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Disk for Shelf {
    fn create(&self, _: &Path) -> io::Result<Box<dyn DiskFile>> {
        Err(refused())
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskReader>> {
        let bytes = self.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Cursor::new(Bytes(Arc::clone(bytes)))))
    }
    fn sync_file(&self, _: &Path) -> io::Result<()> {
        Err(refused())
    }
    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn remove_file(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn remove_dir_all(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn create_dir_all(&self, _: &Path) -> io::Result<()> {
        Err(refused())
    }
    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
    fn list(&self, path: &Path) -> io::Result<Vec<Entry>> {
        let mut names = BTreeSet::new();
        for file in self.files.keys() {
            let mut parts = file.strip_prefix(path).map(Path::components).into_iter().flatten();
            if let Some(first) = parts.next() {
                names.insert((first.as_os_str().to_owned(), parts.next().is_some()));
            }
        }
        Ok(names.into_iter().map(|(name, is_dir)| Entry { name, is_dir }).collect())
    }
    fn stat(&self, path: &Path) -> io::Result<Option<Stat>> {
        let stat = |is_dir, length| Some(Stat { is_dir, length, modified: None, identity: 1 });
        let file = self.files.get(path).and_then(|bytes| stat(false, bytes.len() as u64));
        let is_above = || self.files.keys().any(|file| file.starts_with(path)) || path == Path::new("/data");
        Ok(file.or_else(|| if is_above() { stat(true, 0) } else { None }))
    }
}

const COURSE: &str = "720ecd90-37f0-433d-a28f-01b129741837";
const VIDEO: &str = "84cef7f7-f168-4a80-9a5a-ac100144db29";

fn course() -> FolderId {
    COURSE.parse().unwrap()
}

fn data(shelf: Arc<Shelf>) -> DataFolder {
    DataFolder::open_on(shelf, "/data").unwrap()
}

/// What every refusal of a reader must look like.
#[track_caller]
fn is_sentence(error: &Error, codes: &[ErrorCode]) {
    assert!(codes.contains(&error.code()), "{:?}: {error}", error.code());
    let message = error.message();
    assert!(!message.is_empty() && !message.contains('\n') && !message.ends_with('.'), "{message:?}");
    assert!(message.len() < 2000, "{} bytes", message.len());
    assert!(!message.chars().any(char::is_control), "{message:?}");
}

const COURSES_CSV: &str = "courses.csv";
const STATE_CSV: &str = "state.csv";
const OVERVIEW: &str = "database/Course[720ecd90-37f0-433d-a28f-01b129741837]/sessions_overview.csv";
const ACTIVITY: &str = "database/Course[720ecd90-37f0-433d-a28f-01b129741837]/viewing_activity.csv";
const JOURNAL: &str = ".panopto-analytics/sync/720ecd90-37f0-433d-a28f-01b129741837.json";
const STAGED: &str =
    ".panopto-analytics/staging/720ecd90-37f0-433d-a28f-01b129741837/84cef7f7-f168-4a80-9a5a-ac100144db29.csv";
const MANIFEST: &str = ".panopto-analytics/chunked.json";
const NOTE: &str = ".panopto-analytics/trash/720ecd90-37f0-433d-a28f-01b129741837-1/removed.json";
const NOTES: &str = "notes.csv";
const TIME_ZONE: &str = ".panopto-analytics/time-zone.txt";
const CAPTIONS: &str =
    "database/Course[720ecd90-37f0-433d-a28f-01b129741837]/captions/84cef7f7-f168-4a80-9a5a-ac100144db29.srt";
const CAPTIONS_LIST: &str = "database/Course[720ecd90-37f0-433d-a28f-01b129741837]/captions/index.json";
const DATES: &str = "dates.csv";
const PAIRS: &str = "pairs.csv";
const CALENDAR: &str = "timetable.ics";
const NIGHTS: &str = "nightly.json";
const CLASS_LIST: &str = "class-lists/720ecd90-37f0-433d-a28f-01b129741837.json";
const PEOPLE: &str = "people.csv";
const FORGOTTEN: &str = ".panopto-analytics/forgotten.csv";
const KEEP_FOR: &str = "keep-for.csv";
const NAME_JOURNAL: &str = "exports-with-names.csv";
const PEOPLE_HEADER: &str = "UserId,NameState,UserName,FirstName,LastName,Email,AskedAt,Role,LeftOut,PersonUserId";
const SETTINGS: &str = "settings.json";
const ENV: &str = ".env";

/// Reads the file of this name on the shelf with every reader for it.
#[expect(clippy::too_many_lines, reason = "one table of every reader and its damage")]
fn read(file: &str, shelf: &Arc<Shelf>) {
    let invalid = [ErrorCode::DataFileInvalid];
    let path = Path::new("/data").join(file);
    match file {
        COURSES_CSV => {
            let folder = data(Arc::clone(shelf));
            let list = [ErrorCode::CourseFileInvalid];
            let courses = folder.courses().map_err(Error::from).inspect_err(|error| is_sentence(error, &list));
            let imported =
                read_course_list(&**shelf, &path).map_err(Error::from).inspect_err(|error| is_sentence(error, &list));
            assert_eq!(courses.is_ok(), imported.is_ok());
        }
        STATE_CSV => {
            let _ =
                data(Arc::clone(shelf)).state().map_err(Error::from).inspect_err(|error| is_sentence(error, &invalid));
        }
        OVERVIEW => {
            for reading in [Reading::AsPandas, Reading::Nearest] {
                let _ = read_overview(&**shelf, &path, reading)
                    .map_err(Error::from)
                    .inspect_err(|error| is_sentence(error, &invalid));
            }
            look(shelf);
        }
        ACTIVITY => {
            match ActivityReader::open(&**shelf, &path) {
                Ok(reader) => {
                    let failures: Vec<Error> = reader.filter_map(Result::err).map(Error::from).collect();
                    assert!(failures.len() <= 1, "an error ends the reading");
                    for error in &failures {
                        is_sentence(error, &invalid);
                    }
                }
                Err(error) => is_sentence(&error.into(), &invalid),
            }
            look(shelf);
        }
        JOURNAL => {
            Journal::load(&data(Arc::clone(shelf)), course()).unwrap();
            let _ = engine::status::status(&data(Arc::clone(shelf)));
        }
        STAGED => {
            let staged = Staging::of_course(&data(Arc::clone(shelf)), course()).recover().unwrap();
            assert!(staged.len() <= 1);
        }
        MANIFEST => {
            let folder = data(Arc::clone(shelf));
            let request = ExportRequest { chunk: ChunkOptions::new(Tz::UTC), ..ExportRequest::new("/out", Tz::UTC) };
            let _ = plan(&folder, &request);
        }
        NOTE => {
            let _ =
                data(Arc::clone(shelf)).trash().map_err(Error::from).inspect_err(|error| is_sentence(error, &invalid));
        }
        NOTES => {
            let folder = data(Arc::clone(shelf));
            let notes = folder.notes().map_err(Error::from).inspect_err(|error| is_sentence(error, &invalid));
            let _ = notes.map(|notes| model::notes_of_moments(&notes, &[]).1.len());
        }
        TIME_ZONE => {
            let zone = data(Arc::clone(shelf)).time_zone().map_err(Error::from);
            assert_ne!(zone.inspect_err(|error| is_sentence(error, &invalid)).ok(), Some(None), "damage is no absence");
        }
        CAPTIONS | CAPTIONS_LIST => {
            let folder = data(Arc::clone(shelf));
            let seen = Views::default().course(&folder, course(), Tz::UTC).unwrap();
            let words = Words::default().of(&folder, &seen).map_err(|error| is_sentence(&error, &invalid));
            let Ok(words) = words else { return };
            for query in ["heat", "\"second law\"", "é"] {
                let found = words.find(&seen.views, &Query::parse(query), DateRange::ALL, 20);
                assert!(found.places.iter().all(|said| said.place.words().chars().count() <= 402));
            }
            let _ = (words.captions(0).at(5.0), words.captions(0).words_of(0.0, 1e9));
            assert!(words.captions(0).by_second(600).len() <= 600);
        }
        DATES => {
            let folder = data(Arc::clone(shelf));
            let dates = folder.dates().map_err(Error::from).inspect_err(|error| is_sentence(error, &invalid));
            let of_course =
                engine::dates::dates_of(&folder, course()).inspect_err(|error| is_sentence(error, &invalid));
            assert_eq!(dates.is_ok(), of_course.is_ok());
        }
        PEOPLE => {
            let folder = data(Arc::clone(shelf));
            let _ = folder.people().map_err(Error::from).inspect_err(|error| is_sentence(error, &invalid));
        }
        FORGOTTEN => {
            let folder = data(Arc::clone(shelf));
            let _ = folder.forgotten().map_err(Error::from).inspect_err(|error| is_sentence(error, &invalid));
        }
        KEEP_FOR => {
            let folder = data(Arc::clone(shelf));
            let periods = folder.keep_for().map_err(Error::from).inspect_err(|error| is_sentence(error, &invalid));
            assert!(periods.into_iter().flatten().all(|(_, days)| (1..=36_500).contains(&days)));
        }
        NAME_JOURNAL => {
            let folder = data(Arc::clone(shelf));
            let _ = folder.name_journal().map_err(Error::from).inspect_err(|error| is_sentence(error, &invalid));
        }
        PAIRS => {
            let _ =
                data(Arc::clone(shelf)).pairs().map_err(Error::from).inspect_err(|error| is_sentence(error, &invalid));
        }
        CALENDAR => {
            let folder = data(Arc::clone(shelf));
            let today = Day::from_date("2026-09-01".parse().unwrap());
            let plan = preview_import(&folder, course(), &path, Tz::Europe__Zurich, today, &ZoneAnswers::new());
            let _ = plan.inspect_err(|error| is_sentence(error, &[ErrorCode::InvalidInput]));
        }
        NIGHTS => {
            let nights =
                NightResults::read(&**shelf, Path::new("/data")).inspect_err(|error| is_sentence(error, &invalid));
            let _ = nights.map(|nights| nights.last().map(engine::nightly::NightResult::in_words));
        }
        CLASS_LIST => {
            let folder = data(Arc::clone(shelf));
            let list =
                folder.class_list(course()).map_err(Error::from).inspect_err(|error| is_sentence(error, &invalid));
            let Ok(Some(list)) = list else { return };
            let seen = engine::roster::class_in_view(&folder, &Views::default(), course(), Tz::UTC).unwrap().unwrap();
            assert_eq!(seen.matches.rows.len(), list.enrolled().count());
            let _ = engine::roster::find_listed(&list, "mvale7")
                .inspect_err(|error| is_sentence(error, &[ErrorCode::NotFound, ErrorCode::InvalidInput]));
        }
        SETTINGS => {
            let file = SettingsFile::in_dir(Arc::clone(shelf) as _, "/data");
            let loaded = file.load().inspect_err(|error| is_sentence(error, &[ErrorCode::DataFileInvalid]));
            let checked = loaded.map(|settings| settings.check());
            let _ = checked.map(|done| done.inspect_err(|error| is_sentence(error, &[ErrorCode::InvalidInput])));
        }
        ENV => {
            let text = String::from_utf8_lossy(&shelf.files[&path]).into_owned();
            let _ = import_env(&text, &mut Settings::default(), &MemorySecrets::default())
                .inspect_err(|error| is_sentence(error, &[ErrorCode::InvalidInput]));
        }
        other => panic!("{other}"),
    }
}

/// Reads by columns, as the window and chunking do.
fn look(shelf: &Arc<Shelf>) {
    let folder = data(Arc::clone(shelf));
    let _ = Views::default()
        .course(&folder, course(), Tz::America__Vancouver)
        .inspect_err(|error| is_sentence(error, &[ErrorCode::DataFileInvalid, ErrorCode::NotFound]));
}

/// The first lines of one of the original tool's files.
fn lines_of(file: &str, lines: usize) -> Vec<u8> {
    let text = std::fs::read_to_string(golden().join(file)).unwrap();
    text.split_inclusive('\n').take(lines).collect::<String>().into_bytes()
}

fn shelf_with(file: &str, bytes: &[u8]) -> Arc<Shelf> {
    let mut shelf = Shelf { files: Shelf::holding(file, bytes).files.clone() };
    let mut add = |file: &str, text: &[u8]| {
        shelf.files.entry(Path::new("/data").join(file)).or_insert_with(|| text.into());
    };
    if file == CAPTIONS {
        // The list must vouch for the file, or it would not be read.
        let note = format!(r#"{{"state":"kept","askedAt":"2024-03-01T10:00:00Z","fileBytes":{}}}"#, bytes.len());
        add(CAPTIONS_LIST, format!(r#"{{"version":1,"course":"{COURSE}","videos":{{"{VIDEO}":{note}}}}}"#).as_bytes());
    }
    if file == CAPTIONS_LIST {
        add(CAPTIONS, &samples(CAPTIONS)[0]);
    }
    if [CAPTIONS, CAPTIONS_LIST].contains(&file) {
        add(
            OVERVIEW,
            format!(
                "{}{COURSE},x,{COURSE},x,{VIDEO},n,d,10.0\n",
                String::from_utf8_lossy(&lines_of(
                    "database/COMM 291 2021W2[720ecd90-37f0-433d-a28f-01b129741837]/sessions_overview.csv",
                    1
                ))
            )
            .as_bytes(),
        );
    }
    if [ACTIVITY, MANIFEST, NOTE].contains(&file) {
        add(OVERVIEW, &samples(OVERVIEW)[0]);
    }
    if file == MANIFEST {
        add(COURSES_CSV, format!("PanoptoFolderName,PanoptoFolderID\nx,{COURSE}\n").as_bytes());
        add(ACTIVITY, &samples(ACTIVITY)[0]);
    }
    if file == NOTE {
        // The removed course is off the list.
        add(COURSES_CSV, b"PanoptoFolderName,PanoptoFolderID\n");
    }
    Arc::new(shelf)
}

/// Undamaged files of each kind.
fn samples(file: &str) -> &'static [Vec<u8>] {
    static SAMPLES: std::sync::OnceLock<BTreeMap<&'static str, Vec<Vec<u8>>>> = std::sync::OnceLock::new();
    &SAMPLES.get_or_init(make_samples)[file]
}

#[expect(clippy::too_many_lines, reason = "one table of every reader and its damage")]
fn make_samples() -> BTreeMap<&'static str, Vec<Vec<u8>>> {
    let dir = format!("database/COMM 291 2021W2[{COURSE}]");
    // Files that this program itself writes: chunked once, fetched once, removed once.
    let (_temporary, folder) = golden_copy();
    chunk_in(&folder, Tz::UTC).unwrap();
    let manifest = std::fs::read(folder.internal_file("chunked.json")).unwrap();
    let lock = folder.lock().unwrap();
    let mut journal = Journal::new(course(), "Name \"with\" 漢字");
    let failed = engine::store::journal::VideoState { fetched_through: None, ..Default::default() };
    journal.videos.insert(VIDEO.parse().unwrap(), failed);
    journal.lists_read =
        Some(engine::store::journal::ListsRead { at: "2024-03-15T12:00:00Z".parse().unwrap(), folders: 7 });
    journal.save(&folder, &lock).unwrap();
    let journal_text = std::fs::read(Journal::path(&folder, course())).unwrap();
    let range = model::UsageRange {
        begin: "2020-01-01T00:00:00Z".parse().unwrap(),
        end: "2024-01-01T00:00:00Z".parse().unwrap(),
    };
    let mut staging = Staging::of_course(&folder, course()).begin(VIDEO.parse().unwrap(), range).unwrap();
    let activity = lines_of(&format!("{dir}/viewing_activity.csv"), 9);
    let records = golden().join(format!("{dir}/viewing_activity.csv"));
    let reader = ActivityReader::open(&engine::store::RealDisk, &records).unwrap();
    let mine = reader.take(6).map(|row| model::ViewingRecord { session_id: VIDEO.parse().unwrap(), ..row.unwrap().1 });
    staging.write(mine).unwrap();
    staging.finish().unwrap();
    let staged =
        std::fs::read(folder.internal_dir().join("staging").join(COURSE).join(format!("{VIDEO}.csv"))).unwrap();
    let trashed = folder.plan_removal(&lock, course(), crate::support::noon()).unwrap();
    folder.move_to_trash(&lock, &trashed).unwrap();
    assert_eq!(trashed.course, course());
    let note = std::fs::read(folder.internal_dir().join(format!("trash/{COURSE}-1/removed.json"))).unwrap();
    let settings = Settings {
        server: Some("uni.hosted.panopto.com".into()),
        time_zone: Some("Europe/Zurich".into()),
        last_export: Some(engine::settings::LastExport {
            dir: "/x".into(),
            courses: Some(vec![course()]),
            pseudonyms: true,
            formula_guard: false,
            tables: true,
        }),
        ..Settings::default()
    };
    let head = String::from_utf8(lines_of(&format!("{dir}/sessions_overview.csv"), 1)).unwrap();
    let overview = format!("{head}{COURSE},\"a,\"\"b\"\"\nc\",{COURSE},,{VIDEO},=x,\"two\r\nlines\",1.5e2\n");
    let notes = format!(
        "SessionId,Kind,StartSecs,EndSecs,Tag,Note\n{VIDEO},watched-again,10,20.5,confusing,\"a, \"\"b\"\"\"\n{VIDEO},applauded,3,4e1,,été\n"
    );
    BTreeMap::from([
        (NOTES, vec![notes.into_bytes()]),
        (COURSES_CSV, vec![
            lines_of(COURSES_CSV, 9),
            format!("\u{feff}panoptofolderid;PanoptoFolderName,PanoptoFolderID\r\n,\"x\"\"y\",{{{COURSE}}}\r\n\r\n").into(),
        ]),
        (STATE_CSV, vec![
            lines_of(STATE_CSV, 9),
            format!("PanoptoFolderName,PanoptoFolderID,LastDateFetched(UTC)\n\"a,b\",{COURSE},2021-12-31 00:00:00\nx,{VIDEO},\n").into(),
        ]),
        (OVERVIEW, vec![lines_of(&format!("{dir}/sessions_overview.csv"), 9), overview.into()]),
        (ACTIVITY, vec![activity, staged.clone()]),
        (JOURNAL, vec![journal_text]),
        (STAGED, vec![staged]),
        (MANIFEST, vec![manifest]),
        (NOTE, vec![note]),
        (TIME_ZONE, vec![b"Europe/Zurich\n".to_vec(), "\u{feff}UTC\r\n".into()]),
        (CAPTIONS, vec![
            b"\xef\xbb\xbf1\r\n00:00:00,240 --> 00:00:06,090\r\n[Auto-generated transcript.]\r\nThe second\r\n\r\n2\r\n00:00:06,090 --> 00:00:08,000\r\nlaw of <i>heat</i> &amp; &#101;t\xc3\xa9.\r\n".to_vec(),
            b"WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000 align:start\n<v A>heat\n\n100:00:00.5 --> 0:0:1\nlate\n".to_vec(),
        ]),
        (CAPTIONS_LIST, vec![
            format!(r#"{{"version":1,"course":"{COURSE}","videos":{{"{VIDEO}":{{"state":"kept","askedAt":"2024-03-01T10:00:00Z","durationSecs":10.0,"language":"Danish","fileBytes":1}}}}}}"#).into(),
        ]),
        (DATES, vec![
            format!(
                "PanoptoFolderID,Number,Kind,Name,Start,End,TimeZone,SessionIds,Source\n\
                 {COURSE},,term,,2026-08-24,2026-12-11,,,\n{COURSE},,on-time,,P7D,,,,\n\
                 {COURSE},1,exam,\"Mid, term\",2026-10-05T09:00:00+02:00,,Europe/Zurich,{VIDEO},u@x#1\n\
                 {COURSE},2,break,Off,2026-11-09,2026-11-13,,,\n"
            )
            .into(),
            format!("Kind;Name;Start;End;TimeZone;PanoptoFolderID;Number;SessionIds;Source\r\nExam;x;2026-10-05 09:00;;UTC;{COURSE}\r\n")
                .into(),
        ]),
        (CALENDAR, calendars::samples()),
        (PAIRS, vec![format!("SessionId,OtherSessionId\n{VIDEO},{COURSE}\n{COURSE},\n").into()]),
        (NIGHTS, vec![
            br#"{"version":1,"nights":[{"began":"2024-03-01T02:30:00Z","ended":"2024-03-01T02:31:00Z","outcome":"failed","courses":2,"coursesFailed":1,"newRecords":12,"savedTo":"/x","failure":{"code":"network","reason":"Gone","hint":"Wait"}}]}"#.to_vec(),
            b"{\"nights\":[]}".to_vec(),
        ]),
        (CLASS_LIST, vec![
            format!(
                r#"{{"version":1,"course":"{COURSE}","list":{{"versions":[{{"importedAt":"2026-10-01T08:00:00Z","file":"a.csv","hash":"0a1b","people":2}}],"confirmedDomains":["example.edu"],"people":[{{"name":"Vale, Mira","login":"mvale7","number":"0012","since":"2026-10-01T08:00:00Z","links":[{{"user":"{VIDEO}","isSame":true}}]}},{{"email":"é@x.y","since":"2026-10-01T08:00:00Z","goneSince":"2026-11-01T08:00:00Z"}}]}}}}"#
            )
            .into(),
        ]),
        (PEOPLE, vec![
            format!("{PEOPLE_HEADER}\n{VIDEO},named,unified\\mvale7,Mira,\"Okonjo-Vale, O.\",m@example.edu,2026-11-28T15:00:00Z,staff,yes,\n{COURSE},anonymous,,,,,2026-11-28T15:00:00Z,,,{VIDEO}\n").into(),
        ]),
        (FORGOTTEN, vec![format!("Salt,Hash\n{0},{0}\n{0},{0}\n", "0a".repeat(32)).into()]),
        (KEEP_FOR, vec![format!("PanoptoFolderID,KeepDays\n{COURSE},730\n{VIDEO},1\n").into()]),
        (NAME_JOURNAL, vec![
            b"At,What,Where\n2026-10-01T09:00:00Z,credit,\"C:\\x, y.csv\"\n2026-10-02T09:00:00+02:00,sung,\n".to_vec(),
        ]),
        (SETTINGS, vec![serde_json::to_vec_pretty(&settings).unwrap(), b"{\"lookbackDays\":3,\"x\":[{}]}".to_vec()]),
        (ENV, vec![
            b"SERVER='uni.hosted.panopto.com'\nexport USERNAME = a b # c\nPASSWORD=\"p\\\"w\\n$x\"\n\nCLIENT_ID=1\r\nCLIENT_SECRET='s\\'s'\n".to_vec(),
            b"\xef\xbb\xbfA=\nSERVER=x\n#\nPASSWORD=x=y#z\n".to_vec(),
        ]),
    ])
}

/// Pieces that have a meaning for one of the readers.
const WORDS: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b",",
    b",,",
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"-",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"null",
    b"true",
    b"1e999",
    b"-0",
    b"NaN",
    b"inf",
    b"99999999999999999999999999",
    b"0.0000000000000000000000000001",
    b"\\u0000",
    b"\\ud800",
    b"\\",
    b"'",
    b"#",
    b"=",
    b"export ",
    b"#complete ",
    b"2021-02-30",
    b"9999-12-31",
    b"-9999-01-01",
    b"10000-01-01 00:00:00+00:00",
    b"0000-00-00",
    b"24:00:00",
    b"+99:99",
    b"84cef7f7-f168-4a80-9a5a-ac100144db29",
    b"00000000-0000-0000-0000-000000000000",
    b"\xe2\x80\xae",
    b"Start",
    b"18446744073709551616",
    b" --> ",
    b"00:00:01,000 --> 00:00:02,000\n",
    b"999999:99:99,999",
    b"<i>",
    b"&#x202e;",
    b"\"noCaptions\"",
];

/// A day or a time as somebody may type it, or nearly.
fn typed_time() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9]{1,4}[-./ ][0-9]{1,2}[-./ ][0-9]{1,4}([ T][0-9]{1,2}:[0-9]{2})?",
        "(Mon |friday, )?[0-9]{1,2}(st|th|\\.)? (Jan|feb|Sept|december|Mai)( [0-9]{2,5})?",
        "[-0-9:.TZ+ ]{0,24}",
    ]
}

type Broken = (Index, Vec<Damage>);

fn broken() -> impl Strategy<Value = Broken> {
    (any::<Index>(), prop::collection::vec(damage(WORDS), 1..6))
}

fn try_damaged(file: &'static str, (which, damages): &Broken) {
    read(file, &shelf_with(file, &damaged_sample(samples(file), *which, damages)));
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn course_lists(broken in broken()) {
        try_damaged(COURSES_CSV, &broken);
    }

    #[test]
    fn states(broken in broken()) {
        try_damaged(STATE_CSV, &broken);
    }

    #[test]
    fn overviews(broken in broken()) {
        try_damaged(OVERVIEW, &broken);
    }

    #[test]
    fn viewing_records(broken in broken()) {
        try_damaged(ACTIVITY, &broken);
    }

    #[test]
    fn journals(broken in broken()) {
        try_damaged(JOURNAL, &broken);
    }

    #[test]
    fn time_zones(broken in broken()) {
        try_damaged(TIME_ZONE, &broken);
    }

    #[test]
    fn staged_records(broken in broken()) {
        try_damaged(STAGED, &broken);
    }

    #[test]
    fn manifests_of_chunks(broken in broken()) {
        try_damaged(MANIFEST, &broken);
    }

    #[test]
    fn notes_of_removed_courses(broken in broken()) {
        try_damaged(NOTE, &broken);
    }

    #[test]
    fn notes_of_moments(broken in broken()) {
        try_damaged(NOTES, &broken);
    }

    #[test]
    fn captions(broken in broken()) {
        try_damaged(CAPTIONS, &broken);
    }

    #[test]
    fn lists_of_captions(broken in broken()) {
        try_damaged(CAPTIONS_LIST, &broken);
    }

    #[test]
    fn dates_of_courses(broken in broken()) {
        try_damaged(DATES, &broken);
    }

    #[test]
    fn mended_pairs(broken in broken()) {
        try_damaged(PAIRS, &broken);
    }

    #[test]
    fn calendars(which in any::<Index>(), damages in prop::collection::vec(damage(calendars::WORDS), 1..8)) {
        try_damaged(CALENDAR, &(which, damages));
    }

    #[test]
    fn results_of_nights(broken in broken()) {
        try_damaged(NIGHTS, &broken);
    }

    #[test]
    fn class_lists(broken in broken()) {
        try_damaged(CLASS_LIST, &broken);
    }

    #[test]
    fn people(broken in broken()) {
        try_damaged(PEOPLE, &broken);
    }

    #[test]
    fn who_was_forgotten(broken in broken()) {
        try_damaged(FORGOTTEN, &broken);
    }

    #[test]
    fn periods_of_keeping(broken in broken()) {
        try_damaged(KEEP_FOR, &broken);
    }

    #[test]
    fn the_journal_of_names(broken in broken()) {
        try_damaged(NAME_JOURNAL, &broken);
    }

    #[test]
    fn settings_files(broken in broken()) {
        try_damaged(SETTINGS, &broken);
    }

    #[test]
    fn env_files(broken in broken()) {
        try_damaged(ENV, &broken);
    }

    #[test]
    fn time_zone_names(name in prop_oneof![any::<String>(), "[A-Za-z/_+\\-0-9 ]{0,40}", "(Europe|America|Etc|US)/[A-Z]?[a-z_]{0,20}"]) {
        match time_zone_named(&name) {
            Ok(zone) => prop_assert_eq!(zone.name(), name.trim()),
            Err(error) => is_sentence(&error, &[ErrorCode::InvalidInput]),
        }
    }

    #[test]
    fn typed_days_and_times(
        start in typed_time(),
        end in prop::option::of(typed_time()),
        zone in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
    ) {
        let _ = typed_when(&start, end.as_deref(), zone)
            .inspect_err(|error| is_sentence(error, &[ErrorCode::InvalidInput]));
        if let Ok(day) = typed_day(&start, Day::new(20_000)) {
            let written = model::words::day_year(day);
            prop_assert_eq!(typed_day(&written, Day::new(0)), Ok(day), "{} is written {}", start, written);
        }
    }

    #[test]
    fn names_become_directories(name in any::<String>()) {
        let name = course_dir_name(&name, course());
        prop_assert!(Path::new(&name).components().count() == 1 && name.len() < 200, "{name}");
    }

    #[test]
    fn cells_of_numbers_and_times(cell in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        "[-+0-9.eEinfNa]{0,40}".prop_map(String::into_bytes),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,9})?([+-][0-9]{2}:[0-9]{2}|Z)?".prop_map(String::into_bytes),
    ]) {
        if let (Some(nearest), Some(pandas)) = (parse_nearest(&cell), parse_as_pandas(&cell)) {
            let apart = (nearest - pandas).abs();
            prop_assert!(apart.is_nan() || apart <= nearest.abs() * 1e-9 || nearest.abs() > 1e300 || nearest.abs() < 1e-300, "{nearest} {pandas}");
        }
        let _ = parse_day(&cell);
        if let Some(moment) = Moment::parse(&cell) {
            let _ = moment.to_utc();
        }
    }
}

#[test]
fn the_samples_are_sound() {
    // Otherwise the damage would be done to files that fail at their first byte anyway.
    for (file, sound) in make_samples() {
        for bytes in &sound {
            let shelf = shelf_with(file, bytes);
            read(file, &shelf);
            let folder = data(Arc::clone(&shelf));
            let is_read = match file {
                COURSES_CSV => folder.courses().is_ok_and(|courses| !courses.is_empty()) || bytes[0] == 0xef,
                STATE_CSV => folder.state().is_ok_and(|state| !state.is_empty()),
                OVERVIEW => {
                    Views::default().course(&folder, course(), Tz::UTC).is_ok_and(|seen| !seen.in_subfolder.is_empty())
                }
                ACTIVITY => Views::default().course(&folder, course(), Tz::UTC).is_ok() || bytes.ends_with(b"\n"),
                JOURNAL => matches!(
                    Journal::load(&folder, course()),
                    Ok(engine::store::journal::JournalFile::Journal(journal)) if journal.videos.len() == 1
                ),
                STAGED => Staging::of_course(&folder, course()).recover().unwrap().len() == 1,
                NOTES => folder.notes().is_ok_and(|notes| notes.len() == 2),
                NOTE => folder.trash().unwrap().len() == 1,
                TIME_ZONE => folder.time_zone().is_ok_and(|zone| zone.is_some()),
                CAPTIONS => {
                    let seen = Views::default().course(&folder, course(), Tz::UTC).unwrap();
                    let words = Words::default().of(&folder, &seen).unwrap();
                    words.find(&seen.views, &Query::parse("heat"), DateRange::ALL, 20).total == 1
                }
                CAPTIONS_LIST => {
                    let kept = engine::store::captions::CourseCaptions::open(&folder, course()).unwrap().unwrap();
                    kept.damage.is_none()
                }
                DATES => folder.dates().is_ok_and(|dates| dates[0].1.dates.iter().any(|date| date.number == 1)),
                CALENDAR => {
                    let today = Day::from_date("2026-09-01".parse().unwrap());
                    let file = Path::new("/data").join(CALENDAR);
                    preview_import(&folder, course(), &file, Tz::Europe__Zurich, today, &ZoneAnswers::new())
                        .is_ok_and(|plan| plan.added.len() > 1)
                }
                PAIRS => folder.pairs().is_ok_and(|pairs| pairs.len() == 2),
                CLASS_LIST => folder.class_list(course()).unwrap().is_some_and(|list| list.people.len() == 2),
                PEOPLE => {
                    folder.people().is_ok_and(|people| people.names.len() == 2 && people.decisions.change_figures())
                }
                FORGOTTEN => folder.forgotten().is_ok_and(|forgotten| forgotten.len() == 2),
                KEEP_FOR => folder.keep_for().is_ok_and(|periods| periods.len() == 2),
                NAME_JOURNAL => folder.name_journal().is_ok_and(|entries| entries.len() == 2),
                SETTINGS => SettingsFile::in_dir(shelf, "/data").load().is_ok(),
                ENV => import_env(&String::from_utf8_lossy(bytes), &mut Settings::default(), &MemorySecrets::default())
                    .is_ok(),
                _ => true,
            };
            assert!(is_read, "{file}: {}", String::from_utf8_lossy(bytes));
        }
    }
}

/// A million bytes of input that may be expensive: a reader whose time grows with the square would take hours.
#[test]
fn time_grows_with_the_bytes_and_not_faster() {
    // A debug build is about twenty times slower.
    let million = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };
    let rows = million as u128 / 16;
    let ids = |count: u128, row: &dyn Fn(&str) -> String| -> String {
        (0..count).map(|number| row(&uuid::Uuid::from_u128(number << 64 | 1).to_string())).collect()
    };
    let head =
        |file: &str| String::from_utf8(samples(file)[0].clone()).unwrap().lines().next().unwrap().to_owned() + "\n";
    let deep = |open: &str| open.repeat(million / open.len());
    let mut dear: Vec<(&str, String)> = vec![
        (COURSES_CSV, head(COURSES_CSV) + &ids(rows, &|id| format!("x,{id}\n"))),
        (STATE_CSV, head(STATE_CSV) + &ids(rows, &|id| format!("x,{id},2021-12-31\n"))),
        (OVERVIEW, head(OVERVIEW) + &ids(rows, &|id| format!("{COURSE},x,{COURSE},x,{id},n,d,10.0\n"))),
        (NOTES, head(NOTES) + &ids(rows, &|id| format!("{id},left,1,2,,x\n"))),
        (ENV, "A=b\n".repeat(million / 4) + "SERVER=x.example\nPASSWORD=x\n"),
        (ENV, format!("SERVER='{}", "\\\n".repeat(million / 2))),
        (DATES, head(DATES) + &ids(rows, &|id| format!("{id},,exam,x,2026-10-05,,,,\n"))),
        (DATES, head(DATES) + &ids(rows, &|_| format!("{COURSE},,exam,x,2026-10-05,,,,\n"))),
        (CALENDAR, "BEGIN:VEVENT\n".repeat(million / 13)),
        (CALENDAR, format!("BEGIN:VEVENT\nSUMMARY:{}", "x\n ".repeat(million / 3))),
        (CALENDAR, "BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20261005T090000\nEND:VEVENT\n".repeat(million / 60)),
        (CALENDAR, {
            let rule = "DTSTART:19700101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n";
            format!("BEGIN:VEVENT\nSUMMARY:never\n{rule}END:VEVENT\n").repeat(million / 90)
        }),
        (PAIRS, head(PAIRS) + &ids(rows, &|id| format!("{VIDEO},{id}\n"))),
        (PEOPLE, head(PEOPLE) + &ids(rows, &|id| format!("{id},,,,,,,,,{VIDEO}\n"))),
        (FORGOTTEN, head(FORGOTTEN) + &ids(rows / 4, &|_| format!("{0},{0}\n", "0a".repeat(32)))),
        (SETTINGS, format!("{{\"timeZone\":\"{}\"}}", "x".repeat(million))),
    ];
    let captions = format!("00:00:01,000 --> 00:00:02,000\n{}", "heat ".repeat(million / 5));
    dear.push((CAPTIONS, captions));
    dear.push((CAPTIONS, "00:00:01,000 --> 00:00:02,000\nheat second law\n\n".repeat(million / 48)));
    for piece in ["<a", "&", "{\\", "1\n", "x\n", "-->", "0:1 --> 0:2\n", "heat.", "\u{301}"] {
        dear.push((CAPTIONS, format!("00:00:01,000 --> 00:00:02,000\n{}", deep(piece))));
    }
    for file in [
        COURSES_CSV,
        STATE_CSV,
        OVERVIEW,
        ACTIVITY,
        STAGED,
        JOURNAL,
        MANIFEST,
        NOTE,
        NOTES,
        TIME_ZONE,
        SETTINGS,
        ENV,
        CAPTIONS,
        CAPTIONS_LIST,
        DATES,
        PAIRS,
        CALENDAR,
        CLASS_LIST,
        PEOPLE,
        FORGOTTEN,
    ] {
        for piece in ["\"", ",", "\n", "{\"\":", "[", "=", "0"] {
            dear.push((file, deep(piece)));
            dear.push((file, head(file) + &deep(piece)));
        }
    }
    let most = Duration::from_secs(60);
    for (file, text) in dear {
        let shelf = shelf_with(file, text.as_bytes());
        let begun = Instant::now();
        read(file, &shelf);
        assert!(begun.elapsed() < most, "{file} of {} bytes: {:?}", text.len(), begun.elapsed());
    }
    let begun = Instant::now();
    is_sentence(&time_zone_named(&"x".repeat(million)).unwrap_err(), &[ErrorCode::InvalidInput]);
    assert!(begun.elapsed() < most, "{:?}", begun.elapsed());
}
