//! One program: a shell with its own folders, secrets, clock and simulated server, brought into the wanted situation.
//!
//! A situation is brought about as it happens to a person: by the shell's own commands against a server that behaves
//! that way, or by another process changing the files. Invariant: dropping a program ends its jobs and deletes its
//! folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use engine::clock::FixedClock;
use engine::connection::{Options, RestLimits};
use engine::environment::FixedEnvironment;
use engine::nightly::{PretendCommands, Scheduler, SchedulerKind};
use engine::settings::Appearance;
use engine::store::course_list::ListedCourse;
use engine::store::faulty::{Fault as DiskFault, FaultyDisk};
use engine::store::{DataFolder, Disk, FolderLock, RealDisk};
use model::FolderId;
use serde_json::{Value, json};
use shell::commands::{Call, Command};
use shell::log::Warnings;
use shell::state::{Shell, Start};
use shell::workspace::Surroundings;
use sim::{At, Fault, FaultPlan, Route, World};
use tempfile::TempDir;

use crate::content::Content;
use crate::desktop::{ScriptedDesktop, StreamedScreen};
use crate::secrets::PretendKeychain;
use crate::situation::{Situation, Situations};

/// The moment at which every program starts: a Friday morning in the time zone [`TIME_ZONE`].
const NOW: &str = "2025-12-19T17:00:00Z";
const TIME_ZONE: &str = "America/Vancouver";
/// How long ago the last sync was.
const SINCE_SYNC: TimeDelta = TimeDelta::hours(2);
/// How long ago the last night began.
const SINCE_NIGHT: TimeDelta = TimeDelta::hours(14);
/// How many days pass if there must be something new to fetch.
const DAYS_LATER: TimeDelta = TimeDelta::days(3);
/// How many usage calls are answered before the server falls silent.
const ANSWERED: u64 = 12;
/// Longer than any test.
const SILENCE: Duration = Duration::from_secs(3_600);

/// Why a program cannot be started.
pub(crate) type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// A program and everything around it.
pub(crate) struct Program {
    pub(crate) shell: Arc<Shell>,
    pub(crate) desktop: Arc<ScriptedDesktop>,
    pub(crate) screen: Arc<StreamedScreen>,
    clock: Arc<FixedClock>,
    server: Option<sim::Handle>,
    server_url: String,
    held_lock: Option<FolderLock>,
    dir: TempDir,
}

impl Drop for Program {
    fn drop(&mut self) {
        // Its folders are deleted with it. What remains is to end its jobs and the sample, and to keep its promises to
        // delete.
        self.shell.jobs.cancel_all();
        self.shell.own.lifetime.promises().keep_own();
        drop(self.shell.take_sample());
    }
}

/// What every program with some content starts from, made once.
#[derive(Clone)]
pub(crate) struct Prepared {
    world: World,
    data: Arc<TempDir>,
}

/// The moment at which every program starts.
pub(crate) fn now() -> DateTime<Utc> {
    NOW.parse().expect("the constant is a moment")
}

impl Prepared {
    /// The course list and, unless the situation precedes the first sync, what a real sync of it stores.
    pub(crate) async fn make(content: Content, synced: bool) -> Result<Self, Trouble> {
        let world = content.world(now());
        let data = Arc::new(tempfile::tempdir()?);
        let folder = DataFolder::create(data.path())?;
        let listed: Vec<ListedCourse> = Content::courses(&world)
            .into_iter()
            .map(|(name, id)| Ok(ListedCourse { id: FolderId::parse(&id.to_string())?, name }))
            .collect::<Result<_, model::IdError>>()?;
        folder.save_courses(&folder.lock()?, &listed)?;
        let prepared = Self { world, data };
        if !synced {
            return Ok(prepared);
        }
        let program = Program::furnish(&prepared, &Situations::default()).await?;
        program.clock.set(now() - SINCE_SYNC);
        program.sign_in().await?;
        program.call("sync_start", json!({ "courseIds": null, "jobId": "prepare" })).await?;
        copy(&program.data_dir(), prepared.data.path())?;
        Ok(prepared)
    }
}

