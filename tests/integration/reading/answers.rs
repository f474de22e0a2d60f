//! Answers in a word to the questions of the card, and lures, in the languages people write.

use keydesk::reading::{Answers, AuthorRole, Known, RecoveryCodes, Site, read_comment};

fn answers(text: &str) -> Answers {
    read_comment(AuthorRole::Requester, text).answers
}

#[test]
fn answers_in_a_word_are_heard_in_many_languages() {
    let rows = [
        ("codes: yes", Some(RecoveryCodes::Has), None, None),
        ("Codes - no, mailbox: yes", Some(RecoveryCodes::Lost), Some(Known::Yes), None),
        (
            "no codes, mailbox yes, not logged in anywhere",
            Some(RecoveryCodes::Lost),
            Some(Known::Yes),
            Some(Known::No),
        ),
        (
            "I still have my recovery codes\nno access to the mailbox",
            Some(RecoveryCodes::Has),
            Some(Known::No),
            None,
        ),
        ("session: yes", None, None, Some(Known::Yes)),
        ("коды: нет, почта: да", Some(RecoveryCodes::Lost), Some(Known::Yes), None),
        ("恢复代码：没有，邮箱：有", Some(RecoveryCodes::Lost), Some(Known::Yes), None),
        ("códigos: sí, correo: no", Some(RecoveryCodes::Has), Some(Known::No), None),
        ("códigos: não; e-mail: sim", Some(RecoveryCodes::Lost), Some(Known::Yes), None),
        ("codes : oui, boîte mail : non", Some(RecoveryCodes::Has), Some(Known::No), None),
        (
            "Codes: nein, Postfach: ja, Sitzung: nein",
            Some(RecoveryCodes::Lost),
            Some(Known::Yes),
            Some(Known::No),
        ),
        ("リカバリーコード：なし、メール：あり", Some(RecoveryCodes::Lost), Some(Known::Yes), None),
        ("복구 코드: 없음, 메일: 있음", Some(RecoveryCodes::Lost), Some(Known::Yes), None),
        ("codici: no, posta: sì", Some(RecoveryCodes::Lost), Some(Known::Yes), None),
        ("kurtarma kodları: yok, e-posta: var", Some(RecoveryCodes::Lost), Some(Known::Yes), None),
        ("kode: tidak ada, email: ya", Some(RecoveryCodes::Lost), Some(Known::Yes), None),
        ("> codes: yes", None, None, None),
        ("Do you need my codes?", None, None, None),
        ("Thanks, I will look for the codes.", None, None, None),
    ];
    for (text, codes, mailbox, session) in rows {
        let heard = answers(text);
        assert_eq!(heard.recovery_codes, codes, "{text}");
        assert_eq!(heard.email_access, mailbox, "{text}");
        assert_eq!(heard.session, session, "{text}");
    }
}

#[test]
fn the_site_is_a_word_of_its_own() {
    for (text, site) in [
        ("site: testpypi", Some(Site::Testpypi)),
        ("test.pypi.org", Some(Site::Testpypi)),
        ("no codes, pypi.org", Some(Site::Pypi)),
        ("I tried https://pypi.org/help/ already", None),
    ] {
        assert_eq!(answers(text).site, site, "{text}");
    }
}

/// Every bystander's word about the account is theirs alone.
#[test]
fn nobody_answers_for_the_requester() {
    for role in [AuthorRole::Bystander, AuthorRole::Maintainer] {
        let said = read_comment(role, "codes: yes, mailbox: no, my user name is mallory");
        assert_eq!((said.answers, said.told), (Answers::default(), Answers::default()));
    }
}

#[test]
fn a_comment_may_tell_what_the_request_lacked() {
    let told = read_comment(
        AuthorRole::Requester,
        "Sorry, my user name is ada-lovelock. I lost my phone with the authenticator app.",
    )
    .told;
    assert_eq!(told.username.as_deref(), Some("ada-lovelock"));
    assert_eq!(told.reasons, [keydesk::reading::Reason::Lost2fa]);
}

#[test]
fn lures_are_told_from_advice() {
    let lures = [
        "Contact Cyber Wizard on WhatsApp +1 555 010 0222, he recovered my account in an hour",
        "Message fast.recovery on Instagram, he unlocked my account.",
        "You can hire hackers at https://recover-accounts.example, worked for me",
        "I can help you, DM me on Discord",
        "Write to my friend on Telegram, he recovers any account.",
        "联系我，微信 abc123，帮你找回账号",
    ];
    let advice = [
        "Have you looked into your password manager? Mine had the codes.",
        "See https://pypi.org/help/#recoverycodes, it helped me recover.",
        "Same problem here, any news?",
        "I wrote to support@pypi.org and they answered after a week.",
        "My repository is at https://github.com/ada/left-pad, contact me there.",
        "You can reach the maintainers of the project on Discord.",
    ];
    let is_lure = |text: &str| read_comment(AuthorRole::Bystander, text).is_lure;
    for text in lures {
        assert!(is_lure(text), "{text}");
    }
    for text in advice {
        assert!(!is_lure(text), "{text}");
    }
}

/// What the card proposes to write is understood, in every language it speaks.
#[test]
fn the_example_of_the_card_names_the_account() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/comments");
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).expect("the texts").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with("missing.") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).expect("a text");
        let example = text.split('*').find(|part| part.contains('…') && part.len() < 80);
        let example = example.expect("an example").replace('…', "ada-lovelock");
        let told = read_comment(AuthorRole::Requester, &example).told;
        assert_eq!(told.username.as_deref(), Some("ada-lovelock"), "{name}: {example}");
        tried += 1;
    }
    assert_eq!(tried, 9, "English and eight translations");
}
