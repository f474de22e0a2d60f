//! How often the database is waited for: each wait is a way there and back, which no machine shortens.

use keydesk::store::Limits;

use super::server::{self, Server};
use crate::desk::{ADA, BEN, Desk, MIRA, Way, lost_phone};

/// From a delivery to labels and card. Three to decide on it once it is claimed: its place, its kin,
/// the commit; two for each thing that is done, and two to claim the first and to see that none is left.
const OF_A_REQUEST: u64 = 10;

#[test]
fn a_new_request_takes_ten_round_trips() {
    let server = Server::lasting();
    let no_limits = Limits { per_minute: None, per_hour: None };
    let store = server::open(&server.0.new_database());
    let desk = Desk::under_way("", Way::InMemory).on(store, no_limits);
    let asks = |person: &str| {
        desk.opens(person, &lost_phone().replace("ada", person), &["account-recovery"])
    };
    // The first makes the labels, the second is told that they are there.
    asks(ADA);
    asks(MIRA);
    desk.hold();
    asks(BEN);
    let opened = &desk.take_held()[0];
    assert_eq!(desk.round_trips_of(opened), OF_A_REQUEST);
    let issue = desk.issue_at(3);
    assert_eq!((issue.comments.len(), desk.labels_of(&issue).len()), (1, 3), "labels and card");
}
