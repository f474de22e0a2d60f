//! SQL as the rooms of the store speak it, the same for every engine: statements with `?1`, values,
//! rows, and names to lock. Only what both dialects understand is used: numbers and texts, no
//! functions on JSON, casts where the type of a value does not follow from its place.

use super::StoreError;

/// A transaction that is under way.
pub(super) type Connection = dyn Transaction;

/// What is done in a transaction; what comes of it beside it carries out itself.
pub(super) type Work = Box<dyn FnOnce(&Connection) -> Result<(), StoreError> + Send>;

/// What an engine does within a transaction.
pub(super) trait Transaction {
    /// Runs a statement and returns how many rows it changed.
    fn execute(&self, sql: &str, values: Vec<Value>) -> Result<usize, StoreError>;

    /// Runs a statement whose count nobody asks for; it may be sent together with those after it,
    /// and what went wrong is told by one of them or by the commit.
    fn send(&self, sql: &str, values: Vec<Value>) -> Result<(), StoreError>;

    /// Runs a statement that must change one row, as [`send`](Self::send) does; if it does not, the
    /// transaction ends with [`StoreError::Conflict`].
    fn send_for_one(&self, sql: &str, values: Vec<Value>) -> Result<(), StoreError>;

    /// Runs a statement and hands over its rows until `each` has seen enough.
    fn query(
        &self,
        sql: &str,
        values: Vec<Value>,
        each: &mut dyn FnMut(&Row<'_>) -> Result<Flow, StoreError>,
    ) -> Result<(), StoreError>;

    /// Lets nobody else pass this lock before the transaction ends.
    fn lock(&self, lock: Lock) -> Result<(), StoreError>;

    /// The next statement is the last one, so that the commit can be sent along with it. What
    /// fails afterwards undoes nothing.
    fn end_with_next(&self);

    /// Whoever waits for such work on other machines is told once the transaction is kept.
    fn announce(&self, queue: Queue) -> Result<(), StoreError>;
}

/// Whether more rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// The next one, please.
    On,
    /// That was enough.
    Enough,
}

/// What is read and changed by one transaction at a time. SQLite has one writer anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// Which deliveries are in hand.
    Deliveries,
    /// Which actions are in hand.
    Actions,
    /// Which alarms have rung.
    Alarms,
    /// The desk of this repository.
    Desk(i64),
    /// Who asks for what in this repository.
    Kinship(i64),
    /// What this installation may still send.
    Budget(i64),
}

/// What somebody may wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Deliveries.
    Inbox,
    /// Actions.
    Outbox,
}

impl dyn Transaction {
    /// A statement to be run with values.
    pub(super) fn prepare<'a>(&'a self, sql: &'a str) -> Statement<'a> {
        Statement { session: self, sql }
    }

    /// The only statement of its transaction, or the last.
    pub(super) fn last<'a>(&'a self, sql: &'a str) -> Statement<'a> {
        self.end_with_next();
        self.prepare(sql)
    }
}

/// A statement.
pub(super) struct Statement<'a> {
    session: &'a dyn Transaction,
    sql: &'a str,
}

impl Statement<'_> {
    /// Runs it and returns how many rows it changed.
    pub(super) fn execute(&self, values: impl Values) -> Result<usize, StoreError> {
        self.session.execute(self.sql, values.list())
    }

    /// Runs it, now or with what follows.
    pub(super) fn send(&self, values: impl Values) -> Result<(), StoreError> {
        self.session.send(self.sql, values.list())
    }

    /// Runs it, now or with what follows; if it does not change one row, the transaction ends with
    /// [`StoreError::Conflict`].
    pub(super) fn send_for_one(&self, values: impl Values) -> Result<(), StoreError> {
        self.session.send_for_one(self.sql, values.list())
    }

    /// Its first row; none if there is none.
    pub(super) fn first<T>(
        &self,
        values: impl Values,
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut found = None;
        self.session.query(self.sql, values.list(), &mut |row| {
            found = Some(map(row)?);
            Ok(Flow::Enough)
        })?;
        Ok(found)
    }

    /// The row of a statement that always has one.
    pub(super) fn one<T>(
        &self,
        values: impl Values,
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let missing = || StoreError::Unreadable(format!("no row came of: {}", self.sql));
        self.first(values, map)?.ok_or_else(missing)
    }

    /// All its rows.
    pub(super) fn all<T>(
        &self,
        values: impl Values,
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.session.query(self.sql, values.list(), &mut |row| {
            found.push(map(row)?);
            Ok(Flow::On)
        })?;
        Ok(found)
    }

    /// Whether it has a row.
    pub(super) fn exists(&self, values: impl Values) -> Result<bool, StoreError> {
        Ok(self.first(values, |_| Ok(()))?.is_some())
    }
}

/// What stands in a column. Both engines hold numbers and texts only; yes is 1 and no is 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// Nothing.
    Null,
    /// A number, a time in microseconds, or yes and no.
    Integer(i64),
    /// A text.
    Text(String),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<bool> for Value {
    fn from(is_so: bool) -> Self {
        Self::Integer(is_so.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The values of a statement, in the order of its numbers.
pub(super) trait Values {
    /// All of them.
    fn list(self) -> Vec<Value>;
}

impl<T: Into<Value>, const COUNT: usize> Values for [T; COUNT] {
    fn list(self) -> Vec<Value> {
        self.into_iter().map(Into::into).collect()
    }
}

/// Values of several kinds, and of types that can be cloned where they are borrowed.
macro_rules! params {
    ($($value:expr),* $(,)?) => {{
        let values: [$crate::store::connection::Value; _] =
            [$($crate::store::connection::Value::from($value.to_owned())),*];
        values
    }};
}
pub(super) use params;

/// A row that was found.
pub(super) struct Row<'a>(pub(super) &'a dyn Cells);

/// How an engine hands a row over.
pub(super) trait Cells {
    /// What stands in this column, counted from 0.
    fn cell(&self, index: usize) -> Result<Value, StoreError>;
}

impl Row<'_> {
    /// What stands in this column, counted from 0.
    ///
    /// # Errors
    /// Where it is not of that type.
    pub(super) fn get<T: FromValue>(&self, index: usize) -> Result<T, StoreError> {
        let value = self.0.cell(index)?;
        T::from_value(value).ok_or_else(|| {
            StoreError::Unreadable(format!("column {index} of a row holds another type"))
        })
    }
}

/// What can be read from a column.
pub(super) trait FromValue: Sized {
    /// None if it is of another type.
    fn from_value(value: Value) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(number),
            Value::Null | Value::Text(_) => None,
        }
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Option<Self> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            Value::Null | Value::Integer(_) => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

#[cfg(test)]
impl super::Store {
    /// How SQLite goes about a statement with so many values, a step a line.
    pub(super) async fn plan<const VALUES: usize>(&self, sql: &'static str) -> String {
        let steps = self.run(move |connection| {
            let explain = format!("EXPLAIN QUERY PLAN {sql}");
            let values = [const { Value::Null }; VALUES];
            connection.prepare(&explain).all(values, |row| row.get::<String>(3))
        });
        steps.await.expect("a plan").join("\n")
    }
}
