//! What PyPI's own pages and mails say, so that a quoted screen is a fact and never the writer's word.

use super::Entry;

/// A message of PyPI, by what it tells about the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Screen {
    /// A reset was refused because the address is not verified.
    ResetNeedsVerifiedAddress,
    /// An upload or a page was refused because the address is not verified.
    NeedsVerifiedAddress,
    /// The password is in a list of breached ones.
    BreachedPassword,
    /// A login from a new device must be confirmed by mail.
    ConfirmLogin,
    /// The code of the app was refused.
    InvalidTotp,
    /// A recovery code was refused.
    InvalidRecoveryCode,
    /// The account has no recovery codes.
    NoCodesGenerated,
    /// The login page asks for the second factor.
    AsksForFactor,
    /// The sentence of the form's box, quoted in prose.
    CodesBox,
    /// Nothing to conclude from; only to be left out.
    Noise,
}

/// The messages as PyPI words them, and near enough.
pub const SCREENS: &[&[Entry<Screen>]] = &[&[
    (Screen::ResetNeedsVerifiedAddress,
        "email used to make this request is not verified, your email address must be verified before you can use
         it to reset your password, must be verified before you can use it to reset your password, if you have
         another verified email address associated with your pypi account try that instead, if you have another
         verified email address associated with your pypi account"),
    (Screen::NeedsVerifiedAddress,
        "does not have a verified primary email address, please add a verified primary email before attempting to
         upload to pypi, verify your primary email address, primary email address is not verified, have a
         verified primary email"),
    (Screen::BreachedPassword,
        "this password appears in a security breach or has been compromised and cannot be used, appears in a
         security breach, password appears in a breach, has been compromised and cannot be used, credential
         stuffing, crednential stuffing"),
    (Screen::ConfirmLogin,
        "please confirm this login, we noticed you are attempting to log in from a new or previously unrecognized
         device, to ensure this is you please check your email for a login confirmation link, please check your
         email for a login confirmation link, to ensure this is you, you should have received an email from
         noreply pypi org with the subject line unrecognized login to your pypi account, you should have received
         an email from, with the subject line unrecognized login to your pypi account, unrecognized login to your
         pypi account, in the future you can automatically trust new devices without needing email verification
         by using a security device or passkey as your 2fa method, we did not recognize this device"),
    (Screen::InvalidTotp,
        "invalid totp code, invalid totp code try again"),
    (Screen::InvalidRecoveryCode,
        "invalid recovery code|codes, recovery code has been previously used, recovery code has previously been
         used, code has been previously used"),
    (Screen::NoCodesGenerated,
        "you have not generated account recovery codes, you have not generated recovery codes"),
    (Screen::AsksForFactor,
        "enter authentication code, verify code, please enter .. authentication code"),
    (Screen::CodesBox,
        "i never generated or have lost access to the recovery codes for my account, i never generated or have
         lost access to the recovery codes, never generated or have lost access to the recovery codes, never
         generated or have lost access, never generated or lost access"),
    (Screen::Noise,
        "invalid or non existent authentication information, your account has been suspended please contact, has been compromised and cannot be used, if you lose access to your two factor methods you may lose access to your account, if you lose access to
         your two factor methods, you may lose access to your account, get help with recovery codes, someone
         perhaps you, someone perhaps you has requested a password reset, i agree to follow the psf code of
         conduct, i understand that it may take a significant amount of time to process my account recovery
         request, state the reason for your request, request for account recovery, account recovery request,
         subject line, see this faq entry for more information"),
]];
