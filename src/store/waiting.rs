//! How long people waited: over the last answers, for the card, and by month, for everybody else.
//!
//! The table `waits` counts by month and whole hours. A commit takes out what stood in a ticket's
//! row and puts in what is saved, so that the table always tells what the tickets tell.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use serde::{Serialize, Serializer};

use super::connection::{Connection, params};
use super::{Store, StoreError, micros, sql_id, timestamp};
use crate::triage::{RepositoryId, Ticket, WaitingTimes};

const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// Ten years; who waited longer is counted there.
const HOURS_MAX: i64 = 87_600;

/// How far back [`Store::waits_lately`] looks at least.
const LATELY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What is measured of a request, from its opening on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Until a human of the desk first spoke.
    FirstReply,
    /// Until it was closed, for good or for now.
    Resolution,
}

impl Measure {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::FirstReply, Self::Resolution];

    /// Its name in tables and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstReply => "first_reply",
            Self::Resolution => "resolution",
        }
    }
}

/// A month of the world's clock. Later months are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i64);

impl Month {
    /// The month of an instant.
    pub fn of(at: Timestamp) -> Self {
        let date = jiff::tz::TimeZone::UTC.to_datetime(at).date();
        Self(i64::from(date.year()) * 100 + i64::from(date.month()))
    }

    /// Every month from this one to that of an instant.
    pub fn all(from: Self, until: Timestamp) -> Vec<Self> {
        let next =
            |month: &Self| Some(Self(if month.0 % 100 == 12 { month.0 + 89 } else { month.0 + 1 }));
        let last = Self::of(until);
        std::iter::successors(Some(from), next).take_while(|month| *month <= last).collect()
    }

    /// `Nov 26`.
    pub fn short(self) -> String {
        let names = "JanFebMarAprMayJunJulAugSepOctNovDec";
        let at = usize::try_from(self.0 % 100 - 1).unwrap_or_default() * 3;
        format!("{} {:02}", names.get(at..at + 3).unwrap_or("?"), self.0 / 100 % 100)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How long so many requests waited, in whole hours, rounded up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WaitSummary {
    /// The month in which their waiting ended; none for a longer time.
    pub month: Option<Month>,
    /// How many.
    pub count: u64,
    /// Hours within which half of them were over.
    pub half_hours: u32,
    /// Hours within which nine in ten of them were over.
    pub most_hours: u32,
}

/// What of a ticket's row is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Times {
    /// The repository.
    pub repository: i64,
    /// When it was opened, answered and closed.
    pub opened_at: Option<i64>,
    /// When a human of the desk first spoke.
    pub answered_at: Option<i64>,
    /// When it was closed.
    pub closed_at: Option<i64>,
}

impl Times {
    /// What is measured of a ticket as it is saved.
    pub(super) fn of(ticket: &Ticket, repository: RepositoryId) -> Self {
        Self {
            repository: sql_id(repository.0),
            opened_at: Some(micros(ticket.opened_at)),
            answered_at: ticket.measured_answer_at().map(micros),
            closed_at: ticket.closed_at.map(micros),
        }
    }

