//! Concludes from what a text says why somebody cannot get in: one rule a line, each with its words.

use smallvec::SmallVec;

use super::Reason;
use super::account::{Account, Spans};
use super::evidence::Conclusion;
use super::words::meanings::Matter::{
    AsksForName, Deletion, EarlierRequest, Intruder, NewDevice, NoRecovery, OldSignIn,
    Organization, OwnerGone, PageError, Rename, Settled, Suspension, Takeover, Transfer,
};
use super::words::meanings::Screen::{
    AsksForFactor, BreachedPassword, ConfirmLogin, InvalidRecoveryCode, InvalidTotp,
    NeedsVerifiedAddress, NoCodesGenerated, ResetNeedsVerifiedAddress,
};
use super::words::meanings::State::{
    Have, Lost, NeverSet, NotArriving, Refused, Unverified, Wrong,
};
use super::words::meanings::Topic::{
    Address, AnyMail, CodeOrApp, Codes, ConfirmationMail, Credentials, Device, Factor, Mailbox,
    OtherMailbox, Password, PlainCodes, ResetMail, Username, VerificationMail,
};
use super::words::meanings::{Screen, Topic};

/// Words of a text that says only that it is settled.
const SETTLED_WORDS_MAX: usize = 8;

/// Fewer words than this say nothing where no thing is named.
const WORDS_MIN: usize = 3;

/// The rule by which something is concluded that no other rule knows.
pub const UNKNOWN_MATTER: &str = "something is said that no rule knows";

/// What a rule looks at.
struct Case<'a> {
    account: &'a Account,
    /// The reasons found so far, which the rules about the second factor depend on.
    others: &'a [Reason],
}

