//! `GET /events`: tells pages that something changed, so that they load themselves anew.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::watch;

use super::Web;
use super::sign_in::Staff;
use crate::engine::Stop;

/// What other processes changed is looked for so often.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Much that changes at once is told once.
const GATHER: Duration = Duration::from_millis(300);

/// An open page is asked to come back after so long, and by then must still be signed in.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// What is to be told is seen by.
struct Watch {
    web: Web,
    changes: watch::Receiver<u64>,
    newest: i64,
    until: tokio::time::Instant,
}

/// Keeps an open page informed.
pub(super) async fn changes(
    State(web): State<Web>,
    _staff: Staff,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = web.engine.changes();
    let newest = web.engine.store().newest_history().await.unwrap_or_default();
    let until = tokio::time::Instant::now() + LIFE;
    let watch = Watch { web, changes, newest, until };
    let told = unfold(watch, |mut watch| async move {
        watch.wait().await.then(|| (Ok(Event::default().event("changed").data("1")), watch))
    });
    Sse::new(told).keep_alive(KeepAlive::default())
}

impl Watch {
    /// Waits for a change; false where the connection should end.
    async fn wait(&mut self) -> bool {
        loop {
            tokio::select! {
                () = stopped(self.web.pages.stop.clone()) => return false,
                () = tokio::time::sleep_until(self.until) => return false,
                changed = self.changes.changed() => {
                    if changed.is_err() {
                        return false;
                    }
                    tokio::time::sleep(GATHER).await;
                    self.changes.mark_unchanged();
                    self.look().await;
                    return true;
                }
                () = tokio::time::sleep(LOOK_EVERY) => {
                    if self.look().await {
                        return true;
                    }
                }
            }
        }
    }

    /// Whether another process kept a decision since the last look.
    async fn look(&mut self) -> bool {
        match self.web.engine.store().newest_history().await {
            Ok(newest) => std::mem::replace(&mut self.newest, newest) != newest,
            Err(_) => false,
        }
    }
}

/// Ends when the process is told to stop, or nobody is left to tell it.
async fn stopped(mut stop: Stop) {
    while !*stop.borrow() {
        if stop.changed().await.is_err() {
            return;
        }
    }
}
