//! `UserManagement.GetUsers`: who some accounts belong to.
//!
//! Many users have no right to ask, and it is not documented who has. So every outcome is normal here: names, some of them,
//! none, a refusal, or a call that one deleted account spoils (`docs/panopto-protocol.md`, names).
//!
//! Invariant: a user with the ID of zeros is nobody, and no answer about another account is taken over.

use model::{PanoptoRole, UserId};

use super::by_ids::{CallByIds, answer_by_ids, request_by_ids};
use super::envelope::Reply;
use super::xml::Document;
use crate::connection::Connection;
use crate::unreadable::Unreadable;
use crate::{ManyAnswer, PasswordSignIn, Result, User, UsersAnswer};

const OPERATION: &str = "GetUsers";
const CALL: CallByIds = CallByIds {
    path: "/Panopto/PublicAPI/4.6/UserManagement.svc",
    action: "\"http://tempuri.org/IUserManagement/GetUsers\"",
    call: "UserManagement.GetUsers",
};

impl Connection {
    /// Asks who these accounts belong to.
    pub(crate) async fn users(&self, ids: &[UserId]) -> Result<UsersAnswer> {
        let answer = self.by_ids(CALL, |auth| users_request(ids, auth), |body| users_answer(body, ids)).await?;
        Ok(match answer {
            ManyAnswer::Told(users) => UsersAnswer::Users(users),
            ManyAnswer::Refused => UsersAnswer::Refused,
            ManyAnswer::Spoiled => UsersAnswer::Spoiled,
        })
    }
}

/// The request. With `auth` it holds the password: never log it.
pub fn users_request(ids: &[UserId], auth: Option<&PasswordSignIn>) -> String {
    request_by_ids(OPERATION, "userIds", ids, auth)
}

/// Reads the answer about `asked`. Absent, nil and empty texts are the same.
pub fn users_answer(body: &[u8], asked: &[UserId]) -> Result<Reply<Vec<User>>, Unreadable> {
    answer_by_ids(body, OPERATION, "User", |document| Ok(read_user(document)?.filter(|user| asked.contains(&user.id))))
}

/// Reads one user; `None` for an entry without an ID.
fn read_user(document: &mut Document<'_>) -> Result<Option<User>, Unreadable> {
    let mut id = None;
    let text = String::new;
    let mut user = User { id: UserId::NIL, user_key: text(), first: text(), last: text(), email: text(), role: None };
    while let Some(part) = document.child()? {
        let place = match part.name() {
            "UserId" => {
                // The text is not told: it may be anybody's.
                let Some(text) = document.value(&part)? else { continue };
                let read = UserId::parse(&text).map_err(|_| Unreadable::new("a `UserId` is no ID"))?;
                id = Some(read).filter(|id| *id != UserId::NIL);
                continue;
            }
            "SystemRole" => {
                user.role = document.value(&part)?.and_then(|text| role(&text));
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

/// What an account may do everywhere. The service knows three words; any other says nothing.
fn role(word: &str) -> Option<PanoptoRole> {
    match word.trim() {
        "Videographer" => Some(PanoptoRole::Videographer),
        "Admin" => Some(PanoptoRole::Administrator),
        _ => None,
    }
}
