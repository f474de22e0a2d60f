//! What people wrote is shown as text, whatever they wrote; mentions and links are made on purpose.

use keydesk::guidance::Guidance;
use keydesk::reading::Sensitive;
use keydesk::triage::text::{CommandHelp, Facts, FaqTopic, RefusedCommand};
use proptest::prelude::*;
use pulldown_cmark::{Event, Parser, Tag};

use super::{GUIDANCE, options, plain, render, text};

const HOSTILE: &[&str] = &[
    "@octocat and @acme/recovery, see #12, GH-7 and acme/site#3",
    "https://evil.example/x http://evil.example www.evil.example ftp://evil.example",
    "somebody@evil.example mailto:somebody@evil.example",
    "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example> [ref]: x",
    "<script>alert(1)</script><!-- keydesk: forged --><img src=x onerror=alert(1)>",
    "# heading\n\n## again\r\nunder\n=====\nover\n-----",
    "- list\n* list\n+ list\n1. one\n2) two\n- [ ] task",
    "> quote\n>> deeper\n\n    indented code\n\n```\nfence\n```\n~~~\nfence\n~~~",
    "`code` ``two`` ``` three ``` *em* **strong** _em_ __strong__ ~~gone~~ $math$ [^note]",
    "| a | b |\n|---|---|\n| c | d |",
    "&lt;b&gt; &amp; &#64;octocat &commat;octocat \\@octocat \\",
    "1. starts with a number",
    "2) too",
    "- starts with a dash",
    "+ plus",
    "=== underline",
    "--- rule",
    "***",
    "___",
    "# ",
    "`",
    "``",
    "\\",
    "{{ requester }} {% raw %}",
    "<script x",
    "<div class=a",
    "<!-- open",
    "<?open",
    "\u{202e}gnihsihp\u{202c} \u{0}\u{7}\u{1b}[31m",
    "\u{2028}- next line\u{2029}# and next",
    "<!-- keydesk:comment:1 --> <!-- keydesk:card -->",
    "--> <!-- keydesk:action=7 --",
    "](javascript:alert(1)) ](https://evil.example) [a](javascript:alert(1)",
    "](x \"t\") ![](data:text/html,x) [x]: javascript:alert(1)",
    "</details></summary></blockquote> <details open><summary>English</summary>",
    "@all @everyone @here @org/team @octo-cat[bot]",
    "#1 #2, GH-1 gh-2, acme/site#3 acme#4 #\u{200b}5",
    "6b62157aa5d8e0c9f1a2b3c4d5e6f708192a3b4c 6b62157 acme/site@6b62157 acme@6b62157",
    "@\u{200d}octocat @\u{feff}octocat \u{ff20}octocat \u{fe6b}octocat",
    "\u{2067}@octocat\u{2069} \u{200f}#12 \u{200e}GH-7 \u{61c}www.evil.example",
    "HTTPS://evil.example WWW.evil.example Http://evil.example xmpp:a@evil.example",
    "`@octocat` ``#12`` ` <!-- `",
    "\\`@octocat\\` \\[x\\](javascript:alert(1))",
    "{# follows card.md 000000000000 #} {{ url|web_address }} {% include part(\"card\") %}",
    "&#x40;octocat &#35;12 &colon;// &lbrack;x&rbrack;&lpar;y&rpar;",
];

fn hostile_facts(hostile: &str) -> Facts {
    let text = || hostile.to_owned();
    Facts {
        requester: text(),
        speaker: text(),
        url: text(),
        language: text(),
        step: text(),
        waited: text(),
        closes_after: text(),
        mention: vec![text()],
        mailed_on: text(),
        badge: text(),
        status: text(),
        place: text(),
        topics: vec![FaqTopic { topic: text(), question: text() }],
        arguments: ["what", "why", "problem", "of"].map(|name| (name.to_owned(), text())).into(),
        commands: vec![CommandHelp { usage: text(), summary: text() }],
        refusals: vec![RefusedCommand { command: text(), why: text(), nearest: text() }],
        ..Facts::default()
    }
}

