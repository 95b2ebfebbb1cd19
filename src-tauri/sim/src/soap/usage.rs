//! `UsageReporting.svc`: the viewing records of a session, page by page.

use crate::clock::sql_time;
use crate::config::{Anonymous, DeadCookie, EmptyList, EndRange, UsageLimit};
use crate::faults::Fault;
use crate::index::Look;
use crate::log::SoapCall;
use crate::paging;
use crate::quota::limited;
use crate::shared::Call;
use crate::soap::auth::{Who, who};
use crate::soap::envelope::Element;
use crate::soap::{OPERATIONS, TYPES, close, fault, is_operation, members, open, unreadable};
use crate::text::{push_double, push_escaped, push_time};
use crate::wire::{Answer, Reply};
use crate::world::View;
use chrono::{DateTime, NaiveDateTime, Utc};
use std::fmt::Write as _;
use uuid::Uuid;

/// What a call asks for, read as WCF would: absent members take the default of their .NET type.
struct Asked {
    session: Uuid,
    begin: DateTime<Utc>,
    end: DateTime<Utc>,
    size: i32,
    page: i32,
}

/// `GetSessionExtendedDetailedUsage`; without speed and reasons, `GetSessionDetailedUsage`.
pub(crate) fn detailed(call: &Call<'_>, body: &Element, extended: bool) -> Answer {
    let operation = if extended { "GetSessionExtendedDetailedUsage" } else { "GetSessionDetailedUsage" };
    if !is_operation(body, operation) {
        return Ok(fault("Value cannot be null. Parameter name: pagination"));
    }
    let [auth, session, pagination, begin, end] =
        members(call, body, OPERATIONS, ["auth", "sessionId", "pagination", "beginRange", "endRange"]);
    let caller = who(call, auth);
    let client = match caller {
        Who::User(user) => user.to_string(),
        _ => call.request.peer.to_string(),
    };
    let asked = read(call, session, pagination, begin, end);
    call.note(|entry| {
        entry.authenticated = matches!(caller, Who::User(_));
        entry.soap = Some(SoapCall {
            operation: operation.to_owned(),
            ..asked.as_ref().map_or_else(|_| SoapCall::default(), logged)
        });
    });
    if let Some(reply) = limited(call, call.config.soap_limit, operation, &client) {
        return Ok(reply);
    }
    let asked = asked?;
    Ok(match caller {
        Who::User(_) if pagination.is_none() => fault("Value cannot be null. Parameter name: pagination"),
        Who::User(_) => records(call, operation, extended, &asked),
        Who::Wrong => fault("Unable to authenticate the user."),
        Who::Nobody if call.config.anonymous_usage == Anonymous::Fault => fault("System error."),
        Who::DeadCookie(DeadCookie::Fault) => fault("System error."),
        Who::DeadCookie(DeadCookie::Redirect) => {
            Reply::redirect("/Panopto/Pages/Auth/Login.aspx?ReturnUrl=%2fPanopto%2fPublicAPI")
        }
        Who::Nobody | Who::DeadCookie(DeadCookie::Empty) => reply(call, operation, extended, &[], 0),
    })
}

/// The reply to a signed-in caller.
fn records(call: &Call<'_>, operation: &str, extended: bool, asked: &Asked) -> Reply {
    // Only while a report is read. A call for a single record merely proves a sign-in: the report may have been read before,
    // and no client could know of older records that are added then.
    if asked.size > 1 && call.take_fault(&Fault::AddRowsWhilePaging) {
        add_late_records(call, asked);
    }
    let (Ok(size), Ok(page)) = (usize::try_from(asked.size), usize::try_from(asked.page)) else {
        return fault("Pagination members must not be negative");
    };
    let size = match call.config.usage_limit {
        UsageLimit::Fault(most) if size > most => {
            return fault(&format!("Pagination.MaxNumberResults must be equal or less than {most}"));
        }
        UsageLimit::Clamp(most) => size.min(most),
        UsageLimit::Fault(_) | UsageLimit::Unlimited => size,
    };
    let mut content = call.state.content();
    let answer = {
        let look = content.look();
        let Some(session) = look.session(asked.session) else {
            return fault(&format!("Session {} was not found", asked.session));
        };
        if look.folder(session.folder).is_some_and(|folder| !folder.visible) {
            return fault(&format!("The user does not have access to session {}", asked.session));
        }
        let end_too = call.config.end_range == EndRange::Inclusive;
        let all = look.views_in(asked.session, asked.begin, asked.end, end_too);
        let rows = if size == 0 {
            Vec::new()
        } else if call.config.short_pages {
            paging::rows(call, all.len(), page, paging::short(size, call.config.seed))
        } else {
            paging::rows(call, all.len(), page, paging::even(size))
        };
        let rows: Vec<&View> = rows.into_iter().map(|row| &look.world.views[all[row] as usize]).collect();
        reply(call, operation, extended, &rows, all.len())
    };
    if call.take_fault(&Fault::VanishSession) {
        content.change().sessions.retain(|session| session.id != asked.session);
    }
    answer
}

