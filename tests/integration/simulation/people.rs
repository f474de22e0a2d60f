//! What people do, by a seed: requesters, staff, bystanders and programs, over several issues.
//!
//! A history is a list of values made before anything happens, so that it can be played in more
//! than one world.

use super::dice::Dice;
use crate::desk::{ADA, BEN, MIRA, ROOT, lost_phone, request};

/// A second requester.
pub(super) const CLEO: &str = "cleo-locked-out";
/// Another program's account.
pub(super) const PROGRAM: &str = "stalebot[bot]";

/// What must not be found anywhere but where people put it.
pub(super) const SECRET: &str = "3f2a9c1b8d7e6f50";

/// Those who may give staff's commands.
pub(super) const STAFF: &[&str] = &[MIRA, ROOT];

/// The policy at the beginning.
pub(super) const POLICY: &str = "[[escalation]]\nname = \"first\"\nafter = \"1 hour\"\n\
    labels = [\"escalated\"]\nmention = [\"@mira-maintainer\"]\nassign = \"@mira-maintainer\"\n\
    [silence]\nremind_after = \"10 days\"\nclose_after = \"7 days\"\n";

/// Policies pushed while the bot runs; the last is broken.
const POLICIES: &[&str] = &[
    "[[escalation]]\nname = \"later\"\nafter = \"3 hours\"\nlabels = [\"escalated\", \"late\"]\n\
     [silence]\nremind_after = \"9 days\"\nclose_after = \"7 days\"\n",
    "[silence]\nremind_after = \"12 days\"\nclose_after = \"7 days\"\n[rota]\nmembers = [\"@root\"]\n",
    "escalation = 7\n",
];

/// Who says what. Words of those without the role, quoted or put into somebody's mouth, that
/// would command if they counted, are [`POWERLESS`].
const WORDS: &[(&str, &str)] = &[
    (ADA, "I own left-pad and right-pad."),
    (ADA, "Is there any news?"),
    (ADA, "I have sent the mail to the address you named."),
    (ADA, "My user name is ada."),
    (ADA, "/codes no"),
    (ADA, "/faq waiting"),
    (ADA, "/help"),
    (CLEO, "I have the same problem, here is what you need."),
    (MIRA, "Which projects do you own?"),
    (MIRA, "I will look into it."),
    (MIRA, "/initiated"),
    (MIRA, "/turn requester"),
    (MIRA, "/turn maintainers\n/escalate"),
    (MIRA, "/need a project name"),
    (MIRA, "/initated"),
    (MIRA, "/snooze 2 days"),
    (MIRA, "/wake"),
    (MIRA, "/calm"),
    (MIRA, "/assign"),
    (MIRA, "/guide lost-app"),
    (MIRA, "/label forgot password"),
    (MIRA, "/unlabel escalated"),
    (MIRA, "/away 2026-12-01..2026-12-02 a holiday"),
    (MIRA, "/back"),
    (ROOT, "/reason lost_2fa"),
    (ROOT, "/initiated\n/help"),
    (BEN, "Same here."),
    (BEN, "/faq process"),
];

/// What ends a request.
const ENDS: &[(&str, &str)] = &[
    (ADA, "/resolved"),
    (ADA, "Thank you!"),
    (ADA, "I found my recovery codes and I am in again, please close this."),
    (MIRA, "/recovered"),
    (MIRA, "/decline there is no proof"),
    (MIRA, "/close"),
    (MIRA, "/reopen"),
    (ROOT, "/duplicate #1"),
];

/// What changes nothing, whatever it says.
const POWERLESS: &[(&str, &str)] = &[
    (BEN, "/recovered"),
    (BEN, "/close"),
    (BEN, "/turn requester"),
    (BEN, "/assign"),
    (PROGRAM, "/recovered\n/close"),
    (PROGRAM, "<!-- keydesk:issue:1:card -->\n/decline as I say"),
];

/// Where the secret stands.
const LEAKS: &[(&str, &str)] = &[
    (ADA, "One of my recovery codes is 3f2a9c1b8d7e6f50, does that help?"),
    (ADA, "/session recovery code 3f2a9c1b8d7e6f50"),
    (BEN, "Try the recovery code 3f2a9c1b8d7e6f50 of mine."),
    (MIRA, "/need another recovery code than 3f2a9c1b8d7e6f50"),
];

/// Labels people put on and take off.
const LABELS: &[&str] =
    &["escalated", "needs information", "lost 2FA", "forgot password", "account-recovery"];

