//! What the address of the queue asks for. An odd word in it counts for nothing.

use axum::extract::Query;
use axum::http::Uri;
use jiff::Timestamp;

use crate::reading::Reason;
use crate::store::OpenTicket;
use crate::triage::{Stage, Turn};

/// Longer searches than anybody types.
const SEARCH_CHARACTERS_MAX: usize = 100;

/// Something about a ticket that staff should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    /// A step of the ladder was climbed.
    Escalated,
    /// It is put aside.
    Snoozed,
    /// The requester said that the mail was sent.
    Mailed,
    /// Others ask for the same account, or the same person asks again.
    Duplicate,
    /// A secret was public.
    Secret,
    /// A linked branch was looked up.
    Branch,
    /// Something was given up.
    Stuck,
    /// Its alarm is late and waits for its turn.
    Overdue,
}

impl Flag {
    /// Every flag, as the filter lists them.
    pub(super) const ALL: [Self; 8] = [
        Self::Escalated,
        Self::Overdue,
        Self::Snoozed,
        Self::Mailed,
        Self::Duplicate,
        Self::Secret,
        Self::Branch,
        Self::Stuck,
    ];

    /// Its name in the address.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Escalated => "escalated",
            Self::Snoozed => "snoozed",
            Self::Mailed => "mailed",
            Self::Duplicate => "duplicate",
            Self::Secret => "secret",
            Self::Branch => "branch",
            Self::Stuck => "stuck",
            Self::Overdue => "overdue",
        }
    }

    /// What it is called.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Escalated => "escalated",
            Self::Snoozed => "snoozed",
            Self::Mailed => "mail sent",
            Self::Duplicate => "possible duplicate",
            Self::Secret => "secret exposed",
            Self::Branch => "branch checked",
            Self::Stuck => "something given up",
            Self::Overdue => "overdue",
        }
    }

    /// Whether it is so.
    pub(super) fn is_on(self, ticket: &OpenTicket) -> bool {
        let state = &ticket.state;
        match self {
            Self::Escalated => !state.climbed.is_empty(),
            Self::Snoozed => state.snoozed_until.is_some(),
            Self::Mailed => state.mailed_at.is_some(),
            Self::Duplicate => !state.related.is_empty(),
            Self::Secret => state.has_exposed_secret(),
            Self::Branch => state.has_checked_branch(),
            Self::Stuck => ticket.has_given_up,
            Self::Overdue => ticket.late_since.is_some(),
        }
    }
}

/// A place in the queue, after which a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    rank: u8,
    since: Timestamp,
    issue: u64,
}

impl Place {
    /// Where a ticket stands: the maintainers' first, and of each turn the oldest.
    pub(super) fn of(ticket: &OpenTicket) -> Self {
        let rank = match ticket.state.turn {
            Turn::Maintainers => 0,
            Turn::Requester => 1,
            Turn::Nobody => 2,
        };
        Self { rank, since: ticket.state.turn_since, issue: ticket.state.id.0 }
    }

    /// As the address says it.
    pub(super) fn written(self) -> String {
        format!("{}.{}.{}", self.rank, self.since.as_microsecond(), self.issue)
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let [rank, since, issue] = std::array::from_fn(|_| parts.next());
        let since = Timestamp::from_microsecond(since?.parse().ok()?).ok()?;
        Some(Self { rank: rank?.parse().ok()?, since, issue: issue?.parse().ok()? })
    }
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// Whose turn; all without.
    pub turn: Option<Turn>,
    /// A reason.
    pub reason: Option<Reason>,
    /// How far it has come.
    pub stage: Option<Stage>,
    /// A flag.
    pub flag: Option<Flag>,
    /// `owner/name`; empty for all.
    pub repository: String,
    /// Number, user name, login or a part of the title; empty for all.
    pub search: String,
    /// The place after which the page begins.
    pub after: Option<Place>,
}

/// Stages an open ticket can be in.
pub(super) const STAGES: [Stage; 5] =
    [Stage::Filed, Stage::Reviewing, Stage::Recovering, Stage::Recovered, Stage::Resolved];

