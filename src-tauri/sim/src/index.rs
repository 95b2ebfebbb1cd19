//! Look-up tables over a [`World`], so that no request has to scan all of it.
//!
//! They are rebuilt after the world has been lent out for a change. Between changes they are only read.

use crate::world::{CaptionTrack, Session, User, View, World};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Positions into the vectors of a [`World`].
#[derive(Debug, Default)]
pub(crate) struct Index {
    folders: HashMap<Uuid, usize>,
    sessions: HashMap<Uuid, usize>,
    users: HashMap<Uuid, usize>,
    /// Folders below a folder (`None`: top level), by name, ignoring case.
    children: HashMap<Option<Uuid>, Vec<usize>>,
    /// Sessions in a folder, by name, ignoring case.
    sessions_of: HashMap<Uuid, Vec<usize>>,
    /// Viewing records of a session, by time; ties keep the world's order.
    views_of: HashMap<Uuid, Vec<u32>>,
    viewers: HashSet<Uuid>,
    /// Captions of a session, as given.
    captions_of: HashMap<Uuid, Vec<usize>>,
}

/// A world together with its look-up tables.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) world: World,
    index: Option<Index>,
}

impl Content {
    pub(crate) fn new(world: World) -> Self {
        Self { world, index: None }
    }

    /// Lends the world out for a change. The tables are rebuilt before the next read.
    pub(crate) fn change(&mut self) -> &mut World {
        self.index = None;
        &mut self.world
    }

    pub(crate) fn look(&mut self) -> Look<'_> {
        let index = self.index.get_or_insert_with(|| Index::build(&self.world));
        Look { world: &self.world, index }
    }
}

/// A world, read through its tables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) world: &'a World,
    index: &'a Index,
}

impl Index {
    fn build(world: &World) -> Self {
        let mut index = Self::default();
        for (position, folder) in world.folders.iter().enumerate() {
            index.folders.insert(folder.id, position);
            index.children.entry(folder.parent).or_default().push(position);
        }
        for (position, session) in world.sessions.iter().enumerate() {
            index.sessions.insert(session.id, position);
            index.sessions_of.entry(session.folder).or_default().push(position);
        }
        for (position, user) in world.users.iter().enumerate() {
            index.users.insert(user.id, position);
        }
        for (position, view) in world.views.iter().enumerate() {
            index.views_of.entry(view.session).or_default().push(position as u32);
            index.viewers.insert(view.user);
        }
        for (position, track) in world.captions.iter().enumerate() {
            index.captions_of.entry(track.session).or_default().push(position);
        }
        for list in index.children.values_mut() {
            list.sort_by_cached_key(|&position| world.folders[position].name.to_lowercase());
        }
        for list in index.sessions_of.values_mut() {
            list.sort_by_cached_key(|&position| world.sessions[position].name.to_lowercase());
        }
        for list in index.views_of.values_mut() {
            list.sort_by_key(|&position| world.views[position as usize].time);
        }
        index
    }
}

impl<'a> Look<'a> {
    pub(crate) fn folder(self, id: Uuid) -> Option<&'a crate::world::Folder> {
        self.index.folders.get(&id).map(|&position| &self.world.folders[position])
    }

    pub(crate) fn session(self, id: Uuid) -> Option<&'a Session> {
        self.index.sessions.get(&id).map(|&position| &self.world.sessions[position])
    }

    pub(crate) fn user(self, id: Uuid) -> Option<&'a User> {
        self.index.users.get(&id).map(|&position| &self.world.users[position])
    }

    /// The user with this name and password. Names are compared ignoring case.
    pub(crate) fn sign_in(self, username: &str, password: &str) -> Option<&'a User> {
        let wanted = username.to_lowercase();
        self.world
            .users
            .iter()
            .find(|user| user.password.as_deref() == Some(password) && user.username.to_lowercase() == wanted)
    }

    /// Folders directly below `parent`, by name.
    pub(crate) fn children(self, parent: Option<Uuid>) -> impl Iterator<Item = &'a crate::world::Folder> {
        self.index.children.get(&parent).into_iter().flatten().map(move |&position| &self.world.folders[position])
    }

    /// Sessions directly in `folder`, by name.
    pub(crate) fn sessions_of(self, folder: Uuid) -> impl Iterator<Item = &'a Session> {
        self.index.sessions_of.get(&folder).into_iter().flatten().map(move |&position| &self.world.sessions[position])
    }

    /// All records of a session, by time.
    pub(crate) fn views_of(self, session: Uuid) -> impl Iterator<Item = &'a View> {
        self.index
            .views_of
            .get(&session)
            .into_iter()
            .flatten()
            .map(move |&position| &self.world.views[position as usize])
    }

    /// Positions in `world.views` of a session's records, by time, from `begin` up to but excluding `end` (including
    /// `end` if `end_too`).
    pub(crate) fn views_in(self, session: Uuid, begin: DateTime<Utc>, end: DateTime<Utc>, end_too: bool) -> &'a [u32] {
        let Some(rows) = self.index.views_of.get(&session) else { return &[] };
        let time = |position: &u32| self.world.views[*position as usize].time;
        let from = rows.partition_point(|row| time(row) < begin);
        let to = rows.partition_point(|row| if end_too { time(row) <= end } else { time(row) < end });
        rows.get(from..to).unwrap_or(&[])
    }

    /// The captions of a session, in the order given.
    pub(crate) fn captions_of(self, session: Uuid) -> impl Iterator<Item = &'a CaptionTrack> {
        let positions = self.index.captions_of.get(&session).into_iter().flatten();
        positions.map(move |&position| &self.world.captions[position])
    }

    /// Whether the user has any viewing record at all.
    pub(crate) fn is_viewer(self, user: Uuid) -> bool {
        self.index.viewers.contains(&user)
    }
}
