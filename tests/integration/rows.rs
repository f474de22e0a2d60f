//! Rows of any table, made up from what the table itself says of its columns, and told as text.

use std::path::Path;

use keydesk::store::LEFT_BEHIND;
use rusqlite::Connection;
use rusqlite::types::Value;

/// What stands in a text. Some is ordered one way by one engine and another way by another; some
/// one of them does not hold.
const TEXTS: [&str; 6] = ["zebra", "Äther", "a-b", "a b", "A.b", "straße \u{1f511}"];

/// Everything of a database that a move brings along, a line a row, in an order of its own.
pub(crate) fn told(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).expect("a file");
    let mut lines = Vec::new();
    let moved = |table: &String| !LEFT_BEHIND.contains(&table.as_str());
    for table in tables(&connection).into_iter().filter(moved) {
        let names: Vec<String> =
            columns(&connection, &table).into_iter().map(|(name, _)| name).collect();
        let sql = format!("SELECT {} FROM {table}", names.join(", "));
        let mut statement = connection.prepare(&sql).expect("a table");
        let rows = statement.query_map([], |row| {
            let cells = names
                .iter()
                .enumerate()
                .map(|(index, name)| Ok(format!("{name}={:?}", row.get::<_, Value>(index)?)));
            let cells = cells.collect::<rusqlite::Result<Vec<String>>>()?;
            Ok(format!("{table} {}", cells.join(" ")))
        });
        lines.extend(rows.expect("rows").map(|row| row.expect("a row")));
    }
    lines.sort();
    lines
}

/// The tables, except those of the engine.
pub(crate) fn tables(connection: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
                   ORDER BY name";
    let mut statement = connection.prepare(sql).expect("tables");
    let names = statement.query_map([], |row| row.get(0)).expect("tables");
    names.collect::<Result<_, _>>().expect("tables")
}

/// The columns of a table, sorted by name, and whether they hold texts.
pub(crate) fn columns(connection: &Connection, table: &str) -> Vec<(String, bool)> {
    let sql = "SELECT name, type = 'TEXT' FROM pragma_table_info(?1) ORDER BY name";
    let mut statement = connection.prepare(sql).expect("columns");
    let found = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)));
    found.expect("columns").collect::<Result<_, _>>().expect("columns")
}

/// Adds so many rows to every table, none of which is like another.
pub(crate) fn fill(connection: &Connection, count: i64) {
    connection.execute_batch("BEGIN").expect("a transaction");
    for table in tables(connection) {
        let columns = columns(connection, &table);
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let places = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES ({places})", names.join(", "));
        let mut insert = connection.prepare(&sql).expect("a table");
        for row in 1..=count {
            let cells = columns.iter().map(|column| cell(column, row));
            insert.execute(rusqlite::params_from_iter(cells)).expect("a row");
        }
    }
    connection.execute_batch("COMMIT").expect("a transaction");
}

fn cell((name, is_text): &(String, bool), row: i64) -> Value {
    let number = 5_000 + row;
    match (name.as_str(), is_text) {
        // Migrations look into it.
        ("state", true) => Value::Text(format!(r#"{{"stage": "filed", "number": {number}}}"#)),
        ("late_since" | "next" | "etag" | "outcome", _) if row % 2 == 0 => Value::Null,
        (_, true) => {
            let text = TEXTS[row.unsigned_abs() as usize % TEXTS.len()];
            Value::Text(format!("{text} {row} {name}"))
        }
        (_, false) => Value::Integer(number),
    }
}
