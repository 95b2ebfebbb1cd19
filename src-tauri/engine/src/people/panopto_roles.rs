//! What Panopto lets the viewers of a course do there, as a reason to ask whether somebody is no student.
//!
//! Deliberately absent: leaving anybody out, and names. Whatever fails here, names are fetched all the same.

use model::{PanoptoRole, UserId};
use tokio_util::sync::CancellationToken;

use crate::source::Source;
use crate::store::People;
use crate::store::course_list::ListedCourse;

/// Keeps what an account may do; what it may do in one course does not take the place of what it may do everywhere.
pub(super) fn learn_role(people: &mut People, id: UserId, role: Option<PanoptoRole>) {
    let Some(role) = role else { return };
    let known = people.panopto_roles.entry(id).or_insert(role.into());
    if role != PanoptoRole::Creator {
        *known = role.into();
    }
}

/// Asks who may add recordings to the courses, and keeps it of those who watch. One call for each course.
pub(super) async fn ask_for_creators(
    source: &Source,
    courses: &[ListedCourse],
    is_viewer: &(dyn Fn(UserId) -> bool + Sync),
    people: &mut People,
    cancel: &CancellationToken,
) {
    for course in courses {
        if cancel.is_cancelled() {
            return;
        }
        match source.creators_of(course.id).await {
            Ok(creators) => {
                for id in creators.into_iter().filter(|id| is_viewer(*id)) {
                    learn_role(people, id, Some(PanoptoRole::Creator));
                }
            }
            Err(error) => {
                tracing::info!(code = error.code().as_str(), "it is not known who may add recordings: {error}");
                return;
            }
        }
    }
}
