//! Words and phrases people use, in tables for people to read and extend.
//!
//! Each table is a text file in `words/`, by meaning and language (its format: [`table`], how a
//! phrase is written: [`tree`]):
//! - `topics.txt` says what is spoken of, `states.txt` what is said about it,
//! - `screens.txt` what PyPI's own pages and mails say, `matters.txt` what else a request may be about,
//! - `requester.txt`, `maintainer.txt` and `remarks.txt` what comments say,
//! - `answers.txt` and `lures.txt` are read by files of their own, `answers.rs` and `lures.rs`,
//! - `grammar.txt` the small words that hold a sentence together, `languages.txt` those that tell a language.
//!
//! Case, accents and apostrophes do not count; Chinese, Japanese and Korean are compared character
//! by character.

pub mod meanings;
pub mod phrases;
pub mod short;
pub mod table;
pub mod tree;
pub mod vocabulary;

use std::borrow::Cow;
use std::sync::LazyLock;

use meanings::{Class, Matter, Remark, Screen, SmallWords, State, Topic};
use phrases::{Finds, Phrases};
use table::{Entry, Meaning, read_entries};
use vocabulary::{Classes, Vocabulary, Word};

use super::Intent;
use super::span::Span;

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// Nothing but a blank.
    Nothing,
    /// A comma or bracket.
    Clause,
    /// A colon, after which a value may follow.
    Colon,
    /// The end of a sentence or of a line.
    Sentence,
}

/// Whose words they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The writer's.
    Own,
    /// A reason of the form's menu, chosen by the writer.
    Chosen,
    /// In quotation marks.
    Quotation,
    /// Fenced code, quoted lines, struck-out text and what else is left out.
    Foreign,
}

impl Layer {
    /// Whether the writer says it.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Own | Self::Chosen)
    }
}

/// One word of a text.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// What the tables know it as.
    pub word: Word,
    /// What stands before it.
    pub before: Break,
    /// Where it stands.
    pub span: Span,
    /// Whose word it is.
    pub layer: Layer,
    /// Whether it ends like an English participle, so that "have" before it only helps it.
    pub is_participle: bool,
}

impl Token {
    /// Whether it is a word of one of the classes.
    pub fn is_a(&self, classes: Classes) -> bool {
        self.word.is_in(classes)
    }

    /// Whether it stands for something that is no word.
    pub fn is_mark(&self) -> bool {
        self.is_a(Class::Mark.bit())
    }
}

/// All tables, and the vocabulary they share.
pub struct Lexicon {
    /// Every word of the tables.
    pub vocabulary: Vocabulary,
    /// What is spoken of.
    pub topics: Phrases<Topic>,
    /// What is said about it.
    pub states: Phrases<State>,
    /// What PyPI says.
    pub screens: Phrases<Screen>,
    /// What else a request may be about.
    pub matters: Phrases<Matter>,
    /// What requesters say in comments.
    pub requester: Phrases<Intent>,
    /// What maintainers say in comments.
    pub maintainer: Phrases<Intent>,
    /// What changes the meaning of a comment.
    pub remarks: Phrases<Remark>,
    /// ISO 639-1 codes of the languages told by small words, in the order of their bits.
    pub languages: Vec<&'static str>,
    /// Words that stand for something else in the text: addresses, links, quotations.
    pub marks: Marks,
}

/// The words that stand for what is no word: each begins with `@` in the tables.
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    /// A person's e-mail address.
    pub address: Word,
    /// An address of PyPI's own.
    pub staff: Word,
    /// A link.
    pub link: Word,
    /// A sentence in quotation marks.
    pub quote: Word,
    /// A message of PyPI.
    pub screen: Word,
    /// Somebody's `@name`.
    pub mention: Word,
    /// Another issue: `#12` or a link to it.
    pub issue: Word,
}

/// The tables, made ready at first use.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::of_tables);

