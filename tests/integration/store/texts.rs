//! The texts of what came from outside: kept once, gone once it was decided on, and their room with
//! them.

use futures_util::future::join_all;
use jiff::Timestamp;
use keydesk::store::{Address, NewDelivery, Store};
use rusqlite::Connection;

use super::{LEASE, Pair};
use crate::postgres::server::Server;

/// Deliveries that come before any of them is decided on.
const MANY: usize = 200;
/// Machines to which the same comes at the same moment, and how often that happens.
const AT_ONCE: usize = 8;
const TIMES: usize = 25;

const LEFT: &str = "SELECT count(*) FROM delivery_texts";

fn now() -> Timestamp {
    Timestamp::from_second(1_795_000_000).expect("a time")
}

fn delivery(guid: String) -> NewDelivery {
    let subject = format!("issue:{guid}");
    NewDelivery { guid, event: "issues".to_owned(), subject, body: "lost ".repeat(400) }
}

/// Takes all that waits, and ends it.
async fn finish_all(store: &Store) -> usize {
    let mut count = 0;
    while let Some(claimed) = store.claim_delivery(now(), LEASE).await.expect("a store") {
        assert_eq!(claimed.body, delivery(String::new()).body, "{}", claimed.guid);
        store.finish_delivery(claimed.claim).await.expect("ours");
        count += 1;
    }
    count
}

fn number(file: &Connection, sql: &str) -> i64 {
    file.query_row(sql, [], |row| row.get(0)).expect("a number")
}

#[tokio::test]
async fn the_room_of_texts_is_used_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("desk.db");
    let store = Store::open(&Address::File(path.clone())).await.expect("a store");
    let file = Connection::open(&path).expect("the file");
    let mut sizes = Vec::new();
    for round in 0..4 {
        for index in 0..MANY {
            let is_new = store.put_delivery(delivery(format!("{round}-{index}")), now()).await;
            assert!(is_new.expect("a store"));
        }
        assert_eq!(number(&file, LEFT), MANY as i64);
        assert_eq!(finish_all(&store).await, MANY);
        assert_eq!(number(&file, LEFT), 0);
        sizes.push(number(&file, "SELECT page_count FROM pragma_page_count"));
    }
    let free = number(&file, "SELECT freelist_count FROM pragma_freelist_count");
    assert!(free > MANY as i64 / 4, "two texts and more fit in a page: {free} of {sizes:?}");
    // What grows is the list of what was taken: some 200 bytes each, with its index.
    let growth = sizes.last().expect("rounds") - sizes[0];
    assert!(growth < 3 * MANY as i64 / 12, "{sizes:?}");
}

/// What comes to two machines at the same moment is kept by one, and leaves nothing.
async fn comes_twice_at_once(Pair { here, there }: Pair) {
    for time in 0..TIMES {
        let puts = (0..AT_ONCE).map(|index| {
            let store = if index % 2 == 0 { here.clone() } else { there.clone() };
            async move {
                let is_new = store.put_delivery(delivery(time.to_string()), now()).await;
                // One of them may be decided on while others are still under way.
                (is_new.expect("a store"), finish_all(&store).await)
            }
        });
        let (mut kept, mut finished) = (0, 0);
        for (is_new, count) in join_all(puts).await {
            kept += usize::from(is_new);
            finished += count;
        }
        assert_eq!((kept, finished), (1, 1));
    }
}

/// A delivery that was decided on waits again with a text, one that waits keeps the one it has.
async fn waits_again(store: &Store) {
    assert!(store.put_delivery(delivery("again".to_owned()), now()).await.expect("a store"));
    for _ in 0..2 {
        let other = NewDelivery { body: "other".to_owned(), ..delivery("again".to_owned()) };
        store.put_delivery_again(other, now()).await.expect("a store");
        assert!(!store.put_delivery(delivery("again".to_owned()), now()).await.expect("a store"));
        assert_eq!(finish_all(store).await, 1);
        store.put_delivery_again(delivery("again".to_owned()), now()).await.expect("a store");
    }
    assert_eq!(finish_all(store).await, 1);
}

#[tokio::test]
async fn a_file_keeps_no_text_for_ever() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("desk.db");
    let here = Store::open(&Address::File(path.clone())).await.expect("a store");
    waits_again(&here).await;
    comes_twice_at_once(Pair { there: here.clone(), here }).await;
    assert_eq!(number(&Connection::open(&path).expect("the file"), LEFT), 0);
}

#[tokio::test]
async fn postgres_keeps_no_text_for_ever() {
    let server = Server::start();
    let database = server.new_database();
    let pair = Pair::start(&database).await;
    waits_again(&pair.here).await;
    comes_twice_at_once(pair).await;
    assert_eq!(server.query(&database, LEFT)[0].get::<_, i64>(0), 0);
}
