//! The commands of `docs/ipc.md`: plain functions over the [`Shell`], and the one table that names them.
//!
//! Each reads its arguments, calls one function and converts the result. A transport finds a command in [`COMMANDS`] and
//! runs it; tauri's is in [`crate::tauri_transport`], the one for development in the crate `dev`. Adding a command: write
//! it in its file here, name it in the table with what it does while somebody presents, in `src-tauri/permissions/app.toml`
//! and in `docs/ipc.md`; a test compares the three.
//!
//! Deliberately absent: tauri. Invariant: a command that is not in the table cannot be called.

mod app;
mod call;
mod class_list;
mod connection;
mod courses;
mod credit;
mod dates;
mod export;
mod look;
mod names;
mod nightly;
mod people;
mod privacy;
mod settings;
mod sync;
mod terms;

use std::pin::Pin;
use std::sync::Arc;

pub use call::{Call, EventWire};

use engine::Error;

use crate::error::Answer;
use crate::presenting::closed_while_presenting;
use crate::state::Shell;

/// A command at work; it resolves with its answer as JSON.
pub type Running = Pin<Box<dyn Future<Output = Answer<String>> + Send>>;

/// One command.
pub struct Command {
    /// Its name, in the window's calls and in the table of permissions.
    pub name: &'static str,
    arguments: &'static [&'static str],
    while_presenting: WhilePresenting,
    run: fn(Arc<Shell>, Call) -> Running,
}

/// What a command does while somebody presents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhilePresenting {
    /// The same: it says nothing about viewers.
    Same,
    /// It answers with what may be presented.
    Presented,
    /// It is refused.
    Closed,
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

    /// What it does while somebody presents.
    pub const fn while_presenting(&self) -> WhilePresenting {
        self.while_presenting
    }

    /// Begins it. An answer that was made before somebody began to present is not given after it.
    pub fn run(&self, shell: Arc<Shell>, call: Call) -> Running {
        let presenting = shell.presenting.clone();
        match (self.while_presenting, presenting.is_on()) {
            (WhilePresenting::Same, _) | (WhilePresenting::Presented, true) => (self.run)(shell, call),
            (WhilePresenting::Closed, true) => Box::pin(async { Err(closed_while_presenting().into()) }),
            (WhilePresenting::Presented | WhilePresenting::Closed, false) => {
                let running = (self.run)(shell, call.silent_while(presenting.clone()));
                Box::pin(async move {
                    let answer = running.await;
                    if presenting.is_on() { Err(Error::cancelled().into()) } else { answer }
                })
            }
        }
    }
}

/// Each row is the path of a function, the names of its arguments, whose types are the function's own, and what it does while
/// somebody presents.
macro_rules! commands {
    ($($file:ident::$name:ident($($argument:ident),*) => $presented:ident;)*) => {
        /// Every command of the window.
        pub static COMMANDS: &[Command] = &[$(Command {
            name: stringify!($name),
            arguments: &[$(stringify!($argument)),*],
            while_presenting: WhilePresenting::$presented,
            run: |shell, _call| Box::pin(async move {
                $(let $argument = _call.argument(stringify!($name), stringify!($argument))?;)*
                call::encode(&$file::$name(&shell $(, $argument)*).await?)
            }),
        }),*];
    };
}

