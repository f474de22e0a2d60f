//! A throwaway PostgreSQL: a cluster in a folder of its own, on a port of loopback. It refuses to
//! run as root, so then it runs as the user whom its package made.

use std::fmt;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use keydesk::store::{Address, Store};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, Row};

/// Nothing here takes longer unless something is wrong.
const SOON: Duration = Duration::from_secs(60);

/// The owner of everything in the cluster.
pub(crate) const USER: &str = "keydesk";

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// Makes names of databases different.
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A cluster that is stopped and erased when dropped.
pub(crate) struct Server {
    folder: TempDir,
    port: u16,
    process: Mutex<Option<Child>>,
}

/// A cluster that lasts as long as this.
pub(crate) struct Lasting(pub(crate) &'static Server);

impl Drop for Lasting {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "port {}", self.port)
    }
}

impl PartialEq for Server {
    fn eq(&self, other: &Self) -> bool {
        self.port == other.port
    }
}

impl Eq for Server {}

impl Server {
    /// Makes a cluster and starts it.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        give(folder.path());
        let made = command("initdb")
            .args(["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"])
            .args(["--no-sync", "--no-instructions", "--pgdata"])
            .arg(folder.path().join("data"))
            .stdout(Stdio::null())
            .status();
        assert!(made.expect("initdb").success(), "initdb failed");
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let server = Self { folder, port, process: Mutex::new(None) };
        server.start_again();
        server
    }

    /// One for everybody in this process, until what is returned is dropped.
    pub(crate) fn lasting() -> Lasting {
        Lasting(Box::leak(Box::new(Self::start())))
    }

    /// Starts it after [`stop`](Self::stop).
    pub(crate) fn start_again(&self) {
        let child = command("postgres")
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .args(["-p", &self.port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
            .args(["-c", "fsync=off", "-c", "max_connections=80"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres");
        *self.process.lock().expect("no panic") = Some(child);
        let began = Instant::now();
        while ask(&self.address("postgres"), "SELECT 1").is_err() {
            assert!(began.elapsed() < SOON, "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it as a power cut would.
    pub(crate) fn stop(&self) {
        let Some(mut child) = self.process.lock().expect("no panic").take() else { return };
        let killed = Command::new("kill").args(["-QUIT", &child.id().to_string()]).status();
        assert!(killed.expect("kill").success());
        child.wait().expect("its end");
    }

    /// Makes an empty database and gives its address.
    pub(crate) fn new_database(&self) -> String {
        new_database_at(&self.address(""))
    }

    /// The address of a database.
    pub(crate) fn address(&self, name: &str) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/{name}", self.port)
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs statements in a database, again where they and those of others waited for each other.
    pub(crate) fn change(&self, address: &str, sql: &str) {
        let change = || connected(address, async |client| client.batch_execute(sql).await);
        let is_deadlock = |error: &tokio_postgres::Error| {
            error.code() == Some(&tokio_postgres::error::SqlState::T_R_DEADLOCK_DETECTED)
        };
        let mut changed = change();
        for _ in 0..10 {
            if !changed.as_ref().is_err_and(is_deadlock) {
                break;
            }
            changed = change();
        }
        changed.expect("statements it understands");
    }

    /// Asks a database.
    pub(crate) fn query(&self, address: &str, sql: &str) -> Vec<Row> {
        ask(address, sql).expect("an answer")
    }
}

/// Lets the server write into a folder.
pub(crate) fn give(folder: &Path) {
    if let Some((user, group)) = servant() {
        std::os::unix::fs::chown(folder, Some(user), Some(group)).expect("ours to give");
    }
}

/// Makes an empty database at a server, whose address ends with a slash, and gives its address.
pub(crate) fn new_database_at(server: &str) -> String {
    let name = format!("desk_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
    ask(&format!("{server}postgres"), &format!("CREATE DATABASE {name}")).expect("a database");
    format!("{server}{name}")
}

/// Opens a store whose connections live as long as this process, whichever runtime asks them.
pub(crate) fn open(address: &str) -> Store {
    let address = Address::parse(address).expect("an address");
    let opening = RUNTIME.spawn(async move { Store::open(&address).await });
    let (sender, receiver) = std::sync::mpsc::channel();
    RUNTIME.spawn(async move { sender.send(opening.await) });
    receiver.recv().expect("an end").expect("no panic").expect("a store")
}

fn ask(address: &str, sql: &str) -> Result<Vec<Row>, tokio_postgres::Error> {
    connected(address, async |client| client.query(sql, &[]).await)
}

/// Does something on a connection of its own; the caller may be in a runtime already.
fn connected<T: Send>(
    address: &str,
    work: impl AsyncFnOnce(Client) -> Result<T, tokio_postgres::Error> + Send,
) -> Result<T, tokio_postgres::Error> {
    std::thread::scope(|scope| {
        let working = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let client = connect(address).await?;
                work(client).await
            })
        });
        working.join().expect("no panic")
    })
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn connect(address: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// A program of the newest PostgreSQL that is installed, run by somebody who is not root.
fn command(program: &str) -> Command {
    let mut command = Command::new(programs().join(program));
    // It must not look for a folder that its user may not enter.
    command.current_dir("/").env_clear().env("LC_ALL", "C").stdin(Stdio::null());
    if let Some((user, group)) = servant() {
        command.uid(user).gid(group);
    }
    command
}

fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let numbered = versions.filter_map(|folder| {
        let number: u32 = folder.file_name().to_str()?.parse().ok()?;
        Some((number, folder.path().join("bin")))
    });
    let newest = numbered.max().map(|(_, programs)| programs);
    newest.filter(|programs| programs.join("initdb").exists()).expect(
        "PostgreSQL is not installed: tests/run.sh installs it, or `apt-get install postgresql`",
    )
}

/// Who this process is; 0 may do everything.
pub(crate) fn own_user() -> u32 {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").expect("ourselves").uid()
}

/// Whom a server runs as where we are root; nobody else otherwise.
fn servant() -> Option<(u32, u32)> {
    if own_user() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").expect("the users");
    let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let servant = fields.into_iter().find(|fields| fields[0] == "postgres").expect("its user");
    Some((servant[2].parse().ok()?, servant[3].parse().ok()?))
}
