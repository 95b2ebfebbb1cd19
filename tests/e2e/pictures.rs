//! The pictures in README and user guide, taken of the real window with the simulated server.
//!
//! It checks nothing, so it runs only on request: `.ci/pictures` runs it, into `E2E_PICTURES`.
//!
//! Changed on purpose before a picture is taken: words that belong to this test and to nobody's computer (the temporary
//! folder, the simulated server's address). Figures and charts are what the program shows.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use engine::secrets::{KeychainSecrets, SecretName, SecretStore as _};
use serde_json::json;

use crate::journeys::{add_course, connect, turn};
use crate::program::{Home, KEYCHAIN_SERVICE, server};
use crate::window::Window;

/// Width and height of the window in pixels. The page is a little smaller, because the menu is not part of it.
const SIZE: (u32, u32) = (1280, 860);
/// Where its upper left corner is on the display.
const CORNER: (u32, u32) = (40, 20);
const SERVER: &str = "university.hosted.panopto.com";
/// Replaces this run's own words with neutral ones, in texts and in input fields.
const NEUTRAL: &str = r"
for (const [from, to] of arguments[0]) {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.nodeValue.includes(from)) node.nodeValue = node.nodeValue.replaceAll(from, to);
  }
}
if (document.activeElement) document.activeElement.blur();
";

/// Takes pictures of one window.
struct Camera {
    window: Window,
    neutral: Vec<(String, String)>,
    dir: PathBuf,
}

impl Camera {
    async fn take(&self, name: &str) {
        self.settle().await;
        self.expose(name).await;
    }

