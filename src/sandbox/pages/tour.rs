//! The demo's guided tour: five steps, each done once it has really happened in the sandbox.
//!
//! Start reading at [`Progress::of`], which looks at the tracker and at nothing else; [`panel`] says
//! what to do next and leads there.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Visit;
use crate::sandbox::seed::PEOPLE;
use crate::sandbox::state::{Comment, Happening, Issue, Repository, Role};

/// What the five steps are called.
const STEPS: [&str; 5] =
    ["File a request", "Get guidance", "Answer", "Give a command", "Skip a week"];

/// The label of the demo's one step of escalation.
const ESCALATED: &str = "escalated";

/// The tour is over so long after its last step.
const ENDING: SignedDuration = SignedDuration::from_hours(1);

/// How far the tour has come.
#[derive(Debug, PartialEq, Eq)]
struct Progress {
    /// The request it is taken with.
    request: Option<u64>,
    done: [bool; 5],
    escalated_at: Option<Timestamp>,
}

impl Progress {
    /// Told by the request that has come farthest; by the newest of several.
    fn of(repository: &Repository, bot: &str) -> Self {
        let here = repository.issues.iter().filter(|issue| issue.gone.is_none());
        let all = here.map(|issue| Self::with(issue, repository, bot));
        let nothing = Self { request: None, done: [false; 5], escalated_at: None };
        all.max_by_key(|progress| progress.done.iter().filter(|done| **done).count())
            .unwrap_or(nothing)
    }

    fn with(issue: &Issue, repository: &Repository, bot: &str) -> Self {
        let guided = issue.comments.iter().position(|comment| comment.author == bot);
        let after = guided.map_or(&[][..], |at| &issue.comments[at + 1..]);
        let is_answer = |comment: &Comment| comment.author == issue.author;
        let is_command = |comment: &Comment| {
            let has_reply = comment.reactions.iter().any(|reaction| reaction.login == bot);
            let has_command = comment.body.lines().any(|line| line.starts_with('/'));
            has_reply && has_command && repository.role(&comment.author) >= Role::Triage
        };
        let escalation = issue.timeline.iter().find(
            |entry| matches!(&entry.happening, Happening::Labeled(name, _) if name == ESCALATED),
        );
        let done = [
            true,
            guided.is_some(),
            after.iter().any(is_answer),
            after.iter().any(is_command),
            escalation.is_some(),
        ];
        let escalated_at = escalation.map(|entry| entry.created_at);
        Self { request: Some(issue.number), done, escalated_at }
    }

    /// The first step that is not done; none after the last.
    fn next(&self) -> Option<usize> {
        self.done.iter().position(|done| !done)
    }
}

