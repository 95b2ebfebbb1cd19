//! What a teacher does, starting with the first start.

use std::path::Path;
use std::time::Duration;

use engine::secrets::{KeychainSecrets, SecretName, SecretStore as _};
use serde_json::json;

use crate::program::{Home, KEYCHAIN_SERVICE, server};
use crate::window::{Window, picture};

/// One window at a time: the program cannot be started twice, and the redirect address has one port.
pub(crate) async fn turn() -> tokio::sync::MutexGuard<'static, ()> {
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    // Without TLS everything stays on this computer, but the client still needs a provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let turn = TURN.lock().await;
    // Also removes what a failed journey has left, because the next one must not begin signed in.
    let keychain = KeychainSecrets::new(KEYCHAIN_SERVICE);
    for name in SecretName::of_server("127.0.0.1") {
        keychain.delete(&name).unwrap();
    }
    turn
}

const SMALL_COURSE: sim::DemoCourse = sim::DEMO_COURSES[1];
const ARROW_LEFT: &str = "\u{e012}";

#[tokio::test]
async fn first_run_with_the_sample() {
    let _turn = turn().await;
    let home = Home::new();
    let window = Window::open(&home).await;
    window.sees("Look around with sample courses").await;
    picture("welcome");
    // On the screen of a small laptop the window has its intended size and is wholly visible.
    let place =
        window.look("return [innerWidth, innerHeight > 700, screenX >= 0, screenX + innerWidth <= 1280]", json!([]));
    assert_eq!(place.await, json!([1180, true, true, true]));
    window.click("Look around with sample courses…").await;
    window.sees("These are sample courses").await;
    window.sees(sim::DEMO_COURSES[0].name).await;
    window.sees("Viewers across time").await;
    picture("course");
    for (tab, name) in
        [("Heat", "heat"), ("Timelines", "timelines"), ("Table", "table"), ("Top", "top"), ("Map", "map")]
    {
        window.click(tab).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        picture(name);
    }
    window.click("Leave the sample").await;
    window.sees("Connect to Panopto").await;
    window.close().await;
    // Nothing of the sample remains: no data folder, no settings, no secret.
    let names: Vec<_> = home.files().into_iter().map(|(path, _)| path).collect();
    assert!(!names.iter().any(|path| path.ends_with("courses.csv") || path.ends_with("settings.json")), "{names:?}");
}

/// From the welcome screen to a browser sign-in.
pub(crate) async fn connect(window: &Window, server: &sim::Handle) {
    window.click("Connect to Panopto…").await;
    window.fill("Server", &server.base_url()).await;
    window.fill("Client ID", sim::DEMO_CLIENT_ID).await;
    window.fill("Client secret", sim::DEMO_CLIENT_SECRET).await;
    window.click("Sign in with the browser").await;
    window.sees("Add a course").await;
}

pub(crate) async fn add_course(window: &Window, name: &str) {
    let word = name.split_whitespace().next().unwrap();
    window.fill("Name of the Panopto folder, or its link or ID", word).await;
    // It is fetched at once.
    window.click(&format!("Add {name}")).await;
    window.click(&format!("{name}…")).await;
}