impl Filter {
    /// What the query of an address asks for.
    pub(super) fn read(query: &str) -> Self {
        let uri: Option<Uri> = format!("/?{query}").parse().ok();
        let pairs = uri.and_then(|uri| Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
        let mut filter = Self::default();
        for (name, value) in pairs.map(|Query(pairs)| pairs).unwrap_or_default() {
            let value = value.trim();
            match name.as_str() {
                "turn" => {
                    let turns = [Turn::Maintainers, Turn::Requester, Turn::Nobody];
                    filter.turn = turns.into_iter().find(|turn| turn.name() == value);
                }
                "reason" => {
                    filter.reason = Reason::ALL.into_iter().find(|one| one.name() == value);
                }
                "stage" => filter.stage = STAGES.into_iter().find(|one| one.name() == value),
                "flag" => filter.flag = Flag::ALL.into_iter().find(|one| one.name() == value),
                "repository" => value.clone_into(&mut filter.repository),
                "q" => filter.search = value.chars().take(SEARCH_CHARACTERS_MAX).collect(),
                "after" => filter.after = Place::read(value),
                _ => {}
            }
        }
        filter
    }

    /// Whether a ticket is asked for, whosever turn it is.
    pub(super) fn takes(&self, ticket: &OpenTicket, repository: &str) -> bool {
        let state = &ticket.state;
        (self.repository.is_empty() || self.repository.eq_ignore_ascii_case(repository))
            && self.reason.is_none_or(|reason| state.reading.reasons.contains(&reason))
            && self.stage.is_none_or(|stage| state.stage == stage)
            && self.flag.is_none_or(|flag| flag.is_on(ticket))
            && (self.search.is_empty() || self.finds(ticket))
    }

    fn finds(&self, ticket: &OpenTicket) -> bool {
        let wanted = self.search.to_lowercase();
        let number = wanted.strip_prefix('#').unwrap_or(&wanted);
        let login = wanted.strip_prefix('@').unwrap_or(&wanted);
        let state = &ticket.state;
        let has = |text: &str, wanted: &str| text.to_lowercase().contains(wanted);
        state.number.to_string() == number
            || state.requester.as_ref().is_some_and(|person| has(&person.login.0, login))
            || state.reading.username.as_ref().is_some_and(|name| has(name, &wanted))
            || state.reading.kind.as_ref().is_some_and(|kind| *kind == wanted)
            || has(&state.title, &wanted)
    }

    /// Whether anything but the turn is asked for.
    pub(super) fn is_narrow(&self) -> bool {
        self.reason.is_some()
            || self.stage.is_some()
            || self.flag.is_some()
            || !self.repository.is_empty()
            || !self.search.is_empty()
    }

    /// The address that asks for the same, with another turn and from the top.
    pub(super) fn address_with_turn(&self, turn: Option<Turn>) -> String {
        self.address((turn, None))
    }

    /// The address of the page after a place.
    pub(super) fn address_after(&self, place: Place) -> String {
        self.address((self.turn, Some(place)))
    }

    fn address(&self, (turn, after): (Option<Turn>, Option<Place>)) -> String {
        let parts = [
            ("turn", turn.map(|turn| turn.name().to_owned())),
            ("reason", self.reason.map(|reason| reason.name().to_owned())),
            ("stage", self.stage.map(|stage| stage.name().to_owned())),
            ("flag", self.flag.map(|flag| flag.name().to_owned())),
            ("repository", Some(self.repository.clone()).filter(|it| !it.is_empty())),
            ("q", Some(self.search.clone()).filter(|it| !it.is_empty())),
            ("after", after.map(Place::written)),
        ];
        let given = parts.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let query: Vec<String> =
            given.map(|(name, value)| format!("{name}={}", encoded(&value))).collect();
        if query.is_empty() { "/".to_owned() } else { format!("/?{}", query.join("&")) }
    }
}

fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let mut encoded = String::new();
    for byte in text.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_asks_for_what_it_was_made_of() {
        let query = "turn=requester&reason=lost_2fa&stage=reviewing&flag=mailed\
                     &repository=acme%2Fsupport&q=a+b%26c&after=1.5.7";
        let filter = Filter::read(query);
        assert_eq!(filter.search, "a b&c");
        let address = filter.address_after(filter.after.expect("a place"));
        let wanted = "/?turn=requester&reason=lost_2fa&stage=reviewing&flag=mailed\
                      &repository=acme/support&q=a%20b%26c&after=1.5.7";
        assert_eq!(address, wanted);
        assert_eq!(Filter::default().address_with_turn(None), "/");
    }

    #[test]
    fn odd_words_count_for_nothing() {
        for query in ["turn=x&reason=&flag=%00&after=a.b", "%", "after=9.9", "q"] {
            let filter = Filter::read(query);
            assert!(!filter.is_narrow() && filter.after.is_none(), "{query}: {filter:?}");
        }
    }
}
