//! Databases of every earlier version, with rows in all their tables, become those of today.

use std::path::Path;

use keydesk::store::{Address, Store};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::rows::{columns, fill, tables};

/// Rows a table had before a step that meant to replace it.
const REPLACED: [(&str, usize); 2] = [("writes", 6), ("pauses", 6)];

/// The steps in their order, as files of the repository.
fn steps() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let entries = std::fs::read_dir(folder).expect("the folder of steps");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).expect("a step")).collect()
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
                let now = rows(&today, &table, &names);
                let is_there = found.iter().all(|row| now.contains(row));
                assert!(is_there, "{table} of version {version}: {found:?} became {now:?}");
            } else if table == "writes" {
                let now = rows(&today, "requests", &names);
                assert_eq!(now, found, "what was sent counts on");
            }
        }
    }
}
