//! `keydesk demo` as a child process.

use std::process::{Child, Command, Stdio};

use super::chrome::line_with;

/// The demo; dropping it ends it.
pub(super) struct Demo {
    process: Child,
    /// Its address, without a slash at the end.
    pub(super) home: String,
}

impl Demo {
    pub(super) fn start() -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_keydesk"))
            .args(["demo", "--listen", "127.0.0.1:0"])
            .env_clear()
            .env("RUST_LOG", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary");
        let home = line_with(&mut process, "The desk is open: ");
        Self { process, home: home.trim_end_matches('/').to_owned() }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // An error means that it ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
