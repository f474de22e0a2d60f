//! Looks at a server's database without changing it.

use super::{Postgres, ServerAddress, migrate};
use crate::store::{Examined, StoreError, Trouble};

impl Postgres {
    /// What the database looks like.
    ///
    /// # Errors
    /// Where the server is not there, too old, takes no changes, or gives no rights.
    pub(in crate::store) async fn examine(address: &ServerAddress) -> Result<Examined, StoreError> {
        let postgres = Self::connect(address)?;
        let client = postgres.client().await?;
        migrate::check_version(&client).await?;
        let row = client
            .query_one(
                "SELECT CAST(current_database() AS TEXT), pg_is_in_recovery(),
                        coalesce(has_schema_privilege(current_schema(), 'CREATE'), FALSE),
                        to_regclass('migrations') IS NOT NULL,
                        pg_database_size(current_database())",
                &[],
            )
            .await?;
        let name = format!("the database {} of PostgreSQL", row.try_get::<_, String>(0)?);
        let troubled = |trouble, what: &str| {
            Err(StoreError::Troubled { trouble, what: format!("{name}: {what}") })
        };
        if row.try_get::<_, bool>(1)? {
            return troubled(Trouble::StandBy, "the server is a copy of another");
        }
        if !row.try_get::<_, bool>(2)? {
            return troubled(Trouble::NoRights, "the user may not create tables there");
        }
        let newest = migrate::newest();
        let (version, beside) = match row.try_get::<_, bool>(3)? {
            true => {
                let sql =
                    "SELECT coalesce(max(number), 0), coalesce(max(beside), 0) FROM migrations";
                let row = client.query_one(sql, &[]).await?;
                (Some(row.try_get::<_, i32>(0)?), row.try_get::<_, i32>(1)?)
            }
            false => (None, 0),
        };
        Ok(Examined {
            version: version.map(i32::unsigned_abs),
            newest: newest.unsigned_abs(),
            is_too_new: beside > newest,
            bytes: row.try_get::<_, i64>(4)?.unsigned_abs(),
            bytes_free: None,
            name,
        })
    }
}
