//! Databases of every earlier version, with rows in all their tables, become those of today.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use keydesk::store::{Address, Store};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::rows::{columns, fill, tables};

/// Rows a table had before a step that meant to replace it.
const REPLACED: [(&str, usize); 2] = [("writes", 6), ("pauses", 6)];

/// What a column is called since a step.
const RENAMED: [(&str, &str, &str, usize); 1] = [("deliveries", "body", "note", 11)];

/// The steps in their order, as files of the repository.
fn steps() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let entries = std::fs::read_dir(folder).expect("the folder of steps");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("a step")).collect()
}

/// What columns of an earlier version are called today.
fn names_today(table: &str, names: &[String], version: usize) -> Vec<String> {
    let today = |name: &String| {
        let is_it = |(of, before, _, since): &&(&str, &str, &str, usize)| {
            (*of, *before) == (table, name.as_str()) && version < *since
        };
        RENAMED.iter().find(is_it).map_or(name.clone(), |(_, _, now, _)| (*now).to_owned())
    };
    names.iter().map(today).collect()
}

/// The rows of a table, as far as these columns go.
fn rows(connection: &Connection, table: &str, names: &[String]) -> Vec<Vec<Value>> {
    let sql = format!("SELECT {} FROM {table}", names.join(", "));
    let mut statement = connection.prepare(&sql).expect("a table");
    let rows =
        statement.query_map([], |row| (0..names.len()).map(|index| row.get(index)).collect());
    rows.expect("rows").collect::<Result<_, _>>().expect("rows")
}

#[test]
fn a_database_of_every_earlier_version_keeps_its_rows() {
    let steps = steps();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for version in 1..=steps.len() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("desk.db");
        let old = Connection::open(&path).expect("a file");
        old.execute_batch(&steps[..version].join("\n")).expect("its tables");
        fill(&old, 20);
        old.pragma_update(None, "user_version", version as i64).expect("its version");
        let before: Vec<(String, Vec<String>, Vec<Vec<Value>>)> = tables(&old)
            .into_iter()
            .map(|table| {
                let names: Vec<String> =
                    columns(&old, &table).into_iter().map(|(name, _)| name).collect();
                let found = rows(&old, &table, &names);
                (table, names, found)
            })
            .collect();
        drop(old);
        let store = runtime.block_on(Store::open(&Address::File(path.clone())));
        runtime.block_on(store.expect("a store of today").ping()).expect("it works");
        let today = Connection::open(&path).expect("the file");
        for (table, names, found) in before {
            let is_replaced = REPLACED.iter().any(|(name, by)| *name == table && version < *by);
            if !is_replaced {
                assert_eq!(found.len(), 20);
                let now = rows(&today, &table, &names_today(&table, &names, version));
                let is_there = found.iter().all(|row| now.contains(row));
                assert!(is_there, "{table} of version {version}: {found:?} became {now:?}");
            } else if table == "writes" {
                let now = rows(&today, "requests", &names);
                assert_eq!(now, found, "what was sent counts on");
            }
        }
    }
}

#[test]
fn what_waited_and_what_was_set_aside_keep_their_texts() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("desk.db");
    let old = Connection::open(&path).expect("a file");
    old.execute_batch(&steps()[..10].join("\n")).expect("its tables");
    old.execute_batch(WAITING).expect("rows");
    old.pragma_update(None, "user_version", 10).expect("its version");
    drop(old);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&Address::File(path)).await.expect("a store of today");
        assert_eq!(texts_of(&store).await, TEXTS);
    });
}

/// Deliveries of version 10: one waits, one was set aside, one is done, and one is the desk's own.
pub(crate) const WAITING: &str =
    "INSERT INTO deliveries (id, guid, event, subject, received_at, due_at, body, state)
     VALUES (1, 'a', 'issues', 'issue:1', 5, 5, 'first', 'waiting'),
            (2, 'b', 'issues', 'issue:2', 5, 5, 'second', 'set_aside'),
            (3, 'c', 'issues', 'issue:3', 5, 5, NULL, 'done'),
            (4, 'related:4:7', 'related', 'issue:4', 5, 5, '[7]', 'waiting')";

/// What they say.
pub(crate) const TEXTS: [&str; 3] = ["first", "second", "[7]"];

/// Takes up what was set aside, and says what waits.
pub(crate) async fn texts_of(store: &Store) -> Vec<String> {
    let now = Timestamp::from_second(1).expect("a time");
    assert!(store.take_up_delivery(2, now).await.expect("a store"));
    let mut texts = Vec::new();
    while let Some(claimed) =
        store.claim_delivery(now, Duration::from_secs(30)).await.expect("a store")
    {
        texts.push(claimed.body);
        store.finish_delivery(claimed.claim).await.expect("ours");
    }
    texts
}
