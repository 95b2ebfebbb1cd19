//! A laboratory for tests of the engine: a simulated server, a data folder, a clock, and ways to compare them.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use engine::Result;
use engine::clock::{Clock, FixedClock};
use engine::events::{EventLog, Events};
use engine::store::course_list::ListedCourse;
use engine::store::{Area, DataFolder, activity_file, overview_file};
use engine::store::{Disk, RealDisk};
use engine::sync::{SyncReport, SyncRequest, run};
use model::{FolderId, SessionId, ViewingRecord};
use panopto::{
    ApiClient, BoxError, Client, Options, PasswordSignIn, RestLimits, Secret, Server, SignIn, SoapSignIn, TokenStore,
};
use sim::{Config, Handle, RequestLogEntry, Route, World};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The time at which most tests begin.
pub(crate) fn noon() -> DateTime<Utc> {
    at("2024-03-15T12:00:00Z")
}

/// A moment.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// How the client signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// Refresh token, access token, `legacyLogin`.
    Token,
    /// Password grant for REST, `LogOnWithPassword` for SOAP (the server has no usable `legacyLogin`).
    Password,
    /// Password grant for REST, user name and password in each usage call.
    AuthInCall,
}

/// Options that do not slow a test down.
pub(crate) fn quick() -> Options {
    Options {
        rest_limits: RestLimits { per_second: 100_000, per_minute: 1_000_000, per_hour: 10_000_000 },
        connect_timeout: Duration::from_secs(5),
        silence_timeout: Duration::from_secs(2),
        call_timeout: Duration::from_secs(5),
        backoff_base: Duration::from_millis(5),
        backoff_cap: Duration::from_millis(40),
        ..Options::default()
    }
}

/// Keeps the last refresh token for the next client, as the keychain does.
#[derive(Default)]
pub(crate) struct Tokens(std::sync::Mutex<Option<Secret>>);

impl Tokens {
    /// The refresh token that is stored now.
    pub(crate) fn last(&self) -> Option<String> {
        self.0.lock().unwrap().as_ref().map(|token| token.expose().to_owned())
    }
}

#[async_trait]
impl TokenStore for Tokens {
    async fn refresh_token_rotated(&self, new: &Secret) -> Result<(), BoxError> {
        *self.0.lock().unwrap() = Some(new.clone());
        Ok(())
    }
}

/// A server, a data folder whose list has the server's first folder as its only course, and a clock for both.
pub(crate) struct Lab {
    pub(crate) server: Handle,
    pub(crate) dir: tempfile::TempDir,
    pub(crate) clock: FixedClock,
    pub(crate) how: How,
    pub(crate) options: Options,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) lookback_days: u32,
    /// Whether the look-back is requested at once.
    pub(crate) asks_again: bool,
    /// Whether everything is fetched again.
    pub(crate) anew: bool,
    /// Whether a look at many folders at once may replace their lists.
    pub(crate) fewer_calls: bool,
}

impl Lab {
    /// A laboratory with this world, at noon.
    pub(crate) async fn new(world: World) -> Self {
        Self::with(world, Config::default()).await
    }

    /// A laboratory with this world and server.
    pub(crate) async fn with(world: World, config: Config) -> Self {
        let config = Config { now: Some(noon()), ..config };
        let course = world.folders[0].id;
        let server = sim::start(world, config).await.unwrap();
        let lab = Self {
            server,
            dir: tempfile::tempdir().unwrap(),
            clock: FixedClock::at(noon()),
            how: How::Password,
            options: quick(),
            tokens: Arc::default(),
            lookback_days: 2,
            asks_again: false,
            anew: false,
            fewer_calls: false,
        };
        lab.list_courses(&[course]);
        lab
    }

    /// The same server with another sign-in.
    pub(crate) fn signing_in(mut self, how: How) -> Self {
        self.how = how;
        self
    }

    /// The course that is listed first.
    pub(crate) fn course(&self) -> FolderId {
        self.folder().courses().unwrap()[0].id
    }

    /// Puts exactly these courses on the list.
    pub(crate) fn list_courses(&self, courses: &[Uuid]) {
        let folder = self.folder();
        let listed: Vec<ListedCourse> =
            courses.iter().map(|id| ListedCourse { id: folder_id(*id), name: String::new() }).collect();
        folder.save_courses(&folder.lock().unwrap(), &listed).unwrap();
    }

    pub(crate) fn folder(&self) -> DataFolder {
        DataFolder::create(self.dir.path()).unwrap()
    }

    /// Moves both clocks.
    pub(crate) fn set_now(&self, now: DateTime<Utc>) {
        self.clock.set(now);
        self.server.set_now(now);
    }

    /// Signs in with the browser, if `How` says so. If this is not called, each client does it by itself.
    pub(crate) async fn sign_in(&self) {
        if self.how == How::Token {
            let token = refresh_token(&self.server).await;
            *self.tokens.0.lock().unwrap() = Some(token);
        }
    }

