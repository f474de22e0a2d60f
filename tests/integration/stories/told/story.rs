//! A story as it is written: title, people, policy, steps, and what is to be seen after each.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use keydesk::sandbox::state::Role;

use super::deed::{Deed, quoted};
use super::page::{Block, Placed, blocks};
use super::seen::is_effect;

/// Who takes part besides the four everybody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) login: String,
    /// None for a bot.
    pub(super) role: Option<Role>,
}

/// One line of what is to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) effect: String,
    /// What the text must hold, and what it must not.
    pub(super) phrases: Vec<(String, bool)>,
}

/// Something happens, and then this is to be seen.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) line: usize,
    pub(super) heading: String,
    pub(super) at: Timestamp,
    pub(super) deed: Deed,
    pub(super) expected: Vec<Expected>,
    /// The last line of the step, and the first and last of its list.
    pub(super) last_line: usize,
    pub(super) listed: Option<(usize, usize)>,
}

/// A whole story.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) people: Vec<Person>,
    pub(super) policy: String,
    /// The operator's configuration folder; empty where it is the built-in one.
    pub(super) folder: String,
    pub(super) steps: Vec<Step>,
}

/// The desk's clock starts here.
pub(super) fn start() -> DateTime {
    jiff::civil::date(2026, 11, 23).at(9, 0, 0, 0)
}

impl Story {
    /// Reads a story.
    ///
    /// # Errors
    /// `LINE: what is wrong`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let blocks = blocks(text)?;
        let is_step = |one: &Placed| matches!(one.block, Block::Heading(2, _));
        let count = blocks.iter().position(is_step).unwrap_or(blocks.len());
        let (head, body) = blocks.split_at(count);
        let mut story = Self {
            people: Vec::new(),
            policy: String::new(),
            folder: String::new(),
            steps: Vec::new(),
        };
        story.read_head(head)?;
        let mut now = start();
        for part in body.chunk_by(|_, next| !is_step(next)) {
            let step = read_step(part, now)?;
            now = TimeZone::UTC.to_datetime(step.at);
            story.steps.push(step);
        }
        if story.steps.is_empty() {
            return Err("1: a story needs steps: `## Mon 23 Nov, 09:00: ada comments`".to_owned());
        }
        Ok(story)
    }

    fn read_head(&mut self, head: &[Placed]) -> Result<(), String> {
        let is_titled = matches!(head.first(), Some(Placed { block: Block::Heading(1, _), .. }));
        if !is_titled {
            return Err("1: a story begins with its title: `# What a reader learns`".to_owned());
        }
        let mut has_reason = false;
        for Placed { line, block, .. } in &head[1..] {
            match block {
                Block::Prose(text) => {
                    if let Some(list) = text.strip_prefix("People: ") {
                        self.people = people(list).map_err(|why| format!("{line}: {why}"))?;
                    } else if let Some(folder) = text.strip_prefix("Configuration: ") {
                        folder.trim_matches(['`', '.']).clone_into(&mut self.folder);
                    } else {
                        has_reason = true;
                    }
                }
                Block::Fenced(about, text) if about == "toml policy" => self.policy = text.clone(),
                Block::Fenced(..) | Block::Quote(_) | Block::Item(_) | Block::Heading(..) => {
                    let why = "before the first step stand prose, `People: …`, `Configuration: …` and ```toml policy";
                    return Err(format!("{line}: {why}"));
                }
            }
        }
        if has_reason { Ok(()) } else { Err("2: say in a paragraph why this matters".to_owned()) }
    }
}

fn people(list: &str) -> Result<Vec<Person>, String> {
    let person = |one: &str| {
        let (login, role) = one.trim().trim_end_matches(')').split_once(" (")?;
        Some(Person { login: login.to_owned(), role: role_of(role)? })
    };
    list.trim_end_matches('.')
        .split(',')
        .map(|one| {
            person(one).ok_or_else(|| format!("`{one}` is no `zoe (maintain)`; roles: {ROLES}"))
        })
        .collect()
}

const ROLES: &str = "read, triage, write, maintain, admin, or bot for an account that is no person";

/// The role of this name, none for a bot; none at all if there is no such role.
#[expect(clippy::option_option, reason = "a bot has no role, and a wrong word has no meaning")]
pub(super) fn role_of(word: &str) -> Option<Option<Role>> {
    match word {
        "read" => Some(Some(Role::Read)),
        "triage" => Some(Some(Role::Triage)),
        "write" => Some(Some(Role::Write)),
        "maintain" => Some(Some(Role::Maintain)),
        "admin" => Some(Some(Role::Admin)),
        "bot" => Some(None),
        _ => None,
    }
}

fn read_step(part: &[Placed], now: DateTime) -> Result<Step, String> {
    let Some(Placed { line, block: Block::Heading(_, heading), .. }) = part.first() else {
        return Err("1: a step begins with a heading".to_owned());
    };
    let here = |why: String| format!("{line}: {why}");
    let (at, told) = read_time(heading, now).map_err(here)?;
    let mut text = None;
    let mut items = Vec::new();
    for placed in &part[1..] {
        match &placed.block {
            Block::Quote(_) | Block::Fenced(..) if !items.is_empty() || text.is_some() => {
                return Err(format!("{}: one text a step, before its list", placed.line));
            }
            Block::Quote(said) => text = Some(said.clone()),
            Block::Fenced(_, said) => text = Some(said.trim_end_matches('\n').to_owned()),
            Block::Item(item) => items.push((placed.line, placed.last, item.as_str())),
            Block::Prose(_) => {}
            Block::Heading(..) => return Err(format!("{}: steps have no parts", placed.line)),
        }
    }
    let deed = Deed::parse(told, text).map_err(here)?;
    let expected = expectations(&items)?;
    let listed = items.first().zip(items.last()).map(|(first, last)| (first.0, last.1));
    let last_line = part.last().map_or(*line, |placed| placed.last);
    Ok(Step { line: *line, heading: heading.clone(), at, deed, expected, last_line, listed })
}

