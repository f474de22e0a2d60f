//! What else a request may be about: takeovers, other wishes, and things that are no recovery.

use super::Entry;

/// A matter that is named by a phrase of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Matter {
    /// Somebody took the account over.
    Takeover,
    /// Something was broken into; counts as a takeover only beside the account.
    Breakin,
    /// Somebody who is not the account's owner did something; speaks for a takeover.
    Intruder,
    /// The owner left or died.
    OwnerGone,
    /// Delete the account.
    Deletion,
    /// Another user name.
    Rename,
    /// Move a project or its ownership.
    Transfer,
    /// The account was suspended, banned, frozen.
    Suspension,
    /// An earlier request of the same person.
    EarlierRequest,
    /// The account came from a way of signing in that is gone.
    OldSignIn,
    /// Some error that belongs to no other matter.
    PageError,
    /// An organization account of PyPI.
    Organization,
    /// Limits, removals, installation trouble, notices: no recovery at all.
    NoRecovery,
    /// The writer wants to get into an account again.
    WantsBackIn,
    /// A login from a new device has to be confirmed.
    NewDevice,
    /// It is settled already.
    Settled,
}

/// Phrases for each matter.
pub const MATTERS: &[&[Entry<Matter>]] = &[&[
    (Matter::Takeover,
        "hacked my|our ?pypi account, my|our ?pypi account was|is|has|got ?been
         hacked|stolen|compromised|hijacked, account was|is|has|got ?been hacked|stolen|hijacked, took over
         my|our|the account, taken over, take over my account, got into my|our account, broke into my|our
         account, account .. hijacked, seize it|my, to seize, hijacked my, attacker, the hacker, hacker,
         unauthorized access, unauthorised access, someone else .. my account, somebody else .. my account, stole
         my account, account stolen, stolen account, account takeover, 账号被盗, 被盗, взломал*, взломан*, hackearon,
         hackeada, hackeado, invadida, pirate, gehackt, hesabim calindi, アカウントが乗っ取, 해킹"),
    (Matter::Breakin,
        "hacked, was hacked, compromised account"),
    (
        Matter::Intruder,
        "stranger logged|changed|took|got|has, someone|somebody logged in, somebody|someone i|we dont know, someone|somebody ?else ?has hacked|got|reset|changed|switched|took|stole|broke|logged|accessed|enabled, a stranger has, former employer|boss reset|changed|took|used|seized, account was|is ?been hacked, whoever did it"),
    (Matter::OwnerGone,
        "colleague|coworker|employee|developer|owner|maintainer|who .. .. resigned|quit|retired|fired, resigned, was let go, colleague|employee|owner|maintainer|teammate|whoever .. left, who meanwhile left, has meanwhile left, he|she|they|person|guy|developer|employee|colleague|boss|founder .. left, person|member|colleague|employee .. gone, has|had left ?the ?our ?my
         ?company|org|organization|organisation|firm|team|us, who .. left, no longer
         with us|the|our, no longer .. works|work|employed, is no longer with the company, doesnt|dont|not work
         ?for|at|here us, doesnt|dont work for us|here, former|ex|previous
         employee|colleague|employees|colleagues|coworker, ex employee, employee of .. is
         gone, employee .. gone, gone from our firm|company|team, team mate|member|teammate|colleague .. left,
         who owns this account, deceased, passed away recently, died of|last, died, he died, she died, late
         colleague|coworker|friend, has been gone, owner left, 离职, уволил*, уволен*"),
    (Matter::Deletion,
        "delete the|my|this|that|our|old ?old ?pypi ?account, delete it, delete the old one, deleting my account,
         account deleted, have .. account deleted, deletion, delete this account, remove the|my|this|old account,
         out of your system, take the account .. out, close my account, 删除账号, 注销账号"),
    (
        Matter::Rename,
        "another|different username, different user name, rename my|the|this|username|account, change|changing ?of ?my ?the ?our ?pypi username|user, username .. become, username .. changed, username .. i would love to have, lock the|my username, locks ?the ?pypi username,
         carry this .. username, free|release the ?user name|username, unable ?to change .. username, new username, username change"),
    (
        Matter::Transfer,
        "transfer .. project|package|projects|packages|ownership|name|library|account|rights, transfer of, transferred to, transfer it, project|package|ownership|account transfer, transferring .. project|package|ownership, move|moving|change|changing|hand|take|taking|give|claim|claiming|regain|regaining|changes|obtain|get ?the ?project ?package ownership, ownership be|is|was moved|transferred|changed, ownership moved|changes|transfer|change,
         hand the|over ownership, have the ownership, who owns the, move the .. package|project|projects|library, move .. package|project, take over an existing|the|this|package|project, take over a package|project|name, co maintainer with upload, claim the name|project|package, reclaim, add me as|to"),
    (Matter::Suspension,
        "suspended, suspension, banned, frozen, account .. disabled by|for, account is|was|got ?been
         disabled|blocked|locked by|for"),
    (Matter::EarlierRequest,
        "did an account recovery, my|previous|earlier ?account recovery request #, after my account recovery,
         nobody answered|answar, instructions of the email are done, my previous|earlier|last|other
         request|ticket|issue, since then there is nothing, closed without, did what the email said, reopen"),
    (Matter::OldSignIn,
        "openid, open id, oidc login, google login, sign in with, launchpad"),
    (Matter::PageError,
        "session invalidated, session invalidated by password change, session invalid, error 500|503|403,
         internal server error, captcha, puzzling error"),
    (Matter::Organization,
        "organization requests|request|approval, organization named, organisation
         request|requests|approval|named, approval of an organization|organisation, organization has been
         pending, org request, create|created|creating an organization|organisation, approval of ?my ?our
         organization|organisation, organizations support, pending organization|organisation, organization ..
         approved, organization .. pending, organisation .. pending"),
    (Matter::NoRecovery,
        "limit request, file limit, size limit, limit of my, limit .. has to grow, increase .. limit, name
         squatting, packages were removed, package removal, trying out, away for, issues will be
         answered, psf staff, storage limit, project limit, pip install fails, spam package, malware, trove
         classifier, packages .. removed from pypi, support issues will, name request, upload fails, bug report,
         feature request"),
    (Matter::WantsBackIn,
        "get into my|the|this|our, get back in|into, back into, back in, my account back, account back, recover
         my|the|this|our|a, regain access, restore, access again, log in|into, login, logging in, sign in,
         signing in, let me in, locked out, reach that account, get .. account back, get in|into again, my
         account, account recovery, lost access, cant access, cannot access"),
    (
        Matter::NewDevice,
        "new device, unrecognized|unrecognised|unknown device, device is new|unknown|not, device isnt recognized, confirm the|this|my login, login confirmed|confirmation, unrecognized login, device not recognized, new or unrecognized",
    ),
    (Matter::Settled,
        "resolved, solved, fixed, is solved, problem is solved, never mind, nevermind, got it back, no longer
         needed, not needed anymore"),
]];