fn reply(call: &Call<'_>, operation: &str, extended: bool, rows: &[&View], total: usize) -> Reply {
    let item = if extended { "a:ExtendedDetailedUsageResponseItem" } else { "a:DetailedUsageResponseItem" };
    let attributes = format!(r#" xmlns:a="{TYPES}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance""#);
    let mut xml = open(operation, &attributes);
    xml.reserve(rows.len() * 512);
    if rows.is_empty() {
        xml.push_str(match call.config.empty_pages {
            EmptyList::Empty => "<a:PagedResponses/>",
            EmptyList::Nil => r#"<a:PagedResponses i:nil="true"/>"#,
            EmptyList::Missing => "",
        });
    } else {
        xml.push_str("<a:PagedResponses>");
        for row in rows {
            let _ = write!(xml, "<{item}>");
            push_row(&mut xml, row, extended);
            let _ = write!(xml, "</{item}>");
        }
        xml.push_str("</a:PagedResponses>");
    }
    if !call.config.total_missing {
        let _ = write!(xml, "<a:TotalNumberResponses>{total}</a:TotalNumberResponses>");
    }
    close(&mut xml, operation);
    Reply::xml(200, xml)
}

/// One record: the members of the base type by name, then those of the extended type.
fn push_row(xml: &mut String, row: &View, extended: bool) {
    xml.push_str("<a:SecondsViewed>");
    push_double(xml, row.seconds_viewed);
    xml.push_str("</a:SecondsViewed><a:SessionId>");
    push_id(xml, row.session);
    xml.push_str("</a:SessionId><a:StartPosition>");
    push_double(xml, row.start_position);
    xml.push_str("</a:StartPosition><a:Time>");
    push_time(xml, row.time);
    xml.push_str("</a:Time><a:UserId>");
    push_id(xml, row.user);
    xml.push_str("</a:UserId>");
    if !extended {
        return;
    }
    match row.playback_speed {
        Some(speed) => {
            xml.push_str("<a:PlaybackSpeed>");
            push_double(xml, speed);
            xml.push_str("</a:PlaybackSpeed><a:StartReason>");
        }
        None => xml.push_str(r#"<a:PlaybackSpeed i:nil="true"/><a:StartReason>"#),
    }
    push_escaped(xml, &row.start_reason);
    xml.push_str("</a:StartReason><a:StopReason>");
    push_escaped(xml, &row.stop_reason);
    xml.push_str("</a:StopReason>");
}

fn push_id(xml: &mut String, id: Uuid) {
    xml.push_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
}

fn read(
    call: &Call<'_>,
    session: Option<&Element>,
    pagination: Option<&Element>,
    begin: Option<&Element>,
    end: Option<&Element>,
) -> Result<Asked, Box<Reply>> {
    let [size, page] = pagination
        .map(|pagination| members(call, pagination, TYPES, ["MaxNumberResults", "PageNumber"]))
        .unwrap_or_default();
    let int = |element: Option<&Element>| match element {
        None => Ok(0),
        Some(element) => element
            .text
            .trim()
            .parse::<i32>()
            .map_err(|_| unreadable("pagination", "Input string was not in a correct format.")),
    };
    let time = |element: Option<&Element>, member: &str| match element {
        // The smallest .NET DateTime.
        None => Ok(DateTime::from_timestamp(-62_135_596_800, 0).unwrap_or_default()),
        Some(element) => request_time(element.text.trim())
            .ok_or_else(|| unreadable(member, "The string is not a valid AllXsd value.")),
    };
    Ok(Asked {
        session: match session {
            None => Uuid::nil(),
            Some(element) => Uuid::try_parse(element.text.trim())
                .map_err(|_| unreadable("sessionId", "Guid should contain 32 digits with 4 dashes."))?,
        },
        begin: time(begin, "beginRange")?,
        end: time(end, "endRange")?,
        size: int(size)?,
        page: int(page)?,
    })
}

/// A time in a request as the database sees it. A time without a zone is UTC; the time is rounded to the database's
/// grid (so `23:59:59.999999` becomes the next midnight).
fn request_time(text: &str) -> Option<DateTime<Utc>> {
    let zoned = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    let time =
        zoned.or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|time| time.and_utc()));
    time.ok().map(sql_time)
}

fn logged(asked: &Asked) -> SoapCall {
    SoapCall {
        operation: String::new(),
        session_id: Some(asked.session),
        begin: Some(asked.begin),
        end: Some(asked.end),
        max_results: Some(i64::from(asked.size)),
        page: Some(i64::from(asked.page)),
    }
}

/// Adds records that the server learns of late. They lie at the beginning of the requested range and push the others
/// back.
fn add_late_records(call: &Call<'_>, asked: &Asked) {
    let mut content = call.state.content();
    let look: Look<'_> = content.look();
    let all = look.views_in(asked.session, asked.begin, asked.end, false);
    let Some(first) = all.first().map(|&row| &look.world.views[row as usize]) else { return };
    let (time, number) = (first.time, look.world.views.len());
    let user = Uuid::new_v5(&asked.session, format!("late viewer {number}").as_bytes());
    let late: Vec<View> = (0..3).map(|nth| View::new(asked.session, user, time, f64::from(nth) * 10.5, 9.25)).collect();
    let position = all.first().map_or(0, |&row| row as usize);
    content.change().views.splice(position..position, late);
}
