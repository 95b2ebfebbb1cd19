//! Carries the window's calls through tauri: each call goes to its command, and its events to tauri's channel.
//!
//! Deliberately absent: which commands there are (see [`crate::commands`]). What the window may call at all is decided
//! earlier, by the capability in `tauri.conf.json`.

use std::sync::Arc;

use serde_json::Value;
use tauri::ipc::{Channel, Invoke, InvokeBody, InvokeError, InvokeResponseBody, JavaScriptChannelId};
use tauri::{Manager as _, Runtime, Webview};

use crate::commands::{Call, Command, EventWire};
use crate::state::Shell;

/// The argument in which the window passes its channel.
const CHANNEL: &str = "onEvent";

/// Answers every command of the window.
pub fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    |invoke| {
        let Some(command) = Command::find(invoke.message.command()) else { return false };
        let webview = invoke.message.webview();
        let arguments = match invoke.message.payload() {
            InvokeBody::Json(arguments) => arguments.clone(),
            InvokeBody::Raw(_) => Value::Null,
        };
        let shell = Arc::clone(&*webview.state::<Arc<Shell>>());
        let events = event_wire(&arguments, webview);
        invoke.resolver.respond_async_serialized(async move {
            match command.run(shell, Call::new(arguments, events)).await {
                Ok(answer) => Ok(InvokeResponseBody::Json(answer)),
                Err(error) => Err(InvokeError::from(error)),
            }
        });
        true
    }
}

fn event_wire<R: Runtime>(arguments: &Value, webview: Webview<R>) -> Option<EventWire> {
    let id: JavaScriptChannelId = arguments.get(CHANNEL)?.as_str()?.parse().ok()?;
    let channel: Channel<InvokeResponseBody> = id.channel_on(webview);
    Some(Arc::new(move |event| drop(channel.send(InvokeResponseBody::Json(event)))))
}
