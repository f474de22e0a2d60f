//! Turns prose into statements: what is said about which thing.
//!
//! A sentence is cut into clauses; in each clause every thing spoken of takes the nearest state.
//! Things without a state wait for the next clause ("password, mail and user name I remember"), a
//! state without a thing goes to those that wait or that were spoken of last ("it never comes").

use std::sync::LazyLock;

use regex::Regex;

use super::words::matters::{MATTERS, Matter};
use super::words::screens::{SCREENS, Screen};
use super::words::states::{STATES, State};
use super::words::topics::{TOPICS, Topic};
use super::words::{Break, Found, Table, Token, tokens};

static TOPIC_TABLE: LazyLock<Table<Topic>> = LazyLock::new(|| Table::new(TOPICS));
static STATE_TABLE: LazyLock<Table<State>> = LazyLock::new(|| Table::new(STATES));
static SCREEN_TABLE: LazyLock<Table<Screen>> =
    LazyLock::new(|| Table::new(SCREENS).over_sentences());
static MATTER_TABLE: LazyLock<Table<Matter>> = LazyLock::new(|| Table::new(MATTERS));

/// Words that begin a new clause without a comma.
const CLAUSE_WORDS: &str = "but yet while although though whereas because since unless until so when if hence mais pero mas aber ma но nor whose";

/// Of those, the ones whose clause says nothing about a thing left open before it.
const SIDE_CLAUSE_WORDS: &str = "while although though whereas because since unless until so when if hence whose as after before once";

/// Words that deny everything after them in their clause.
const WHOLE_DENIALS: &str = "neither nor nobody none nothing";

/// "As" begins a clause before these.
const AFTER_AS: &str = "i my the we our it its this that nobody no";

/// Words by which a clause speaks of what was named before it.
const POINTERS: &str = "it they them this these those both neither which none all theyre";

/// Words after which a clause without a state is a statement of its own and leaves nothing open.
const VERBS: &str = "is are was were be been has have had do does did can could will would get gets got says said want wants need needs asks asked tried try made see sends took takes use used";

/// A thing after one of these, later in a clause, is not what the clause speaks of: "the name of my account".
const PREPOSITIONS: &str = "of for on with behind in";

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

/// Reads the account a text gives: `prose` is the writer's own words, `unabridged` everything, with
/// quotations and code, in which only PyPI's own messages are looked for.
pub fn account_of(prose: &str, unabridged: &str) -> Account {
    let all_words = tokens(unabridged);
    let screens = SCREEN_TABLE.find(&all_words).into_iter().map(|found| found.meaning).collect();
    let mut words = tokens(&with_asides_last(prose));
    mask_screens(&mut words);
    let matters = MATTER_TABLE.find(&words).into_iter().map(|found| found.meaning).collect();
    let statements = statements_of(&words);
    let own_words = words.iter().filter(|token| !token.word.starts_with('@')).count();
    Account { statements, screens, matters, words: own_words }
}

static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[(（][^()（）\n]*[)）]").expect("the pattern is fixed and tested")
});

/// Moves what stands in brackets behind the rest, so that it cuts no sentence in two.
fn with_asides_last(prose: &str) -> String {
    let mut text = ASIDE.replace_all(prose, " ").into_owned();
    for aside in ASIDE.find_iter(prose) {
        text.push('\n');
        text.push_str(aside.as_str());
    }
    text
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
    let mut last_topics = Vec::new();
    for end in 1..=words.len() {
        if end < words.len() && words[end].before != Break::Sentence {
            continue;
        }
        let mut sentence = Sentence { last_topics, ..Sentence::default() };
        sentence.read_all(&words[start..end]);
        statements.extend(sentence.finish());
        last_topics = sentence.last_topics;
        start = end;
    }
    statements
}

fn clauses_of(sentence: &[Token]) -> Vec<&[Token]> {
    let mut clauses = Vec::new();
    let mut start = 0;
    for at in 1..sentence.len() {
        let word = sentence[at].word.as_str();
        let begins = sentence[at].before != Break::Nothing
            || is_listed(CLAUSE_WORDS, word)
            || word == "as"
                && sentence.get(at + 1).is_some_and(|next| is_listed(AFTER_AS, &next.word));
        if begins {
            clauses.push(&sentence[start..at]);
            start = at;
        }
    }
    clauses.push(&sentence[start..]);
    clauses
}

fn is_listed(words: &str, word: &str) -> bool {
    words.split(' ').any(|listed| listed == word)
}

/// One sentence while it is read: what waits for a state, and what was spoken of last.
#[derive(Default)]
struct Sentence {
    waiting: Vec<Topic>,
    said: Vec<Statement>,
    last_state: Option<State>,
    last_topics: Vec<Topic>,
}

impl Sentence {
    fn read_all(&mut self, words: &[Token]) {
        let clauses = clauses_of(words);
        for (number, clause) in clauses.iter().enumerate() {
            let is_label = clauses.get(number + 1).is_some_and(|next| {
                let is_value = next[0].before == Break::Colon && STATE_TABLE.find(next).is_empty();
                is_value || number + 2 == clauses.len() && next[0].word.starts_with('@')
            });
            self.read(clause, is_label);
        }
    }

