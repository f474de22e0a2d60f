//! Concludes from what a text says why somebody cannot get in.

use super::Reason;
use super::statements::Account;
use super::words::matters::Matter;
use super::words::screens::Screen;
use super::words::states::State;
use super::words::topics::Topic;

/// Words of a text that says only that it is settled.
const SETTLED_WORDS_MAX: usize = 8;

/// Every reason the account gives, in the order of their declaration.
pub fn reasons_of(account: &Account) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut add = |is_so: bool, reason: Reason| {
        if is_so {
            reasons.push(reason);
        }
    };
    add(has_lost_mailbox(account), Reason::LostEmail);
    add(is_unverified(account), Reason::UnverifiedEmail);
    add(has_rejected_codes(account), Reason::RecoveryCodesRejected);
    add(has_forgotten_password(account), Reason::ForgotPassword);
    add(has_forgotten_name(account), Reason::ForgotUsername);
    add(is_compromised(account), Reason::Compromised);
    add(has_other_matter(account), Reason::Other);
    if has_lost_factor(account, &reasons) {
        reasons.push(Reason::Lost2fa);
    }
    if reasons.is_empty() {
        reasons.extend(by_what_is_named(account));
    }
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

/// The second factor is lost or refused, or nothing but it stands in the way.
fn has_lost_factor(account: &Account, others: &[Reason]) -> bool {
    let is_at_hand = account.says(Topic::Factor, State::Have);
    let is_refused =
        account.says(Topic::Factor, State::Refused) && !is_at_hand && !waits_for_mail(account);
    if account.says(Topic::Factor, State::Lost) || is_refused || account.shows(Screen::InvalidTotp)
    {
        return true;
    }
    // Whoever took the account over has set up a factor of their own.
    if others.contains(&Reason::Compromised) && account.names(Topic::Factor) {
        return true;
    }
    let stands_alone = others.iter().all(|other| {
        matches!(other, Reason::RecoveryCodesRejected | Reason::Compromised | Reason::Other)
    });
    // The one who could pass it is gone.
    if account.speaks_of(Matter::OwnerGone)
        && account.names(Topic::Factor)
        && stands_alone
        && !is_at_hand
    {
        return true;
    }
    if is_at_hand || !stands_alone || account.speaks_of(Matter::Suspension) {
        return false;
    }
    let codes_are_lost =
        [State::Lost, State::NeverSet].iter().any(|&state| account.says(Topic::Codes, state));
    let device_is_lost = account.says(Topic::Device, State::Lost)
        && (account.names(Topic::Codes) || account.names(Topic::Factor));
    account.says(Topic::Factor, State::NeverSet)
        || codes_are_lost && !has_rejected_codes(account)
        || device_is_lost
        || account.shows(Screen::NoCodesGenerated)
        || account.shows(Screen::AsksForFactor)
}

/// The login stops at the mail that confirms a new device, so that nothing else is refused.
fn waits_for_mail(account: &Account) -> bool {
    account.speaks_of(Matter::NewDevice) || account.shows(Screen::ConfirmLogin)
}

/// The mailbox is out of reach, or was never the right one.
fn has_lost_mailbox(account: &Account) -> bool {
    [Topic::Mailbox, Topic::Address]
        .iter()
        .any(|&topic| account.says(topic, State::Lost) || account.says(topic, State::Wrong))
}

fn is_unverified(account: &Account) -> bool {
    account.shows(Screen::ResetNeedsVerifiedAddress)
        || account.shows(Screen::NeedsVerifiedAddress)
        || [
            Topic::Mailbox,
            Topic::AnyMail,
            Topic::OtherMailbox,
            Topic::Address,
            Topic::VerificationMail,
            Topic::ResetMail,
            Topic::CodeOrApp,
        ]
        .iter()
        .any(|&topic| account.says(topic, State::Unverified))
        || account.says(Topic::VerificationMail, State::NotArriving)
}

/// Codes are at hand and PyPI refuses them.
pub fn has_rejected_codes(account: &Account) -> bool {
    account.shows(Screen::InvalidRecoveryCode)
        || account.says(Topic::Codes, State::Refused) && !waits_for_mail(account)
}

/// The password is unknown or refused, or no reset comes through.
pub fn has_forgotten_password(account: &Account) -> bool {
    let reset_is_blocked = is_unverified(account)
        && (account.names(Topic::ResetMail) || account.names(Topic::Password))
        && !account.says(Topic::Password, State::Have);
    account.says(Topic::Password, State::Lost)
        || account.says(Topic::Password, State::Refused)
        || account.says(Topic::Credentials, State::Lost)
        || account.says(Topic::ResetMail, State::NotArriving)
        || account.shows(Screen::BreachedPassword)
        || reset_is_blocked
}

fn has_forgotten_name(account: &Account) -> bool {
    account.says(Topic::Username, State::Lost)
}

fn is_compromised(account: &Account) -> bool {
    account.speaks_of(Matter::Takeover) || account.speaks_of(Matter::Intruder)
}

fn has_other_matter(account: &Account) -> bool {
    let mail_fails = [Topic::AnyMail, Topic::Mailbox, Topic::Address]
        .iter()
        .any(|&topic| account.says(topic, State::NotArriving));
    let confirmation_fails = account.says(Topic::ConfirmationMail, State::NotArriving)
        || account.shows(Screen::ConfirmLogin)
        || mail_fails && account.speaks_of(Matter::NewDevice);
    let something_lost = has_lost_mailbox(account);
    confirmation_fails && !something_lost
        || [
            Matter::OwnerGone,
            Matter::Deletion,
            Matter::Rename,
            Matter::Transfer,
            Matter::Suspension,
            Matter::EarlierRequest,
            Matter::OldSignIn,
            Matter::PageError,
            Matter::Organization,
            Matter::NoRecovery,
        ]
        .iter()
        .any(|&matter| account.speaks_of(matter))
}

/// Nothing is stated outright: what is named decides, the second factor first.
fn by_what_is_named(account: &Account) -> Option<Reason> {
    if account.words == 0
        || account.speaks_of(Matter::Settled) && account.words <= SETTLED_WORDS_MAX
    {
        return None;
    }
    let named = [
        (Topic::Factor, Reason::Lost2fa),
        (Topic::Codes, Reason::Lost2fa),
        (Topic::Device, Reason::Lost2fa),
        (Topic::ResetMail, Reason::ForgotPassword),
        (Topic::Password, Reason::ForgotPassword),
        (Topic::CodeOrApp, Reason::Lost2fa),
        (Topic::Mailbox, Reason::LostEmail),
        (Topic::Username, Reason::ForgotUsername),
    ];
    let at_hand = |topic: Topic| topic != Topic::Factor && account.says(topic, State::Have);
    named
        .into_iter()
        .find(|&(topic, _)| account.names(topic) && !at_hand(topic))
        .map(|(_, reason)| reason)
        .or((account.words >= 3).then_some(Reason::Other))
}