/// The kinds of events that are more than text, in order.
fn structure(markdown: &str) -> Vec<String> {
    let more_than_text = |event: Event<'_>| match event {
        Event::Text(_) | Event::End(_) => None,
        Event::Start(Tag::Link { dest_url, .. }) => Some(format!("link to {dest_url}")),
        Event::Start(tag) => Some(format!("{tag:?}")),
        Event::Code(_) => Some("code".to_owned()),
        other => Some(format!("{other:?}")),
    };
    Parser::new_ext(markdown, options()).filter_map(more_than_text).collect()
}

#[test]
fn what_people_wrote_adds_nothing_but_text() {
    let guidance = Guidance::built_in();
    for name in guidance.names() {
        let expected = structure(&render(name, hostile_facts("plain words")));
        for hostile in HOSTILE {
            let markdown = guidance.render(&text(name, hostile_facts(hostile))).expect(name);
            let without_links = |all: Vec<String>| -> Vec<String> {
                all.into_iter().filter(|event| event != "link to https://evil.example").collect()
            };
            let mut found = structure(&markdown);
            if ["need", "decline"].contains(&name) {
                found = without_links(found);
                found.retain(|event| !event.starts_with("link to https://evil.example"));
            }
            assert_eq!(found, expected, "{name} with {hostile:?}:\n{markdown}");
        }
    }
}

#[test]
fn what_people_wrote_calls_nobody_and_links_nowhere() {
    let guidance = Guidance::built_in();
    let calling = [
        "@octocat",
        "@octo-cat",
        "@acme",
        "@all",
        "@everyone",
        "@here",
        "@org",
        "#1",
        "#2",
        "#3",
        "#4",
        "GH-",
        "gh-",
        "http://",
        "ftp://",
        "www.",
        "WWW.",
        "@evil",
        "HTTPS://",
        "Http://",
        "6b62157",
    ];
    for name in guidance.names() {
        let own = render(name, hostile_facts("plain words"));
        for hostile in HOSTILE {
            let markdown = guidance.render(&text(name, hostile_facts(hostile))).expect(name);
            let shown = outside_code(&markdown);
            for call in calling {
                assert_eq!(
                    shown.matches(call).count(),
                    outside_code(&own).matches(call).count(),
                    "{name}: {shown}"
                );
            }
        }
    }
}

/// What GitHub looks through for names, numbers and addresses: the text outside of code.
fn outside_code(markdown: &str) -> String {
    let mut shown = String::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                shown.push_str(&text)
            }
            Event::Code(_) => shown.push(' '),
            _ => {}
        }
    }
    shown
}

#[test]
fn a_name_of_ten_thousand_characters_is_only_text() {
    for unit in ["a", "@", "#1 ", "<!-- ", "](", "`", "\\", "\u{200b}", "</details>", "0a1b2c3 "] {
        let long = unit.repeat(10_000 / unit.len());
        for name in GUIDANCE.names() {
            let markdown = render(name, hostile_facts(&long));
            assert!(markdown.chars().count() <= 60_000, "{name} {unit:?}");
            assert!(!markdown.contains("<!--"), "{name} {unit:?}");
        }
    }
}

#[test]
fn only_addresses_and_numbers_make_links() {
    for hostile in
        ["javascript:alert(1)", "x", "//evil.example", "https://", "https://a b", "data:,x"]
    {
        let wrong = hostile.to_owned();
        let (badge, status, place) = (wrong.clone(), wrong.clone(), wrong.clone());
        let facts =
            Facts { badge, status, place, exposed: vec![Sensitive::Password], ..Facts::default() };
        for name in ["card", "blanked"] {
            let markdown = render(name, facts.clone());
            assert!(!markdown.contains("](") && !markdown.contains("Where this"), "{markdown}");
        }
    }
    let of = |number: &str| {
        let arguments = [("of".to_owned(), number.to_owned())].into();
        render("duplicate", Facts { arguments, ..Facts::default() })
    };
    assert!(of("12").contains("matter as #12.") && of("#12").contains("matter as #12."));
    assert!(!of("acme/site#12").contains("#12") && !of("12345678901").contains('#'));
}

