//! How much is kept of one request: the store grows with each, so none may keep more than it needs.

use keydesk::reading::{Known, Reason};
use keydesk::store::{Address, Store};
use keydesk::triage::{Stage, Ticket, Turn};
use rusqlite::Connection;

use crate::desk::{ADA, Desk, MIRA, request};

/// Two tickets are to stand on a page of SQLite, which has 4,096 bytes and needs some itself. GitHub's
/// ids and addresses are longer than the stand-in's, by some hundred bytes a ticket.
const FILED_MAX: usize = 1_450;
const SPOKEN_OF_MAX: usize = 1_750;
const CARD_MAX: usize = 260;

/// A ticket as it was kept before it was kept short: every field written, and the evidence with it.
const OLD: &str = include_str!("sizes/ticket-0.1.0.json");

/// The common request, and how one reads what is kept of it.
struct Kept {
    desk: Desk,
    folder: tempfile::TempDir,
}

impl Kept {
    fn of_the_common_request() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = Address::File(folder.path().join("desk.db"));
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let store = runtime.block_on(Store::open_beside(&address)).expect("a store");
        let mut desk = Desk::open();
        desk.works_on(&store);
        let reason = "I lost my phone with the authenticator app and I have no recovery codes.";
        desk.ada_asks(&request(Some("ada"), reason, true));
        Self { desk, folder }
    }

    fn texts(&self, sql: &str) -> Vec<String> {
        let base = Connection::open(self.folder.path().join("desk.db")).expect("a database");
        let mut statement = base.prepare(sql).expect("a table");
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.map(|row| row.expect("a text")).collect()
    }

    fn state(&self) -> String {
        self.texts("SELECT state FROM tickets").remove(0)
    }

    fn cards(&self) -> Vec<String> {
        self.texts("SELECT action FROM actions WHERE action LIKE '{\"put_card%'")
    }
}

#[test]
fn a_ticket_stays_small() {
    let kept = Kept::of_the_common_request();
    let filed = kept.state();
    for round in 0..3 {
        kept.desk.says(ADA, &format!("I looked again ({round}), and I still can't get in."));
        kept.desk.says(MIRA, &format!("Thank you. What do you see now? ({round})"));
    }
    let spoken_of = kept.state();
    let cards = kept.cards();
    assert!(filed.len() <= FILED_MAX, "{} bytes: {filed}", filed.len());
    assert!(spoken_of.len() <= SPOKEN_OF_MAX, "{} bytes: {spoken_of}", spoken_of.len());
    assert!(!cards.is_empty());
    assert!(cards.iter().all(|card| card.len() <= CARD_MAX), "{cards:#?}");
}

#[test]
fn a_ticket_of_an_earlier_version_is_read() {
    let ticket: Ticket = serde_json::from_str(OLD).expect("a ticket");
    assert_eq!((ticket.turn, ticket.stage), (Turn::Requester, Stage::Reviewing));
    assert_eq!(ticket.turn_set.id, 1061);
    assert_eq!(ticket.reading.reasons, [Reason::Lost2fa]);
    assert_eq!(ticket.reading.email_access, Known::Unknown);
    assert_eq!(ticket.reading.evidence.len(), 9);
    assert_eq!(ticket.labels.len(), 3);
    let card = ticket.card.as_ref().expect("a card");
    assert_eq!((card.requester.as_str(), card.stage), (ADA, Stage::Reviewing));
}

#[test]
fn a_ticket_is_read_as_it_was_written() {
    let mut ticket: Ticket = serde_json::from_str(OLD).expect("a ticket");
    let again = |ticket: &Ticket| -> Ticket {
        let kept = serde_json::to_string(ticket).expect("JSON");
        assert!(kept.contains(&format!("\"title\":{:?},\"body\":\"", ticket.title)), "{kept}");
        serde_json::from_str(&kept).expect("a ticket")
    };
    assert_eq!(again(&ticket), ticket);
    // What is known not to be known is a word of its own, and half seconds are not lost.
    ticket.corrections.session = Some(Known::Unknown);
    ticket.corrections.reasons = Some(Vec::new());
    ticket.awaited_state = Some(false);
    ticket.turn_set.at += jiff::SignedDuration::from_millis(500);
    ticket.is_open = false;
    ticket.reading.language = "und".to_owned();
    ticket.reading.is_account_recovery = false;
    assert_eq!(again(&ticket), ticket);
    ticket.forget_text();
    assert!(ticket.reading.evidence.is_empty());
    assert_eq!(again(&ticket), ticket);
}
