//! How tickets and texts are kept: what is as it is by itself is not written, and read back so.

use serde::ser::Error;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// Whether a value is what it is where none is written.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Writes those fields of a value that are not as they are by themselves. Shown to people or to a
/// template it has all of them, so this is not its own way to be written.
pub(super) fn news<T, S>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Serialize + Default,
    S: Serializer,
{
    let json = |value: &T| serde_json::to_value(value).map_err(S::Error::custom);
    let (mut fields, usual) = (json(value)?, json(&T::default())?);
    if let (Value::Object(fields), Value::Object(usual)) = (&mut fields, &usual) {
        fields.retain(|name, value| usual.get(name) != Some(value));
    }
    fields.serialize(serializer)
}

/// The same of a value that may be missing.
pub(super) fn news_of_some<T, S>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Serialize + Default,
    S: Serializer,
{
    match value {
        Some(value) => news(value, serializer),
        None => serializer.serialize_none(),
    }
}
