//! One clause: the things it names, and what it says of each, with negations worked in.

use smallvec::smallvec;

use super::span::Span;
use super::words::meanings::{Class, State, Topic};
use super::words::phrases::{Finds, Found};
use super::words::{LEXICON, Token};

/// Words a state may stand away from its thing.
const REACH_WORDS_MAX: usize = 14;

/// Words between a "not" and what it turns round.
const NEGATION_WORDS_MAX: usize = 4;

/// A clause and what was found in it.
pub struct Clause<'t> {
    /// Its words.
    pub words: &'t [Token],
    /// The things it names, in order.
    pub topics: Finds<Topic>,
    /// What it says, in order.
    pub states: Finds<State>,
}

impl<'t> Clause<'t> {
    /// Looks up what a clause names and says.
    pub fn new(words: &'t [Token]) -> Self {
        let lexicon = &LEXICON;
        let vocabulary = &lexicon.vocabulary;
        let mut clause = Self { words, topics: Finds::new(), states: Finds::new() };
        lexicon.topics.find_into(&mut clause.topics, vocabulary, words);
        let mut raw = Finds::new();
        lexicon.states.find_into(&mut raw, vocabulary, words);
        if !raw.is_empty() {
            // "Forgot password page" is a thing and no statement.
            raw.retain(|state| {
                let covers =
                    |topic: &Found<Topic>| topic.start <= state.start && state.end <= topic.end;
                !clause.topics.iter().any(covers)
            });
            clause.states = clause.with_negations(&raw);
        }
        clause
    }

    /// Whether the clause speaks of the form's box or of an account elsewhere.
    pub fn is_about_something_else(&self) -> bool {
        self.states.iter().any(|state| state.meaning == State::NotAboutThis)
    }

    /// Whether its first word is of a class.
    pub fn begins_with(&self, class: Class) -> bool {
        self.words.first().is_some_and(|token| token.is_a(class.bit()))
    }

    /// Whether any of its words is of a class.
    pub fn has(&self, class: Class) -> bool {
        self.is_in(0, self.words.len(), class.bit())
    }

    /// Where a phrase of it stands.
    pub fn span<M>(&self, found: &Found<M>) -> Span {
        self.words[found.start].span.to(self.words[found.end - 1].span)
    }

    /// What it says of one of its things: the nearest state.
    pub fn state_of(&self, topic: &Found<Topic>) -> Option<&Found<State>> {
        self.states
            .iter()
            .map(|state| (distance(topic, state), state))
            .filter(|(distance, _)| *distance <= REACH_WORDS_MAX)
            .min_by_key(|(distance, state)| (*distance, is_weak(state.meaning)))
            .map(|(_, state)| state)
            .filter(|state| !self.is_attribute(topic, state))
    }

    /// What it says where it names nothing: anything rather than the bare "have".
    pub fn strongest_state(&self) -> Option<&Found<State>> {
        let is_strong = |state: &&Found<State>| state.meaning != State::Have;
        self.states.iter().find(is_strong).or(self.states.first())
    }

    /// "The name of my email is lost": what follows the preposition only describes the first thing.
    fn is_attribute(&self, topic: &Found<Topic>, state: &Found<State>) -> bool {
        let is_described = |first: &Found<Topic>| {
            let is_holder = matches!(
                first.meaning,
                Topic::Device | Topic::Keeper | Topic::Aside | Topic::CodeOrApp
            );
            !is_holder
                && first.meaning != topic.meaning
                && self.is_in(first.end, topic.start, Class::Preposition.bit())
                && !self.is_in(first.end, topic.start, Class::Joiner.bit())
        };
        state.start >= topic.end
            && self.topics.iter().filter(|first| first.end <= topic.start).any(is_described)
    }

    fn is_in(&self, start: usize, end: usize, classes: u32) -> bool {
        self.words[start..end].iter().any(|token| token.is_a(classes))
    }

    fn is_at(&self, place: usize, class: Class) -> bool {
        self.words.get(place).is_some_and(|token| token.is_a(class.bit()))
    }