    fn read(&mut self, clause: &[Token], is_label: bool) {
        let topics = topics_in(clause);
        let states = states_in(clause, &topics);
        if states.iter().any(|state| state.meaning == State::NotAboutThis) {
            return;
        }
        match (topics.is_empty(), states.is_empty()) {
            (true, true) => {}
            (true, false) => self.state_alone(clause, &states),
            (false, true) => self.topics_alone(clause, &topics, is_label),
            (false, false) => self.both(clause, &topics, &states),
        }
        if !topics.is_empty() {
            self.last_topics = topics.iter().map(|topic| topic.meaning).collect();
        }
    }

    fn both(&mut self, clause: &[Token], topics: &[Found<Topic>], states: &[Found<State>]) {
        let opens_aside =
            clause.first().is_some_and(|token| is_listed(SIDE_CLAUSE_WORDS, &token.word));
        if !opens_aside {
            let first = states.first().map(|state| state.meaning);
            for topic in std::mem::take(&mut self.waiting) {
                self.say(topic, first);
            }
        }
        for topic in topics {
            let state =
                nearest(topic, states).filter(|state| !is_attribute(clause, topics, topic, state));
            self.say(topic.meaning, state.map(|state| state.meaning));
        }
        self.last_state = states.last().map(|state| state.meaning);
    }

    fn state_alone(&mut self, clause: &[Token], states: &[Found<State>]) {
        let Some(state) = strongest(states) else {
            return;
        };
        let pointer = clause.iter().take(4).find(|token| is_listed(POINTERS, &token.word));
        let opens_aside =
            clause.first().is_some_and(|token| is_listed(SIDE_CLAUSE_WORDS, &token.word));
        if state == State::Unverified && self.waiting.is_empty() {
            // Nothing but an address is ever verified.
            self.say(Topic::Mailbox, Some(state));
        } else if self.waiting.is_empty() {
            match pointer.map(|token| token.word.as_str()) {
                Some(
                    "they" | "them" | "these" | "those" | "both" | "none" | "all" | "neither"
                    | "theyre",
                ) => {
                    for topic in self.last_topics.clone() {
                        self.say(topic, Some(state));
                    }
                }
                Some(_) => {
                    if let Some(topic) = self.last_topics.last().copied() {
                        self.say(topic, Some(state));
                    }
                }
                None => {}
            }
        } else if !opens_aside || pointer.is_some() {
            for topic in std::mem::take(&mut self.waiting) {
                self.say(topic, Some(state));
            }
        }
        self.last_state = Some(state);
    }

    fn topics_alone(&mut self, clause: &[Token], topics: &[Found<Topic>], is_label: bool) {
        let topic_words: usize = topics.iter().map(|topic| topic.end - topic.start).sum();
        let is_statement = clause.len() > topic_words + 4
            || clause.iter().any(|token| is_listed(VERBS, &token.word));
        let is_list_item =
            !is_statement && !is_label && clause.len() <= topic_words + 3 && !has_mark(clause);
        for topic in topics {
            match (is_list_item, self.last_state) {
                // "I do have my email, my 2FA and my codes": the items share the state before them.
                (true, Some(state)) => self.say(topic.meaning, Some(state)),
                _ if is_statement || is_label => self.say(topic.meaning, None),
                _ => self.waiting.push(topic.meaning),
            }
        }
    }

    fn say(&mut self, topic: Topic, state: Option<State>) {
        if state == Some(State::Denied) {
            self.said.push(Statement { topic, state: Some(State::Have) });
        } else {
            self.said.push(Statement { topic, state });
        }
    }

    fn finish(&mut self) -> Vec<Statement> {
        for topic in std::mem::take(&mut self.waiting) {
            self.say(topic, None);
        }
        std::mem::take(&mut self.said)
    }
}

/// An address or link in the clause: then it is a line of details.
fn has_mark(clause: &[Token]) -> bool {
    clause.iter().any(|token| token.word.starts_with('@'))
}

/// "The name of my email is lost": what follows the preposition only describes the first thing.
fn is_attribute(
    clause: &[Token],
    topics: &[Found<Topic>],
    topic: &Found<Topic>,
    state: &Found<State>,
) -> bool {
    let is_described = |first: &Found<Topic>| {
        let is_holder = matches!(
            first.meaning,
            Topic::Device | Topic::Keeper | Topic::Aside | Topic::CodeOrApp
        );
        let between = &clause[first.end..topic.start];
        let has = |words: &str| between.iter().any(|token| is_listed(words, &token.word));
        !is_holder
            && first.meaning != topic.meaning
            && has(PREPOSITIONS)
            && !has("and or nor plus but not")
    };
    state.start >= topic.end
        && topics.iter().filter(|first| first.end <= topic.start).any(is_described)
}

