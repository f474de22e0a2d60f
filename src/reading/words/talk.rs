//! What comments say: the phrases that tell one intent from another.

use super::Entry;
use crate::reading::Intent;

/// What a requester writes, the stronger phrases of an intent first.
pub const REQUESTER: &[&[Entry<Intent>]] = &[&[
    (Intent::SelfResolved,
        "works again, it works, working again, were|was in my .. after all, back in my|the, is solved|settled, could log|sign in, got my account, have my account,
         got it, found it, found them, found my|the, i found, have found, nevermind, never mind, managed to ?get
         ?log ?sign, can log in again, can login again, i can log in, i can login, i can sign in, able to
         log|login|sign|get, logged in successfully, got into my|the, got in, got back in, i am in, im in, back
         in, surfaced, is mine again, account is mine, found the way back, way back to my, resolved, solved, is
         fixed, fixed it, its fine, it is fine, works now, working now, worked now, simply worked, regained
         access, recovered my|the account, have access again, gave me a code, turned up, no longer needed, not
         needed any, problem is gone, log in again, issue is gone, are there again, my codes again, have
         recovered, solved it, resolved it, sorted, figured it out, remembered my|the, i remembered, is back,
         已解决, 解决了, 找到了, resuelto, resolvido, resolu, решено, решил*, gelost, cozuldu, risolto, 解決しました, 해결"),
    (Intent::EmailedSupport,
        "written to, message .. went|sent, mail .. went|sent, email .. went|sent, wrote .. mail|email|support, sent .. support,
         sent, email sent, mail sent, emailed, mailed, email is out, mail is out, email went out, mail went out,
         email is just out, sent ?you ?the ?an email|mail, sent it, have sent, just sent, i wrote to support,
         wrote to support, wrote to pypi, support has been written to, has been written to, written to support,
         done email sent, email has been sent, mail has been sent, went out, is out, on its way, email from, have
         emailed, ive emailed, email was sent, mail was sent, sent from, send the email, sended, 已发送, 发送了, 已发邮件,
         已经发, enviado, envoye, отправил*, gesendet, gonderdim, inviata, 送信しました, 보냈"),
    (Intent::CompletedVerification,
        "followed .. steps|instructions, did .. steps|instructions, steps .. done|complete|completed, verification .. done|complete|completed, instructions .. done|completed|followed,
         branch, pushed, pushed it, push ?is ?has ?been done, answer sent, answered the|your|that|to, reply sent,
         replied to|the, i replied, have replied, ive replied, answered, responded to, all done, done, completed,
         steps are done, followed the instructions|steps, did what, created the, instructions are done,
         verification done|is, finished, complete, completed the|all, as instructed, as you asked, as requested,
         confirmed by mail|email, answer to the verification, 已完成, 完成了, сделал*, готово, hecho, feito, erledigt,
         fatto, fait"),
    (Intent::AsksStatus,
        "how much longer, anybody|anyone|someone|somebody seen|see|there|read|working|reading, it has been .. weeks|months|days|week|month, months|weeks|days have gone|passed, still pending, what about my, where .. stand,
         any news|update|updates|progress|word|answer|eta, status, when will, how long, have a look, take a look,
         look at this|it|my, still waiting, still no, not a word, no answer, no response, no reply, without an
         answer, without any answer, heard nothing, havent heard, not heard, overlooked, forgotten about, is
         there anything new, could you confirm, give|given priority, priority, prioritize, urgent, urgently,
         asap, speed up, speed this, bump, ping, following up, follow up, just checking, checking in, my turn,
         been waiting, waiting for, waiting since, hello anyone, anyone there,
         someone|somebody|anybody|anyone have|take|look|help, can someone|somebody|anybody, what is the state,
         how is it going, going on since, significant amount of time, a month since, weeks since, 有消息, 进展, 多久,
         什么时候, novedades, novidades, nouvelles, новости, когда, neuigkeiten, gelisme, notizie"),
    (Intent::AsksToClose,
        "close this|the|it|my, closing the|this|it, be closed, can close, may close, please close, closing, you
         may close, can be closed, close issue|ticket, withdraw, cancel this|the|my, i close, am closing, 可以关闭,
         关闭, закрыть, закройте, cerrar, fechar, fermer, schliessen, chiudere, kapat*"),
    (Intent::Thanks,
        "thanks, thank you, thank u, thx, ty, tysm, many thanks, appreciate, appreciated, grateful, respect,
         hugs, cheers, great job|work, awesome, kudos, 谢谢, 多谢, 感谢, gracias, obrigado, obrigada, merci, спасибо,
         danke, vielen dank, tesekkur*, grazie, terima kasih, ありがとう*, 감사*"),
]];

/// What a requester says when something of the process itself is told or asked, so that it is no plain answer.
pub const UNFINISHED: &[&[Entry<()>]] = &[&[((),
        "going to, will do, ill do, i will, that ill, going to do so, as soon as, later today, tomorrow, safely
         arrived, was received, got your mail|email|message")]];

/// Problems: such a comment tells something, whatever thanks it carries.
pub const TROUBLE: &[&[Entry<()>]] = &[&[((),
        "cant, cannot, not one of, none of, dont, doesnt, didnt, lost, broken, wont, unable, no way, out of my
         reach, never, not let me, does not, do not, did not, help me, help please, snag, problem, instead,
         however, but, failed, fails, invalid, error, still asks, it wanted, still wants, asked for 2fa, isnt, is
         not, expired, abandoned, recall, cant recall")]];

/// Details: such a comment tells something, and is no thank-you alone.
pub const DETAILS: &[&[Entry<()>]] = &[&[(
    (),
    "my email is, my mail is, my username is, my pypi, my profile, here is, here are, my only project, i
         own, my account is, the account is, the project is, my github",
)]];

/// Questions about another route, or news that leave the process open.
pub const OTHER_ROUTE: &[&[Entry<()>]] = &[&[((),
        "could this|the email|mail go, some other address, another address of, after the password reset, it
         wanted 2fa, wants 2fa, asked for .. authentication code, enter authentication code, yes .. me, yes thats me, my e mail|email adress|address is confirmed")]];

/// What a maintainer writes, most decisive first; the first intent found wins.
pub const MAINTAINER: &[&[Entry<Intent>]] = &[&[
    (Intent::ClosingDuplicate,
        "duplicate|duplicates|dupe, already .. handled|tracked|covered|open in|by|at|as, same request .. already|open, existing issue|request|ticket,
         duplicate of, as a duplicate, as duplicate, is a duplicate, duplicated, there is an open issue of yours,
         you have an open issue, already an open|existing issue|request, have an open issue already, dupe of,
         closing in favor|favour of"),
    (Intent::ClosingNoResponse,
        "closing|close|closed|closes .. .. no|nobody|nothing|inactivity|inactive|silence|stale|unanswered, no|nobody|nothing|without|unanswered|silence|inactivity .. .. .. closing|closed|close|closes,
         closing as no, closing as nobody, closing as there|we, closing for inactivity, closing due to, closing
         .. inactivity, closing .. no response, closing .. no answer, closed for inactivity, no response closing,
         closing this as no, closing as .. no, closing because no, closing since no, due to inactivity, lack of
         response, lack of an answer, closing stale, for lack of"),
    (Intent::RecoveryComplete,
        "2fa|mfa|totp|factor .. reset|removed|off|disabled|cleared, reset|removed|disabled|cleared .. 2fa|mfa|totp|factor, reset ?link|mail|email .. sent|out|mailed|triggered, recovery .. complete|completed|done|finished, account .. recovered|restored, you can .. reset your password, you can log|sign in again,
         2fa is|has|was ?been reset, 2fa reset, password reset sent, reset has been sent, password reset ?link
         ?mail ?email ?has ?been ?is ?was sent, recovery is complete|completed|done|finished, recovery has been
         completed, recovery complete|completed, is recovered, was successful, verification .. successful, 2fa
         switched|turned off, 2fa .. removed|disabled, should be able to, account has been recovered, recovered
         your account, reset your 2fa, have reset, ive reset, removed 2fa, disabled 2fa"),
    (Intent::FollowUpNoResponse,
        "did .. reach|receive|get you|it|the|our|mail|email, still waiting|need|require|locked|want|interested|relevant, have you .. received|seen, heard nothing .. .. from you, any news from your side, waiting for your|the answer|reply|response,
         coming back to, following up, follow up, just asking, checking in, did the email, did you receive, did
         you get, stays open one more, one more week, unless i hear, unless we hear, havent heard, have not
         heard, do you still need, still need help, still locked out, is this still, are you still, any update
         from you, still an issue, still keep you from, still lost, reminder, let us know if you still, gentle
         ping"),
    (Intent::RecoveryInitiated,
        "recovery|process|verification|procedure .. begun|began|started|initiated|underway|way|running|progress, instructions .. sent|mailed|emailed, mail|email|message|link .. sent|goes|went|mailed to, sent .. instructions|email|mail|message to, look|watch for .. mail|email|message, started|initiated|begun .. recovery|process|verification, check your mail|email|mailbox,
         recovery is now under way, recovery is under way, recovery has been initiated|started|begun, recovery ..
         initiated|started|begun|begins, initiated ?an ?the ?account recovery, have|ive initiated|started, now
         under way, under way, mail|email|message sent to|goes, a message goes out, verification which has begun,
         has begun for your account, email|mail has been sent to, please do what it says, read what it says,
         instructions in the email|mail, follow the instructions in, sent to the primary address, sent to
         your|the primary|both|addresses, seven days from your, the recovery goes on, sent an email to, emailed
         the primary, check your inbox"),
    (Intent::PointsToCodes,
        "recovery|backup codes .. exist|record|generated|available|valid|file|active|unused|left|remain|made|set, has|have|had|are|there .. valid|unused|recovery|backup codes,
         has recovery codes, have recovery codes, has valid recovery codes, recovery codes on record, recovery
         codes were generated, recovery codes as of, valid recovery codes, use those to get, use one of those,
         one of those gets you, codes generated as of|on, use your recovery codes, please use them|those|it to,
         account recovery codes were generated"),
    (Intent::AsksToEmailSupport,
        "send|write|mail|email|forward .. .. to @staff, write|email|mail|contact @staff, from .. address .. .. @staff, write to us,
         please write to, please email, please mail, please send ?an ?a email|mail, send a mail|email to, send an
         email|mail to, write to support, email support, mail support, mail it to, email it to, write us from,
         send us an email|mail, contact support, reach out to support, email to support, mail to support, write a
         mail to, could|can you email|mail|write"),
    (Intent::AsksForInfo,
        "please clarify, would you, could you, can you, please provide, please tell, please let us know, please
         confirm, please share, please add, please write in english, in english, which account, what is your,
         what username, do you, are you, is there, is this, did not reach us, didnt reach us, send it again,
         resend, need more information, more details, please update, please edit, have you, prove in"),
]];

/// Words by which a maintainer's remark is only for the others.
pub const MAINTAINER_ASIDE: &[&[Entry<()>]] = &[&[((),
        "admin note, note to self, internal note, for the record, for other admins, no issue goes before, in the
         order, we triage, treat all users, closing this for a security reason, security reason, off the account
         now, ill tell once, once i have looked, will look into, have to look")]];
