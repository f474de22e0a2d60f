//! Everything a text says, before anything is concluded from it.

use smallvec::{SmallVec, smallvec};

use super::prose::Prose;
use super::span::Span;
use super::statements::statements_of;
use super::words::LEXICON;
use super::words::meanings::{Matter, Screen, State, Topic};

/// What one clause says about one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The thing.
    pub topic: Topic,
    /// What is said of it; `None` where it is only named.
    pub state: Option<State>,
    /// Where the thing is named.
    pub topic_at: Span,
    /// Where it is said; the thing's place where nothing is.
    pub state_at: Span,
}

/// Something named, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<M> {
    /// What it means.
    pub meaning: M,
    /// Where it stands.
    pub span: Span,
}

/// Where a conclusion is drawn from; empty where it is drawn from what is missing.
pub type Spans = SmallVec<[Span; 2]>;

/// How many states there are.
const STATES: usize = State::Wish as usize + 1;

/// What a text says.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Statements in order.
    statements: Vec<Statement>,
    /// Which topics each state is said of, one bit each: most questions are answered by a look here.
    topics_by_state: [u32; STATES],
    /// Messages of PyPI that are quoted.
    screens: Vec<Named<Screen>>,
    /// Matters named by phrases of their own.
    matters: Vec<Named<Matter>>,
    /// How many words of the writer's own there are.
    pub words: usize,
}

impl Account {
    /// Reads the account a text gives. PyPI's own messages are looked for in everything, quotations
    /// and code too, and taken out of what the writer says.
    pub fn of(prose: &mut Prose) -> Self {
        let lexicon = &LEXICON;
        let mut screens = Vec::new();
        for found in lexicon.find(&lexicon.screens, &prose.words) {
            let span = prose.span(found.start, found.end);
            screens.push(Named { meaning: found.meaning, span });
            prose.mask(found.start, found.end);
        }
        let own = prose.own();
        let matters = lexicon.find(&lexicon.matters, &own).into_iter().map(|found| {
            let span = own[found.start].span.to(own[found.end - 1].span);
            Named { meaning: found.meaning, span }
        });
        let matters = matters.collect();
        let statements = statements_of(&own);
        let mut topics_by_state = [0; STATES];
        for said in &statements {
            if let Some(state) = said.state {
                topics_by_state[state as usize] |= 1 << said.topic as u32;
            }
        }
        Self {
            matters,
            statements,
            topics_by_state,
            words: own.iter().filter(|token| !token.is_mark()).count(),
            screens,
        }
    }

    /// Where something says one of these of one of the topics.
    pub fn where_said(&self, topics: &[Topic], states: &[State]) -> Option<Spans> {
        let wanted = topics.iter().fold(0, |bits, &topic| bits | 1 << topic as u32);
        if states.iter().all(|&state| self.topics_by_state[state as usize] & wanted == 0) {
            return None;
        }
        let is_said = |statement: &&Statement| {
            topics.contains(&statement.topic)
                && statement.state.is_some_and(|state| states.contains(&state))
        };
        self.statements.iter().find(is_said).map(|said| match said.topic_at == said.state_at {
            true => smallvec![said.topic_at],
            false => smallvec![said.topic_at, said.state_at],
        })
    }

    /// Where a topic is named at all.
    pub fn where_named(&self, topic: Topic) -> Option<Spans> {
        let named = self.statements.iter().find(|statement| statement.topic == topic)?;
        Some(smallvec![named.topic_at])
    }

    /// Where a screen is quoted.
    pub fn where_shown(&self, screen: Screen) -> Option<Spans> {
        let shown = self.screens.iter().find(|shown| shown.meaning == screen)?;
        Some(smallvec![shown.span])
    }

    /// Where one of the matters is spoken of.
    pub fn where_spoken_of(&self, matters: &[Matter]) -> Option<Spans> {
        let spoken = self.matters.iter().find(|spoken| matters.contains(&spoken.meaning))?;
        Some(smallvec![spoken.span])
    }

    /// Whether anything says this of the topic.
    pub fn says(&self, topic: Topic, state: State) -> bool {
        self.topics_by_state[state as usize] & 1 << topic as u32 != 0
    }

    /// Whether the topic is named at all.
    pub fn names(&self, topic: Topic) -> bool {
        self.statements.iter().any(|statement| statement.topic == topic)
    }

    /// Whether a screen is quoted.
    pub fn shows(&self, screen: Screen) -> bool {
        self.screens.iter().any(|shown| shown.meaning == screen)
    }

    /// Whether a matter is spoken of.
    pub fn speaks_of(&self, matter: Matter) -> bool {
        self.matters.iter().any(|spoken| spoken.meaning == matter)
    }
}
