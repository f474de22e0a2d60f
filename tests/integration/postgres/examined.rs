//! What a doctor sees of a server's database, and that looking changes nothing.

use keydesk::store::{Address, Examined, StoreError};
use tokio::runtime::Runtime;

use super::server::{Server, open};

fn examine(address: &str) -> Result<Examined, StoreError> {
    let address = Address::parse(address).expect("an address");
    Runtime::new().expect("a runtime").block_on(address.examine())
}

#[test]
fn a_database_is_seen_as_it_is_and_left_so() {
    let server = Server::start();
    let address = server.new_database();
    let seen = examine(&address).expect("an empty database");
    assert!(seen.version.is_none() && !seen.is_current(), "{seen:?}");
    let tables = "SELECT 1 FROM pg_tables WHERE schemaname = 'public'";
    assert!(server.query(&address, tables).is_empty(), "nothing was made");
    drop(open(&address));
    let seen = examine(&address).expect("a database of ours");
    assert!(seen.is_current() && seen.bytes > 0, "{seen:?}");
    server.query(
        &address,
        "DELETE FROM migrations WHERE number = (SELECT max(number) FROM migrations)",
    );
    let seen = examine(&address).expect("an older one");
    assert!(!seen.is_current() && !seen.is_too_new && seen.version < Some(seen.newest), "{seen:?}");
    server.query(
        &address,
        "INSERT INTO migrations (number, name, beside) VALUES (4000, 'later', 4000)",
    );
    assert!(examine(&address).expect("a newer one").is_too_new);
    server.query(&address, "CREATE ROLE guest LOGIN");
    let told = examine(&address.replace("keydesk@", "guest@")).expect_err("a guest").to_string();
    assert!(
        told.contains("may not create tables") && told.contains("make the user its owner"),
        "{told}"
    );
    server.stop();
    let told = examine(&address).expect_err("nobody is there").to_string();
    assert!(told.contains("is PostgreSQL running"), "{told}");
}
