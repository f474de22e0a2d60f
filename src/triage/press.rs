//! Buttons: a command given on the desk's page does what it would do in a comment.

use super::commands::{self, Pressed};
use super::draft::Draft;
use super::event::{Press, Presser};
use super::ids::{Login, Person, UserId};
use super::speaker::Speaker;
use crate::policy::Role;

/// Carries out a command that was given by a button. Its end is told in the history, where the
/// page shows it, rather than by signs and comments.
pub(super) fn press(draft: &mut Draft, press: &Press) {
    let operator = operator();
    let speaker = match &press.by {
        Presser::Person(person) => Speaker {
            person,
            role: draft.case.findings.roles.get(&person.login).copied().unwrap_or(Role::None),
            is_requester: draft.ticket.is_requester(person),
        },
        Presser::Operator => Speaker { person: &operator, role: Role::Admin, is_requester: false },
    };
    let who = match &press.by {
        Presser::Person(person) => format!("@{}", person.login),
        Presser::Operator => "the operator".to_owned(),
    };
    let typed = commands::typed(&press.command);
    match commands::carry_out_pressed(draft, &press.command, speaker) {
        Pressed::Done { is_answer } => {
            draft.because(format!("{typed} by {who} on the desk's page."));
            if is_answer && !speaker.is_requester {
                draft.ticket.note_answer(draft.case.event.at);
            }
        }
        Pressed::Refused(refusal) => {
            let nearest = match refusal.nearest.as_str() {
                "" => String::new(),
                nearest => format!(" Did you mean {nearest}?"),
            };
            let why = refusal.why;
            draft.because(format!(
                "{typed} by {who} on the desk's page was not carried out: {why}{nearest}"
            ));
        }
    }
}

/// Who runs the machine has no account on GitHub that the desk knows of.
fn operator() -> Person {
    Person { id: UserId(0), login: Login("operator".to_owned()), is_bot: false }
}
