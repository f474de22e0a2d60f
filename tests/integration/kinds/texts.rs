//! The texts of the example folders: every one is rendered with every sample.

use std::collections::BTreeSet;
use std::fs;

use keydesk::engine::Rules;
use keydesk::guidance::{Guidance, kind_samples, samples};
use keydesk::policy::Policy;
use keydesk::triage::Text;
use regex::Regex;

use super::{root, rules_and_form};

/// Texts that decisions say by name, replies and questions aside.
const SAID: &[&str] = &[
    "blanked",
    "card",
    "closed-silent",
    "duplicate",
    "escalated",
    "faq",
    "help",
    "no-permission",
    "policy-problem",
    "private",
    "refused",
    "reminder",
    "resolved",
];

/// Every text that a desk under this policy can say.
fn said_under(policy: &Policy) -> BTreeSet<String> {
    let replies = policy.replies.iter().map(|reply| reply.template.clone());
    let topics = policy.faq.keys().map(|topic| format!("faq-{topic}"));
    let said = SAID.iter().map(|name| (*name).to_owned());
    said.chain(replies).chain(topics).collect()
}

fn rendered(guidance: &Guidance, template: &str) -> Vec<String> {
    let all = samples(template).into_iter();
    let texts = all.map(|facts| Text { template: template.to_owned(), facts });
    texts.map(|text| guidance.render(&text).expect("a text that is right")).collect()
}

#[test]
fn no_text_is_said_that_this_test_does_not_know() {
    let name = Regex::new(r#"\.say\(\s*"([a-z-]+)"|"(blanked|private)" \}"#).expect("a pattern");
    let mut found = BTreeSet::new();
    for folder in ["src/triage", "src/triage/commands"] {
        for path in super::files(&root().join(folder)) {
            let text = fs::read_to_string(&path).unwrap_or_default();
            let names = name.captures_iter(&text);
            found.extend(names.filter_map(|found| Some(found.get(1)?.as_str().to_owned())));
        }
    }
    let known: BTreeSet<String> = SAID.iter().map(|name| (*name).to_owned()).collect();
    assert!(found.len() > 5 && found.is_subset(&known), "{found:?}");
}

#[test]
fn the_desk_of_another_registry_never_speaks_of_pypi() {
    let (Rules { guidance, policies }, _) = rules_and_form("config/examples/crates-io");
    let mut policy = policies.base();
    // Looks of labels that are never put on.
    policy.labels.looks.clear();
    let foreign = Regex::new(r"(?i)pypi|python|warehouse").expect("a pattern");
    // The address of the tracker in the samples is ours.
    let address = "https://github.com/pypi/support/";
    let badge = "badge/pypi/support/";
    let status = "status/pypi/support/";
    let mut count = 0;
    for template in said_under(&policy) {
        for text in rendered(&guidance, &template) {
            let own = [address, badge, status];
            let text = own.iter().fold(text, |text, address| text.replace(address, ""));
            assert!(!foreign.is_match(&text), "{template} says:\n{text}");
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
    let words = toml::to_string(&policy).expect("a policy is TOML");
    assert!(!foreign.is_match(&words), "{words}");
}

#[test]
fn the_texts_of_limit_requests_say_nothing_of_accounts() {
    let (Rules { guidance, policies }, _) = rules_and_form("config/examples/pypi-limits");
    let policy = policies.base();
    assert_eq!(guidance.check_kinds(&policy), Vec::new());
    let foreign = Regex::new("(?i)account|log in|recover|two-factor").expect("a pattern");
    for kind in &policy.kinds {
        for (instead_of, template) in &kind.answer.texts {
            for mut facts in kind_samples(kind, instead_of) {
                facts.exposed.clear();
                let text = Text { template: template.clone(), facts };
                let text = guidance.render(&text).expect("a text that is right");
                assert!(!foreign.is_match(&text), "{template} says:\n{text}");
                assert!(!text.trim().is_empty(), "{template}");
            }
        }
    }
}
