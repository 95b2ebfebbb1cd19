//! `UserManagement.GetUsers`: who some accounts belong to.
//!
//! Many users have no right to ask, and it is not documented who has. So every outcome is normal here: names, some of them,
//! none, a refusal, or a call that one deleted account spoils (`docs/panopto-protocol.md`, names).
//!
//! Invariant: a user with the ID of zeros is nobody, and no answer about another account is taken over.

use model::UserId;
use reqwest::StatusCode;

use super::envelope::{self, Fault, FaultMeaning, Reply, auth_element, fault, finish, open};
use super::exchange::Posted;
use super::xml::Document;
use crate::connection::Connection;
use crate::pace::retry::{Failed, persist};
use crate::unreadable::Unreadable;
use crate::{Error, PasswordSignIn, Result, User, UsersAnswer};

const PATH: &str = "/Panopto/PublicAPI/4.6/UserManagement.svc";
const OPERATION: &str = "GetUsers";
const ACTION: &str = "\"http://tempuri.org/IUserManagement/GetUsers\"";
const CALL: &str = "UserManagement.GetUsers";
/// The namespace of lists of IDs.
const ARRAYS: &str = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

enum UsersTry {
    Answered(UsersAnswer),
    /// Perhaps a dead sign-in: worth one more try under a fresh one.
    SignedOut {
        generation: u64,
    },
}

impl Connection {
    /// Asks who these accounts belong to.
    pub(crate) async fn users(&self, ids: &[UserId]) -> Result<UsersAnswer> {
        let mut refused = None;
        loop {
            let tried =
                persist(&self.transport.options, &self.transport.pauses, |tried| self.users_try(ids, refused, tried));
            match tried.await {
                Ok(UsersTry::Answered(answer)) => return Ok(answer),
                // This service may refuse a sign-in that others accept.
                Ok(UsersTry::SignedOut { .. }) if refused.is_some() => return Ok(UsersAnswer::Refused),
                Ok(UsersTry::SignedOut { generation }) => {
                    if !self.fresh_sign_in_may_help(generation).await {
                        return Ok(UsersAnswer::Refused);
                    }
                    refused = Some(generation);
                }
                Err(Error::NoRights { .. }) => return Ok(UsersAnswer::Refused),
                Err(Error::NotFound { .. } | Error::Rejected { passing: false, .. }) => {
                    return Ok(UsersAnswer::Spoiled);
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn users_try(&self, ids: &[UserId], refused: Option<u64>, tried: u32) -> Result<UsersTry, Failed> {
        let transport = &self.transport;
        let ticket = self.ticket(refused).await?;
        let body = users_request(ids, self.auth_in_call(&ticket));
        let posted = Posted { path: PATH, action: ACTION, call: CALL, body };
        let (reply, ()) = self.exchange_under(&ticket, posted, tried, || ()).await?;
        let generation = ticket.generation;
        if reply.status.is_success() {
            return match users_answer(&reply.body, ids) {
                Ok(Reply::Answer(users)) => Ok(UsersTry::Answered(UsersAnswer::Users(users))),
                Ok(Reply::Fault(fault)) => Ok(of_fault(&fault, generation)),
                // A web page is the sign-in page.
                Err(unreadable) if unreadable.is_html() => Ok(UsersTry::SignedOut { generation }),
                Err(unreadable) => Err(transport.unreadable(&unreadable, CALL)),
            };
        }
        if let Some(fault) = fault(&reply.body) {
            return Ok(of_fault(&fault, generation));
        }
        if let Some(failed) = transport.try_again_later(&reply, CALL, "") {
            return Err(failed);
        }
        if let Some(error) = transport.redirected(&reply, CALL) {
            return Err(error.into());
        }
        let is_refused = matches!(reply.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if is_refused || reply.status.is_redirection() {
            return Ok(UsersTry::SignedOut { generation });
        }
        Err(transport.rejected(reply.status, CALL, "").into())
    }
}

/// A fault is an answer: asking the same again brings the same.
fn of_fault(fault: &Fault, generation: u64) -> UsersTry {
    match fault.meaning() {
        FaultMeaning::SignedOut => UsersTry::SignedOut { generation },
        FaultMeaning::NoRights => UsersTry::Answered(UsersAnswer::Refused),
        FaultMeaning::NotFound | FaultMeaning::PageTooLarge { .. } | FaultMeaning::System | FaultMeaning::Other => {
            UsersTry::Answered(UsersAnswer::Spoiled)
        }
    }
}

/// The request. With `auth` it holds the password: never log it.
pub fn users_request(ids: &[UserId], auth: Option<&PasswordSignIn>) -> String {
    let auth = auth.map(auth_element).unwrap_or_default();
    let guids = ids.iter().fold(String::new(), |guids, id| guids + "<a:guid>" + &id.to_string() + "</a:guid>");
    envelope::request(OPERATION, &format!("{auth}<t:userIds xmlns:a=\"{ARRAYS}\">{guids}</t:userIds>"))
}

/// Reads the answer about `asked`. Absent, nil and empty texts are the same.
pub fn users_answer(body: &[u8], asked: &[UserId]) -> Result<Reply<Vec<User>>, Unreadable> {
    let mut document = match open(body, OPERATION)? {
        Reply::Answer(document) => document,
        Reply::Fault(fault) => return Ok(Reply::Fault(fault)),
    };
    let mut users = Vec::new();
    while let Some(result) = document.child()? {
        if result.name() != "GetUsersResult" {
            document.skip()?;
            continue;
        }
        while let Some(item) = document.child()? {
            if item.name() == "User" {
                users.extend(read_user(&mut document)?.filter(|user| asked.contains(&user.id)));
            } else {
                document.skip()?;
            }
        }
    }
    finish(&mut document)?;
    Ok(Reply::Answer(users))
}

/// Reads one user; `None` for an entry without an ID.
fn read_user(document: &mut Document<'_>) -> Result<Option<User>, Unreadable> {
    let mut id = None;
    let text = String::new;
    let mut user = User { id: UserId::NIL, user_key: text(), first: text(), last: text(), email: text() };
    while let Some(part) = document.child()? {
        let place = match part.name() {
            "UserId" => {
                // The text is not told: it may be anybody's.
                let Some(text) = document.value(&part)? else { continue };
                let read = UserId::parse(&text).map_err(|_| Unreadable::new("a `UserId` is no ID"))?;
                id = Some(read).filter(|id| *id != UserId::NIL);
                continue;
            }
            "UserKey" => &mut user.user_key,
            "FirstName" => &mut user.first,
            "LastName" => &mut user.last,
            "Email" => &mut user.email,
            _ => {
                document.skip()?;
                continue;
            }
        };
        *place = document.value(&part)?.map(|text| text.trim().to_owned()).unwrap_or_default();
    }
    Ok(id.map(|id| User { id, ..user }))
}
