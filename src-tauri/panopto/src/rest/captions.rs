//! Downloads the captions of a video: by the cookie of the web pages, because no route of the API gives them.
//!
//! Whether a video has captions is told by `Urls.CaptionDownloadUrl` of that video alone (`docs/panopto-protocol.md`,
//! captions). The address is not followed: only the language in it is taken, and the rest is built from the server's own
//! name and the video's ID.
//!
//! Invariants: the cookie goes to this server only; no redirect is followed; a web page is never taken for captions.

use std::sync::Arc;

use model::SessionId;
use reqwest::StatusCode;
use reqwest::header::COOKIE;
use serde::Deserialize;
use url::Url;

use super::route::{RestCall, Route};
use super::wire::{error_text, parse};
use crate::captions::{CaptionText, CaptionsAnswer};
use crate::connection::Connection;
use crate::http::{Counts, HttpReply};
use crate::pace::retry::{Failed, persist};
use crate::soap::identity::{Ticket, TicketProof};
use crate::unreadable::Unreadable;
use crate::{Error, Result};

/// Panopto's names of languages; the place of each is its number.
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
/// Where the player's list of languages cannot be had: the two that the player itself tries.
const USUAL_LANGUAGES: [&str; 2] = [LANGUAGES[0], LANGUAGES[1]];
/// Languages of one video that are asked for at most.
const MOST_LANGUAGES: usize = 5;

/// What one call with the cookie brought.
enum WebReply {
    /// A complete reply that is no web page.
    Body(Vec<u8>),
    Refused,
    NotFound,
    SignedOut,
}

enum CookieTry {
    Answered(WebReply),
    /// Perhaps a dead cookie: worth one more try under a fresh one.
    Suspicious {
        generation: u64,
        page: WebReply,
    },
}

impl Connection {
    /// Asks for the captions of one video.
    pub(crate) async fn captions(&self, video: SessionId) -> Result<CaptionsAnswer> {
        let server = &self.transport.server;
        let address = match self.rest(&RestCall::session(server, video), |reply| caption_url(&reply.body, video)).await
        {
            Ok(Some(address)) => address,
            Ok(None) | Err(Error::NotFound { .. }) => return Ok(CaptionsAnswer::None),
            Err(Error::NoRights { .. }) => return Ok(CaptionsAnswer::Refused),
            Err(error) => return Err(error),
        };
        let first = language_of(&address);
        match self.captions_in(video, first).await? {
            CaptionsAnswer::Empty => {}
            answer => return Ok(answer),
        }
        let others = self.other_languages(video).await;
        for language in others.into_iter().filter(|language| Some(*language) != first).take(MOST_LANGUAGES) {
            match self.captions_in(video, Some(language)).await? {
                CaptionsAnswer::Empty => {}
                answer => return Ok(answer),
            }
        }
        Ok(CaptionsAnswer::Empty)
    }

    async fn captions_in(&self, video: SessionId, language: Option<&'static str>) -> Result<CaptionsAnswer> {
        let call = RestCall::captions(&self.transport.server, video, language);
        Ok(match self.with_cookie(&call, None).await? {
            WebReply::Refused => CaptionsAnswer::Refused,
            WebReply::SignedOut => CaptionsAnswer::SignedOut,
            WebReply::NotFound => CaptionsAnswer::None,
            WebReply::Body(bytes) if is_blank(&bytes) => CaptionsAnswer::Empty,
            WebReply::Body(bytes) if has_times(&bytes) => CaptionsAnswer::Text(CaptionText { language, bytes }),
            WebReply::Body(_) => {
                let detail = "it holds no captions".to_owned();
                return Err(Error::Changed { server: self.transport.server.to_string(), call: call.name, detail });
            }
        })
    }