/// When a reason is concluded.
struct Rule {
    reason: Reason,
    says: &'static str,
    holds: fn(&Case<'_>) -> Option<Spans>,
}

/// The rules that need nothing but what is said.
const RULES: &[Rule] = &[
    Rule {
        reason: Reason::LostEmail,
        says: "the mailbox is said to be out of reach",
        holds: |case| case.account.where_said(&[Mailbox, Address], &[Lost]),
    },
    Rule {
        reason: Reason::LostEmail,
        says: "the address is said to be wrong",
        holds: |case| case.account.where_said(&[Mailbox, Address], &[Wrong]),
    },
    Rule {
        reason: Reason::UnverifiedEmail,
        says: "PyPI's message says that the address is not verified",
        holds: |case| shown(case, &[ResetNeedsVerifiedAddress, NeedsVerifiedAddress]),
    },
    Rule {
        reason: Reason::UnverifiedEmail,
        says: "the address is said not to be verified",
        holds: |case| where_unverified(case.account),
    },
    Rule {
        reason: Reason::RecoveryCodesRejected,
        says: "PyPI's message refuses a recovery code",
        holds: |case| shown(case, &[InvalidRecoveryCode]),
    },
    Rule {
        reason: Reason::RecoveryCodesRejected,
        says: "the recovery codes are said to be refused",
        holds: |case| where_codes_refused(case.account),
    },
    Rule {
        reason: Reason::ForgotPassword,
        says: "the password is said to be unknown or refused",
        holds: |case| {
            case.account
                .where_said(&[Password], &[Lost, Refused])
                .or_else(|| case.account.where_said(&[Credentials], &[Lost]))
        },
    },
    Rule {
        reason: Reason::ForgotPassword,
        says: "the mail for a new password is said not to come",
        holds: |case| case.account.where_said(&[ResetMail], &[NotArriving]),
    },
    Rule {
        reason: Reason::ForgotPassword,
        says: "PyPI's message says that the password is in a breach",
        holds: |case| shown(case, &[BreachedPassword]),
    },
    Rule {
        reason: Reason::ForgotPassword,
        says: "the password cannot be reset because the address is not verified",
        holds: |case| where_reset_is_blocked(case.account),
    },
    Rule {
        reason: Reason::ForgotUsername,
        says: "the user name is said to be unknown",
        holds: |case| case.account.where_said(&[Username], &[Lost]),
    },
    Rule {
        reason: Reason::ForgotUsername,
        says: "the user name is asked for",
        holds: |case| {
            let is_known = case.account.says(Username, Have);
            case.account.where_spoken_of(&[AsksForName]).filter(|_| !is_known)
        },
    },
    Rule {
        reason: Reason::Compromised,
        says: "somebody else is said to have taken the account over",
        holds: |case| case.account.where_spoken_of(&[Takeover, Intruder]),
    },
    Rule {
        reason: Reason::Other,
        says: "the mail that confirms a login is said not to come",
        holds: where_confirmation_fails,
    },
    Rule {
        reason: Reason::Other,
        says: "another matter is spoken of",
        holds: |case| {
            case.account.where_spoken_of(&[
                OwnerGone,
                Deletion,
                Rename,
                Transfer,
                Suspension,
                EarlierRequest,
                OldSignIn,
                PageError,
                Organization,
                NoRecovery,
            ])
        },
    },
];

/// The rules about the second factor, which is so often named without being the trouble.
const FACTOR_RULES: &[Rule] = &[
    Rule {
        reason: Reason::Lost2fa,
        says: "the second factor is said to be lost",
        holds: |case| case.account.where_said(&[Factor], &[Lost]),
    },
    Rule {
        reason: Reason::Lost2fa,
        says: "the second factor is said to be refused",
        holds: |case| {
            let is_free = !case.account.says(Factor, Have) && !waits_for_mail(case.account);
            is_free.then(|| case.account.where_said(&[Factor], &[Refused])).flatten()
        },
    },
    Rule {
        reason: Reason::Lost2fa,
        says: "PyPI's message refuses the code of the app",
        holds: |case| shown(case, &[InvalidTotp]),
    },
    Rule {
        reason: Reason::Lost2fa,
        says: "whoever took the account over has set up a second factor",
        holds: |case| {
            let is_taken = case.others.contains(&Reason::Compromised);
            is_taken.then(|| case.account.where_named(Factor)).flatten()
        },
    },
    Rule {
        reason: Reason::Lost2fa,
        says: "the one who could pass the second factor is gone",
        holds: |case| {
            let is_gone = case.account.speaks_of(OwnerGone)
                && factor_stands_alone(case)
                && !case.account.says(Factor, Have);
            is_gone.then(|| case.account.where_named(Factor)).flatten()
        },
    },
    Rule {
        reason: Reason::Lost2fa,
        says: "the second factor is said never to have been set up",
        holds: |case| only_factor(case, || case.account.where_said(&[Factor], &[NeverSet])),
    },
    Rule {
        reason: Reason::Lost2fa,
        says: "the recovery codes are said to be lost, and nothing else is",
        holds: |case| {
            only_factor(case, || {
                let lost = case.account.where_said(&[Codes, PlainCodes], &[Lost, NeverSet])?;
                (!has_rejected_codes(case.account)).then_some(lost)
            })
        },
    },
    Rule {
        reason: Reason::Lost2fa,
        says: "the device is said to be lost, and a second factor is spoken of",
        holds: |case| {
            only_factor(case, || {
                let lost = case.account.where_said(&[Device], &[Lost])?;
                (case.account.names(Codes) || case.account.names(Factor)).then_some(lost)
            })
        },
    },
    Rule {
        reason: Reason::Lost2fa,
        says: "PyPI's page asks for the second factor",
        holds: |case| only_factor(case, || shown(case, &[NoCodesGenerated, AsksForFactor])),
    },
];

/// Every reason the account gives with the rule it follows from, in the order of their declaration.
pub fn reasons_of(account: &Account) -> Vec<Conclusion<Reason>> {
    let mut conclusions = Vec::new();
    let case = Case { account, others: &[] };
    conclusions.extend(RULES.iter().filter_map(|rule| rule.conclude(&case)));
    let others: SmallVec<[Reason; 8]> =
        conclusions.iter().map(|conclusion| conclusion.value).collect();
    let case = Case { account, others: &others };
    let about_factor = FACTOR_RULES.iter().find_map(|rule| rule.conclude(&case));
    conclusions.extend(about_factor);
    if conclusions.is_empty() {
        conclusions.extend(by_what_is_named(account));
    }
    conclusions.sort_by_key(|conclusion| conclusion.value);
    conclusions
}

impl Rule {
    fn conclude(&self, case: &Case<'_>) -> Option<Conclusion<Reason>> {
        let spans = (self.holds)(case)?;
        Some(Conclusion { value: self.reason, rule: self.says, spans })
    }
}

fn shown(case: &Case<'_>, screens: &[Screen]) -> Option<Spans> {
    screens.iter().find_map(|&screen| case.account.where_shown(screen))
}

/// Nothing but the second factor stands in the way, and it is not at hand.
fn only_factor(case: &Case<'_>, holds: impl Fn() -> Option<Spans>) -> Option<Spans> {
    let is_only = !case.account.says(Factor, Have)
        && factor_stands_alone(case)
        && !case.account.speaks_of(Suspension);
    is_only.then(holds).flatten()
}

fn factor_stands_alone(case: &Case<'_>) -> bool {
    case.others.iter().all(|other| {
        matches!(other, Reason::RecoveryCodesRejected | Reason::Compromised | Reason::Other)
    })
}

/// The login stops at the mail that confirms a new device, so that nothing else is refused.
fn waits_for_mail(account: &Account) -> bool {
    account.speaks_of(NewDevice) || account.shows(ConfirmLogin)
}

fn where_unverified(account: &Account) -> Option<Spans> {
    account
        .where_said(
            &[Mailbox, AnyMail, OtherMailbox, Address, VerificationMail, ResetMail, CodeOrApp],
            &[Unverified],
        )
        .or_else(|| account.where_said(&[VerificationMail], &[NotArriving, Refused]))
}

fn is_unverified(account: &Account) -> bool {
    account.shows(ResetNeedsVerifiedAddress)
        || account.shows(NeedsVerifiedAddress)
        || where_unverified(account).is_some()
}

fn where_codes_refused(account: &Account) -> Option<Spans> {
    if waits_for_mail(account) {
        return None;
    }
    // "Those codes are refused": which they are is said elsewhere.
    let are_recovery_codes = account.names(Codes) || account.says(PlainCodes, Have);
    let plain = || account.where_said(&[PlainCodes], &[Refused]);
    account.where_said(&[Codes], &[Refused]).or_else(|| are_recovery_codes.then(plain).flatten())
}

/// Codes are at hand and PyPI refuses them.
pub fn has_rejected_codes(account: &Account) -> bool {
    account.shows(InvalidRecoveryCode) || where_codes_refused(account).is_some()
}

fn where_reset_is_blocked(account: &Account) -> Option<Spans> {
    if !is_unverified(account) || account.says(Password, Have) {
        return None;
    }
    account.where_named(ResetMail).or_else(|| account.where_named(Password))
}

fn where_confirmation_fails(case: &Case<'_>) -> Option<Spans> {
    let account = case.account;
    let mailbox_fails = account.where_said(&[Mailbox, Address], &[Lost, Wrong]).is_some();
    if mailbox_fails {
        return None;
    }
    let mail_fails = || account.where_said(&[AnyMail, Mailbox, Address], &[NotArriving]);
    account
        .where_said(&[ConfirmationMail], &[NotArriving])
        .or_else(|| account.where_shown(ConfirmLogin))
        .or_else(|| account.speaks_of(NewDevice).then(mail_fails).flatten())
}

/// Things that stand for a reason where nothing is said of them, the second factor first.
const NAMED: &[(Topic, Reason, &str)] = &[
    (Factor, Reason::Lost2fa, "only the second factor is named"),
    (Codes, Reason::Lost2fa, "only the recovery codes are named"),
    (Device, Reason::Lost2fa, "only a device is named"),
    (ResetMail, Reason::ForgotPassword, "only a password reset is named"),
    (Password, Reason::ForgotPassword, "only the password is named"),
    (CodeOrApp, Reason::Lost2fa, "only a code or an app is named"),
    (PlainCodes, Reason::Lost2fa, "only codes are named"),
    (Mailbox, Reason::LostEmail, "only the mailbox is named"),
    (Username, Reason::ForgotUsername, "only the user name is named"),
];

/// Nothing is stated outright: what is named decides.
fn by_what_is_named(account: &Account) -> Option<Conclusion<Reason>> {
    let is_settled = account.speaks_of(Settled) && account.words <= SETTLED_WORDS_MAX;
    if account.words == 0 || is_settled {
        return None;
    }
    let named = NAMED.iter().find_map(|&(topic, value, rule)| {
        let is_at_hand = topic != Factor && account.says(topic, Have);
        let spans = account.where_named(topic).filter(|_| !is_at_hand)?;
        Some(Conclusion { value, rule, spans })
    });
    let unknown = Conclusion { value: Reason::Other, rule: UNKNOWN_MATTER, spans: Spans::new() };
    named.or_else(|| (account.words >= WORDS_MIN).then_some(unknown))
}

/// Whether a reason rests on no more than a thing being named.
pub fn is_guess(conclusion: &Conclusion<Reason>) -> bool {
    conclusion.rule == UNKNOWN_MATTER || NAMED.iter().any(|(_, _, rule)| *rule == conclusion.rule)
}
