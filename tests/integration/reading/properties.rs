//! What holds for texts nobody has thought of: the reading survives them, its evidence lies in
//! them, and it says the same however the same text is set.

mod invariants;
mod pace;
mod texts;

use keydesk::reading::commands::find_commands;
use keydesk::reading::form::{Form, split};
use keydesk::reading::secrets::{find_secrets, is_blanked};
use keydesk::reading::{FormKind, read_request};
use proptest::prelude::*;

use super::said;
use super::score::rows::{Kind, corpus};
use texts::{answer, any_text, any_title, any_yaml, request_like};

/// So many times the usual number of cases; `PROPTEST_CASES` sets that number for a longer run.
fn times(times: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.saturating_mul(times), failure_persistence: None, ..usual }
}

/// The same text, set in other ways.
fn settings_of(body: &str) -> [(&'static str, String); 4] {
    let body = with_plain_ends(body);
    [
        ("CRLF", body.replace('\n', "\r\n")),
        ("blanks at line ends", body.replace('\n', "  \n")),
        ("blank lines at the end", format!("{body}\n \n\t\n\n")),
        ("blank lines at the start", format!("\n \n\n{body}")),
    ]
}

fn with_plain_ends(body: &str) -> String {
    body.replace("\r\n", "\n").replace('\r', "\n")
}

/// A request as GitHub renders the form.
struct Filled<'a> {
    username: &'a str,
    reason: &'a str,
    ticks: [bool; 3],
}

/// How boxes and blank lines are written.
#[derive(Clone, Copy)]
struct Hand {
    box_begins: &'static str,
    cross: &'static str,
    gap: &'static str,
}

const GITHUB: Hand = Hand { box_begins: "- ", cross: "x", gap: "\n\n" };

const HANDS: [Hand; 5] = [
    Hand { cross: "X", ..GITHUB },
    Hand { box_begins: "* ", ..GITHUB },
    Hand { box_begins: "+ ", ..GITHUB },
    Hand { gap: "\n", ..GITHUB },
    Hand { gap: "\n\n\n", ..GITHUB },
];

impl Filled<'_> {
    fn rendered(&self, hand: Hand) -> String {
        let Hand { box_begins, cross, gap } = hand;
        let mut body = String::new();
        for (heading, answer) in
            [("PyPI Username", self.username), ("Reason for request", self.reason)]
        {
            let answer = if answer.trim().is_empty() { "_No response_" } else { answer.trim() };
            body += &format!("### {heading}{gap}{answer}{gap}");
        }
        for ((heading, sentence), is_ticked) in BOXES.into_iter().zip(self.ticks) {
            let mark = if is_ticked { cross } else { " " };
            body += &format!("### {heading}{gap}{box_begins}[{mark}] {sentence}{gap}");
        }
        body
    }
}

const BOXES: [(&str, &str); 3] = [
    (
        "Recovery Codes",
        "I never generated or have lost access to the recovery codes for my account",
    ),
    ("Code of Conduct", "I agree to follow the PSF Code of Conduct"),
    (
        "Acknowledgement",
        "I understand that it may take a significant amount of time to process my account recovery request.",
    ),
];

/// What people filed, filled in anew: the same answers and boxes as GitHub renders them today.
#[test]
fn what_people_filed_says_the_same_when_rendered_anew() {
    let form = Form::built_in();
    let mut rendered_count = 0;
    for row in corpus().iter().filter(|row| row.kind == Kind::Request) {
        let (title, body) = (row.title.as_str(), with_plain_ends(&row.body));
        let sheet = split(&form, &body);
        let before = read_request(&form, title, &body);
        let (Some(username), FormKind::Form2024) = (&sheet.username, before.form) else { continue };
        let boxes =
            [sheet.boxes.recovery_codes, sheet.boxes.code_of_conduct, sheet.boxes.acknowledgement];
        if boxes.iter().any(Option::is_none) {
            continue;
        }
        let filled = Filled {
            username: &username.blocks.join("\n"),
            reason: &sheet.reason.blocks.join("\n"),
            ticks: boxes.map(|tick| tick.is_some_and(|tick| tick.is_ticked)),
        };
        let after = invariants::request(&form, title, &filled.rendered(GITHUB));
        assert_eq!(said(&after), said(&before), "{body}");
        rendered_count += 1;
    }
    assert!(rendered_count > 100, "only {rendered_count} rows have the form");
}

