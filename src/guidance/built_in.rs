//! The texts built into the binary: one line a file of `templates/comments/`.

macro_rules! texts {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../templates/comments/", $file)))),*]
    };
}

/// File name and source of every built-in text.
pub(super) const TEMPLATES: &[(&str, &str)] = texts![
    "address-taken.md",
    "ask-address.md",
    "aup.md",
    "card.md",
    "close-silent.md",
    "closed-silent.md",
    "compromised.md",
    "confirm-address.md",
    "decline.md",
    "english.md",
    "escalated.md",
    "exposed-secret.md",
    "follow-up.md",
    "forgot-password.md",
    "forgot-username.md",
    "help.md",
    "initiated.md",
    "lost-2fa.md",
    "lost-email.md",
    "missing.md",
    "need.md",
    "next-steps.md",
    "no-mail.md",
    "other.md",
    "policy-problem.md",
    "questions.md",
    "recovered.md",
    "recovery-codes-rejected.md",
    "refused.md",
    "reminder.md",
    "resolved.md",
    "safety.md",
    "test-site.md",
    "unverified-email.md",
];
