//! The rows of a table, read in the order of their keys, looked up by their keys, and written.
//!
//! The engines order texts each in its own way, so only numbers of rows and rows of the same key are
//! ever held against each other, never places in an order.

use std::collections::HashMap;

use super::tables::{KeyColumn, Table};
use crate::store::StoreError;
use crate::store::connection::{Connection, Flow, Row, Value, params};

/// The values of a key.
pub(super) type Key = Vec<Value>;

/// The values of a row in the order of [`Table::columns`]. Where a row may be there several times,
/// the last value says how often it is.
pub(super) type Cells = Vec<Value>;

/// How many rows there are, each counted as often as it is there.
pub(super) fn count(connection: &Connection, table: &Table) -> Result<i64, StoreError> {
    let sql = format!("SELECT count(*) FROM {}", table.name);
    connection.prepare(&sql).one(params![], |row| row.get(0))
}

/// So many rows after this key, or the first.
pub(super) fn read_after(
    connection: &Connection,
    table: &Table,
    (after, limit): (Option<&Key>, usize),
) -> Result<Vec<Cells>, StoreError> {
    let (names, from) = (key_names(table), table.name);
    let beyond = match after {
        None => String::new(),
        Some(after) => format!("WHERE ({names}) > ({})", numbers(1, after.len())),
    };
    let sql = format!(
        "SELECT {} FROM {from} {beyond} {} ORDER BY {names} LIMIT {limit}",
        selected(table),
        grouped(table),
    );
    read(connection, table, (&sql, after.cloned().unwrap_or_default()))
}

/// The rows of these keys, by their keys.
pub(super) fn look_up(
    connection: &Connection,
    table: &Table,
    keys: &[Key],
) -> Result<HashMap<Key, Cells>, StoreError> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted: Vec<String> = (0..keys.len()).map(|index| cast(table, index)).collect();
    let sql = format!(
        "SELECT {} FROM {} WHERE ({}) IN (VALUES {}) {}",
        selected(table),
        table.name,
        key_names(table),
        wanted.join(", "),
        grouped(table),
    );
    let found = read(connection, table, (&sql, keys.concat()))?;
    Ok(found.into_iter().map(|cells| (key_of(table, &cells), cells)).collect())
}

/// Writes a row, as often as it is to be there.
pub(super) fn insert(
    connection: &Connection,
    table: &Table,
    mut cells: Cells,
) -> Result<(), StoreError> {
    let mut times = 1;
    if table.has_doubles()
        && let Some(Value::Integer(count)) = cells.pop()
    {
        times = count;
    }
    let columns: Vec<&str> = table.columns().collect();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table.name,
        columns.join(", "),
        numbers(1, columns.len())
    );
    for _ in 0..times {
        connection.send(&sql, cells.clone())?;
    }
    Ok(())
}

/// The key of a row as both engines hold it.
pub(super) fn key_of(table: &Table, cells: &Cells) -> Key {
    cells.iter().take(table.key.len()).map(as_both_hold_it).collect()
}

/// Whether two rows are the same.
pub(super) fn is_same(one: &Cells, other: &Cells) -> bool {
    one.iter().map(as_both_hold_it).eq(other.iter().map(as_both_hold_it))
}

/// PostgreSQL has another character for the one it does not hold.
fn as_both_hold_it(value: &Value) -> Value {
    match value {
        Value::Text(text) if text.contains('\0') => Value::Text(text.replace('\0', "\u{fffd}")),
        Value::Null | Value::Integer(_) | Value::Text(_) => value.clone(),
    }
}

fn read(
    connection: &Connection,
    table: &Table,
    (sql, values): (&str, Vec<Value>),
) -> Result<Vec<Cells>, StoreError> {
    let width = table.columns().count() + usize::from(table.has_doubles());
    let mut found = Vec::new();
    connection.query(sql, values, &mut |row: &Row<'_>| {
        let cells = (0..width).map(|index| row.0.cell(index));
        found.push(cells.collect::<Result<Cells, StoreError>>()?);
        Ok(Flow::On)
    })?;
    Ok(found)
}

fn selected(table: &Table) -> String {
    let mut columns: Vec<&str> = table.columns().collect();
    if table.has_doubles() {
        columns.push("count(*)");
    }
    columns.join(", ")
}

fn grouped(table: &Table) -> String {
    if table.has_doubles() { format!("GROUP BY {}", key_names(table)) } else { String::new() }
}

fn key_names(table: &Table) -> String {
    let names: Vec<&str> = table.key.iter().map(|column| column.name()).collect();
    names.join(", ")
}

/// `?1, ?2, …`
fn numbers(from: usize, count: usize) -> String {
    let numbers: Vec<String> = (from..from + count).map(|number| format!("?{number}")).collect();
    numbers.join(", ")
}

/// The values of one key among many: a list of values does not say by itself what types they have.
fn cast(table: &Table, index: usize) -> String {
    let first = index * table.key.len() + 1;
    let values = table.key.iter().zip(first..).map(|(column, number)| match column {
        KeyColumn::Number(_) => format!("CAST(?{number} AS BIGINT)"),
        KeyColumn::Text(_) => format!("CAST(?{number} AS TEXT)"),
    });
    format!("({})", values.collect::<Vec<_>>().join(", "))
}
