//! Replies as lines of JSON: the events of a call as they come, and its answer or error as the last line.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use serde_json::{Value, json};
use shell::commands::{Call, Command, EventWire};
use shell::state::Shell;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Runs a command. It runs to its end even if nobody waits for the reply, as in the real window.
pub(crate) fn run(command: &'static Command, shell: Arc<Shell>, arguments: Value) -> Response {
    let (send, lines) = unbounded_channel();
    let events = send.clone();
    let wire: EventWire = Arc::new(move |event| drop(events.send(format!("{{\"event\":{event}}}"))));
    let call = Call::new(arguments, Some(wire));
    tokio::spawn(async move {
        let last = match command.run(shell, call).await {
            Ok(answer) => format!("{{\"answer\":{answer}}}"),
            Err(error) => json!({ "error": error }).to_string(),
        };
        let _ = send.send(last);
    });
    of_lines(lines)
}

/// A reply that goes on until the sender of the lines is gone.
pub(crate) fn of_lines(lines: UnboundedReceiver<String>) -> Response {
    let stream = stream::unfold(lines, |mut lines| async move {
        let line = lines.recv().await?;
        Some((Ok::<_, Infallible>(Bytes::from(line + "\n")), lines))
    });
    ([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(stream)).into_response()
}
