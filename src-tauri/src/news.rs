//! *What is new* in a course, without what somebody has put away.
//!
//! What was put away stays away until something else is new. Deliberately absent: the rules of what is new (`model`), and its
//! words on the page (`pages/news.rs`).
//!
//! Invariants: putting away hides what was known then, never what comes later; the room that a page keeps is that of the sentences
//! told last.

use engine::Result;
use engine::dates::dates_in_view;
use engine::digest::{CourseDigest, digest_of};
use model::{Day, Digest, DigestEntry};

use crate::news_away::NewsAway;
use crate::news_told::NewsTold;
use crate::open_course::OpenCourse;
use crate::pages::news::{MOST_SENTENCES, WhatIsNew};
use crate::workspace::Workspace;

impl Workspace {
    /// What is new in a course and was not put away.
    pub(crate) fn what_is_new(&self, course_id: &str) -> Result<WhatIsNew> {
        let (open, digest) = self.digest(course_id)?;
        let fetched = open.fetched_through();
        let ranges = dates_in_view(&self.folder()?, &open.course, open.zone, fetched)?.ranges(&open.course);
        let away = self.memory.get().news_away.remove(&open.course.id.to_string()).unwrap_or_default();
        let is_away = |entry: &DigestEntry| {
            let about = NewsAway::of(&digest, entry);
            away.iter().any(|away| away.is_about_the_same(&about))
        };
        let entries: Vec<&DigestEntry> = digest.digest.entries().iter().filter(|entry| !is_away(entry)).collect();
        let told = WhatIsNew::new(&open, &entries, &ranges);
        let sentences = NewsTold::new(told.sentences.len() as u32, open.facts.fetched_through);
        self.memory.update(|memory| {
            memory.news_told.insert(told.course_id.clone(), sentences);
        });
        Ok(told)
    }

    /// For how many sentences the page of a course keeps room before it knows what is new: as many as were told last, none where
    /// nothing can be new, and else the most there can be.
    pub(crate) fn room_for_news(&self, open: &OpenCourse) -> u32 {
        let today = Day::from_date(self.clock.now().with_timezone(&open.zone).date_naive());
        if Digest::is_silent(open.known_through(), today, open.course.viewer_count) {
            return 0;
        }
        let told = self.memory.with(|memory| memory.news_told.get(&open.course.id.to_string()).copied());
        told.and_then(|told| told.of(open.facts.fetched_through)).unwrap_or(MOST_SENTENCES as u32)
    }

    /// Puts away all that is new in a course, or takes it out again; answers what is shown then.
    pub(crate) fn put_news_away(&self, course_id: &str, is_away: bool) -> Result<WhatIsNew> {
        let (open, digest) = self.digest(course_id)?;
        let known = digest.digest.entries().iter().map(|entry| NewsAway::of(&digest, entry)).collect();
        self.memory.update(|memory| {
            let id = open.course.id.to_string();
            if is_away {
                memory.news_away.insert(id, known)
            } else {
                memory.news_away.remove(&id)
            };
        });
        self.what_is_new(course_id)
    }

    fn digest(&self, course_id: &str) -> Result<(OpenCourse, CourseDigest)> {
        let open = self.open_course(course_id)?;
        let digest = digest_of(&self.folder()?, &self.views, open.course.id, open.zone, self.clock.now())?;
        Ok((open, digest))
    }
}