impl Lexicon {
    fn of_tables() -> Self {
        let mut vocabulary = Vocabulary::new();
        let words = &mut vocabulary;
        Marks::ALL.iter().for_each(|mark| words.classify(mark, Class::Mark.bit()));
        let mut lexicon = Self {
            topics: ready(words, Phrases::new(0, Break::Nothing), include_str!("words/topics.txt")),
            states: ready(words, Phrases::new(1, Break::Nothing), include_str!("words/states.txt")),
            screens: ready(
                words,
                Phrases::new(2, Break::Sentence),
                include_str!("words/screens.txt"),
            ),
            matters: ready(
                words,
                Phrases::new(3, Break::Nothing),
                include_str!("words/matters.txt"),
            ),
            requester: ready(
                words,
                Phrases::new(4, Break::Nothing),
                include_str!("words/requester.txt"),
            ),
            maintainer: ready(
                words,
                Phrases::new(5, Break::Sentence),
                include_str!("words/maintainer.txt"),
            ),
            remarks: ready(
                words,
                Phrases::new(6, Break::Nothing),
                include_str!("words/remarks.txt"),
            ),
            languages: learn_languages(words),
            marks: Marks::of(&Vocabulary::new()),
            vocabulary: Vocabulary::new(),
        };
        learn_grammar(words);
        vocabulary.finish();
        lexicon.topics.finish(&mut vocabulary);
        lexicon.states.finish(&mut vocabulary);
        lexicon.screens.finish(&mut vocabulary);
        lexicon.matters.finish(&mut vocabulary);
        lexicon.requester.finish(&mut vocabulary);
        lexicon.maintainer.finish(&mut vocabulary);
        lexicon.remarks.finish(&mut vocabulary);
        lexicon.marks = Marks::of(&vocabulary);
        lexicon.vocabulary = vocabulary;
        lexicon
    }

    /// The phrases of one table in a text, none overlapping.
    pub fn find<M: Copy + PartialEq>(&self, table: &Phrases<M>, tokens: &[Token]) -> Finds<M> {
        table.find(&self.vocabulary, tokens)
    }
}

impl Marks {
    const ALL: [&str; 7] =
        ["@address", "@staff", "@link", "@quote", "@screen", "@mention", "@issue"];

    /// The marks of a complete vocabulary.
    fn of(vocabulary: &Vocabulary) -> Self {
        let [address, staff, link, quote, screen, mention, issue] =
            Self::ALL.map(|mark| vocabulary.look_up(mark.as_bytes()));
        Self { address, staff, link, quote, screen, mention, issue }
    }
}

fn ready<M: Meaning + PartialEq>(
    vocabulary: &mut Vocabulary,
    mut phrases: Phrases<M>,
    table: &str,
) -> Phrases<M> {
    phrases.reserve(table.len());
    read_entries(table, |entry| phrases.add(vocabulary, entry.phrase, entry.meaning))
        .expect("the tables are tested");
    phrases
}

fn learn_grammar(vocabulary: &mut Vocabulary) {
    let table = include_str!("words/grammar.txt");
    read_entries(table, |entry: Entry<'_, Class>| {
        vocabulary.classify(&folded(entry.phrase), entry.meaning.bit());
    })
    .expect("the tables are tested");
}

fn learn_languages(vocabulary: &mut Vocabulary) -> Vec<&'static str> {
    let mut languages = Vec::new();
    let table = include_str!("words/languages.txt");
    read_entries(table, |entry: Entry<'_, SmallWords>| {
        if !languages.contains(&entry.language) {
            languages.push(entry.language);
        }
        let number = languages.iter().position(|&known| known == entry.language);
        for word in entry.phrase.split(' ') {
            vocabulary.speaks(&folded(word), number.unwrap_or_default());
        }
    })
    .expect("the tables are tested");
    languages
}

/// A word as it is compared: lower case, without accents and apostrophes.
pub fn folded(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii() && byte != b'\'' && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(word);
    }
    let mut folded = String::new();
    for character in word.chars().filter(|&character| character != '\'') {
        fold_into(&mut folded, character);
    }
    Cow::Owned(folded)
}

/// Scripts without blanks between words: each character is a word.
pub fn stands_alone(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}')
}

/// Adds a character to a word as it is compared.
pub fn fold_into(word: &mut String, character: char) {
    if character.is_ascii() {
        word.push(character.to_ascii_lowercase());
        return;
    }
    for lower in character.to_lowercase() {
        match lower {
            'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => word.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => word.push('e'),
            'í' | 'ì' | 'î' | 'ï' | 'ı' => word.push('i'),
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' => word.push('o'),
            'ú' | 'ù' | 'û' | 'ü' | 'ů' => word.push('u'),
            'ç' | 'ć' | 'č' => word.push('c'),
            'ñ' | 'ń' => word.push('n'),
            'ş' | 'ś' | 'š' | 'ș' => word.push('s'),
            'ł' => word.push('l'),
            'ğ' => word.push('g'),
            'ß' => word.push_str("ss"),
            'ё' => word.push('е'),
            '\u{0300}'..='\u{036F}' => {}
            other => word.push(other),
        }
    }
}
