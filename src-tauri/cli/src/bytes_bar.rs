//! A bar for work that is measured in bytes: chunking and writing. Only terminals show it, because such work is short.

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal::{Showing, Terminal};

/// The bar appears with the first call of [`BytesBar::at`] and disappears when this value is dropped.
#[derive(Debug)]
pub(crate) struct BytesBar {
    terminal: Terminal,
    bar: Option<ProgressBar>,
}

impl BytesBar {
    /// A bar after this word.
    pub(crate) fn new(terminal: &Terminal, word: &'static str) -> Self {
        let bar = (terminal.showing() == Showing::Bars).then(|| {
            let style = ProgressStyle::with_template("{prefix} {bar:24.cyan/dim} {bytes} of {total_bytes}")
                .expect("the template is a constant");
            ProgressBar::hidden().with_style(style.progress_chars("━╸ ")).with_prefix(word)
        });
        Self { terminal: terminal.clone(), bar }
    }

    /// Reports how much is done; may be called from any thread.
    pub(crate) fn at(&self, done_bytes: u64, total_bytes: u64) {
        let Some(bar) = &self.bar else { return };
        if bar.is_hidden() {
            self.terminal.bars().add(bar.clone());
        }
        bar.set_length(total_bytes.max(done_bytes));
        bar.set_position(done_bytes);
    }
}

impl Drop for BytesBar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            self.terminal.bars().remove(bar);
        }
    }
}
