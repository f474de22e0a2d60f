//! Concludes from what a text says what its writer still has: mailbox, password, recovery codes.

use super::reasons::{has_forgotten_password, has_rejected_codes};
use super::statements::Account;
use super::words::screens::Screen;
use super::words::states::State;
use super::words::topics::Topic;
use super::{Checkboxes, Known, Reason, RecoveryCodes};

/// Whether the mailbox can still be read.
pub fn email_access(account: &Account, reasons: &[Reason]) -> Known {
    if reasons.contains(&Reason::LostEmail) {
        return Known::No;
    }
    let reads = account.says(Topic::Mailbox, State::Have)
        || [
            Topic::Mailbox,
            Topic::Address,
            Topic::ResetMail,
            Topic::AnyMail,
            Topic::VerificationMail,
            Topic::ConfirmationMail,
        ]
        .iter()
        .any(|&topic| account.says(topic, State::Arrives))
        || has_reset(account);
    if reads { Known::Yes } else { Known::Unknown }
}

/// Whether the password is known.
pub fn password_known(account: &Account, reasons: &[Reason]) -> Known {
    let is_unusable =
        account.says(Topic::Password, State::Lost) || account.says(Topic::Password, State::Refused);
    if account.says(Topic::Password, State::Have) && !is_unusable {
        return Known::Yes;
    }
    if reasons.contains(&Reason::ForgotPassword) || has_forgotten_password(account) {
        return Known::No;
    }
    if has_reset(account) || account.says(Topic::Credentials, State::Have) {
        Known::Yes
    } else {
        Known::Unknown
    }
}

/// A completed reset shows both: the mail came, and the new password is known.
fn has_reset(account: &Account) -> bool {
    account.says(Topic::Password, State::Renewed) || account.says(Topic::ResetMail, State::Renewed)
}

/// What became of the recovery codes: prose first, then the box.
pub fn recovery_codes(account: &Account, boxes: &Checkboxes) -> RecoveryCodes {
    if has_rejected_codes(account) {
        return RecoveryCodes::Rejected;
    }
    let is_lost = account.says(Topic::Codes, State::Lost)
        || account.says(Topic::Codes, State::NeverSet)
        || account.shows(Screen::NoCodesGenerated);
    let denies_box = account.shows(Screen::CodesBox) && account.says(Topic::Codes, State::Have);
    if denies_box || account.says(Topic::Codes, State::Have) && !is_lost {
        return RecoveryCodes::Has;
    }
    if is_lost || boxes.recovery_codes == Some(true) {
        RecoveryCodes::Lost
    } else {
        RecoveryCodes::Unknown
    }
}
