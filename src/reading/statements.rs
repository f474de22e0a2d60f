//! Turns prose into statements: what is said about which thing.
//!
//! A sentence is cut into clauses; in each clause every thing spoken of takes the nearest state.
//! Things without a state wait for the next clause ("password, mail and user name I remember"), a
//! state without a thing goes to those that wait or that were spoken of last ("it never comes").

use smallvec::SmallVec;

use super::account::Statement;
use super::clause::Clause;
use super::span::Span;
use super::words::meanings::{Class, State, Topic};
use super::words::phrases::Found;
use super::words::{Break, LEXICON, Token};

/// Words of the longest clause; nobody speaks longer without taking breath.
const CLAUSE_WORDS_MAX: usize = 50;

/// Words of a clause among which one that points back is looked for.
const POINTER_WORDS_MAX: usize = 4;

/// Words beside its things that a clause may have and still be a mere list of them.
const LIST_WORDS_MAX: usize = 3;

/// Statements that hardly a text exceeds.
const STATEMENTS_USUAL_MAX: usize = 16;

/// Cuts words into sentences and reads each.
pub fn statements_of(words: &[Token]) -> Vec<Statement> {
    let mut telling =
        Telling { said: Vec::with_capacity(STATEMENTS_USUAL_MAX), ..Telling::default() };
    let mut start = 0;
    for end in 1..=words.len() {
        if end < words.len() && words[end].before != Break::Sentence {
            continue;
        }
        telling.sentence(&words[start..end]);
        start = end;
    }
    telling.said
}

fn clauses_of(sentence: &[Token]) -> SmallVec<[&[Token]; 8]> {
    let mut clauses = SmallVec::new();
    let mut start = 0;
    for at in 1..sentence.len() {
        let word = &sentence[at];
        let goes_on_as =
            || sentence.get(at + 1).is_some_and(|next| next.is_a(Class::AfterAs.bit()));
        let begins = word.before != Break::Nothing
            || at - start >= CLAUSE_WORDS_MAX
            || word.is_a(Class::Clause.bit() | Class::As.bit())
                && (word.is_a(Class::Clause.bit()) || goes_on_as());
        if begins {
            clauses.push(&sentence[start..at]);
            start = at;
        }
    }
    clauses.push(&sentence[start..]);
    clauses
}

/// A thing spoken of, and where.
#[derive(Clone, Copy)]
struct Spoken {
    topic: Topic,
    at: Span,
}

/// Something said of a thing, and where.
#[derive(Clone, Copy)]
struct Said {
    state: State,
    at: Span,
}

/// A text while it is read.
#[derive(Default)]
struct Telling {
    said: Vec<Statement>,
    /// What waits for a state in this sentence.
    waiting: SmallVec<[Spoken; 4]>,
    /// What was said last in this sentence.
    last_state: Option<Said>,
    /// What was spoken of last, be it in the sentence before.
    last_topics: SmallVec<[Spoken; 4]>,
}

impl Telling {
    fn sentence(&mut self, words: &[Token]) {
        let clauses = clauses_of(words);
        for (number, words) in clauses.iter().enumerate() {
            let is_last_pair = number + 2 == clauses.len();
            let is_label = clauses.get(number + 1).is_some_and(|next| is_value(next, is_last_pair));
            self.read(&Clause::new(words), is_label);
        }
        self.say_of_waiting(None);
        self.last_state = None;
    }

    fn read(&mut self, clause: &Clause<'_>, is_label: bool) {
        if clause.is_about_something_else() {
            return;
        }
        match (clause.topics.is_empty(), clause.states.is_empty()) {
            (true, true) => {}
            (true, false) => self.state_alone(clause),
            (false, true) => self.topics_alone(clause, is_label),
            (false, false) => self.both(clause),
        }
        if !clause.topics.is_empty() {
            self.last_topics = clause.topics.iter().map(|topic| spoken(clause, topic)).collect();
        }
    }

    fn both(&mut self, clause: &Clause<'_>) {
        if !clause.begins_with(Class::SideClause) {
            let first = clause.states.first().map(|state| said(clause, state));
            self.say_of_waiting(first);
        }
        for topic in &clause.topics {
            let state = clause.state_of(topic).map(|state| said(clause, state));
            self.say(spoken(clause, topic), state);
        }
        self.last_state = clause.states.last().map(|state| said(clause, state));
    }

    fn state_alone(&mut self, clause: &Clause<'_>) {
        let Some(state) = clause.strongest_state() else {
            return;
        };
        let state = said(clause, state);
        let pointer = clause
            .words
            .iter()
            .take(POINTER_WORDS_MAX)
            .find(|token| token.is_a(Class::Pointer.bit()));
        if state.state == State::Unverified && self.waiting.is_empty() {
            // Nothing but an address is ever verified.
            self.say(Spoken { topic: Topic::Mailbox, at: state.at }, Some(state));
        } else if self.waiting.is_empty() {
            let points_to_many = pointer.is_some_and(|token| token.is_a(Class::ManyPointer.bit()));
            let count = match pointer {
                None => 0,
                Some(_) if points_to_many => self.last_topics.len(),
                Some(_) => 1,
            };
            let first = self.last_topics.len().saturating_sub(count);
            for topic in self.last_topics.clone().into_iter().skip(first) {
                self.say(topic, Some(state));
            }
        } else if !clause.begins_with(Class::SideClause) || pointer.is_some() {
            self.say_of_waiting(Some(state));
        }
        self.last_state = Some(state);
    }

    fn topics_alone(&mut self, clause: &Clause<'_>, is_label: bool) {
        let topic_words: usize = clause.topics.iter().map(|topic| topic.end - topic.start).sum();
        let other_words = clause.words.len() - topic_words;
        let is_statement = other_words > LIST_WORDS_MAX + 1 || clause.has(Class::Verb);
        let is_list_item =
            !is_statement && !is_label && other_words <= LIST_WORDS_MAX && !clause.has(Class::Mark);
        for topic in &clause.topics {
            let topic = spoken(clause, topic);
            match (is_list_item, self.last_state) {
                // "I do have my email, my 2FA and my codes": the items share the state before them.
                (true, Some(state)) => self.say(topic, Some(state)),
                _ if is_statement || is_label => self.say(topic, None),
                _ => self.waiting.push(topic),
            }
        }
    }

    fn say_of_waiting(&mut self, state: Option<Said>) {
        for topic in std::mem::take(&mut self.waiting) {
            self.say(topic, state);
        }
    }

    fn say(&mut self, topic: Spoken, said: Option<Said>) {
        let state = said.map(|said| match said.state {
            State::Denied => State::Have,
            state => state,
        });
        let state_at = said.map_or(topic.at, |said| said.at);
        self.said.push(Statement { topic: topic.topic, state, topic_at: topic.at, state_at });
    }
}

/// What follows a colon and says nothing, or an address at the end, is the value of a label.
fn is_value(clause: &[Token], is_last: bool) -> bool {
    let lexicon = &LEXICON;
    let follows_colon = clause[0].before == Break::Colon;
    follows_colon && lexicon.find(&lexicon.states, clause).is_empty()
        || is_last && clause[0].is_mark()
}

fn spoken(clause: &Clause<'_>, topic: &Found<Topic>) -> Spoken {
    Spoken { topic: topic.meaning, at: clause.span(topic) }
}

fn said(clause: &Clause<'_>, state: &Found<State>) -> Said {
    Said { state: state.meaning, at: clause.span(state) }
}
