//! The database of a command, opened as far as the command needs it.

use secrecy::ExposeSecret;

use super::Failure;
use crate::settings::Settings;
use crate::store::{Address, Store, StoreError, Trouble};

/// Where the database of another process is not found.
pub(super) const STORE_CURE: &str = "is DATABASE_URL the one of the serving process?";

/// Where an address cannot be read.
pub(super) const ADDRESS_CURE: &str = "write it as sqlite://keydesk.db, sqlite:///data/keydesk.db or postgres://user:password@host/database";

/// Opens it to serve from.
pub(super) async fn open(settings: &Settings) -> Result<Store, Failure> {
    Store::open(&address(settings)?).await.map_err(|error| match error {
        StoreError::Unavailable(what) => Failure::new(what, Trouble::NotWritable.cure()),
        other => unusable(other),
    })
}

/// Opens what a serving process made, to look into it.
pub(super) async fn open_to_read(settings: &Settings) -> Result<Store, Failure> {
    Store::open_to_read(&address(settings)?).await.map_err(unusable)
}

/// Opens it to work on it beside a serving process, or alone.
pub(super) async fn open_beside(settings: &Settings) -> Result<Store, Failure> {
    Store::open_beside(&address(settings)?).await.map_err(unusable)
}

/// Opens what a serving process made, to work on it beside.
pub(super) async fn open_existing(settings: &Settings) -> Result<Store, Failure> {
    let address = address(settings)?;
    match &address {
        Address::File(path) if !path.exists() => {
            let why = format!("there is no database at {}", path.display());
            Err(Failure::new(why, STORE_CURE))
        }
        Address::File(_) | Address::Server(_) => {
            Store::open_beside(&address).await.map_err(unusable)
        }
    }
}

/// Why the database cannot be used, with the cure for that.
pub(super) fn unusable(error: StoreError) -> Failure {
    match error {
        StoreError::Troubled { trouble, what } => Failure::new(what, trouble.cure()),
        other => Failure::new(other, STORE_CURE),
    }
}

/// The address that was set.
pub(super) fn address(settings: &Settings) -> Result<Address, Failure> {
    Address::parse(settings.database_url.expose_secret()).map_err(|error| match error {
        StoreError::Unavailable(what) => Failure::new(what, ADDRESS_CURE),
        other => Failure::new(other, ADDRESS_CURE),
    })
}
