//! The log on standard error: off, unless `-v` or `RUST_LOG` asks for it.
//!
//! Invariant: only this program's own parts log, whatever `RUST_LOG` says, because they hold back secrets. Nobody has
//! checked what the libraries print at their finest level.

use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::terminal::{LogWriter, Terminal};

const OUR_PARTS: [&str; 6] = ["cli", "engine", "panopto", "model", "charts", "sim"];

/// Starts the log: nothing without `-v`, steps with `-v`, every call with `-vv`.
pub(crate) fn start(verbose: u8, terminal: &Terminal) {
    let filter = match std::env::var("RUST_LOG") {
        Ok(directives) if !directives.is_empty() => EnvFilter::new(directives),
        _ => EnvFilter::new(match verbose {
            0 => return,
            1 => "info",
            2 => "debug",
            _ => "trace",
        }),
    };
    let ours = filter_fn(|metadata| {
        let part = metadata.target().split("::").next().unwrap_or_default();
        OUR_PARTS.contains(&part)
    });
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(Lines(terminal.clone()))
        // Colours need a feature of the library that is not enabled; asking for them without it ends the program.
        .with_ansi(false)
        .with_filter(filter.and(ours));
    // A second start in one process keeps the first log.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}

/// Makes a writer for each event, so that the event is written in one piece.
struct Lines(Terminal);

impl<'a> MakeWriter<'a> for Lines {
    type Writer = LogWriter;

    fn make_writer(&'a self) -> LogWriter {
        self.0.log_writer()
    }
}
