//! `completions` and `man`: generated from the same definition that reads the arguments.

use std::path::Path;

use clap::CommandFactory as _;
use engine::store::refusal::disk_error;
use engine::store::{Disk as _, Durability, RealDisk, replace};
use engine::{Error, ErrorCode, Result};
use serde_json::json;

use crate::args::Cli;
use crate::setup::path_text;
use crate::terminal::Outcome;

/// The completion script of a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "panopto-analytics", &mut script);
    let mut script = String::from_utf8_lossy(&script).trim_end().to_owned();
    if shell == clap_complete::Shell::Bash {
        // The generator spells a program name that contains a hyphen in two ways, so nothing after a subcommand would
        // be completed (clap-rs/clap#6421). This has no effect once that is fixed.
        script = script.replace("panopto__subcmd__analytics", "panopto__analytics");
    }
    let json = json!({ "shell": shell.to_string(), "script": script });
    Outcome::done(script, json)
}

/// Writes the manual pages: the main one, or those of all commands into a folder.
pub(crate) fn man(out: Option<&Path>) -> Result<Outcome> {
    let Some(dir) = out else {
        let page = page(Cli::command())?;
        let json = json!({ "page": page });
        return Ok(Outcome::done(page, json));
    };
    RealDisk.create_dir_all(dir).map_err(|error| disk_error("make the folder", dir, error))?;
    let mut written = Vec::new();
    let mut command = Cli::command();
    command.build();
    for (name, command) in all_commands(&command) {
        let file = dir.join(format!("{name}.1"));
        let text = page(command)? + "\n";
        replace(&RealDisk, &file, Durability::Remakable, |out| out.write_all(text.as_bytes()))?;
        written.push(path_text(&file));
    }
    Ok(Outcome::done(written.join("\n"), json!({ "files": written })))
}

/// A command and all commands below it, with the names of their pages.
fn all_commands(root: &clap::Command) -> Vec<(String, clap::Command)> {
    let mut found = Vec::new();
    let mut open = vec![(root.get_name().to_owned(), root.clone())];
    while let Some((name, command)) = open.pop() {
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            open.push((format!("{name}-{}", below.get_name()), below.clone()));
        }
        found.push((name.clone(), command.display_name(name)));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn page(command: clap::Command) -> Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| Error::new(ErrorCode::Internal, "The manual page cannot be made").with_source(error))?;
    Ok(String::from_utf8_lossy(&page).trim_end().to_owned())
}