    /// A new client, as a new process makes one.
    pub(crate) async fn client(&self) -> Client {
        let server = Server::parse(&self.server.base_url()).unwrap();
        let api_client = ApiClient { id: sim::DEMO_CLIENT_ID.into(), secret: sim::DEMO_CLIENT_SECRET.into() };
        let password = PasswordSignIn { user_name: sim::DEMO_USER.into(), password: sim::DEMO_PASSWORD.into() };
        let mut sign_in = SignIn { api_client: Some(api_client), ..SignIn::default() };
        match self.how {
            How::Token => {
                let known = self.tokens.0.lock().unwrap().clone();
                sign_in.refresh_token = Some(match known {
                    Some(token) => token,
                    None => refresh_token(&self.server).await,
                });
            }
            How::Password => sign_in.password = Some(password),
            How::AuthInCall => {
                sign_in.password = Some(password);
                sign_in.soap = SoapSignIn::AuthInCall;
            }
        }
        Client::new(server, sign_in, Arc::clone(&self.tokens) as _, self.options.clone()).unwrap()
    }

    /// A sync of all courses that nothing interrupts.
    pub(crate) async fn sync(&self) -> Result<SyncReport> {
        self.sync_with(Arc::new(RealDisk), &EventLog::default(), &CancellationToken::new()).await
    }

    /// A sync that must do everything.
    pub(crate) async fn sync_whole(&self) -> SyncReport {
        let report = self.sync().await.unwrap();
        assert!(report.is_complete(), "{report:#?}");
        report
    }

    /// A sync on this disk that is watched and may be stopped.
    pub(crate) async fn sync_with(
        &self,
        disk: Arc<dyn Disk>,
        events: &dyn Events,
        cancel: &CancellationToken,
    ) -> Result<SyncReport> {
        let folder = DataFolder::open_on(disk, self.dir.path())?;
        let lock = Arc::new(folder.lock()?);
        let request = SyncRequest {
            courses: None,
            lookback_days: self.lookback_days,
            asks_again: self.asks_again,
            anew: self.anew,
            fewer_calls: self.fewer_calls,
        };
        let client = self.client().await;
        run(&folder, &lock, &engine::source::Source::new(client), &request, &self.clock, events, cancel).await
    }

    /// The directory of the course in the database.
    pub(crate) fn course_dir(&self) -> PathBuf {
        self.folder().course_dir(Area::Database, self.course()).unwrap().expect("the course has a directory")
    }

    pub(crate) fn activity(&self) -> String {
        std::fs::read_to_string(activity_file(&self.course_dir())).unwrap()
    }

    pub(crate) fn overview(&self) -> String {
        std::fs::read_to_string(overview_file(&self.course_dir())).unwrap()
    }

    pub(crate) fn state(&self) -> String {
        std::fs::read_to_string(self.folder().state_file()).unwrap_or_default()
    }

    /// The stored records of the course.
    pub(crate) fn stored(&self) -> Bag {
        stored_records(&activity_file(&self.course_dir()))
    }

    /// The records of the listed course that the server has, up to the last complete day.
    pub(crate) fn expected(&self) -> Bag {
        self.expected_of(Uuid::from_bytes(*self.course().as_bytes()))
    }

    /// The same for any course.
    pub(crate) fn expected_of(&self, course: Uuid) -> Bag {
        let end = self.clock.now().date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        let world = self.server.world();
        let folders = world.folder_tree(course);
        let sessions: Vec<Uuid> = world.sessions.iter().filter(|s| folders.contains(&s.folder)).map(|s| s.id).collect();
        bag(world.views.iter().filter(|v| v.time < end && sessions.contains(&v.session)).map(key_of_view))
    }

    /// Checks that the course holds every record of the server exactly once and claims to be fetched through yesterday.
    pub(crate) fn assert_equal_to_server(&self) {
        assert_bags_equal(&self.stored(), &self.expected());
        let yesterday = self.clock.now().date_naive().pred_opt().unwrap();
        assert!(self.state().contains(&format!("{},{yesterday}\n", self.course())), "{}", self.state());
    }

    /// All records that the server has, including those of deleted videos and of days to come.
    pub(crate) fn everything(&self) -> Bag {
        bag(self.server.world().views.iter().map(key_of_view))
    }

    /// The stored records of videos that are still in the course.
    pub(crate) fn stored_of_present_videos(&self) -> Bag {
        let present: Vec<String> = self.server.world().sessions.iter().map(|session| session.id.to_string()).collect();
        self.stored().into_iter().filter(|(key, _)| present.iter().any(|id| key.starts_with(id))).collect()
    }

    /// [`Self::assert_equal_to_server`], but stored videos may be gone from the server.
    pub(crate) fn assert_equal_to_server_but_for_the_gone(&self) {
        assert_bags_equal(&self.stored_of_present_videos(), &self.expected());
        assert_nothing_invented(&self.stored(), &self.everything());
    }

    /// The videos whose usage was requested since the log was cleared, each once, in the order of their first requests.
    pub(crate) fn asked_videos(&self) -> Vec<SessionId> {
        let mut asked = Vec::new();
        for call in self.usage_calls() {
            let id = session_id(call.soap.unwrap().session_id.unwrap());
            if !asked.contains(&id) {
                asked.push(id);
            }
        }
        asked
    }