/// A step for the one who looks: what to do, as whom, and where.
struct Stop {
    text: &'static str,
    /// What to write there.
    say: Option<&'static str>,
    /// Who does it; anybody without.
    who: Option<(&'static str, &'static str)>,
    /// Where it is done, in words and as an address.
    way: (&'static str, String),
}

/// What the panel shows; nothing where the tour was ended, or ended by itself.
pub(super) fn panel(visit: &Visit) -> Option<Value> {
    if visit.is_tour_off {
        return None;
    }
    let (home, progress) = visit.sandbox.with(|state| {
        let repository = state.repositories().first()?;
        let home = format!("{}/{}/{}", visit.prefix, repository.name.owner, repository.name.name);
        let bot = state.settings.bot_login();
        Some((format!("{home}/issues"), Progress::of(repository, &bot)))
    })?;
    let next = progress.next();
    let is_over = |at: &Timestamp| visit.sandbox.now().duration_since(*at) > ENDING;
    if next.is_none() && progress.escalated_at.as_ref().is_some_and(is_over) {
        return None;
    }
    let steps: Vec<Value> = STEPS
        .iter()
        .zip(progress.done)
        .enumerate()
        .map(|(at, (name, is_done))| {
            json!({ "name": name, "is_done": is_done, "is_next": next == Some(at) })
        })
        .collect();
    let title = match next {
        Some(at) => format!("Step {} of {}: {}", at + 1, STEPS.len(), STEPS[at]),
        None => "You have seen it all".to_owned(),
    };
    let stop = stop(visit, next, (&home, progress.request));
    Some(json!({
        "title": title,
        "text": stop.text,
        "say": stop.say,
        "way": way(visit, &stop, next),
        "steps": steps,
        "is_over": next.is_none(),
    }))
}

fn stop(visit: &Visit, next: Option<usize>, (home, request): (&str, Option<u64>)) -> Stop {
    let [(requester, _), (maintainer, _), _] = PEOPLE;
    let requester = Some((requester, "Become the requester"));
    let maintainer = Some((maintainer, "Become the maintainer"));
    let page = request.map_or_else(|| home.to_owned(), |number| format!("{home}/{number}"));
    let there = || ("Go to the request", format!("{page}#end"));
    match next {
        Some(0) => Stop {
            text: "Somebody has lost a phone. Send the form as it is filled in, or change it first.",
            say: None,
            who: requester,
            way: ("Open the form", format!("{home}/new?example=lost-phone")),
        },
        Some(1) => Stop {
            text: "The desk reads the request and answers by itself, mostly within a second.",
            say: None,
            who: None,
            way: ("See the answer", page.clone()),
        },
        Some(2) => Stop {
            text: "Its comment ends with a few questions. Answer one under the request, and see the comment and the labels follow.",
            say: Some("codes: no"),
            who: requester,
            way: there(),
        },
        Some(3) => Stop {
            text: "Now the other side: take the request on by a command under it.",
            say: Some("/assign"),
            who: maintainer,
            way: there(),
        },
        Some(_) => Stop {
            text: "And then nobody comes back to it. Move the clock, and see what the desk does about that.",
            say: None,
            who: None,
            way: ("Skip a week", page.clone()),
        },
        None => Stop {
            text: "The request waited too long, so the desk labelled it and called a maintainer. The queue shows it.",
            say: None,
            who: None,
            way: match visit.sandbox.with(|state| state.settings.desk_url.clone()) {
                Some(desk) => ("See it in the queue", format!("{desk}/?flag=escalated")),
                None => ("See the request", page.clone()),
            },
        },
    }
}

/// A link, or a form with one button: to become somebody else, or to move the clock.
fn way(visit: &Visit, stop: &Stop, next: Option<usize>) -> Value {
    let (words, address) = &stop.way;
    let page = address.split(['?', '#']).next().unwrap_or_default();
    if let Some((login, words)) = stop.who.filter(|(login, _)| *login != visit.person) {
        return json!({ "words": words, "action": "person", "name": "login", "value": login, "back": page });
    }
    if next == Some(STEPS.len() - 1) {
        return json!({ "words": words, "action": "clock", "name": "by", "value": "week", "back": page });
    }
    json!({ "words": words, "link": address })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::seed::tracker;
    use crate::sandbox::state::{Actor, NewIssue, State};
    use crate::sandbox::{Sandbox, SandboxSettings};

    fn done(state: &State) -> usize {
        let bot = state.settings.bot_login();
        let progress = Progress::of(&state.repositories()[0], &bot);
        progress.next().unwrap_or(STEPS.len())
    }

    #[test]
    fn a_step_is_done_once_it_has_really_happened() {
        let now = Timestamp::UNIX_EPOCH;
        let [(ada, _), (mira, _), (ben, _)] = PEOPLE;
        let sandbox = Sandbox::new(SandboxSettings::starting_at(now));
        sandbox.with(|state| {
            state.seed_demo(now, None).expect("a tracker");
            assert_eq!(done(state), 0);
            let person = |login: &str| Actor::Person(login.to_owned());
            let new = NewIssue { title: "Locked out".to_owned(), ..NewIssue::default() };
            let number = state.acting(person(ada), now).create_issue(&tracker(), new);
            let place = tracker().issue(number.expect("an issue"));
            assert_eq!(done(state), 1);
            let says = |state: &mut State, actor: Actor, text: &str| {
                state.acting(actor, now).create_comment(&place, text).expect("a comment")
            };
            says(state, person(ada), "Hello?");
            assert_eq!(done(state), 1, "nobody has answered yet");
            says(state, Actor::App, "Look for your codes.");
            assert_eq!(done(state), 2);
            says(state, person(ben), "codes: no");
            assert_eq!(done(state), 2, "it is not ben's request");
            says(state, person(ada), "codes: no");
            assert_eq!(done(state), 3);
            let command = says(state, person(mira), "/assign");
            assert_eq!(done(state), 3, "the desk has not carried it out");
            let app = &mut state.acting(Actor::App, now);
            app.react_to_comment(&tracker(), command, "+1").expect("a reaction");
            assert_eq!(done(state), 4);
            let labels = [ESCALATED.to_owned()];
            state.acting(Actor::App, now).add_labels(&place, &labels).expect("labels");
            assert_eq!(done(state), 5);
        });
    }
}