fn topics_in(clause: &[Token]) -> Vec<Found<Topic>> {
    TOPIC_TABLE.find(clause)
}

/// The states of a clause, with negations worked in.
fn states_in(clause: &[Token], topics: &[Found<Topic>]) -> Vec<Found<State>> {
    let mut raw = STATE_TABLE.find(clause);
    // "Forgot password page" is a thing and no statement.
    raw.retain(|state| {
        !topics.iter().any(|topic| topic.start <= state.start && state.end <= topic.end)
    });
    let whole_clause = |wanted: State| raw.iter().find(|state| state.meaning == wanted).copied();
    if let Some(state) = whole_clause(State::NotAboutThis).or(whole_clause(State::Denied)) {
        return vec![state];
    }
    let is_wish = whole_clause(State::Wish).is_some();
    let mut states: Vec<Found<State>> = Vec::with_capacity(raw.len());
    for (number, state) in raw.iter().enumerate() {
        let is_negated = negated(clause, &raw[..number], state);
        let meaning = match state.meaning {
            State::Not | State::Without if opens_pair(clause, &raw[..number], state) => None,
            State::Not | State::Without => absence_before(topics, state, &clause[state.start].word),
            State::MayHave if is_auxiliary(clause, raw.get(number + 1), state) => None,
            State::MayHave if is_negated => Some(State::Lost),
            State::MayHave => (!is_wish).then_some(State::Have),
            State::Have | State::Renewed | State::Arrives if is_negated => {
                Some(opposite(state.meaning))
            }
            State::Have | State::Renewed | State::Arrives => (!is_wish).then_some(state.meaning),
            State::Lost if is_negated && state.end - state.start == 1 => Some(State::Have),
            State::Lost
            | State::Refused
            | State::NeverSet
            | State::Unverified
            | State::NotArriving
            | State::Wrong => Some(state.meaning),
            State::Denied | State::NotAboutThis | State::Wish | State::Nothing => None,
        };
        states.extend(meaning.map(|meaning| Found { meaning, ..*state }));
    }
    states
}

/// "Has left", "have lost", "had been": the verb only helps another one.
fn is_auxiliary(clause: &[Token], next: Option<&Found<State>>, have: &Found<State>) -> bool {
    let helps_state =
        next.is_some_and(|next| next.start <= have.end + 2 && next.meaning != State::Without);
    let helps_word = clause.get(have.end).is_some_and(|token| {
        let word = token.word.as_str();
        word.len() > 3 && word.ends_with("ed")
            || is_listed(
                "to into been not left gone made set become given taken put moved just already",
                word,
            )
    });
    let is_guess = have.start > 0
        && is_listed("may might could would should must to", &clause[have.start - 1].word);
    helps_state || helps_word || is_guess
}

/// "Neither the app" waits for what "nor the mailbox is …" says; "I have neither" says it itself.
fn opens_pair(clause: &[Token], before: &[Found<State>], not: &Found<State>) -> bool {
    clause[not.start].word == "neither" && before.is_empty()
}

/// "No codes", "none of the logins": the thing itself is not there.
fn absence_before(topics: &[Found<Topic>], not: &Found<State>, not_word: &str) -> Option<State> {
    let topic = topics.iter().find(|topic| topic.start >= not.end && topic.start <= not.end + 2)?;
    let is_nothing = is_listed("nothing none", not_word);
    match topic.meaning {
        Topic::Factor if is_nothing => Some(State::Lost),
        Topic::AnyMail | Topic::ConfirmationMail | Topic::ResetMail | Topic::VerificationMail => {
            Some(State::NotArriving)
        }
        Topic::Codes | Topic::Credentials => Some(State::Lost),
        Topic::Factor => Some(State::NeverSet),
        Topic::Mailbox
        | Topic::OtherMailbox
        | Topic::Address
        | Topic::Password
        | Topic::Username
        | Topic::Device => None,
        Topic::Keeper | Topic::Aside | Topic::ApiToken | Topic::CodeOrApp => None,
    }
}

/// A "not" shortly before, or a word that denies the whole clause anywhere before.
fn negated(clause: &[Token], before: &[Found<State>], state: &Found<State>) -> bool {
    let is_not = |found: &&Found<State>| matches!(found.meaning, State::Not | State::Without);
    let is_near = before.last().filter(is_not).is_some_and(|last| last.end + 4 > state.start);
    is_near
        || before
            .iter()
            .filter(is_not)
            .any(|found| is_listed(WHOLE_DENIALS, &clause[found.start].word))
}

fn opposite(state: State) -> State {
    match state {
        State::Have => State::Lost,
        State::Arrives => State::NotArriving,
        State::Renewed => State::Refused,
        other => other,
    }
}

fn nearest<'a>(topic: &Found<Topic>, states: &'a [Found<State>]) -> Option<&'a Found<State>> {
    states
        .iter()
        .map(|state| (distance(topic, state), state))
        .filter(|(distance, _)| *distance <= REACH_WORDS_MAX)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, state)| state)
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
