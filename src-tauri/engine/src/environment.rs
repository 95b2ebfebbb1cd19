//! The environment variables of the process. They come from outside so that tests can set them.

use std::collections::BTreeMap;

/// Looks up environment variables.
pub trait Environment: Send + Sync {
    /// The value of a variable; `None` when it is not set, empty or not text.
    fn variable(&self, name: &str) -> Option<String>;
}

/// The variables of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }
}

/// Variables from a table. Its `Debug` shows the names only.
#[derive(Clone, Default)]
pub struct FixedEnvironment(BTreeMap<String, String>);

impl FixedEnvironment {
    /// The variables in `pairs` and no others.
    pub fn new<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl std::fmt::Debug for FixedEnvironment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Environment for FixedEnvironment {
    fn variable(&self, name: &str) -> Option<String> {
        self.0.get(name).filter(|value| !value.is_empty()).cloned()
    }
}
