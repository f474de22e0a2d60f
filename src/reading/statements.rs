//! Turns prose into statements: what is said about which thing.
//!
//! A sentence is cut into clauses; in each clause every thing spoken of takes the nearest state.
//! Things without a state wait for the next clause ("password, mail and user name I remember"), a
//! state without a thing goes to those that wait or that were spoken of last ("it never comes").

use std::sync::LazyLock;

use super::words::matters::{MATTERS, Matter};
use super::words::screens::{SCREENS, Screen};
use super::words::states::{STATES, State};
use super::words::topics::{TOPICS, Topic};
use super::words::{Break, Found, Table, Token, tokens};

static TOPIC_TABLE: LazyLock<Table<Topic>> = LazyLock::new(|| Table::new(TOPICS));
static STATE_TABLE: LazyLock<Table<State>> = LazyLock::new(|| Table::new(STATES));
static SCREEN_TABLE: LazyLock<Table<Screen>> = LazyLock::new(|| Table::new(SCREENS));
static MATTER_TABLE: LazyLock<Table<Matter>> = LazyLock::new(|| Table::new(MATTERS));

/// Words that begin a new clause without a comma.
const CLAUSE_WORDS: &[&str] = &[
    "but", "yet", "while", "although", "though", "however", "whereas", "because", "since",
    "unless", "until", "so", "only", "when", "if", "hence", "mais", "pero", "mas", "aber", "ma",
    "но", "despite", "nor", "whose",
];

/// Words by which a clause speaks of what the clause before named.
const POINTERS: &[&str] = &[
    "it", "they", "them", "that", "this", "which", "both", "none", "these", "those", "neither",
    "one", "all", "not", "never", "is", "are", "and", "still", "were", "was", "none", "but", "so",
    "i", "we", "nobody", "also", "what", "my", "though", "yet", "while", "because", "as", "since",
];

/// Words a state may stand away from its thing inside one clause.
const REACH_WORDS_MAX: usize = 14;

/// What one clause says about one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The thing.
    pub topic: Topic,
    /// What is said of it; `None` where it is only named.
    pub state: Option<State>,
}

/// Everything a text says, before anything is concluded.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Statements in order.
    pub statements: Vec<Statement>,
    /// Messages of PyPI that are quoted.
    pub screens: Vec<Screen>,
    /// Matters named by phrases of their own.
    pub matters: Vec<Matter>,
    /// How many words there are.
    pub words: usize,
}

impl Account {
    /// Whether anything says this of the topic.
    pub fn says(&self, topic: Topic, state: State) -> bool {
        self.statements.contains(&Statement { topic, state: Some(state) })
    }

    /// Whether the topic is named at all.
    pub fn names(&self, topic: Topic) -> bool {
        self.statements.iter().any(|statement| statement.topic == topic)
    }

    /// Whether a screen is quoted.
    pub fn shows(&self, screen: Screen) -> bool {
        self.screens.contains(&screen)
    }

    /// Whether a matter is named.
    pub fn speaks_of(&self, matter: Matter) -> bool {
        self.matters.contains(&matter)
    }
}

/// Reads the account a text gives. `prose` is the writer's own; `quoted` is the same with quotations.
pub fn account_of(prose: &str, with_quotations: &str) -> Account {
    let all_words = tokens(with_quotations);
    let screens = SCREEN_TABLE.find(&all_words).into_iter().map(|found| found.meaning).collect();
    let mut words = tokens(prose);
    mask_screens(&mut words);
    let matters = MATTER_TABLE.find(&words).into_iter().map(|found| found.meaning).collect();
    let statements = statements_of(&words);
    let own_words = words.iter().filter(|token| !token.word.starts_with('@')).count();
    Account { statements, screens, matters, words: own_words }
}

/// Takes PyPI's sentences out of the writer's.
fn mask_screens(words: &mut [Token]) {
    for screen in SCREEN_TABLE.find(words) {
        for token in &mut words[screen.start..screen.end] {
            "@screen".clone_into(&mut token.word);
        }
    }
}

/// Cuts words into sentences and reads each.
fn statements_of(words: &[Token]) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut start = 0;
    let mut last_topic = None;
    for end in 1..=words.len() {
        if end < words.len() && words[end].before != Break::Sentence {
            continue;
        }
        let mut sentence =
            Sentence { waiting: Vec::new(), said: Vec::new(), last_state: None, last_topic };
        for clause in clauses_of(&words[start..end]) {
            sentence.read(clause);
        }
        last_topic = sentence.last_topic;
        statements.extend(sentence.finish());
        start = end;
    }
    statements
}

fn clauses_of(sentence: &[Token]) -> Vec<&[Token]> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for at in 1..sentence.len() {
        let begins = sentence[at].before != Break::Nothing
            || CLAUSE_WORDS.contains(&sentence[at].word.as_str());
        if begins {
            clauses.push(&sentence[start..at]);
            start = at;
        }
    }
    clauses.push(&sentence[start..]);
    clauses
}

struct Sentence {
    waiting: Vec<Topic>,
    said: Vec<Statement>,
    last_state: Option<State>,
    last_topic: Option<Topic>,
}

