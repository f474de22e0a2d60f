//! Prints a play: for people by day, for programs one object a line.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use crate::engine::simulate::{Deed, Difference, Played, Regret, Tally, Wording};
use crate::triage::IssueNumber;

/// The longest excerpt of a text.
const EXCERPT_CHARACTERS: usize = 100;

/// How much of it is the same in both texts.
const EXCERPT_BEFORE: usize = 40;

/// Everything the bot would have done, and what it comes to.
pub(super) fn text(played: &Played, output: &mut impl Write) -> io::Result<()> {
    let has_one = has_one_repository(&played.deeds);
    let mut day = String::new();
    let is_same = |one: &Deed, other: &Deed| {
        (one.at, one.issue, &one.repository, &one.why)
            == (other.at, other.issue, &other.repository, &other.why)
    };
    for deeds in played.deeds.chunk_by(is_same) {
        let Deed { at, repository, issue, why, .. } = &deeds[0];
        let today = at.strftime("%Y-%m-%d").to_string();
        if today != day {
            let gap = if day.is_empty() { "" } else { "\n" };
            writeln!(output, "{gap}{today}")?;
            day = today;
        }
        let actions: Vec<String> = deeds.iter().map(|deed| deed.action.summary()).collect();
        let place = if has_one { "" } else { repository };
        writeln!(output, "  {}  {place}#{issue}  {}", time_of(*at), actions.join("; "))?;
        writeln!(output, "            {why}")?;
    }
    if !day.is_empty() {
        writeln!(output)?;
    }
    summary(&played.tally, output)?;
    regrets(&played.regrets, output)
}

fn time_of(at: Timestamp) -> impl std::fmt::Display {
    at.strftime("%H:%M:%S")
}

fn has_one_repository(deeds: &[Deed]) -> bool {
    deeds.windows(2).all(|pair| pair[0].repository == pair[1].repository)
}

fn summary(tally: &Tally, output: &mut impl Write) -> io::Result<()> {
    let Tally { comments, card_changes, labels_put, labels_taken, .. } = tally;
    writeln!(output, "Summary")?;
    writeln!(output, "  tickets      {}", tally.tickets)?;
    writeln!(output, "  comments     {comments}")?;
    writeln!(output, "  card edits   {card_changes}")?;
    writeln!(output, "  labels       {labels_put} put on, {labels_taken} taken off")?;
    writeln!(output, "  escalations  {}", tally.escalations.values().sum::<usize>())?;
    for (step, count) in &tally.escalations {
        writeln!(output, "    {step}: {count}")?;
    }
    writeln!(output, "  reminders    {}", tally.reminders)?;
    let Tally { closings, closings_for_silence, deflections, .. } = tally;
    writeln!(output, "  closings     {closings}, {closings_for_silence} of them for silence")?;
    writeln!(output, "  deflections  {deflections}")
}

fn regrets(regrets: &[Regret], output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "  closings a human would have been angry about: {}", regrets.len())?;
    for regret in regrets {
        let Regret { issue, closed_at, spoken_at, speaker, .. } = regret;
        let closed_on = closed_at.strftime("%Y-%m-%d");
        let spoken_on = spoken_at.strftime("%Y-%m-%d");
        writeln!(
            output,
            "    #{issue} closed on {closed_on}; {speaker} spoke there on {spoken_on}"
        )?;
    }
    Ok(())
}

/// One line for programs.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Option<char>,
    at: Timestamp,
    issue: IssueNumber,
    action: String,
    why: &'a str,
    repository: &'a str,
    /// When somebody spoke under an issue closed for silence.
    #[serde(skip_serializing_if = "Option::is_none")]
    angry_at: Option<Timestamp>,
    /// What a comment says, where two configurations say it differently.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn of(deed: &'a Deed) -> Self {
        Self {
            side: None,
            at: deed.at,
            issue: deed.issue,
            action: deed.action.summary(),
            why: &deed.why,
            repository: &deed.repository,
            angry_at: None,
            text: None,
        }
    }

    fn print(&self, output: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *output, self)?;
        output.write_all(b"\n")
    }
}

/// Everything the bot would have done, an object a line.
pub(super) fn json(played: &Played, output: &mut impl Write) -> io::Result<()> {
    let angry: BTreeMap<(&str, IssueNumber, Timestamp), Timestamp> = played
        .regrets
        .iter()
        .map(|one| ((one.repository.as_str(), one.issue, one.closed_at), one.spoken_at))
        .collect();
    for deed in &played.deeds {
        let mut line = Line::of(deed);
        if deed.action.kind() == "close" {
            line.angry_at = angry.get(&(&*deed.repository, deed.issue, deed.at)).copied();
        }
        line.print(output)?;
    }
    Ok(())
}

/// Differences as lines of a patch. Of texts that differ the first line that does is shown.
pub(super) fn text_differences(
    differences: &[Difference<'_>],
    output: &mut impl Write,
) -> io::Result<()> {
    let has_one =
        differences.windows(2).all(|pair| pair[0].deed.repository == pair[1].deed.repository);
    for Difference { side, deed, wording } in differences {
        let at = deed.at.strftime("%Y-%m-%d %H:%M:%S");
        let repository = if has_one { "" } else { &*deed.repository };
        let action = deed.action.summary();
        write!(output, "{} {at}  {repository}#{}  {action}", side.sign(), deed.issue)?;
        match wording {
            None => writeln!(output, "  ({})", deed.why)?,
            Some(wording) => writeln!(output, "  says: {}", excerpt(wording))?,
        }
    }
    Ok(())
}

/// What stands around the first character that the other text does not have at its place.
fn excerpt(Wording { text, otherwise }: &Wording) -> String {
    let mut others = otherwise.lines();
    let mut lines = text.lines().map(|line| (line, others.next().unwrap_or_default()));
    let Some((line, other)) = lines.find(|(line, other)| line != other) else {
        return "(nothing more)".to_owned();
    };
    let same = line.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let skipped = same.saturating_sub(EXCERPT_BEFORE);
    let mut characters = line.chars().skip(skipped);
    let mut excerpt = String::from(if skipped > 0 { "…" } else { "" });
    excerpt.extend(characters.by_ref().take(EXCERPT_CHARACTERS));
    if characters.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// Differences, an object a line.
pub(super) fn json_differences(
    differences: &[Difference<'_>],
    output: &mut impl Write,
) -> io::Result<()> {
    for Difference { side, deed, wording } in differences {
        let text = wording.as_ref().map(|wording| wording.text.as_str());
        let line = Line { side: Some(side.sign()), text, ..Line::of(deed) };
        line.print(output)?;
    }
    Ok(())
}
