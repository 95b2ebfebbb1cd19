//! Tidying the people of a course: who may be one person, who is left out, whose accounts are joined; every step can be undone.
//!
//! Deliberately absent: deciding anything by itself. Invariant: a suggestion says why, and changes nothing until somebody agrees.

use engine::roster::{Everybody, Somebody, Standing};
use engine::store::People;
use model::{PanoptoRole, PersonId, Recorded, Role, UserId, folded_name, user_key_parts};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What there is to tidy.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PeopleTidy {
    /// Pairs who may be one person, the surest first.
    pub suggestions: Vec<SamePerson>,
    /// People who are perhaps no students, each with the reason: the one who is signed in, and whoever may do more in Panopto
    /// than watch; none who is in the class.
    pub staff: Vec<TidyPerson>,
    /// Those who are left out.
    pub left_out: Vec<TidyPerson>,
    /// Those of several accounts.
    pub joined: Vec<TidyPerson>,
    /// Suggestions that were refused: of a pair that is two people, or of somebody who is taught.
    pub refused: Vec<RefusedSuggestion>,
}

/// Two people who may be one.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct SamePerson {
    /// Their keys.
    pub keys: Vec<String>,
    /// What they are called.
    pub labels: Vec<String>,
    /// Why: `the same e-mail address`.
    pub because: String,
}

/// A suggestion that was refused.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct RefusedSuggestion {
    /// The keys of those it is about: of one or two people.
    pub keys: Vec<String>,
    /// What they are called.
    pub labels: Vec<String>,
    /// `two people`, `not staff`.
    pub detail: String,
}

/// Somebody about whom something is decided.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct TidyPerson {
    /// The key.
    pub key: String,
    /// A name, or `Viewer 17`.
    pub label: String,
    /// `staff`, `2 accounts`.
    pub detail: String,
}

/// What somebody decides about people.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PeopleDecision {
    /// The course they are seen in.
    pub course_id: String,
    /// Their keys.
    pub keys: Vec<String>,
    /// What.
    pub what: DecidedPeople,
}

/// What can be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub enum DecidedPeople {
    /// They are left out of every figure, as staff.
    LeaveOutStaff,
    /// They are left out of every figure, as accounts to try things with.
    LeaveOutTest,
    /// They are left out of every figure.
    LeaveOut,
    /// They count again.
    CountAgain,
    /// They are one person.
    Join,
    /// Their accounts are people of their own again.
    Part,
    /// They are different people, and nobody suggests again to join them.
    Different,
    /// They are taught, and nobody suggests again to leave them out.
    Taught,
    /// What was refused may be suggested again.
    SuggestAgain,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "people.ts")]
pub struct PeopleDecided {
    /// In words.
    pub text: String,
    /// What takes it back.
    pub undo: String,
}

impl PeopleTidy {
    /// What there is to tidy among the people of a course. `kept` holds the decisions; `me` is what the one who is signed in is
    /// called: a name, a user name.
    pub(crate) fn new(everybody: &Everybody, kept: &People, me: &[String]) -> Self {
        let me: Vec<Vec<String>> = me.iter().map(|name| name_words(name)).filter(|words| !words.is_empty()).collect();
        let is_me = |viewer: &u32| {
            everybody.seen.accounts(*viewer as usize).iter().any(|account| {
                let name = &account.name;
                let login = user_key_parts(&name.user_key).1;
                let names = [format!("{} {}", name.first, name.last), name.user_key.clone(), login.to_owned()];
                names.iter().any(|name| me.contains(&name_words(name)))
            })
        };
        let is_taught = |account: UserId| kept.decisions.role_of(account) == Some(&Recorded::Known(Role::Student));
        let reason = |somebody: &Somebody| {
            let id = |viewer: &u32| everybody.seen.id(*viewer as usize).account();
            if somebody.viewers.iter().any(|viewer| is_taught(id(viewer))) {
                return None;
            }
            if somebody.viewers.iter().any(is_me) {
                return Some("signed in here");
            }
            let accounts = somebody.viewers.iter().flat_map(|viewer| everybody.seen.accounts(*viewer as usize));
            let roles = accounts.filter_map(|account| match kept.panopto_roles.get(&account.id) {
                Some(Recorded::Known(role)) => Some(*role),
                Some(Recorded::Unknown(_)) | None => None,
            });
            roles.max().map(PanoptoRole::text)
        };
        let viewers =
            everybody.people().iter().enumerate().filter(|(_, somebody)| somebody.standing == Standing::Viewer);
        let staff = viewers.filter_map(|(who, somebody)| {
            Some(TidyPerson {
                key: everybody.key(who),
                label: everybody.label(who).to_owned(),
                detail: reason(somebody)?.to_owned(),
            })
        });
        let staff = staff.collect();
        let label = |account: UserId| {
            everybody.find(&account.to_string()).map_or_else(String::new, |who| everybody.label(who).to_owned())
        };
        let suggestions = everybody.merge_suggestions().into_iter().map(|(one, other, because)| SamePerson {
            keys: vec![one.to_string(), other.to_string()],
            labels: vec![label(one.account()), label(other.account())],
            because: because.text().to_owned(),
        });
        let course = &everybody.seen.course.people;
        let left_out = course.left_out().iter().map(|person| {
            let id = person.id.account();
            let name = kept.account(id).name.shown().filter(|_| everybody.names() == engine::people::WithNames::Shown);
            let role = kept.decisions.role_of(id).map(Recorded::as_str);
            TidyPerson {
                key: id.to_string(),
                label: name.unwrap_or_else(|| engine::people::numbered(person)),
                detail: role.unwrap_or("left out").to_owned(),
            }
        });
        let joined = course.people().iter().filter(|person| person.accounts.len() > 1).map(|person| TidyPerson {
            key: person.id.to_string(),
            label: label(person.accounts[0]),
            detail: model::words::counted(person.accounts.len() as u64, "account", "accounts"),
        });
        let pairs = kept.decisions.different().into_iter().filter_map(|(one, other)| {
            let in_course = |id: PersonId| everybody.find(&id.to_string());
            in_course(one).zip(in_course(other)).map(|_| RefusedSuggestion {
                keys: vec![one.to_string(), other.to_string()],
                labels: vec![label(one.account()), label(other.account())],
                detail: "two people".to_owned(),
            })
        });
        let taught = course.people().iter().filter(|person| is_taught(person.id.account())).map(|person| {
            let label = label(person.accounts[0]);
            RefusedSuggestion { keys: vec![person.id.to_string()], labels: vec![label], detail: "not staff".to_owned() }
        });
        Self {
            suggestions: suggestions.collect(),
            staff,
            left_out: left_out.collect(),
            joined: joined.collect(),
            refused: pairs.chain(taught).collect(),
        }
    }
}

/// The words of a name, in no order: `Okonjo-Vale, Mira` is `Mira Okonjo-Vale`.
fn name_words(name: &str) -> Vec<String> {
    let folded = folded_name(name);
    let mut words: Vec<String> = folded.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.sort_unstable();
    words
}