fn expectations(items: &[(usize, usize, &str)]) -> Result<Vec<Expected>, String> {
    let is_nothing = |item: &str| item == "nothing";
    if items.len() == 1 && is_nothing(items[0].2) {
        return Ok(Vec::new());
    }
    items
        .iter()
        .map(|(line, _, item)| expectation(item).map_err(|why| format!("{line}: {why}")))
        .collect()
}

/// ``comment: `card`, saying "one", "two", not saying "three"``.
fn expectation(item: &str) -> Result<Expected, String> {
    let (effect, said) =
        match item.find(", saying ").into_iter().chain(item.find(", not saying ")).min() {
            Some(at) => item.split_at(at),
            None => (item, ""),
        };
    if !is_effect(effect) {
        return Err(format!("`{effect}` is nothing that can be seen; README.md has the list"));
    }
    let mut phrases = Vec::new();
    let mut is_there = true;
    let mut rest = said;
    while let Some(tail) = rest.strip_prefix(", ") {
        let tail = match (tail.strip_prefix("saying "), tail.strip_prefix("not saying ")) {
            (Some(tail), _) => {
                is_there = true;
                tail
            }
            (None, Some(tail)) => {
                is_there = false;
                tail
            }
            (None, None) => tail,
        };
        let (phrase, tail) = quoted(tail).ok_or("what is said stands in double quotes")?;
        phrases.push((phrase.to_owned(), is_there));
        rest = tail;
    }
    if !rest.is_empty() {
        return Err(format!("`{rest}` is left over"));
    }
    Ok(Expected { effect: effect.to_owned(), phrases })
}

/// `Mon 23 Nov, 09:00: ada comments`; with a year where one has passed, seconds where they matter.
fn read_time(heading: &str, now: DateTime) -> Result<(Timestamp, &str), String> {
    let wrong = || format!("`{heading}` is no `Mon 23 Nov, 09:00: what happens`");
    let (when, told) = heading.split_once(": ").ok_or_else(wrong)?;
    let (date, time) = when.split_once(", ").ok_or_else(wrong)?;
    let time = jiff::civil::Time::strptime(if time.len() > 5 { "%H:%M:%S" } else { "%H:%M" }, time)
        .map_err(|_| wrong())?;
    let words: Vec<&str> = date.split(' ').collect();
    let [weekday, day, month, year @ ..] = &words[..] else { return Err(wrong()) };
    let of_year = |year: i16| {
        Date::strptime("%d %b %Y", format!("{day} {month} {year:04}")).map_err(|_| wrong())
    };
    let date = match year {
        [] => {
            let this = of_year(now.year())?;
            if this >= now.date() { this } else { of_year(now.year() + 1)? }
        }
        [year] => of_year(year.parse().map_err(|_| wrong())?)?,
        [..] => return Err(wrong()),
    };
    let right = date.strftime("%a").to_string();
    if right != *weekday {
        return Err(format!("{} is a {right}, not a {weekday}", date.strftime("%-d %b %Y")));
    }
    let at = date.to_datetime(time);
    if at < now || at > now.saturating_add(5.years()) {
        return Err(format!("{when} lies before the step above, or years after it"));
    }
    let at = TimeZone::UTC.to_timestamp(at).map_err(|_| wrong())?;
    Ok((at, told))
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let problem = |text: &str| {
        let problem = Story::parse(text).expect_err("it is wrong");
        problem.lines().next().unwrap_or_default().to_owned()
    };
    let in_step = |step: &str| problem(&format!("# T\n\nWhy.\n\n## {step}\n"));
    let problems = [
        problem("Why.\n"),
        problem("# T\n\nWhy.\n"),
        problem("# T\n\n## Mon 23 Nov, 09:00: time passes\n\n- nothing\n"),
        problem("# T\n\nPeople: zoe (queen)\n"),
        in_step("Mon 23 Nov: ada comments"),
        in_step("Tue 23 Nov, 09:00: ada comments"),
        in_step("Mon 23 Nov, 08:00: ada comments"),
        in_step("Mon 23 Nov, 09:00: ada coments\n> hello"),
        in_step("Mon 23 Nov, 09:00: ada comments\n\n- nothing"),
        in_step("Mon 23 Nov, 09:00: time passes\n\n- labelled `x`"),
        in_step("Mon 23 Nov, 09:00: time passes\n\n- comment: `card`, saying hello"),
    ];
    insta::assert_snapshot!(problems.join("\n"), @r"
        1: a story begins with its title: `# What a reader learns`
        1: a story needs steps: `## Mon 23 Nov, 09:00: ada comments`
        2: say in a paragraph why this matters
        3: `zoe (queen)` is no `zoe (maintain)`; roles: read, triage, write, maintain, admin, or bot for an account that is no person
        5: `Mon 23 Nov: ada comments` is no `Mon 23 Nov, 09:00: what happens`
        5: 23 Nov 2026 is a Mon, not a Tue
        5: Mon 23 Nov, 08:00 lies before the step above, or years after it
        5: `ada coments` is not understood; these are:
        5: `ada comments` needs a text under it
        7: `labelled `x`` is nothing that can be seen; README.md has the list
        7: what is said stands in double quotes
        ");
}
