//! People: who viewed a session how far, and the user search.

use crate::index::Look;
use crate::paging;
use crate::rest::{self, problem};
use crate::state::Call;
use crate::text::time_text;
use crate::wire::Reply;
use crate::world::Session;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// How far a viewer got in a session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    /// Part of the session that was seen, 0 to 100.
    pub(crate) percent: f64,
    /// Where the viewer was last, in seconds.
    pub(crate) position: f64,
    last_viewed: DateTime<Utc>,
}

/// How far one viewer got; `None` without any viewing.
pub(crate) fn progress(look: Look<'_>, session: &Session, user: Uuid) -> Option<Progress> {
    all_progress(look, session, Some(user)).remove(&user)
}

fn all_progress(look: Look<'_>, session: &Session, only: Option<Uuid>) -> HashMap<Uuid, Progress> {
    let duration = session.duration.unwrap_or(0.0);
    let mut runs: HashMap<Uuid, (Vec<(f64, f64)>, f64, DateTime<Utc>)> = HashMap::new();
    for view in look.views_of(session.id).filter(|view| only.is_none_or(|user| view.user == user)) {
        let stop = view.start_position + view.seconds_viewed;
        let entry = runs.entry(view.user).or_insert_with(|| (Vec::new(), stop, view.time));
        entry.0.push((view.start_position.clamp(0.0, duration), stop.clamp(0.0, duration)));
        (entry.1, entry.2) = (stop, view.time);
    }
    let progress = |(mut runs, position, last_viewed): (Vec<(f64, f64)>, f64, DateTime<Utc>)| {
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut seen, mut reached) = (0.0, 0.0_f64);
        for (start, stop) in runs {
            seen += (stop - start.max(reached)).max(0.0);
            reached = reached.max(stop);
        }
        let percent = if duration > 0.0 { (100.0 * seen / duration).min(100.0) } else { 0.0 };
        Progress { percent, position, last_viewed }
    };
    runs.into_iter().map(|(user, runs)| (user, progress(runs))).collect()
}

/// `sessions/{id}/viewers`. Only people with an account are listed; whether the real server lists others is unknown.
pub(crate) fn viewers(call: &Call<'_>) -> Reply {
    let asked = rest::path_id(call).and_then(|id| {
        let field = rest::sort_field(call, &["username", "lastvieweddatetime"])?;
        Ok((id, field, rest::descending(call)?, rest::page_number(call)?))
    });
    let (id, field, descending, page) = match asked {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let mut content = call.state.content();
    let look = content.look();
    let Some(session) = look.session(id) else { return problem::not_found("session") };
    let mut found: Vec<(&str, Uuid, Progress)> = all_progress(look, session, None)
        .into_iter()
        .filter_map(|(user, progress)| Some((look.user(user)?.username.as_str(), user, progress)))
        .collect();
    found.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    if field == "lastvieweddatetime" {
        found.sort_by_key(|(_, _, progress)| progress.last_viewed);
    }
    if descending {
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
    Reply::json(200, &json!({ "Results": results }))
}

/// `users/search`, which has no pages.
pub(crate) fn search(call: &Call<'_>) -> Reply {
    let words = match rest::search_words(call) {
        Ok(words) => words,
        Err(reply) => return reply,
    };
    let content = call.state.content();
    let found = content
        .world
        .users
        .iter()
        .filter(|user| rest::matches(&user.username, &words) || rest::matches(&user.name, &words));
    let results: Vec<Value> = found.map(|user| json!({ "Id": user.id, "Username": user.username })).collect();
    Reply::json(200, &json!({ "Results": results }))
}
