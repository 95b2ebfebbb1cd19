//! What viewing is, without the world around it: ids, viewing records, intervals, coverage, the 20 chunks, and the
//! figures that people are shown.
//!
//! Deliberately absent: files, network, clock, randomness, async. Every function here is a pure function of its
//! arguments.
//!
//! Conventions:
//! - positions and lengths are seconds of video (`f64`, `_secs`), as Panopto counts them;
//! - an [`Interval`] is half-open, `[start, end)`, and never empty;
//! - *reached* means watched some of it (more than 0 s); *covered* or *completed* always means at least 75 %;
//! - a *chunk* is called a *part* wherever people read it; only the dataset for Tableau says chunk.

mod captions;
mod chunk;
mod class_list;
mod compare;
mod credit;
mod dates;
mod day;
mod digest;
mod failure;
mod figures;
mod ids;
mod interval;
pub mod line;
mod local_minute;
mod moments;
pub mod names;
mod outcome;
mod people;
mod period;
mod playback;
mod presented;
mod range;
pub mod readout;
mod record;
mod recorded;
mod term;
pub mod text;
mod timeline;
mod typed_day;
mod views;
pub mod words;

pub use captions::{Captions, CaptionsState, Cue, FoundPlaces, Place, Query, SaidSeconds, SentencePart, WordIndex};
pub use chunk::{CHUNK_COUNT, ChunkBounds, ChunkCoverage, chunk_coverage, is_completed};
pub use class_list::{
    ClassList, ClassMatches, ConflictBecause, ListSource, Listed, ListedLink, ListedMatch, ListedPerson, MatchInput,
    MatchState, MatchedBy, SuggestedBecause, Suggestion, Update, compared, match_class,
};
pub use compare::{ComparedPair, Comparison, PairedBy, VideoPair, pair_videos, same_without_years};
pub use credit::{Credit, CreditRule, CreditScale, Earned, LeftOutOfCredit, NEAR_POINTS, NoCreditRule};
pub use dates::{
    BeforeDate, CourseDate, CourseDates, DateKind, Due, Flag, FlagVideos, FollowingRange, OnTime, OnTimeRule, Pace,
    PersonOnTime, ReadOut, UnknownKind, WeeksActive, When, flags, ranges_that_follow,
};
pub use day::{DateRange, Day};
pub use digest::{Digest, DigestEntry, DigestEvidence, DigestOf, DigestRule};
pub use failure::{ErrorCode, Failure, PartFailure, RecordedFailure, RecordedPart};
pub use figures::{
    ChunkFigures, Column, ComparedCoverage, CourseFigures, FIGURES_OF_VIDEO, Figure, FigureOfVideo, FigureValue,
    GroupSize, HeatMeasure, MapMeasure, Statistic, TOO_FEW, Unit, VideoFigures, VideoRow, VideoTotals, can_be_usual,
    figures_on_the_page, usual_viewers_percent,
};
pub use ids::{FolderId, IdError, SessionId, UserId};
pub use interval::{Interval, clipped, covered_secs, union};
pub use local_minute::LocalMinute;
pub use moments::{LONGEST_NOTE_CHARS, Moment, MomentKind, Note, NoteTag, VideoMoments, moments, notes_of_moments};
pub use outcome::OutcomeWord;
pub use people::{
    Account, AccountName, Decisions, MatrixCell, MergeRefusal, NameState, Numbered, PanoptoRole, PeopleMatrix,
    PeopleOfCourse, Person, PersonId, PersonOfVideo, PersonTotals, Role, SameBecause, StripLevel, ViewingSpan,
    WatchState, accounts_together, folded_name, is_behind, merge_suggestions, name_order, people_of_video,
    people_with_strips, person_of_video, user_key_parts, watched_by_day,
};
pub use period::{Period, PeriodViewers, days_across_time, days_of_video};
pub use playback::{Playback, PlayedRun, Run, Speed, SpeedShare};
pub use presented::{Presented, Telling, is_wide_enough, presented_groups, whole_weeks};
pub use range::UsageRange;
pub use record::{StartReason, StopReason, ViewingRecord};
pub use recorded::{Recorded, Word};
pub use term::{Term, TermOrigin};
pub use timeline::{Bin, Borders, Extent, Reading, Step, Timeline, WatchedPoint, watched_points};
pub use typed_day::{NotADay, typed_day};
pub use views::{CourseViews, DayViewers, VideoInfo};
