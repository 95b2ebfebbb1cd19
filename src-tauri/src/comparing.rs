//! Comparing a course with another one or with itself, and mending which videos belong together.
//!
//! Deliberately absent: what a comparison is (`engine::compare`), and words of the page (`pages/comparing.rs`, `pages/pairs.rs`).
//!
//! Invariant: a course that cannot be compared takes nothing else from the page.

use engine::compare::{TwoTerms, forget_pair, mend_pair, restore_pairs};
use engine::views::{CourseFacts, course_facts};
use engine::{Error, ErrorCode, Result};
use model::same_without_years;

use crate::beside::Beside;
use crate::mended_pairs::MendedBefore;
use crate::open_course::OpenCourse;
use crate::pages::comparing::{CompareChoice, CompareChoices, CompareWith};
use crate::pages::id;
use crate::pages::pairs::{PairRequest, PairWith, PairsMended, PairsPage};
use crate::workspace::Workspace;

impl Workspace {
    /// What a page of a course is compared with; `None` where it is not.
    pub(crate) fn beside(&self, open: &OpenCourse, with: Option<&CompareWith>) -> Option<Beside> {
        match with? {
            CompareWith::Usual => Some(Beside::Usual),
            CompareWith::Course { course_id, later_weeks } => Some(match self.two_terms(open, course_id) {
                Ok(terms) => Beside::Term { terms: Box::new(terms), later_weeks: *later_weeks },
                Err(error) => Beside::Refused { label: self.name_of(course_id), why: error.message().to_owned() },
            }),
        }
    }

    fn two_terms(&self, open: &OpenCourse, other: &str) -> Result<TwoTerms> {
        self.comparisons.compare(&self.folder()?, &self.views, open.course.id, id::course(other)?, open.zone)
    }

    fn name_of(&self, course_id: &str) -> String {
        let listed = self.folder().and_then(|folder| Ok(folder.courses()?)).unwrap_or_default();
        let found = listed.into_iter().find(|course| course.id.to_string() == course_id);
        found.map(|course| course.name).filter(|name| !name.is_empty()).unwrap_or_else(|| "another course".to_owned())
    }

    /// What a course can be compared with.
    pub(crate) fn compare_choices(&self, course_id: &str) -> Result<CompareChoices> {
        let courses = course_facts(&self.folder()?)?;
        let id = id::course(course_id)?;
        let name = courses.iter().find(|facts| facts.id == id).map_or("", |facts| &facts.name);
        let choice = |facts: &&CourseFacts| CompareChoice { course_id: facts.id.to_string(), name: facts.name.clone() };
        let others = courses.iter().filter(|facts| facts.id != id && facts.has_data);
        let (likely, rest): (Vec<&CourseFacts>, Vec<&CourseFacts>) =
            others.partition(|facts| same_without_years(name, &facts.name));
        let nothing = match (courses.len(), likely.len() + rest.len()) {
            (0..2, _) => Some("There is no other course on the list"),
            (_, 0) => Some("No other course of the list has data yet"),
            _ => None,
        };
        Ok(CompareChoices {
            course_id: course_id.to_owned(),
            courses: likely.iter().chain(&rest).map(choice).collect(),
            likely: likely.first().map(choice),
            nothing: nothing.map(str::to_owned),
        })
    }

    /// Which videos of two courses belong together.
    pub(crate) fn pairs(&self, course_id: &str, other_id: &str) -> Result<PairsPage> {
        let open = self.open_course(course_id)?;
        Ok(PairsPage::new(&self.two_terms(&open, other_id)?))
    }

    /// Says which video belongs to one, or that none does, or lets the names decide again.
    pub(crate) fn mend_pair(&self, request: &PairRequest) -> Result<PairsMended> {
        let (course, other) = (id::course(&request.course_id)?, id::course(&request.other_id)?);
        let video = id::video(&request.session_id)?;
        let with = match &request.pair {
            PairWith::Video { session_id } => Some(id::video(session_id)?),
            PairWith::Nothing | PairWith::ByName => None,
        };
        self.check_pair(&request.course_id, &request.other_id, video, with)?;
        let earlier = self.change_quickly(|folder, lock| match request.pair {
            PairWith::Video { .. } | PairWith::Nothing => mend_pair(folder, lock, video, with),
            PairWith::ByName => forget_pair(folder, lock, video),
        })?;
        let undo =
            self.mended_pairs.add(MendedBefore { courses: [course, other], videos: [Some(video), with], earlier });
        let page = self.pairs(&request.course_id, &request.other_id)?;
        Ok(PairsMended { text: page.told(&request.session_id), undo, page })
    }

    /// A pair is of a video of the one course and a video of the other.
    fn check_pair(
        &self,
        course_id: &str,
        other_id: &str,
        video: model::SessionId,
        with: Option<model::SessionId>,
    ) -> Result<()> {
        self.open_course(course_id)?.course.video(video)?;
        if let Some(with) = with {
            self.open_course(other_id)?.course.video(with).map_err(|_| {
                Error::new(ErrorCode::NotFound, "This video is no longer in the other course")
                    .with_hint("Choose another video")
            })?;
        }
        Ok(())
    }

    /// Puts back what was said of a pair.
    pub(crate) fn undo_pair(&self, undo: &str) -> Result<PairsPage> {
        let MendedBefore { courses, videos, earlier } = self.mended_pairs.get(undo)?;
        self.change_quickly(|folder, lock| restore_pairs(folder, lock, videos, &earlier))?;
        self.pairs(&courses[0].to_string(), &courses[1].to_string())
    }
}
