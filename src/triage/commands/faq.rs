//! `/faq`: the texts of the questions that are often asked.

use super::arguments::nearest;
use super::{Call, Command, Refusal, Who};
use crate::policy::Policy;
use crate::triage::draft::Draft;
use crate::triage::text::FaqTopic;

/// Answers a question, or lists them.
pub const FAQ: Command = Command {
    name: "faq",
    arguments: "[topic]",
    summary: "Show the answer to a common question, or the list of them.",
    who: Who::Requester,
    run,
};

fn run(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    if !call.arguments().is_empty() {
        return say_topic(draft, call);
    }
    let mut facts = draft.facts();
    facts.topics = draft
        .case
        .policy
        .faq
        .iter()
        .map(|(topic, question)| FaqTopic { topic: topic.clone(), question: question.clone() })
        .collect();
    draft.say("faq", facts);
    Ok(())
}

/// Posts the answer to the question that was named.
pub(super) fn say_topic(draft: &mut Draft, call: &Call) -> Result<(), Refusal> {
    let policy = draft.case.policy;
    let typed = call.arguments().to_lowercase().replace([' ', '_'], "-");
    let Some(topic) = find_topic(&typed, policy) else {
        let names: Vec<&str> = policy.faq.keys().map(String::as_str).collect();
        let near = nearest(&typed, names.iter().copied()).or(names.first().copied());
        let near = near.map(|topic| format!("/{} {topic}", call.name())).unwrap_or_default();
        return Err(Refusal::new(format!("The topics are: {}.", names.join(", ")), near));
    };
    let facts = draft.facts();
    draft.say(&format!("faq-{topic}"), facts);
    Ok(())
}

/// A topic by its name, or by a part of it that no other has: `codes` is `lost-codes`.
fn find_topic<'a>(typed: &str, policy: &'a Policy) -> Option<&'a str> {
    if let Some((topic, _)) = policy.faq.get_key_value(typed) {
        return Some(topic);
    }
    let mut holding = policy.faq.keys().filter(|topic| topic.split('-').any(|word| word == typed));
    let only = holding.next()?;
    holding.next().is_none().then_some(only.as_str())
}
