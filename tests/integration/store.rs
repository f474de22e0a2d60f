//! What every store must hold, on every engine: one list, played on a file and on PostgreSQL, each
//! time through two handles as two machines have them. Another engine needs one test more.

mod contracts;
mod texts;
mod weeks;

use std::time::Duration;

use keydesk::store::{Address, Store};

use crate::postgres::server::Server;

/// A contract, by its name.
type Contract = (&'static str, fn(Pair) -> futures_util::future::BoxFuture<'static, ()>);

/// Two handles to one store.
pub(crate) struct Pair {
    pub(crate) here: Store,
    pub(crate) there: Store,
}

impl Pair {
    /// Two machines that start at the same moment on a database of a server.
    pub(crate) async fn start(database: &str) -> Self {
        let address = Address::parse(database).expect("an address");
        let (here, there) = tokio::join!(Store::open(&address), Store::open(&address));
        Self { here: here.expect("a store"), there: there.expect("a store") }
    }
}

/// As long as a claim lasts.
pub(crate) const LEASE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_file_keeps_every_contract() {
    for (name, contract) in contracts::ALL {
        let folder = tempfile::tempdir().expect("a folder");
        let address = Address::File(folder.path().join("desk.db"));
        let here = Store::open(&address).await.expect("a store");
        println!("{name}");
        contract(Pair { there: here.clone(), here }).await;
    }
}

#[tokio::test]
async fn postgres_keeps_every_contract() {
    let server = Server::start();
    for (name, contract) in contracts::ALL {
        let pair = Pair::start(&server.new_database()).await;
        println!("{name}");
        contract(pair).await;
    }
}
