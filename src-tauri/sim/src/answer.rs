//! Takes one request from arrival to reply: log, pause, fault, then the part of the server that answers it.

use crate::faults::Fault;
use crate::log::RequestLogEntry;
use crate::route::{self, Route, RouteTarget};
use crate::shared::{Call, Shared};
use crate::wire::{Reply, Request, Spoiling};
use crate::{captions, oauth, pages, rest, soap};

/// What to put on the wire.
#[derive(Debug)]
pub(crate) enum Outcome {
    Reply(Reply, Spoiling),
    /// Reset the connection.
    Reset,
}

/// Answers a request.
pub(crate) async fn answer(state: &Shared, request: &Request) -> Outcome {
    let target = route::find(&request.path, &request.query);
    let log_number = state.log.begin(entry(state, request, &target));
    let fault = state.injector().strike(target.route);
    let latency = state.config().latency;
    if let Some(fault) = &fault {
        state.log.amend(log_number, |entry| entry.fault = Some(fault.name().to_owned()));
    }
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    if let Some(Fault::Stall(pause)) = &fault {
        tokio::time::sleep(*pause).await;
    }
    if fault == Some(Fault::Reset) {
        return Outcome::Reset;
    }
    let (mut reply, mut spoiling) = (None, Spoiling::None);
    match fault {
        Some(Fault::Status { status, retry_after }) => reply = Some(status_reply(status, retry_after)),
        Some(Fault::Html(status)) => reply = Some(pages::proxy_error(status)),
        Some(Fault::SoapFault(text)) if target.route.is_soap() => reply = Some(soap::fault(&text)),
        Some(Fault::SoapFault(_)) => reply = Some(Reply::empty(500)),
        Some(Fault::StallBody(pause)) => spoiling = Spoiling::Stalled(pause),
        Some(Fault::CutBody) => spoiling = Spoiling::Cut,
        Some(Fault::ExpireToken) => state.accounts().expire_tokens(),
        Some(Fault::KillCookie) => state.accounts().blind_cookies(),
        Some(Fault::RefreshTokenUsed) => state.accounts().use_refresh_tokens(),
        Some(
            waiting @ (Fault::RepeatedPage
            | Fault::PhantomPage
            | Fault::AddRowsWhilePaging
            | Fault::FolderCycle
            | Fault::VanishSession
            | Fault::MoveSession
            | Fault::VanishFolder
            | Fault::HideFolder(_)
            | Fault::LoseEntryWhilePaging
            | Fault::ShorterList),
        ) => state.injector().armed.push(waiting),
        Some(Fault::EmptyLists(lists)) => state.injector().empty_lists(lists),
        Some(Fault::WrongContentType) => {
            let mut right = reply_to(state, request, &target, log_number);
            if right.headers.contains_key(http::header::CONTENT_TYPE) {
                let wrong = http::HeaderValue::from_static("application/octet-stream");
                right.headers.insert(http::header::CONTENT_TYPE, wrong);
            }
            reply = Some(right);
        }
        Some(Fault::Stall(_) | Fault::Reset) | None => {}
    }
    let reply = reply.unwrap_or_else(|| reply_to(state, request, &target, log_number));
    // Uses the simulator's clock; the HTTP library would otherwise add the system's time.
    let reply = reply.with(http::header::DATE, &state.clock.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    state.log.amend(log_number, |entry| entry.status = reply.status);
    Outcome::Reply(reply, spoiling)
}

fn entry(state: &Shared, request: &Request, target: &RouteTarget) -> RequestLogEntry {
    RequestLogEntry {
        at: state.clock.now(),
        method: request.method.clone(),
        path: request.path.clone(),
        query: request.query.clone(),
        route: target.route,
        status: 0,
        soap: None,
        authenticated: false,
        grant: None,
        fault: None,
        ignored: Vec::new(),
    }
}

fn reply_to(state: &Shared, request: &Request, target: &RouteTarget, log_number: u64) -> Reply {
    let config = state.config();
    let call = Call { state, config: &config, request, target, now: state.clock.now(), log_number };
    match target.route {
        Route::Authorize => oauth::authorize::answer(&call),
        Route::Token => oauth::token::answer(&call).into(),
        Route::Revocation => oauth::token::revoke(&call).into(),
        Route::UserInfo => oauth::about::userinfo(&call),
        Route::Discovery => oauth::about::discovery(&call),
        Route::Jwks => oauth::about::jwks(),
        Route::SoapAuth | Route::SoapUsage | Route::SoapUsers | Route::SoapAccess | Route::SoapSessions => {
            soap::answer(&call)
        }
        Route::Wsdl => soap::wsdl::answer(&call),
        Route::Page => pages::answer(&call),
        Route::Captions => captions::download(&call),
        Route::DeliveryInfo => captions::delivery_info(&call),
        Route::LegacyLogin
        | Route::Folder
        | Route::FolderChildren
        | Route::FolderSessions
        | Route::FolderSessionsSearch
        | Route::FolderSearch
        | Route::FolderCreator
        | Route::Session
        | Route::SessionSearch
        | Route::SessionViewers
        | Route::UserSearch => rest::answer(&call),
        Route::Unknown => rest::problem::no_such_route(&call),
    }
}

fn status_reply(status: u16, retry_after: Option<u64>) -> Reply {
    let reply = Reply::empty(status);
    match retry_after {
        Some(secs) => reply.with(http::header::RETRY_AFTER, &secs.to_string()),
        None => reply,
    }
}
