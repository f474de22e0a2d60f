//! Sentences people use, invented for this table, and what a careful reader takes from each.

use keydesk::reading::form::Form;
use keydesk::reading::{AuthorRole, read_comment, read_request};
use serde_json::to_value;

/// A reason's text; reasons, mailbox, password, codes.
const REASONS: &[(&str, &str, &str, &str, &str)] = &[
    ("I lost my phone and with it my 2FA app.", "lost_2fa", "unknown", "unknown", "lost"),
    (
        "My phone was stolen, I can't log in because of the two factor code.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "I reset my iPhone and all the authenticator entries are gone. I don't have the recovery codes.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "My security key broke yesterday and I never wrote down the backup codes.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    ("I no longer have access to the authenticator app.", "lost_2fa", "unknown", "unknown", "lost"),
    (
        "I have lost access to my Google Authenticator. I still have access to my email and know my password.",
        "lost_2fa",
        "yes",
        "yes",
        "lost",
    ),
    ("I forgot my password.", "forgot_password", "unknown", "no", "lost"),
    (
        "Forgot password and I do not receive the reset email.",
        "forgot_password",
        "unknown",
        "no",
        "lost",
    ),
    (
        "I can't remember my password, and the password reset mail never arrives.",
        "forgot_password",
        "unknown",
        "no",
        "lost",
    ),
    (
        "I don't have access to the email any more as I left that company.",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    (
        "My university deleted my mailbox after graduation, so I cannot receive the confirmation link.",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    (
        "The domain of my email address expired and somebody else bought it.",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    (
        "Lost access to email address and I forgot the password too.",
        "lost_email,forgot_password",
        "no",
        "no",
        "lost",
    ),
    ("I misspelled my email address when I signed up.", "lost_email", "no", "unknown", "lost"),
    (
        "My email is not verified and so I cannot reset my password.",
        "unverified_email,forgot_password",
        "unknown",
        "no",
        "lost",
    ),
    (
        "My email address was unverified by PyPI. I can read that inbox without trouble.",
        "unverified_email",
        "yes",
        "unknown",
        "lost",
    ),
    (
        "I have my recovery codes but all of them are rejected as invalid.",
        "recovery_codes_rejected",
        "unknown",
        "unknown",
        "rejected",
    ),
    (
        "Lost my phone. Tried the recovery codes, but they don't work.",
        "lost_2fa,recovery_codes_rejected",
        "unknown",
        "unknown",
        "rejected",
    ),
    ("I forgot my username.", "forgot_username", "unknown", "unknown", "lost"),
    (
        "My account was hacked, someone changed my email.",
        "compromised",
        "unknown",
        "unknown",
        "lost",
    ),
    ("Please delete my account, I don't need it.", "other", "unknown", "unknown", "lost"),
    (
        "The previous maintainer died and we would like to transfer the project to us.",
        "other",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "Lost 2FA device. My colleague who set up the account has left the company.",
        "lost_2fa,other",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "This is not about 2FA, that still works. I lost access to my email.",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    (
        "I have all my recovery codes and my authenticator, but the login confirmation email never arrives.",
        "other",
        "unknown",
        "unknown",
        "has",
    ),
    (
        "I do have the recovery codes, I only ticked the box because the form requires it. My mailbox is gone.",
        "lost_email",
        "no",
        "unknown",
        "has",
    ),
    (
        "Someone, perhaps you, has requested a password reset. That was me, but I lost my 2FA device.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "I know my password and still have access to my e-mail, but 2FA asks for a code that I can't generate anymore.",
        "lost_2fa",
        "yes",
        "yes",
        "lost",
    ),
    ("My Yubikey isn't recognized by the site.", "lost_2fa", "unknown", "unknown", "lost"),
    ("The TOTP code is always wrong.", "lost_2fa", "unknown", "unknown", "lost"),
    (
        "I formatted my laptop where the authenticator was installed",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "Switched to a new phone and forgot to transfer the authenticator.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "I am stuck at the 2FA page. I never enabled 2FA on this account.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "Cannot access my email anymore, 2FA is fine and I have recovery codes.",
        "lost_email",
        "no",
        "unknown",
        "has",
    ),
    (
        "My company mail was shut down. Please change the email to x@example.net",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    ("I lost both my email and my 2FA device.", "lost_2fa,lost_email", "no", "unknown", "lost"),
    ("lost 2fa", "lost_2fa", "unknown", "unknown", "lost"),
    ("2FA lost", "lost_2fa", "unknown", "unknown", "lost"),
    ("no access to mail", "lost_email", "no", "unknown", "lost"),
    (
        "I could reset my password, but now I am asked for an authentication code which I don't have.",
        "lost_2fa",
        "yes",
        "yes",
        "lost",
    ),
    ("手机丢了，无法使用验证器，恢复代码也找不到了。", "lost_2fa", "unknown", "unknown", "lost"),
    ("邮箱已经注销，无法接收邮件", "lost_email", "no", "unknown", "lost"),
    ("我忘记了密码", "forgot_password", "unknown", "no", "lost"),
    (
        "Я потерял телефон с приложением аутентификации и не сохранил резервные коды.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    ("Забыл пароль", "forgot_password", "unknown", "no", "lost"),
    ("Нет доступа к почте", "lost_email", "no", "unknown", "lost"),
    (
        "He perdido el acceso a mi aplicación de autenticación y no tengo los códigos de recuperación.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    ("Ya no tengo acceso a mi correo electrónico.", "lost_email", "no", "unknown", "lost"),
    ("Olvidé mi contraseña", "forgot_password", "unknown", "no", "lost"),
    (
        "Perdi o acesso ao autenticador e não tenho os códigos de recuperação.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    ("Esqueci minha senha", "forgot_password", "unknown", "no", "lost"),
    (
        "J'ai perdu mon téléphone avec l'application d'authentification.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    ("Je n'ai plus accès à mon adresse mail.", "lost_email", "no", "unknown", "lost"),
    (
        "Ich habe mein Handy verloren und damit die Authenticator-App.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "Ich habe keinen Zugriff mehr auf meine E-Mail-Adresse.",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    ("Ich habe mein Passwort vergessen.", "forgot_password", "unknown", "no", "lost"),
    ("スマホを紛失し、認証アプリが使えません。", "lost_2fa", "unknown", "unknown", "lost"),
    ("パスワードを忘れました", "forgot_password", "unknown", "no", "lost"),
    ("휴대폰을 잃어버려서 인증 앱을 사용할 수 없습니다.", "lost_2fa", "unknown", "unknown", "lost"),
    ("비밀번호를 잊어버렸습니다", "forgot_password", "unknown", "no", "lost"),
    (
        "Ho perso il telefono e non ho i codici di recupero.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    ("Non ho più accesso alla mia email", "lost_email", "no", "unknown", "lost"),
    ("Şifremi unuttum", "forgot_password", "unknown", "no", "lost"),
    ("E-posta adresime erişemiyorum", "lost_email", "no", "unknown", "lost"),
    ("Saya kehilangan akses ke aplikasi autentikasi", "lost_2fa", "unknown", "unknown", "lost"),
    ("Saya lupa kata sandi", "forgot_password", "unknown", "no", "lost"),
    (
        "My laptop crashed and the recovery codes were on it; the authenticator is not available either.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "PyPI says my password has been compromised in a breach and must be reset, but my email is unverified.",
        "unverified_email,forgot_password",
        "unknown",
        "no",
        "lost",
    ),
    (
        "I'm unable to receive the password reset emails.",
        "forgot_password",
        "unknown",
        "no",
        "lost",
    ),
    (
        "The account belongs to my former employee; I control the mailbox now but not the 2FA.",
        "lost_2fa,other",
        "yes",
        "unknown",
        "lost",
    ),
    ("I get \"Invalid authentication code\" every time.", "lost_2fa", "unknown", "unknown", "lost"),
    (
        "I used all of my recovery codes and have no authenticator app.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "my old employer's address is no longer reachable and I cannot confirm the login from the new device",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    ("My account has been suspended and I don't know why.", "other", "unknown", "unknown", "lost"),
    ("I want to rename my account to alpha.", "other", "unknown", "unknown", "lost"),
    (
        "The mailbox behind my account went to my former employer.",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    ("My authenticator has no entry for PyPI.", "lost_2fa", "unknown", "unknown", "lost"),
    (
        "None of my apps shows a code for PyPI, and the codes printed back then are nowhere to be found.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    ("The password I once chose escapes me.", "forgot_password", "unknown", "no", "lost"),
    ("My second factor drowned with the phone.", "lost_2fa", "unknown", "unknown", "lost"),
    (
        "The address belongs to a university I left and nobody reads it now.",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    ("Mail to the registered address bounces.", "lost_email", "no", "unknown", "lost"),
    ("The inbox can't be opened by me any longer.", "lost_email", "no", "unknown", "lost"),
    ("There is no way for me to reach that mailbox.", "lost_email", "no", "unknown", "lost"),
    (
        "The sheet with the recovery codes was thrown away when we moved.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "All my 2FA entries vanished when Authy reset itself.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    ("I'm asked for a code from an app I no longer own.", "lost_2fa", "unknown", "unknown", "lost"),
    (
        "On the new phone the authenticator starts out empty.",
        "lost_2fa",
        "unknown",
        "unknown",
        "lost",
    ),
    (
        "The reset link goes to a mailbox that doesn't exist now.",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    ("My password is no longer accepted.", "forgot_password", "unknown", "no", "lost"),
    (
        "The password manager has no entry for PyPI, so the password is unknown to me.",
        "forgot_password",
        "unknown",
        "no",
        "lost",
    ),
    (
        "Each of the recovery codes is called invalid.",
        "recovery_codes_rejected",
        "unknown",
        "unknown",
        "rejected",
    ),
    (
        "My email counts as unverified, so PyPI won't mail me a reset link.",
        "unverified_email,forgot_password",
        "unknown",
        "no",
        "lost",
    ),
    (
        "Some stranger logged in and changed the address.",
        "compromised",
        "unknown",
        "unknown",
        "lost",
    ),
    ("The login name has slipped my mind.", "forgot_username", "unknown", "unknown", "lost"),
    (
        "Email works, password works, but the app with the codes sits on a dead phone.",
        "lost_2fa",
        "yes",
        "yes",
        "lost",
    ),
    ("I have the password, just not the phone any more.", "lost_2fa", "unknown", "yes", "lost"),
    (
        "Nothing reaches that mailbox since the provider closed.",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    ("The 2FA prompt refuses whatever my app shows.", "lost_2fa", "unknown", "unknown", "lost"),
    (
        "My work account was closed when I quit, and the PyPI mails went there.",
        "lost_email",
        "no",
        "unknown",
        "lost",
    ),
    (
        "The password was found in a breach and I must choose a new one, yet no mail comes for it.",
        "forgot_password",
        "unknown",
        "no",
        "lost",
    ),
    (
        "I accidentally deleted the authenticator app from my phone. The password is known.",
        "lost_2fa",
        "unknown",
        "yes",
        "lost",
    ),
];

/// A comment: role, text, intent.
const COMMENTS: &[(AuthorRole, &str, &str)] = &[
    (AuthorRole::Requester, "Found my recovery codes, all good now.", "self_resolved"),
    (AuthorRole::Requester, "I was able to log in again, thanks!", "self_resolved"),
    (AuthorRole::Requester, "Email sent from my new address.", "emailed_support"),
    (AuthorRole::Requester, "I have just sent the email to support@pypi.org", "emailed_support"),
    (AuthorRole::Requester, "Done, I wrote to support.", "emailed_support"),
    (AuthorRole::Requester, "I pushed the branch.", "completed_verification"),
    (
        AuthorRole::Requester,
        "Branch pushed and replied to the email, thank you!",
        "completed_verification",
    ),
    (AuthorRole::Requester, "I replied to the mail.", "completed_verification"),
    (AuthorRole::Requester, "Any update on this?", "asks_status"),
    (AuthorRole::Requester, "It has been three weeks, is there any progress?", "asks_status"),
    (AuthorRole::Requester, "Hello, could someone take a look at this?", "asks_status"),
    (AuthorRole::Requester, "Thank you so much!", "thanks"),
    (AuthorRole::Requester, "Thanks for your help, much appreciated.", "thanks"),
    (AuthorRole::Requester, "Please close this issue.", "asks_to_close"),
    (AuthorRole::Requester, "You can close this, I don't need it any more.", "asks_to_close"),
    (AuthorRole::Requester, "My username is alpha and the project is beta.", "provides_info"),
    (AuthorRole::Requester, "I don't have access to that mailbox any more.", "provides_info"),
    (
        AuthorRole::Requester,
        "The repository was moved to GitLab, I can't push to the old one.",
        "provides_info",
    ),
    (
        AuthorRole::Maintainer,
        "Please send an email to support@pypi.org from the address you want to use.",
        "asks_to_email_support",
    ),
    (
        AuthorRole::Maintainer,
        "Could you email support@pypi.org with a link to this issue?",
        "asks_to_email_support",
    ),
    (
        AuthorRole::Maintainer,
        "Account recovery has been initiated, an email has been sent to the primary address of your account. Please follow the instructions.",
        "recovery_initiated",
    ),
    (AuthorRole::Maintainer, "We've initiated an account recovery.", "recovery_initiated"),
    (
        AuthorRole::Maintainer,
        "2FA has been reset and a password reset email was sent.",
        "recovery_complete",
    ),
    (AuthorRole::Maintainer, "Your account has been recovered.", "recovery_complete"),
    (AuthorRole::Maintainer, "Closing due to no response.", "closing_no_response"),
    (
        AuthorRole::Maintainer,
        "Closing for lack of response, feel free to open a new one.",
        "closing_no_response",
    ),
    (AuthorRole::Maintainer, "Duplicate of #123", "closing_duplicate"),
    (AuthorRole::Maintainer, "Closing as duplicate of #123.", "closing_duplicate"),
    (AuthorRole::Maintainer, "What is the name of your account?", "asks_for_info"),
    (AuthorRole::Maintainer, "Please provide the username.", "asks_for_info"),
    (AuthorRole::Maintainer, "Could you please write in English?", "asks_for_info"),
    (
        AuthorRole::Maintainer,
        "Following up on this: did you receive the email?",
        "follow_up_no_response",
    ),
    (AuthorRole::Maintainer, "Checking in, do you still need help?", "follow_up_no_response"),
    (
        AuthorRole::Maintainer,
        "User alpha has valid recovery codes generated as of 2024-01-01. Please use those to regain access.",
        "points_to_codes",
    ),
    (AuthorRole::Bystander, "Any news on this one?", "asks_status"),
    (AuthorRole::Bystander, "+1", "other"),
    (AuthorRole::Bystander, "I have the same problem.", "other"),
];

fn body(reason: &str) -> String {
    format!(
        "### PyPI Username\n\nalpha\n\n### Reason for request\n\n{reason}\n\n### Recovery Codes\n\n- [x] I never generated or have lost access to the recovery codes for my account\n\n### Code of Conduct\n\n- [x] I agree to follow the PSF Code of Conduct\n"
    )
}

#[test]
fn sentences_are_understood() {
    let form = Form::built_in();
    let mut wrong = Vec::new();
    for &(text, reasons, mailbox, password, codes) in REASONS {
        let got = to_value(read_request(&form, "Account recovery request", &body(text)))
            .expect("a reading is JSON");
        let mut wanted: Vec<&str> = reasons.split(',').collect();
        let mut given: Vec<&str> = got["reasons"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|reason| reason.as_str())
            .collect();
        wanted.sort_unstable();
        given.sort_unstable();
        let fits = given == wanted
            && got["email_access"] == mailbox
            && got["password_known"] == password
            && got["recovery_codes"] == codes;
        if !fits {
            wrong.push(format!(
                "{text}\n   {given:?} {} {} {}\n   {wanted:?} {mailbox} {password} {codes}",
                got["email_access"], got["password_known"], got["recovery_codes"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), REASONS.len(), wrong.join("\n"));
}

#[test]
fn comments_are_understood() {
    let mut wrong = Vec::new();
    for &(role, text, intent) in COMMENTS {
        let got = to_value(read_comment(role, text)).expect("a reading is JSON");
        if got["intent"] != intent {
            wrong.push(format!("{text}\n   {} and not {intent}", got["intent"]));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), COMMENTS.len(), wrong.join("\n"));
}
