//! What no text may say, and what every text must get right.

use std::collections::BTreeMap;

use keydesk::reading::{Known, RecoveryCodes, Site};
use keydesk::triage::Stage;

use super::{all_texts, english_of, halves, plain};

/// Words that no text may contain, whatever it is about.
const NEVER: &[&str] = &[
    "will be",
    "will get",
    "guarantee",
    "promise",
    "soon",
    "shortly",
    "as quickly",
    "within",
    "paid",
    "fund",
    "bounty",
    "reward",
    "outlook",
    "hotmail",
    "second account",
    "new account",
    "delete your account",
    "your account exists",
    "we found your account",
    "we have verified",
    "identity is",
    "proven",
    "urgent",
    "priority",
    "send us your",
    "post your",
    "tell us your",
    "outdated browser",
    "another account for you",
    "register again",
    "sign up again",
    "account exists",
    "no such account",
    "account has two",
    "account does not have",
    "has valid",
    "valid recovery codes",
    "confirmed your",
    "your identity",
    "you are the owner",
    "by tomorrow",
    "by monday",
    "next week",
    "this week",
    "business days",
    "working days",
    "first in line",
    "faster",
    "guaranteed",
    "certainly",
    "we will give",
    "we will recover",
    "you will get",
    "approved",
    "donat",
    "fee",
];

#[test]
fn no_text_says_what_must_not_be_said() {
    for (name, _, markdown) in all_texts() {
        let words = plain(english_of(&markdown)).to_lowercase();
        for never in NEVER {
            assert!(!words.contains(never), "{name} says {never:?}:\n{markdown}");
        }
    }
}

#[test]
fn no_translation_speaks_of_money() {
    let never = ["paid", "fund", "funds", "funding", "bounty", "reward", "guarantee"];
    for (name, _, markdown) in all_texts() {
        let Some((translated, _)) = halves(&markdown) else { continue };
        let words = plain(translated).to_lowercase();
        for word in words.split(|c: char| !c.is_alphanumeric()) {
            assert!(!never.contains(&word), "{name} says {word}:\n{translated}");
        }
    }
}

#[test]
fn no_text_names_a_date() {
    let months = ["january", "february", "april", "june", "july", "august", "september", "october"];
    for (name, facts, markdown) in all_texts() {
        let said = markdown.replace(&facts.mailed_on, " ").to_lowercase();
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let bytes = said.as_bytes();
        let dated = (1..bytes.len()).find(|at| {
            bytes[*at] == b'-' && is_digit(bytes.get(at - 1)) && is_digit(bytes.get(at + 1))
        });
        assert!(facts.mailed_on.is_empty() || dated.is_none(), "{name}:\n{markdown}");
        assert!(!months.iter().any(|month| said.contains(month)), "{name}:\n{markdown}");
    }
}

#[test]
fn nobody_is_mentioned_but_the_people_spoken_to() {
    for (name, facts, markdown) in all_texts() {
        let mut known = vec![format!("@{}", facts.requester), format!("@{}", facts.speaker)];
        known.extend(facts.mention);
        for word in plain(&markdown).split(|c: char| !c.is_ascii_graphic() || ",:!.".contains(c)) {
            let is_mention = word.starts_with('@') && word.len() > 1;
            assert!(!is_mention || known.iter().any(|one| one == word), "{name} calls {word}");
        }
    }
}

#[test]
fn waiting_times_are_told_as_measured_and_no_others() {
    for (name, facts, markdown) in all_texts() {
        let said = plain(&markdown);
        let measured = said.contains("measured over the last 60 requests: 6 or fewer for half");
        let may_tell = ["card", "next-steps", "waiting", "faq-next", "faq-waiting"];
        let is_over = facts.stage == Stage::Recovered || facts.stage == Stage::Resolved;
        let tells = may_tell.contains(&name.as_str())
            && facts.waiting.is_some()
            && !(name == "card" && is_over);
        assert_eq!(measured, tells, "{name}:\n{markdown}");
    }
}

#[test]
fn a_live_session_comes_first() {
    for (name, facts, markdown) in all_texts() {
        let is_new = facts.stage != Stage::Recovered && facts.stage != Stage::Resolved;
        if name == "card" && is_new && facts.session == Known::Yes {
            let at = |what: &str| markdown.find(what);
            let session = at("### First use the browser").expect("it is there");
            for later in ["### Look for", "### Get in", "### What the answers", "### Set a new"] {
                assert!(at(later).is_none_or(|later| later > session), "{markdown}");
            }
            assert!(at("`/session yes`").is_none(), "{markdown}");
        }
    }
}

