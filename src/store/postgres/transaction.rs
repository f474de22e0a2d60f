//! SQL on PostgreSQL. A statement is sent at once and its answer is awaited only where somebody
//! asks for it; the answers of the others are read before the next that is. So a transaction costs
//! as many round trips as it asks questions.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use deadpool_postgres::Object;
use futures_util::TryStreamExt;
use futures_util::future::{MaybeDone, maybe_done};
use tokio::runtime::Handle;
use tokio_postgres::{Error, Row as ServerRow, Statement};

use super::SILENCE_MAX;
use super::error::silent;
use super::value::numbered;
use crate::store::StoreError;
use crate::store::connection::{Flow, Lock, Queue, Row, Transaction, Value, Work, params};

/// The channel on which processes tell each other that there is work.
pub(super) const CHANNEL: &str = "keydesk";

/// Locks of ours, among those of other programs in the same database.
const LOCKS: i64 = 0x4b44 << 48;

/// What the server will answer.
type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Error>>>>;

/// A statement that was sent.
struct Sent<T>(Pin<Box<MaybeDone<Answer<T>>>>);

/// How far a transaction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Statements may follow.
    Open,
    /// One statement follows, and the commit goes with it.
    EndsWithNext,
    /// It was committed or rolled back.
    Ended,
}

/// A transaction on a connection of the pool.
pub(super) struct PostgresTransaction {
    /// There until it is dropped.
    client: Option<Arc<Object>>,
    runtime: Handle,
    /// Statements whose answer nobody has read yet.
    unanswered: RefCell<Vec<Sent<u64>>>,
    stage: Cell<Stage>,
    /// Whether anything but questions was sent.
    has_written: Cell<bool>,
    /// How often the server was waited for, by all transactions.
    waits: Arc<AtomicU64>,
}

impl PostgresTransaction {
    /// Begins a transaction; the server is told with the first statement.
    pub(super) fn begin(client: Object, (runtime, waits): (Handle, Arc<AtomicU64>)) -> Self {
        let session = Self {
            client: Some(Arc::new(client)),
            runtime,
            unanswered: RefCell::default(),
            stage: Cell::new(Stage::Open),
            has_written: Cell::new(false),
            waits,
        };
        session.control("BEGIN");
        session
    }

    /// Runs `work`, and commits if it succeeds.
    pub(super) fn run(self, work: Work) -> Result<(), StoreError> {
        let result = work(&self);
        if self.stage.get() == Stage::Ended {
            return result;
        }
        match result {
            Ok(()) => self.end("COMMIT"),
            Err(error) => {
                // It is undone whatever the server says: the connection is dropped if it says no.
                let _ = self.end("ROLLBACK");
                Err(error)
            }
        }
    }

    /// After a statement that failed the server takes a commit for a rollback. The end of a
    /// transaction that only asked is told to it, and nobody waits for its answer.
    fn end(&self, how: &'static str) -> Result<(), StoreError> {
        let is_idle = !self.has_written.get() && self.unanswered.borrow().is_empty();
        self.control(how);
        if !is_idle {
            self.count_wait();
            self.read_answers()?;
        }
        self.unanswered.take();
        self.stage.set(Stage::Ended);
        Ok(())
    }

    fn client(&self) -> Arc<Object> {
        self.client.clone().expect("it is there until the session is dropped")
    }

    fn count_wait(&self) {
        self.waits.fetch_add(1, Ordering::Relaxed);
    }

    /// Sends a word of the transaction itself.
    fn control(&self, word: &'static str) {
        let client = self.client();
        let sent = async move { client.batch_execute(word).await.map(|()| 0) };
        let sent = self.start(Box::pin(sent));
        self.unanswered.borrow_mut().push(sent);
    }

