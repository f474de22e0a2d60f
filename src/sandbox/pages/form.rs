//! The real request form: its fields, and the Markdown GitHub makes of the answers.

use serde::Serialize;

/// The title every request begins with.
pub const TITLE: &str = "Account recovery request";

/// What stands beside the box about recovery codes.
pub const CODES_LOST: &str =
    "I never generated or have lost access to the recovery codes for my account";

/// What stands beside the box about conduct.
pub const CONDUCT: &str = "I agree to follow the PSF Code of Conduct";

/// What stands beside the box about patience.
pub const PATIENCE: &str = "I understand that it may take a significant amount of time to process \
                            my account recovery request.";

/// The answers to the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// PyPI Username.
    pub username: String,
    /// Reason for request.
    pub reason: String,
    /// Recovery Codes, ticked.
    pub codes_lost: bool,
    /// Code of Conduct, ticked.
    pub conduct: bool,
    /// Acknowledgement, ticked.
    pub patience: bool,
}

impl Answers {
    /// The answers out of a sent form; a box that is not ticked is not sent.
    #[must_use]
    pub fn from_fields(fields: &[(String, String)]) -> Self {
        let text = |name: &str| {
            let found = fields.iter().find(|(field, _)| field == name);
            found.map(|(_, value)| value.replace("\r\n", "\n")).unwrap_or_default()
        };
        let is_ticked = |name: &str| fields.iter().any(|(field, _)| field == name);
        Self {
            username: text("username"),
            reason: text("reason"),
            codes_lost: is_ticked("codes_lost"),
            conduct: is_ticked("conduct"),
            patience: is_ticked("patience"),
        }
    }

    /// The body of the issue.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let sections = [
            ("PyPI Username", answer(&self.username)),
            ("Reason for request", answer(&self.reason)),
            ("Recovery Codes", tick(self.codes_lost, CODES_LOST)),
            ("Code of Conduct", tick(self.conduct, CONDUCT)),
            ("Acknowledgement", tick(self.patience, PATIENCE)),
        ];
        sections.map(|(heading, answer)| format!("### {heading}\n\n{answer}")).join("\n\n")
    }
}

fn answer(text: &str) -> String {
    if text.trim().is_empty() { "_No response_".to_owned() } else { text.trim().to_owned() }
}

fn tick(ticked: bool, sentence: &str) -> String {
    format!("- [{}] {sentence}", if ticked { 'x' } else { ' ' })
}

/// A request to try the demo with.
pub struct Example {
    /// Its name in the address.
    pub name: &'static str,
    /// What the link says.
    pub title: &'static str,
    username: &'static str,
    reason: &'static str,
}

/// Requests to try the demo with.
pub const EXAMPLES: [Example; 5] = [
    Example {
        name: "lost-phone",
        title: "Lost phone",
        username: "ada-example",
        reason: "My phone fell into a lake and the authenticator app went with it. I still know \
                 my password and can read my mail.",
    },
    Example {
        name: "lost-mailbox",
        title: "Lost mailbox",
        username: "ada-example",
        reason: "I left my old company and no longer have the mailbox my account belongs to. I \
                 can't log in without the link that is mailed there.",
    },
    Example {
        name: "codes-refused",
        title: "Codes refused",
        username: "ada-example",
        reason: "I do have my recovery codes, but every one I try says: Invalid recovery code.",
    },
    Example {
        name: "no-name",
        title: "No name",
        username: "",
        reason: "I lost my authenticator and I forgot which user name I had.",
    },
    Example {
        name: "french",
        title: "In French",
        username: "ada-example",
        reason: "Bonjour, j'ai perdu mon téléphone et je ne peux plus me connecter à mon compte, \
                 car l'application d'authentification n'est plus là. Pouvez-vous m'aider\u{a0}?",
    },
];

/// The answers of an example, if there is one of that name.
#[must_use]
pub fn example(name: &str) -> Option<Answers> {
    let example = EXAMPLES.iter().find(|example| example.name == name)?;
    Some(Answers {
        username: example.username.to_owned(),
        reason: example.reason.to_owned(),
        codes_lost: example.name != "codes-refused",
        conduct: true,
        patience: true,
    })
}