    /// The languages that the player would offer. What it is asked is no part of the API: where the answer is not as
    /// expected, the usual ones are tried.
    async fn other_languages(&self, video: SessionId) -> Vec<&'static str> {
        let call = RestCall::delivery_info(&self.transport.server);
        let form =
            [("deliveryId", video.to_string()), ("isEmbed", "false".to_owned()), ("responseType", "json".to_owned())];
        match self.with_cookie(&call, Some(&form)).await {
            Ok(WebReply::Body(body)) => available_languages(&body).unwrap_or_else(|_| USUAL_LANGUAGES.to_vec()),
            Ok(WebReply::Refused | WebReply::NotFound | WebReply::SignedOut) | Err(_) => USUAL_LANGUAGES.to_vec(),
        }
    }

    /// Makes a call as a browser would, under a fresh sign-in where the one at hand seems dead.
    async fn with_cookie(&self, call: &RestCall, form: Option<&[(&str, String)]>) -> Result<WebReply> {
        let mut refused = None;
        loop {
            let outcome = persist(&self.transport.options, &self.transport.pauses, |tried| {
                self.cookie_try(call, form, refused, tried)
            })
            .await?;
            let (generation, page) = match outcome {
                CookieTry::Answered(page) => return Ok(page),
                CookieTry::Suspicious { generation, page } => (generation, page),
            };
            if refused.is_some() {
                self.fresh_sign_in_did_not_help(generation).await;
                return Ok(page);
            }
            if !self.fresh_sign_in_may_help(generation).await {
                return Ok(page);
            }
            refused = Some(generation);
        }
    }

    async fn cookie_try(
        &self,
        call: &RestCall,
        form: Option<&[(&str, String)]>,
        refused: Option<u64>,
        tried: u32,
    ) -> Result<CookieTry, Failed> {
        let transport = &self.transport;
        let ticket: Arc<Ticket> = self.ticket(refused).await?;
        let TicketProof::Cookie(cookie) = &ticket.proof else {
            // A password in each call opens no web page.
            return Ok(CookieTry::Answered(WebReply::SignedOut));
        };
        let turn = self.rest_pace.turn(call.route).await;
        let _place = turn.take().await;
        Counts::add(&transport.counts.rest);
        if tried > 0 {
            Counts::add(&transport.counts.retries);
        }
        let request = match form {
            Some(form) => transport.post(call.url.clone()).form(form),
            None => transport.get(call.url.clone()),
        };
        let request = request.header(COOKIE, cookie);
        let reply = transport.exchange(request, &call.name, transport.options.max_json_bytes).await?;
        if let Some(failed) = transport.try_again_later(&reply, &call.name, "") {
            if let Some(pause) = failed.again.and_then(|again| again.after)
                && pause <= transport.options.max_retry_after
            {
                self.rest_pace.of(call.route).pause(pause);
            }
            return Err(failed);
        }
        self.judge(call, reply, ticket.generation)
    }

    fn judge(&self, call: &RestCall, reply: HttpReply, generation: u64) -> Result<CookieTry, Failed> {
        let suspicious = |page| Ok(CookieTry::Suspicious { generation, page });
        match reply.status {
            StatusCode::UNAUTHORIZED => suspicious(WebReply::SignedOut),
            StatusCode::FORBIDDEN => suspicious(WebReply::Refused),
            StatusCode::NOT_FOUND => Ok(CookieTry::Answered(WebReply::NotFound)),
            // To the sign-in page, here or at the institution.
            status if status.is_redirection() => suspicious(WebReply::SignedOut),
            status if status.is_success() => {
                let start = String::from_utf8_lossy(&reply.body[..reply.body.len().min(1000)]);
                if Unreadable::looks_like_html(&start) {
                    suspicious(WebReply::SignedOut)
                } else {
                    Ok(CookieTry::Answered(WebReply::Body(reply.body)))
                }
            }
            status => Err(self.transport.rejected(status, &call.name, &error_text(&reply.body)).into()),
        }
    }
}

impl RestCall {
    fn captions(server: &crate::Server, video: SessionId, language: Option<&str>) -> Self {
        let path = "/Panopto/Pages/Transcription/GenerateSRT.ashx";
        let mut url: Url = server.url(path);
        url.query_pairs_mut().append_pair("id", &video.to_string());
        if let Some(language) = language {
            url.query_pairs_mut().append_pair("language", language);
        }
        Self { route: Route::Captions, url, name: format!("captions of video {video}") }
    }

    fn delivery_info(server: &crate::Server) -> Self {
        let url = server.url("/Panopto/Pages/Viewer/DeliveryInfo.aspx");
        Self { route: Route::DeliveryInfo, url, name: "languages of the captions".to_owned() }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SessionUrlsJson {
    id: Option<String>,
    urls: Option<UrlsJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UrlsJson {
    caption_download_url: Option<String>,
}

/// The address of a video's captions, `None` where it has none: missing, null and empty all mean that.
pub fn caption_url(body: &[u8], asked: SessionId) -> Result<Option<String>, Unreadable> {
    let json: SessionUrlsJson = parse(body)?;
    if json.id.and_then(|id| SessionId::parse(&id).ok()) != Some(asked) {
        return Err(Unreadable::new("it is about another video"));
    }
    let address = json.urls.and_then(|urls| urls.caption_download_url);
    Ok(address.filter(|address| !address.trim().is_empty()))
}

/// The language that an address names, where it is one of Panopto's.
pub fn language_of(address: &str) -> Option<&'static str> {
    // Relative addresses too: only the query counts.
    let base = Url::parse("https://panopto.invalid/").ok()?;
    let url = base.join(address).ok()?;
    let (_, named) = url.query_pairs().find(|(key, _)| key.eq_ignore_ascii_case("language"))?;
    match named.parse::<usize>() {
        Ok(number) => LANGUAGES.get(number).copied(),
        Err(_) => LANGUAGES.into_iter().find(|known| known.eq_ignore_ascii_case(&named)),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeliveryInfoJson {
    delivery: DeliveryJson,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeliveryJson {
    available_languages: Vec<u64>,
}

/// The languages that the player offers, in its order. Numbers without a name here are left out.
pub fn available_languages(body: &[u8]) -> Result<Vec<&'static str>, Unreadable> {
    let json: DeliveryInfoJson = parse(body)?;
    let known = |number: &u64| LANGUAGES.get(usize::try_from(*number).ok()?).copied();
    Ok(json.delivery.available_languages.iter().filter_map(known).collect())
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii().is_empty()
}

/// Whether some line gives two times. UTF-16 has zeros in between.
fn has_times(bytes: &[u8]) -> bool {
    let has = |arrow: &[u8]| bytes.windows(arrow.len()).any(|window| window == arrow);
    has(b"-->") || has(b"-\0-\0>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_taken_from_the_address_and_nothing_else_is() {
        for (address, language) in [
            ("https://x/Panopto/Pages/Transcription/GenerateSRT.ashx?id=1&language=Danish", Some("Danish")),
            ("https://x/GenerateSRT.ashx?ID=1&Language=english_gbr", Some("English_GBR")),
            ("/GenerateSRT.ashx?language=30", Some("Vietnamese")),
            ("https://x/GenerateSRT.ashx?id=1", None),
            ("https://x/?language=31", None),
            ("https://x/?language=../../etc", None),
            ("javascript:alert(1)?language=0", Some("English_USA")),
            ("", None),
        ] {
            assert_eq!(language_of(address), language, "{address}");
        }
    }
}
