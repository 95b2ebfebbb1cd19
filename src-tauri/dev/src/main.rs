//! `panopto-analytics-dev`: the real program for a browser on this computer, for development and the window's tests.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use dev::{Origins, Page, serve};

/// Serves the real program to a browser on this computer. For development and tests only.
///
/// Prints the one address below which everything is found, and ends when its standard input is closed, so that it never
/// outlives who started it.
#[derive(Parser)]
#[command(name = "panopto-analytics-dev", version)]
struct Arguments {
    /// The built window to serve; without it, Vite serves the page
    #[arg(long, value_name = "DIR")]
    page: Option<PathBuf>,
    /// A page elsewhere on this computer that may call, such as http://127.0.0.1:5173
    #[arg(long = "origin", value_name = "ORIGIN")]
    origins: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "a program of the terminal")]
            {
                eprintln!("The server for development cannot run: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> std::io::Result<()> {
    let page = arguments.page.as_deref().map(Page::read).transpose()?.unwrap_or_default();
    let (serving, ended) = serve(page, Origins(arguments.origins), until_input_ends()).await?;
    #[expect(clippy::print_stdout, reason = "the address is what whoever started it waits for")]
    {
        println!("http://{}/{}/", serving.address, serving.token.reveal());
    }
    ended.await
}

/// Reads on a thread of its own, which may wait for ever without holding up the end of the program.
async fn until_input_ends() {
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = ended.send(());
    });
    let _ = end.await;
}
