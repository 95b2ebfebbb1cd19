//! `AccessManagement.GetFolderAccessDetails`: which accounts may add recordings to a folder.
//!
//! Members as in a recorded reply (`docs/panopto-protocol.md`, names). Groups are in it as well, without their members, and
//! are left aside. Whoever may not ask is refused, which is normal.

use model::{FolderId, UserId};

use super::by_ids::{CallByIds, answer_by_ids};
use super::envelope::{self, Reply, auth_element};
use crate::connection::Connection;
use crate::unreadable::Unreadable;
use crate::{ManyAnswer, PasswordSignIn, Result};

const OPERATION: &str = "GetFolderAccessDetails";
const CALL: CallByIds = CallByIds {
    path: "/Panopto/PublicAPI/4.6/AccessManagement.svc",
    action: "\"http://tempuri.org/IAccessManagement/GetFolderAccessDetails\"",
    call: "AccessManagement.GetFolderAccessDetails",
};

impl Connection {
    /// Asks which accounts may add recordings to a folder.
    pub(crate) async fn creators_of(&self, folder: FolderId) -> Result<ManyAnswer<UserId>> {
        self.by_ids(CALL, |auth| access_request(folder, auth), access_answer).await
    }
}

/// The request. With `auth` it holds the password: never log it.
pub fn access_request(folder: FolderId, auth: Option<&PasswordSignIn>) -> String {
    let auth = auth.map(auth_element).unwrap_or_default();
    envelope::request(OPERATION, &format!("{auth}<t:folderId>{folder}</t:folderId>"))
}

/// Reads the accounts of `UsersWithCreatorAccess`. The ID of zeros is nobody.
pub fn access_answer(body: &[u8]) -> Result<Reply<Vec<UserId>>, Unreadable> {
    let lists = answer_by_ids(body, OPERATION, "UsersWithCreatorAccess", |document| {
        let mut users = Vec::new();
        while let Some(part) = document.child()? {
            let Some(text) = document.value(&part)? else { continue };
            // The text is not told: it may be anybody's.
            users.push(UserId::parse(&text).map_err(|_| Unreadable::new("a user with creator access is no ID"))?);
        }
        users.retain(|user| *user != UserId::NIL);
        Ok(Some(users))
    })?;
    Ok(match lists {
        Reply::Answer(lists) => Reply::Answer(lists.concat()),
        Reply::Fault(fault) => Reply::Fault(fault),
    })
}