#[test]
fn only_what_is_not_known_is_asked() {
    for (name, facts, markdown) in all_texts() {
        let is_known = [
            ("`/codes yes`", facts.recovery_codes != RecoveryCodes::Unknown),
            ("`/mailbox yes`", facts.email_access != Known::Unknown),
            ("`/session yes`", facts.session != Known::Unknown),
            ("`/site pypi`", facts.site != Site::Unknown),
        ];
        for (question, is_known) in is_known {
            assert!(!is_known || !markdown.contains(question), "{name}:\n{markdown}");
        }
    }
}

#[test]
fn no_text_asks_for_a_secret() {
    let secrets = [
        "password",
        "code",
        "token",
        "phone",
        "document",
        "address",
        "link from",
        "links from",
        "secret",
    ];
    let asking =
        ["send ", "post ", "give ", "tell ", "write ", "say ", "answer ", "do you have", "put "];
    let keeping =
        ["never", "nobody", "do not", "not the", "no passwords", "without the", "by mail"];
    let mailed = [
        "write to",
        "off this page",
        "for account settings",
        "again",
        "before you try",
        "asked you to write from",
        "such as codes: yes",
    ];
    for (name, _, markdown) in all_texts() {
        for sentence in plain(&markdown).to_lowercase().split(['.', '\n', ';']) {
            let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
            let asks = has(&secrets) && has(&asking);
            assert!(!asks || has(&keeping) || has(&mailed), "{name} asks: {sentence}\n{markdown}");
        }
    }
}

#[test]
fn numbers_agree_with_the_service() {
    let true_ones = [
        ("codes of", "8 codes of 16 characters"),
        ("characters", "16 characters"),
        ("minutes to", "15 minutes"),
        ("last ", "30 days"),
        ("times a day", "5 times a day"),
        ("a wait of", "a wait of 7 days"),
        ("of the 8", "another of the 8"),
        ("wrong tries", "5 wrong tries wait 5 minutes"),
    ];
    let mut met = BTreeMap::new();
    for (name, facts, markdown) in all_texts() {
        let words = plain(&markdown).to_lowercase();
        let is_given =
            |number: &str| facts.waited.contains(number) || facts.closes_after.contains(number);
        for (count, unit) in numbers(&words) {
            let said = format!("{count} {unit}");
            let is_true = true_ones.iter().any(|(_, sentence)| sentence.contains(&said));
            assert!(is_true || is_given(&said), "{name} says {said:?}");
        }
        for (_, sentence) in true_ones {
            *met.entry(sentence).or_insert(0) += usize::from(words.contains(sentence));
        }
    }
    assert!(met.values().all(|count| *count > 0), "a number is no longer said: {met:?}");
}

/// Each number of days, minutes, codes and so on, with its unit.
fn numbers(words: &str) -> Vec<(String, String)> {
    let units = ["days", "minutes", "hours", "weeks", "codes", "characters", "times", "months"];
    let all: Vec<&str> = words.split(|character: char| !character.is_alphanumeric()).collect();
    let counts = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty();
    all.windows(2)
        .filter(|pair| counts(pair[0]) && units.contains(&pair[1]))
        .map(|pair| (pair[0].to_owned(), pair[1].to_owned()))
        .collect()
}

#[test]
fn the_senders_are_the_true_ones() {
    for (name, _, markdown) in all_texts() {
        for word in plain(&markdown).split(|c: char| !c.is_ascii_graphic() || "(),;:".contains(c)) {
            let word = word.trim_end_matches('.');
            if let Some((_, domain)) = word.split_once('@').filter(|(name, _)| !name.is_empty()) {
                assert_eq!(domain, "pypi.org", "{name} names {word}");
                assert!(["noreply@pypi.org", "support@pypi.org", "admin@pypi.org"].contains(&word));
            }
            if let Some(address) = word.strip_prefix("https://") {
                let hosts = [
                    "pypi.org/",
                    "test.pypi.org/",
                    "github.com/pypi/support/issues/",
                    "desk.example/",
                ];
                assert!(
                    hosts.iter().any(|host| address.starts_with(host)),
                    "{name} links to {word}"
                );
            }
        }
    }
}

#[test]
fn the_test_site_is_never_mixed_up_with_the_other() {
    for (name, facts, markdown) in all_texts() {
        let wrong = match facts.site {
            Site::Testpypi => "https://pypi.org/account",
            Site::Pypi | Site::Unknown => "https://test.pypi.org",
        };
        assert!(!markdown.contains(wrong), "{name}:\n{markdown}");
        let file = "PyPI-Recovery-Codes-<username>";
        assert!(facts.site != Site::Testpypi || !markdown.contains(file), "{name}:\n{markdown}");
    }
}
