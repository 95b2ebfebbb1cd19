//! Finds the course on the list that a person means: by ID, by a link to it, by its name or by a part of the name.
//!
//! Invariant: it never guesses. A text that fits several courses selects none, and the error lists them.

use engine::folders::{folder_of_link, server_of_link};
use engine::store::DataFolder;
use engine::store::course_list::ListedCourse;
use engine::{Error, ErrorCode, Result};
use model::FolderId;
use model::line::quotable;

const SEE_THE_LIST: &str = "`panopto-analytics courses list` shows names and IDs";
/// How many courses an error lists if several fit.
const MOST_NAMED: usize = 5;

/// Whether a part of a name is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    /// It is.
    Suffice,
    /// Only the whole name counts, because the action is not easily undone.
    TooLittle,
}

impl Parts {
    /// For a command that deletes only with `--delete`: what it would delete can be asked for with a part of the name.
    pub(crate) const fn for_deleting(delete: bool) -> Self {
        if delete { Self::TooLittle } else { Self::Suffice }
    }
}

/// The course list; [`ErrorCode::NotFound`] if it is empty.
pub(crate) fn listed_courses(folder: &DataFolder) -> Result<Vec<ListedCourse>> {
    let listed = folder.courses()?;
    if listed.is_empty() {
        return Err(Error::new(ErrorCode::NotFound, "The course list is empty")
            .with_hint("Add a folder with `panopto-analytics courses add LINK`"));
    }
    Ok(listed)
}

/// The courses of the list that these texts refer to, each once. No texts give no courses.
pub(crate) fn courses_named(listed: &[ListedCourse], texts: &[String]) -> Result<Vec<FolderId>> {
    let mut found: Vec<FolderId> = Vec::new();
    for text in texts {
        let id = course_named(listed, text, Parts::Suffice)?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// The course that a text refers to. [`ErrorCode::NotFound`] if it is not on the list; [`ErrorCode::InvalidInput`] if
/// it could be one of several, or if a link names no folder.
pub(crate) fn course_named(listed: &[ListedCourse], text: &str, parts: Parts) -> Result<FolderId> {
    if text.trim().is_empty() {
        return Err(Error::new(ErrorCode::InvalidInput, "A course is expected: its name, its ID or a link to it")
            .with_hint(SEE_THE_LIST));
    }
    match folder_of_link(text, None) {
        Ok(id) if listed.iter().any(|course| course.id == id) => return Ok(id),
        Ok(id) => {
            return Err(Error::new(ErrorCode::NotFound, format!("Course {id} is not on the course list"))
                .with_hint(SEE_THE_LIST));
        }
        Err(error) if server_of_link(text).is_some() => return Err(error),
        Err(_) => {}
    }
    let wanted = text.trim().to_lowercase();
    let fitting = |fits: &dyn Fn(&str) -> bool| -> Vec<&ListedCourse> {
        listed.iter().filter(|course| fits(&course.name.to_lowercase())).collect()
    };
    let mut found = fitting(&|name| name == wanted);
    let is_whole = !found.is_empty();
    if !is_whole {
        found = fitting(&|name| name.contains(&wanted));
    }
    match found.as_slice() {
        [course] if is_whole || parts == Parts::Suffice => Ok(course.id),
        [course] => Err(Error::new(
            ErrorCode::InvalidInput,
            format!("`{}` is only a part of a name; what deletes data needs the whole name or the ID", quotable(text)),
        )
        .with_hint(format!("The course is called `{}`", quotable(&course.name)))),
        [] => Err(Error::new(ErrorCode::NotFound, format!("No course on the list is called `{}`", quotable(text)))
            .with_hint(SEE_THE_LIST)),
        several => {
            let mut names: Vec<String> =
                several.iter().take(MOST_NAMED).map(|course| format!("{} ({})", course.name, course.id)).collect();
            if several.len() > MOST_NAMED {
                names.push("…".to_owned());
            }
            Err(Error::new(
                ErrorCode::InvalidInput,
                format!("`{}` fits {} courses: {}", quotable(text), several.len(), names.join(", ")),
            )
            .with_hint("Give more of the name, or the ID"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed() -> Vec<ListedCourse> {
        let course =
            |digit: u8, name: &str| ListedCourse { id: FolderId::from_bytes([digit; 16]), name: name.to_owned() };
        vec![course(1, "COMM 290"), course(2, "COMM 290 (summer)"), course(3, "Électronique"), course(4, "")]
    }

    fn named(text: &str) -> Result<FolderId> {
        course_named(&listed(), text, Parts::Suffice)
    }

    #[test]
    fn a_course_is_found_by_all_its_names() {
        let id = FolderId::from_bytes([3; 16]);
        let link = format!("https://uni.hosted.panopto.com/Panopto/Pages/Sessions/List.aspx#folderID={id}");
        for text in ["Électronique", " électro ", &id.to_string(), &link] {
            assert_eq!(named(text).unwrap(), id, "{text}");
        }
        assert_eq!(named("comm 290").unwrap(), FolderId::from_bytes([1; 16]), "the whole name wins over a part");
        assert_eq!(named("summer").unwrap(), FolderId::from_bytes([2; 16]));
    }

    #[test]
    fn what_fits_several_or_none_is_refused() {
        let error = named("comm").unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidInput);
        assert!(error.message().starts_with("`comm` fits 2 courses: COMM 290 (0101"), "{error}");
        for text in ["Biology", "6513270e-269e-4d37-b2a7-4de452e6b438"] {
            assert_eq!(named(text).unwrap_err().code(), ErrorCode::NotFound, "{text}");
        }
        for text in ["", " ", "https://uni.hosted.panopto.com/Panopto/Pages/Home.aspx"] {
            assert_eq!(named(text).unwrap_err().code(), ErrorCode::InvalidInput, "{text}");
        }
        let part = course_named(&listed(), "summer", Parts::TooLittle).unwrap_err();
        assert_eq!(part.code(), ErrorCode::InvalidInput, "a part of a name is too little to remove a course");
        assert_eq!(part.hint(), Some("The course is called `COMM 290 (summer)`"));
        let none = course_named(&listed(), "Biology", Parts::TooLittle).unwrap_err();
        assert_eq!(none.code(), ErrorCode::NotFound);
    }
}