#[tokio::test]
async fn connect_add_sync_look_save_export_and_start_again() {
    let _turn = turn().await;
    let (home, server) = (Home::new(), server().await);
    let window = Window::open(&home).await;
    connect(&window, &server).await;
    assert!(home.pages()[0].starts_with(&server.base_url()), "{:?}", home.pages());
    add_course(&window, SMALL_COURSE.name).await;
    picture("syncing");
    window.sees("data up to").await;
    window.sees("Viewers across time").await;
    picture("synced");

    // A video, the date range dragged, a chart saved.
    window.click("Table").await;
    window.click_first("[role=rowgroup] [role=row]:nth-child(4) .title").await;
    window.sees("Viewers across the timeline").await;
    window.sees("All dates").await;
    picture("video");
    window.drag_across("section.range .plot", 0.30, 0.60).await;
    let start = std::time::Instant::now();
    while window.look("return document.querySelector('section.range .words').innerText", json!([])).await == "All dates"
    {
        assert!(start.elapsed() < Duration::from_secs(5), "dragging chose no days");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    picture("video-range");
    home.pick(Some(&home.path("picked")));
    window.click("Viewers across the timeline, by second: more").await;
    window.click("Save as PNG").await;
    wait_for_file(&home.path("picked"), ".png").await;
    window.press(ARROW_LEFT).await;

    // The export, then once more with one click.
    window.click(&format!("{}…", SMALL_COURSE.name)).await;
    window.click("Export").await;
    window.click("Dataset for Tableau…").await;
    window.click("Choose a folder").await;
    window.sees("What will be written").await;
    picture("export");
    // Tried again while captions are still being fetched: until then the export is refused.
    let start = std::time::Instant::now();
    while !window.text().await.contains("3 files written") {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", window.text().await);
        window.click("Export").await;
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    window.click("Done").await;
    for name in ["chunked_data.csv", "sessions_overview.csv", "panopto_viewing.twb"] {
        assert!(home.path("picked").join(name).metadata().unwrap().len() > 500, "{name}");
    }

    // Secrets are in the keychain and nowhere else.
    let keychain = KeychainSecrets::new(KEYCHAIN_SERVICE);
    let stored = keychain.get(&SecretName::ClientSecret { server: "127.0.0.1".to_owned() }).unwrap();
    assert_eq!(stored.unwrap().expose(), sim::DEMO_CLIENT_SECRET);
    let token = keychain.get(&SecretName::RefreshToken { server: "127.0.0.1".to_owned() }).unwrap().unwrap();
    for (path, content) in home.files() {
        for secret in [sim::DEMO_CLIENT_SECRET, token.expose()] {
            let found = content.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a secret is in {}", path.display());
        }
    }

    // Quit and start again: nothing is asked a second time.
    window.close().await;
    let window = Window::open(&home).await;
    window.sees(SMALL_COURSE.name).await;
    window.sees("Viewers across time").await;
    assert!(!window.text().await.contains("Sign in"), "{}", window.text().await);
    picture("started-again");
    window.click("Sync").await;
    window.sees("1 course up to date").await;
    std::fs::remove_file(home.path("picked").join("chunked_data.csv")).unwrap();
    window.click("Export").await;
    window.click("Export again…").await;
    wait_for_file(&home.path("picked"), "chunked_data.csv").await;
    window.close().await;
    for name in SecretName::of_server("127.0.0.1") {
        keychain.delete(&name).unwrap();
    }
}

async fn wait_for_file(dir: &Path, ending: &str) {
    let start = std::time::Instant::now();
    let there = || {
        let entries = std::fs::read_dir(dir).unwrap();
        entries.filter_map(Result::ok).any(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.ends_with(ending) && !name.starts_with('.') && entry.metadata().is_ok_and(|found| found.len() > 500)
        })
    };
    while !there() {
        assert!(start.elapsed() < Duration::from_secs(20), "no {ending} in {}", dir.display());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// From the welcome screen to a sign-in with a password.
async fn sign_in_with_password(window: &Window, server: &sim::Handle, password: &str) {
    window.fill("Server", &server.base_url()).await;
    window.fill("Client ID", sim::DEMO_CLIENT_ID).await;
    window.fill("Client secret", sim::DEMO_CLIENT_SECRET).await;
    window.click("With user name and password").await;
    window.fill("User name", sim::DEMO_USER).await;
    window.fill("Password", password).await;
    window.click("Sign in").await;
}

#[tokio::test]
async fn a_wrong_password_says_so_and_the_right_one_goes_on() {
    let _turn = turn().await;
    let (home, server) = (Home::new(), server().await);
    let window = Window::open(&home).await;
    window.click("Connect to Panopto…").await;
    sign_in_with_password(&window, &server, "not the password").await;
    let start = std::time::Instant::now();
    while window.look("return document.querySelector('#signin-error') !== null", json!([])).await == false {
        assert!(start.elapsed() < Duration::from_secs(30), "{}", window.text().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    picture("wrong-password");
    window.fill("Password", sim::DEMO_PASSWORD).await;
    window.click("Sign in").await;
    window.sees("Add a course").await;
    window.close().await;
}

#[tokio::test]
async fn a_sync_is_stopped_and_goes_on_and_a_removal_is_undone() {
    let _turn = turn().await;
    let (home, server) = (Home::new(), server().await);
    let window = Window::open(&home).await;
    connect(&window, &server).await;
    // The sync stands still after a few videos until it is stopped, whether the machine is fast or slow.
    let stall = (sim::At::From(sim::Route::SoapUsage, 6), sim::Fault::Stall(Duration::from_secs(600)));
    server.set_faults(sim::FaultPlan::new([stall]));
    add_course(&window, SMALL_COURSE.name).await;
    window.sees("of 25 videos").await;
    window.click("Stop sync").await;
    window.sees("Continue").await;
    picture("stopped");
    server.set_faults(sim::FaultPlan::default());
    window.click("Continue").await;
    window.sees("Viewers across time").await;
    window.sees("data up to").await;

    // Captions come after the records, and a course that is being fetched cannot be removed with its data.
    const REMOVED: &str = "removed; its data is deleted when the program is closed";
    let start = std::time::Instant::now();
    while !window.text().await.contains(REMOVED) {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", window.text().await);
        window.click("More for this course").await;
        window.click("Remove with its data").await;
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    picture("removed");
    window.click("Undo").await;
    window.sees(SMALL_COURSE.name).await;
    window.sees("25 videos").await;
    window.close().await;
}
