//! Says it: a text of triage (template and facts) becomes the Markdown of one comment.
//!
//! Start at [`Guidance::render`]. Texts live in `templates/comments/<topic>.md`; a text in another
//! language is `<topic>.<language>.md`: people who write it see it first, and the English beside
//! it. They are built into the binary, and a file of the same name in the operator's folder
//! replaces one. A template may use every fact of [`Facts`] and what `context.rs` derives from
//! them, and `part("topic")` names another text to include. The comment at the end of a line says
//! what the line rests on (see `grounds.rs`).
//!
//! What people wrote is plain text wherever it is shown (see `escape.rs`); the filters `mention`,
//! `policy_mention`, `web_address`, `code` and `with_links` are the exceptions. GitHub shows each
//! line break of a comment as one, so a paragraph of a template is one line.
//!
//! **Invariants.** Compiled once; a misspelt fact is an error and not a gap in a sentence; a text
//! ends after so many steps, whatever a template loops over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, State, UndefinedBehavior};

use crate::policy::Policy;
use crate::triage::text::{Facts, Text};

mod built_in;
mod context;
mod escape;
mod grounds;
mod kinds;
mod length;
mod overrides;
mod problem;
mod samples;
mod translations;

pub use grounds::{Ground, Source, grounds, sources};
pub use kinds::kind_samples;
pub use problem::{RenderError, TemplateProblem};
pub use samples::samples;

/// Steps one text may take; the longest of ours takes less than a twentieth of it.
const FUEL: u64 = 20_000;

/// The texts the bot can say.
#[derive(Debug, Clone)]
pub struct Guidance {
    environment: Environment<'static>,
    topics: BTreeSet<String>,
    /// Of each English text in force, by its topic.
    hashes: BTreeMap<String, String>,
    /// What each translation says it follows, by its file.
    follows: BTreeMap<String, translations::Followed>,
    /// Files that the operator added or replaced.
    operators: BTreeSet<String>,
    /// Built-in translations whose English text the operator replaced.
    dropped: Dropped,
}

/// Files that are as if they were not built in; shared with whoever looks files up.
type Dropped = Arc<RwLock<BTreeSet<String>>>;

impl Guidance {
    /// The texts built into the binary.
    pub fn built_in() -> Self {
        let dropped = Dropped::default();
        let mut guidance = Self {
            environment: environment(dropped.clone()),
            topics: BTreeSet::new(),
            hashes: BTreeMap::new(),
            follows: BTreeMap::new(),
            operators: BTreeSet::new(),
            dropped,
        };
        for (file, source) in built_in::texts() {
            if base_topic(file).is_some() {
                guidance.add(file, source).expect("a test compiles every built-in text");
            } else if let Some(followed) = translations::followed(source) {
                guidance.follows.insert(file.to_owned(), followed);
            }
        }
        guidance
    }

    /// The built-in texts, each replaced by the file of the same name in `folder` (the operator's
    /// `templates/comments`), and those that stand only there. All problems are told at once;
    /// whoever reloads keeps the old texts then.
    pub fn load(folder: Option<&Path>) -> Result<Self, Vec<TemplateProblem>> {
        let mut guidance = Self::built_in();
        let Some(folder) = folder else {
            return Ok(guidance);
        };
        let mut problems = overrides::add(&mut guidance, folder);
        if problems.is_empty() && !guidance.operators.is_empty() {
            problems = guidance.check();
        }
        if problems.is_empty() { Ok(guidance) } else { Err(problems) }
    }

    /// The Markdown of one comment, short enough for GitHub, without the hidden marker: in the
    /// reader's language with the English beside it, or in English alone.
    pub fn render(&self, text: &Text) -> Result<String, RenderError> {
        let Text { template, facts } = text;
        let say = |file: String, language: &str| {
            let said = self.render_file(&file, facts, language);
            said.map_err(|error| RenderError::new(&file, &error))
        };
        let english = say(format!("{template}.md"), "")?;
        let Some(language) = translations::language_of(&self.environment, template, facts) else {
            return Ok(length::fit(&english, length::CHARACTERS_MAX));
        };
        let translated = say(format!("{template}.{language}.md"), language)?;
        let half = |text: &str| length::fit(text, length::CHARACTERS_MAX / 2);
        Ok(translations::beside(&half(&translated), &half(&english)))
    }

    /// Whether there is such a text for everybody; translations alone do not count.
    pub fn has(&self, template: &str) -> bool {
        self.topics.contains(template)
    }

    /// What a policy names that there is no text for, each with its cure.
    pub fn missing_for(&self, policy: &Policy) -> Vec<String> {
        let replies = policy
            .replies
            .iter()
            .map(|reply| (format!("the reply `{}`", reply.command), reply.template.clone()));
        let topics = policy
            .faq
            .keys()
            .map(|topic| (format!("the question `{topic}`"), format!("faq-{topic}")));
        let missing = replies.chain(topics).filter(|(_, template)| !self.has(template));
        let missing = missing.map(|(who, template)| not_there(&who, &template));
        missing.chain(self.missing_for_kinds(policy)).collect()
    }