    /// Month and hours of one measure; none while it has no end.
    fn wait(self, measure: Measure) -> Option<(i64, i64)> {
        let ended_at = match measure {
            Measure::FirstReply => self.answered_at?,
            Measure::Resolution => self.closed_at?,
        };
        let waited = ended_at.saturating_sub(self.opened_at?).max(0);
        let hours = (waited.saturating_add(MICROS_PER_HOUR - 1)) / MICROS_PER_HOUR;
        Some((Month::of(timestamp(ended_at)).0, hours.min(HOURS_MAX)))
    }
}

const TAKE: &str = "UPDATE waits SET count = count - 1
     WHERE repository = ?1 AND measure = ?2 AND month = ?3 AND hours = ?4";
const TIDY: &str = "DELETE FROM waits
     WHERE repository = ?1 AND measure = ?2 AND month = ?3 AND hours = ?4 AND count <= 0";
const PUT: &str =
    "INSERT INTO waits (repository, measure, month, hours, count) VALUES (?1, ?2, ?3, ?4, 1)
     ON CONFLICT (repository, measure, month, hours) DO UPDATE SET count = waits.count + 1";

/// Counts what is saved of a ticket, and no longer what stood there before.
pub(super) fn count(
    connection: &Connection,
    before: Option<Times>,
    after: Times,
) -> Result<(), StoreError> {
    for measure in Measure::ALL {
        let was = before.and_then(|times| Some((times.repository, times.wait(measure)?)));
        let is = after.wait(measure).map(|wait| (after.repository, wait));
        if was == is {
            continue;
        }
        if let Some((repository, (month, hours))) = was {
            let counted = || params![repository, measure.name(), month, hours];
            connection.prepare(TAKE).send(counted())?;
            connection.prepare(TIDY).send(counted())?;
        }
        if let Some((repository, (month, hours))) = is {
            connection.prepare(PUT).send(params![repository, measure.name(), month, hours])?;
        }
    }
    Ok(())
}

impl Store {
    /// How long the last requests of this repository waited for the first answer of a human; none
    /// while too few were answered.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn waiting_times(
        &self,
        repository: RepositoryId,
    ) -> Result<Option<WaitingTimes>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT answered_at - opened_at FROM tickets
                 WHERE repository = ?1 AND answered_at IS NOT NULL
                 ORDER BY answered_at DESC LIMIT ?2",
            );
            let waits = statement
                .all(params![sql_id(repository.0), WaitingTimes::WINDOW], |row| {
                    Ok(SignedDuration::from_micros(row.get(0)?))
                })?;
            Ok(WaitingTimes::measure(waits))
        })
        .await
    }

    /// How long requests waited, for each month since `from` in which a waiting ended, oldest
    /// first.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn waits_by_month(
        &self,
        repository: RepositoryId,
        measure: Measure,
        from: Month,
    ) -> Result<Vec<WaitSummary>, StoreError> {
        self.run(move |connection| {
            let statement = connection.prepare(
                "SELECT month, hours, count FROM waits
                 WHERE repository = ?1 AND measure = ?2 AND month >= ?3 ORDER BY month, hours",
            );
            let rows: Vec<(i64, (i64, i64))> = statement
                .all(params![sql_id(repository.0), measure.name(), from.0], |row| {
                    Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
                })?;
            let months = rows.chunk_by(|one, next| one.0 == next.0).map(|rows| {
                let counts: Vec<(i64, i64)> = rows.iter().map(|(_, counted)| *counted).collect();
                summary(Some(Month(rows[0].0)), &counts)
            });
            Ok(months.flatten().collect())
        })
        .await
    }

    /// How long the requests waited whose waiting ended in the last 90 days, or in the rest of the
    /// month in which those began; of one repository, or of all. None if there were none.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn waits_lately(
        &self,
        repository: Option<RepositoryId>,
        measure: Measure,
        now: Timestamp,
    ) -> Result<Option<WaitSummary>, StoreError> {
        self.run(move |connection| lately(connection, (repository, measure), now)).await
    }
}

/// [`Store::waits_lately`] within a transaction.
pub(super) fn lately(
    connection: &Connection,
    (repository, measure): (Option<RepositoryId>, Measure),
    now: Timestamp,
) -> Result<Option<WaitSummary>, StoreError> {
    let from = Month::of(now.checked_sub(LATELY).unwrap_or(Timestamp::MIN));
    // By desks, so that even over all of them only the months asked for are read.
    let statement = connection.prepare(
        "SELECT hours, CAST(sum(count) AS BIGINT) FROM waits
         WHERE repository IN (SELECT repository FROM desks WHERE CAST(?1 AS BIGINT) IS NULL OR repository = ?1)
           AND measure = ?2 AND month >= ?3
         GROUP BY hours ORDER BY hours",
    );
    let repository = repository.map(|repository| sql_id(repository.0));
    let counts: Vec<(i64, i64)> = statement
        .all(params![repository, measure.name(), from.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(summary(None, &counts))
}

/// What sorted hours and their counts come to; none if nothing was counted.
fn summary(month: Option<Month>, counts: &[(i64, i64)]) -> Option<WaitSummary> {
    let total: i64 = counts.iter().map(|(_, count)| count).sum();
    Some(WaitSummary {
        month,
        count: u64::try_from(total).ok()?,
        half_hours: hours_of(counts, rank(total, 50))?,
        most_hours: hours_of(counts, rank(total, 90))?,
    })
}

/// The nearest rank of so many in a hundred.
fn rank(total: i64, in_hundred: i64) -> i64 {
    (total.saturating_mul(in_hundred) + 99) / 100
}

/// The hours of the one that has this rank.
fn hours_of(counts: &[(i64, i64)], rank: i64) -> Option<u32> {
    let mut left = rank.max(1);
    for (hours, count) in counts {
        left -= count;
        if left <= 0 {
            return u32::try_from(*hours).ok();
        }
    }
    None
}
