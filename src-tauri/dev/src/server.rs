//! The addresses below the token: programs, their commands, their events, and what only a test may do.
//!
//! | address | |
//! |---|---|
//! | `POST program` | starts a program in some situations; answers its name, folders and server |
//! | `DELETE program/NAME` | ends it |
//! | `POST program/NAME/command/COMMAND` | calls a command with its arguments as JSON |
//! | `GET program/NAME/events` | what the window is told, line by line |
//! | `POST program/NAME/test/…` | `pick`, `menu`, `front`, `serverAway`, `serverAnswers` |
//! | `GET program/NAME/test/desktop` | what was asked of the desktop |
//! | `GET program/NAME/page/…` | the built window |

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shell::commands::Command;
use shell::events::{Screen as _, WindowEvent};
use shell::pages::app::MenuCommand;
use tokio::net::TcpListener;
use tokio::sync::RwLock;
use uuid::Uuid;

use crate::guard::{Guard, Origins, Token, check};
use crate::page::Page;
use crate::program::Program;
use crate::programs::Programs;
use crate::reply;

/// Largest body of a request. The longest argument is a list of 2,000 video IDs.
const MOST_BODY_BYTES: usize = 1024 * 1024;

/// A server that has begun to listen.
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    /// The secret part of its addresses.
    pub token: Token,
}

#[derive(Clone)]
struct Served {
    programs: Arc<Programs>,
    page: Arc<Page>,
}

/// Listens on 127.0.0.1 under a free port and a new token, and serves until `stop` is over.
pub async fn serve(
    page: Page,
    origins: Origins,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<(Serving, impl Future<Output = std::io::Result<()>>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let (address, token) = (listener.local_addr()?, Token::random());
    let guard = Guard { token: token.clone(), address, origins };
    let served = Served { programs: Arc::default(), page: Arc::new(page) };
    let router = Router::new()
        .route("/{token}/program", post(start))
        .route("/{token}/program/{name}", delete(end))
        .route("/{token}/program/{name}/command/{command}", post(command))
        .route("/{token}/program/{name}/events", get(events))
        .route("/{token}/program/{name}/test/desktop", get(desktop))
        .route("/{token}/program/{name}/test/{what}", post(steer))
        .route("/{token}/program/{name}/page/", get(index))
        .route("/{token}/program/{name}/page/{*file}", get(file))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(axum::middleware::from_fn_with_state(guard, check))
        .with_state(served);
    let serving = async move { axum::serve(listener, router).with_graceful_shutdown(stop).await };
    Ok((Serving { address, token }, serving))
}

type Refusal = (StatusCode, String);

fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

impl Served {
    async fn program(&self, name: Uuid) -> Result<Arc<RwLock<Program>>, Refusal> {
        let unknown = || (StatusCode::NOT_FOUND, "no program of this name is running".to_owned());
        self.programs.get(name).await.ok_or_else(unknown)
    }
}

async fn start(State(served): State<Served>, body: Bytes) -> Result<Response, Refusal> {
    let started = served.programs.start(&parse(&body)?).await;
    let (name, program) = started.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    let program = program.read().await;
    let answer =
        json!({ "name": name, "dir": program.dir(), "data": program.data_dir(), "server": program.server_url() });
    Ok(answer.to_string().into_response())
}

async fn end(State(served): State<Served>, Path((_, name)): Path<(String, Uuid)>) -> StatusCode {
    if served.programs.end(name).await { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

async fn command(
    State(served): State<Served>,
    Path((_, name, command)): Path<(String, Uuid, String)>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let command = Command::find(&command).ok_or((StatusCode::NOT_FOUND, "there is no such command".to_owned()))?;
    let program = served.program(name).await?;
    let shell = Arc::clone(&program.read().await.shell);
    Ok(reply::run(command, shell, parse(&body)?))
}

async fn events(State(served): State<Served>, Path((_, name)): Path<(String, Uuid)>) -> Result<Response, Refusal> {
    let program = served.program(name).await?;
    let lines = program.read().await.screen.listen();
    Ok(reply::of_lines(lines))
}

async fn desktop(State(served): State<Served>, Path((_, name)): Path<(String, Uuid)>) -> Result<Response, Refusal> {
    let seen = served.program(name).await?.read().await.desktop.seen();
    Ok(json!(seen).to_string().into_response())
}

/// What a test does besides calling commands.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Deed {
    /// The path that the next picker answers; `null` closes it without a choice.
    Pick(Option<PathBuf>),
    /// A choice in the native menu.
    Menu(MenuCommand),
    /// The window comes to the front.
    Front(()),
    /// The server can no longer be reached.
    ServerAway(()),
    /// A server that fell silent answers again.
    ServerAnswers(()),
}

async fn steer(
    State(served): State<Served>,
    Path((_, name, what)): Path<(String, Uuid, String)>,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let deed: Value = parse(&body)?;
    let deed = serde_json::from_value(json!({ what: deed })).map_err(|e| (StatusCode::BAD_REQUEST, e.to_string()))?;
    let program = served.program(name).await?;
    match deed {
        Deed::Pick(path) => program.read().await.desktop.will_pick(path),
        Deed::Menu(choice) => program.read().await.screen.tell(&WindowEvent::Menu(choice)),
        Deed::Front(()) => {
            let shell = Arc::clone(&program.read().await.shell);
            shell::watch::look_for_changes(&shell).await;
        }
        Deed::ServerAway(()) => program.write().await.take_server_away().await,
        Deed::ServerAnswers(()) => {
            let answered = program.read().await.let_server_answer();
            answered.map_err(|error| (StatusCode::CONFLICT, error.to_string()))?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn index(State(served): State<Served>, Path((_, name)): Path<(String, Uuid)>) -> Result<Response, Refusal> {
    served.program(name).await?;
    Ok(served.page.file(""))
}

async fn file(
    State(served): State<Served>,
    Path((_, name, file)): Path<(String, Uuid, String)>,
) -> Result<Response, Refusal> {
    served.program(name).await?;
    Ok(served.page.file(&file))
}
