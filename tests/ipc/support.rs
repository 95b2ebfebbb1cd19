//! A program with its window, and a desktop whose pickers answer as a test says.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use async_trait::async_trait;
use engine::clock::SystemClock;
use engine::connection::Options;
use engine::environment::FixedEnvironment;
use engine::nightly::{CommandAnswer, Scheduler, SchedulerKind, SystemCommands};
use engine::secrets::{MemorySecrets, SecretStore};
use engine::store::RealDisk;
use serde_json::{Value, json};
use shell::desktop::{Desktop, PickerQuestion, check_page};
use shell::log::Warnings;
use shell::state::{Shell, Start};
use shell::window::NativeScreen;
use shell::workspace::Surroundings;
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, Manager as _, Url, WebviewWindow, WebviewWindowBuilder};

/// The form of a command argument of the type `Channel`; nobody listens.
pub(crate) const CHANNEL: &str = "__CHANNEL__:7";

/// A system that takes every job.
#[derive(Debug)]
struct Willing;

impl SystemCommands for Willing {
    fn run(&self, _: &str, _: &[&str]) -> std::io::Result<CommandAnswer> {
        Ok(CommandAnswer { success: true, ..CommandAnswer::default() })
    }
}

/// A desktop with nobody in front of it.
#[derive(Default)]
pub(crate) struct TestDesktop {
    /// The answers of the next pickers.
    pub(crate) picks: Mutex<Vec<Option<PathBuf>>>,
    /// What was asked.
    pub(crate) asked: Mutex<Vec<PickerQuestion>>,
    /// Pages and folders that were opened.
    pub(crate) opened: Mutex<Vec<String>>,
}

impl TestDesktop {
    pub(crate) fn will_pick(&self, path: impl Into<PathBuf>) {
        self.picks.lock().unwrap().push(Some(path.into()));
    }
}

#[async_trait]
impl Desktop for TestDesktop {
    async fn pick(&self, question: PickerQuestion) -> Option<PathBuf> {
        self.asked.lock().unwrap().push(question);
        let mut picks = self.picks.lock().unwrap();
        if picks.is_empty() { None } else { picks.remove(0) }
    }

    fn open_page(&self, page: &Url) -> engine::Result<()> {
        check_page(page)?;
        self.opened.lock().unwrap().push(page.to_string());
        Ok(())
    }

    fn open_folder(&self, folder: &Path) -> engine::Result<()> {
        self.opened.lock().unwrap().push(folder.display().to_string());
        Ok(())
    }
}

/// The program with its one window.
pub(crate) struct Program {
    pub(crate) app: App<MockRuntime>,
    pub(crate) window: WebviewWindow<MockRuntime>,
    pub(crate) desktop: Arc<TestDesktop>,
    pub(crate) dir: tempfile::TempDir,
}

impl Program {
    /// The program started for the first time, with its data folder in a temporary place.
    pub(crate) fn start() -> Self {
        Self::start_in(first_home())
    }

    /// The program started with the configuration in `dir`.
    pub(crate) fn start_in(dir: tempfile::TempDir) -> Self {
        Self::start_with(dir, Arc::new(MemorySecrets::default()))
    }

    /// The same, with a keychain that others may have too.
    pub(crate) fn start_with(dir: tempfile::TempDir, secrets: Arc<dyn SecretStore>) -> Self {
        let start = Start {
            log_dir: dir.path().join("logs"),
            warnings: Warnings::default(),
            scheduler: Scheduler::new(
                SchedulerKind::Systemd,
                dir.path().join("units"),
                "/usr/bin/panopto-analytics".into(),
                Arc::new(Willing),
            ),
            around: Surroundings {
                config_dir: dir.path().join("config"),
                usual_data_folder: dir.path().join("usual"),
                disk: Arc::new(RealDisk),
                secrets,
                environment: Arc::new(FixedEnvironment::default()),
                clock: Arc::new(SystemClock),
                options: Options::default(),
            },
        };
        let desktop = Arc::new(TestDesktop::default());
        let app = mock_builder()
            .invoke_handler(shell::tauri_transport::handler())
            .build(tauri::generate_context!(test = true))
            .expect("the configuration is right");
        let screen = NativeScreen::of(app.handle().clone());
        app.manage(Arc::new(Shell::new(start, Arc::clone(&desktop) as Arc<dyn Desktop>, screen)));
        let window = window(&app, "main");
        Self { app, window, desktop, dir }
    }

