//! How the sync of one course went, in one word. Journal, events, reports and screens use these words.

use serde::Serialize;

use crate::recorded::Word;

/// How the sync of one course went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "sync.ts"))]
#[serde(rename_all = "camelCase")]
pub enum OutcomeWord {
    /// Every video already had the last complete day.
    UpToDate,
    /// Everything that was due was fetched and stored.
    Synced,
    /// Some of it failed and will be tried again; the rest is stored.
    Partial,
    /// Nothing could be fetched or stored.
    Failed,
    /// The user stopped it.
    Cancelled,
}

impl OutcomeWord {
    /// The word as it is written in journals and JSON, for example `upToDate`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UpToDate => "upToDate",
            Self::Synced => "synced",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Word for OutcomeWord {
    const ALL: &'static [Self] = &[Self::UpToDate, Self::Synced, Self::Partial, Self::Failed, Self::Cancelled];

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Recorded;

    #[test]
    fn words_read_back_and_unknown_ones_stay_unknown() {
        for word in OutcomeWord::ALL {
            assert_eq!(serde_json::to_value(word).unwrap(), word.as_str());
            assert_eq!(Recorded::of(word.as_str()), Recorded::Known(*word));
        }
        assert_eq!(Recorded::<OutcomeWord>::of("Synced"), Recorded::Unknown("Synced".to_owned()));
    }
}
