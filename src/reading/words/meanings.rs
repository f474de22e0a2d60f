//! What the sections of the tables mean: things, states, screens, matters, and what comments say.

use super::table::Meaning;
use crate::reading::Intent;

/// An enum whose values are the section names of one table.
macro_rules! meanings {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $section:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $value,)* }

        impl Meaning for $name {
            fn of_section(section: &str) -> Option<Self> {
                match section {
                    $($section => Some(Self::$value),)*
                    _ => None,
                }
            }
        }
    };
}

meanings! {
    /// Things a request can be about.
    Topic {
        /// The second factor: app, key, device for it.
        Factor = "factor",
        /// The recovery codes.
        Codes = "codes",
        /// The account's mailbox.
        Mailbox = "mailbox",
        /// An address named as another one than the account's.
        OtherMailbox = "other-mailbox",
        /// The password.
        Password = "password",
        /// The user name.
        Username = "username",
        /// Everything needed to sign in, without saying what.
        Credentials = "credentials",
        /// A phone or computer.
        Device = "device",
        /// The mail that confirms a login from a new device.
        ConfirmationMail = "confirmation-mail",
        /// The mail with a reset link.
        ResetMail = "reset-mail",
        /// A mail that is not further described.
        AnyMail = "any-mail",
        /// The mail that verifies an address.
        VerificationMail = "verification-mail",
        /// An address written out.
        Address = "address",
        /// What keeps passwords: a manager, a vault, a note.
        Keeper = "keeper",
        /// A code or an app, which are most often those of the second factor.
        CodeOrApp = "code-or-app",
        /// "Codes" without saying which; more than one are most often the recovery codes.
        PlainCodes = "plain-codes",
        /// Words that look like a topic and are none: "by email", "authentication information".
        Aside = "aside",
        /// API tokens and the like, which do not sign anybody in.
        ApiToken = "api-token",
    }
}

meanings! {
    /// What can be said about a thing.
    State {
        /// Lost, gone, out of reach, forgotten.
        Lost = "lost",
        /// At hand and working.
        Have = "have",
        /// The bare verb, which counts only where nothing stronger is near.
        MayHave = "may-have",
        /// Refused, invalid, without effect.
        Refused = "refused",
        /// Never made or set up.
        NeverSet = "never-set",
        /// Not verified.
        Unverified = "unverified",
        /// Does not arrive.
        NotArriving = "not-arriving",
        /// Arrives.
        Arrives = "arrives",
        /// Typed wrongly when registering.
        Wrong = "wrong",
        /// Was just changed or reset with success.
        Renewed = "renewed",
        /// Turns the next state round.
        Not = "not",
        /// "No" or "without" right before a thing.
        Without = "without",
        /// Denies a loss, so that what is named is at hand.
        Denied = "denied",
        /// Makes the whole clause one about something else: the box, another site's account.
        NotAboutThis = "not-about-this",
        /// Looks like a state and is none: "I worked there", "somebody I don't know".
        Nothing = "nothing",
        /// Asks for something to be done, which is no statement.
        Wish = "wish",
    }
}

meanings! {
    /// A message of PyPI, by what it tells about the account.
    Screen {
        /// A reset was refused because the address is not verified.
        ResetNeedsVerifiedAddress = "reset-needs-verified-address",
        /// An upload or a page was refused because the address is not verified.
        NeedsVerifiedAddress = "needs-verified-address",
        /// The password is in a list of breached ones.
        BreachedPassword = "breached-password",
        /// A login from a new device must be confirmed by mail.
        ConfirmLogin = "confirm-login",
        /// The code of the app was refused.
        InvalidTotp = "invalid-totp",
        /// A recovery code was refused.
        InvalidRecoveryCode = "invalid-recovery-code",
        /// The account has no recovery codes.
        NoCodesGenerated = "no-codes-generated",
        /// The login page asks for the second factor.
        AsksForFactor = "asks-for-factor",
        /// The sentence of the form's box, quoted in prose.
        CodesBox = "codes-box",
        /// Nothing to conclude from; only to be left out.
        Noise = "noise",
    }
}

