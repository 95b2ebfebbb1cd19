//! Names that try to be more than names, and the first moments of a dark window; both in the real web view.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::journeys::turn;
use crate::program::Home;
use crate::window::{Window, picture};

const COURSE: &str = "6513270e-269e-4d37-b2a7-4de452e6b438";
const MARKUP: &str = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>";
const REVERSED: &str = "Lecture \u{202e}gnp.exe";
const FORMULA: &str = "=cmd|' /C calc'!A0";

/// A data folder with one course; it and its videos have the given names, and every video has a viewer.
fn data_folder(dir: &Path, course: &str, videos: &[&str]) {
    let database = dir.join("database").join(format!("x[{COURSE}]"));
    std::fs::create_dir_all(&database).unwrap();
    let write = |path: &Path, rows: &[Vec<String>]| {
        let mut file = csv::Writer::from_path(path).unwrap();
        for row in rows {
            file.write_record(row).unwrap();
        }
        file.flush().unwrap();
    };
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    write(&dir.join("courses.csv"), &[row(&["PanoptoFolderName", "PanoptoFolderID"]), row(&[course, COURSE])]);
    write(
        &dir.join("state.csv"),
        &[row(&["PanoptoFolderName", "PanoptoFolderID", "LastDateFetched(UTC)"]), row(&[course, COURSE, "2021-12-31"])],
    );
    let header = "RootFolderID,RootFolderName,ContainingFolderId,ContainingFolderName,SessionId,SessionName,Description,Duration";
    let mut overview = vec![row(&header.split(',').collect::<Vec<_>>())];
    let header =
        "SessionId,UserId,Date,DateTime,PlaybackSpeed,StartPosition,StartReason,StopPosition,StopReason,SecondsViewed";
    let mut activity = vec![row(&header.split(',').collect::<Vec<_>>())];
    for (index, name) in videos.iter().enumerate() {
        let id = format!("00000000-0000-4000-8000-{index:012}");
        overview.push(row(&[COURSE, course, COURSE, course, &id, name, name, "600"]));
        let viewer = "18f135d2-5f55-4203-b018-50c5a38fd547";
        let moment = "2021-10-09 18:12:54.095000+00:00";
        activity.push(row(&[&id, viewer, "2021-10-09", moment, "1.0", "0", "Play", "500", "Close", "500"]));
    }
    write(&database.join("sessions_overview.csv"), &overview);
    write(&database.join("viewing_activity.csv"), &activity);
}

/// A home with these settings and the data folder `data/analytics`.
fn home(settings: &serde_json::Value) -> Home {
    let home = Home::new();
    std::fs::write(home.path("config/settings.json"), settings.to_string()).unwrap();
    home
}

#[tokio::test]
async fn names_from_outside_are_shown_as_text_and_nothing_of_them_runs() {
    let _turn = turn().await;
    let long = "Very long ".repeat(30);
    let data = tempfile::tempdir().unwrap();
    data_folder(data.path(), MARKUP, &[MARKUP, &long, REVERSED, FORMULA]);
    let home = home(&json!({ "dataFolder": data.path(), "timeZone": "UTC" }));
    let window = Window::open(&home).await;
    window.sees(MARKUP).await;
    for tab in ["Table", "Heat", "Timelines", "Top", "Map"] {
        window.click(tab).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        let found = window
            .look(
                "return [document.title, document.querySelectorAll('#app img[src=x], #app script, [onerror]').length, \
                 document.documentElement.scrollWidth <= innerWidth]",
                json!([]),
            )
            .await;
        assert_ne!(found[0], "run", "{tab}");
        assert!(found[0].as_str().unwrap().ends_with("Panopto Video Analytics"), "{tab}: {found}");
        assert_eq!((&found[1], &found[2]), (&json!(0), &json!(true)), "{tab}: marked up, or too wide");
        picture(&format!("hostile-{tab}"));
    }
    window.click("Table").await;
    for name in [MARKUP, long.trim(), REVERSED, FORMULA] {
        // The name appears as it is: in an element of its own or, if there is no room, in the text that screen readers
        // get from that element. So nothing was taken for markup, and no other text runs backwards with it.
        let alone = "return [...document.querySelectorAll('[role=grid] *')].some((e) => e.childElementCount === 0 && \
                     [e.textContent, (e.dataset.tip ?? '').split('\\n')[0]].some((text) => \
                     text.replaceAll('\\u202e', '').trim() === arguments[0].replaceAll('\\u202e', '')))";
        assert_eq!(window.look(alone, json!([name])).await, json!(true), "{name}");
    }
    window.click_first("[role=rowgroup] [role=row] .title").await;
    window.sees("Viewers across the timeline").await;
    let found = window.look("return [document.title, document.querySelectorAll('[onerror]').length]", json!([])).await;
    assert_eq!(found[1], 0);
    assert_ne!(found[0], "run");
    window.close().await;
}

/// Red, green and blue in the middle of the display.
fn middle_of_the_display() -> Option<[u8; 3]> {
    let taken = Command::new("import")
        .args(["-window", "root", "-crop", "1x1+700+450", "-depth", "8", "rgb:-"])
        .output()
        .ok()?;
    taken.stdout.try_into().ok()
}

#[tokio::test]
async fn a_window_that_is_dark_against_the_system_is_dark_from_its_first_moment() {
    let _turn = turn().await;
    let home = home(&json!({ "appearance": "dark" }));
    let over = Arc::new(AtomicBool::new(false));
    let watching = std::thread::spawn({
        let over = Arc::clone(&over);
        move || {
            let mut seen = Vec::new();
            while !over.load(Ordering::Relaxed) {
                seen.extend(middle_of_the_display());
            }
            seen
        }
    });
    let window = Window::open(&home).await;
    window.sees("Look around with sample courses").await;
    over.store(true, Ordering::Relaxed);
    let seen = watching.join().unwrap();
    // The page knows this before its first paint, although nobody chose it in this window.
    let page = "return [document.documentElement.dataset.theme, localStorage.getItem('appearance'), \
                getComputedStyle(document.documentElement).backgroundColor]";
    assert_eq!(window.look(page, json!([])).await, json!(["dark", "dark", "rgb(23, 24, 26)"]));
    assert!(seen.len() > 3, "the display was hardly looked at: {seen:?}");
    let light = seen.iter().filter(|pixel| pixel.iter().all(|part| *part > 0xc0)).count();
    assert_eq!(light, 0, "it flashed: {seen:?}");
    window.close().await;
}
