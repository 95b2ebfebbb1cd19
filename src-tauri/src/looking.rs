//! Looking at courses and videos: finds what is stored and hands it to the page that shows it.

use std::sync::Arc;

use engine::dates::{VideoInTime, dates_in_view, dates_of};
use engine::roster::ClassInView;
use engine::views::facts_of_course;
use engine::{Error, ErrorCode, Result};
use model::{DateRange, Query, Telling, ViewingSpan};

use crate::open_course::OpenCourse;
use crate::pages::captions::VideoCaptions;
use crate::pages::chart_table::{ChartTable, ChartTableRequest};
use crate::pages::course::{Aside, CourseOverview, OverviewRequest};
use crate::pages::explanation::Explainer;
use crate::pages::map::MapRowDetail;
use crate::pages::moments::{MapMoments, NoteRequest, VideoMomentsShown};
use crate::pages::timelines::{Timelines, TimelinesRequest};
use crate::pages::typed_range::TypedRange;
use crate::pages::video::{VideoAside, VideoPage, VideoRequest};
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
        // Dates that cannot be read are told where dates are; a course is looked at without them.
        let term = dates_of(&folder, facts.id).ok().and_then(|kept| kept.term);
        let telling = if self.presenting.is_on() { Telling::InFives } else { Telling::Exactly };
        Ok(OpenCourse { course, facts, zone, term, telling })
    }

    /// Everything the four views and the table of a course need.
    pub fn overview(&self, request: &OverviewRequest) -> Result<CourseOverview> {
        let range = range::days(request.range.as_ref())?;
        let open = self.open_course(&request.course_id)?;
        let range = open.days(range);
        if open.presents() {
            // What is compared, due or enrolled would be further numbers of the same people.
            let aside = Aside { beside: None, in_time: Arc::new([]), room_for_news: 0 };
            return Ok(CourseOverview::new(&open, request, range, self.clock.now(), &aside));
        }
        let beside = self.beside(&open, request.compare.as_ref());
        let aside = Aside { beside, in_time: self.in_time(&open), room_for_news: self.room_for_news(&open) };
        let overview = CourseOverview::new(&open, request, range, self.clock.now(), &aside);
        Ok(overview.with_class(self.class_of(&open).as_deref()))
    }

    /// The class list of a course; a damaged one is told on its sheet and is in the way of nothing here.
    pub(crate) fn class_of(&self, open: &OpenCourse) -> Option<Arc<ClassInView>> {
        self.class_lists.of(&self.folder().ok()?, &self.views, open.course.id, open.zone).ok().flatten()
    }

    /// The videos of a course under its dates; none where no video is due, or the dates cannot be read: the page of the dates
    /// says why, and nothing else suffers.
    pub(crate) fn in_time(&self, open: &OpenCourse) -> Arc<[VideoInTime]> {
        let dates =
            self.folder().and_then(|folder| dates_in_view(&folder, &open.course, open.zone, open.fetched_through()));
        match dates {
            Ok(dates) => self.videos_in_time.of(&dates, &open.course),
            Err(_) => Arc::new([]),
        }
    }

    /// The exact values behind one row of the map.
    pub(crate) fn map_row(&self, course_id: &str, session_id: &str, range: DateRange) -> Result<MapRowDetail> {
        let open = self.open_course(course_id)?;
        let video = open.course.video(id::video(session_id)?)?;
        let range = open.days(range);
        let figures = open.video_figures(video, range);
        let moments = open.course.moments_of(video, range);
        Ok(MapRowDetail::new(session_id.to_owned(), &figures, moments.found()))
    }

    /// Where moments lie on the map of a course, and the strongest of them.
    pub(crate) fn map_moments(&self, course_id: &str, range: DateRange) -> Result<MapMoments> {
        let open = self.open_course(course_id)?;
        let range = open.days(range);
        let explainer = Explainer::new(range, &open.facts, open.zone);
        Ok(MapMoments::new(&open, &open.course.moments(range), &explainer))
    }

    /// The days of a course that somebody typed; `None` for all dates.
    pub fn typed_range(&self, typed: &TypedRange) -> Result<Option<range::DateRange>> {
        let open = self.open_course(&typed.course_id)?;
        let days = typed.read(&open)?;
        let told = |days| -> Result<range::DateRange> { Ok(open.days(range::days(Some(&days))?).into()) };
        days.map(told).transpose()
    }

    /// The small charts of the rows on screen.
    pub fn timelines(&self, request: &TimelinesRequest) -> Result<Timelines> {
        request.check()?;
        let range = range::days(request.range.as_ref())?;
        let open = self.open_course(&request.course_id)?;
        let beside = if open.presents() { None } else { self.beside(&open, request.compare.as_ref()) };
        Timelines::new(&open, request, open.days(range), beside.as_ref())
    }

    /// The values behind a view of a course.
    pub(crate) fn chart_table(&self, request: &ChartTableRequest) -> Result<ChartTable> {
        let range = range::days(request.range.as_ref())?;
        let open = self.open_course(&request.course_id)?;
        ChartTable::new(&open, request, range, self.beside(&open, request.compare.as_ref()).as_ref())
    }

    /// Where in a course something is said.
    pub fn find_words(&self, request: &WordsRequest) -> Result<WordsFound> {
        let range = range::days(request.range.as_ref())?;
        let open = self.open_course(&request.course_id)?;
        let words = self.words.of(&self.folder()?, &open.course)?;
        let found = words.find(&open.course.views, &Query::parse(&request.query), range, MOST_PLACES);
        let is_fetched = self.settings()?.fetch_captions;
        Ok(WordsFound::new(&open, &words, &found, is_fetched, self.can_open_in_panopto()?))
    }

    /// A video under one date range.
    pub fn video(&self, request: &VideoRequest) -> Result<VideoPage> {
        let range = range::days(request.range.as_ref())?;
        let open = self.open_course(&request.course_id)?;
        let video = open.course.video(id::video(&request.session_id)?)?;
        let range = open.days(range);
        if open.presents() {
            let can_open_in_panopto = self.can_open_in_panopto()?;
            let aside = VideoAside { beside: None, notes: Vec::new(), in_time: None, can_open_in_panopto };
            return Ok(VideoPage::new(&open, video, request, range, &aside));
        }
        let beside = self.beside(&open, request.compare.as_ref());
        // Notes that cannot be read are told with the moments.
        let notes = match &beside {
            Some(_) => self.folder()?.notes().unwrap_or_default(),
            None => Vec::new(),
        };
        let aside = VideoAside {
            beside,
            notes,
            in_time: self.in_time(&open).get(video).cloned(),
            can_open_in_panopto: self.can_open_in_panopto()?,
        };
        let enrolled = self.class_of(&open).map(|class| class.of_video(video, ViewingSpan::of_days(range)));
        Ok(VideoPage::new(&open, video, request, range, &aside).with_enrolled(enrolled))
    }

    /// The moments of a video, with what the teacher keeps about them.
    pub(crate) fn video_moments(
        &self,
        course_id: &str,
        session_id: &str,
        range: DateRange,
    ) -> Result<VideoMomentsShown> {
        let open = self.open_course(course_id)?;
        let video = open.course.video(id::video(session_id)?)?;
        let range = open.days(range);
        let explainer = Explainer::new(range, &open.facts, open.zone);
        let found = open.course.moments_of(video, range);
        // A teacher's notes are words of their own, which may name somebody.
        let notes = if open.presents() { Ok(Vec::new()) } else { self.folder()?.notes() };
        let shown = VideoMomentsShown::new(&open, video, &found, notes, &explainer);
        // Without their captions, moments are still worth showing.
        Ok(match self.words.of(&self.folder()?, &open.course) {
            Ok(words) => shown.with_words(words.captions(video)),
            Err(_) => shown,
        })
    }

    /// What is said in a video, second by second.
    pub(crate) fn video_captions(&self, course_id: &str, session_id: &str) -> Result<VideoCaptions> {
        let open = self.open_course(course_id)?;
        let video = open.course.video(id::video(session_id)?)?;
        let words = self.words.of(&self.folder()?, &open.course)?;
        Ok(VideoCaptions::new(&open, video, &words, self.settings()?.fetch_captions))
    }

    /// Keeps a note; returns the request that restores what was there before.
    pub fn keep_note(&self, request: NoteRequest) -> Result<NoteRequest> {
        let note = request.note()?;
        let before = self.change_quickly(|folder, lock| Ok(folder.keep_note(lock, note.clone())?))?;
        Ok(NoteRequest::undoing(&note, before))
    }

    /// Whether there is a server whose pages can be opened; the sample's has none.
    fn can_open_in_panopto(&self) -> Result<bool> {
        Ok(!self.is_sample && self.connector.server(&self.settings()?).is_ok())
    }

    /// The page of a video on the user's own server, from a whole second on where one is given.
    pub fn video_page(&self, course_id: &str, session_id: &str, at_secs: Option<u32>) -> Result<tauri::Url> {
        if self.is_sample {
            return Err(Error::new(ErrorCode::InvalidInput, "The videos of the sample courses are not in Panopto"));
        }
        let open = self.open_course(course_id)?;
        let video = id::video(session_id)?;
        open.course.video(video)?;
        Ok(engine::folders::video_page(&self.connector.server(&self.settings()?)?, video, at_secs))
    }
}
