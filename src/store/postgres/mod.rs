//! PostgreSQL 15 or newer, shared by any number of processes. Each transaction takes a connection
//! from a pool and runs in a thread where it may wait; statements that nobody waits for are sent
//! together ([`transaction`]).

mod clock;
mod error;
mod examine;
mod listen;
mod migrate;
mod moving;
mod transaction;
mod value;

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts};
use tokio::runtime::Handle;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use self::clock::ServerClock;
use self::error::unreachable;
pub(super) use self::moving::ServerHold;
use self::transaction::PostgresTransaction;
use super::StoreError;
use super::connection::{Queue, Work};
use crate::clock::Clock;

/// As many transactions at once; the others wait for one of them to end.
const CONNECTIONS_MAX: usize = 10;

/// GitHub waits 10 s for an answer: to find a connection, to open one, and what the server may take
/// for a statement or for a lock together stay below.
const POOL_TIMEOUT: Duration = Duration::from_secs(3);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const SERVER_OPTIONS: &str = "-c statement_timeout=8s -c lock_timeout=5s \
     -c idle_in_transaction_session_timeout=5s -c timezone=UTC";

/// What our connections are called.
const NAME: &str = "keydesk";

/// A server that stays silent for so long is gone.
const SILENCE_MAX: Duration = Duration::from_secs(10);

/// The address of a server.
#[derive(Clone)]
pub struct ServerAddress(Config);

impl ServerAddress {
    /// Reads `postgres://user:password@host/database?sslmode=…`.
    ///
    /// # Errors
    /// What is wrong with it; the address itself is not repeated, it may hold a password.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let mut config = Config::from_str(url).map_err(|error| {
            StoreError::Unavailable(format!("DATABASE_URL cannot be read: {error}"))
        })?;
        config
            .application_name(NAME)
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(SILENCE_MAX)
            .keepalives_idle(SILENCE_MAX)
            .options(SERVER_OPTIONS);
        if config.get_ssl_mode() == SslMode::Prefer {
            // Nobody asked for TLS, and what it would fall back from is no protection.
            config.ssl_mode(SslMode::Disable);
        }
        Ok(Self(config))
    }
}

/// A database that several processes share. Cloning shares the connections.
#[derive(Clone)]
pub(super) struct Postgres {
    address: ServerAddress,
    pool: Pool,
    /// Connections live in the runtime that opened the store, whoever asks them.
    runtime: Handle,
    clock: Arc<ServerClock>,
    waits: Arc<AtomicU64>,
    holder: Arc<str>,
}

impl Postgres {
    /// Connects, brings the tables up to date, and reads the server's clock.
    ///
    /// # Errors
    /// Where the server is not there, too old, or refuses, with what to do about it.
    pub(super) async fn open(address: &ServerAddress) -> Result<Self, StoreError> {
        let mut postgres = Self::connect(address)?;
        moving::check_not_held(&*postgres.client().await?).await?;
        postgres.prepare().await?;
        Ok(postgres)
    }

    /// Brings the tables up to date and reads the server's clock.
    ///
    /// # Errors
    /// Where the server is too old, or refuses.
    pub(super) async fn prepare(&mut self) -> Result<(), StoreError> {
        let mut client = self.client().await?;
        migrate::check_version(&client).await?;
        migrate::migrate(&mut client).await?;
        self.clock.set(&client).await?;
        let name = client.query_one("SELECT CAST(gen_random_uuid() AS TEXT)", &[]).await?;
        self.holder = name.try_get::<_, String>(0)?.into();
        Ok(())
    }

    /// Connects to look only.
    ///
    /// # Errors
    /// Where the server is not there.
    pub(super) async fn open_to_read(address: &ServerAddress) -> Result<Self, StoreError> {
        let postgres = Self::connect(address)?;
        let client = postgres.client().await?;
        postgres.clock.set(&client).await?;
        Ok(postgres)
    }

    fn connect(address: &ServerAddress) -> Result<Self, StoreError> {
        let settings = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(address.0.clone(), tls(), settings);
        let timeouts = Timeouts {
            wait: Some(POOL_TIMEOUT),
            create: Some(CONNECT_TIMEOUT),
            recycle: Some(CONNECT_TIMEOUT),
        };
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS_MAX)
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let runtime = Handle::current();
        Ok(Self {
            address: address.clone(),
            pool,
            runtime,
            clock: Arc::default(),
            waits: Arc::default(),
            holder: "".into(),
        })
    }

    async fn client(&self) -> Result<Object, StoreError> {
        self.pool.get().await.map_err(unreachable)
    }

    /// Runs `work` as one transaction.
    ///
    /// # Errors
    /// Those of `work`, and where the server does not answer; where it goes silent at the very end
    /// nobody knows whether the transaction was kept.
    pub(super) async fn run(&self, work: Work) -> Result<(), StoreError> {
        let (postgres, runtime, waits) = (self.clone(), self.runtime.clone(), self.waits.clone());
        let running = self.runtime.spawn_blocking(move || {
            let client = runtime.block_on(postgres.client())?;
            PostgresTransaction::begin(client, (runtime, waits)).run(work)
        });
        running
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("a transaction failed".to_owned())))
    }

    /// The time of the server, which is everybody's.
    pub(super) fn clock(&self) -> Clock {
        let clock = self.clock.clone();
        Arc::new(move || clock.now())
    }

    /// How often the server was waited for.
    pub(super) fn round_trips(&self) -> u64 {
        self.waits.load(Ordering::Relaxed)
    }

    /// What tells this process from others.
    pub(super) fn holder(&self) -> String {
        self.holder.to_string()
    }

    /// Tells of what other processes announce, and follows the server's clock, until dropped.
    pub(super) async fn listen(&self, told: impl Fn(Queue)) {
        listen::listen(self, told).await;
    }
}

/// TLS, where the address asks for it, to a server whose certificate one of the well-known
/// authorities signed.
fn tls() -> MakeRustlsConnect {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks the versions of TLS that are in use")
        .with_root_certificates(roots)
        .with_no_client_auth();
    MakeRustlsConnect::new(config)
}
