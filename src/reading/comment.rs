//! Reads a comment: what its author wants to say, and whose turn it is afterwards.

use std::sync::LazyLock;

use regex::Regex;

use super::commands::find_commands;
use super::mail::own_words;
use super::secrets::{find_secrets, kinds_of};
use super::text::{prose, with_plain_line_ends, without_quotations};
use super::words::talk::{
    DETAILS, MAINTAINER, MAINTAINER_ASIDE, OTHER_ROUTE, REQUESTER, TROUBLE, UNFINISHED,
};
use super::words::{Table, Token, tokens};
use super::{AuthorRole, CommentReading, Intent, NextTurn, Sensitive};

static REQUESTER_TABLE: LazyLock<Table<Intent>> = LazyLock::new(|| Table::new(REQUESTER));
static MAINTAINER_TABLE: LazyLock<Table<Intent>> =
    LazyLock::new(|| Table::new(MAINTAINER).over_sentences());
static UNFINISHED_TABLE: LazyLock<Table<()>> = LazyLock::new(|| Table::new(UNFINISHED));
static TROUBLE_TABLE: LazyLock<Table<()>> = LazyLock::new(|| Table::new(TROUBLE));
static DETAILS_TABLE: LazyLock<Table<()>> = LazyLock::new(|| Table::new(DETAILS));
static ROUTE_TABLE: LazyLock<Table<()>> = LazyLock::new(|| Table::new(OTHER_ROUTE));
static ASIDE_TABLE: LazyLock<Table<()>> = LazyLock::new(|| Table::new(MAINTAINER_ASIDE));

static BRANCH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"https://(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)/[\w.-]+/[\w.-]+/(?:-/)?(?:tree|src/branch|branch)/[\w./-]*[\w/-]")
        .expect("the pattern is fixed and tested")
});

/// Words beyond which a thank-you says more than thanks.
const THANKS_WORDS_MAX: usize = 28;

/// Reads one comment.
pub fn read_comment(role: AuthorRole, body: &str) -> CommentReading {
    let body = with_plain_line_ends(body);
    let own = own_words(&body);
    let branch_url = BRANCH.find(own).map(|found| found.as_str().to_owned());
    let said = without_quotations(&prose(own));
    let words = tokens(&said);
    let intent = match role {
        AuthorRole::Requester => requester_intent(&words, branch_url.is_some(), said.contains('?')),
        AuthorRole::Maintainer => maintainer_intent(&words, said.contains('?')),
        AuthorRole::Bystander => bystander_intent(&words),
    };
    let next_turn = next_turn(role, intent, said.contains('?'));
    CommentReading {
        intent,
        next_turn,
        branch_url,
        commands: find_commands(&body),
        sensitive: sensitive_in(role, &body),
    }
}

/// Maintainers name addresses as examples; what they post is no leak.
fn sensitive_in(role: AuthorRole, body: &str) -> Vec<Sensitive> {
    let mut kinds = kinds_of(&find_secrets(body));
    if role == AuthorRole::Maintainer {
        kinds.retain(|kind| !matches!(kind, Sensitive::EmailAddress | Sensitive::Phone));
    }
    kinds
}

fn requester_intent(words: &[Token], has_branch: bool, asks: bool) -> Intent {
    let found: Vec<Intent> =
        REQUESTER_TABLE.find(words).into_iter().map(|found| found.meaning).collect();
    let has = |intent: Intent| found.contains(&intent);
    let in_trouble = TROUBLE_TABLE.is_in(words);
    if has_branch {
        return Intent::CompletedVerification;
    }
    if ROUTE_TABLE.is_in(words) {
        return Intent::Other;
    }
    if has(Intent::SelfResolved) && !in_trouble {
        return Intent::SelfResolved;
    }
    if has(Intent::AsksToClose) {
        return if has(Intent::SelfResolved) { Intent::SelfResolved } else { Intent::AsksToClose };
    }
    if has(Intent::AsksStatus) && (asks || !in_trouble || words.len() > 12) {
        return Intent::AsksStatus;
    }
    let is_promise = UNFINISHED_TABLE.is_in(words);
    let is_report = !is_promise && !in_trouble;
    if has(Intent::EmailedSupport) && is_report {
        return Intent::EmailedSupport;
    }
    if has(Intent::CompletedVerification) && is_report {
        return Intent::CompletedVerification;
    }
    if has(Intent::Thanks) && (is_promise || !in_trouble && is_only_thanks(words)) {
        return Intent::Thanks;
    }
    if words.len() >= 3 { Intent::ProvidesInfo } else { Intent::Other }
}

/// Short, or followed by nothing but a signature, and without any detail.
fn is_only_thanks(words: &[Token]) -> bool {
    let speaks = words
        .iter()
        .any(|token| matches!(token.word.as_str(), "i" | "im" | "ive" | "my" | "we" | "our"));
    let is_short = words.len() <= THANKS_WORDS_MAX;
    (is_short || !speaks) && !DETAILS_TABLE.is_in(words)
}

fn maintainer_intent(words: &[Token], asks: bool) -> Intent {
    if ASIDE_TABLE.is_in(words) {
        return Intent::Other;
    }
    let found = MAINTAINER_TABLE.find(words);
    let decisive = [
        Intent::ClosingDuplicate,
        Intent::ClosingNoResponse,
        Intent::RecoveryComplete,
        Intent::PointsToCodes,
        Intent::FollowUpNoResponse,
        Intent::RecoveryInitiated,
        Intent::AsksToEmailSupport,
    ];
    for intent in decisive {
        if found.iter().any(|found| found.meaning == intent) {
            return intent;
        }
    }
    let asks_something = asks || found.iter().any(|found| found.meaning == Intent::AsksForInfo);
    match words.len() {
        // One bare word answers "what is my user name?".
        1 => Intent::RecoveryComplete,
        _ if asks_something => Intent::AsksForInfo,
        _ => Intent::Other,
    }
}

fn bystander_intent(words: &[Token]) -> Intent {
    let asks = REQUESTER_TABLE.find(words).iter().any(|found| found.meaning == Intent::AsksStatus);
    if asks { Intent::AsksStatus } else { Intent::Other }
}

fn next_turn(role: AuthorRole, intent: Intent, asks: bool) -> NextTurn {
    match intent {
        Intent::SelfResolved | Intent::AsksToClose => NextTurn::Nobody,
        Intent::EmailedSupport
        | Intent::CompletedVerification
        | Intent::AsksStatus
        | Intent::ProvidesInfo => NextTurn::Maintainers,
        Intent::AsksToEmailSupport
        | Intent::AsksForInfo
        | Intent::FollowUpNoResponse
        | Intent::PointsToCodes => NextTurn::Requester,
        Intent::RecoveryInitiated => NextTurn::Requester,
        Intent::RecoveryComplete | Intent::ClosingNoResponse | Intent::ClosingDuplicate => {
            NextTurn::Nobody
        }
        Intent::Thanks => NextTurn::Unchanged,
        Intent::Other => match role {
            // A question of the requester is for the desk; anything else leaves the turn.
            AuthorRole::Requester if asks => NextTurn::Maintainers,
            AuthorRole::Requester | AuthorRole::Maintainer | AuthorRole::Bystander => {
                NextTurn::Unchanged
            }
        },
    }
}