impl Sentence {
    fn read(&mut self, clause: &[Token]) {
        let topics = topics_in(clause);
        let states = states_in(clause, &topics);
        if states.iter().any(|state| state.meaning == State::NotAboutThis) {
            return;
        }
        match (topics.is_empty(), states.is_empty()) {
            (true, true) => {}
            (true, false) => self.state_alone(clause, &states),
            (false, true) => self.topics_alone(clause, &topics),
            (false, false) => {
                for topic in &topics {
                    let state = nearest(topic, &states);
                    self.say(topic.meaning, state);
                }
                let first = states.first().map(|state| state.meaning);
                self.last_state = states.last().map(|state| state.meaning);
                for topic in std::mem::take(&mut self.waiting) {
                    self.say(topic, first);
                }
            }
        }
        self.last_topic = topics.last().map(|topic| topic.meaning).or(self.last_topic);
    }

    fn state_alone(&mut self, clause: &[Token], states: &[Found<State>]) {
        let state = strongest(states);
        if self.waiting.is_empty() {
            let points_back =
                clause.first().is_some_and(|token| POINTERS.contains(&token.word.as_str()));
            if let (Some(topic), true) = (self.last_topic, points_back || clause.len() <= 4) {
                self.say(topic, state);
            }
        }
        for topic in std::mem::take(&mut self.waiting) {
            self.say(topic, state);
        }
        self.last_state = state;
    }

    fn topics_alone(&mut self, clause: &[Token], topics: &[Found<Topic>]) {
        let topic_words: usize = topics.iter().map(|topic| topic.end - topic.start).sum();
        let is_list_item = clause.len() <= topic_words + 3;
        for topic in topics {
            match (is_list_item, self.last_state) {
                // "I do have my email, my 2FA and my codes": the items share the state before them.
                (true, Some(state)) => self.say(topic.meaning, Some(state)),
                _ => self.waiting.push(topic.meaning),
            }
        }
    }

    fn say(&mut self, topic: Topic, state: Option<State>) {
        self.said.push(Statement { topic, state });
    }

    fn finish(mut self) -> Vec<Statement> {
        for topic in std::mem::take(&mut self.waiting) {
            self.say(topic, None);
        }
        self.said
    }
}

fn topics_in(clause: &[Token]) -> Vec<Found<Topic>> {
    TOPIC_TABLE.find(clause)
}

/// The states of a clause, with negations worked in.
fn states_in(clause: &[Token], topics: &[Found<Topic>]) -> Vec<Found<State>> {
    let raw = STATE_TABLE.find(clause);
    if let Some(denial) = raw.iter().find(|state| state.meaning == State::NotAboutThis) {
        return vec![*denial];
    }
    let mut states: Vec<Found<State>> = Vec::with_capacity(raw.len());
    for (number, state) in raw.iter().enumerate() {
        let next = raw.get(number + 1);
        match state.meaning {
            State::Not | State::Without => {
                if let Some(topic) = topics
                    .iter()
                    .find(|topic| topic.start >= state.end && topic.start <= state.end + 1)
                {
                    states.push(Found { meaning: absence_of(topic.meaning), ..*state });
                }
            }
            State::MayHave => {
                let is_auxiliary = next.is_some_and(|next| next.start <= state.end + 2 && next.meaning != State::Without)
                    || clause.get(state.end).is_some_and(|token| matches!(token.word.as_str(), "to" | "been" | "not" | "no" | "the" if token.word != "the"));
                let is_denied = negated(&raw[..number], state);
                if is_denied {
                    states.push(Found { meaning: State::Lost, ..*state });
                } else if !is_auxiliary {
                    states.push(Found { meaning: State::Have, ..*state });
                }
            }
            State::Have | State::Renewed | State::Arrives => {
                let meaning = if negated(&raw[..number], state) {
                    opposite(state.meaning)
                } else {
                    state.meaning
                };
                states.push(Found { meaning, ..*state });
            }
            State::Lost => {
                let meaning = if negated(&raw[..number], state) && state.end - state.start == 1 {
                    State::Have
                } else {
                    State::Lost
                };
                states.push(Found { meaning, ..*state });
            }
            State::Refused
            | State::NeverSet
            | State::Unverified
            | State::NotArriving
            | State::Wrong => states.push(*state),
            State::NotAboutThis | State::Wish => {}
        }
    }
    states
}

fn negated(before: &[Found<State>], state: &Found<State>) -> bool {
    before.last().is_some_and(|last| {
        matches!(last.meaning, State::Not | State::Without) && last.end + 4 > state.start
    })
}

fn opposite(state: State) -> State {
    match state {
        State::Have => State::Lost,
        State::Arrives => State::NotArriving,
        State::Renewed => State::Refused,
        other => other,
    }
}

/// What "no …" means right before a thing.
fn absence_of(topic: Topic) -> State {
    match topic {
        Topic::AnyMail | Topic::ConfirmationMail | Topic::ResetMail => State::NotArriving,
        _ => State::Lost,
    }
}

fn nearest(topic: &Found<Topic>, states: &[Found<State>]) -> Option<State> {
    states
        .iter()
        .map(|state| (distance(topic, state), state.meaning))
        .filter(|(distance, _)| *distance <= REACH_WORDS_MAX)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, meaning)| meaning)
}

fn distance(topic: &Found<Topic>, state: &Found<State>) -> usize {
    if state.start >= topic.end {
        state.start - topic.end
    } else {
        topic.start.saturating_sub(state.end)
    }
}

fn strongest(states: &[Found<State>]) -> Option<State> {
    let is_weak = |state: &&Found<State>| state.meaning == State::Have;
    states.iter().find(|state| !is_weak(state)).or(states.first()).map(|state| state.meaning)
}
