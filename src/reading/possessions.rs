//! Concludes from what a text says what its writer still has: mailbox, password, recovery codes.

use super::account::{Account, Spans};
use super::evidence::Conclusion;
use super::reasons::has_rejected_codes;
use super::words::meanings::Matter::SignsIn;
use super::words::meanings::Screen::{CodesBox, InvalidRecoveryCode, NoCodesGenerated};
use super::words::meanings::State::{Arrives, Have, Lost, NeverSet, Refused, Renewed};
use super::words::meanings::Topic::{
    Address, AnyMail, Codes, ConfirmationMail, Credentials, Mailbox, Password, PlainCodes,
    ResetMail, VerificationMail,
};
use super::{Known, Reason, RecoveryCodes};

/// Whether the mailbox can still be read; nothing where the text does not say.
pub fn email_access(
    account: &Account,
    reasons: &[Conclusion<Reason>],
) -> Option<Conclusion<Known>> {
    if let Some(spans) = spans_of(reasons, Reason::LostEmail) {
        return Some(Conclusion::new(Known::No, "the mailbox is lost", spans));
    }
    let is_taken_over = reasons.iter().any(|found| found.value == Reason::Compromised);
    if is_taken_over && let Some(spans) = account.where_said(&[Mailbox, Address], &[Renewed]) {
        let rule = "whoever took the account over has changed the address";
        return Some(Conclusion::new(Known::No, rule, spans));
    }
    let yes = |rule: &'static str, spans: Option<Spans>| {
        spans.map(|spans| Conclusion::new(Known::Yes, rule, spans))
    };
    let with_mail = [Mailbox, Address, ResetMail, AnyMail, VerificationMail, ConfirmationMail];
    yes("the mailbox is said to be at hand", account.where_said(&[Mailbox], &[Have]))
        .or_else(|| yes("mail is said to arrive", account.where_said(&with_mail, &[Arrives])))
        .or_else(|| yes("the password was reset by mail", where_reset(account)))
}

/// Whether the password is known; nothing where the text does not say.
pub fn password_known(
    account: &Account,
    reasons: &[Conclusion<Reason>],
) -> Option<Conclusion<Known>> {
    let is_unusable = account.says(Password, Lost) || account.says(Password, Refused);
    if !is_unusable && let Some(spans) = account.where_said(&[Password], &[Have]) {
        return Some(Conclusion::new(Known::Yes, "the password is said to be known", spans));
    }
    if let Some(spans) = spans_of(reasons, Reason::ForgotPassword) {
        return Some(Conclusion::new(Known::No, "the password is unknown or refused", spans));
    }
    let yes = |rule: &'static str, spans: Option<Spans>| {
        spans.map(|spans| Conclusion::new(Known::Yes, rule, spans))
    };
    yes("the password was reset", where_reset(account))
        .or_else(|| {
            yes("all that signs in is at hand", account.where_said(&[Credentials], &[Have]))
        })
        .or_else(|| yes("logging in works", account.where_spoken_of(&[SignsIn])))
}

fn spans_of(reasons: &[Conclusion<Reason>], reason: Reason) -> Option<Spans> {
    reasons.iter().find(|found| found.value == reason).map(|found| found.spans.clone())
}

/// A completed reset shows both: the mail came, and the new password is known.
fn where_reset(account: &Account) -> Option<Spans> {
    account.where_said(&[Password, ResetMail], &[Renewed])
}

/// What the prose says became of the recovery codes; nothing where it does not say.
pub fn recovery_codes(account: &Account) -> Option<Conclusion<RecoveryCodes>> {
    if has_rejected_codes(account) {
        let spans = account
            .where_shown(InvalidRecoveryCode)
            .or_else(|| account.where_said(&[Codes], &[Refused]));
        let rule = "the recovery codes are refused";
        return Some(Conclusion::new(RecoveryCodes::Rejected, rule, spans.unwrap_or_default()));
    }
    // "Codes" alone are the recovery codes, unless those are spoken of by their name.
    let codes = if account.names(Codes) { &[Codes] } else { &[PlainCodes] };
    let lost = account
        .where_said(codes, &[Lost, NeverSet])
        .or_else(|| account.where_shown(NoCodesGenerated));
    let at_hand = account.where_said(codes, &[Have]);
    match (lost, at_hand) {
        // Whoever quotes the box's sentence beside "I have them" denies it.
        (lost, Some(spans)) if lost.is_none() || account.shows(CodesBox) => {
            let rule = "the recovery codes are said to be at hand";
            Some(Conclusion::new(RecoveryCodes::Has, rule, spans))
        }
        (Some(spans), _) => {
            let rule = "the recovery codes are said to be lost";
            Some(Conclusion::new(RecoveryCodes::Lost, rule, spans))
        }
        (None, _) => None,
    }
}