    /// A picture with what is told about the last element that this selector finds.
    async fn take_pointing_at(&self, css: &str, name: &str) {
        // Before: a field that loses the keyboard takes what is told away.
        self.settle().await;
        self.window.point_at(css).await;
        let start = Instant::now();
        while self.window.look("return document.querySelectorAll('.hint').length", json!([])).await == 0 {
            assert!(start.elapsed() < Duration::from_secs(20), "nothing is told about `{css}`");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.expose(name).await;
    }

    async fn settle(&self) {
        // Drawings appear a little later, and colours fade.
        tokio::time::sleep(Duration::from_millis(900)).await;
        self.quiet().await;
        self.window.look(NEUTRAL, json!([self.neutral])).await;
    }

    async fn expose(&self, name: &str) {
        // Waits until the page is painted.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let path = self.dir.join(format!("{name}.png"));
        self.window.picture_of_page(&path, (CORNER.0, CORNER.1, SIZE.1)).await;
    }

    /// Dismisses the messages that float over the page.
    async fn quiet(&self) {
        let floating = "return document.querySelectorAll('button[aria-label=Dismiss]').length";
        while self.window.look(floating, json!([])).await != 0 {
            self.window.click("Dismiss").await;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}

/// Waits until no sync is running, its captions included.
async fn at_rest(window: &Window) {
    gone(window, "Stop sync").await;
}

/// Waits until the page no longer shows these words.
async fn gone(window: &Window, words: &str) {
    let start = Instant::now();
    while window.text().await.contains(words) {
        assert!(start.elapsed() < Duration::from_secs(120), "“{words}” does not go\n{}", window.text().await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The questions of the user guide and their answers, in the sample.
async fn questions_of_a_teacher(camera: &Camera) {
    let (window, course) = (&camera.window, sim::DEMO_COURSES[0].name);
    window.click("Look around with sample courses…").await;
    window.sees("Viewers across time").await;
    window.sees("What is new").await;
    at_rest(window).await;
    camera.take_pointing_at(".flag", "exam").await;

    window.fill("Find a video", "albedo").await;
    window.sees("Said at").await;
    camera.take("find-words").await;
    window.fill("Find a video", " ").await;

    window.click("Table").await;
    // Lecture 02, in which the moment is planted.
    window.click_first("[role=rowgroup] [role=row]:nth-child(5) .title").await;
    window.sees("Watched again").await;
    window.press("m").await;
    window.click("Captions…").await;
    camera.take("moment").await;
    window.click(&format!("{course}…")).await;

    window.click("More for this course").await;
    window.click("Compare with GEOG…").await;
    window.sees("paired videos").await;
    camera.take("compared").await;
    window.click("Compare no longer").await;

    window.click("More for this course").await;
    window.click("Dates of this course…").await;
    window.sees("Choose an .ics file").await;
    camera.take("dates").await;
    window.click("Done").await;
    people_of_a_course(camera, course).await;
    window.click("Map").await;
    window.click("Leave the sample").await;
    // The sample offers to connect, too.
    window.sees("Sign in to your university’s server").await;
}

/// The people of the sample: with their names, which are invented, and its class list.
async fn people_of_a_course(camera: &Camera, course: &str) {
    let window = &camera.window;
    window.click("People").await;
    window.click("Show names").await;
    gone(window, "Names are off").await;
    at_rest(window).await;
    window.click("Add the class list").await;
    window.click("Use the sample’s list").await;
    window.click("Use this list").await;
    window.sees("people on the list").await;
    window.click("Done").await;
    window.sees("of the class, at least 75 %").await;
    camera.take("people").await;

    // Somebody who has watched a part of the course.
    window.click_first("[role=rowgroup] [role=row]:nth-child(3) .name").await;
    window.sees("Watched week by week").await;
    camera.take("person").await;
    window.press("\u{e00c}").await;
    window.sees("of the class, at least 75 %").await;

    window.click("Table").await;
    // Lecture 05.
    window.click_first("[role=rowgroup] [role=row]:nth-child(8) .title").await;
    window.click("People").await;
    window.sees("Not opened").await;
    camera.take("video-people").await;
    window.click(&format!("{course}…")).await;

    window.click("More for this course").await;
    window.click("Credit for watching…").await;
    for lecture in ["Lecture 01…", "Lecture 02…", "Lecture 03…"] {
        window.click(lecture).await;
    }
    let day = (chrono::Utc::now() - chrono::TimeDelta::days(30)).format("%Y-%m-%d").to_string();
    window.fill("By", &day).await;
    window.press("\u{e004}").await;
    window.sees("Preview").await;
    camera.take("credit").await;
    window.click("Close").await;
}

#[tokio::test]
#[ignore = "takes the pictures of the documentation; .ci/pictures asks for it"]
async fn pictures_of_the_documentation() {
    let _turn = turn().await;
    let (home, server) = (Home::new(), server().await);
    let ((width, height), (x, y)) = (SIZE, CORNER);
    let place = json!({ "main": {
        "width": width, "height": height, "x": x, "y": y, "prev_x": x, "prev_y": y,
        "maximized": false, "visible": true, "decorated": true, "fullscreen": false
    }});
    std::fs::write(home.path("config").join("window-place.json"), place.to_string()).unwrap();
    let dir = std::env::var_os("E2E_PICTURES").map_or_else(std::env::temp_dir, PathBuf::from);
    std::fs::create_dir_all(&dir).unwrap();
    let root = home.path("");
    let neutral = [
        (home.path("picked").display().to_string(), "/home/anna/Documents/Tableau".to_owned()),
        (home.path("data").display().to_string(), "/home/anna/.local/share".to_owned()),
        (home.path("config").display().to_string(), "/home/anna/.local/state/panopto-video-analytics".to_owned()),
        (root.display().to_string(), "/home/anna/".to_owned()),
        (server.base_url(), SERVER.to_owned()),
    ];
    let camera = Camera { window: Window::open(&home).await, neutral: neutral.to_vec(), dir };
    let window = &camera.window;

    window.sees("Look around with sample courses").await;
    camera.take("welcome").await;
    questions_of_a_teacher(&camera).await;

    window.click("Connect to Panopto…").await;
    window.fill("Server", SERVER).await;
    window.fill("Client ID", sim::DEMO_CLIENT_ID).await;
    window.fill("Client secret", sim::DEMO_CLIENT_SECRET).await;
    camera.take("connect").await;
    window.click("Back").await;
    connect(window, &server).await;
    let (large, small) = (sim::DEMO_COURSES[0].name, sim::DEMO_COURSES[1].name);
    window.fill("Name of the Panopto folder, or its link or ID", large.split_whitespace().next().unwrap()).await;
    window.sees(large).await;
    camera.take("add-course").await;
    add_course(window, small).await;
    window.sees("120 viewers").await;
    at_rest(window).await;
    // The sync stands still in the middle, whether the machine is fast or slow.
    let stall = (sim::At::From(sim::Route::SoapUsage, 24), sim::Fault::Stall(Duration::from_secs(600)));
    server.set_faults(sim::FaultPlan::new([stall]));
    window.click("Add a course").await;
    add_course(window, large).await;
    window.sees("of 40 videos fetched").await;
    camera.take("syncing").await;
    window.click("Stop sync").await;
    window.sees("Continue").await;
    server.set_faults(sim::FaultPlan::default());
    window.click("Continue").await;
    window.sees("data up to").await;
    at_rest(window).await;
    window.click("Sync all courses").await;
    window.sees("2 courses up to date").await;
    at_rest(window).await;
    window.click(&format!("{large}…")).await;
    window.sees("Viewers across time").await;

    window.click("Map").await;
    camera.take("map-light").await;
    for (tab, name) in [("Heat", "heat"), ("Timelines", "timelines"), ("Table", "table")] {
        window.click(tab).await;
        camera.take(name).await;
    }
    window.click_first("[role=rowgroup] [role=row]:nth-child(4) .title").await;
    window.sees("Viewers across the timeline").await;
    window.sees("Moments").await;
    camera.take("video-light").await;

    home.pick(Some(&home.path("picked")));
    window.click(&format!("{large}…")).await;
    window.click("Export").await;
    window.click("Dataset for Tableau…").await;
    window.click("Choose a folder").await;
    window.sees("Choose another folder").await;
    camera.take("export").await;
    window.click("Cancel").await;
    window.click("Settings").await;
    window.sees("Reporting time zone").await;
    camera.take("settings").await;

    window.click("Dark").await;
    window.click(&format!("{large}…")).await;
    window.click("Map").await;
    camera.take("map-dark").await;
    window.click("Table").await;
    window.click_first("[role=rowgroup] [role=row]:nth-child(4) .title").await;
    window.sees("Viewers across the timeline").await;
    camera.take("video-dark").await;

    camera.window.close().await;
    let keychain = KeychainSecrets::new(KEYCHAIN_SERVICE);
    for name in SecretName::of_server("127.0.0.1") {
        keychain.delete(&name).unwrap();
    }
}
