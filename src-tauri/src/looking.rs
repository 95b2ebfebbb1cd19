//! Looking at courses and videos: finds what is stored and hands it to the page that shows it.

use engine::views::facts_of_course;
use engine::{Error, ErrorCode, Result};
use model::{DateRange, Query, VideoFigures};

use crate::open_course::OpenCourse;
use crate::pages::course::{CourseOverview, OverviewRequest};
use crate::pages::map::MapRowDetail;
use crate::pages::timelines::{Timelines, TimelinesRequest};
use crate::pages::video::{VideoPage, VideoRequest};
use crate::pages::words::{MOST_PLACES, WordsFound, WordsRequest};
use crate::pages::{id, range};
use crate::workspace::Workspace;

impl Workspace {
    /// A course as it is stored now.
    pub(crate) fn open_course(&self, course_id: &str) -> Result<OpenCourse> {
        let folder = self.folder()?;
        let zone = self.zone(&self.settings()?)?;
        let facts = facts_of_course(&folder, id::course(course_id)?)?;
        let course = self.views.course(&folder, facts.id, zone)?;
        Ok(OpenCourse { course, facts, zone })
    }

    /// Everything the four views and the table of a course need.
    pub fn overview(&self, request: &OverviewRequest) -> Result<CourseOverview> {
        let range = range::days(request.range.as_ref())?;
        let open = self.open_course(&request.course_id)?;
        Ok(CourseOverview::new(&open, request, range, self.clock.now()))
    }

    /// The exact values behind one row of the map.
    pub(crate) fn map_row(&self, course_id: &str, session_id: &str, range: DateRange) -> Result<MapRowDetail> {
        let open = self.open_course(course_id)?;
        let video = open.course.video(id::video(session_id)?)?;
        Ok(MapRowDetail::new(session_id.to_owned(), &VideoFigures::new(&open.course.views, video, range)))
    }

    /// The small charts of the rows on screen.
    pub fn timelines(&self, request: &TimelinesRequest) -> Result<Timelines> {
        request.check()?;
        let range = range::days(request.range.as_ref())?;
        Timelines::new(&self.open_course(&request.course_id)?, request, range)
    }

    /// Where in a course something is said.
    pub fn find_words(&self, request: &WordsRequest) -> Result<WordsFound> {
        let range = range::days(request.range.as_ref())?;
        let open = self.open_course(&request.course_id)?;
        let words = self.words.of(&self.folder()?, &open.course)?;
        let found = words.find(&open.course.views, &Query::parse(&request.query), range, MOST_PLACES);
        Ok(WordsFound::new(&open, &words, &found, self.settings()?.fetch_captions))
    }

    /// A video under one date range.
    pub fn video(&self, request: &VideoRequest) -> Result<VideoPage> {
        let range = range::days(request.range.as_ref())?;
        let open = self.open_course(&request.course_id)?;
        let video = open.course.video(id::video(&request.session_id)?)?;
        Ok(VideoPage::new(&open, video, request, range, self.can_open_in_panopto()?))
    }

    /// Whether there is a server whose pages can be opened; the sample's has none.
    fn can_open_in_panopto(&self) -> Result<bool> {
        Ok(!self.is_sample && self.connector.server(&self.settings()?).is_ok())
    }

    /// The page of a video on the user's own server.
    pub fn video_page(&self, course_id: &str, session_id: &str) -> Result<tauri::Url> {
        if self.is_sample {
            return Err(Error::new(ErrorCode::InvalidInput, "The videos of the sample courses are not in Panopto"));
        }
        let open = self.open_course(course_id)?;
        let video = id::video(session_id)?;
        open.course.video(video)?;
        Ok(engine::folders::video_page(&self.connector.server(&self.settings()?)?, video))
    }
}