    /// The journal of the course.
    pub(crate) fn journal_path(&self) -> PathBuf {
        engine::store::journal::Journal::path(&self.folder(), self.course())
    }

    /// The usage calls since the log was cleared.
    pub(crate) fn usage_calls(&self) -> Vec<RequestLogEntry> {
        self.server.requests().into_iter().filter(|entry| entry.route == Route::SoapUsage).collect()
    }

    /// Everything in the data folder that a restart must not change, by relative path.
    pub(crate) fn snapshot(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        collect(self.dir.path(), self.dir.path(), &mut files);
        files
    }
}

fn collect(root: &Path, dir: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        if path.is_dir() {
            collect(root, &path, files);
        } else if !name.ends_with("/lock") {
            files.insert(name, String::from_utf8(std::fs::read(&path).unwrap()).unwrap());
        }
    }
}

/// Records by all their values, with the number of copies of each.
pub(crate) type Bag = BTreeMap<String, usize>;

fn bag(keys: impl Iterator<Item = String>) -> Bag {
    let mut bag = Bag::new();
    for key in keys {
        *bag.entry(key).or_default() += 1;
    }
    bag
}

/// The records of a file, which must be readable from end to end.
pub(crate) fn stored_records(path: &Path) -> Bag {
    bag(engine::store::activity::ActivityReader::open(&RealDisk, path)
        .unwrap()
        .map(|row| key_of_record(&row.unwrap().1)))
}

fn key_of_record(record: &ViewingRecord) -> String {
    format!(
        "{} {} {} {:?} {:?} {:?} {} {}",
        record.session_id,
        record.user_id,
        record.recorded_at.timestamp_micros(),
        record.playback_speed,
        record.start_secs + 0.0,
        record.seconds_viewed + 0.0,
        record.start_reason.as_str(),
        record.stop_reason.as_str()
    )
}

fn key_of_view(view: &sim::View) -> String {
    format!(
        "{} {} {} {:?} {:?} {:?} {} {}",
        view.session,
        view.user,
        view.time.timestamp_micros(),
        view.playback_speed,
        view.start_position + 0.0,
        view.seconds_viewed + 0.0,
        view.start_reason,
        view.stop_reason
    )
}

/// Checks that two bags are equal, and shows the differences.
#[track_caller]
pub(crate) fn assert_bags_equal(stored: &Bag, expected: &Bag) {
    let lost: Vec<_> = expected.iter().filter(|(key, n)| stored.get(*key).unwrap_or(&0) < n).take(5).collect();
    let doubled: Vec<_> = stored.iter().filter(|(key, n)| expected.get(*key).unwrap_or(&0) < n).take(5).collect();
    assert!(lost.is_empty() && doubled.is_empty(), "lost: {lost:#?}\ndoubled or invented: {doubled:#?}");
}

/// Checks that nothing is stored that the server does not have.
#[track_caller]
pub(crate) fn assert_nothing_invented(stored: &Bag, server: &Bag) {
    let invented: Vec<_> = stored.iter().filter(|(key, n)| server.get(*key).unwrap_or(&0) < n).take(5).collect();
    assert!(invented.is_empty(), "doubled or invented: {invented:#?}");
}

pub(crate) fn folder_id(id: Uuid) -> FolderId {
    FolderId::from_bytes(id.into_bytes())
}

pub(crate) fn session_id(id: Uuid) -> SessionId {
    SessionId::from_bytes(id.into_bytes())
}

/// Sends one HTTP request to this computer; returns status line and headers, and the body.
pub(crate) async fn http(method: &str, url: &str, body: &str) -> (String, String) {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.unwrap();
    let reply = String::from_utf8_lossy(&reply).into_owned();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

/// A refresh token of the demo's user, as an earlier browser sign-in would have left it.
pub(crate) async fn refresh_token(server: &Handle) -> Secret {
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "password")
        .append_pair("client_id", sim::DEMO_CLIENT_ID)
        .append_pair("client_secret", sim::DEMO_CLIENT_SECRET)
        .append_pair("username", sim::DEMO_USER)
        .append_pair("password", sim::DEMO_PASSWORD)
        .append_pair("scope", "openid api offline_access")
        .finish();
    let (head, body) = http("POST", &format!("{}/Panopto/oauth2/connect/token", server.base_url()), &form).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let json: serde_json::Value =
        serde_json::from_str(&body[body.find('{').unwrap()..=body.rfind('}').unwrap()]).unwrap();
    Secret::new(json["refresh_token"].as_str().unwrap())
}

/// A course of nested folders with odd names and odd records, small enough for many runs.
pub(crate) fn small_world(seed: u64) -> World {
    World::stress(
        seed,
        &sim::Stress {
            depth: 2,
            folders_per_level: 2,
            sessions_per_folder: 2,
            viewers: 8,
            views_per_session: 30,
            until: noon(),
            days: 20,
            hostile: true,
            odd_rows: true,
        },
    )
}
