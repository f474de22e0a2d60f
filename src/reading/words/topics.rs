//! What is spoken of.

use super::Entry;

/// Things a request can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// The second factor: app, key, device for it.
    Factor,
    /// The recovery codes.
    Codes,
    /// The account's mailbox.
    Mailbox,
    /// An address named as another one than the account's.
    OtherMailbox,
    /// The password.
    Password,
    /// The user name.
    Username,
    /// Everything needed to sign in, without saying what.
    Credentials,
    /// A phone or computer.
    Device,
    /// The mail that confirms a login from a new device.
    ConfirmationMail,
    /// The mail with a reset link.
    ResetMail,
    /// A mail that is not further described.
    AnyMail,
    /// The mail that verifies an address.
    VerificationMail,
    /// An address written out.
    Address,
    /// What keeps passwords: a manager, a vault, a note.
    Keeper,
    /// A code or an app, which are most often those of the second factor.
    CodeOrApp,
    /// Words that look like a topic and are none: "by email", "authentication information".
    Aside,
    /// API tokens and the like, which do not sign anybody in.
    ApiToken,
}

/// Phrases for each topic, by language.
pub const TOPICS: &[&[Entry<Topic>]] =
    &[ENGLISH, CHINESE, JAPANESE_KOREAN, RUSSIAN, ROMANCE, GERMAN, TURKISH_INDONESIAN];

