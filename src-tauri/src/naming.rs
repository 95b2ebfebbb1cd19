//! Fetching the names of a course's viewers, because somebody asks for them.
//!
//! A sync fetches what is missing by itself once names are wanted (`syncing.rs`). Deliberately absent: names on screen.
//!
//! Invariant: nothing is asked of Panopto while names are off.

use std::sync::Arc;

use engine::people::{NamesAsk, NamesFetch, NamesProgress, NamesReport, PeopleInView};
use engine::source::Source;
use engine::{Error, ErrorCode, Result};
use tokio_util::sync::CancellationToken;

use crate::events::JobEvents;
use crate::pages::id;
use crate::pages::names::{NamesEvent, NamesPage};
use crate::state::blocking;
use crate::workspace::Workspace;

impl Workspace {
    /// What is known of the names of a course. Blocks.
    pub(crate) fn names_page(&self, course_id: &str) -> Result<NamesPage> {
        let open = self.open_course(course_id)?;
        let discretion = self.discretion();
        let mut seen = PeopleInView::new(&self.folder()?, Arc::clone(&open.course), discretion.names());
        if let Some(damage) = seen.damage.take() {
            return Err(damage);
        }
        Ok(NamesPage::new(course_id.to_owned(), &seen, discretion))
    }

    /// Asks Panopto for the names of a course's viewers; keeps what came when it is stopped.
    pub(crate) async fn fetch_names(
        self: &Arc<Self>,
        course_id: &str,
        tell: &JobEvents<NamesEvent>,
        cancel: &CancellationToken,
    ) -> Result<NamesReport> {
        let settings = self.settings()?;
        if !settings.show_names {
            return Err(Error::new(ErrorCode::InvalidInput, "Names are off").with_hint("Turn on *Show names* first"));
        }
        let course = id::course(course_id)?;
        let workspace = Arc::clone(self);
        let (folder, lock, listed) = blocking(move || {
            let (folder, lock) = workspace.lock_folder()?;
            let listed = folder.courses()?.into_iter().filter(|listed| listed.id == course).collect::<Vec<_>>();
            Ok((folder, lock, listed))
        })
        .await?;
        let source = Source::new(self.connector.client(&settings).await?);
        let tell = |progress: NamesProgress| tell.send(progress.into());
        let (clock, ask) = (&*self.clock, NamesAsk::Again);
        let fetch = NamesFetch { folder: &folder, lock: &lock, source: &source, ask, clock, tell: &tell };
        let report = fetch.run(&listed, cancel).await?;
        match &report.ended_early {
            Some(failure) if report.named == 0 => {
                let error = Error::new(failure.code, &failure.reason);
                Err(failure.hint.iter().fold(error, Error::with_hint))
            }
            Some(_) | None => Ok(report),
        }
    }
}
