//! `keydesk serve` as a child process in a folder of its own.

use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use http::Uri;
use tempfile::TempDir;

use super::stand_in::{KEY_PATH, SECRET, StandIn};
use super::wire::Wire;

/// Nothing here takes longer unless something is wrong.
pub(super) const SOON: Duration = Duration::from_secs(30);

/// Looks again and again until it is so.
pub(super) async fn eventually(what: &str, within: Duration, mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < within, "not within {within:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A folder, an environment, and the process while it runs. Dropping it kills the process.
pub(crate) struct Desk {
    folder: TempDir,
    environment: Vec<(String, String)>,
    child: Option<Child>,
    pub(super) wire: Wire,
}

impl Desk {
    /// A desk of the App at this GitHub, not yet started.
    pub(super) fn new(github: &StandIn) -> Self {
        let given = [
            ("GITHUB_APP_ID", "4242"),
            ("GITHUB_PRIVATE_KEY_PATH", KEY_PATH),
            ("GITHUB_WEBHOOK_SECRET", SECRET),
            ("GITHUB_API_URL", &github.api_url),
            ("GITHUB_CONTENT_PER_MINUTE", "0"),
            ("GITHUB_CONTENT_PER_HOUR", "0"),
            ("DATABASE_URL", "sqlite://desk.db"),
            ("LISTEN", "127.0.0.1:0"),
            ("RUST_LOG", "info,octocrab=off"),
        ];
        let environment = given.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, environment, child: None, wire: Wire::to("http://127.0.0.1:1/") }
    }

    /// Sets a variable of the environment, or takes it away with "".
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.environment.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command of the environment, its standard error at the end of `stderr`.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let log = std::fs::File::options().create(true).append(true).open(self.path("stderr"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.environment.clone())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.expect("a log"));
        command
    }

    /// Starts it and has the webhooks of `github` sent to it.
    pub(super) async fn start(&mut self, github: &StandIn) {
        let mut command = self.command(env!("CARGO_BIN_EXE_keydesk"));
        command.arg("serve");
        self.start_as(command, github).await;
    }

    pub(super) async fn start_as(&mut self, command: Command, github: &StandIn) {
        self.start_until(command, "keydesk is open").await;
        self.ready(github).await;
    }

    /// Waits until it serves, and has the webhooks of `github` sent to it.
    pub(super) async fn ready(&self, github: &StandIn) {
        eventually("it is ready", SOON, async || self.wire.get("readyz").await.status == 200).await;
        github.send_webhooks_to(&self.wire.base);
    }

    /// Starts it and waits until it says so, with its address.
    pub(super) async fn start_until(&mut self, mut command: Command, says: &str) {
        let said_before = self.log().len();
        self.child = Some(command.spawn().expect("the binary"));
        let mut address = None;
        eventually(says, SOON, async || {
            let log = self.log();
            let ended = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
            assert!(ended.is_none(), "keydesk ended: {log}");
            address = log.get(said_before..).and_then(|log| address_in(log, says));
            address.is_some()
        })
        .await;
        self.wire = Wire::to(&address.expect("an address"));
    }

    /// Starts a desk of the App.
    pub(super) async fn started(github: &StandIn) -> Self {
        let mut desk = Self::new(github);
        desk.start(github).await;
        desk
    }

    /// Starts it and kills it so soon after that it may not be open yet.
    pub(super) async fn start_in_vain(&mut self, time: Duration) {
        let mut command = self.command(env!("CARGO_BIN_EXE_keydesk"));
        self.child = Some(command.arg("serve").spawn().expect("the binary"));
        tokio::time::sleep(time).await;
        self.kill();
    }

    /// Everything it ever said.
    pub(super) fn log(&self) -> String {
        std::fs::read(self.path("stderr"))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// `kill -9`.
    pub(super) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // An error means that it ended by itself, which some tests look at in the log.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// SIGTERM.
    pub(super) fn terminate(&self) {
        self.signal("TERM");
    }

    /// A signal by its name without SIG.
    pub(super) fn signal(&self, name: &str) {
        let id = self.child.as_ref().expect("a process").id().to_string();
        let told = Command::new("kill").args(["-s", name, &id]).status().expect("kill");
        assert!(told.success());
    }

    /// Lets its files grow to this size while it runs.
    pub(super) fn limit_files(&self, bytes: &str) {
        let id = self.child.as_ref().expect("a process").id().to_string();
        let limit = format!("--fsize={bytes}:");
        let told = Command::new("prlimit").args(["--pid", &id, &limit]).status().expect("prlimit");
        assert!(told.success());
    }

    /// Waits for its end.
    pub(super) async fn ended(&mut self, within: Duration) -> ExitStatus {
        let child = self.child.as_mut().expect("a process");
        let mut status = None;
        eventually("it ends", within, async || {
            status = child.try_wait().expect("a child of ours");
            status.is_some()
        })
        .await;
        self.child = None;
        status.expect("a status")
    }

    /// Whether it runs.
    pub(super) fn is_alive(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().is_ok_and(|end| end.is_none()))
    }

    /// Waits until nothing waits any more, neither webhooks nor deliveries nor actions.
    pub(super) async fn settled(&self, github: &StandIn, within: Duration) {
        let mut in_a_row = 0;
        eventually("everything is done", within, async || {
            let waiting = github.sandbox.with(|state| state.events_waiting()) as i64;
            let depths = self.wire.depths().await;
            let is_idle = waiting == 0 && depths.deliveries == 0 && depths.actions == 0;
            in_a_row = if is_idle { in_a_row + 1 } else { 0 };
            in_a_row >= 5
        })
        .await;
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let from = log.char_indices().rev().nth(6_000).map_or(0, |(at, _)| at);
            eprintln!("what keydesk said last:\n{}", &log[from..]);
        }
    }
}

/// The address in the line that says so.
fn address_in(log: &str, says: &str) -> Option<String> {
    let line = log.lines().find(|line| line.contains(says))?;
    let port: String =
        line.split("127.0.0.1:").nth(1)?.chars().take_while(char::is_ascii_digit).collect();
    let _: Uri = format!("http://127.0.0.1:{port}/").parse().ok()?;
    Some(format!("http://127.0.0.1:{port}/"))
}
