//! What the simulated server holds: folders, sessions, viewing records and people.
//!
//! Plain data with public fields, so that a test can build an exact world and later compare every row with it. The
//! server answers from the world's state at that moment and caches no reply.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Everything on the server. Ids must be unique; views may name sessions or users that do not exist.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct World {
    /// All folders, in any order.
    pub folders: Vec<Folder>,
    /// All sessions (videos), in any order.
    pub sessions: Vec<Session>,
    /// All viewing records, in any order. Replies sort them by time; ties keep the order given here.
    pub views: Vec<View>,
    /// People with an account. A viewer who is not listed here is anonymous.
    pub users: Vec<User>,
    /// Captions, for each session and language one.
    pub captions: Vec<CaptionTrack>,
}

/// A folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Folder {
    /// The folder's id.
    pub id: Uuid,
    /// The folder's name; it may be any text.
    pub name: String,
    /// The folder's description.
    pub description: Option<String>,
    /// The folder above, `None` at the top level.
    pub parent: Option<Uuid>,
    /// Whether the signed-in user may see the folder. If not, lists leave it out, its own lists are empty, its details
    /// answer 403 and its sessions cannot be read. Subfolders do not inherit this.
    pub visible: bool,
    /// The user who created it; `folders/creator` lists it for this user.
    pub creator: Option<Uuid>,
}

/// A session; people call it a video.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Session {
    /// The session's id.
    pub id: Uuid,
    /// The folder that holds the session.
    pub folder: Uuid,
    /// The session's name; it may be any text.
    pub name: String,
    /// The session's description.
    pub description: Option<String>,
    /// Length in seconds; `None` while the session is live or scheduled.
    pub duration: Option<f64>,
    /// When the recording began; also its "created date" for sorting.
    pub start_time: Option<DateTime<Utc>>,
    /// The user who created it.
    pub creator: Option<Uuid>,
}

/// The captions of a session in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptionTrack {
    /// The session.
    pub session: Uuid,
    /// Panopto's name of the language, `English_USA`.
    pub language: String,
    /// What the file holds.
    pub text: CaptionText,
}

/// What a file of captions holds.
#[derive(Debug, Clone, PartialEq)]
pub enum CaptionText {
    /// This, as it is; perhaps nothing.
    Whole(String),
    /// An invented lecture, made when it is asked for.
    Lecture(crate::worlds::speech::Lecture),
}

impl CaptionText {
    /// The file.
    pub(crate) fn written(&self, session: &Session) -> String {
        match self {
            Self::Whole(text) => text.clone(),
            Self::Lecture(lecture) => lecture.written(&session.name, session.duration.unwrap_or_default()),
        }
    }
}

/// A viewing record: one run of playback.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct View {
    /// The session that was viewed.
    pub session: Uuid,
    /// The viewer.
    pub user: Uuid,
    /// When the server stored the record. See [`sql_time`](crate::sql_time) for the grid of real times.
    pub time: DateTime<Utc>,
    /// Where playback began, in seconds of video.
    pub start_position: f64,
    /// How much was played, in seconds of video (not of the viewer's time).
    pub seconds_viewed: f64,
    /// Speed of playback; 1 is normal. Old records have none.
    pub playback_speed: Option<f64>,
    /// Why playback began: `Start`, `Seek`, `Resume`, `NewSpeed`, `Unknown`, `Unexpected`, or a word that a later
    /// server may add.
    pub start_reason: String,
    /// Why playback stopped: `End`, `Seek`, `Pause`, `SpeedChange`, `PlayerClose`, `Unknown`, `Unexpected`, or a word
    /// that a later server may add.
    pub stop_reason: String,
}

/// A person with an account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct User {
    /// The id that viewing records name.
    pub id: Uuid,
    /// The name to sign in with, possibly as `provider\name`. Compared ignoring case.
    pub username: String,
    /// The password. A user without one cannot sign in by password.
    pub password: Option<String>,
    /// The person's name; the last word is the family name. Empty: the account has only a user name.
    pub name: String,
    /// The person's e-mail address; may be empty.
    pub email: String,
    /// Whether the account was deleted and its names overwritten, as Panopto's plug-ins do.
    pub is_deleted: bool,
    /// What it may do everywhere on the server.
    pub system_role: SystemRole,
}

/// What an account may do everywhere on the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SystemRole {
    /// Nothing but what folders grant it.
    #[default]
    None,
    /// It may make folders.
    Videographer,
    /// Everything.
    Admin,
}

impl SystemRole {
    /// The word of the service.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Videographer => "Videographer",
            Self::Admin => "Admin",
        }
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self { id: Uuid::nil(), name: String::new(), description: None, parent: None, visible: true, creator: None }
    }
}

impl Folder {
    /// A visible folder without a description.
    pub fn new(id: Uuid, name: impl Into<String>, parent: Option<Uuid>) -> Self {
        Self { id, name: name.into(), parent, ..Self::default() }
    }
}

impl Session {
    /// A session of `duration` seconds.
    pub fn new(id: Uuid, folder: Uuid, name: impl Into<String>, duration: f64) -> Self {
        Self { id, folder, name: name.into(), duration: Some(duration), ..Self::default() }
    }
}

impl CaptionTrack {
    /// Captions in American English.
    pub fn new(session: Uuid, text: impl Into<String>) -> Self {
        Self { session, language: "English_USA".to_owned(), text: CaptionText::Whole(text.into()) }
    }
}

impl View {
    /// A run at normal speed that began with `Start` and stopped with `Pause`.
    pub fn new(session: Uuid, user: Uuid, time: DateTime<Utc>, start_position: f64, seconds_viewed: f64) -> Self {
        Self {
            session,
            user,
            time,
            start_position,
            seconds_viewed,
            playback_speed: Some(1.0),
            start_reason: "Start".to_owned(),
            stop_reason: "Pause".to_owned(),
        }
    }
}

impl World {
    /// The folder with this id.
    pub fn folder(&self, id: Uuid) -> Option<&Folder> {
        self.folders.iter().find(|folder| folder.id == id)
    }

    /// The session with this id.
    pub fn session(&self, id: Uuid) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
    }

    /// Whether the session exists and is in `course` or in a folder below it. This is the truth, whatever replies say.
    /// Slow: for tests only.
    pub fn has_in_course(&self, course: Uuid, session: Uuid) -> bool {
        self.session(session).is_some_and(|session| self.folder_tree(course).contains(&session.folder))
    }

    /// The ids of `root` and every folder below it, each once, even if the parents form a ring. Slow: for tests only.
    pub fn folder_tree(&self, root: Uuid) -> Vec<Uuid> {
        let mut found = vec![root];
        let mut next = 0;
        while next < found.len() {
            for folder in &self.folders {
                if folder.parent == Some(found[next]) && !found.contains(&folder.id) {
                    found.push(folder.id);
                }
            }
            next += 1;
        }
        found
    }
}
