//! Reads a comment: what its author wants to say, and whose turn it is afterwards.

use std::sync::LazyLock;

use regex::Regex;
use smallvec::smallvec;

use super::account::{Account, Spans};
use super::answers::find_answers;
use super::commands::find_commands;
use super::evidence::{Conclusion, Evidence};
use super::form::LineKind;
use super::lures::is_lure;
use super::mail::own_words;
use super::possessions::{email_access, recovery_codes};
use super::prose::Prose;
use super::reasons::reasons_of;
use super::secrets::{find_secrets, kinds_of};
use super::span::{Source, Span};
use super::username::named_in;
use super::words::meanings::{Class, Remark};
use super::words::phrases::{Finds, Found};
use super::words::vocabulary::Word;
use super::words::{LEXICON, Token};
use super::{Answers, AuthorRole, CommentReading, Intent, NextTurn, Reason, Sensitive};

static BRANCH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"https://(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)/[\w.-]+/[\w.-]+/(?:-/)?(?:tree|src/branch|branch)/[\w./-]*[\w/-]")
        .expect("the pattern is fixed and tested")
});

/// Words of a comment in which trouble is the point rather than the question.
const ASIDE_WORDS_MAX: usize = 12;

/// Fewer words than this tell nothing.
const WORDS_MIN: usize = 3;

/// What a maintainer's comment decides, most decisive first: the first found counts.
const DECISIVE: &[(Intent, &str)] = &[
    (Intent::ClosingDuplicate, "it says that another issue is the same"),
    (Intent::PointsToCodes, "it says that recovery codes exist"),
    (Intent::FollowUpNoResponse, "it reminds of what was asked"),
    (Intent::RecoveryComplete, "it says that the recovery is done"),
    (Intent::ClosingNoResponse, "it closes because nothing came"),
    (Intent::RecoveryInitiated, "it says that the recovery has begun"),
    (Intent::AsksToEmailSupport, "it asks for a mail to support"),
];

/// The branch a repository begins with proves nothing.
fn is_proof(url: &str) -> bool {
    !["/main", "/master", "/HEAD"].iter().any(|name| url.ends_with(name))
}

/// Words beyond which a thank-you says more than thanks.
const THANKS_WORDS_MAX: usize = 28;

/// Reads one comment.
pub fn read_comment(role: AuthorRole, body: &str) -> CommentReading {
    let source = Source::new("", body);
    let own = own_words(source.body());
    let mut prose = Prose::of(&source, &[own], |_| LineKind::Answer);
    let comment = Comment::new(&source, own, &prose);
    let intent = comment.intent(role);
    let sensitive = sensitive_in(role, body);
    // Only the requester answers for themselves.
    let is_requester = role == AuthorRole::Requester;
    CommentReading {
        intent: intent.value,
        next_turn: next_turn(role, intent.value, comment.asks),
        branch_url: comment.branch_url.map(str::to_owned),
        commands: find_commands(body),
        answers: if is_requester { find_answers(own) } else { Answers::default() },
        told: if is_requester { told_in(&mut prose, own) } else { Answers::default() },
        is_lure: role == AuthorRole::Bystander && is_lure(own, &sensitive),
        sensitive,
        evidence: comment.evidence(&intent),
    }
}

/// What the prose tells of the account.
fn told_in(prose: &mut Prose, own: &str) -> Answers {
    let account = Account::of(prose);
    let username = named_in(own);
    let mut reasons = reasons_of(&account);
    if username.is_some() {
        reasons.retain(|reason| reason.value != Reason::ForgotUsername);
    }
    Answers {
        username,
        recovery_codes: recovery_codes(&account).map(|conclusion| conclusion.value),
        email_access: email_access(&account, &reasons).map(|conclusion| conclusion.value),
        reasons: reasons.into_iter().map(|conclusion| conclusion.value).collect(),
        session: None,
        site: None,
    }
}

/// A comment taken apart.
struct Comment<'a> {
    source: &'a Source,
    words: Vec<Token>,
    remarks: Finds<Remark>,
    branch_url: Option<&'a str>,
    /// Whether it has a question mark.
    asks: bool,
}