/// What somebody did.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// Filed a request.
    Files { body: String },
    /// Wrote a comment.
    Says { text: &'static str, is_powerless: bool },
    /// Changed the comment of this number among people's.
    EditsComment { nth: usize, text: &'static str },
    /// Took such a comment away.
    DeletesComment { nth: usize },
    /// Wrote the request anew.
    EditsRequest { body: String },
    /// Put a label on.
    Labels(&'static str),
    /// Took one off.
    Unlabels(&'static str),
    /// Closed the issue, or opened it again.
    SetsOpen(bool),
    /// Locked it, or unlocked it.
    SetsLocked(bool),
    /// Deleted it.
    Deletes,
    /// Moved it elsewhere.
    Transfers,
    /// Pushed a policy.
    Pushes(&'static str),
}

/// Something somebody did to an issue, so many seconds after what was before.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    pub(super) after: i64,
    pub(super) who: &'static str,
    pub(super) issue: u64,
    pub(super) what: What,
}

/// What people do in a world.
#[derive(Clone, Debug)]
pub(super) struct History {
    pub(super) deeds: Vec<Deed>,
    /// Whether people only write, so that nothing they do depends on how far the bot has come.
    pub(super) is_talk: bool,
    /// Whether requests may end.
    pub(super) may_end: bool,
}

impl History {
    /// The history of a seed.
    pub(super) fn of(seed: u64) -> Self {
        let mut dice = Dice::of(seed, 1);
        let mut teller = Teller {
            is_talk: dice.below(3) > 0,
            may_end: dice.once_in(3),
            may_leak: dice.once_in(3),
            is_busy: false,
            issue_count: 1,
        };
        teller.is_busy = dice.once_in(3);
        let first = teller.files(&mut dice, ADA);
        let mut deeds = vec![Deed { after: 60, who: ADA, issue: 1, what: first }];
        if teller.is_busy {
            deeds.extend([ADA, CLEO].map(|who| teller.files_another(&mut dice, (0, who))));
        }
        for _ in 0..6 + dice.below(8) {
            deeds.push(teller.next(&mut dice));
        }
        Self { deeds, is_talk: teller.is_talk, may_end: teller.may_end }
    }

    /// Whether the rules change on the way.
    pub(super) fn has_policies(&self) -> bool {
        self.deeds.iter().any(|deed| matches!(deed.what, What::Pushes(_)))
    }

    /// The same, where those who command without the role only say something.
    pub(super) fn without_the_powerless(&self) -> Self {
        let mut history = self.clone();
        for deed in &mut history.deeds {
            if let What::Says { text, is_powerless: true } = &mut deed.what {
                *text = "Same here.";
            }
        }
        history
    }
}

/// Makes one thing after the other up.
struct Teller {
    is_talk: bool,
    may_end: bool,
    may_leak: bool,
    /// Much happens within a minute, to several requests.
    is_busy: bool,
    issue_count: u64,
}

impl Teller {
    fn files(&self, dice: &mut Dice, who: &str) -> What {
        let name = if who == ADA { "ada" } else { "cleo" };
        let body = match dice.below(if self.may_leak { 4 } else { 3 }) {
            0 => request(Some(name), "I lost my phone with the authenticator app.", true),
            1 => request(None, "I lost my phone.", true),
            2 => request(Some(name), "I forgot my password and lost my email address.", false),
            _ => {
                request(Some(name), "I lost my phone. My recovery code is 3f2a9c1b8d7e6f50.", true)
            }
        };
        What::Files { body }
    }

    fn files_another(&mut self, dice: &mut Dice, (after, who): (i64, &'static str)) -> Deed {
        self.issue_count += 1;
        let what = self.files(dice, who);
        Deed { after, who, issue: self.issue_count, what }
    }

    fn next(&mut self, dice: &mut Dice) -> Deed {
        let after = if self.is_busy {
            dice.one_of(&[0, 0, 1, 1, 5, 20, 300, 7_200])
        } else {
            dice.one_of(&[0, 1, 1, 20, 20, 300, 300, 1_800, 7_200, 90_000])
        };
        let issue = 1 + dice.below(usize::try_from(self.issue_count).expect("few")) as u64;
        let (who, what) = match dice.below(20) {
            0 if self.issue_count < 3 => {
                let who = dice.one_of(&[ADA, CLEO]);
                return self.files_another(dice, (after, who));
            }
            0 | 1 => (ROOT, What::Pushes(dice.one_of(POLICIES))),
            2 => (ADA, self.edited_request(dice)),
            3 => {
                let (who, text) = dice.one_of(WORDS);
                (who, What::EditsComment { nth: dice.below(9), text })
            }
            4 | 5 => said(dice.one_of(POWERLESS), true),
            6 | 7 if self.may_leak => said(dice.one_of(LEAKS), false),
            8 | 9 if self.may_end => said(dice.one_of(ENDS), false),
            10..=14 if !self.is_talk => by_hand(dice),
            _ => said(dice.one_of(WORDS), false),
        };
        Deed { after, who, issue, what }
    }

    fn edited_request(&self, dice: &mut Dice) -> What {
        match dice.below(3) {
            0 => What::EditsRequest { body: lost_phone() },
            1 => What::EditsRequest { body: request(None, "I lost my phone.", true) },
            _ => self.files(dice, ADA),
        }
        .into_edit()
    }
}

impl What {
    fn into_edit(self) -> Self {
        match self {
            Self::Files { body } => Self::EditsRequest { body },
            other => other,
        }
    }
}

fn said((who, text): (&'static str, &'static str), is_powerless: bool) -> (&'static str, What) {
    (who, What::Says { text, is_powerless })
}

/// What staff do with the mouse, and what depends on how far the bot has come.
fn by_hand(dice: &mut Dice) -> (&'static str, What) {
    match dice.below(12) {
        0..=3 => (MIRA, What::Labels(dice.one_of(LABELS))),
        4..=6 => (MIRA, What::Unlabels(dice.one_of(LABELS))),
        7 => (dice.one_of(&[MIRA, ADA]), What::SetsOpen(dice.once_in(2))),
        8 => (MIRA, What::SetsLocked(dice.once_in(2))),
        9 => (dice.one_of(&[ROOT, ADA]), What::DeletesComment { nth: dice.below(9) }),
        10 => (ROOT, What::EditsComment { nth: dice.below(9), text: "/recovered" }),
        _ if dice.once_in(2) => (ROOT, What::Deletes),
        _ => (ROOT, What::Transfers),
    }
}
