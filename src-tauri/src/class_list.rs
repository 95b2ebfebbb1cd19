//! The class list of a course as the window changes it: importing, deciding, removing, undoing.

use std::path::Path;

use engine::roster::{
    Reading, Roster, WhoIsIt, class_in_view, decide_match, import_roster, pasted_roster, preview_roster,
    remove_class_list, roster_of_file,
};
use engine::{Error, ErrorCode, Result};
use model::UserId;

use crate::pages::class_list::{ClassDecision, ClassListImport, ClassListPage, ClassListRequest, RemovedClassList};
use crate::pages::id;
use crate::sample::CLASS_LIST_OF_SAMPLE;
use crate::workspace::Workspace;

impl Workspace {
    /// The class list of a course.
    pub(crate) fn class_list(&self, course_id: &str) -> Result<ClassListPage> {
        let (course, zone) = (id::course(course_id)?, self.zone(&self.settings()?)?);
        let class = class_in_view(&self.folder()?, &self.views, course, zone)?;
        Ok(ClassListPage::new(class.as_ref(), self.is_sample))
    }

    /// What importing a list would do.
    pub(crate) fn preview_class_list(&self, request: &ClassListRequest) -> Result<ClassListImport> {
        let (course, zone) = (id::course(&request.course_id)?, self.zone(&self.settings()?)?);
        let (roster, now) = (self.roster(request)?, self.clock.now());
        let plan = preview_roster(&self.folder()?, &self.views, course, roster, zone, now)?;
        Ok(ClassListImport::new(request.path.as_deref().map(Path::new), request.pasted.clone(), &plan))
    }

    /// Imports a list.
    pub(crate) fn import_class_list(&self, request: &ClassListRequest) -> Result<ClassListPage> {
        let (course, zone) = (id::course(&request.course_id)?, self.zone(&self.settings()?)?);
        let (roster, now) = (self.roster(request)?, self.clock.now());
        self.change_quickly(|folder, lock| {
            import_roster(folder, lock, &self.views, course, roster.clone(), zone, now).map(drop)
        })?;
        self.class_list(&request.course_id)
    }

    fn roster(&self, request: &ClassListRequest) -> Result<Roster> {
        let folder = self.folder()?;
        match (&request.path, &request.pasted) {
            (Some(path), _) => roster_of_file(&*folder.shared_disk(), Path::new(path), &Reading::default()),
            (None, Some(text)) => pasted_roster(text),
            (None, None) if self.is_sample => {
                roster_of_file(&*folder.shared_disk(), &folder.root().join(CLASS_LIST_OF_SAMPLE), &Reading::default())
            }
            (None, None) => Err(Error::new(ErrorCode::InvalidInput, "No list was chosen").with_hint("Choose a file")),
        }
    }

    /// Remembers who somebody on the list is.
    pub(crate) fn decide_class(&self, decision: &ClassDecision) -> Result<ClassListPage> {
        let course = id::course(&decision.course_id)?;
        let users = decision.user_ids.iter().map(|user| UserId::parse(user)).collect::<Result<Vec<_>, _>>();
        let users = users.map_err(|error| Error::new(ErrorCode::InvalidInput, error.to_string()))?;
        let who = match decision.is_same {
            Some(true) => WhoIsIt::Same,
            Some(false) => WhoIsIt::Another,
            None => WhoIsIt::Open,
        };
        let place = decision.place as usize;
        self.change_quickly(|folder, lock| decide_match(folder, lock, course, place, &users, who))?;
        self.class_list(&decision.course_id)
    }

    /// Removes the class list of a course.
    pub(crate) fn remove_class(&self, course_id: &str) -> Result<RemovedClassList> {
        let course = id::course(course_id)?;
        let removed = self.change_quickly(|folder, lock| remove_class_list(folder, lock, course))?;
        let undo = removed.map(|list| self.removed_lists.add(course, list));
        Ok(RemovedClassList { text: "The class list was removed".to_owned(), undo })
    }

    /// Puts a removed class list back.
    pub(crate) fn undo_class_removal(&self, undo: &str) -> Result<ClassListPage> {
        let (course, list) = self.removed_lists.get(undo)?;
        self.change_quickly(|folder, lock| {
            if folder.class_list(course)?.is_some() {
                return Err(Error::new(ErrorCode::InvalidInput, "The course has got a new class list meanwhile")
                    .with_hint("Remove that one first"));
            }
            Ok(folder.save_class_list(lock, course, &list)?)
        })?;
        self.class_list(&course.to_string())
    }
}