    /// What the commands share.
    pub(crate) fn shell(&self) -> Arc<Shell> {
        Arc::clone(&*self.app.state::<Arc<Shell>>())
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Calls a command as the window does.
    pub(crate) fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        call(&self.window, command, arguments)
    }

    /// Calls a command that must succeed.
    #[track_caller]
    pub(crate) fn get(&self, command: &str, arguments: Value) -> Value {
        self.call(command, arguments).unwrap_or_else(|error| panic!("`{command}` is refused: {error}"))
    }

    /// Calls a command that must be refused, with an error object as the window expects it.
    #[track_caller]
    pub(crate) fn refusal(&self, command: &str, arguments: Value) -> Value {
        let error = self.call(command, arguments).expect_err(command);
        let keys: Vec<&str> = error.as_object().expect("an error is an object").keys().map(String::as_str).collect();
        assert_eq!(keys, ["code", "detail", "hint", "message"], "{error}");
        error
    }

    /// Calls a command that takes a while.
    pub(crate) fn begin(&self, command: &'static str, arguments: Value) -> JoinHandle<Result<Value, Value>> {
        let window = self.window.clone();
        std::thread::spawn(move || call(&window, command, arguments))
    }

    /// Shows the sample courses.
    pub(crate) fn sample(&self) -> Value {
        self.get("start_sample", json!({ "jobId": "sample", "onEvent": CHANNEL }))
    }
}

/// The home of a new user, with the data folder and the time zone chosen.
pub(crate) fn first_home() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("config")).unwrap();
    std::fs::create_dir_all(dir.path().join("data")).unwrap();
    let settings = json!({ "dataFolder": dir.path().join("data"), "timeZone": "America/Vancouver" });
    std::fs::write(dir.path().join("config/settings.json"), settings.to_string()).unwrap();
    dir
}

/// A window of the program.
pub(crate) fn window(app: &App<MockRuntime>, label: &str) -> WebviewWindow<MockRuntime> {
    WebviewWindowBuilder::new(app, label, tauri::WebviewUrl::default()).build().unwrap()
}

/// The window's own address, the only one from which commands are accepted. On Windows, web views know no protocols but
/// the web's.
const ADDRESS: &str = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };

/// Calls a command from a window.
pub(crate) fn call(window: &WebviewWindow<MockRuntime>, command: &str, arguments: Value) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: ADDRESS.parse().unwrap(),
        body: InvokeBody::Json(arguments),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize::<Value>().unwrap())
}

/// A simulated server with the demo's courses, and the program signed in to it with the demo's password.
pub(crate) fn connected() -> (Program, sim::Handle) {
    let program = Program::start();
    let server = serve(sim::Config::default());
    set_connection(&program, &server);
    program
        .get("sign_in_password", json!({ "request": { "userName": sim::DEMO_USER, "password": sim::DEMO_PASSWORD } }));
    (program, server)
}

/// The demo's server.
pub(crate) fn serve(config: sim::Config) -> sim::Handle {
    let now = engine::clock::Clock::now(&engine::clock::SystemClock);
    tauri::async_runtime::block_on(sim::start(sim::World::demo(1, now), config)).unwrap()
}

/// Tells the program the server and the API client.
pub(crate) fn set_connection(program: &Program, server: &sim::Handle) -> Value {
    let request = json!({
        "server": format!("{}/Panopto/Pages/Home.aspx", server.base_url()),
        "clientId": sim::DEMO_CLIENT_ID,
        "clientSecret": sim::DEMO_CLIENT_SECRET,
        "pkce": false,
    });
    program.get("connection_set", json!({ "request": request }))
}
