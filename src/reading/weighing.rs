//! Weighs what the rules conclude against everything else a text offers.
//!
//! Where the weights agree with a rule, the rule stays as the evidence; where they outweigh it, the
//! words that did are the evidence, and a doubt says so.

use super::account::{Account, Spans};
use super::evidence::{Conclusion, Doubt};
use super::offers::{Concluded, offer_request};
use super::span::Source;
use super::weights::{Offer, REQUESTS, Votes, Weights};
use super::{Known, Reason, RecoveryCodes};

/// The rule of a conclusion that no rule draws.
pub const BY_WEIGHT: &str = "its words weigh towards it";

/// Votes this near to none are a doubt.
const MARGIN: f32 = 0.6;

/// What is concluded about somebody's way in.
#[derive(Debug, Clone)]
pub struct Conclusions {
    /// Why it is closed, in the order of the reasons.
    pub reasons: Vec<Conclusion<Reason>>,
    /// Whether the mailbox can be read.
    pub email_access: Option<Conclusion<Known>>,
    /// Whether the password is known.
    pub password_known: Option<Conclusion<Known>>,
    /// What became of the recovery codes.
    pub recovery_codes: Option<Conclusion<RecoveryCodes>>,
    /// Fields on which the votes are nearly even, or outweigh a rule.
    pub doubts: Vec<Doubt>,
}

impl Conclusions {
    /// The same as what is offered to be weighed.
    pub fn concluded(&self) -> Concluded<'_> {
        Concluded {
            reasons: &self.reasons,
            email_access: self.email_access.as_ref(),
            password_known: self.password_known.as_ref(),
            recovery_codes: self.recovery_codes.as_ref(),
        }
    }

    /// What remains of the rules' conclusions when everything is weighed. Where nothing is said,
    /// nothing is weighed.
    pub fn weighed(self, source: &Source, account: &Account) -> Self {
        let weights = &*REQUESTS;
        if account.words == 0 || weights.answers.is_empty() {
            return self;
        }
        let mut offers = Vec::with_capacity(2 * account.own.len() + 16);
        offer_request(source, account, &self.concluded(), &mut offers);
        let votes = weights.votes(&offers);
        let ballot = Ballot { weights, offers, votes };
        let mut doubts = self.doubts;
        let reasons = ballot.reasons(self.reasons, &mut doubts);
        let has_lost_mailbox = reasons.iter().any(|reason| reason.value == Reason::LostEmail);
        let email_access = if has_lost_mailbox {
            self.email_access.filter(|access| access.value == Known::No).or_else(|| {
                let lost = reasons.iter().find(|reason| reason.value == Reason::LostEmail)?;
                Some(Conclusion::new(Known::No, "the mailbox is lost", lost.spans.clone()))
            })
        } else {
            ballot.answer("email_access", self.email_access, &[Known::Yes, Known::No])
        };
        let answers = [RecoveryCodes::Lost, RecoveryCodes::Rejected, RecoveryCodes::Has];
        Self {
            email_access,
            password_known: ballot.answer(
                "password_known",
                self.password_known,
                &[Known::Yes, Known::No],
            ),
            recovery_codes: ballot.answer("recovery_codes", self.recovery_codes, &answers),
            reasons,
            doubts,
        }
    }
}

/// What was offered, and the votes on it.
struct Ballot<'a> {
    weights: &'a Weights,
    offers: Vec<Offer>,
    votes: Votes,
}

impl Ballot<'_> {
    fn number_of(&self, field: &str, value: &str) -> Option<usize> {
        let is_answer = |answer: &&str| {
            answer.split_once('=').is_some_and(|(of, is)| of == field && is == value)
        };
        self.weights.answers.iter().position(|answer| is_answer(&answer))
    }

    fn places(&self, answer: usize) -> Spans {
        self.weights.places_for(answer, &self.offers)
    }

    fn reasons(
        &self,
        by_rule: Vec<Conclusion<Reason>>,
        doubts: &mut Vec<Doubt>,
    ) -> Vec<Conclusion<Reason>> {
        let mut kept = Vec::with_capacity(by_rule.len() + 1);
        let mut by_rule = by_rule.into_iter().peekable();
        for reason in Reason::ALL {
            let mut found = Vec::new();
            while let Some(one) = by_rule.next_if(|one| one.value == reason) {
                found.push(one);
            }
            let Some(number) = self.number_of("reasons", reason.name()) else { continue };
            let votes = self.votes[number];
            if votes.abs() < MARGIN {
                doubts.push(Doubt::new("reasons", "its words weigh about evenly for and against"));
            } else if votes < 0.0 && !found.is_empty() {
                doubts.push(Doubt::new("reasons", "its words outweigh what a rule found"));
            }
            match (votes > 0.0, found.is_empty()) {
                (true, true) => kept.push(Conclusion::new(reason, BY_WEIGHT, self.places(number))),
                (true, false) => kept.append(&mut found),
                (false, _) => {}
            }
        }
        kept
    }

    /// The answer with the most votes, or none of them.
    fn answer<T: Answer>(
        &self,
        field: &'static str,
        by_rule: Option<Conclusion<T>>,
        answers: &[T],
    ) -> Option<Conclusion<T>> {
        let numbered = answers.iter().filter_map(|&answer| {
            let number = self.number_of(field, answer.name())?;
            Some((answer, number))
        });
        let (value, number) =
            numbered.max_by(|one, other| self.votes[one.1].total_cmp(&self.votes[other.1]))?;
        if self.votes[number] <= 0.0 {
            return None;
        }
        let same = by_rule.filter(|by_rule| by_rule.value == value);
        Some(same.unwrap_or_else(|| Conclusion::new(value, BY_WEIGHT, self.places(number))))
    }
}

/// A value one of which is voted for.
trait Answer: Copy + PartialEq {
    fn name(self) -> &'static str;
}

impl Answer for Known {
    fn name(self) -> &'static str {
        Known::name(self)
    }
}

impl Answer for RecoveryCodes {
    fn name(self) -> &'static str {
        RecoveryCodes::name(self)
    }
}
