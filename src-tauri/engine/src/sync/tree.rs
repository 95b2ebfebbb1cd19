//! A mark of which folders of a course lie in which, and what they are called.
//!
//! The overview has no folders of its own, but its order follows from them. Two looks that give the same mark show the same
//! folders, so that the order of the videos can only have changed with a video.
//!
//! Deliberately absent: the order of folders, which not every look tells.

use model::FolderId;
use xxhash_rust::xxh3::xxh3_64;

/// A text as it is in every form: XML has one kind of line end, and a text of blanks is none in it.
pub(super) fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// The mark of these folders: the one above, the folder, its name; in any order.
pub(super) fn mark_of<'a>(folders: impl Iterator<Item = (FolderId, FolderId, &'a str)>) -> u64 {
    let mut lines: Vec<String> = folders.map(|(above, id, name)| format!("{above} {id} {:?}", plain(name))).collect();
    lines.sort_unstable();
    lines.dedup();
    xxh3_64(lines.join("\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_that_of_places_and_names_in_any_order() {
        let id = |number: u8| FolderId::from_bytes([number; 16]);
        let folders = [(id(1), id(2), "Week 1"), (id(1), id(3), "Week\r\n2 "), (id(2), id(4), "")];
        let mark = mark_of(folders.into_iter());
        assert_eq!(mark_of(folders.into_iter().rev().chain([(id(1), id(3), "Week\n2")])), mark);
        let others: [(FolderId, FolderId, &str); 3] = [(id(3), id(4), ""), (id(2), id(4), "x"), (id(2), id(5), "")];
        for other in others {
            assert_ne!(mark_of(folders[..2].iter().copied().chain([other])), mark, "{other:?}");
        }
        assert_ne!(mark_of(folders[..2].iter().copied()), mark);
    }
}
