//! The programs of one server, each under its own name.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{Mutex, OnceCell, RwLock};
use uuid::Uuid;

use crate::content::Content;
use crate::program::{Prepared, Program, Trouble};
use crate::situation::{Situation, Situations};

/// The most programs at the same time, so that a test that forgets to end its own is noticed.
const MOST: usize = 64;

/// What programs of each content start from: once synced, and once not.
type Cache = HashMap<(Content, bool), Arc<OnceCell<Prepared>>>;

/// Every program that is running, by its name.
#[derive(Default)]
pub(crate) struct Programs {
    running: RwLock<HashMap<Uuid, Arc<RwLock<Program>>>>,
    prepared: Mutex<Cache>,
}

impl Programs {
    /// Starts a program in these situations.
    pub(crate) async fn start(&self, situations: &Situations) -> Result<(Uuid, Arc<RwLock<Program>>), Trouble> {
        if self.running.read().await.len() >= MOST {
            return Err(format!("{MOST} programs are running already: end those that are done").into());
        }
        let prepared = self.prepared(situations).await?;
        let program = Arc::new(RwLock::new(Program::start(&prepared, situations).await?));
        let name = Uuid::new_v4();
        self.running.write().await.insert(name, Arc::clone(&program));
        Ok((name, program))
    }

    /// The program of this name.
    pub(crate) async fn get(&self, name: Uuid) -> Option<Arc<RwLock<Program>>> {
        self.running.read().await.get(&name).cloned()
    }

    /// Ends a program; `false` if it is not running.
    pub(crate) async fn end(&self, name: Uuid) -> bool {
        self.running.write().await.remove(&name).is_some()
    }

    async fn prepared(&self, situations: &Situations) -> Result<Prepared, Trouble> {
        let never = [Situation::NeverSynced, Situation::NoCourses, Situation::FirstStart];
        let wanted = (Content::of(situations), !situations.has_any(&never));
        let cell = Arc::clone(self.prepared.lock().await.entry(wanted).or_default());
        // Two tests that want the same content wait for one preparation; others go on.
        Ok(cell.get_or_try_init(|| Prepared::make(wanted.0, wanted.1)).await?.clone())
    }
}
