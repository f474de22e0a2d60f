//! What a template may use: every fact, and what follows from several of them, said once.

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::escape::is_web_address;
use crate::reading::{Known, Reason, RecoveryCodes, Sensitive, Site};
use crate::triage::text::Facts;

/// The facts of one text with what follows from them.
#[derive(Serialize, Default)]
struct Context {
    #[serde(flatten)]
    facts: Facts,
    /// Language of this half of the comment; empty for English. `part()` goes by it.
    said_in: String,
    /// `pypi.org` or `test.pypi.org`.
    host: &'static str,
    /// No mail to the account can be read, as far as is known.
    mailbox_is_lost: bool,
    /// Recovery codes are at hand, and nothing speaks against them.
    has_codes: bool,
    /// Recovery codes are at hand and were refused.
    codes_are_refused: bool,
    /// Something was posted that is blanked at once.
    has_secret: bool,
    /// Something was posted that is only warned of.
    has_private: bool,
    /// Staff may have to start a recovery.
    may_need_recovery: bool,
    asks_codes: bool,
    asks_mailbox: bool,
    asks_session: bool,
    asks_site: bool,
}

/// The value a template is rendered with.
pub(super) fn of(facts: &Facts, said_in: &str) -> Value {
    let context = Context { said_in: said_in.to_owned(), ..derive(facts.clone()) };
    Value::from(Serde(&context))
}

/// The names of all facts, derived ones included.
pub(super) fn names() -> Vec<String> {
    let context = Value::from(Serde(&Context::default()));
    context.try_iter().into_iter().flatten().map(|name| name.to_string()).collect()
}

fn derive(mut facts: Facts) -> Context {
    for address in [&mut facts.badge, &mut facts.status, &mut facts.place] {
        // A link to anything else would be worse than none.
        if !is_web_address(address) {
            address.clear();
        }
    }
    let has = |reason| facts.reasons.contains(&reason);
    let posted = |kinds: &[Sensitive]| facts.exposed.iter().any(|kind| kinds.contains(kind));
    let mailbox_is_lost = facts.email_access == Known::No
        || (has(Reason::LostEmail) && facts.email_access != Known::Yes);
    let codes_are_refused =
        has(Reason::RecoveryCodesRejected) || facts.recovery_codes == RecoveryCodes::Rejected;
    let is_about_access = facts.reasons.is_empty()
        || facts.reasons.iter().any(|one| !matches!(one, Reason::Other | Reason::Compromised));
    Context {
        said_in: String::new(),
        host: if facts.site == Site::Testpypi { "test.pypi.org" } else { "pypi.org" },
        mailbox_is_lost,
        has_codes: facts.recovery_codes == RecoveryCodes::Has && !codes_are_refused,
        codes_are_refused,
        has_secret: posted(&[Sensitive::RecoveryCode, Sensitive::ApiToken, Sensitive::Password]),
        has_private: posted(&[Sensitive::EmailAddress, Sensitive::Phone, Sensitive::IdDocument]),
        may_need_recovery: has(Reason::Lost2fa)
            || has(Reason::LostEmail)
            || has(Reason::RecoveryCodesRejected),
        asks_codes: is_about_access
            && facts.recovery_codes == RecoveryCodes::Unknown
            && !codes_are_refused,
        asks_mailbox: is_about_access
            && facts.email_access == Known::Unknown
            && !has(Reason::LostEmail),
        asks_session: is_about_access && facts.session == Known::Unknown,
        asks_site: facts.site == Site::Unknown,
        facts,
    }
}
