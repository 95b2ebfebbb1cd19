//! What crosses between the window and Rust, one file for each page or sheet: what it shows, and how that is made from
//! the engine, the model and the charts.
//!
//! | file | page, sheet or part |
//! |---|---|
//! | `app` | the first paint, and what the window remembers |
//! | `sidebar` | a course in the list |
//! | `course`, `columns`, `map`, `top`, `timelines`, `chart_table` | the page of a course and its views, with their values as tables |
//! | `words` | what *Find words* finds in a course |
//! | `video`, `timeline`, `moments`, `strongest` | the page of a video, its charts over the timeline, and its moments; the strongest of a course |
//! | `people`, `tidy` | the people of a course: everybody by every video, as a list, and what is decided about them |
//! | `video_people`, `until` | who has not opened, started and covered a video, by an instant |
//! | `person` | the page of one person |
//! | `people_saving` | what of people is saved as a file |
//! | `people_told` | what stands beside every list of people |
//! | `credit` | credit for watching |
//! | `class_list` | the class list of a course: import, open questions |
//! | `dates` | the dates of a course: flags, sheet, import |
//! | `news` | what is new in a course |
//! | `comparing`, `pairs` | what a course is compared with, and which videos belong together |
//! | `add` | adding and removing courses |
//! | `connect`, `export`, `settings`, `about`, `guide` | the sheets of these names |
//! | `names` | the offer of names, where they would stand |
//! | `privacy` | the fact sheet, periods of keeping, and exports with names, in the settings |
//! | `nightly` | the nightly job, in the settings and in the sheet of the export |
//! | `report` | the one-page report |
//! | `sync` | a running sync and what came of it |
//! | `discretion` | what may be seen of people: names, and whether somebody presents |
//! | `figure`, `explanation`, `range`, `typed_range`, `chart`, `listed`, `when`, `id`, `stretch` | what several pages share |
//!
//! `docs/ipc.md` lists the commands that use these types. Their TypeScript is generated (`ts-rs`) into one file for each
//! file here, checked in, and a test fails when it is stale. Enums of the model, the engine and the charts cross as they
//! are: they derive TypeScript behind the feature `ts`.
//!
//! Deliberately absent: reading data, and calculating anything.
//!
//! Invariants:
//! - a number that people read crosses as a [`figure::ShownFigure`]: the value for sorting, the text for showing. The window
//!   computes no figure and formats none;
//! - what came from a server (names, descriptions) is plain text, and is only ever shown as text;
//! - no secret crosses towards the window. Secrets cross once, inwards, in [`connect::ConnectionInput`] and
//!   [`connect::PasswordInput`], whose `Debug` shows none;
//! - dates are `YYYY-MM-DD` in the reporting time zone, and both ends of a [`range::DateRange`] belong to it;
//! - pixels are CSS pixels from the top left corner of the drawing.

pub mod about;
pub mod add;
pub mod addresses;
pub mod app;
pub mod captions;
pub mod chart;
pub mod chart_table;
pub mod chosen_people;
pub mod class_list;
mod columns;
pub mod comparing;
pub mod connect;
pub mod course;
pub(crate) mod course_result;
pub mod credit;
pub mod dates;
pub mod discretion;
pub mod explanation;
pub mod export;
pub mod figure;
pub mod guide;
pub mod id;
mod listed;
pub mod map;
pub mod moments;
pub mod names;
pub mod news;
pub mod nightly;
pub mod pairs;
pub mod people;
pub mod people_saving;
pub(crate) mod people_told;
pub mod person;
pub mod privacy;
pub mod range;
pub mod report;
pub mod settings;
pub mod sidebar;
pub mod stretch;
mod strongest;
pub mod sync;
pub mod tidy;
pub mod timeline;
pub mod timelines;
pub mod top;
pub mod typed_range;
pub mod until;
pub mod video;
pub mod video_people;
pub mod when;
pub mod words;
