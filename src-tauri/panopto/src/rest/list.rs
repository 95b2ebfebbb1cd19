//! Reads lists of several pages to the end, each entry once.
//!
//! The server gives neither a total nor a next page. Pages may be short, may repeat, and may go on after the end
//! (`docs/panopto-protocol.md`, REST). So a list ends with an empty page, or when a page adds nothing new twice in a
//! row.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::route::RestCall;
use crate::connection::Connection;
use crate::http::HttpReply;
use crate::unreadable::Unreadable;
use crate::{Error, Result};

impl Connection {
    /// All entries of a list, or the first `limit`. `told` receives the new entries of each page as it arrives.
    pub(crate) async fn list<T, K: Eq + Hash>(
        &self,
        call: &RestCall,
        limit: usize,
        read: impl Fn(&[u8]) -> Result<Vec<T>, Unreadable>,
        key: impl Fn(&T) -> K,
        mut told: impl FnMut(&[T]),
    ) -> Result<Vec<T>> {
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        let (mut page, mut asked_again) = (0, false);
        let bytes = AtomicUsize::new(0);
        while entries.len() < limit {
            let is_too_long = bytes.load(Ordering::Relaxed) > self.transport.options.max_list_bytes;
            if page >= self.transport.options.max_pages || is_too_long {
                return Err(Error::Changed {
                    server: self.transport.server.to_string(),
                    call: call.name.clone(),
                    detail: format!("the list does not end after {page} pages"),
                });
            }
            let read_counted = |reply: &HttpReply| {
                bytes.fetch_add(reply.body.len(), Ordering::Relaxed);
                read(&reply.body)
            };
            let got = self.rest(&call.page(page), read_counted).await?;
            if got.is_empty() {
                break;
            }
            let before = entries.len();
            entries.extend(got.into_iter().filter(|entry| seen.insert(key(entry))));
            if entries.len() > before {
                told(&entries[before..]);
                (page, asked_again) = (page + 1, false);
            } else if asked_again {
                break;
            } else {
                asked_again = true;
            }
        }
        entries.truncate(limit);
        Ok(entries)
    }
}
