//! Tells a stranger's lure: an offer to get the account back, and a way to reach somebody outside.

use std::sync::LazyLock;

use super::Sensitive;
use super::answers::holds;
use super::words::table::{self, Meaning};

/// How much of a comment is looked at; a lure does not wait.
const TEXT_BYTES_MAX: usize = 8 * 1024;

/// What a phrase of the table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Offer,
    Contact,
}

impl Meaning for Part {
    fn of_section(section: &str) -> Option<Self> {
        match section {
            "offer" => Some(Self::Offer),
            "contact" => Some(Self::Contact),
            _ => None,
        }
    }
}

static PHRASES: LazyLock<Vec<(String, Part)>> = LazyLock::new(|| {
    let mut phrases = Vec::new();
    let table = include_str!("words/lures.txt");
    table::read_entries(table, |entry| phrases.push((entry.phrase.to_owned(), entry.meaning)))
        .expect("a test reads the table");
    phrases
});

/// Sites whose links belong into such a conversation.
const OWN_SITES: &[&str] = &[
    "github.com",
    "githubusercontent.com",
    "gitlab.com",
    "codeberg.org",
    "pypi.org",
    "python.org",
    "pypi.python.org",
    "pypa.io",
    "readthedocs.io",
    "readthedocs.org",
    "github.io",
];

/// Whether a link leads elsewhere.
fn links_outside(text: &str) -> bool {
    let links = text.split("://").skip(1);
    let hosts = links.map(|link| link.split(['/', ' ', '\n', ')', '?', '#']).next().unwrap_or(""));
    hosts.map(|host| host.trim_end_matches(['.', ',', ':'])).any(|host| {
        let is_of = |site: &&&str| {
            host.strip_suffix(**site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        !OWN_SITES.iter().any(|site| is_of(&site))
    })
}

/// Whether a comment offers help and names a contact outside. `sensitive` is what was found in it:
/// an address or a phone is a contact too. Staff's own mailboxes are none.
pub fn is_lure(text: &str, sensitive: &[Sensitive]) -> bool {
    let text = &text[..text.floor_char_boundary(TEXT_BYTES_MAX)];
    let text = text.to_lowercase().replace('’', "'");
    let says =
        |wanted: Part| PHRASES.iter().any(|(phrase, part)| *part == wanted && holds(&text, phrase));
    let has_contact =
        sensitive.iter().any(|kind| matches!(kind, Sensitive::EmailAddress | Sensitive::Phone))
            || links_outside(&text)
            || says(Part::Contact);
    has_contact && says(Part::Offer)
}