commands! {
    app::app_state() => Presented;
    app::view_remember(view) => Same;
    app::notice_dismiss(message) => Presented;
    app::set_presenting(presents) => Same;
    app::start_sample(job_id, on_event) => Presented;
    app::leave_sample() => Presented;
    app::data_folder_open_pick() => Presented;
    app::data_folder_open_path(path) => Presented;
    connection::connection_get() => Same;
    connection::connection_set(request) => Same;
    connection::sign_in_browser(job_id, on_event) => Same;
    connection::sign_in_password(request) => Same;
    connection::sign_out() => Same;
    connection::who_am_i() => Same;
    connection::env_import_pick() => Same;
    connection::env_import_path(path) => Same;
    connection::it_text(server) => Same;
    courses::courses_list() => Presented;
    courses::folders_search(query) => Same;
    courses::folders_mine() => Same;
    courses::courses_add(inputs) => Closed;
    courses::courses_import_pick() => Closed;
    courses::courses_import_path(path) => Closed;
    courses::course_remove(course_id, delete_data) => Closed;
    courses::course_remove_undo(undo) => Closed;
    courses::courses_repair() => Presented;
    sync::sync_start(course_ids, job_id, anew, on_event) => Closed;
    sync::job_cancel(job_id) => Same;
    look::course_overview(request) => Presented;
    look::map_row(course_id, session_id, range) => Presented;
    look::range_typed(request) => Presented;
    look::timelines(request) => Presented;
    look::chart_table(request) => Closed;
    look::find_words(request) => Closed;
    look::video(request) => Presented;
    look::chart_save(request) => Presented;
    look::report_save(request) => Closed;
    look::map_moments(course_id, range) => Presented;
    look::video_moments(course_id, session_id, range) => Presented;
    look::video_captions(course_id, session_id) => Same;
    look::note_keep(request) => Closed;
    look::open_in_panopto(course_id, session_id, at_secs) => Same;
    dates::dates(course_id) => Presented;
    dates::date_save(request) => Closed;
    dates::date_remove(course_id, number) => Closed;
    dates::date_remove_undo(undo) => Closed;
    dates::dates_term_set(course_id, range) => Closed;
    dates::dates_on_time_set(course_id, days) => Closed;
    dates::dates_import_pick(course_id) => Closed;
    dates::dates_import_path(course_id, path) => Closed;
    dates::dates_import(request) => Closed;
    terms::what_is_new(course_id) => Closed;
    terms::news_put_away(course_id, is_away) => Closed;
    terms::compare_choices(course_id) => Closed;
    terms::pairs(course_id, other_id) => Closed;
    terms::pair_mend(request) => Closed;
    terms::pair_mend_undo(undo) => Closed;
    class_list::class_list(course_id) => Closed;
    class_list::class_list_pick(course_id) => Closed;
    class_list::class_list_preview(request) => Closed;
    class_list::class_list_import(request) => Closed;
    class_list::class_list_decide(request) => Closed;
    class_list::class_list_remove(course_id) => Closed;
    class_list::class_list_remove_undo(undo) => Closed;
    people::video_people(request) => Presented;
    people::video_people_save(request) => Closed;
    people::people(request) => Closed;
    people::people_rows(request, from) => Closed;
    people::people_chosen(course_id, keys) => Closed;
    people::people_cell(course_id, key, session_id, range) => Closed;
    people::people_tidy(course_id) => Closed;
    people::people_decide(request) => Closed;
    people::people_decide_undo(undo) => Closed;
    people::people_save(request) => Closed;
    people::addresses_copied() => Closed;
    people::person(request) => Closed;
    people::person_save(request) => Closed;
    people::person_forget(course_id, key) => Closed;
    credit::credit_choices(course_id) => Closed;
    credit::credit_preview(request) => Closed;
    credit::credit_save(request) => Closed;
    credit::credit_fill(request) => Closed;
    names::names(course_id) => Closed;
    names::names_fetch(course_id, job_id, on_event) => Closed;
    export::export_preview(request) => Closed;
    export::export_pick_folder(request) => Closed;
    export::export_run(request, job_id, on_event) => Closed;
    export::export_again(job_id, on_event) => Closed;
    nightly::nightly_get() => Closed;
    nightly::nightly_set(request) => Closed;
    privacy::privacy() => Closed;
    privacy::keep_preview(course_id, days) => Closed;
    privacy::keep_for(course_id, days) => Closed;
    settings::settings_get() => Same;
    settings::settings_set(request) => Same;
    settings::settings_restore(defaults) => Presented;
    settings::time_zones() => Same;
    settings::data_folder_move_pick(job_id) => Same;
    settings::open_folder(folder) => Same;
    settings::diagnostics_text() => Closed;
    settings::about() => Same;
    settings::user_guide() => Same;
}
