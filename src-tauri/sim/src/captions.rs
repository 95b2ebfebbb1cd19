//! Captions: the download that people's browsers use, and the list of languages that the player asks for.
//!
//! Both want the cookie of the web pages and take no notice of a token. What real servers answer, with sources, is in
//! `docs/simulator.md`.

use crate::accounts::CookieState;
use crate::config::DeadCookie;
use crate::index::Look;
use crate::pages;
use crate::shared::Call;
use crate::wire::Reply;
use crate::world::{CaptionTrack, Session};
use serde_json::json;
use uuid::Uuid;

/// The languages in the server's order; their place is their number.
const LANGUAGES: [&str; 31] = [
    "English_USA",
    "English_GBR",
    "Spanish_MEX",
    "Spanish_ESP",
    "German",
    "French",
    "Dutch",
    "Thai",
    "Chinese_Simplified",
    "Chinese_Traditional",
    "Korean",
    "Japanese",
    "Russian",
    "Portuguese",
    "Polish",
    "English_AUS",
    "Danish",
    "Finnish",
    "Hungarian",
    "Norwegian",
    "Swedish",
    "Italian",
    "Welsh",
    "Catalan",
    "Galician",
    "Basque",
    "Arabic",
    "Hindi",
    "French_CAN",
    "Hebrew",
    "Vietnamese",
];

/// The address in `CaptionDownloadUrl`: `None` for a session without captions.
pub(crate) fn address(call: &Call<'_>, look: Look<'_>, session: Uuid) -> Option<String> {
    look.captions_of(session).next()?;
    let page = format!("{}/Panopto/Pages/Transcription/GenerateSRT.ashx?id={session}", call.request.origin);
    Some(match &call.config.caption_url_language {
        Some(language) => format!("{page}&language={language}"),
        None => page,
    })
}

/// `Pages/Transcription/GenerateSRT.ashx`.
pub(crate) fn download(call: &Call<'_>) -> Reply {
    if let Some(refusal) = refused(call) {
        return refusal;
    }
    let mut content = call.state.content();
    let look = content.look();
    let session = match found(call, look, call.request.query_value("id")) {
        Ok(session) => session,
        Err(refusal) => return *refusal,
    };
    // Without a language the server takes its first one, whether or not the session has it.
    let asked = call.request.query_value("language").unwrap_or_else(|| LANGUAGES[0].to_owned());
    let number = |language: &str| LANGUAGES.iter().position(|known| known.eq_ignore_ascii_case(language));
    let asked = asked.parse().ok().or_else(|| number(&asked));
    let track = look.captions_of(session.id).find(|track| asked.is_some() && number(&track.language) == asked);
    let body = track.map(|track| track.text.written(session)).unwrap_or_default();
    Reply::new(200, "text/plain; charset=utf-8", body)
}

/// `Pages/Viewer/DeliveryInfo.aspx`: of its long answer only what concerns captions.
pub(crate) fn delivery_info(call: &Call<'_>) -> Reply {
    if call.request.method != "POST" {
        return Reply::empty(405);
    }
    if let Some(refusal) = refused(call) {
        return refusal;
    }
    let asked = url::form_urlencoded::parse(&call.request.body)
        .find(|(key, _)| key.eq_ignore_ascii_case("deliveryId"))
        .map(|(_, value)| value.into_owned());
    let mut content = call.state.content();
    let look = content.look();
    match found(call, look, asked) {
        Ok(session) => {
            let known = |track: &CaptionTrack| LANGUAGES.iter().position(|known| *known == track.language);
            let languages: Vec<usize> = look.captions_of(session.id).filter_map(known).collect();
            Reply::json(
                200,
                &json!({
                    "SessionId": session.id,
                    "Delivery": { "AvailableLanguages": languages, "Duration": session.duration, "Timestamps": [] },
                }),
            )
        }
        Err(refusal) => *refusal,
    }
}

/// The answer to a call without a living cookie: the page to sign in at, or the way to it.
fn refused(call: &Call<'_>) -> Option<Reply> {
    let accounts = call.state.accounts();
    match call.request.auth_cookie().map(|value| accounts.cookie(value, call.config, call.now)) {
        Some(CookieState::Valid(_)) => {
            call.note(|entry| entry.authenticated = true);
            call.config.captions_refused.then(|| Reply::empty(403))
        }
        Some(CookieState::Dead(DeadCookie::Redirect)) => Some(Reply::redirect("/Panopto/Pages/Auth/Login.aspx")),
        Some(CookieState::Dead(DeadCookie::Fault | DeadCookie::Empty)) | None => {
            Some(pages::page(200, "Sign in", "<p>Sign in to see this video.</p>"))
        }
    }
}

fn found<'w>(call: &Call<'_>, look: Look<'w>, id: Option<String>) -> Result<&'w Session, Box<Reply>> {
    let id = id.and_then(|id| Uuid::try_parse(&id).ok());
    let session = id.and_then(|id| look.session(id)).ok_or_else(|| Box::new(pages::page(404, "Not found", "")))?;
    if look.folder(session.folder).is_some_and(|folder| call.folder_is_refused(folder)) {
        return Err(Box::new(Reply::empty(403)));
    }
    Ok(session)
}
