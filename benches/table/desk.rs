//! `keydesk serve` as a process of its own, in a folder of its own.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// What webhooks are signed with.
pub(crate) const SECRET: &str = "a-webhook-secret-for-benches";

/// The program that is measured: that of this build, or what `KEYDESK` names.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("KEYDESK").map_or_else(|| env!("CARGO_BIN_EXE_keydesk").into(), PathBuf::from)
}

/// A port nobody listens on just now, below those the system gives to connections: one of a flood's
/// would have it before the desk starts.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + (std::process::id() % 10_000) as u16;
    let mut ports = (0..2_000).map(|_| first + NEXT.fetch_add(1, Ordering::Relaxed) % 2_000);
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    ports.find(is_free).expect("a port")
}

/// A page of whatever listens on this port; none where it does not answer.
pub(crate) fn page(port: u16, path: &str, headers: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// What a process keeps in memory just now, in MB.
pub(crate) fn memory_of(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kib * 1024.0 / 1e6
}

/// A process that serves. Dropping it kills it.
pub(crate) struct Desk {
    child: Child,
    folder: PathBuf,
    pub(crate) port: u16,
}

impl Desk {
    /// Starts it on the database `desk.db` of the folder, with GitHub at this address.
    pub(crate) fn spawn(folder: &Path, (api_url, token): (&str, &str)) -> Self {
        let database = format!("sqlite://{}", folder.join("desk.db").display());
        Self::spawn_on(&database, folder, (api_url, token))
    }

    /// Starts it on any database, its words in a file of the folder.
    pub(crate) fn spawn_on(database: &str, folder: &Path, (api_url, token): (&str, &str)) -> Self {
        let port = free_port();
        let log = std::fs::File::create(folder.join("log")).expect("a log");
        let child = Command::new(program())
            .arg("serve")
            .current_dir(folder)
            .env_clear()
            .envs([
                ("DATABASE_URL", database),
                ("GITHUB_TOKEN", token),
                ("GITHUB_WEBHOOK_SECRET", SECRET),
                ("GITHUB_API_URL", api_url),
                ("GITHUB_CONTENT_PER_MINUTE", "0"),
                ("GITHUB_CONTENT_PER_HOUR", "0"),
                ("LISTEN", &format!("127.0.0.1:{port}")),
                ("RUST_LOG", "error"),
            ])
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn();
        Self { child: child.expect("the binary"), folder: folder.to_owned(), port }
    }

    /// Starts it and waits until it is ready.
    pub(crate) fn start(folder: &Path, github: (&str, &str)) -> Self {
        let mut desk = Self::spawn(folder, github);
        desk.wait_until_ready();
        desk
    }

    /// Asks every millisecond, and tells how long it took.
    pub(crate) fn wait_until_ready(&mut self) -> Duration {
        let began = Instant::now();
        loop {
            if page(self.port, "/readyz", "").is_some_and(|page| page.contains(" 200 ")) {
                return began.elapsed();
            }
            let ended = self.child.try_wait().expect("a child");
            assert!(ended.is_none(), "it ended: {}", self.log());
            assert!(began.elapsed() < Duration::from_secs(60), "it does not start");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// What it said.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// The sum of a figure of `/metrics` over its labels; none where it is not told.
    pub(crate) fn figure(&self, name: &str) -> Option<f64> {
        let text = page(self.port, "/metrics", "")?;
        let lines = text.lines().filter(|line| line.starts_with(&format!("keydesk_{name}")));
        let figures: Vec<f64> =
            lines.filter_map(|line| line.rsplit(' ').next()?.parse().ok()).collect();
        (!figures.is_empty()).then(|| figures.iter().sum())
    }

    /// Waits until so few deliveries are left to be decided on.
    pub(crate) fn wait_until_decided(&self) {
        let began = Instant::now();
        while self.figure("queue_depth{queue=\"deliveries\"}") != Some(0.0) {
            assert!(began.elapsed() < Duration::from_secs(600), "it does not end");
            // Counting takes some of its time.
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// What it keeps in memory just now, in MB.
    pub(crate) fn memory(&self) -> f64 {
        memory_of(self.child.id())
    }

    /// SIGTERM, and its end.
    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-s", "TERM", &id]).stdin(Stdio::null()).status();
        assert!(told.is_ok_and(|status| status.success()), "it can't be stopped");
        self.child.wait().expect("a child");
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
