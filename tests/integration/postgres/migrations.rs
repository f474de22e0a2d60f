//! Databases of every earlier version, with rows in all their tables, become those of today; and who
//! may not make tables is told so.

use std::path::{Path, PathBuf};

use keydesk::store::{Address, Store, StoreError, Trouble};
use serde_json::Value;
use tokio_postgres::Row;

use super::server::Server;
use crate::migrations::{TEXTS, WAITING, texts_of};

const STEPS_TAKEN: &str = "CREATE TABLE migrations
    (number INTEGER PRIMARY KEY, name TEXT NOT NULL, beside INTEGER NOT NULL)";

/// Every table, with the columns of a row and what makes up its cells for a row of number `n`.
const FILLINGS: &str = "
    SELECT CAST(table_name AS TEXT), string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position),
           string_agg(CASE data_type WHEN 'text' THEN '''text '' || n' ELSE '5000 + n' END, ', '
                      ORDER BY ordinal_position)
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> 'migrations' GROUP BY 1 ORDER BY 1";

/// What a column was called, and what it is called today.
const RENAMED: [(&str, &str); 1] = [("body", "note")];

/// A step: its number and name, and what it does.
type Step = (i32, String, String);

fn steps() -> Vec<Step> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let entries = std::fs::read_dir(folder).expect("the folder of steps");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let step = |path: &PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let number = name[..4].parse().expect("a number");
        (number, name, std::fs::read_to_string(path).expect("a step"))
    };
    paths.iter().map(step).collect()
}

/// A database as it was after these steps.
fn database_of(server: &Server, steps: &[Step]) -> String {
    let address = server.new_database();
    server.change(&address, STEPS_TAKEN);
    for (number, name, sql) in steps {
        server.change(&address, sql);
        let taken = format!("INSERT INTO migrations VALUES ({number}, '{name}', 8)");
        server.change(&address, &taken);
    }
    address
}

/// Adds rows to every table, none of which is like another, and names the tables.
fn fill(server: &Server, address: &str) -> Vec<String> {
    let fillings = server.query(address, FILLINGS);
    let filled = fillings.iter().map(|row| {
        let [table, names, cells]: [String; 3] = [0, 1, 2].map(|index| row.get(index));
        let insert = format!(
            "INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE
             SELECT {cells} FROM generate_series(1, 20) AS n"
        );
        server.change(address, &insert);
        table
    });
    filled.collect()
}

fn rows(server: &Server, address: &str, table: &str) -> Vec<Value> {
    let sql = format!("SELECT CAST(to_jsonb(t) AS TEXT) FROM {table} AS t ORDER BY 1");
    let parse = |row: &Row| serde_json::from_str(&row.get::<_, String>(0)).expect("an object");
    server.query(address, &sql).iter().map(parse).collect()
}

/// Whether a row still says what it said, whatever it says beside that now, and whatever its column is
/// called.
fn goes_on(before: &Value, now: &[Value]) -> bool {
    let before = before.as_object().expect("an object");
    let value_of = |row: &Value, name: &str| {
        let renamed = RENAMED.iter().find(|(before, _)| *before == name).map(|(_, now)| *now);
        row.get(name).or_else(|| row.get(renamed?)).cloned()
    };
    now.iter()
        .any(|row| before.iter().all(|(name, value)| value_of(row, name).as_ref() == Some(value)))
}

#[tokio::test]
async fn a_database_of_every_earlier_version_keeps_its_rows() {
    let server = Server::start();
    let steps = steps();
    for version in 1..=steps.len() {
        let address = database_of(&server, &steps[..version]);
        let tables = fill(&server, &address);
        let told = |table: &String| (table.clone(), rows(&server, &address, table));
        let before: Vec<(String, Vec<Value>)> = tables.iter().map(told).collect();
        let store = Store::open(&Address::parse(&address).expect("an address")).await;
        store.expect("a store of today").ping().await.expect("it works");
        for (table, found) in before {
            assert_eq!(found.len(), 20, "{table}");
            let now = rows(&server, &address, &table);
            let is_there = found.iter().all(|row| goes_on(row, &now));
            assert!(is_there, "{table} of version {version}: {found:?} became {now:?}");
        }
    }
}

#[tokio::test]
async fn what_waited_and_what_was_set_aside_keep_their_texts() {
    let server = Server::start();
    let address = database_of(&server, &steps()[..3]);
    server.change(&address, WAITING);
    let store = Store::open(&Address::parse(&address).expect("an address")).await;
    assert_eq!(texts_of(&store.expect("a store of today")).await, TEXTS);
}

#[tokio::test]
async fn who_may_not_make_tables_is_told_so() {
    let server = Server::start();
    let address = server.new_database();
    server.change(&address, "CREATE ROLE guest LOGIN");
    let address = address.replace("postgres://keydesk@", "postgres://guest@");
    let refused = Store::open(&Address::parse(&address).expect("an address")).await.err();
    let Some(StoreError::Troubled { trouble: Trouble::NoRights, what }) = refused else {
        panic!("it was {refused:?}")
    };
    assert!(what.contains("permission denied"), "{what}");
}
