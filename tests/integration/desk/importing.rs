//! Imports from the desk's stand-in GitHub, into any store.

use std::sync::{Arc, Mutex};

use keydesk::engine::import::{ImportError, Imported, News, Overdue};
use keydesk::store::Store;

use super::steps::polled;
use super::{Desk, build};

impl Desk {
    /// Imports the tracker into a store, and tells what was told on the way.
    pub(crate) fn tells_import(
        &self,
        store: &Store,
        overdue: Overdue,
    ) -> (Result<Imported, ImportError>, Vec<News>) {
        let told = Arc::new(Mutex::new(Vec::new()));
        let engine =
            build((&self.sandbox, &self.hub), store, (&self.chats, self.limits, &self.folder));
        let tell = {
            let told = told.clone();
            Arc::new(move |news| told.lock().expect("no panic").push(news))
        };
        let imported = self.runtime.block_on(engine.import("acme/support", overdue, tell));
        let told = told.lock().expect("no panic").clone();
        (imported, told)
    }

    /// The same, where only the end counts.
    pub(crate) fn imports(&self, store: &Store) -> Imported {
        self.tells_import(store, Overdue::Withheld).0.expect("an import")
    }

    /// Lets an import work for so many steps, then drops it in the middle. True if it was done.
    pub(crate) fn import_steps(&self, store: &Store, step_count: usize) -> bool {
        let engine =
            build((&self.sandbox, &self.hub), store, (&self.chats, self.limits, &self.folder));
        let work = engine.import("acme/support", Overdue::Withheld, Arc::new(|_| {}));
        self.runtime.block_on(polled(work, step_count))
    }

    /// A bot that works on this store now, until all is quiet.
    pub(crate) fn works_on(&mut self, store: &Store) {
        self.store = store.clone();
        self.restart();
    }
}
