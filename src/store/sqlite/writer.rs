//! The thread that owns the database file: it takes whatever waits, runs it as one transaction,
//! and answers when that is on the disk. Under load many share one write to the disk.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use super::SqliteConnection;
use super::place::Place;
use crate::store::connection::Work;
use crate::store::{StoreError, Trouble};

/// How many may wait before callers are held back.
const QUEUE_LENGTH: usize = 4096;
/// How many share a transaction at the most, so that the first does not wait long.
const BATCH_LENGTH: usize = 256;

/// The write-ahead log keeps what was erased until it is taken into the database, which is done this
/// often when nobody waits.
const TIDY_INTERVAL: Duration = Duration::from_secs(10);

/// Where a caller waits for the end of its transaction.
type Answer = oneshot::Sender<Result<(), StoreError>>;

/// What the thread is asked for.
enum Message {
    /// To do something in a transaction.
    Work(Work, Answer),
    /// To leave nothing in the write-ahead log, and to say so.
    Tidy(oneshot::Sender<()>),
}

/// A handle to the thread. It ends when the last handle is dropped.
#[derive(Clone)]
pub(in crate::store) struct Writer {
    queue: mpsc::Sender<Message>,
    has_failed: Arc<AtomicBool>,
}

/// What the thread works with.
struct Thread {
    session: SqliteConnection,
    place: Place,
    has_failed: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the thread; `lock` is held until it ends.
    pub(super) fn start(session: SqliteConnection, (place, lock): (Place, File)) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE_LENGTH);
        let has_failed = Arc::new(AtomicBool::new(false));
        let thread = Thread { session, place, has_failed: has_failed.clone() };
        std::thread::spawn(move || {
            thread.write_until_dropped(waiting);
            // The connection before the files it locks.
            drop(thread.session);
            drop((thread.place, lock));
        });
        Self { queue, has_failed }
    }

    /// Where the last change could not be kept: whether the next can.
    pub(in crate::store) async fn try_again(&self) -> Result<(), StoreError> {
        if self.has_failed.load(Ordering::Relaxed) {
            self.run(Box::new(super::rewrite_version)).await?;
            self.has_failed.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Runs `work` in a transaction, possibly together with others'.
    pub(in crate::store) async fn run(&self, work: Work) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        self.queue.send(Message::Work(work, answer)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Takes the write-ahead log into the database and empties it.
    pub(in crate::store) async fn tidy(&self) {
        let (answer, answered) = oneshot::channel();
        if self.queue.send(Message::Tidy(answer)).await.is_ok() {
            // An error means that the thread has ended, which tidies too.
            let _ = answered.await;
        }
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable("the writer has stopped".to_owned())
}

/// One caller's failure must not undo the others' work.
fn in_savepoint(connection: &SqliteConnection, work: Work) -> Result<(), StoreError> {
    let file = &connection.0;
    file.prepare_cached("SAVEPOINT one")?.execute([])?;
    let result = work(connection);
    if result.is_err() && !file.is_autocommit() {
        file.execute_batch("ROLLBACK TO one")?;
    }
    if !file.is_autocommit() {
        file.prepare_cached("RELEASE one")?.execute([])?;
    }
    result
}

impl Thread {
    fn write_until_dropped(&self, mut waiting: mpsc::Receiver<Message>) {
        let mut batch = Vec::with_capacity(BATCH_LENGTH);
        let mut tidied = (Instant::now(), self.session.0.total_changes());
        while waiting.blocking_recv_many(&mut batch, BATCH_LENGTH) > 0 {
            let mut tidiers = Vec::new();
            let mut works = batch
                .drain(..)
                .filter_map(|message| match message {
                    Message::Work(work, answer) => Some((work, answer)),
                    Message::Tidy(answer) => {
                        tidiers.push(answer);
                        None
                    }
                })
                .collect::<Vec<_>>()
                .into_iter()
                .peekable();
            while works.peek().is_some() {
                self.commit_together(&mut works);
            }
            let is_due = tidied.0.elapsed() >= TIDY_INTERVAL
                && waiting.is_empty()
                && tidied.1 != self.session.0.total_changes();
            if is_due || !tidiers.is_empty() {
                self.tidy();
                tidied = (Instant::now(), self.session.0.total_changes());
            }
            for answer in tidiers {
                // Whoever asked may have gone away.
                let _ = answer.send(());
            }
        }
        self.tidy();
    }

    /// Somebody who reads the file may be in the way; nobody waits for that, and the next time
    /// will do. What was written over is left as it is.
    fn tidy(&self) {
        let connection = &self.session.0;
        if self.place.check().is_err() {
            return;
        }
        let tidied = connection
            .busy_timeout(Duration::ZERO)
            .and_then(|()| connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)"));
        let restored = connection.busy_timeout(super::BUSY_TIMEOUT);
        if let Err(error) = tidied.and(restored) {
            tracing::debug!(%error, "the write-ahead log could not be emptied");
        }
    }

    /// Runs what it can as one transaction. A full disk makes SQLite roll back by itself: then
    /// those before are told so, and the rest starts a transaction of its own. Where none can be
    /// begun nobody of the batch has to wait for that a second time.
    fn commit_together(&self, works: &mut dyn Iterator<Item = (Work, Answer)>) {
        // A caller that went away has nobody left to tell.
        let tell = |answer: Answer, result| drop(answer.send(result));
        if let Err(error) = self.begin() {
            self.has_failed.store(true, Ordering::Relaxed);
            works.for_each(|(_, answer)| tell(answer, Err(error.clone())));
            return;
        }
        let mut done = Vec::new();
        for (work, answer) in works {
            done.push((answer, in_savepoint(&self.session, work)));
            if self.session.0.is_autocommit() {
                break;
            }
        }
        let committed = self.commit();
        if committed.is_err() {
            self.has_failed.store(true, Ordering::Relaxed);
        }
        for (answer, result) in done {
            tell(answer, committed.clone().and(result));
        }
    }

    fn begin(&self) -> Result<(), StoreError> {
        self.place.check()?;
        Ok(self.session.0.execute_batch("BEGIN IMMEDIATE")?)
    }

    /// Nothing counts as kept unless it is where the next start will look for it.
    fn commit(&self) -> Result<(), StoreError> {
        if self.session.0.is_autocommit() {
            let what = "the database rolled the transaction back".to_owned();
            return Err(StoreError::Troubled { trouble: Trouble::Other, what });
        }
        if let Err(error) = self.session.0.execute_batch("COMMIT") {
            if !self.session.0.is_autocommit() {
                // Nothing more can be done than to try; the next BEGIN tells if this failed too.
                let _ = self.session.0.execute_batch("ROLLBACK");
            }
            return Err(error.into());
        }
        self.place.check()
    }
}
