//! How much two names are alike: enough for a suggestion, never for more.
//!
//! Names change their order, drop a middle name, and two people can share one. Deliberately absent: spelling mistakes and
//! nicknames; a suggestion that is often wrong is no help.
//!
//! Invariant: one shared word means nothing.

/// How alike two names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// All words of one are among those of the other, at least two.
    Contained,
    /// The same words, at least two.
    Same,
}

/// How alike names are, by their words as [`super::identity::name_words`] gives them.
pub(super) fn likeness(one: &[String], other: &[String]) -> Option<Likeness> {
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if few.len() < 2 || !few.iter().all(|word| many.binary_search(word).is_ok()) {
        return None;
    }
    Some(if few.len() == many.len() { Likeness::Same } else { Likeness::Contained })
}

#[cfg(test)]
mod tests {
    use super::super::identity::name_words;
    use super::*;

    fn of(one: &str, other: &str) -> Option<Likeness> {
        likeness(&name_words(one), &name_words(other))
    }

    #[test]
    fn the_same_words_are_likely_some_are_possible_one_is_nothing() {
        assert_eq!(of("Okonjo-Vale, Mira", "Mira Okonjo Vale"), Some(Likeness::Same));
        assert_eq!(of("García Márquez, Gabriel José", "Gabriel Garcia Marquez"), Some(Likeness::Contained));
        assert_eq!(of("Costa, Lúcia", "Costa, Ana"), None);
        assert_eq!(of("Mira", "Mira"), None, "one word is shared by many");
    }
}
