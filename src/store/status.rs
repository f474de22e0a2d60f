//! What everybody may know of a ticket.

use super::connection::{Connection, params};
use super::desks::Desk;
use super::{Store, StoreError, sql_id};
use crate::triage::{Ticket, Turn};

/// A ticket that everybody may know of, which is not to say that they may know all of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicTicket {
    /// Its desk.
    pub desk: Desk,
    /// The ticket.
    pub ticket: Ticket,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is over.
    Answered,
    /// It is the requester's turn.
    WaitingForRequester,
    /// It is the desk's turn.
    InQueue {
        /// Its place, counted from 1, by how long it has been the desk's turn.
        place: u64,
        /// How many wait for the desk.
        length: u64,
    },
}

impl Store {
    /// A ticket as everybody may know of it; none for one that is not known, gone, or of a private
    /// repository.
    ///
    /// # Errors
    /// Where the store does not answer or a row cannot be read.
    pub async fn public_ticket(
        &self,
        full_name: String,
        number: u64,
    ) -> Result<Option<PublicTicket>, StoreError> {
        self.run(move |connection| {
            let found: Option<(String, String)> = connection
                .prepare(
                    "SELECT d.state, t.state FROM desks d
                     JOIN tickets t ON t.repository = d.repository AND t.number = ?2
                     WHERE lower(d.full_name) = lower(?1)",
                )
                .first(params![full_name, sql_id(number)], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let Some((desk, ticket)) = found else { return Ok(None) };
            let desk: Desk = serde_json::from_str(&desk)?;
            let ticket: Ticket = serde_json::from_str(&ticket)?;
            if desk.repository.is_private || ticket.is_gone {
                return Ok(None);
            }
            let standing = standing(connection, (&desk, &ticket))?;
            Ok(Some(PublicTicket { desk, ticket, standing }))
        })
        .await
    }
}

fn standing(
    connection: &Connection,
    (desk, ticket): (&Desk, &Ticket),
) -> Result<Standing, StoreError> {
    match ticket.turn {
        Turn::Nobody => return Ok(Standing::Answered),
        Turn::Requester => return Ok(Standing::WaitingForRequester),
        Turn::Maintainers => {}
    }
    let statement = connection.prepare(
        "SELECT count(*), coalesce(sum(CASE WHEN (turn_since, number) <= (?2, ?3) THEN 1 ELSE 0 END), 0) FROM tickets
         WHERE repository = ?1 AND is_open = 1 AND turn = 'maintainers'",
    );
    let since = super::micros(ticket.turn_since);
    let counted = params![sql_id(desk.repository.id.0), since, sql_id(ticket.number.0)];
    let (length, place): (i64, i64) =
        statement.one(counted, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Standing::InQueue { place: place.unsigned_abs(), length: length.unsigned_abs() })
}
