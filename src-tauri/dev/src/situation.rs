//! The situations in which a program can be started, by name; several can be combined.
//!
//! Deliberately absent: how a situation is brought about (see [`crate::program`]). An unknown name is refused, so a
//! test that asks for a removed situation fails.

use std::collections::BTreeSet;

use serde::Deserialize;

/// One thing that holds when the program starts. Without any, the two sample courses are fetched and somebody is signed
/// in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Situation {
    /// Nothing is set up.
    FirstStart,
    /// Connected, but no course is on the list.
    NoCourses,
    /// The courses were never synced.
    NeverSynced,
    /// The folders hold no video.
    NoVideos,
    /// Nobody has watched anything.
    Unwatched,
    /// One person watched.
    OneViewer,
    /// Long, right-to-left, Chinese and hostile names.
    HardNames,
    /// A course of 2,000 videos.
    ManyVideos,
    /// 60 courses.
    ManyCourses,
    /// The server no longer accepts the sign-in.
    SignedOut,
    /// The server cannot be reached.
    Offline,
    /// No keychain answers.
    NoKeychain,
    /// Nothing more can be written to the data folder.
    FullDisk,
    /// Another process is writing the data folder.
    Busy,
    /// The viewing records of the first course are damaged.
    DamagedData,
    /// The course list is damaged.
    DamagedList,
    /// The settings file is damaged; the backup is intact.
    DamagedSettings,
    /// The server has something new, but falls silent while it is being fetched.
    StallsWhileFetching,
    /// Nobody has watched anything, and the server falls silent after each video of the first course was asked for
    /// once. Then everything is fetched, but the empty answers are not proven yet.
    StallsAtTheEnd,
    /// One video of the first course cannot be fetched; the last sync said so.
    SyncedInPart,
    /// The last sync of the first course failed.
    SyncFailed,
    /// The last sync was stopped.
    SyncStopped,
    /// There was an earlier export.
    Exported,
    /// There was one, it is repeated every night, and the last night went well.
    EveryNight,
    /// The same, but the last night failed.
    NightFailed,
    /// The system starts no jobs.
    NoScheduler,
    /// Names of viewers are fetched and shown, and the first course has its class list.
    Named,
    /// The dark appearance is chosen.
    Dark,
    /// The light appearance is chosen.
    Light,
}

/// Everything that holds when one program starts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Situations {
    situations: BTreeSet<Situation>,
}

impl Situations {
    pub(crate) fn has(&self, situation: Situation) -> bool {
        self.situations.contains(&situation)
    }

    pub(crate) fn has_any(&self, situations: &[Situation]) -> bool {
        situations.iter().any(|situation| self.has(*situation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn situations_are_named_and_an_unknown_one_is_refused() {
        let read = |text: &str| serde_json::from_str::<Situations>(text);
        let two = read(r#"{"situations":["signedOut","dark"]}"#).unwrap();
        assert!(two.has(Situation::SignedOut) && two.has_any(&[Situation::Light, Situation::Dark]));
        assert!(!two.has(Situation::Offline));
        assert!(read(r#"{"situations":["signedout"]}"#).is_err());
    }
}
