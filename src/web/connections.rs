//! Connections: how many there are at once, how long each may take, and which one goes when there
//! are too many. Whoever is slow or many delays nobody else: the connection that has gone on longest
//! without a whole request makes room for the next.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::Request;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::Instant;

/// So many fit into a small machine and below the files a process may have open.
const CONNECTIONS_MAX: usize = 512;

/// While there are as many, none goes that has owed a request for less: GitHub's deliveries come in
/// crowds, too, and whole within this time.
const ROOM_WITHIN: Duration = Duration::from_secs(2);

/// For all headers of a request, and between two requests. Proxies keep a connection for about so
/// long, and lose what they send into one that closes.
const HEADERS_WITHIN: Duration = Duration::from_secs(75);

/// For a request's body and its answer together. GitHub waits 10 seconds for it.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// For all headers together. Browsers send 8 KiB at the most, GitHub one.
const HEADER_BYTES_MAX: usize = 32 << 10;

/// After the machine could not take a connection, mostly because too many files are open.
const AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// Serves until `stop`; then what is in hand is finished.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let connections = Arc::new(Connections::default());
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let (stream, connection) = tokio::select! {
            accepted = connections.accept(&listener) => accepted,
            () = &mut stop => break,
        };
        let served = graceful.watch(serve_one(stream, router.clone(), connection.clone()));
        tokio::spawn(async move {
            tokio::select! {
                // Whoever hangs up in the middle of a request is heard of no more.
                _ = served => {}
                () = connection.room.notified() => {}
            }
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

/// One connection to its end.
fn serve_one(
    stream: TcpStream,
    router: Router,
    connection: Arc<Connection>,
) -> impl GracefulConnection<Error = hyper::Error> {
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, connection) = (router.clone(), connection.clone());
        async move {
            let request = request.map(|body| Body::new(Heard::new(body, connection.clone())));
            let answered = tokio::time::timeout(ANSWER_WITHIN, router.call(request)).await;
            connection.awaits_request();
            Ok::<Response, Infallible>(match answered {
                Ok(Ok(response)) => response,
                Err(_) => too_slow(),
            })
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
}

fn too_slow() -> Response {
    (StatusCode::REQUEST_TIMEOUT, "that took too long; send it again\n").into_response()
}

/// All that are open.
#[derive(Default)]
struct Connections {
    open: Mutex<HashMap<u64, Open>>,
    accepted: AtomicU64,
    changed: Notify,
}

/// What is known of one that is open.
struct Open {
    /// Told when it is to make room.
    room: Arc<Notify>,
    /// Since when a whole request is awaited; none while one is answered.
    awaiting_since: Option<Instant>,
}

impl Connections {
    /// The next connection, once there is room for it.
    async fn accept(self: &Arc<Self>, listener: &TcpListener) -> (TcpStream, Arc<Connection>) {
        let stream = loop {
            match listener.accept().await {
                Ok((stream, _)) => break stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection was not taken");
                    tokio::time::sleep(AFTER_REFUSAL).await;
                }
            }
        };
        // An error means that it is closed already, which reading tells.
        let _ = stream.set_nodelay(true);
        while let Err(wait) = self.make_room() {
            // An error means that it is time for another look.
            let _ = tokio::time::timeout(wait, self.changed.notified()).await;
        }
        (stream, self.enter())
    }

    /// Whether one more fits. If not, the one that has owed a request for longest goes, if that is
    /// too long; else says when to look again.
    fn make_room(&self) -> Result<(), Duration> {
        let open = self.open();
        if open.len() < CONNECTIONS_MAX {
            return Ok(());
        }
        let owing = open.values().filter_map(|open| Some((open.awaiting_since?, open)));
        let Some((since, longest)) = owing.min_by_key(|(since, _)| *since) else {
            return Err(ROOM_WITHIN);
        };
        let left = ROOM_WITHIN.saturating_sub(since.elapsed());
        if left.is_zero() {
            longest.room.notify_one();
            return Err(ROOM_WITHIN);
        }
        Err(left)
    }

    fn enter(self: &Arc<Self>) -> Arc<Connection> {
        let number = self.accepted.fetch_add(1, Ordering::Relaxed);
        let room = Arc::new(Notify::new());
        let open = Open { room: room.clone(), awaiting_since: Some(Instant::now()) };
        self.open().insert(number, open);
        Arc::new(Connection { number, all: self.clone(), room })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of them.
struct Connection {
    number: u64,
    all: Arc<Connections>,
    room: Arc<Notify>,
}

impl Connection {
    /// From now on it owes us a request.
    fn awaits_request(&self) {
        self.set_awaiting(Some(Instant::now()));
        self.all.changed.notify_one();
    }

    /// Its request came whole; now we owe it an answer.
    fn is_heard(&self) {
        self.set_awaiting(None);
    }

    fn set_awaiting(&self, since: Option<Instant>) {
        if let Some(open) = self.all.open().get_mut(&self.number) {
            open.awaiting_since = since;
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.open().remove(&self.number);
        self.all.changed.notify_one();
    }
}

/// A request's body, which tells its connection when it came whole.
struct Heard {
    body: Incoming,
    connection: Arc<Connection>,
}

impl Heard {
    fn new(body: Incoming, connection: Arc<Connection>) -> Self {
        if body.is_end_stream() {
            connection.is_heard();
        }
        Self { body, connection }
    }
}

impl http_body::Body for Heard {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.connection.is_heard();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::post;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Answers with what it is told. Its clock stands still unless nothing else is to be done, so
    /// that no time is spent on waiting.
    async fn client() -> TcpStream {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/", post(async |text: String| text));
        tokio::spawn(serve(listener, router, std::future::pending()));
        TcpStream::connect(address).await.expect("an open port")
    }

    async fn told(said: &str) -> (String, Duration) {
        let mut stream = client().await;
        let began = Instant::now();
        stream.write_all(said.as_bytes()).await.expect("somebody listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer and an end");
        (answer, began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_never_finishes_the_headers_is_left() {
        let (answer, waited) = told("POST / HTTP/1.1\r\nHost: he").await;
        assert_eq!(answer, "");
        assert_eq!(waited.as_secs(), HEADERS_WITHIN.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_never_finishes_the_body_is_told_so() {
        let begun =
            "POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 9\r\n\r\nhalf";
        let (answer, waited) = told(begun).await;
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert_eq!(waited.as_secs(), ANSWER_WITHIN.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_says_nothing_more_is_left() {
        let request = "POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\nhi";
        let (answer, waited) = told(request).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hi"), "{answer}");
        assert_eq!(waited.as_secs(), HEADERS_WITHIN.as_secs());
    }
}
