//! The commands of `docs/ipc.md`: plain functions over the [`Shell`], and the one table that names them.
//!
//! Each reads its arguments, calls one function and converts the result. A transport finds a command in [`COMMANDS`] and
//! runs it; tauri's is in [`crate::tauri_transport`], the one for development in the crate `dev`. Adding a command: write
//! it in its file here, name it in the table, in `src-tauri/permissions/app.toml` and in `docs/ipc.md`; a test compares
//! the three.
//!
//! Deliberately absent: tauri. Invariant: a command that is not in the table cannot be called.

mod app;
mod call;
mod class_list;
mod connection;
mod courses;
mod dates;
mod export;
mod look;
mod nightly;
mod settings;
mod sync;
mod terms;

use std::pin::Pin;
use std::sync::Arc;

pub use call::{Call, EventWire};

use crate::error::Answer;
use crate::state::Shell;

/// A command at work; it resolves with its answer as JSON.
pub type Running = Pin<Box<dyn Future<Output = Answer<String>> + Send>>;

/// One command.
pub struct Command {
    /// Its name, in the window's calls and in the table of permissions.
    pub name: &'static str,
    arguments: &'static [&'static str],
    run: fn(Arc<Shell>, Call) -> Running,
}

impl Command {
    /// The command of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        COMMANDS.iter().find(|command| command.name == name)
    }

    /// Its arguments, as the window names them.
    pub fn arguments(&self) -> impl Iterator<Item = String> {
        self.arguments.iter().copied().map(call::camel_case)
    }

    /// Begins it.
    pub fn run(&self, shell: Arc<Shell>, call: Call) -> Running {
        (self.run)(shell, call)
    }
}

/// Each row is the path of a function and the names of its arguments; their types are the function's own.
macro_rules! commands {
    ($($file:ident::$name:ident($($argument:ident),*);)*) => {
        /// Every command of the window.
        pub static COMMANDS: &[Command] = &[$(Command {
            name: stringify!($name),
            arguments: &[$(stringify!($argument)),*],
            run: |shell, _call| Box::pin(async move {
                $(let $argument = _call.argument(stringify!($name), stringify!($argument))?;)*
                call::encode(&$file::$name(&shell $(, $argument)*).await?)
            }),
        }),*];
    };
}

commands! {
    app::app_state();
    app::view_remember(view);
    app::notice_dismiss(message);
    app::start_sample(job_id, on_event);
    app::leave_sample();
    app::data_folder_open_pick();
    app::data_folder_open_path(path);
    connection::connection_get();
    connection::connection_set(request);
    connection::sign_in_browser(job_id, on_event);
    connection::sign_in_password(request);
    connection::sign_out();
    connection::who_am_i();
    connection::env_import_pick();
    connection::env_import_path(path);
    connection::it_text(server);
    courses::courses_list();
    courses::folders_search(query);
    courses::folders_mine();
    courses::courses_add(inputs);
    courses::courses_import_pick();
    courses::courses_import_path(path);
    courses::course_remove(course_id, delete_data);
    courses::course_remove_undo(undo);
    courses::courses_repair();
    sync::sync_start(course_ids, job_id, anew, on_event);
    sync::job_cancel(job_id);
    look::course_overview(request);
    look::map_row(course_id, session_id, range);
    look::range_typed(request);
    look::timelines(request);
    look::chart_table(request);
    look::find_words(request);
    look::video(request);
    look::chart_save(request);
    look::report_save(request);
    look::map_moments(course_id, range);
    look::video_moments(course_id, session_id, range);
    look::video_captions(course_id, session_id);
    look::note_keep(request);
    look::open_in_panopto(course_id, session_id, at_secs);
    dates::dates(course_id);
    dates::date_save(request);
    dates::date_remove(course_id, number);
    dates::date_remove_undo(undo);
    dates::dates_term_set(course_id, range);
    dates::dates_on_time_set(course_id, days);
    dates::dates_import_pick(course_id);
    dates::dates_import_path(course_id, path);
    dates::dates_import(request);
    terms::what_is_new(course_id);
    terms::news_put_away(course_id, is_away);
    terms::compare_choices(course_id);
    terms::pairs(course_id, other_id);
    terms::pair_mend(request);
    terms::pair_mend_undo(undo);
    class_list::class_list(course_id);
    class_list::class_list_pick(course_id);
    class_list::class_list_preview(request);
    class_list::class_list_import(request);
    class_list::class_list_decide(request);
    class_list::class_list_remove(course_id);
    class_list::class_list_remove_undo(undo);
    export::export_preview(request);
    export::export_pick_folder(request);
    export::export_run(request, job_id, on_event);
    export::export_again(job_id, on_event);
    nightly::nightly_get();
    nightly::nightly_set(request);
    settings::settings_get();
    settings::settings_set(request);
    settings::settings_restore(defaults);
    settings::time_zones();
    settings::data_folder_move_pick(job_id);
    settings::open_folder(folder);
    settings::diagnostics_text();
    settings::about();
    settings::user_guide();
}