const ENGLISH: &[Entry<Topic>] = &[
    (Topic::Factor,
        "2fa, 2 fa, mfa, otp, totp, totps, webauthn, fido|fido2, u2f, 2fa
         code|codes|app|token|device|method|key|secret|entry, two factor, 2 factor, twofactor, two factors, two
         step, 2 step, 2 steps, 2factor, second factor, multi factor, multifactor, authenticator, authenticators,
         authenticator app|application|code|codes, authentication|authentification
         app|application|apps|code|codes|device, authentificator, google authentificator|authenticator|auth, auth
         app|code|codes, authy, security|hardware token|key|keys, yubikey, yubikeys, passkey, passkeys, security
         device, verification|one time|6 digit|six digit|login code|codes, authentication method, authentication,
         authenticate, qr code, code generator, generator app, windows hello, duo mobile, aegis, lastpass
         authenticator, titan key, personal keys, tfa, two factor authentication, two factor
         app|device|code|codes|auth|method|methods|prompt"),
    (Topic::Codes,
        "recovery code|codes|key|keys|file|files|token|tokens|phrase|phrases, backup code|codes|key|keys, back up
         code|codes, download code|codes, rescue|emergency|restore|reset code|codes, recover code|codes, code
         recovery, scratch codes, recovery codes file"),
    (Topic::ConfirmationMail,
        "confirmation|confirm email|mail|message|link|emails|mails, login confirmation, unrecognized login, login
         confirmation email|mail|link|emails, login|sign link, device confirmation|verification|check, new device
         email|mail|link|check, unrecognized login confirmation email|mail, unrecognised login, email
         confirmation, confirmation by|via email|mail, login verification email|mail|link, device verification
         email|mail"),
    (Topic::ResetMail,
        "the|a reset, the|a|by|via|using|through|tried|of|for|on|to forgot|forgotten|forget password, forgot your password, reset|recovery|recover email|mail|emails|mails|link|links|message, password|passwort
         reset|recovery|recover email|emails|mail|mails|link|links, password reset|recovery|recover, reset
         password email|emails|mail|link, forgot|forgotten password email|mail|link, reset ?of ?the ?my password,
         forgot|forgotten password request|form|page|feature|function"),
    (Topic::AnyMail,
        "emails, mails, an email|mail, activation
         email|mail|link, any email|mail|emails|mails, no email|mail|emails|mails, that|the mail"),
    (Topic::Mailbox,
        "recovery email ?address|addresses, email address on file, address on file, email, mail, email address|addresses|adress|adresses|id|account|accounts|inbox|box, mail
         address|adress|id|account|box, mailbox, mailboxes, inbox, emailadress, emailaddress, gmail, hotmail,
         google account, address, registered|primary|verified|main address|email|mail,
         registered|primary|verified|main email|mail address|adress|id|account, domain, outlook account,
         school|university|work|company email|mail|mailbox|address|account, e mail, e mails, primary|registered
         mailbox"),
    (Topic::OtherMailbox,
        "secondary|second|other|another|alternate|alternative|new|different|current|present|backup|private|personal
         email|mail|mailbox|emails|mails,
         secondary|second|other|another|alternate|alternative|new|different|current|present|backup|private|personal
         ?email|mail address|adress, github email|mail|address, one mailbox, secondary one, new verified|working
         email|mail, private|personal ?email|mail address, swap it"),
    (Topic::Password,
        "password, passwords, pasword, passwort, passward, passwrod, pass word, pw, pwd, passphrase, login
         password, passcode"),
    (Topic::Username,
        "username, usernames, user name, user id, userid, login name, account name, user names"),
    (Topic::Credentials,
        "credentials, logins, login data|details|information|info, login credentials"),
    (Topic::Device,
        "phone, phones, cellphone, cell phone, mobile, mobile phone, smartphone, iphone, android, laptop,
         computer, pc, macbook, macbook air|pro, tablet, ipad, hard drive|disk, device, devices, disk, drive, old
         phone, handset, hdd, ssd, sim card"),
    (Topic::VerificationMail,
        "verification email|emails|mail|mails|link|message, activation email|mail|link,
         email|mail verification, address verification"),
    (Topic::Address, "@address"),
    (Topic::CodeOrApp, "code, codes, app, apps, application, pin, key, keys"),
    (Topic::Keeper,
        "password manager|managers|vault|vaults|safe|database|app|store, shared password manager,
         keepass, bitwarden, 1password, lastpass, notepad, notes, credential manager|store"),
    (Topic::Aside,
        "by|via|through|per|over ?an ?the email|mail, support email|mail, email|mail support,
         authentication information, mail a link, email him|them|her|pypi, github account, by e mail,
         email client|provider|server|service|spam, password hash|prompt|field|box, password reset request"),
    (Topic::ApiToken,
        "api token|tokens|key|keys, upload token|tokens, pypi token|tokens, pypy token, valid token, token,
         tokens, pypirc"),
];

const CHINESE: &[Entry<Topic>] = &[
    (Topic::Factor,
        "双重验证, 双重认证, 双重身份验证, 双重验证码, 两步验证, 两步认证, 二步验证, 双因素, 双因子, 二次验证, 验证器, 身份验证器, 身份验证应用, 认证器, 验证码, 认证应用, 雙重驗證,
         兩步驟驗證, 驗證器"),
    (Topic::Codes,
        "恢复代码, 恢复码, 恢复马, 备用码, 备份码, 恢复密钥, 恢復代碼, 救援代碼, 备用代码"),
    (Topic::Mailbox,
        "邮箱, 电子邮箱, 电子邮件, 电子邮件地址, 邮件地址, 郵箱, 信箱, 電子郵件"),
    (Topic::Password,
        "密码, 密碼, 口令"),
    (Topic::Username,
        "用户名, 帐号名, 账号名, 使用者名稱"),
    (Topic::Device,
        "手机, 平板, 平板电脑, 电脑, 手機, 電腦, 硬盘"),
    (Topic::ResetMail,
        "重置邮件, 密码重置, 重置密码, 找回密码"),
    (Topic::ConfirmationMail,
        "确认邮件, 登录确认"),
];

const JAPANESE_KOREAN: &[Entry<Topic>] = &[
    (
        Topic::Factor,
        "二段階認証, 二要素認証, 2段階認証, 認証アプリ, 認証コード, 多要素認証, 2단계 인증, 이중 인증, 인증 앱, 인증앱, 인증기, 오티피, 단계 인증",
    ),
    (
        Topic::Codes,
        "リカバリーコード, リカバリコード, 復旧コード, 回復コード, バックアップコード, 복구 코드, 복구코드, 백업 코드",
    ),
    (Topic::Mailbox, "メールアドレス, メール, 이메일, 메일, 이메일 주소"),
    (Topic::Password, "パスワード, 비밀번호, 패스워드, 암호"),
    (Topic::Username, "ユーザー名, ユーザ名, 아이디, 사용자 이름"),
    (Topic::Device, "携帯, スマホ, スマートフォン, 電話, 휴대폰, 핸드폰, 전화"),
];

const RUSSIAN: &[Entry<Topic>] = &[
    (Topic::Factor,
        "двухфакторн*, двухэтапн*, аутентификатор*, приложени* аутентификации, приложени* двухфакторной
         аутентификации, двухфакторн* аутентификац*, 2фа, второй фактор, код аутентификации"),
    (Topic::Codes,
        "код* восстановления, резервн* код*, запасн* код*"),
    (Topic::Mailbox,
        "почт*, электронн* почт*, емейл*, имейл*, адрес* почты, почтов* ящик*"),
    (Topic::Password,
        "парол*"),
    (Topic::Username,
        "логин, имя пользователя, никнейм"),
    (Topic::Device,
        "телефон*, смартфон*, компьютер*, ноутбук*"),
];

const ROMANCE: &[Entry<Topic>] = &[
    (Topic::Factor,
        "autenticacion|autenticacao|autenticazione, autenticador, aplicativo|app|aplicacion|aplicacao de|di
         autenticacion|autenticacao|autenticaçao|authentication|autenticazione,
         autenticacion|autenticacao|autenticazione de|em|en|a dos|dois|2|due
         pasos|factores|fatores|etapas|passos|fattori, app de autenticacao 2fa, dos factores|pasos, dois fatores,
         doble factor, application ?d authentification, application dauthentification, authentification, double
         authentification|facteur, deux facteurs, segundo factor|fator, verificacion en dos pasos, autenticacion
         de 2 pasos, due fattori, app di autenticazione"),
    (Topic::Codes,
        "codigo|codigos de recuperacion|recuperacao|respaldo|backup, code|codes de
         recuperation|secours|sauvegarde, codice|codici di recupero|backup, codigos de emergencia"),
    (Topic::Mailbox,
        "correo, correo electronico, correios, courriel, boite mail, adresse mail|email|electronique, indirizzo
         email|mail, posta elettronica, casella, direccion de correo, endereco de email"),
    (Topic::Password,
        "contrasena, clave, senha, mot de passe, parola ?d ?ordine, palavra passe, motdepasse"),
    (Topic::Username,
        "nombre de usuario, nome de usuario|utilizador, nom ?d utilisateur, nom dutilisateur, nome utente,
         identifiant"),
    (Topic::Device,
        "telefono, celular, movil, telefone, telephone, portable, cellulare, telemovel, computador, ordenador,
         ordinateur"),
];

const GERMAN: &[Entry<Topic>] = &[
    (Topic::Factor,
        "zwei faktor, zweifaktor*, authentifizierungs*, authentifizierung, authenticator app, zweiter|zweiten
         faktor, 2 faktor"),
    (Topic::Codes,
        "wiederherstellungscode*, wiederherstellungs codes, backupcode*, wiederherstellungsschluessel,
         notfallcode*"),
    (Topic::Mailbox,
        "mailadresse, emailadresse, email adresse, postfach, mailkonto, emailkonto"),
    (Topic::Password,
        "kennwort"),
    (Topic::Username,
        "benutzername*, nutzername*"),
    (Topic::Device,
        "handy, telefon, rechner, festplatte"),
];

const TURKISH_INDONESIAN: &[Entry<Topic>] = &[
    (Topic::Factor,
        "dogrulama uygulama*, iki adimli|faktorlu|asamali dogrulama, iki asamali, kimlik dogrulama*,
         autentikator, aplikasi autentikasi|otentikasi|authenticator, autentikasi dua faktor|langkah, verifikasi
         dua langkah, otentikasi, autentikasi"),
    (Topic::Codes,
        "kurtarma kod*, yedek kod*, kode pemulihan|cadangan"),
    (Topic::Mailbox,
        "eposta*, e posta*, posta*, surel, alamat email"),
    (Topic::Password,
        "sifre*, parola*, kata sandi, sandi"),
    (Topic::Username,
        "kullanici adi*, nama pengguna"),
    (Topic::Device,
        "telefonum*, cihaz*, ponsel, hp, telepon"),
];
