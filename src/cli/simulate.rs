//! `keydesk simulate`: what the bot would have done with a tracker's past. Posts nothing.

mod export;
mod live;
mod print;

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::thread;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::forms::form;
use super::reload::read_rules;
use super::{Failure, Format};
use crate::clock;
use crate::engine::Rules;
use crate::engine::simulate::{self, Played, Terms, Texts, Tracker};
use crate::github::Identity;
use crate::reading::form::Form;
use crate::settings::{ConfigFolder, read_layer};
use crate::triage::Login;

/// Play a tracker's past and show what the bot would have done. Nothing is posted.
#[derive(Args)]
#[command(after_help = "\
Examples: keydesk simulate --from tracker.jsonl --until 2026-06-30
          keydesk simulate --from tracker.jsonl --diff other-config/
          GITHUB_TOKEN=… keydesk simulate --from acme/support

A file has one issue a line, as GitHub's REST gives it:
          {\"issue\": {…}, \"comments\": […], \"timeline\": […]}
Comments or timeline may be missing. Of a writer's role a file knows only `author_association`:
OWNER, MEMBER and COLLABORATOR count as staff.

A live tracker is only read, with the credentials of `keydesk serve`; GitHub is asked for roles.
Timelines are read of open issues and of the last 1,000 closed ones.")]
pub struct Simulate {
    /// The past: a file, `-` for standard input, or a live tracker
    #[arg(long, value_name = "FILE|OWNER/REPO")]
    from: String,
    /// Up to when: 2026-06-30 (the whole day, UTC) or 2026-06-30T12:00:00Z; now without it
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<Timestamp>,
    /// Show only what another configuration would do differently: its folder, or a policy file
    /// such as .github/keydesk.toml, which is laid over this one
    #[arg(long, value_name = "OTHER_CONFIG")]
    diff: Option<PathBuf>,
    /// The configuration folder; `config/` if it is there, else what is built in
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Texts, policies and form of one folder.
struct Configuration {
    folder: ConfigFolder,
    rules: Rules,
    form: Form,
}

impl Configuration {
    fn of(folder: ConfigFolder) -> Result<Self, Failure> {
        let rules = read_rules(&folder).map_err(Failure::of)?;
        let form = form(&folder)?;
        Ok(Self { folder, rules, form })
    }

    fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let default = Path::new("config");
        let folder = path.or_else(|| default.is_dir().then_some(default));
        let folder = folder.map_or_else(|| Ok(ConfigFolder::default()), ConfigFolder::read);
        Self::of(folder.map_err(Failure::of)?)
    }

    /// Another folder, or this one with a policy file on top.
    fn other(&self, path: &Path) -> Result<Self, Failure> {
        if path.is_dir() {
            return Self::read(Some(path));
        }
        let layer = read_layer(path).map_err(Failure::of)?.ok_or_else(|| {
            let cure = "name a configuration folder or a policy file with --diff";
            Failure::new(format!("{}: there is no such file or folder", path.display()), cure)
        })?;
        let mut folder = self.folder.clone();
        folder.layers.push(layer);
        Self::of(folder)
    }
}

impl Simulate {
    /// Plays and prints.
    pub fn run(&self) -> Result<(), Failure> {
        let configuration = Configuration::read(self.config.as_deref())?;
        let other = self.diff.as_deref().map(|path| configuration.other(path)).transpose()?;
        let (identity, trackers) = self.read()?;
        let until = self.until.unwrap_or_else(|| clock::system()());
        let terms = Terms {
            rules: &configuration.rules,
            form: &configuration.form,
            identity: &identity,
            are_instead_of_own: false,
            until,
        };
        let output = BufWriter::new(io::stdout().lock());
        let printed = match &other {
            None => self.print(&simulate::play(&trackers, terms), output),
            Some(other) => {
                // A file stands for the repository's own, a folder for the operator's.
                let are_instead_of_own = self.diff.as_deref().is_some_and(Path::is_file);
                let (rules, form) = (&other.rules, &other.form);
                let other_terms = Terms { rules, form, are_instead_of_own, ..terms };
                let (played, other_played) = play_both(&trackers, (terms, other_terms));
                let texts = Texts {
                    before: &configuration.rules.guidance,
                    after: &other.rules.guidance,
                    are_same: configuration.folder.templates == other.folder.templates,
                };
                self.print_differences((&played, &other_played), texts, output)
            }
        };
        match printed {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(
                format!("the answer could not be written: {error}"),
                "look at the place it is written to",
            )),
            _ => Ok(()),
        }
    }

    /// Who we are, and what happened where.
    fn read(&self) -> Result<(Identity, Vec<Tracker>), Failure> {
        if !Path::new(&self.from).is_file() && live::is_name(&self.from) {
            let (identity, tracker) = live::read(&self.from, self.config.as_deref())?;
            return Ok((identity, vec![tracker]));
        }
        // Of a bot that is not there yet nothing can be its own.
        let identity = Identity::App { id: 0, login: Login("keydesk[bot]".to_owned()) };
        Ok((identity, export::read(&self.from)?))
    }

    fn print(&self, played: &Played, mut output: impl Write) -> io::Result<()> {
        match self.format {
            Format::Text => print::text(played, &mut output)?,
            Format::Json => print::json(played, &mut output)?,
        }
        output.flush()
    }

    fn print_differences(
        &self,
        (before, after): (&Played, &Played),
        texts: Texts<'_>,
        mut output: impl Write,
    ) -> io::Result<()> {
        let differences = simulate::differences((&before.deeds, &after.deeds), texts);
        match self.format {
            Format::Text => print::text_differences(&differences, &mut output)?,
            Format::Json => print::json_differences(&differences, &mut output)?,
        }
        output.flush()
    }
}

/// Two plays of one past, side by side.
fn play_both(trackers: &[Tracker], (one, other): (Terms<'_>, Terms<'_>)) -> (Played, Played) {
    thread::scope(|scope| {
        let other = scope.spawn(move || simulate::play(trackers, other));
        let played = simulate::play(trackers, one);
        (played, other.join().expect("one play goes as the other does"))
    })
}

/// A moment, or the end of a day by the world's clock.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let end = text.parse::<Date>().ok().and_then(|date| {
        let zoned = date.at(23, 59, 59, 0).to_zoned(TimeZone::UTC).ok()?;
        Some(zoned.timestamp())
    });
    end.ok_or_else(|| "write it as 2026-06-30 or 2026-06-30T12:00:00Z".to_owned())
}