    /// Hands a statement to the connection: polled once, it is on its way.
    fn start<T: 'static>(&self, future: Answer<T>) -> Sent<T> {
        let mut sent = Box::pin(maybe_done(future));
        self.runtime.block_on(async {
            let _ = futures_util::poll!(sent.as_mut());
        });
        Sent(sent)
    }

    fn await_answer<T: 'static>(&self, mut sent: Sent<T>) -> Result<T, StoreError> {
        let answered = self.runtime.block_on(async {
            tokio::time::timeout(SILENCE_MAX, sent.0.as_mut()).await.map_err(|_| silent())
        });
        answered?;
        let answer = sent.0.as_mut().take_output().expect("it is taken once, when it is there");
        Ok(answer?)
    }

    /// All of them are read, also after one that tells of an error: the first is what went wrong.
    fn read_answers(&self) -> Result<(), StoreError> {
        let mut first = Ok(());
        for sent in self.unanswered.take() {
            first = first.and(self.await_answer(sent).map(drop));
        }
        first
    }

    /// What must be prepared is, before anything that follows is sent.
    fn statement(&self, sql: &str) -> Result<Statement, StoreError> {
        let (client, sql) = (self.client(), numbered(sql));
        let prepared = self.runtime.block_on(async {
            tokio::time::timeout(SILENCE_MAX, client.prepare_cached(&sql)).await
        });
        let prepared = prepared.map_err(|_| silent())?;
        if prepared.is_err() {
            // It may have failed only because something before it did.
            self.read_answers()?;
        }
        Ok(prepared?)
    }

    /// Sends a question and awaits its answer, after those of all before it.
    fn ask<T: 'static>(
        &self,
        question: impl Future<Output = Result<T, Error>> + 'static,
    ) -> Result<T, StoreError> {
        let asked = self.start(Box::pin(question));
        let before = self.unanswered.take();
        let is_last = self.stage.get() == Stage::EndsWithNext;
        if is_last {
            self.control("COMMIT");
        }
        self.count_wait();
        let commit = self.unanswered.replace(before);
        let told = self.read_answers();
        let answer = self.await_answer(asked);
        if is_last {
            self.unanswered.replace(commit);
            self.read_answers()?;
            self.stage.set(Stage::Ended);
        }
        told.and(answer)
    }

    /// Sends a statement and does not wait.
    fn tell(&self, sql: &str, values: Vec<Value>) -> Result<(), StoreError> {
        let (client, statement) = (self.client(), self.statement(sql)?);
        let sent = async move { client.execute_raw(&statement, values).await };
        let sent = self.start(Box::pin(sent));
        self.unanswered.borrow_mut().push(sent);
        Ok(())
    }
}

impl Transaction for PostgresTransaction {
    fn execute(&self, sql: &str, values: Vec<Value>) -> Result<usize, StoreError> {
        let (client, statement) = (self.client(), self.statement(sql)?);
        self.has_written.set(true);
        let count = self.ask(async move { client.execute_raw(&statement, values).await })?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn send(&self, sql: &str, values: Vec<Value>) -> Result<(), StoreError> {
        if self.stage.get() == Stage::EndsWithNext {
            return self.execute(sql, values).map(drop);
        }
        self.has_written.set(true);
        self.tell(sql, values)
    }

    fn send_for_one(&self, sql: &str, values: Vec<Value>) -> Result<(), StoreError> {
        self.has_written.set(true);
        self.tell(&for_one(sql), values)
    }

    fn query(
        &self,
        sql: &str,
        values: Vec<Value>,
        each: &mut dyn FnMut(&Row<'_>) -> Result<Flow, StoreError>,
    ) -> Result<(), StoreError> {
        let (client, statement) = (self.client(), self.statement(sql)?);
        // What answers with rows may change some, too.
        self.has_written.set(self.has_written.get() || !sql.starts_with("SELECT"));
        let rows: Vec<ServerRow> = self.ask(async move {
            let rows = client.query_raw(&statement, values).await?;
            rows.try_collect().await
        })?;
        for row in &rows {
            if each(&Row(row))? == Flow::Enough {
                break;
            }
        }
        Ok(())
    }

    fn lock(&self, lock: Lock) -> Result<(), StoreError> {
        self.tell("SELECT pg_advisory_xact_lock(?1)", vec![Value::Integer(key_of(lock))])
    }

    fn end_with_next(&self) {
        self.stage.set(Stage::EndsWithNext);
    }

    fn announce(&self, queue: Queue) -> Result<(), StoreError> {
        let name = match queue {
            Queue::Inbox => "inbox",
            Queue::Outbox => "outbox",
        };
        self.send("SELECT pg_notify(?1, ?2)", params![CHANNEL, name].into())
    }
}

/// The same statement, which fails by dividing by zero if it changes no row: so that the server itself
/// undoes the transaction, and nobody has to see the count before the commit is sent.
fn for_one(sql: &str) -> String {
    format!("WITH changed AS ({sql} RETURNING 1) SELECT 1 / count(*) FROM changed")
}

/// A connection in the middle of something is not given back to the pool but closed, which undoes
/// what was begun.
impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        if self.stage.get() == Stage::Ended {
            return;
        }
        self.unanswered.take();
        if let Some(client) = self.client.take().and_then(Arc::into_inner) {
            drop(Object::take(client));
        }
    }
}

/// Two bytes say whose it is, one which kind, and the rest of what: ids of GitHub fit.
fn key_of(lock: Lock) -> i64 {
    let (kind, of) = match lock {
        Lock::Deliveries => (1, 0),
        Lock::Actions => (2, 0),
        Lock::Alarms => (3, 0),
        Lock::Desk(repository) => (4, repository),
        Lock::Kinship(repository) => (5, repository),
        Lock::Budget(installation) => (6, installation),
    };
    LOCKS | kind << 40 | of & 0xff_ffff_ffff
}
