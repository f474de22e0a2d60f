//! A desk that has been at work for some weeks, so that its pages have something to show.

use jiff::SignedDuration;
use keydesk::sandbox::seed::tracker;
use keydesk::sandbox::state::{NewIssue, Role};

use crate::pages::desk::{Desk, MIRA, request};

/// Who asks, for which account, and why, days after the one before.
const REQUESTS: &[(&str, &str, &str, i64)] = &[
    ("tomek-l", "tomekl", "My phone fell into a lake and the authenticator app went with it.", 0),
    (
        "ines-roca",
        "ines-roca",
        "I left my company and no longer have the mailbox of my account.",
        2,
    ),
    ("ada-locked-out", "ada", "I do have my recovery codes, but all of them are refused.", 3),
    ("jun-w", "junw", "I forgot my password and my old mailbox is gone.", 1),
    ("olek", "olek-dev", "New laptop, and the security key is lost.", 4),
    ("marie-p", "mariep", "Bonjour, j'ai perdu mon téléphone et je ne peux plus me connecter.", 3),
    ("kofi-a", "kofi", "The address of my account was never verified, and now I cannot log in.", 6),
    ("sven-h", "svenh", "Stolen phone. I still know my password.", 2),
    ("ada-locked-out", "ada", "Still locked out: the codes are refused.", 1),
    ("lucia-m", "luciam", "I think somebody took over my account: the address was changed.", 4),
    ("dmitri-v", "", "I lost my authenticator and I forgot which user name I had.", 3),
    ("priya-s", "priya-s", "Broken phone, and I never kept the recovery codes.", 1),
    ("noor", "noor-k", "I can read my mail, but my authenticator app was wiped.", 1),
];

/// What is said then, by whom, under which request; the days between are those above.
const SAID: &[(usize, u64, &str, &str)] = &[
    (1, 1, MIRA, "/initiated"),
    (3, 1, "tomek-l", "Done, the branch is at https://github.com/tomek-l/kite/tree/0f9e8d7c"),
    (4, 1, MIRA, "/recovered"),
    (4, 3, "ada-locked-out", "I found my codes, thank you!"),
    (5, 2, MIRA, "/ask-address"),
    (6, 4, MIRA, "/need the name of one project of yours"),
    (6, 5, MIRA, "/initiated"),
    (7, 2, "ines-roca", "I have sent the mail from my new address."),
    (8, 5, "olek", "/sent"),
    (9, 5, MIRA, "/recovered"),
    (10, 8, MIRA, "/snooze 5 days"),
    (11, 7, MIRA, "/confirm-address"),
    (11, 12, "priya-s", "codes: no, mailbox: yes"),
];

/// Six weeks of a tracker.
pub(super) async fn desk() -> Desk {
    let desk = Desk::open().await;
    for (index, (login, username, reason, days)) in REQUESTS.iter().enumerate() {
        desk.wait(SignedDuration::from_hours(days * 24));
        desk.give_role(login, Role::Read);
        let new = NewIssue {
            title: "Account recovery request".to_owned(),
            body: Some(request(username, reason)),
            labels: vec!["account-recovery".to_owned()],
            ..NewIssue::default()
        };
        desk.act(login, |acting| acting.create_issue(&tracker(), new)).await;
        for (_, number, login, text) in SAID.iter().filter(|(at, ..)| *at == index) {
            desk.wait(SignedDuration::from_hours(3));
            desk.says(login, *number, text).await;
        }
    }
    desk.wait(SignedDuration::from_hours(2 * 24));
    desk.settled().await;
    desk
}
