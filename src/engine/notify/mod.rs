//! Tells a chat, at least once: the message carries the action's key, so that a reader knows a
//! repetition. One file per style of message.

mod generic;
mod slack;

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use secrecy::{ExposeSecret, SecretString};

use crate::github::CallError;
use crate::github::transport::{Connection, connection};
use crate::policy::NotifyStyle;
use crate::triage::ChatMessage;

const TIMEOUT: Duration = Duration::from_secs(15);

/// A chat's address and the shape it wants.
#[derive(Clone)]
pub struct Chat {
    /// Where messages are posted; the address itself is the permission to.
    pub address: SecretString,
    /// Their shape.
    pub style: NotifyStyle,
    /// What generic messages are signed with.
    pub secret: Option<SecretString>,
}

/// Sends messages to chats by their names in the policy.
pub struct Notifier {
    chats: RwLock<BTreeMap<String, Chat>>,
    connection: Connection<Full<Bytes>>,
}

impl Notifier {
    /// A notifier for these chats.
    pub fn new(chats: BTreeMap<String, Chat>) -> Self {
        Self { chats: RwLock::new(chats), connection: connection() }
    }

    /// Sends to these chats from now on.
    pub fn replace(&self, chats: BTreeMap<String, Chat>) {
        *self.chats.write().unwrap_or_else(PoisonError::into_inner) = chats;
    }

    fn find(&self, name: &str) -> Option<Chat> {
        self.chats.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Sends a message; `id` is the same if it is sent again.
    ///
    /// # Errors
    /// [`CallError::Refused`] where the chat is unknown or refuses, else what can be repeated.
    pub async fn send(&self, message: &ChatMessage, id: &str) -> Result<(), CallError> {
        let refused = |status, message: String| CallError::Refused { status, message };
        let Some(chat) = self.find(&message.chat) else {
            let name = message.chat.to_uppercase();
            return Err(refused(0, format!("the chat has no address; set NOTIFY_{name}_URL")));
        };
        let (body, signature) = match chat.style {
            NotifyStyle::Slack => (slack::body(message, id), None),
            NotifyStyle::Generic => {
                let body = generic::body(message, id);
                let signature =
                    chat.secret.as_ref().map(|secret| generic::signature(secret, &body));
                (body, signature)
            }
        };
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(chat.address.expose_secret())
            .header(http::header::CONTENT_TYPE, "application/json");
        if let Some(signature) = signature {
            request = request.header("x-keydesk-signature-256", signature);
        }
        let request = request
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| refused(0, "the chat's address is no address".to_owned()))?;
        let response = tokio::time::timeout(TIMEOUT, self.connection.request(request))
            .await
            .map_err(|_| CallError::Unreachable("the chat did not answer in time".to_owned()))?
            .map_err(|_| CallError::Unreachable("the chat could not be reached".to_owned()))?;
        match response.status().as_u16() {
            200..=299 => Ok(()),
            status @ (408 | 425 | 429 | 500..=599) => {
                Err(CallError::Unreachable(format!("the chat answered {status}")))
            }
            status => Err(refused(status, "the chat refused the message".to_owned())),
        }
    }
}
