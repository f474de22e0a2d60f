//! Signed deliveries over sixteen kept-alive connections, each telling of another new request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ring::hmac;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::desk::SECRET;
use crate::github::{BODY, GitHub, tracker_name};
use crate::row::median;

const CONNECTIONS: u64 = 16;
/// What GitHub sends of a new issue is about as long.
const PAYLOAD_BYTES: usize = 8_000;
/// Stands in the payload where each delivery has a number of its own.
const NUMBER: &str = "7000000000";

/// One request for all receivers, in parts between which its number stands.
pub(crate) struct Payload {
    parts: Vec<String>,
    next: AtomicU64,
    key: hmac::Key,
}

/// How a receiver did.
#[derive(Clone, Copy)]
pub(crate) struct Answered {
    /// Deliveries acknowledged a second.
    pub(crate) rate: f64,
    /// What 99 of 100 did not exceed, in milliseconds.
    pub(crate) late_ms: f64,
}

impl Payload {
    /// GitHub's own example of an opened issue, in our tracker, cut to size by leaving out addresses.
    pub(crate) fn new(github: &GitHub) -> Self {
        let mut example = example();
        let repository = github.sandbox.with(|state| {
            let repository = state.find_repository(&keydesk::sandbox::seed::tracker());
            repository.expect("the tracker").id
        });
        let number: u64 = NUMBER.parse().expect("a number");
        let now = github.sandbox.now().to_string();
        let person = json!({"id": number, "login": format!("ada-{NUMBER}"), "type": "User"});
        for (name, value) in [
            ("id", json!(number)),
            ("number", json!(number)),
            ("title", json!("I am locked out")),
            ("body", json!(BODY.replacen("ada", &format!("ada-{NUMBER}"), 1))),
            ("user", person.clone()),
            ("labels", json!([])),
            ("state", json!("open")),
            ("created_at", json!(now)),
            ("updated_at", json!(now)),
        ] {
            example["issue"][name] = value;
        }
        example["sender"] = person;
        example["repository"]["id"] = json!(repository);
        example["repository"]["full_name"] = json!(tracker_name());
        example.as_object_mut().expect("an object").remove("installation");
        let text = cut_to_size(example);
        let parts = text.split(NUMBER).map(str::to_owned).collect();
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        Self { parts, next: AtomicU64::new(7_000_000_001), key }
    }

    /// How long one is, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.parts.iter().map(String::len).sum::<usize>() + (self.parts.len() - 1) * NUMBER.len()
    }

    /// A whole request over HTTP that was never sent before.
    fn request(&self, path: &str) -> Vec<u8> {
        let number = self.next.fetch_add(1, Ordering::Relaxed).to_string();
        let body = self.parts.join(&number);
        let signature = hex::encode(hmac::sign(&self.key, body.as_bytes()));
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\n\
             User-Agent: GitHub-Hookshot/bench\r\nX-GitHub-Event: issues\r\n\
             X-GitHub-Delivery: 5ef2e8f0-0000-11f1-9000-00{number}\r\n\
             X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body.as_bytes()].concat()
    }

    /// Sends to a receiver for so long.
    pub(crate) async fn flood(
        self: &Arc<Self>,
        (port, path): (u16, &'static str),
        time: Duration,
    ) -> Answered {
        let until = Instant::now() + time;
        let began = Instant::now();
        let senders: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let payload = Arc::clone(self);
                tokio::spawn(async move { payload.send_until(until, (port, path)).await })
            })
            .collect();
        let mut waits = Vec::new();
        for sender in senders {
            waits.extend(sender.await.expect("a sender"));
        }
        let rate = waits.len() as f64 / began.elapsed().as_secs_f64();
        waits.sort_by(f64::total_cmp);
        Answered { rate, late_ms: waits[waits.len() * 99 / 100] * 1e3 }
    }

    /// One connection, one delivery after the other; how long each waited for its answer, in seconds.
    async fn send_until(&self, until: Instant, (port, path): (u16, &str)) -> Vec<f64> {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a receiver");
        stream.set_nodelay(true).expect("an option");
        let mut waits = Vec::new();
        let mut answer = Vec::new();
        while Instant::now() < until {
            let request = self.request(path);
            let sent = Instant::now();
            stream.write_all(&request).await.expect("a receiver that reads");
            read_answer(&mut stream, &mut answer).await;
            waits.push(sent.elapsed().as_secs_f64());
            let status = &answer[9..12];
            assert!(matches!(status, b"202" | b"200"), "{}", String::from_utf8_lossy(&answer));
        }
        waits
    }
}

/// An answer with a length, as all receivers here send it.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) {
    answer.clear();
    loop {
        assert!(stream.read_buf(answer).await.expect("an answer") > 0, "it hung up");
        let text = String::from_utf8_lossy(answer).to_ascii_lowercase();
        let Some(head) = text.find("\r\n\r\n") else { continue };
        let length = text[..head].split("content-length: ").nth(1).expect("a length");
        let length = length.lines().next().and_then(|line| line.trim().parse::<usize>().ok());
        if answer.len() >= head + 4 + length.expect("a number") {
            return;
        }
    }
}

fn example() -> Value {
    let path = "target/webhooks-examples/package/api.github.com/index.json";
    let text = std::fs::read_to_string(path).expect("tests/setup fetches it");
    let all: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let issues = all.into_iter().find(|event| event["name"] == "issues").expect("issues");
    let examples = issues["examples"].as_array().expect("a list").clone();
    examples.into_iter().find(|example| example["action"] == "opened").expect("an opened issue")
}

/// Addresses of the repository are left out until it is short enough.
fn cut_to_size(mut example: Value) -> String {
    let repository = example["repository"].as_object().expect("an object");
    let addresses: Vec<String> =
        repository.keys().filter(|name| name.ends_with("_url")).cloned().collect();
    for name in addresses {
        if example.to_string().len() <= PAYLOAD_BYTES {
            break;
        }
        example["repository"].as_object_mut().expect("an object").remove(&name);
    }
    example.to_string()
}

/// The middle of several floods.
pub(crate) fn middle(all: &[Answered]) -> Answered {
    Answered {
        rate: median(all.iter().map(|one| one.rate)),
        late_ms: median(all.iter().map(|one| one.late_ms)),
    }
}
