//! One file for each command: it reads the arguments, calls the engine, and turns the answer into words and JSON.

pub(crate) mod captions;
mod chart;
mod chunk;
mod compare;
mod completions;
mod courses;
mod credentials;
mod credit;
mod dates;
mod decide;
mod demo;
mod digest;
mod everybody;
mod export;
mod facts;
mod forget;
mod login;
mod matrix;
mod moments;
mod named_export;
mod names;
mod nightly;
mod of_class;
mod people;
mod person;
mod retention;
mod roster;
mod settings;
mod status;
mod sync;
mod timeline;
mod videos;
mod viewers;
mod zone;

use engine::{Error, ErrorCode, Result};

use crate::args::{
    CaptionsCommand, Command, CoursesCommand, CredentialsCommand, NamesCommand, NightlyCommand, SettingsCommand,
};
use crate::setup::Setup;
use crate::terminal::Outcome;

/// Carries out a command.
pub(crate) async fn run(command: Command, setup: &mut Setup) -> Result<Outcome> {
    tracing::info!(command = command.words(), settings = %setup.settings_file.path().display(), "begins");
    match command {
        Command::Courses { command } => match command {
            CoursesCommand::List => courses::list(setup).await,
            CoursesCommand::Add { folders } => courses::add(setup, folders).await,
            CoursesCommand::Remove { course, delete_data } => courses::remove(setup, &course, delete_data),
            CoursesCommand::Import { file } => courses::import(setup, &file).await,
            CoursesCommand::Repair => courses::repair(setup),
        },
        Command::Login { no_browser } => login::login(setup, no_browser).await,
        Command::Logout { client_secret } => login::logout(setup, client_secret).await,
        Command::Credentials { command } => match command {
            CredentialsCommand::Set { names, no_check } => credentials::set(setup, names, no_check).await,
            CredentialsCommand::Show { check } => credentials::show(setup, check).await,
            CredentialsCommand::ImportEnv { file } => credentials::import_env(setup, &file).await,
        },
        Command::Chunk { zone } => chunk::chunk(setup, &zone).await,
        Command::Export(args) => export::export(setup, &args).await,
        Command::Videos(args) => videos::videos(setup, args).await,
        Command::Timeline(args) => timeline::timeline(setup, args).await,
        Command::Moments(args) => moments::moments(setup, args).await,
        Command::Captions { command } => match command {
            CaptionsCommand::Fetch { courses } => captions::fetch(setup, &courses).await,
            CaptionsCommand::Find { course, words, dates, zone } => {
                captions::find(setup, &course, &words, dates.range()?, &zone).await
            }
        },
        Command::Dates(args) => dates::dates(setup, args).await,
        Command::Roster { command } => roster::roster(setup, command).await,
        Command::Credit(args) => credit::credit(setup, *args).await,
        Command::Compare(args) => compare::compare(setup, args).await,
        Command::Digest(args) => digest::digest(setup, args).await,
        Command::Nightly { command } => match command {
            NightlyCommand::Install(args) => nightly::install(setup, &args).await,
            NightlyCommand::Remove => nightly::remove(setup).await,
            NightlyCommand::Status => nightly::status(setup).await,
            NightlyCommand::Run(args) => nightly::run(setup, &args).await,
        },
        Command::People(args) => people::people(setup, args).await,
        Command::Viewers(args) => viewers::viewers(setup, args).await,
        Command::Matrix(args) => matrix::matrix(setup, args).await,
        Command::Person(args) => person::person(setup, args).await,
        Command::Names { command: NamesCommand::Fetch { courses } } => names::fetch(setup, &courses).await,
        Command::LeaveOut(args) => decide::leave(setup, args).await,
        Command::Merge(args) => decide::merge_people(setup, args).await,
        Command::Forget(args) => forget::forget_person(setup, args).await,
        Command::Retention(args) => retention::retention(setup, args).await,
        Command::Facts => facts::facts(setup),
        Command::Chart(args) => chart::chart(setup, args).await,
        Command::Demo { dir, zone } => demo::demo(setup, &dir, &zone).await,
        Command::Sync(args) => sync::sync(setup, &args).await,
        Command::Status => status::status(setup).await,
        Command::Settings { command } => match command {
            SettingsCommand::Show => settings::show(setup),
            SettingsCommand::Set(patch) => settings::set(setup, &patch),
            SettingsCommand::MoveData { dir } => settings::move_data(setup, &dir).await,
            SettingsCommand::Restore { defaults } => settings::restore(setup, defaults),
        },
        Command::Completions { shell } => Ok(completions::completions(shell)),
        Command::Man { out } => completions::man(out.as_deref()),
    }
}

/// Runs work that computes or waits for the disk on a thread of its own, so that Ctrl-C is still heard. Work that does not
/// watch for Ctrl-C itself is left behind.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::new(ErrorCode::Internal, "The work ended by a fault").with_source(error))?
}
