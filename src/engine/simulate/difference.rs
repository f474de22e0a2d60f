//! What two plays of one past do differently.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::Deed;
use crate::guidance::Guidance;
use crate::triage::{Action, IssueNumber, Text};

/// Which of two plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The first: what is done now.
    Before,
    /// The second: what would be done instead.
    After,
}

impl Side {
    /// Its sign, as in patches.
    pub fn sign(self) -> char {
        match self {
            Self::Before => '-',
            Self::After => '+',
        }
    }
}

/// A deed that only one of two plays has.
#[derive(Debug)]
pub struct Difference<'a> {
    /// Which one.
    pub side: Side,
    /// The deed.
    pub deed: &'a Deed,
    /// Of a comment that both post, and that says something else: what it says.
    pub wording: Option<Wording>,
}

/// What a comment says in one play, and in the other.
#[derive(Debug, Clone)]
pub struct Wording {
    /// Here.
    pub text: String,
    /// There.
    pub otherwise: String,
}

/// With what the comments of two plays are rendered.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    /// Of the first.
    pub before: &'a Guidance,
    /// Of the second.
    pub after: &'a Guidance,
    /// Whether both are made of the same files.
    pub are_same: bool,
}

/// By what a deed of one play is known in the other.
type Identity = (Timestamp, Arc<str>, IssueNumber, String);

/// Deeds that only one of the plays has, and comments that say something else; by time.
pub fn differences<'a>(
    (before, after): (&'a [Deed], &'a [Deed]),
    texts: Texts<'_>,
) -> Vec<Difference<'a>> {
    let mut waiting: BTreeMap<Identity, Vec<usize>> = BTreeMap::new();
    for (place, deed) in before.iter().enumerate().rev() {
        waiting.entry(identity(deed)).or_default().push(place);
    }
    let mut found = Vec::new();
    for (place, deed) in after.iter().enumerate() {
        let Some(twin) = waiting.get_mut(&identity(deed)).and_then(Vec::pop) else {
            found.push((place, Difference { side: Side::After, deed, wording: None }));
            continue;
        };
        if let Some((said, says)) = says_otherwise((&before[twin], deed), texts) {
            let deed_before = &before[twin];
            let wording = Wording { text: said.clone(), otherwise: says.clone() };
            let difference =
                Difference { side: Side::Before, deed: deed_before, wording: Some(wording) };
            found.push((twin, difference));
            let wording = Some(Wording { text: says, otherwise: said });
            found.push((place, Difference { side: Side::After, deed, wording }));
        }
    }
    for place in waiting.into_values().flatten() {
        let deed = &before[place];
        found.push((place, Difference { side: Side::Before, deed, wording: None }));
    }
    found.sort_by(|(place, one), (other_place, other)| {
        let key = |place: usize, one: &Difference<'a>| {
            (one.deed.at, one.deed.repository.clone(), one.deed.issue, one.side, place)
        };
        key(*place, one).cmp(&key(*other_place, other))
    });
    found.into_iter().map(|(_, difference)| difference).collect()
}

fn identity(deed: &Deed) -> Identity {
    let what = match &deed.action {
        Action::Notify(message) => format!("{} {}", deed.action.summary(), message.text),
        action => action.summary(),
    };
    (deed.at, deed.repository.clone(), deed.issue, what)
}

/// What the two comments say, where that is not the same.
fn says_otherwise((before, after): (&Deed, &Deed), texts: Texts<'_>) -> Option<(String, String)> {
    let (said, says) = (text_of(&before.action)?, text_of(&after.action)?);
    if texts.are_same && said == says {
        return None;
    }
    let (said, says) = (render(texts.before, said), render(texts.after, says));
    (said != says).then_some((said, says))
}

fn text_of(action: &Action) -> Option<&Text> {
    match action {
        Action::PutCard(text) | Action::Comment(text) => Some(text),
        Action::AddLabels(_)
        | Action::RemoveLabel(_)
        | Action::Assign(_)
        | Action::Unassign(_)
        | Action::BlankIssue
        | Action::BlankComment(_)
        | Action::HideComment(_)
        | Action::UnhideComment(_)
        | Action::Close(_)
        | Action::Reopen
        | Action::React(..)
        | Action::Notify(_) => None,
    }
}

/// A text that cannot be rendered would not be posted; then it is told why.
fn render(guidance: &Guidance, text: &Text) -> String {
    guidance.render(text).unwrap_or_else(|error| format!("not posted: {error}"))
}
