//! `UsageReporting.GetSessionExtendedDetailedUsage`: one page of the viewing records of a video.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Timelike, Utc};
use model::{SessionId, StartReason, StopReason, UserId, ViewingRecord};

use super::envelope::{self, Reply, auth_element, finish, open};
use super::xml::{Document, Element};
use crate::unreadable::{Unreadable, clean, moment};
use crate::{PasswordSignIn, UsageRange};

pub(crate) const PATH: &str = "/Panopto/PublicAPI/4.0/UsageReporting.svc";
pub(crate) const OPERATION: &str = "GetSessionExtendedDetailedUsage";
/// The leading `I` belongs to it: without it every call fails.
pub(crate) const ACTION: &str = "\"http://tempuri.org/IUsageReporting/GetSessionExtendedDetailedUsage\"";

/// The request for one page of a usage report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageQuestion {
    /// The video.
    pub session_id: SessionId,
    /// The range of times at which the records were stored.
    pub range: UsageRange,
    /// Records per page; the server refuses more than 1000.
    pub page_size: u32,
    /// The page, counted from 0.
    pub page: u32,
}

/// One page of a usage report.
#[derive(Debug, Clone, PartialEq)]
pub struct UsagePage {
    /// The records, in the server's order, exact duplicates included.
    pub records: Vec<ViewingRecord>,
    /// Places in the server's list that this page filled: the records, and any nil entries.
    pub places: u64,
    /// How many places the whole report has, if the server says so.
    pub total: Option<u64>,
}

/// The request. With `auth` it holds the password: never log it.
///
/// The order of the arguments and the namespaces (direct arguments in one, everything inside them in another) must be
/// exactly this: WCF reads a misplaced element as absent.
pub fn usage_request(question: &UsageQuestion, auth: Option<&PasswordSignIn>) -> String {
    let auth = auth.map(auth_element).unwrap_or_default();
    let UsageQuestion { session_id, range, page_size, page } = question;
    let arguments = format!(
        "{auth}<t:sessionId>{session_id}</t:sessionId>\
         <t:pagination><p:MaxNumberResults>{page_size}</p:MaxNumberResults><p:PageNumber>{page}</p:PageNumber></t:pagination>\
         <t:beginRange>{}</t:beginRange><t:endRange>{}</t:endRange>",
        written(range.begin, false),
        written(range.end, true),
    );
    envelope::request(OPERATION, &arguments)
}

/// Writes whole seconds with a `Z`, because it is not established how the server reads anything else. Rounds outwards.
fn written(at: DateTime<Utc>, up: bool) -> String {
    let whole = at.with_nanosecond(0).unwrap_or(at);
    let whole = if up && whole < at { whole + chrono::TimeDelta::seconds(1) } else { whole };
    whole.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Reads the answer to the question about `asked`.
///
/// Absent, nil and empty lists are the same; a missing user is [`UserId::NIL`]; unknown reasons are kept as they are.
/// If a position or length is not a number (`NaN`, `INF`), the record covers nothing; it is kept with length 0, because
/// its viewer was there. Any other surprise is an error that names the element.
pub fn usage_page(body: &[u8], asked: SessionId) -> Result<Reply<UsagePage>, Unreadable> {
    let mut document = match open(body, OPERATION)? {
        Reply::Answer(document) => document,
        Reply::Fault(fault) => return Ok(Reply::Fault(fault)),
    };
    let mut page = UsagePage { records: Vec::new(), places: 0, total: None };
    while let Some(result) = document.child()? {
        if result.name() != "GetSessionExtendedDetailedUsageResult" {
            document.skip()?;
            continue;
        }
        while let Some(part) = document.child()? {
            match part.name() {
                "PagedResponses" => read_records(&mut document, asked, &mut page)?,
                "TotalNumberResponses" => page.total = read_total(&mut document, &part)?,
                _ => document.skip()?,
            }
        }
    }
    finish(&mut document)?;
    Ok(Reply::Answer(page))
}

fn read_total<'a>(document: &mut Document<'a>, element: &Element<'a>) -> Result<Option<u64>, Unreadable> {
    let Some(text) = text(document, element)? else { return Ok(None) };
    let total: i64 = text.parse().map_err(|_| bad("TotalNumberResponses", &text))?;
    Ok(u64::try_from(total).ok())
}

fn read_records(document: &mut Document<'_>, asked: SessionId, page: &mut UsagePage) -> Result<(), Unreadable> {
    while let Some(item) = document.child()? {
        if !item.name().ends_with("UsageResponseItem") {
            document.skip()?;
            continue;
        }
        page.places += 1;
        page.records.extend(read_record(document, asked)?);
    }
    Ok(())
}

/// Reads one record; `None` for an entry with nothing in it.
fn read_record(document: &mut Document<'_>, asked: SessionId) -> Result<Option<ViewingRecord>, Unreadable> {
    let mut recorded_at = None;
    let mut record = ViewingRecord {
        session_id: asked,
        user_id: UserId::NIL,
        recorded_at: DateTime::UNIX_EPOCH,
        playback_speed: None,
        start_secs: 0.0,
        start_reason: StartReason::from("Unknown"),
        stop_reason: StopReason::from("Unknown"),
        seconds_viewed: 0.0,
    };
    let mut empty = true;
    while let Some(part) = document.child()? {
        let Some(text) = text(document, &part)? else { continue };
        empty = false;
        match part.name() {
            "SecondsViewed" => record.seconds_viewed = number("SecondsViewed", &text)?,
            "StartPosition" => record.start_secs = number("StartPosition", &text)?,
            "PlaybackSpeed" => record.playback_speed = Some(number("PlaybackSpeed", &text)?).filter(|n| n.is_finite()),
            "StartReason" => record.start_reason = StartReason::from(&*text),
            "StopReason" => record.stop_reason = StopReason::from(&*text),
            "Time" => recorded_at = Some(moment(&text).ok_or_else(|| bad("Time", &text))?),
            "UserId" => record.user_id = UserId::parse(&text).map_err(|_| bad("UserId", &text))?,
            "SessionId" => record.session_id = SessionId::parse(&text).map_err(|_| bad("SessionId", &text))?,
            _ => {}
        }
    }
    if empty {
        return Ok(None);
    }
    record.recorded_at = recorded_at.ok_or_else(|| Unreadable::new("a viewing record has no `Time`"))?;
    if record.session_id != asked {
        return Err(Unreadable::new(&format!("it holds a viewing record of another video, {}", record.session_id)));
    }
    if !record.start_secs.is_finite() || !record.stop_secs().is_finite() {
        record.seconds_viewed = 0.0;
        if !record.start_secs.is_finite() {
            record.start_secs = 0.0;
        }
    }
    Ok(Some(record))
}

/// The trimmed text of an element; `None` if it has none.
fn text<'a>(document: &mut Document<'a>, element: &Element<'a>) -> Result<Option<Cow<'a, str>>, Unreadable> {
    Ok(document.value(element)?.map(|text| match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }))
}

/// Reads a number as .NET writes it: `0`, `30.44654`, `1E-05`, `NaN`, `INF`.
fn number(name: &str, text: &str) -> Result<f64, Unreadable> {
    text.parse().map_err(|_| bad(name, text))
}

fn bad(name: &str, text: &str) -> Unreadable {
    Unreadable::new(&format!("`{name}` is `{}`", clean(text)))
}
