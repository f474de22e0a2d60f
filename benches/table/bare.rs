//! The least a receiver can do that keeps what it acknowledges: an axum handler that checks the
//! signature and appends the bytes to a file, with one `fdatasync` for all that wait.

use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, Sender, channel};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::sync::oneshot;

use crate::desk::{SECRET, free_port};

/// The argument by which this program is that receiver.
pub(crate) const ARGUMENT: &str = "--bare-receiver";

type Kept = (Bytes, oneshot::Sender<()>);

/// It as a process. Dropping it kills it.
pub(crate) struct Bare {
    child: Child,
    pub(crate) port: u16,
}

impl Bare {
    pub(crate) fn start(folder: &Path) -> Self {
        let port = free_port();
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        command.arg(ARGUMENT).arg(port.to_string()).arg(folder.join("bare.log"));
        let bare = Self { child: command.spawn().expect("this program"), port };
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        bare
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Receives until it is killed.
pub(crate) fn receive(port: &str, file: &str) {
    let (sender, waiting) = channel::<Kept>();
    let file = File::create(file).expect("a file");
    std::thread::spawn(move || append(file, &waiting));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let service = axum::Router::new()
            .route("/webhooks/github", axum::routing::post(take))
            .with_state(sender);
        let port: u16 = port.parse().expect("a port");
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let listener = tokio::net::TcpListener::bind(address).await.expect("a port");
        axum::serve(listener, service).await.expect("a server");
    });
}

async fn take(State(sender): State<Sender<Kept>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok());
    let digits = given.and_then(|value| value.strip_prefix("sha256=")).unwrap_or_default();
    let signature = hex::decode(digits).unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key");
    mac.update(&body);
    if mac.verify_slice(&signature).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let (kept, is_kept) = oneshot::channel();
    sender.send((body, kept)).expect("the thread that writes");
    is_kept.await.expect("the thread that writes");
    StatusCode::ACCEPTED
}

fn append(mut file: File, waiting: &Receiver<Kept>) {
    while let Ok(first) = waiting.recv() {
        let batch: Vec<Kept> = std::iter::once(first).chain(waiting.try_iter()).collect();
        let bytes: Vec<u8> = batch.iter().flat_map(|(body, _)| body.iter().copied()).collect();
        file.write_all(&bytes).and_then(|()| file.sync_data()).expect("a disk");
        for (_, kept) in batch {
            // Whoever sent it may have gone away.
            let _ = kept.send(());
        }
    }
}
