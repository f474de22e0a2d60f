//! Whole cards, to be read as the locked-out person would.

use keydesk::reading::{Known, Missing, Reason, RecoveryCodes, Sensitive, Site};
use keydesk::triage::text::Facts;

use super::{all_texts, english_of, render};

#[test]
fn a_lost_second_factor_without_codes() {
    let facts = |facts: &mut Facts| facts.recovery_codes = RecoveryCodes::Lost;
    insta::assert_snapshot!(card(&[Reason::Lost2fa], facts), @r#"
    Hello @mona, I am the bot of this desk. A person reads every request; here is what you can do meanwhile.

    ### Look for your recovery codes first

    They are the quickest way back in: 8 codes of 16 characters that PyPI shows once, mostly while two-factor authentication is set up. Staff cannot read them or send them again. Please search:

    - your computers, backups and cloud folders for a file named `PyPI-Recovery-Codes-<username>-<time>.txt`;
    - your password manager and notes for pypi.org, or for the words `PyPI recovery codes`;
    - your papers for a printout.

    Found them? Log in at https://pypi.org/account/login/, choose **Login using recovery codes** and enter one. If PyPI then mails you a link, open it from the same network. If you cannot read that mail, try only where you have logged in before: each try uses one code up.

    ### Other ways in

    - **A browser that is still logged in**, perhaps on another computer: open https://pypi.org/manage/account/ there and make new recovery codes. It asks only for your password.
    - **A browser where you ticked *Remember this device*** in the last 30 days: it needs no second factor.
    - **Another security key or app** that you set up too.
    - **"Invalid TOTP code."** Set the clock of the device with the app to automatic and try again.

    ### Please tell us

    - Can you read the mail of your account? `/mailbox yes` or `/mailbox no`, not the address.
    - Are you still logged in on any computer or browser? `/session yes` or `/session no`.
    - Is it about pypi.org or test.pypi.org? `/site pypi` or `/site testpypi`.

    Write each on a line of its own, or in plain words such as *mailbox: yes*. Then I bring this comment up to date.

    ### What happens next

    Staff take requests in the order they came in. It can take a while, and a second request does not speed it up.

    If you cannot get in by yourself, staff may start a recovery. A mail from support@pypi.org then asks you to push a branch to the public source repository of one of your projects, and to answer the mail. Without such a project you answer the mail, and a wait of 7 days follows.

    **Solved?** Write `/resolved` here, on a line of its own. `/help` lists what else I understand, `/faq` answers common questions.

    ### Stay safe

    - Mail from PyPI comes from noreply@pypi.org (automatic), support@pypi.org (recovery) or admin@pypi.org (abuse). Trust no other sender.
    - Nobody from PyPI asks for your password or codes. Ignore anybody else who offers to get your account back.
    - This page is public: never post passwords, codes, tokens, links from mails, addresses, phone numbers or documents.
    "#);
}

#[test]
fn a_lost_second_factor_with_codes_and_mailbox() {
    let facts = |facts: &mut Facts| {
        facts.recovery_codes = RecoveryCodes::Has;
        facts.email_access = Known::Yes;
        facts.site = Site::Pypi;
    };
    insta::assert_snapshot!(card(&[Reason::Lost2fa], facts), @"
    Hello @mona, I am the bot of this desk. A person reads every request; here is what you can do meanwhile.

    ### Get in with a recovery code

    1. First make sure that you can read the mail of your account; step 4 may need it.
    2. Log in at https://pypi.org/account/login/ with your user name and password.
    3. Where the second factor is asked for, choose **Login using recovery codes** and enter one code: 16 characters, only `0` to `9` and `a` to `f`, in small letters.
    4. If a mail about an unrecognized login comes, open its link from the same network. Look in the spam folder too.
    5. Once in, open https://pypi.org/manage/account/, set up a new app or security key, and make new recovery codes.

    Each code works once, even if you do not get past step 4. If no mail comes, tell us before you try more codes.

    ### Please tell us

    - Are you still logged in on any computer or browser? `/session yes` or `/session no`.

    Write each on a line of its own, or in plain words such as *session: no*. Then I bring this comment up to date.

    ### What happens next

    Staff take requests in the order they came in. It can take a while, and a second request does not speed it up.

    If you cannot get in by yourself, staff may start a recovery. A mail from support@pypi.org then asks you to push a branch to the public source repository of one of your projects, and to answer the mail. Without such a project you answer the mail, and a wait of 7 days follows.

    **Solved?** Write `/resolved` here, on a line of its own. `/help` lists what else I understand, `/faq` answers common questions.

    ### Stay safe

    - Mail from PyPI comes from noreply@pypi.org (automatic), support@pypi.org (recovery) or admin@pypi.org (abuse). Trust no other sender.
    - Nobody from PyPI asks for your password or codes. Ignore anybody else who offers to get your account back.
    - This page is public: never post passwords, codes, tokens, links from mails, addresses, phone numbers or documents.
    ");
}

#[test]
fn codes_at_hand_and_no_mailbox() {
    let facts = |facts: &mut Facts| facts.recovery_codes = RecoveryCodes::Has;
    insta::assert_snapshot!(card(&[Reason::Lost2fa, Reason::LostEmail], facts), @"
    Hello @mona, I am the bot of this desk. A person reads every request; here is what you can do meanwhile.

    ### Keep your recovery codes for now

    Codes alone will not do: from a network that PyPI does not know, the login also needs a link that is mailed to your primary address, and each try uses one code up. So use one only where you have logged in before, and first try a browser or a security key you used before.

    ### Without the mailbox

    - **Log in from where you did before**, at home or at work. PyPI mails a link to confirm a login only where you have not confirmed one yet, and never for a security key.
    - **In again, or still logged in somewhere?** At https://pypi.org/manage/account/ add an address you can read, open the link mailed to it, and make it primary. That works while two-factor authentication is on and the old primary address still counts as verified.
    - **Mistyped when you registered?** Log in and correct it at https://pypi.org/manage/unverified-account/. That works while the account has neither two-factor authentication nor a project.
    - **Can the mailbox come back?** If you can renew its domain or reopen it, that is the simplest way.

    If nothing helps, staff can look into another address for the account. They then ask you here to write to support@pypi.org. Please wait for that, and do not write the address on this page. It must be one that no other account uses.

    ### Please tell us

    - Are you still logged in on any computer or browser? `/session yes` or `/session no`.
    - Is it about pypi.org or test.pypi.org? `/site pypi` or `/site testpypi`.

    Write each on a line of its own, or in plain words such as *session: no*. Then I bring this comment up to date.

    ### What happens next

    Staff take requests in the order they came in. It can take a while, and a second request does not speed it up.

    If you cannot get in by yourself, staff may start a recovery. A mail from support@pypi.org then asks you to push a branch to the public source repository of one of your projects, and to answer the mail. Without such a project you answer the mail, and a wait of 7 days follows.

    **Solved?** Write `/resolved` here, on a line of its own. `/help` lists what else I understand, `/faq` answers common questions.

    ### Stay safe

    - Mail from PyPI comes from noreply@pypi.org (automatic), support@pypi.org (recovery) or admin@pypi.org (abuse). Trust no other sender.
    - Nobody from PyPI asks for your password or codes. Ignore anybody else who offers to get your account back.
    - This page is public: never post passwords, codes, tokens, links from mails, addresses, phone numbers or documents.
    ");
}

#[test]
fn an_unverified_address_and_a_forgotten_password() {
    let reasons = [Reason::UnverifiedEmail, Reason::ForgotPassword];
    insta::assert_snapshot!(card(&reasons, |facts| facts.email_access = Known::Yes), @"
    Hello @mona, I am the bot of this desk. A person reads every request; here is what you can do meanwhile.

    ### When PyPI says that the address is not verified

    A password reset works only with a verified address. An address can lose that state: when mail to it bounces or is reported as spam, or when its domain expires.

    - **Does the account have another address?** Ask for the reset with that one at https://pypi.org/account/request-password-reset/. If it is verified, the link goes there. You can ask 5 times a day.
    - **Can you log in?** With two-factor authentication on, you can make another verified address primary at https://pypi.org/manage/unverified-account/. With neither that nor a project, you can change the address there.
    - **Neither?** Staff can look into confirming the address by mail. They then ask you here to write to support@pypi.org from it. Please wait for that, and do not write the address on this page.

    ### Please tell us

    - Do you have recovery codes at hand? `/codes yes` or `/codes no`, never a code.
    - Are you still logged in on any computer or browser? `/session yes` or `/session no`.
    - Is it about pypi.org or test.pypi.org? `/site pypi` or `/site testpypi`.

    Write each on a line of its own, or in plain words such as *codes: yes*. Then I bring this comment up to date.

    ### What happens next

    Staff take requests in the order they came in. It can take a while, and a second request does not speed it up.

    **Solved?** Write `/resolved` here, on a line of its own. `/help` lists what else I understand, `/faq` answers common questions.

    ### Stay safe

    - Mail from PyPI comes from noreply@pypi.org (automatic), support@pypi.org (recovery) or admin@pypi.org (abuse). Trust no other sender.
    - Nobody from PyPI asks for your password or codes. Ignore anybody else who offers to get your account back.
    - This page is public: never post passwords, codes, tokens, links from mails, addresses, phone numbers or documents.
    ");
}

#[test]
fn refused_codes_on_the_test_site_in_another_language() {
    let facts = |facts: &mut Facts| {
        facts.site = Site::Testpypi;
        facts.language = "it".to_owned();
        facts.recovery_codes = RecoveryCodes::Rejected;
    };
    insta::assert_snapshot!(card(&[Reason::RecoveryCodesRejected], facts), @r#"
    Hello @mona, I am the bot of this desk. A person reads every request; here is what you can do meanwhile.

    You may write in your own language, but answers in English help staff most. A machine translation is fine.

    ### This is about TestPyPI

    I read this as a request about test.pypi.org. Its accounts are separate from those of pypi.org: each site has its own user name, password, second factor and recovery codes. If you mean pypi.org, say so here.

    ### What the answers to a recovery code mean

    - **"Recovery Codes must be 16 characters."** Only `0` to `9` and `a` to `f`, in small letters; spaces do no harm.
    - **"Invalid recovery code."** Check each character, and that the code is from the newest set you made. It must also be for this site: pypi.org and test.pypi.org have codes of their own.
    - **"Recovery code has been previously used."** Take another of the 8. One may have been used when two-factor authentication was set up.
    - **"You have not generated account recovery codes."** PyPI says so too when all of them have been used. Then codes are no way in any more; tell us that.
    - **No error, but not in**: PyPI mails you a link to confirm the login. Open it from the same network, and look in the spam folder too. Each try uses one code up.

    After 5 wrong tries wait 5 minutes. The login page is https://test.pypi.org/account/login/.

    ### Please tell us

    - Can you read the mail of your account? `/mailbox yes` or `/mailbox no`, not the address.
    - Are you still logged in on any computer or browser? `/session yes` or `/session no`.

    Write each on a line of its own, or in plain words such as *mailbox: yes*. Then I bring this comment up to date.

    ### What happens next

    Staff take requests in the order they came in. It can take a while, and a second request does not speed it up.

    If you cannot get in by yourself, staff may start a recovery. A mail from support@pypi.org then asks you to push a branch to the public source repository of one of your projects, and to answer the mail. Without such a project you answer the mail, and a wait of 7 days follows.

    **Solved?** Write `/resolved` here, on a line of its own. `/help` lists what else I understand, `/faq` answers common questions.

    ### Stay safe

    - Staff write mail from support@pypi.org (recovery) and admin@pypi.org (abuse).
    - Nobody from PyPI asks for your password or codes. Ignore anybody else who offers to get your account back.
    - This page is public: never post passwords, codes, tokens, links from mails, addresses, phone numbers or documents.
    "#);
}

#[test]
fn a_matter_of_its_own() {
    insta::assert_snapshot!(card(&[Reason::Other], |facts| facts.site = Site::Pypi), @"
    Hello @mona, I am the bot of this desk. A person reads every request; here is what you can do meanwhile.

    ### One of these may fit

    - **You need access to a project**: any of its owners can add you. For a project name that nobody looks after there is another form: https://github.com/pypi/support/issues/new/choose.
    - **An account or project was suspended or frozen**: write to admin@pypi.org.
    - **The mail to confirm a login does not come**: look in the spam folder for noreply@pypi.org, or log in again after 15 minutes to have it sent once more. Open its link from the same network. A login with a security key needs no such mail.
    - **Something else**: https://pypi.org/help/ answers many questions. If it does not, add here what you tried and what PyPI answered.

    ### What happens next

    Staff take requests in the order they came in. It can take a while, and a second request does not speed it up.

    **Solved?** Write `/resolved` here, on a line of its own. `/help` lists what else I understand, `/faq` answers common questions.

    ### Stay safe

    - Mail from PyPI comes from noreply@pypi.org (automatic), support@pypi.org (recovery) or admin@pypi.org (abuse). Trust no other sender.
    - Nobody from PyPI asks for your password or codes. Ignore anybody else who offers to get your account back.
    - This page is public: never post passwords, codes, tokens, links from mails, addresses, phone numbers or documents.
    ");
}

#[test]
fn nothing_could_be_read_and_something_is_exposed() {
    let facts = |facts: &mut Facts| {
        facts.requester.clear();
        facts.language = "und".to_owned();
        facts.missing = vec![Missing::Username, Missing::Reason, Missing::CodeOfConduct];
        facts.exposed = vec![Sensitive::RecoveryCode, Sensitive::EmailAddress];
    };
    insta::assert_snapshot!(card(&[], facts), @"
    Hello, I am the bot of this desk. A person reads every request; here is what you can do meanwhile.

    ### Please act now: a secret was public

    I have taken out of your text what looks like a secret. Treat it as known to others all the same; I may be wrong, so please check:

    - **A recovery code**: if you can log in, make new codes at https://pypi.org/manage/account/; the old ones then stop working. If you cannot, staff can look into making it useless.

    The version before my edit stays visible under *edited* at the top of the text, until its author or a person with write access deletes it there: open *edited*, choose that version, and delete it from the history. I cannot do that.

    ### Something private is public

    This seems to stand in your text, and nobody here needs it. I may be wrong and leave it as it is, so please take it out:

    - **An e-mail address**

    Choose *Edit* in the menu `…` at the top right of your text. Then open *edited* at its top, choose the old version, and delete it from the history.

    ### Still missing in your request

    - **Your PyPI user name**: the name you log in with. Please do not give an e-mail address instead.
    - **Why you cannot log in**: in a sentence or two, what you tried and what PyPI answered.
    - **The Code of Conduct**: its box is not ticked. Tick it if you agree to follow it.

    To add it, edit your request (the menu `…` at its top right, then *Edit*), or answer here in your own words, for example: *my user name is …*.

    ### Please tell us

    - Do you have recovery codes at hand? `/codes yes` or `/codes no`, never a code.
    - Can you read the mail of your account? `/mailbox yes` or `/mailbox no`, not the address.
    - Are you still logged in on any computer or browser? `/session yes` or `/session no`.
    - Is it about pypi.org or test.pypi.org? `/site pypi` or `/site testpypi`.

    Write each on a line of its own, or in plain words such as *codes: yes*. Then I bring this comment up to date.

    ### What happens next

    Staff take requests in the order they came in. It can take a while, and a second request does not speed it up.

    **Solved?** Write `/resolved` here, on a line of its own. `/help` lists what else I understand, `/faq` answers common questions.

    ### Stay safe

    - Mail from PyPI comes from noreply@pypi.org (automatic), support@pypi.org (recovery) or admin@pypi.org (abuse). Trust no other sender.
    - Nobody from PyPI asks for your password or codes. Ignore anybody else who offers to get your account back.
    - This page is public: never post passwords, codes, tokens, links from mails, addresses, phone numbers or documents.
    ");
}

fn card(reasons: &[Reason], change: impl FnOnce(&mut Facts)) -> String {
    let mut facts = Facts {
        requester: "mona".to_owned(),
        url: "https://github.com/pypi/support/issues/42".to_owned(),
        language: "en".to_owned(),
        reasons: reasons.to_vec(),
        ..Facts::default()
    };
    change(&mut facts);
    render("card", facts)
}

#[test]
fn a_card_stays_short() {
    for (name, facts, markdown) in all_texts() {
        let words = english_of(&markdown).split_whitespace().count();
        let is_card = name == "card" && facts.missing.is_empty() && facts.exposed.is_empty();
        let is_usual = is_card
            && facts.email_access != Known::No
            && facts.recovery_codes != RecoveryCodes::Rejected;
        let words_max = match facts.reasons.len() {
            0 | 1 if is_usual => 560,
            2 if is_usual => 700,
            0..=2 if is_card => 880,
            _ => 1_300,
        };
        assert!(words <= words_max, "{words} words for {:?}:\n{markdown}", facts.reasons);
    }
}
