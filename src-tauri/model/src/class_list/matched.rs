//! What is known of a listed person after matching, and why.
//!
//! Deliberately absent: how it was found. Invariant: a row has one state, and only [`MatchState::Matched`] is sure.

/// Why a viewer is a listed person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchedBy {
    /// Somebody has decided it.
    Decision,
    /// The e-mail address.
    Email,
    /// The login.
    Login,
    /// The student number is the login.
    Number,
    /// The part before the `@`, with a confirmed domain.
    LocalPart,
}

impl MatchedBy {
    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Email => "email",
            Self::Login => "login",
            Self::Number => "number",
            Self::LocalPart => "local-part",
        }
    }
}

/// Why a viewer could be a listed person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuggestedBecause {
    /// Several accounts with this login, of different providers.
    SameLogin,
    /// The part before the `@` is the same; nobody has confirmed the domain.
    SameLocalPart,
    /// The number differs in its zeros or dashes only.
    ZerosDiffer,
    /// The same words make up the name.
    SameName,
    /// All words of one name are in the other.
    LikeName,
}

impl SuggestedBecause {
    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SameLogin => "same-login",
            Self::SameLocalPart => "same-local-part",
            Self::ZerosDiffer => "zeros-differ",
            Self::SameName => "same-name",
            Self::LikeName => "like-name",
        }
    }

    /// In words, after *is it … ?*
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SameLogin => "several accounts have this login",
            Self::SameLocalPart => "the same before the @",
            Self::ZerosDiffer => "the number differs in its zeros",
            Self::SameName => "the same name",
            Self::LikeName => "a similar name",
        }
    }
}

/// A viewer who could be a listed person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The place of the viewer in [`super::MatchInput::viewers`].
    pub viewer: usize,
    /// Why.
    pub because: SuggestedBecause,
}

/// Why nothing follows from what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictBecause {
    /// One identifier finds one viewer, another one finds another.
    FindsSeveral,
    /// Two people of the list find the same viewer.
    FoundByOthers,
    /// The list says two different things of this person.
    ListContradicts,
}

impl ConflictBecause {
    /// The word for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::FindsSeveral => "finds-several",
            Self::FoundByOthers => "found-by-others",
            Self::ListContradicts => "list-contradicts",
        }
    }

    /// In words.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::FindsSeveral => "e-mail, user name and number lead to different viewers",
            Self::FoundByOthers => "another person on the list leads to the same viewer",
            Self::ListContradicts => "the list names this person twice, with different details",
        }
    }
}

/// What is known of a listed person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchState {
    /// These viewers are the person.
    Matched {
        /// Their places in [`super::MatchInput::viewers`], ascending, at least one.
        viewers: Vec<usize>,
        /// Why.
        by: MatchedBy,
    },
    /// One of these could be the person; the likeliest first, at least one.
    Suggested(Vec<Suggestion>),
    /// What was found contradicts itself.
    Conflict {
        /// The places of the viewers that were found.
        viewers: Vec<usize>,
        /// Why.
        because: ConflictBecause,
    },
    /// Nobody was found.
    NotFound,
}

impl MatchState {
    /// The word for programs.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Matched { .. } => "matched",
            Self::Suggested(_) => "suggested",
            Self::Conflict { .. } => "conflict",
            Self::NotFound => "not-found",
        }
    }

    /// The places of the viewers it names.
    pub fn viewers(&self) -> Vec<usize> {
        match self {
            Self::Matched { viewers, .. } | Self::Conflict { viewers, .. } => viewers.clone(),
            Self::Suggested(suggestions) => suggestions.iter().map(|suggestion| suggestion.viewer).collect(),
            Self::NotFound => Vec::new(),
        }
    }
}

/// What is known of one listed person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedMatch {
    /// Their place in [`super::MatchInput::listed`].
    pub listed: usize,
    /// Who they are.
    pub state: MatchState,
}

/// A class list beside the viewers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassMatches {
    /// Each listed person, in the order of the list.
    pub rows: Vec<ListedMatch>,
    /// The places of the viewers whom no row names.
    pub not_listed: Vec<usize>,
}

impl ClassMatches {
    /// How many rows are matched, suggested, in conflict and not found.
    pub fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for row in &self.rows {
            counts[match row.state {
                MatchState::Matched { .. } => 0,
                MatchState::Suggested(_) => 1,
                MatchState::Conflict { .. } => 2,
                MatchState::NotFound => 3,
            }] += 1;
        }
        counts
    }
}
