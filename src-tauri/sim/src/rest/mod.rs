//! REST v1: folders, sessions, viewers, users, and the call that turns a token into a cookie.
//!
//! Replies are built from literal JSON templates. Tests validate them against Panopto's own Swagger description.

mod folders;
pub(crate) mod problem;
mod sessions;
mod users;

use crate::accounts::CookieState;
use crate::faults::Fault;
use crate::quota::limited;
use crate::route::Route;
use crate::shared::Call;
use crate::wire::Reply;
use http::header;
use uuid::Uuid;

/// Who makes a call.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// `None`: a client with a token of its own, without a user.
    pub(crate) user: Option<Uuid>,
    client: Option<String>,
}

/// Answers a REST request.
pub(crate) fn answer(call: &Call<'_>) -> Reply {
    let caller = identify(call);
    let endpoint = format!("{:?}", call.target.route);
    let client = caller.as_ref().ok().and_then(|caller| caller.client.clone());
    let client = client.unwrap_or_else(|| call.request.peer.to_string());
    if let Some(reply) = limited(call, call.config.rest_limit, &endpoint, &client) {
        return reply;
    }
    let caller = match caller {
        Ok(caller) => caller,
        Err(status) => return refused(status),
    };
    call.note(|entry| entry.authenticated = true);
    if call.request.method != "GET" {
        return problem::no_such_method(call);
    }
    if is_list(call.target.route) && call.lists_nothing() {
        return Reply::json(200, &serde_json::json!({ "Results": [] }));
    }
    match call.target.route {
        Route::LegacyLogin => Ok(legacy_login(call, &caller)),
        Route::Folder => folders::details(call),
        Route::FolderChildren => folders::children(call),
        Route::FolderSearch => folders::search(call),
        Route::FolderCreator => folders::creator(call, &caller),
        Route::FolderSessions => sessions::in_folder(call, &caller),
        Route::FolderSessionsSearch => sessions::search(call, &caller, true),
        Route::SessionSearch => sessions::search(call, &caller, false),
        Route::Session => sessions::details(call, &caller),
        Route::SessionViewers => users::viewers(call),
        Route::UserSearch => users::search(call),
        Route::Authorize
        | Route::Token
        | Route::Revocation
        | Route::UserInfo
        | Route::Discovery
        | Route::Jwks
        | Route::SoapAuth
        | Route::SoapUsage
        | Route::SoapUsers
        | Route::SoapAccess
        | Route::SoapSessions
        | Route::Wsdl
        | Route::Page
        | Route::Captions
        | Route::DeliveryInfo
        | Route::Unknown => Ok(problem::no_such_route(call)),
    }
    .into()
}

/// Whether a route lists folders or sessions.
fn is_list(route: Route) -> bool {
    matches!(
        route,
        Route::FolderChildren
            | Route::FolderSessions
            | Route::FolderSessionsSearch
            | Route::FolderSearch
            | Route::FolderCreator
            | Route::SessionSearch
    )
}

/// If a plan asks for it, removes the last third of a folder's entries from this list and every later one.
fn shorten(call: &Call<'_>, found: impl DoubleEndedIterator<Item = Uuid> + ExactSizeIterator) {
    if found.len() > 0 && call.take_fault(&Fault::ShorterList) {
        let lost = found.len().div_ceil(3);
        call.state.injector().lies.left_out.extend(found.rev().take(lost));
    }
}

/// 401 and 403 have no body.
fn refused(status: u16) -> Reply {
    let reply = Reply::empty(status);
    if status == 401 { reply.with(header::WWW_AUTHENTICATE, "Bearer") } else { reply }
}

/// The caller, or the status of the refusal. A token opens everything; the cookie of the web pages opens only the
/// folders.
fn identify(call: &Call<'_>) -> Result<Caller, u16> {
    let accounts = call.state.accounts();
    if let Some(token) = call.request.bearer() {
        let access = accounts.access(token, call.now).ok_or(call.config.expired_token_status)?;
        if !access.scope.split_whitespace().any(|word| word == "api") {
            return Err(403);
        }
        return Ok(Caller { user: access.user, client: Some(access.client.clone()) });
    }
    let folders = matches!(
        call.target.route,
        Route::Folder | Route::FolderChildren | Route::FolderSessions | Route::FolderSearch | Route::FolderCreator
    );
    match call.request.auth_cookie().map(|value| accounts.cookie(value, call.config, call.now)) {
        Some(CookieState::Valid(user)) if folders => Ok(Caller { user: Some(user), client: None }),
        _ => Err(401),
    }
}

/// Exchanges the token for the cookie that SOAP needs.
fn legacy_login(call: &Call<'_>, caller: &Caller) -> Reply {
    let Some(user) = caller.user else { return refused(401) };
    let value = call.state.accounts().add_cookie(user, call.config, call.now);
    with_cookie(call, Reply::empty(200), &value)
}

/// Sets the authentication cookie, and a second one beside it, as Panopto does.
pub(crate) fn with_cookie(call: &Call<'_>, reply: Reply, value: &str) -> Reply {
    // Over plain http a standard client would never send a `Secure` cookie back.
    let secure = if call.request.is_https() { "; Secure" } else { "" };
    reply.with(header::SET_COOKIE, &format!(".ASPXAUTH={value}; path=/; HttpOnly{secure}")).with(
        header::SET_COOKIE,
        &format!(
            "csrfToken={}; path=/{secure}",
            uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, value.as_bytes()).simple()
        ),
    )
}

/// The page number of a list request.
fn page_number(call: &Call<'_>) -> Result<usize, Box<Reply>> {
    let Some(text) = call.request.query_value("pageNumber") else { return Ok(0) };
    text.parse::<i32>()
        .ok()
        .and_then(|number| usize::try_from(number).ok())
        .ok_or_else(|| problem::bad_request("The value of pageNumber is not valid."))
}

/// Whether the request asks for descending order.
fn descending(call: &Call<'_>) -> Result<bool, Box<Reply>> {
    match call.request.query_value("sortOrder").unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "asc" => Ok(false),
        "desc" => Ok(true),
        _ => Err(problem::bad_request("The value of sortOrder is not valid.")),
    }
}

/// The field to sort by, in lower case; empty if the request names none.
fn sort_field(call: &Call<'_>, allowed: &[&str]) -> Result<String, Box<Reply>> {
    let field = call.request.query_value("sortField").unwrap_or_default().to_ascii_lowercase();
    if field.is_empty() || allowed.contains(&field.as_str()) {
        Ok(field)
    } else {
        Err(problem::bad_request("The value of sortField is not valid."))
    }
}

/// The id in the path.
fn path_id(call: &Call<'_>) -> Result<Uuid, Box<Reply>> {
    Uuid::try_parse(&call.target.id).map_err(|_| problem::bad_request("The id is not a valid GUID."))
}

/// The search words. `*` gives an empty list, which matches everything.
fn search_words(call: &Call<'_>) -> Result<Vec<String>, Box<Reply>> {
    let query = call.request.query_value("searchQuery").unwrap_or_default();
    if query.trim().is_empty() {
        return Err(problem::bad_request("searchQuery is required."));
    }
    Ok(query
        .to_lowercase()
        .split_whitespace()
        .filter(|word| *word != "*")
        .map(|word| word.trim_end_matches('*').to_owned())
        .collect())
}

/// Whether each search word is the beginning of some word in the name.
fn matches(name: &str, words: &[String]) -> bool {
    let name = name.to_lowercase();
    words.iter().all(|word| {
        name.starts_with(word)
            || name.split(|c: char| !c.is_alphanumeric()).any(|part| !part.is_empty() && part.starts_with(word))
    })
}