#[test]
fn only_true_logins_are_mentioned() {
    let long = "g".repeat(40);
    let cases = [
        ("mona", "@mona,"),
        ("octo-cat9", "@octo-cat9,"),
        ("renovate[bot]", "@renovate\\[bot\\],"),
        ("acme/team", "acme/team,"),
        ("a b", "a b,"),
        ("a_b", "a\\_b,"),
        (&long, &format!("{long},")),
        ("@mona", "@\u{200b}mona,"),
        ("[bot]", "\\[bot\\],"),
    ];
    for (login, expected) in cases {
        let facts = Facts { requester: login.to_owned(), ..Facts::default() };
        let markdown = render("follow-up", facts);
        assert!(markdown.starts_with(expected), "{login}: {markdown}");
    }
    let mention =
        ["@alice", "bob", "@acme/recovery-desk", "@acme/a/b", "all of you"].map(str::to_owned);
    let facts = Facts { mention: mention.into(), waited: "6 days".to_owned(), ..Facts::default() };
    insta::assert_snapshot!(render("escalated", facts).replace('\u{200b}', "·"), @"@alice @bob @acme/recovery-desk @·acme/a/b all of you: this request has been waiting for us for 6 days.");
}

#[test]
fn what_people_wrote_reads_as_they_wrote_it() {
    for hostile in HOSTILE {
        let facts = Facts { step: (*hostile).to_owned(), ..Facts::default() };
        let shown = plain(&render("escalated", facts)).trim_end().replace('\u{200b}', "");
        let turning = |c: &char| {
            ('\u{202a}'..='\u{202e}').contains(c)
                || ('\u{2066}'..='\u{2069}').contains(c)
                || *c == '\u{200b}'
        };
        let spaced: String = hostile
            .chars()
            .filter(|c| !turning(c))
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let expected = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(shown, format!("This request has been waiting for us ({expected})."));
    }
}

#[test]
fn staff_may_link_and_nothing_else() {
    let what =
        "see https://pypi.org/help/#totp, then *the* @mona [x](https://evil.example)".to_owned();
    let facts = Facts { arguments: [("what".to_owned(), what)].into(), ..Facts::default() };
    let markdown = render("need", facts);
    let quote = markdown.lines().find(|line| line.starts_with('>')).expect("the quote");
    insta::assert_snapshot!(quote.replace('\u{200b}', "·"), @r"> see <https://pypi.org/help/#totp>, then \*the\* @·mona \[x\](https:·//evil.example)");
}

/// Characters that mean something to Markdown, GitHub or HTML, and a few that do not.
const LOADED: &str =
    "[-a1 #@!*_`~<>&;:/.=+|\\\\\\[\\](){}$^\"'\n\r\t\u{0}\u{200b}\u{2028}wx]{1,40}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_wrote_is_only_text(written in LOADED) {
        prop_assume!(written.chars().any(|c| !c.is_whitespace() && !c.is_control()));
        let nobody = |facts| Facts { requester: String::new(), speaker: String::new(), mention: vec![], ..facts };
        for name in ["escalated", "refused", "decline", "policy-problem"] {
            let markdown = render(name, nobody(hostile_facts(&written)));
            let expected = structure(&render(name, nobody(hostile_facts("plain words"))));
            prop_assert_eq!(structure(&markdown), expected, "{}", markdown);
            let shown = outside_code(&markdown);
            for mark in ["@a", "@1", "@w", "#1", "://", "www."] {
                prop_assert!(!shown.contains(mark), "{}", shown);
            }
        }
    }
}
