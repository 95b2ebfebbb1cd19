//! The native menu of each system, and its choices on their way to the window.
//!
//! On macOS the program's own menu comes first and holds About, Settings and Quit; elsewhere these stand in File and
//! Help. Deliberately absent: what a choice does, which is up to the window.

use std::sync::Arc;

use tauri::menu::{Menu, MenuBuilder, MenuEvent, MenuItem, MenuItemBuilder, SubmenuBuilder};
use tauri::{AppHandle, Manager as _, Runtime};

use crate::events::WindowEvent;
use crate::pages::app::MenuCommand;
use crate::state::Shell;

/// The page hears these keys too, and would zoom twice. Only macOS has them in the menu: there, a key that the page
/// takes goes nowhere else.
const ZOOM_KEYS: [Option<&str>; 3] = if cfg!(target_os = "macos") {
    [Some("CmdOrCtrl+="), Some("CmdOrCtrl+-"), Some("CmdOrCtrl+0")]
} else {
    [None, None, None]
};

/// Every menu item of our own: its ID, its words, its keys. `CmdOrCtrl` is ⌘ on macOS and Ctrl elsewhere.
const CHOICES: [(MenuCommand, &str, &str, Option<&str>); 13] = [
    (MenuCommand::AddCourse, "add-course", "Add Course…", Some("CmdOrCtrl+N")),
    (MenuCommand::SyncAll, "sync-all", "Sync All Courses", Some("CmdOrCtrl+Shift+R")),
    (MenuCommand::SyncCourse, "sync-course", "Sync This Course", Some("CmdOrCtrl+R")),
    (MenuCommand::Export, "export", "Dataset for Tableau…", Some("CmdOrCtrl+E")),
    (MenuCommand::ExportAgain, "export-again", "Export Again", Some("CmdOrCtrl+Shift+E")),
    (MenuCommand::Present, "present", "Present", Some("CmdOrCtrl+Shift+P")),
    (MenuCommand::ZoomIn, "zoom-in", "Zoom In", ZOOM_KEYS[0]),
    (MenuCommand::ZoomOut, "zoom-out", "Zoom Out", ZOOM_KEYS[1]),
    (MenuCommand::ZoomReset, "zoom-reset", "Actual Size", ZOOM_KEYS[2]),
    (MenuCommand::Settings, "settings", "Settings…", Some("CmdOrCtrl+,")),
    (MenuCommand::Guide, "guide", "User Guide", Some("F1")),
    (MenuCommand::Shortcuts, "shortcuts", "Keyboard Shortcuts", None),
    (MenuCommand::About, "about", "About Panopto Video Analytics", None),
];

fn item<R: Runtime>(app: &AppHandle<R>, wanted: MenuCommand) -> tauri::Result<MenuItem<R>> {
    let (_, id, words, keys) =
        CHOICES.iter().find(|choice| choice.0 == wanted).expect("every menu command has its line in the table");
    let item = MenuItemBuilder::with_id(*id, words);
    match keys {
        Some(keys) => item.accelerator(keys).build(app),
        None => item.build(app),
    }
}

/// The menu of the system the program runs on.
pub fn build<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Menu<R>> {
    let mac = cfg!(target_os = "macos");
    let mut menu = MenuBuilder::new(app);
    if mac {
        let own = SubmenuBuilder::new(app, "Panopto Video Analytics")
            .item(&item(app, MenuCommand::About)?)
            .separator()
            .item(&item(app, MenuCommand::Settings)?)
            .separator()
            .services()
            .separator()
            .hide()
            .hide_others()
            .show_all()
            .separator()
            .quit();
        menu = menu.item(&own.build()?);
    }
    let mut file = SubmenuBuilder::new(app, "File")
        .item(&item(app, MenuCommand::AddCourse)?)
        .separator()
        .item(&item(app, MenuCommand::SyncCourse)?)
        .item(&item(app, MenuCommand::SyncAll)?)
        .separator()
        .item(&item(app, MenuCommand::Export)?)
        .item(&item(app, MenuCommand::ExportAgain)?)
        .separator();
    file = if mac {
        file.close_window()
    } else {
        file.item(&item(app, MenuCommand::Settings)?).separator().item(&quit(app)?)
    };
    menu = menu.item(&file.build()?);
    let edit = SubmenuBuilder::new(app, "Edit").undo().redo().separator().cut().copy().paste().select_all();
    menu = menu.item(&edit.build()?);
    let mut view = SubmenuBuilder::new(app, "View")
        .item(&item(app, MenuCommand::Present)?)
        .separator()
        .item(&item(app, MenuCommand::ZoomIn)?)
        .item(&item(app, MenuCommand::ZoomOut)?)
        .item(&item(app, MenuCommand::ZoomReset)?);
    if mac {
        view = view.separator().fullscreen();
    }
    menu = menu.item(&view.build()?);
    if mac {
        menu = menu.item(&SubmenuBuilder::new(app, "Window").minimize().maximize().separator().close_window().build()?);
    }
    let mut help = SubmenuBuilder::new(app, "Help")
        .item(&item(app, MenuCommand::Guide)?)
        .item(&item(app, MenuCommand::Shortcuts)?);
    if !mac {
        help = help.separator().item(&item(app, MenuCommand::About)?);
    }
    menu.item(&help.build()?).build()
}

/// The predefined *Quit* exists on macOS and Windows only.
fn quit<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<MenuItem<R>> {
    MenuItemBuilder::with_id(QUIT, "Quit").accelerator("CmdOrCtrl+Q").build(app)
}

const QUIT: &str = "quit";

/// Sends a choice to the window.
pub fn chosen<R: Runtime>(app: &AppHandle<R>, event: &MenuEvent) {
    let id = event.id().as_ref();
    if id == QUIT {
        app.exit(0);
    } else if let Some((command, ..)) = CHOICES.iter().find(|choice| choice.1 == id) {
        app.state::<Arc<Shell>>().screen.tell(&WindowEvent::Menu(*command));
    }
}
