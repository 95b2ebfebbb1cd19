//! People: how far each viewer of a session has got, and the user search.

use crate::index::Look;
use crate::paging;
use crate::rest::{self, problem};
use crate::shared::Call;
use crate::text::time_text;
use crate::wire::{Answer, Reply};
use crate::world::Session;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// How far a viewer has got in a session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    /// Share of the session that the viewer has seen, 0 to 100.
    pub(crate) percent: f64,
    /// Where the viewer stopped last, in seconds.
    pub(crate) position: f64,
    last_viewed: DateTime<Utc>,
}

/// How far one viewer has got; `None` if they have not watched.
pub(crate) fn progress(look: Look<'_>, session: &Session, user: Uuid) -> Option<Progress> {
    all_progress(look, session, Some(user)).remove(&user)
}

/// A viewer's runs, cut to the length of the session; also where and when the last one stopped.
#[derive(Default)]
struct Runs {
    stretches: Vec<(f64, f64)>,
    position: f64,
    last_viewed: DateTime<Utc>,
}

fn all_progress(look: Look<'_>, session: &Session, only: Option<Uuid>) -> HashMap<Uuid, Progress> {
    let duration = session.duration.unwrap_or(0.0);
    let mut viewers: HashMap<Uuid, Runs> = HashMap::new();
    for view in look.views_of(session.id).filter(|view| only.is_none_or(|user| view.user == user)) {
        let stop = view.start_position + view.seconds_viewed;
        let viewer = viewers.entry(view.user).or_default();
        viewer.stretches.push((view.start_position.clamp(0.0, duration), stop.clamp(0.0, duration)));
        (viewer.position, viewer.last_viewed) = (stop, view.time);
    }
    let progress = |Runs { mut stretches, position, last_viewed }| {
        stretches.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut seen, mut reached) = (0.0, 0.0_f64);
        for (start, stop) in stretches {
            seen += (stop - start.max(reached)).max(0.0);
            reached = reached.max(stop);
        }
        let percent = if duration > 0.0 { (100.0 * seen / duration).min(100.0) } else { 0.0 };
        Progress { percent, position, last_viewed }
    };
    viewers.into_iter().map(|(user, runs)| (user, progress(runs))).collect()
}

/// `sessions/{id}/viewers`. Lists only people with an account; whether the real server lists others is unknown.
pub(crate) fn viewers(call: &Call<'_>) -> Answer {
    let id = rest::path_id(call)?;
    if call.config.viewers_refused {
        return Ok(Reply::empty(403));
    }
    let page = rest::page_number(call)?;
    let field = rest::sort_field(call, &["username", "lastvieweddatetime"])?;
    let mut content = call.state.content();
    let look = content.look();
    let Some(session) = look.session(id) else { return Err(problem::not_found("session")) };
    let mut found: Vec<(&str, Uuid, Progress)> = all_progress(look, session, None)
        .into_iter()
        .filter_map(|(user, progress)| Some((look.user(user)?.username.as_str(), user, progress)))
        .collect();
    found.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    if field == "lastvieweddatetime" {
        found.sort_by_key(|(_, _, progress)| progress.last_viewed);
    }
    if rest::descending(call)? {
        found.reverse();
    }
    let rows = paging::rows(call, found.len(), page, paging::even(call.config.page_size_rest.max(1)));
    let results: Vec<Value> = rows
        .into_iter()
        .map(|row| {
            let (username, user, progress) = found[row];
            json!({
                "User": { "Id": user, "Username": username },
                "PercentCompleted": progress.percent,
                "LastViewedDateTime": time_text(progress.last_viewed),
                "MostRecentViewPositionInSeconds": progress.position,
            })
        })
        .collect();
    Ok(Reply::json(200, &json!({ "Results": results })))
}

/// `users/search`, which has no pages.
pub(crate) fn search(call: &Call<'_>) -> Answer {
    let words = rest::search_words(call)?;
    let content = call.state.content();
    let found = content
        .world
        .users
        .iter()
        .filter(|user| rest::matches(&user.username, &words) || rest::matches(&user.name, &words));
    let results: Vec<Value> = found.map(|user| json!({ "Id": user.id, "Username": user.username })).collect();
    Ok(Reply::json(200, &json!({ "Results": results })))
}