proptest! {
    #![proptest_config(times(4))]

    #[test]
    fn any_request_is_read(title in any_title(), body in any_text()) {
        let form = Form::built_in();
        invariants::request(&form, &title, &body);
        invariants::taken_apart(&form, &body);
        for text in [title, body] {
            invariants::blanked(&text);
        }
    }

    #[test]
    fn any_comment_is_read(body in any_text()) {
        for role in invariants::ROLES {
            invariants::comment(role, &body);
        }
    }

    #[test]
    fn any_issue_form_is_read(yaml in any_yaml(), body in any_text()) {
        invariants::issue_form(&yaml, &body);
    }
}

proptest! {
    #![proptest_config(times(2))]

    #[test]
    fn a_request_says_the_same_however_it_is_set((title, body) in request_like()) {
        let form = Form::built_in();
        let plain = said(&read_request(&form, &title, &with_plain_ends(&body)));
        for (setting, set) in settings_of(&body) {
            let got = said(&invariants::request(&form, &title, &set));
            prop_assert_eq!(&got, &plain, "{} of {:?}", setting, body);
        }
    }

    #[test]
    fn a_reading_written_by_hand_is_what_serde_writes(
        (title, body) in request_like(),
        odd in any_text(),
    ) {
        let form = Form::built_in();
        for reading in [read_request(&form, &title, &body), read_request(&form, &odd, &title)] {
            let mut written = Vec::new();
            reading.write_json(&mut written);
            let expected = serde_json::to_string(&reading).expect("a reading is JSON");
            prop_assert_eq!(String::from_utf8_lossy(&written), expected);
        }
    }

    #[test]
    fn a_comment_says_the_same_however_it_is_set((_, body) in request_like()) {
        for role in invariants::ROLES {
            let plain = said(&invariants::comment(role, &with_plain_ends(&body)));
            for (setting, set) in settings_of(&body) {
                let got = said(&invariants::comment(role, &set));
                prop_assert_eq!(&got, &plain, "{} of {:?}", setting, body);
            }
        }
    }

    #[test]
    fn a_filled_form_says_the_same_in_every_hand(
        username in answer(), reason in answer(), ticks in any::<[bool; 3]>(),
    ) {
        let form = Form::built_in();
        let filled = Filled { username: &username, reason: &reason, ticks };
        let plain = invariants::request(&form, "", &filled.rendered(GITHUB));
        prop_assert_eq!(plain.form, FormKind::Form2024);
        for hand in HANDS {
            let body = filled.rendered(hand);
            prop_assert_eq!(&said(&invariants::request(&form, "", &body)), &said(&plain), "{:?}", body);
        }
    }

    #[test]
    fn commands_stay_under_other_line_ends(body in any_text()) {
        let plain = find_commands(&with_plain_ends(&body));
        for (setting, set) in settings_of(&body).into_iter().take(2) {
            prop_assert_eq!(&find_commands(&set), &plain, "{} of {:?}", setting, body);
        }
    }

    #[test]
    fn what_is_blanked_reads_as_no_secret((title, body) in request_like(), odd in any_text()) {
        let form = Form::built_in();
        for body in [body, odd] {
            let (title, body) = (invariants::blanked(&title), invariants::blanked(&body));
            let reading = read_request(&form, &title, &body);
            let left = reading.sensitive.iter().find(|kind| is_blanked(**kind));
            prop_assert!(left.is_none(), "{:?} is left in {:?}, {:?}", left, title, body);
            prop_assert!(find_secrets(&body).iter().all(|secret| !is_blanked(secret.kind)));
        }
    }
}
