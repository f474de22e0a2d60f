//! Probot as a process: an App that listens to new issues and does nothing.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::desk::{SECRET, free_port, memory_of, page};

/// Where Node's packages are put.
const FOLDER: &str = "target/bench-peers";

/// It as a process. Dropping it kills it.
pub(crate) struct Probot {
    child: Child,
    pub(crate) port: u16,
    /// From its start until it answered.
    pub(crate) took: Duration,
}

/// Fetches the peers at the versions of their lock file.
pub(crate) fn fetch() {
    let fetched = Command::new("benches/peers/fetch").status();
    assert!(fetched.is_ok_and(|status| status.success()), "npm could not fetch the peers");
}

impl Probot {
    pub(crate) fn start() -> Self {
        let (port, began) = (free_port(), Instant::now());
        let child = Command::new("node")
            .arg("probot.mjs")
            .current_dir(FOLDER)
            .env("PORT", port.to_string())
            .env("WEBHOOK_SECRET", SECRET)
            .env("PRIVATE_KEY_PATH", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/app.pem"))
            .env("LOG_LEVEL", "fatal")
            .env("NODE_ENV", "production")
            .stdout(Stdio::null())
            .spawn();
        let mut probot = Self { child: child.expect("node"), port, took: Duration::ZERO };
        while page(port, "/ping", "").is_none_or(|page| page.is_empty()) {
            assert!(began.elapsed() < Duration::from_secs(60), "Probot does not start");
            std::thread::sleep(Duration::from_millis(1));
        }
        probot.took = began.elapsed();
        probot
    }

    /// What it keeps in memory just now, in MB.
    pub(crate) fn memory(&self) -> f64 {
        memory_of(self.child.id())
    }
}

impl Drop for Probot {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