/// Maintainers name addresses as examples; what they post is no leak.
fn sensitive_in(role: AuthorRole, body: &str) -> Vec<Sensitive> {
    let mut kinds = kinds_of(&find_secrets(body));
    if role == AuthorRole::Maintainer {
        kinds.retain(|kind| !matches!(kind, Sensitive::EmailAddress | Sensitive::Phone));
    }
    kinds
}

impl<'a> Comment<'a> {
    fn new(source: &'a Source, own: &'a str, prose: &Prose) -> Self {
        let lexicon = &LEXICON;
        let words = prose.own().into_owned();
        Self {
            remarks: lexicon.remarks.find_overlapping(&lexicon.vocabulary, &words),
            branch_url: BRANCH.find_iter(own).map(|found| found.as_str()).find(|url| is_proof(url)),
            asks: prose.asks,
            source,
            words,
        }
    }

    fn intent(&self, role: AuthorRole) -> Conclusion<Intent> {
        match role {
            AuthorRole::Requester => self.requester_intent(),
            AuthorRole::Maintainer => self.maintainer_intent(),
            AuthorRole::Bystander => self.bystander_intent(),
        }
    }

    fn requester_intent(&self) -> Conclusion<Intent> {
        let found = LEXICON.find(&LEXICON.requester, &self.words);
        let in_trouble = self.has(Remark::Trouble);
        let is_promise = self.has(Remark::Unfinished);
        let is_report = !is_promise && !in_trouble;
        let says = |intent: Intent| found.iter().find(|found| found.meaning == intent);
        let by = |intent: Intent, rule: &'static str| {
            says(intent).map(|found| Conclusion::new(intent, rule, smallvec![self.span(found)]))
        };
        if let Some(url) = self.branch_url {
            let spans = smallvec![self.source.span_of(url)];
            let rule = "it links a branch";
            return Conclusion::new(Intent::CompletedVerification, rule, spans);
        }
        if self.has(Remark::OtherRoute) {
            return self.without_phrase(Intent::Other, "it is about another route");
        }
        if !in_trouble && let Some(intent) = by(Intent::SelfResolved, "it says that it is settled")
        {
            return intent;
        }
        if let Some(intent) = by(Intent::AsksToClose, "it asks to close") {
            let resolved = by(Intent::SelfResolved, "it says that it is settled and asks to close");
            return resolved.unwrap_or(intent);
        }
        let may_ask = self.asks || !in_trouble || self.words.len() > ASIDE_WORDS_MAX;
        if may_ask && let Some(intent) = by(Intent::AsksStatus, "it asks how it stands") {
            return intent;
        }
        let reported = by(Intent::EmailedSupport, "it says that the mail was sent")
            .or_else(|| by(Intent::CompletedVerification, "it says that what was asked is done"));
        if is_report && let Some(intent) = reported {
            return intent;
        }
        // Whoever names the mailbox of support has written to it, whatever is added.
        let names_support = self.words.iter().any(|word| word.word == LEXICON.marks.staff);
        let emailed = by(Intent::EmailedSupport, "it says that the mail was sent");
        if names_support
            && !is_promise
            && let Some(intent) = emailed
        {
            return intent;
        }
        let is_thanks = is_promise || !in_trouble && self.is_only_thanks();
        if is_thanks && let Some(intent) = by(Intent::Thanks, "it thanks and says no more") {
            return intent;
        }
        if self.asks && !in_trouble {
            return self.without_phrase(Intent::Other, "it asks something about the process");
        }
        if self.words.len() >= WORDS_MIN {
            self.without_phrase(Intent::ProvidesInfo, "it tells something else")
        } else {
            self.without_phrase(Intent::Other, "it says too little")
        }
    }

    /// Short, or followed by nothing but a signature, and without any detail.
    fn is_only_thanks(&self) -> bool {
        let first_person = Class::FirstPerson.bit();
        let speaks = self.words.iter().any(|token| token.is_a(first_person));
        let is_short = self.words.len() <= THANKS_WORDS_MAX;
        (is_short || !speaks) && !self.has(Remark::Details)
    }

    fn maintainer_intent(&self) -> Conclusion<Intent> {
        if self.has(Remark::Aside) {
            return self.without_phrase(Intent::Other, "it is a remark for the others");
        }
        let found = LEXICON.find(&LEXICON.maintainer, &self.words);
        let by = |intent: Intent, rule: &'static str| {
            let said = found.iter().find(|found| found.meaning == intent);
            said.map(|found| Conclusion::new(intent, rule, smallvec![self.span(found)]))
        };
        let cued = |intent: Intent, rule: &'static str| match self.cue_of(intent) {
            Some(cue) => Some(Conclusion::new(intent, rule, smallvec![cue])),
            None => by(intent, rule),
        };
        if let Some(intent) = DECISIVE.iter().find_map(|&(intent, rule)| cued(intent, rule)) {
            return intent;
        }
        if let Some(intent) = by(Intent::AsksForInfo, "it asks for something") {
            return intent;
        }
        match self.words.len() {
            // One bare word answers "what is my user name?".
            1 => self.without_phrase(Intent::RecoveryComplete, "one word answers the question"),
            _ if self.asks => self.without_phrase(Intent::AsksForInfo, "it asks a question"),
            _ => self.without_phrase(Intent::Other, "it neither asks nor tells a step"),
        }
    }

    /// What shows an intent of a maintainer without any phrase of its own.
    fn cue_of(&self, intent: Intent) -> Option<Span> {
        let mark = |mark: Word| self.words.iter().find(|word| word.word == mark);
        let remark = |wanted: Remark| self.remarks.iter().find(|found| found.meaning == wanted);
        let marks = &LEXICON.marks;
        let will_close = self.has(Remark::WillClose);
        match intent {
            Intent::ClosingDuplicate => {
                let issue = mark(marks.issue)?;
                self.has(Remark::SameMatter).then_some(issue.span)
            }
            Intent::ClosingNoResponse if !will_close => {
                remark(Remark::Closing).map(|closing| self.span(closing))
            }
            Intent::FollowUpNoResponse => {
                remark(Remark::WillClose).map(|closing| self.span(closing))
            }
            Intent::AsksToEmailSupport => mark(marks.staff).map(|staff| staff.span),
            _ => None,
        }
    }

    fn bystander_intent(&self) -> Conclusion<Intent> {
        let found = LEXICON.find(&LEXICON.requester, &self.words);
        match found.iter().find(|found| found.meaning == Intent::AsksStatus) {
            Some(found) => {
                let spans = smallvec![self.span(found)];
                Conclusion::new(Intent::AsksStatus, "it asks how it stands", spans)
            }
            None => self.without_phrase(Intent::Other, "it is somebody else's remark"),
        }
    }

    fn has(&self, remark: Remark) -> bool {
        self.remarks.iter().any(|found| found.meaning == remark)
    }

    fn span<M>(&self, found: &Found<M>) -> Span {
        self.words[found.start].span.to(self.words[found.end - 1].span)
    }

    fn without_phrase(&self, intent: Intent, rule: &'static str) -> Conclusion<Intent> {
        Conclusion::new(intent, rule, Spans::new())
    }

    fn evidence(&self, intent: &Conclusion<Intent>) -> Vec<Evidence> {
        let mut evidence = vec![intent.as_evidence(self.source, "intent", intent.value.name())];
        if let Some(url) = self.branch_url {
            let spans = smallvec![self.source.span_of(url)];
            let linked = Conclusion::new((), "it links a branch", spans);
            evidence.push(linked.as_evidence(self.source, "branch_url", url.to_owned()));
        }
        evidence
    }
}

fn next_turn(role: AuthorRole, intent: Intent, asks: bool) -> NextTurn {
    match intent {
        Intent::SelfResolved | Intent::AsksToClose => NextTurn::Nobody,
        Intent::EmailedSupport
        | Intent::CompletedVerification
        | Intent::AsksStatus
        | Intent::ProvidesInfo => NextTurn::Maintainers,
        Intent::AsksToEmailSupport
        | Intent::AsksForInfo
        | Intent::FollowUpNoResponse
        | Intent::PointsToCodes => NextTurn::Requester,
        Intent::RecoveryInitiated => NextTurn::Requester,
        Intent::RecoveryComplete | Intent::ClosingNoResponse | Intent::ClosingDuplicate => {
            NextTurn::Nobody
        }
        Intent::Thanks => NextTurn::Unchanged,
        Intent::Other => match role {
            // A question of the requester is for the desk; anything else leaves the turn.
            AuthorRole::Requester if asks => NextTurn::Maintainers,
            AuthorRole::Requester | AuthorRole::Maintainer | AuthorRole::Bystander => {
                NextTurn::Unchanged
            }
        },
    }
}