impl Program {
    /// A program in these situations.
    pub(crate) async fn start(prepared: &Prepared, situations: &Situations) -> Result<Self, Trouble> {
        let mut program = Self::furnish(prepared, situations).await?;
        program.bring_about(situations).await?;
        Ok(program)
    }

    /// Where its files are; tests change them as another process would.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The address of its simulated server.
    pub(crate) fn server_url(&self) -> &str {
        &self.server_url
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Calls a command as the window does.
    pub(crate) async fn call(&self, command: &str, arguments: Value) -> Result<Value, Trouble> {
        let command = Command::find(command).ok_or("there is no such command")?;
        let call = Call::new(arguments, Some(Arc::new(drop)));
        match command.run(Arc::clone(&self.shell), call).await {
            Ok(answer) => Ok(serde_json::from_str(&answer)?),
            Err(error) => Err(format!("`{}` is refused: {}", command.name, error.message).into()),
        }
    }

    async fn furnish(prepared: &Prepared, situations: &Situations) -> Result<Self, Trouble> {
        let dir = tempfile::Builder::new().prefix("panopto-video-analytics-dev-").tempdir()?;
        let redirect = format!("http://localhost:{}/redirect", free_port()?);
        let server = sim::start(prepared.world.clone(), server_config(&redirect)).await?;
        let data = dir.path().join("data");
        let is_new = situations.has_any(&[Situation::FirstStart, Situation::NoCourses]);
        if !is_new {
            copy(prepared.data.path(), &data)?;
        }
        let full = situations.has(Situation::FullDisk);
        let disk: Arc<dyn Disk> = if full { Arc::new(FaultyDisk::new(0, DiskFault::Full)) } else { Arc::new(RealDisk) };
        let clock = Arc::new(FixedClock::at(now()));
        let start = Start {
            log_dir: dir.path().join("logs"),
            warnings: Warnings::default(),
            scheduler: pretend_scheduler(dir.path(), !situations.has(Situation::NoScheduler)),
            around: Surroundings {
                config_dir: dir.path().join("config"),
                usual_data_folder: data,
                disk,
                secrets: Arc::new(PretendKeychain::new(!situations.has(Situation::NoKeychain))),
                environment: Arc::new(FixedEnvironment::default()),
                clock: Arc::clone(&clock) as _,
                options: unhurried(),
            },
        };
        let (desktop, screen) = (Arc::new(ScriptedDesktop::default()), Arc::new(StreamedScreen::default()));
        let shell = Arc::new(Shell::new(start, Arc::clone(&desktop) as _, Arc::clone(&screen) as _));
        shell.own.settings_file.update(|settings| {
            settings.time_zone = Some(TIME_ZONE.to_owned());
            settings.redirect_url = redirect;
            settings.appearance = appearance(situations);
        })?;
        let server_url = server.base_url();
        Ok(Self { shell, desktop, screen, clock, server: Some(server), server_url, held_lock: None, dir })
    }

    async fn sign_in(&self) -> Result<(), Trouble> {
        let request = json!({
            "server": self.server_url,
            "clientId": sim::DEMO_CLIENT_ID,
            "clientSecret": sim::DEMO_CLIENT_SECRET,
            "pkce": false,
        });
        self.call("connection_set", json!({ "request": request })).await?;
        let request = json!({ "userName": sim::DEMO_USER, "password": sim::DEMO_PASSWORD });
        self.call("sign_in_password", json!({ "request": request })).await?;
        Ok(())
    }

    async fn bring_about(&mut self, situations: &Situations) -> Result<(), Trouble> {
        if situations.has(Situation::FirstStart) {
            return Ok(());
        }
        self.sign_in().await?;
        if situations.has_any(&[Situation::Exported, Situation::EveryNight, Situation::NightFailed]) {
            self.export_once().await?;
        }
        if situations.has_any(&[Situation::EveryNight, Situation::NightFailed]) {
            self.repeat_every_night(situations.has(Situation::NightFailed)).await?;
        }
        if situations.has_any(&[Situation::SyncedInPart, Situation::SyncStopped, Situation::StallsWhileFetching]) {
            self.pass(DAYS_LATER);
        }
        if situations.has(Situation::Named) {
            self.name_everybody().await?;
        }
        if situations.has(Situation::SyncedInPart) {
            let refusal = Fault::SoapFault("Session is being processed".to_owned());
            self.sync_with([(At::Nth(Route::SoapUsage, 3), refusal)]).await?;
        }
        if situations.has(Situation::SyncFailed) {
            self.hide_first_course(true)?;
            self.sync_with([]).await?;
            self.hide_first_course(false)?;
        }
        if situations.has(Situation::SyncStopped) {
            self.sync_and_stop().await?;
        }
        if situations.has(Situation::StallsWhileFetching) {
            self.server()?.set_faults(FaultPlan::new([(At::From(Route::SoapUsage, ANSWERED), Fault::Stall(SILENCE))]));
        }
        if situations.has(Situation::StallsAtTheEnd) {
            let after_all = self.videos_of_first_course()? + 1;
            self.server()?.set_faults(FaultPlan::new([(At::From(Route::SoapUsage, after_all), Fault::Stall(SILENCE))]));
        }
        if situations.has(Situation::SignedOut) {
            self.end_the_sign_in().await?;
        }
        if situations.has(Situation::Offline) {
            self.take_server_away().await;
        }
        if situations.has(Situation::DamagedData) {
            self.damage_first_course()?;
        }
        if situations.has(Situation::DamagedList) {
            let list = "PanoptoFolderName,PanoptoFolderID\nCOMM 290,not-an-id\n";
            std::fs::write(self.data_dir().join("courses.csv"), list)?;
        }
        if situations.has(Situation::DamagedSettings) {
            std::fs::write(self.shell.own.settings_file.path(), "{ \"server\": oops }")?;
        }
        if situations.has(Situation::Busy) {
            self.held_lock = Some(DataFolder::open(self.data_dir())?.lock()?);
        }
        Ok(())
    }

    fn server(&self) -> Result<&sim::Handle, Trouble> {
        self.server.as_ref().ok_or_else(|| "the server is gone".into())
    }

    /// Lets time pass for program and server.
    fn pass(&self, span: TimeDelta) {
        self.clock.set(now() + span);
        if let Some(server) = &self.server {
            server.set_now(now() + span);
        }
    }

    /// From now on the server cannot be reached.
    pub(crate) async fn take_server_away(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }

    /// Ends the server's silence.
    pub(crate) fn let_server_answer(&self) -> Result<(), Trouble> {
        self.server()?.set_faults(FaultPlan::default());
        Ok(())
    }

    async fn sync_with(&self, faults: impl IntoIterator<Item = (At, Fault)>) -> Result<(), Trouble> {
        self.server()?.set_faults(FaultPlan::new(faults));
        // A single course: with several side by side, chance would decide which one a fault strikes.
        let courses = self.call("courses_list", json!({})).await?;
        self.call("sync_start", json!({ "courseIds": [courses[0]["id"]], "jobId": "before" })).await?;
        self.let_server_answer()
    }

    async fn sync_and_stop(&self) -> Result<(), Trouble> {
        self.server()?.clear_requests();
        let stop = async {
            while self.server()?.requests().iter().filter(|request| request.route == Route::SoapUsage).count() < 5 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            self.call("job_cancel", json!({ "jobId": "before" })).await
        };
        let sync = self.sync_with([(At::From(Route::SoapUsage, 5), Fault::Stall(SILENCE))]);
        tokio::try_join!(sync, stop)?;
        Ok(())
    }

    fn hide_first_course(&self, hidden: bool) -> Result<(), Trouble> {
        let mut world = self.server()?.world();
        if let Some(folder) = world.folders.iter_mut().find(|folder| folder.parent.is_none()) {
            folder.visible = !hidden;
        }
        Ok(())
    }

    fn videos_of_first_course(&self) -> Result<u64, Trouble> {
        let world = self.server()?.world();
        let course = world.folders.iter().find(|folder| folder.parent.is_none()).ok_or("there is no course")?;
        let folders = world.folder_tree(course.id);
        Ok(world.sessions.iter().filter(|session| folders.contains(&session.folder)).count() as u64)
    }

    /// Changes the password and ends all sign-ins, and lets the program notice.
    async fn end_the_sign_in(&self) -> Result<(), Trouble> {
        let server = self.server()?;
        for user in &mut server.world().users {
            user.password = Some("changed meanwhile".to_owned());
        }
        server.expire_tokens();
        server.use_refresh_tokens();
        server.kill_cookies();
        self.call("who_am_i", json!({})).await?;
        Ok(())
    }

    /// Fetches the names of all viewers, and imports the class list of the first course.
    async fn name_everybody(&self) -> Result<(), Trouble> {
        self.call("settings_set", json!({ "request": { "showNames": true } })).await?;
        self.call("sync_start", json!({ "courseIds": null, "jobId": "before" })).await?;
        let courses = self.call("courses_list", json!({})).await?;
        let course = courses[0]["id"].as_str().ok_or("there is no course")?;
        let list = self.server()?.world().class_list(course);
        let request = json!({ "courseId": course, "path": null, "pasted": list });
        self.call("class_list_import", json!({ "request": request })).await?;
        Ok(())
    }

    async fn export_once(&self) -> Result<(), Trouble> {
        let folder = self.dir.path().join("Tableau");
        std::fs::create_dir(&folder)?;
        self.desktop.will_pick(Some(folder));
        let choice = json!({ "courseIds": null, "pseudonyms": true, "formulaGuard": false, "tables": false });
        self.call("export_pick_folder", json!({ "request": choice })).await?;
        self.call("export_run", json!({ "request": choice, "jobId": "before" })).await?;
        Ok(())
    }

    async fn repeat_every_night(&self, has_failed: bool) -> Result<(), Trouble> {
        let choice = json!({ "on": true, "at": "02:30", "digest": false });
        self.call("nightly_set", json!({ "request": choice })).await?;
        let mut night = json!({
            "began": now() - SINCE_NIGHT,
            "ended": now() - SINCE_NIGHT,
            "outcome": "done",
            "courses": 2,
            "newRecords": 1_204,
            "savedTo": self.dir.path().join("Tableau"),
        });
        if has_failed {
            night["outcome"] = json!("failed");
            night["failure"] = json!({
                "code": "bad-credentials",
                "reason": "The sign-in at uni.example.com has expired",
                "hint": "Sign in again",
            });
        }
        let file = self.dir.path().join("config/nightly.json");
        Ok(std::fs::write(file, json!({ "version": 1, "nights": [night] }).to_string())?)
    }

    fn damage_first_course(&self) -> Result<(), Trouble> {
        let folder = DataFolder::open(self.data_dir())?;
        let course = folder.courses()?.first().map(|course| course.id).ok_or("no course is listed")?;
        let dir = folder.course_dir(engine::store::Area::Database, course)?.ok_or("nothing is stored of the course")?;
        let file = engine::store::activity_file(&dir);
        let text = std::fs::read_to_string(&file)?;
        let line = text.lines().nth(3).unwrap_or_default();
        let cut = line.rsplit_once(',').map_or("", |(front, _)| front).rsplit_once(',').map_or("", |(front, _)| front);
        std::fs::write(&file, text.replacen(line, cut, 1))?;
        Ok(())
    }
}

/// The system of nobody's computer, which takes every job or none.
fn pretend_scheduler(dir: &Path, is_there: bool) -> Scheduler {
    let (units, program) = (dir.join("units"), PathBuf::from("/usr/bin/panopto-analytics"));
    let commands = PretendCommands::default();
    if !is_there {
        commands.refuse(&["systemctl"]);
    }
    Scheduler::new(SchedulerKind::Systemd, units, program, Arc::new(commands))
}

fn appearance(situations: &Situations) -> Appearance {
    if situations.has(Situation::Dark) {
        Appearance::Dark
    } else if situations.has(Situation::Light) {
        Appearance::Light
    } else {
        Appearance::System
    }
}

fn server_config(redirect: &str) -> sim::Config {
    let mut client = sim::ApiClient::demo();
    client.redirects.push(redirect.to_owned());
    sim::Config { now: Some(now()), auto_approve: true, clients: vec![client], ..sim::Config::default() }
}

/// Options for a server without limits.
fn unhurried() -> Options {
    let rest_limits = RestLimits { per_second: 1_000, per_minute: 60_000, per_hour: 3_600_000 };
    Options { rest_limits, ..Options::default() }
}

/// A port of this computer on which nobody listens, for the redirect of a sign-in.
fn free_port() -> std::io::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
