//! A headless Chromium that lasts as long as one test, with nothing kept from another.
//!
//! chromedriver is started on a free port of loopback and starts Chromium with a folder of its own.
//! Everything waits, and nothing waits for ever.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

/// Nothing here takes longer unless something is wrong.
pub(super) const SOON: Duration = Duration::from_secs(20);

const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--hide-scrollbars",
    "--window-size=1280,900",
];

/// Whether pages may run scripts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scripts {
    On,
    Off,
}

/// A browser with one tab.
pub(super) struct Chrome {
    client: Client,
    home: String,
    _driver: Driver,
}

impl Chrome {
    /// Starts a browser whose addresses begin with `home`.
    pub(super) async fn open(home: &str, scripts: Scripts) -> Self {
        let driver = Driver::start();
        let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
        flags.push(format!("--user-data-dir={}", driver.folder.path().display()));
        let allowed = if scripts == Scripts::On { 1 } else { 2 };
        let wanted = json!({
            "goog:chromeOptions": {
                "binary": program(&["chromium", "chromium-browser", "google-chrome"]),
                "args": flags,
                "prefs": { "profile.managed_default_content_settings.javascript": allowed },
            },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "implicit": 0, "pageLoad": 20_000, "script": 20_000 },
        });
        let Value::Object(wanted) = wanted else { unreachable!("it is an object") };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(wanted).connect(&driver.address).await;
        Self { client: client.expect("a browser"), home: home.to_owned(), _driver: driver }
    }

    /// Goes to a page.
    pub(super) async fn go(&self, path: &str) {
        let address = match path.strip_prefix('/') {
            Some(path) => format!("{}/{path}", self.home),
            None => path.to_owned(),
        };
        self.client.goto(&address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// Where one is, without what is before the path.
    pub(super) async fn place(&self) -> String {
        let url = self.client.current_url().await.expect("an address");
        url.as_str().trim_start_matches(&self.home).to_owned()
    }

    /// What can be read on the page.
    pub(super) async fn words(&self) -> String {
        let body = self.client.find(Locator::Css("body")).await;
        match body {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until these words can be read on the page.
    pub(super) async fn see(&self, words: &str) {
        let began = Instant::now();
        loop {
            let there = self.words().await;
            if there.contains(words) {
                return;
            }
            let place = self.place().await;
            assert!(began.elapsed() < SOON, "no \u{201c}{words}\u{201d} at {place}:\n{there}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The same of a page that stops to load itself again after a while.
    pub(super) async fn see_again(&self, words: &str) {
        let began = Instant::now();
        while began.elapsed() < SOON && !self.words().await.contains(words) {
            tokio::time::sleep(Duration::from_millis(300)).await;
            if self.place().await.contains("watch=0") {
                self.client.refresh().await.expect("the page again");
            }
        }
        self.see(words).await;
    }

    /// Waits until one is there.
    pub(super) async fn arrive(&self, wanted: &str) {
        let began = Instant::now();
        loop {
            let place = self.place().await;
            if place == wanted {
                return;
            }
            assert!(began.elapsed() < SOON, "not at {wanted} but at {place}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Fails where these words can be read.
    pub(super) async fn miss(&self, words: &str) {
        let there = self.words().await;
        assert!(
            !there.contains(words),
            "\u{201c}{words}\u{201d} at {}:\n{there}",
            self.place().await
        );
    }

    /// Presses the button, link or summary that says exactly this, and waits until the page it
    /// leads to is there.
    pub(super) async fn press(&self, words: &str) {
        let kinds = ["button", "a", "summary"];
        let paths = kinds.map(|kind| format!("//{kind}[normalize-space()=\"{words}\"]"));
        self.click(Locator::XPath(&paths.join(" | "))).await;
    }

    /// Presses the first that can be pressed.
    pub(super) async fn click(&self, what: Locator<'_>) {
        let (page, kind, address) = self
            .with(what, async |element| {
                let asked = "return [arguments[0].localName, arguments[0].href || '']";
                let itself = serde_json::to_value(element)?;
                let told = self.client.execute(asked, vec![itself]).await?;
                let page = self.client.find(Locator::Css("html")).await?;
                // An error where it cannot be seen.
                element.click().await?;
                let word = |at: usize| told[at].as_str().unwrap_or_default().to_owned();
                Ok((page, word(0), word(1)))
            })
            .await;
        let began = Instant::now();
        let is_here = async || match kind.as_str() {
            "summary" => true,
            _ if address.contains('#') => {
                self.client.current_url().await.is_ok_and(|url| url.as_str() == address)
            }
            // Of a page that was left WebDriver knows no element any more.
            _ => page.tag_name().await.is_err(),
        };
        while !is_here().await {
            assert!(began.elapsed() < SOON, "{what:?} leads nowhere from {}", self.place().await);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Types into the first field of this name, over what stands there.
    pub(super) async fn fill(&self, name: &str, text: &str) {
        let path = format!("[name=\"{name}\"]:not([type=hidden])");
        self.with(Locator::Css(&path), async |field| {
            if field.tag_name().await? == "select" {
                return field.select_by_label(text).await;
            }
            field.clear().await?;
            field.send_keys(text).await
        })
        .await;
    }

    /// How many of them there are.
    pub(super) async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.expect("a list").len()
    }

    /// Does something with the first element for which it can be done; the page may just be
    /// changing, so it is tried again.
    async fn with<T>(
        &self,
        what: Locator<'_>,
        work: impl AsyncFn(&Element) -> Result<T, CmdError>,
    ) -> T {
        let began = Instant::now();
        let mut problem = "there is none".to_owned();
        while began.elapsed() < SOON {
            for element in self.client.find_all(what).await.unwrap_or_default() {
                match work(&element).await {
                    Ok(done) => return done,
                    Err(error) => problem = error.to_string(),
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let place = self.place().await;
        panic!("{what:?} at {place}: {problem}\n{}", self.words().await)
    }

    /// Runs a script, whatever the page itself allows; it may `return`.
    pub(super) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("a script that runs")
    }

    /// Runs a script that ends by calling its last argument.
    pub(super) async fn run_to_end(&self, script: &str) -> Value {
        self.client.execute_async(script, Vec::new()).await.expect("a script that ends")
    }

    /// Tells Chromium something that WebDriver has no word for.
    pub(super) async fn tell(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.post("goog/cdp/execute", body).await
    }

    /// What the console complained of since the last look.
    pub(super) async fn complaints(&self) -> Vec<String> {
        let entries = self.post("se/log", json!({ "type": "browser" })).await;
        let entries = entries.as_array().cloned().unwrap_or_default();
        let bad =
            entries.iter().filter(|entry| entry["level"] != "INFO" && entry["level"] != "DEBUG");
        bad.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    async fn post(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Post { path, body }).await.expect("an answer of chromedriver")
    }

    /// Ends the browser, so that it leaves nothing behind.
    pub(super) async fn close(self) {
        self.client.close().await.expect("the end of the browser");
    }
}

/// A command of chromedriver's own.
#[derive(Debug)]
struct Post {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Post {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// chromedriver, and the folder of the browser it starts.
struct Driver {
    process: Child,
    address: String,
    folder: TempDir,
}

impl Driver {
    /// It takes a free port of one kind of address and then the same of the other, which somebody
    /// else may have taken meanwhile; then it ends, and another one has to try.
    fn start() -> Self {
        (0..10).find_map(|_| Self::try_to_start()).expect("chromedriver that finds a port")
    }

    fn try_to_start() -> Option<Self> {
        let mut command = Command::new(program(&["chromedriver"]));
        let mut process = command
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("chromedriver");
        let Some(said) = find_line(&mut process, "started successfully on port ") else {
            // An error means that it has ended already.
            let _ = process.kill();
            process.wait().expect("a child");
            return None;
        };
        let port = said.trim_end_matches('.');
        let address = format!("http://127.0.0.1:{port}");
        Some(Self { process, address, folder: tempfile::tempdir().expect("a folder") })
    }
}

impl Drop for Driver {
    /// With it ends its browser, which is of its group of processes and would outlive it.
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        // An error means that all of them ended by themselves.
        let _ =
            Command::new("kill").args(["-s", "KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.process.wait();
    }
}

/// Waits for a line with these words, and gives what stands after them.
pub(super) fn line_with(process: &mut Child, words: &'static str) -> String {
    find_line(process, words).unwrap_or_else(|| panic!("nobody said \u{201c}{words}\u{201d}"))
}

/// Waits for a line with these words; none where the process ends without. What it says later is
/// read and dropped, so that it never has to wait with it.
fn find_line(process: &mut Child, words: &'static str) -> Option<String> {
    let output = process.stdout.take().expect("a pipe");
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some((_, rest)) = line.split_once(words) {
                // Who waits for it may have given up.
                let _ = sender.send(rest.trim().to_owned());
            }
        }
    });
    receiver.recv_timeout(SOON).ok()
}

/// Where a program is, by the first of its names that is known.
fn program(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut places = names.iter().flat_map(|name| folders.iter().map(move |it| it.join(name)));
    places.find(|path| path.is_file()).unwrap_or_else(|| {
        let cure = "tests/run.sh installs it, or `apt-get install chromium chromium-driver`";
        panic!("{} is not installed: {cure}", names[0])
    })
}
