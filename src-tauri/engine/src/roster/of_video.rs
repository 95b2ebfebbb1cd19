//! Everybody of a course and one of its videos: what each watched of it, and who is how far.
//!
//! Window and command line divide the people of a video with these functions. Deliberately absent: words, and orders other than
//! by name.
//!
//! Invariants: each person stands in one group, whatever accounts they have; nobody who cannot be identified for certain, and
//! nobody who was not signed in, stands among those who have not opened the video.

use std::collections::HashMap;

use model::{
    PersonOfVideo, StripLevel, ViewingSpan, WatchState, accounts_together, name_order, people_with_strips,
    person_of_video,
};

use super::everybody::{Everybody, Standing};

/// Places of a strip: two for each of the 20 parts.
const PLACES: usize = 40;

/// What somebody watched of a video, with the strip of their plays.
pub type Watched = (PersonOfVideo, Vec<StripLevel>);

/// How far somebody is.
pub fn state_of(watched: Option<&Watched>) -> WatchState {
    watched.map_or(WatchState::NotOpened, |(of, _)| of.state)
}

impl Everybody {
    /// What everybody watched of a video; the place is that of [`Everybody::people`].
    ///
    /// # Panics
    /// If there is no such video.
    pub fn watched_by_all(&self, video: usize, span: ViewingSpan) -> Vec<Option<Watched>> {
        let watched = people_with_strips(&self.seen.course.views, video, span, PLACES);
        let mut of_viewer: HashMap<u32, Watched> =
            watched.into_iter().map(|watched| (watched.0.person, watched)).collect();
        let people = self.people().iter();
        people
            .map(|somebody| accounts_together(somebody.viewers.iter().filter_map(|viewer| of_viewer.remove(viewer))))
            .collect()
    }

    /// What one of them watched of a video.
    ///
    /// # Panics
    /// If there is no such video or person.
    pub fn watched_by(&self, video: usize, who: usize, span: ViewingSpan) -> Option<Watched> {
        let views = &self.seen.course.views;
        let viewers = self.people()[who].viewers.iter();
        accounts_together(viewers.filter_map(|viewer| person_of_video(views, video, *viewer, span, PLACES)))
    }

    /// Those of the lists who are so far with a video, by name. `watched` is of everybody.
    pub fn so_far(&self, watched: &[Option<Watched>], state: WatchState) -> Vec<usize> {
        self.by_name((0..watched.len()).filter(|who| self.is_listed(*who) && state_of(watched[*who].as_ref()) == state))
    }

    /// Viewers of a video who are on no list, where there is one, by name. `watched` is of everybody.
    pub fn not_on_list(&self, watched: &[Option<Watched>]) -> Vec<usize> {
        let is_other = |who: &usize| {
            self.is_class_told() && self.people()[*who].standing == Standing::Viewer && watched[*who].is_some()
        };
        self.by_name((0..watched.len()).filter(is_other))
    }

    fn by_name(&self, people: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut people: Vec<usize> = people.collect();
        people.sort_by_cached_key(|who| name_order(self.label(*who)));
        people
    }
}
