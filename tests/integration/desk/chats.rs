//! A chat on a port of this machine, and what it heard.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::http::StatusCode;
use keydesk::engine::notify::{Chat, Notifier};
use keydesk::policy::NotifyStyle;
use serde_json::Value;

use super::Desk;

/// What a chat heard, in order; for the next `deaf_for` messages it answers 503.
#[derive(Clone, Default)]
pub(crate) struct Ears {
    heard: Arc<Mutex<Vec<Value>>>,
    deaf_for: Arc<AtomicU32>,
}

impl Ears {
    /// Everything that was heard.
    pub(crate) fn heard(&self) -> Vec<Value> {
        self.heard.lock().expect("no panic").clone()
    }

    /// From now on so many messages are not taken.
    pub(crate) fn be_deaf_for(&self, count: u32) {
        self.deaf_for.store(count, Ordering::SeqCst);
    }

    fn hear(&self, message: Value) -> StatusCode {
        let count_down = |left: u32| left.checked_sub(1);
        if self.deaf_for.fetch_update(Ordering::SeqCst, Ordering::SeqCst, count_down).is_ok() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        self.heard.lock().expect("no panic").push(message);
        StatusCode::OK
    }
}

/// A notifier for chats at these addresses.
pub(super) fn notifier(addresses: &BTreeMap<String, String>) -> Notifier {
    let chats = addresses.iter().map(|(name, address)| {
        let address = address.clone().into();
        (name.clone(), Chat { address, style: NotifyStyle::Generic, secret: None })
    });
    Notifier::new(chats.collect())
}

impl Desk {
    /// Opens a chat of this name, and starts the bot again with its address.
    pub(crate) fn opens_chat(&mut self, name: &str) -> Ears {
        let ears = Ears::default();
        let listening = ears.clone();
        let hear = move |Json(message): Json<Value>| async move { listening.hear(message) };
        let listener = self.runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a port");
        let address = format!("http://{}/", listener.local_addr().expect("an address"));
        let service = axum::Router::new().route("/", axum::routing::post(hear));
        self.runtime.spawn(async move { axum::serve(listener, service).await });
        self.chats.insert(name.to_owned(), address);
        self.restart();
        ears
    }
}
