//! SQL on SQLite.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ToSql, params_from_iter};

use crate::store::StoreError;
use crate::store::connection::{Cells, Flow, Lock, Queue, Row, Transaction, Value};

/// A connection whose owner began a transaction.
pub(in crate::store) struct SqliteConnection(pub(super) Connection);

impl Transaction for SqliteConnection {
    fn execute(&self, sql: &str, values: Vec<Value>) -> Result<usize, StoreError> {
        Ok(self.0.prepare_cached(sql)?.execute(params_from_iter(values))?)
    }

    fn send(&self, sql: &str, values: Vec<Value>) -> Result<(), StoreError> {
        self.execute(sql, values).map(drop)
    }

    fn send_for_one(&self, sql: &str, values: Vec<Value>) -> Result<(), StoreError> {
        match self.execute(sql, values)? {
            1 => Ok(()),
            _ => Err(StoreError::Conflict),
        }
    }

    fn query(
        &self,
        sql: &str,
        values: Vec<Value>,
        each: &mut dyn FnMut(&Row<'_>) -> Result<Flow, StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if each(&Row(row))? == Flow::Enough {
                break;
            }
        }
        Ok(())
    }

    /// There is one writer.
    fn lock(&self, _lock: Lock) -> Result<(), StoreError> {
        Ok(())
    }

    /// Nothing is sent anywhere.
    fn end_with_next(&self) {}

    /// One process serves from a file, and tells itself.
    fn announce(&self, _queue: Queue) -> Result<(), StoreError> {
        Ok(())
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Self::Null => Ok(rusqlite::types::Null.into()),
            Self::Integer(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
        }
    }
}

impl Cells for rusqlite::Row<'_> {
    fn cell(&self, index: usize) -> Result<Value, StoreError> {
        match self.get_ref(index)? {
            ValueRef::Null => Ok(Value::Null),
            ValueRef::Integer(number) => Ok(Value::Integer(number)),
            ValueRef::Text(text) => Ok(Value::Text(String::from_utf8_lossy(text).into_owned())),
            ValueRef::Real(_) | ValueRef::Blob(_) => {
                Err(StoreError::Unreadable(format!("column {index} of a row is no number or text")))
            }
        }
    }
}
