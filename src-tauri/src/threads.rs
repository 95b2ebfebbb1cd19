//! Threads for work that blocks, so that the window goes on answering.

use crate::error::lost_work;

/// Runs work that blocks (files, keychain, drawing) off the threads that serve the window.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> engine::Result<T> + Send + 'static,
) -> engine::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(lost_work)?
}
