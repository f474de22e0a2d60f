//! Secrets in the open: what is found and blanked, what is only warned of, what is left alone.

use std::time::{Duration, Instant};

use keydesk::reading::Sensitive::{
    self, ApiToken, EmailAddress, IdDocument, Password, Phone, RecoveryCode,
};
use keydesk::reading::secrets::{blank_secrets, find_secrets, is_blanked, kinds_of};
use proptest::prelude::*;

/// Holds texts against what they must read once blanked.
fn check_blanked(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for &(before, after) in cases {
        let got = blank_secrets(before);
        if got != after {
            wrong.push(format!("{before:?} became {got:?} and not {after:?}"));
        }
        assert_eq!(blank_secrets(after), after, "blanking twice changes nothing");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Holds texts against the parts of one kind in them, none of which is blanked.
fn check_found(kind: Sensitive, cases: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for &(text, wanted) in cases {
        let spans = find_secrets(text);
        let got: Vec<&str> = spans.iter().map(|span| &text[span.start..span.end]).collect();
        if got != wanted || spans.iter().any(|span| span.kind != kind) {
            wrong.push(format!("{text:?} has {got:?} {:?}", kinds_of(&spans)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Holds texts that have nothing to hide.
fn check_harmless(texts: &[&str]) {
    let wrong: Vec<String> = texts
        .iter()
        .filter(|text| !find_secrets(text).is_empty())
        .map(|text| {
            let spans = find_secrets(text);
            format!("{text:?} has {:?} {:?}", &text[spans[0].start..spans[0].end], kinds_of(&spans))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn recovery_codes_are_blanked_however_they_are_listed() {
    check_blanked(&[
        ("my code 3945025a1d744b7a!", "my code [removed]!"),
        ("codes:\n- 3945025a1d744b7a\n- d2f72d3758d66ff9\n", "codes:\n- [removed]\n- [removed]\n"),
        ("1. 3945025a1d744b7a\n2) d2f72d3758d66ff9", "1. [removed]\n2) [removed]"),
        ("3945025a1d744b7a, d2f72d3758d66ff9;dc41c8d84aa927dc", "[removed], [removed];[removed]"),
        ("```\n3945025a1d744b7a\nd2f72d3758d66ff9\n```", "```\n[removed]\n[removed]\n```"),
        ("✅ 3945025a1d744b7a\n❌d2f72d3758d66ff9", "✅ [removed]\n❌[removed]"),
        ("- [x] 3945025a1d744b7a\n> `d2f72d3758d66ff9`", "- [x] [removed]\n> `[removed]`"),
        ("-3945025a1d744b7a\n+d2f72d3758d66ff9", "-[removed]\n+[removed]"),
        ("3945025A1D744B7A", "[removed]"),
        ("我的恢复代码是3945025a1d744b7a，不行", "我的恢复代码是[removed]，不行"),
        ("recovery_code=3945025a1d744b7a", "recovery_code=[removed]"),
        ("recovery code 3945 025a 1d74 4b7a fails", "recovery code [removed] fails"),
        ("backup codes: abcd-025a-1d74-4b7a", "backup codes: [removed]"),
        (
            "recovery codes 3945 025a 1d74 4b7a d2f7 2d37 58d6 6ff9",
            "recovery codes [removed] [removed]",
        ),
        ("recovery code: 3945025a 1d744b7a", "recovery code: [removed]"),
        ("GitHub's recovery codes: a1b2c-3d4e5", "GitHub's recovery codes: [removed]"),
        ("I committed my recovery code 3945025a1d744b7a", "I committed my recovery code [removed]"),
        ("I shall share it: 3945025a1d744b7a", "I shall share it: [removed]"),
        // Digits alone are a code only where codes stand around them or the line says so.
        ("d2f72d3758d66ff9\n4539148803436467", "[removed]\n[removed]"),
        ("my recovery code is 4539148803436467", "my recovery code is [removed]"),
        ("Lost2FA. 3945025a1d744b7a.", "Lost2FA. [removed]."),
    ]);
}

#[test]
fn tokens_and_factor_links_are_blanked() {
    let token = format!("pypi-AgEIcHlwaS5vcmc{}", "Ab1_-".repeat(20));
    let github = format!("ghp_{}", "aB3dE5gH7jK9".repeat(3));
    let fine_grained = format!("github_pat_11ABCDEFG0{}_{}", "aB3dE5gH7jK9", "xY1z".repeat(14));
    check_blanked(&[
        (&token, "[removed]"),
        (&format!("password = {token}\n"), "password = [removed]\n"),
        (&format!("`{github}`, "), "`[removed]`, "),
        (&format!("({fine_grained})"), "([removed])"),
        ("otpauth://totp/PyPI:alpha?secret=JBSWY3DPEHPK3PXP&issuer=PyPI", "[removed]"),
        ("<otpauth-migration://offline?data=CjEKCkhlbGxvId6tvu8S> x", "<[removed]> x"),
        ("TOTP secret: JBSWY3DPEHPK3PXP", "TOTP secret: [removed]"),
        ("setup key `jbsw y3dp ehpk 3pxp`", "setup key `[removed]`"),
    ]);
}

#[test]
fn passwords_are_blanked_after_what_names_them() {
    check_blanked(&[
        ("password: Harbor-Lantern-88, thanks", "password: [removed], thanks"),
        ("**Password:** Harbor-88x", "**Password:** [removed]"),
        ("Password: **Harbor-88x**.", "Password: **[removed]**."),
        ("password: \" Harbor-88x \"", "password: \" [removed] \""),
        ("my password was “Harbor-88x” then", "my password was “[removed]” then"),
        ("password is: `Harbor-88x`", "password is: `[removed]`"),
        ("{\"password\": \"Harbor-88x\"}", "{\"password\": \"[removed]\"}"),
        (
            "password for my PyPI account was Harbor88!",
            "password for my PyPI account was [removed]",
        ),
        ("password (the old one): Harbor88", "password (the old one): [removed]"),
        ("Password:\nHarbor88\n", "Password:\n[removed]\n"),
        ("twine upload -u alpha --password Harbor88", "twine upload -u alpha --password [removed]"),
        (
            "https://alpha:Harbor88@upload.pypi.org/legacy/",
            "https://alpha:[removed]@upload.pypi.org/legacy/",
        ),
        ("pw: harbor88 or Harbor89 or harbor-90", "pw: [removed] or [removed] or [removed]"),
        (
            "I lost my pasword. I beleive it was Harbor-88x or harbor88",
            "I lost my pasword. I beleive it was [removed] or [removed]",
        ),
        (
            "forgot the password, maybe it was Harbor88?",
            "forgot the password, maybe it was [removed]",
        ),
        ("Passwort lautet Hafen2020", "Passwort lautet [removed]"),
        ("mot de passe : Havre2020", "mot de passe : [removed]"),
        ("mi contraseña es Puerto2020", "mi contraseña es [removed]"),
        ("minha senha era Porto2020", "minha senha era [removed]"),
        ("Мой ПАРОЛЬ: Gavan2020", "Мой ПАРОЛЬ: [removed]"),
        ("паролем была Gavan2020", "паролем была [removed]"),
        ("密码是Harbor88，谢谢", "密码是[removed]，谢谢"),
        ("パスワードはHarbor88です", "パスワードは[removed]です"),
        ("비밀번호: Harbor88", "비밀번호: [removed]"),
        ("şifre: Liman2020", "şifre: [removed]"),
        ("kata sandi: Pelabuhan20", "kata sandi: [removed]"),
        ("password is 83920174", "password is [removed]"),
    ]);
}

#[test]
fn what_only_looks_like_a_secret_is_left_alone() {
    check_harmless(&[
        "commit 3945025a1d744b7a",
        "sha256: 3945025a1d744b7a",
        "recovery codes are lost, GPG key 3945025a1d744b7a",
        "Ray ID: 8f2b4c6d9e1a3b5c",
        "https://github.com/a/b/commit/3945025a1d744b7ad2f72d3758d66ff93945025a",
        "https://example.org/x?v=3945025a1d744b7a",
        "https://example.org/x,3945025a1d744b7a",
        "main.3945025a1d744b7a.js",
        "sha512-3945025a1d744b7a",
        "0x3945025a1d744b7a",
        "0123456789abcdef",
        "fedcba9876543210",
        "recovery code 1234 5678 9abc def0",
        "recovery codes like 1234567890123456",
        "order 4539148803436467",
        "123e4567-e89b-12d3-a456-426614174000",
        "python@sha256:3945025a1d744b7ad2f72d3758d66ff93945025a1d744b7ad2f72d3758d66ff9",
        "pypi-AgEIcHlw*************************************",
        "pypi-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "PyPI-Recovery-Codes-alphabet-2024-02-10T12-30-45-123456.txt",
        "pypi-recovery-codes-alphabet-2024-02-10t12-30-45-123456.txt",
        "password = pypi-AgEI...",
        "my password is unknown to me",
        "the password was lost",
        "Password: UNKNOWN",
        "my password is GitHub's business",
        "password reset for user alpha2 fails",
        "the password is https://example.org/A1",
        "password: ${{ secrets.PYPI_TOKEN_2 }}",
        "password = os.environ(\"PYPI_PASSWORD_2\")",
        "password: Harbor****",
        "PWD: '/Users/Alpha2'",
        "I know my password. 2FA is lost, it is a YubiKey5C one",
        "it was Python2 then",
        "otpauth://",
    ]);
}

#[test]
fn addresses_of_people_are_found() {
    check_found(
        EmailAddress,
        &[
            ("mail alpha@example.net.", &["alpha@example.net"]),
            ("**alpha@example.net**", &["alpha@example.net"]),
            ("[alpha@example.net](mailto:alpha@example.net)", &["alpha@example.net"; 2]),
            ("邮箱318402577@163.com，谢谢", &["318402577@163.com"]),
            ("a.b+pypi@mail.example.co.uk, c@d.io", &["a.b+pypi@mail.example.co.uk", "c@d.io"]),
            ("<alpha@example.net>", &["alpha@example.net"]),
        ],
    );
    check_harmless(&[
        "noreply@pypi.org, support@pypi.org, ***@***.***, someone@example.net",
        "list@mail.python.org",
        "al***@example.net and a@***.com",
        "git@github.com:alpha/beta.git and git@example.org",
        "alpha@example.org:beta/gamma.git",
        "https://medium.com/@alpha and https://alpha@example.org/x",
        "git+https://alpha@example.org/x",
        "@alpha@fosstodon.org",
        "@app.route and\n@foo.bar",
        "left-pad@1.2.3 and left-pad@1.2.3-rc.one",
        "root@localhost, root@192.168.0.1, actions/checkout@v4.1.2",
        "@maintainer thanks",
        "a@b..com",
    ]);
}

#[test]
fn telephone_numbers_are_found() {
    check_found(
        Phone,
        &[
            ("Regards\n+33(0)600000000", &["+33(0)600000000"]),
            ("555-013-7788", &["555-013-7788"]),
            ("Phone: 01632 960133", &["01632 960133"]),
            ("call me: (555) 013-7788 today", &["(555) 013-7788"]),
            ("or 555-013-7788 at night", &["555-013-7788"]),
            ("+49 (0)30 901820.", &["+49 (0)30 901820"]),
            ("Handynummer: 0171/1234567", &["0171/1234567"]),
            ("电话：13800138000", &["13800138000"]),
            ("手机号码是13800138000", &["13800138000"]),
            ("携帯 090-1234-5678", &["090-1234-5678"]),
            ("휴대폰 010-1234-5678", &["010-1234-5678"]),
            ("тел. 8 (912) 345-67-89", &["8 (912) 345-67-89"]),
            ("Móvil: 612 34 56 78", &["612 34 56 78"]),
            ("celular (11) 91234-5678", &["(11) 91234-5678"]),
            ("Tél : 06 12 34 56 78", &["06 12 34 56 78"]),
            ("cellulare 347 1234567", &["347 1234567"]),
            ("cep 0532 123 45 67", &["0532 123 45 67"]),
            ("no HP 0812-3456-7890", &["0812-3456-7890"]),
        ],
    );
    check_harmless(&[
        "issue #10412345 and 1.2.3.4567890",
        "lost my phone 2023-10-11 and 12.05.2023",
        "phone 20231011",
        "my phone, 192.168.100.200",
        "2023-10-11 16:02:48.117402 +0200",
        "ISBN 978-3-16-148410-0",
        "1,234,567.89 USD, 12345678",
        "https://example.org/555-013-7788",
        "1700000000",
        "alpha555-013-7788",
        "I cancelled 1234567 of them",
        "https://github.com/a/portable-atomic/commit/84182354e4a1",
        "phone build 84182354e4a1",
    ]);
}

#[test]
fn identity_documents_are_found() {
    check_found(
        IdDocument,
        &[
            ("![passport.jpg](https://github.com/user-attachments/assets/1)", &["passport"]),
            ("[my-id-card](https://example.org/a)", &["id-card"]),
            ("[Ausweis](https://example.org/a)", &["Ausweis"]),
            ("![Паспорт](https://example.org/a)", &["Паспорт"]),
            ("![身份证](https://example.org/a)", &["身份证"]),
            ("![DNI](https://example.org/a) ![KTP](b)", &["DNI", "KTP"]),
            ("<img width=\"3\" alt=\"kimlik\" src=\"https://example.org/a\">", &["kimlik"]),
            ("[Image](https://example.org/my_driver_license.png)", &["driver_license"]),
            ("https://i.example.org/passport.jpg", &["passport"]),
            ("my passport: https://github.com/user-attachments/assets/1", &["passport"]),
            (
                "My passport:\n\n![Image](https://github.com/user-attachments/assets/1)",
                &["passport"],
            ),
            ("Passport No. K1234567", &["Passport"]),
            ("DNI 12345678Z", &["DNI"]),
            ("паспорт: 4509 123456", &["паспорт"]),
            ("身份证号：110101199003074514", &["身份证"]),
        ],
    );
    check_harmless(&[
        "I can show my passport or driver's license",
        "[passport](https://github.com/jaredhanson/passport)",
        "[LICENSE](https://example.org/LICENSE.txt)",
        "passport 2023-10-11",
        "![Image](https://github.com/user-attachments/assets/1)",
        "I have no passport.\n\n![Image](https://github.com/user-attachments/assets/1)",
        "[Image](https://example.org/a.png) my passport is not there",
    ]);
}

/// Pieces that secrets are made of, so that chance puts them together.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,12}",
        "\\PC{0,6}",
        "[0-9a-f]{16}",
        "[ \n.,:=\"'`*()<>\\[\\]]{1,3}",
        Just("password".to_owned()),
        Just("Пароль".to_owned()),
        Just("密码是".to_owned()),
        Just("it was ".to_owned()),
        Just("Harbor-88".to_owned()),
        Just(" or ".to_owned()),
        Just("recovery codes ".to_owned()),
        Just("+49 171 ".to_owned()),
        Just("passport".to_owned()),
        Just("](https://".to_owned()),
        Just("otpauth://a?b=".to_owned()),
        Just("alpha@example.net".to_owned()),
        Just("setup key ABCD EFGH 2345 ".to_owned()),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn spans_are_in_order_and_blanking_is_done_once(text in prop_oneof![pieces(), any::<String>()]) {
        let mut end = 0;
        for span in find_secrets(&text) {
            prop_assert!(end <= span.start && span.start < span.end && span.end <= text.len());
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
            end = span.end;
        }
        let blanked = blank_secrets(&text);
        prop_assert_eq!(&blank_secrets(&blanked), &blanked);
        prop_assert!(find_secrets(&blanked).iter().all(|span| !is_blanked(span.kind)));
    }
}

#[test]
fn the_kinds_are_named_once_each() {
    let text = format!(
        "3945025a1d744b7a d2f72d3758d66ff9 alpha@example.net pypi-AgEI{}, password: Harbor88",
        "Ab1_-".repeat(20)
    );
    let kinds = kinds_of(&find_secrets(&text));
    assert_eq!(kinds, [EmailAddress, RecoveryCode, ApiToken, Password]);
}

/// Pieces of hostile input, with dots between: each makes one kind look around itself all the time.
const HOSTILE: &str = concat!(
    "password:·password: a1b2c3 ·pass pass ·pas it was X1·password for to to to to ·密码是·",
    "it was A1aaaa or ·secret ABCD ·otpauth://·otpauth://a=b ·pypi-·ghp_·github_pat_·passw·",
    "passport·[passport](·<img passport·passport no 1234·DNI 1·身份证号1234567·",
    "1234-·a1 ·3945 025a 1d74 4b7a ·sha 3945025a1d744b7a ·1 1 ·phone 1234567 ·+1+1+·((((·",
    "a@b.cc,·a@·@·://·https://a:B1ccccc@d.ee ·ПАРОЛЬ·İ·é·pass: A1bbbbb or B2cccccc or \n",
);

/// Many times what 64 KiB really take, for slow machines; quadratic work takes seconds.
#[test]
fn the_time_grows_no_faster_than_the_text() {
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 500 } else { 10 });
    let _ = find_secrets("the first look makes the tables ready");
    let mut slow = Vec::new();
    for piece in HOSTILE.split('·') {
        let text = piece.repeat(65_536 / piece.len());
        let start = Instant::now();
        let _ = blank_secrets(&text);
        let took = start.elapsed();
        slow.extend((took > limit).then(|| format!("{piece:?} took {took:?}")));
    }
    assert!(slow.is_empty(), "{slow:#?}");
}