    /// The topics there are texts for, in order.
    pub fn names(&self) -> Vec<&str> {
        self.topics.iter().map(String::as_str).collect()
    }

    /// Renders the operator's texts, or ours where there are none, with every sample and tells
    /// what does not work, once a place. Of the built-in translations only what they follow is
    /// looked at; a test renders them.
    pub fn check(&self) -> Vec<TemplateProblem> {
        let mut problems = translations::problems(self);
        let is_tried = |file: &str| match self.operators.is_empty() {
            true => base_topic(file).is_some(),
            false => self.operators.contains(file),
        };
        let templates = self.environment.templates().filter(|(file, _)| is_tried(file));
        let mut templates: Vec<_> = templates.collect();
        templates.sort_unstable_by_key(|(file, _)| *file);
        for (file, template) in templates {
            let topic = topic_of(file);
            let undeclared = template.undeclared_variables(true);
            for mut facts in samples(topic) {
                samples::give_arguments(&mut facts, topic, &undeclared);
                let Err(error) = self.render_file(file, &facts, language_of(file)) else {
                    continue;
                };
                let problem = TemplateProblem::from_error(file, &error);
                let place = (&problem.file, problem.line);
                if !problems.iter().any(|told: &TemplateProblem| (&told.file, told.line) == place) {
                    problems.push(problem);
                }
            }
        }
        problems
    }

    fn add(&mut self, file: &str, source: &str) -> Result<(), Error> {
        self.environment.add_template_owned(file.to_owned(), grounds::without(source))?;
        if let Some(topic) = base_topic(file) {
            self.topics.insert(topic.to_owned());
            self.hashes.insert(topic.to_owned(), translations::hash(source));
        } else if let Some(followed) = translations::followed(source) {
            self.follows.insert(file.to_owned(), followed);
        } else {
            self.follows.remove(file);
        }
        Ok(())
    }

    /// Leaves a built-in translation out.
    fn drop_translation(&mut self, file: &str) {
        self.dropped.write().unwrap_or_else(PoisonError::into_inner).insert(file.to_owned());
        self.environment.remove_template(file);
        self.follows.remove(file);
    }

    fn render_file(&self, file: &str, facts: &Facts, said_in: &str) -> Result<String, Error> {
        let template = self.environment.get_template(file)?;
        Ok(length::tidy(&template.render(context::of(facts, said_in))?))
    }
}

/// Translations are compiled when somebody reads them: there are many, and few are read.
fn environment(dropped: Dropped) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_loader(move |file| {
        let is_dropped = dropped.read().unwrap_or_else(PoisonError::into_inner).contains(file);
        let source = built_in::source_of(file).filter(|_| !is_dropped);
        Ok(source.map(grounds::without))
    });
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the usual marks differ from each other"));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    // Makes errors know their column. What they know of facts is never shown; see `problem.rs`.
    environment.set_debug(true);
    environment.add_function("part", part);
    escape::install(&mut environment);
    environment
}

/// That somebody names a text there is none of, with the cure.
fn not_there(who: &str, template: &str) -> String {
    format!(
        "{who} names the text `{template}`, which is not there\n\
         help: add templates/comments/{template}.md to the configuration folder"
    )
}

/// The file an `include` takes for a topic: in the language of this half first.
fn part(state: &State, topic: &str) -> Result<String, Error> {
    let language = state.lookup("said_in").unwrap_or_default();
    let files = [format!("{topic}.{language}.md"), format!("{topic}.md")];
    if let Some(file) = files.into_iter().find(|file| state.env().get_template(file).is_ok()) {
        return Ok(file);
    }
    let topics = state.env().templates().map(|(file, _)| topic_of(file));
    let hint = problem::nearest(topic, topics).map(|near| format!("; did you mean `{near}`?"));
    let what = format!("there is no {topic}.md{}", hint.unwrap_or_default());
    Err(Error::new(ErrorKind::TemplateNotFound, what))
}

/// `card.ru.md` is about `card`.
fn topic_of(file: &str) -> &str {
    file.split('.').next().unwrap_or(file)
}

/// `ru` for `card.ru.md`, nothing for `card.md`.
fn language_of(file: &str) -> &str {
    file.strip_suffix(".md")
        .and_then(|stem| stem.split_once('.'))
        .map_or("", |(_, language)| language)
}

/// The topic of `card.md`; a translation such as `card.ru.md` stands for none.
fn base_topic(file: &str) -> Option<&str> {
    file.strip_suffix(".md").filter(|topic| !topic.contains('.'))
}