meanings! {
    /// A matter that is named by a phrase of its own.
    Matter {
        /// Somebody took the account over.
        Takeover = "takeover",
        /// Something was broken into; counts as a takeover only beside the account.
        Breakin = "breakin",
        /// Somebody who is not the account's owner did something; speaks for a takeover.
        Intruder = "intruder",
        /// The owner left or died.
        OwnerGone = "owner-gone",
        /// Delete the account.
        Deletion = "deletion",
        /// Another user name.
        Rename = "rename",
        /// Move a project or its ownership.
        Transfer = "transfer",
        /// The account was suspended, banned, frozen.
        Suspension = "suspension",
        /// An earlier request of the same person.
        EarlierRequest = "earlier-request",
        /// The account came from a way of signing in that is gone.
        OldSignIn = "old-sign-in",
        /// Some error that belongs to no other matter.
        PageError = "page-error",
        /// An organization account of PyPI.
        Organization = "organization",
        /// Limits, removals, installation trouble, notices: no recovery at all.
        NoRecovery = "no-recovery",
        /// The writer wants to get into an account again.
        WantsBackIn = "wants-back-in",
        /// A login from a new device has to be confirmed.
        NewDevice = "new-device",
        /// It is settled already.
        Settled = "settled",
        /// The page asks for the user name, which is therefore not known.
        AsksForName = "asks-for-name",
        /// Logging in works, so that the password is known.
        SignsIn = "signs-in",
        /// Looks like the one before, and only says what is hoped for.
        WishToSignIn = "wish-to-sign-in",
        /// TestPyPI is named.
        TestSite = "test-site",
        /// pypi.org is named.
        MainSite = "main-site",
    }
}

meanings! {
    /// What changes the meaning of a comment, whatever else it says.
    Remark {
        /// Something is promised or told, so that it is no plain answer.
        Unfinished = "unfinished",
        /// Something does not work: such a comment tells something, whatever thanks it carries.
        Trouble = "trouble",
        /// Names trouble, and only to say that it is over.
        NoTrouble = "no-trouble",
        /// Names and other details: such a comment is no thank-you alone.
        Details = "details",
        /// A question about another route, or news that leave the process open.
        OtherRoute = "other-route",
        /// A maintainer's remark that is only for the others.
        Aside = "aside",
        /// A maintainer closes.
        Closing = "closing",
        /// A maintainer says when the issue would be closed.
        WillClose = "will-close",
        /// Another issue is about the same.
        SameMatter = "same-matter",
        /// Recovery codes are named, and not as a way in.
        KeepsCodes = "keeps-codes",
    }
}

meanings! {
    /// Classes of small words that hold a sentence together.
    Class {
        /// Begins a new clause without a comma.
        Clause = "clause",
        /// Of those, the ones whose clause says nothing about a thing left open before it.
        SideClause = "side-clause",
        /// "As", which begins a clause only before some words.
        As = "as",
        /// The words before which "as" begins a clause.
        AfterAs = "after-as",
        /// Denies everything after it in its clause.
        WholeDenial = "whole-denial",
        /// "Neither", which waits for its "nor" or says it itself.
        Neither = "neither",
        /// "Nothing", "none".
        Nothing = "nothing",
        /// By this a clause speaks of what was named before it.
        Pointer = "pointer",
        /// Of those, the ones that point to more than one thing.
        ManyPointer = "many-pointer",
        /// A clause with one of these is a statement of its own and leaves nothing open.
        Verb = "verb",
        /// What follows only describes the thing before it: "the name of my account".
        Preposition = "preposition",
        /// Joins things, so that what follows is a thing of its own.
        Joiner = "joiner",
        /// After "have" these are the verb, and "have" only helps it.
        AfterHave = "after-have",
        /// Before "have" these make it a guess.
        Guess = "guess",
        /// The writer speaks of himself or herself.
        FirstPerson = "first-person",
        /// Stands for something that is no word; set by the reader, not by a table.
        Mark = "mark",
    }
}

impl Class {
    /// The bit of this class.
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }
}

meanings! {
    /// The table of small words has one section.
    SmallWords {
        /// Words that tell one language from its neighbours.
        SmallWord = "small-words",
    }
}

impl Meaning for Intent {
    fn of_section(section: &str) -> Option<Self> {
        match section {
            "self-resolved" => Some(Self::SelfResolved),
            "emailed-support" => Some(Self::EmailedSupport),
            "completed-verification" => Some(Self::CompletedVerification),
            "asks-status" => Some(Self::AsksStatus),
            "asks-to-close" => Some(Self::AsksToClose),
            "thanks" => Some(Self::Thanks),
            "asks-to-email-support" => Some(Self::AsksToEmailSupport),
            "asks-for-info" => Some(Self::AsksForInfo),
            "recovery-initiated" => Some(Self::RecoveryInitiated),
            "recovery-complete" => Some(Self::RecoveryComplete),
            "follow-up-no-response" => Some(Self::FollowUpNoResponse),
            "closing-no-response" => Some(Self::ClosingNoResponse),
            "closing-duplicate" => Some(Self::ClosingDuplicate),
            "points-to-codes" => Some(Self::PointsToCodes),
            _ => None,
        }
    }
}