    fn with_negations(&self, raw: &[Found<State>]) -> Finds<State> {
        let of_whole_clause = |wanted: State| raw.iter().find(|state| state.meaning == wanted);
        let whole = of_whole_clause(State::NotAboutThis).or_else(|| of_whole_clause(State::Denied));
        if let Some(state) = whole {
            return smallvec![*state];
        }
        // "Codes: no."
        if let ([_], [no]) = (self.words, raw)
            && matches!(no.meaning, State::Not | State::Without)
        {
            return smallvec![Found { meaning: State::Lost, ..*no }];
        }
        let is_wish = of_whole_clause(State::Wish).is_some();
        let meant = raw.iter().enumerate().filter_map(|(number, state)| {
            let (before, after) = (&raw[..number], raw.get(number + 1));
            let meaning = match state.meaning {
                State::Not | State::Without => self.absence(before, state),
                State::Have | State::MayHave if self.has_neither(after, state) => Some(State::Lost),
                State::MayHave if self.is_auxiliary(after, state) => None,
                State::MayHave if self.is_negated(before, state) => Some(State::Lost),
                State::Have | State::Renewed | State::Arrives if self.is_negated(before, state) => {
                    Some(opposite(state.meaning))
                }
                State::MayHave => (!is_wish).then_some(State::Have),
                State::Have | State::Renewed | State::Arrives => {
                    (!is_wish).then_some(state.meaning)
                }
                State::Lost if state.end - state.start == 1 && self.is_negated(before, state) => {
                    Some(State::Have)
                }
                State::Lost
                | State::Refused
                | State::NeverSet
                | State::Unverified
                | State::NotArriving
                | State::Wrong => Some(state.meaning),
                State::Denied | State::NotAboutThis | State::Wish | State::Nothing => None,
            };
            meaning.map(|meaning| Found { meaning, ..*state })
        });
        meant.collect()
    }

    /// "I remember neither": the verb is turned round by what follows it.
    fn has_neither(&self, next: Option<&Found<State>>, state: &Found<State>) -> bool {
        next.is_some_and(|next| next.start == state.end)
            && (self.is_at(state.end, Class::Neither) || self.is_at(state.end, Class::Nothing))
    }

    /// "Has left", "have lost", "had been": the verb only helps another one.
    fn is_auxiliary(&self, next: Option<&Found<State>>, have: &Found<State>) -> bool {
        let helps_state =
            next.is_some_and(|next| next.start <= have.end + 2 && next.meaning != State::Without);
        let helps_word = self.is_at(have.end, Class::AfterHave)
            || self.words.get(have.end).is_some_and(|token| token.is_participle);
        let is_guess = have.start > 0 && self.is_at(have.start - 1, Class::Guess);
        helps_state || helps_word || is_guess
    }

    /// "No codes", "none of the logins": the thing itself is not there. "Neither the app" waits for
    /// what "nor the mailbox is …" says.
    fn absence(&self, before: &[Found<State>], not: &Found<State>) -> Option<State> {
        if before.is_empty() && self.is_at(not.start, Class::Neither) {
            return None;
        }
        let near = not.end..=not.end + 2;
        let topic = self.topics.iter().find(|topic| near.contains(&topic.start))?;
        match topic.meaning {
            Topic::Factor if self.is_at(not.start, Class::Nothing) => Some(State::Lost),
            Topic::Factor => Some(State::NeverSet),
            Topic::AnyMail
            | Topic::ConfirmationMail
            | Topic::ResetMail
            | Topic::VerificationMail => Some(State::NotArriving),
            Topic::Codes | Topic::PlainCodes | Topic::Credentials => Some(State::Lost),
            Topic::Mailbox
            | Topic::OtherMailbox
            | Topic::Address
            | Topic::Password
            | Topic::Username
            | Topic::Device
            | Topic::Keeper
            | Topic::Aside
            | Topic::ApiToken
            | Topic::CodeOrApp => None,
        }
    }

    /// A "not" shortly before, or a word that denies the whole clause anywhere before.
    fn is_negated(&self, before: &[Found<State>], state: &Found<State>) -> bool {
        let mut negations = before
            .iter()
            .rev()
            .filter(|found| matches!(found.meaning, State::Not | State::Without));
        let is_near = before.last().is_some_and(|last| {
            matches!(last.meaning, State::Not | State::Without)
                && last.end + NEGATION_WORDS_MAX > state.start
        });
        is_near || negations.any(|found| self.is_at(found.start, Class::WholeDenial))
    }
}

/// What is said of nearly everything gives way to what is said of one thing.
fn is_weak(state: State) -> bool {
    matches!(state, State::Have | State::Arrives)
}

fn opposite(state: State) -> State {
    match state {
        State::Have => State::Lost,
        State::Arrives => State::NotArriving,
        State::Renewed => State::Refused,
        other => other,
    }
}

fn distance(topic: &Found<Topic>, state: &Found<State>) -> usize {
    if state.start >= topic.end {
        state.start - topic.end
    } else {
        topic.start.saturating_sub(state.end)
    }
}
