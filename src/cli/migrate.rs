//! `keydesk migrate`: moves the desk's memory from one database to another.

use std::time::Instant;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::database::ADDRESS_CURE;
use super::progress::Progress;
use super::runtime::wait_for;
use super::{Failure, Format};
use crate::settings::credentials_path;
use crate::store::{Address, MoveError, Moved, News, Side, Stage, StoreError, move_everything};

/// Move everything from one database to another, and check every row of it
#[derive(Args)]
#[command(after_help = "\
Example: keydesk migrate --from sqlite://keydesk.db --to postgres://keydesk@db.internal/keydesk
Stop keydesk first: nothing may work with either database meanwhile. Stopped at any moment and run
again it goes on where it was; until it is done no keydesk serves from the target. The source stays
as it is.")]
pub struct Migrate {
    /// The database to move
    #[arg(long, value_name = "URL")]
    from: SecretString,
    /// Where to: a new database, or one that an earlier attempt filled in part
    #[arg(long, value_name = "URL")]
    to: SecretString,
    /// How to print what was moved
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Migrate {
    /// Moves it and says what was moved.
    pub fn run(&self) -> Result<(), Failure> {
        let from = address(&self.from, Side::Source)?;
        let to = address(&self.to, Side::Target)?;
        let began = Instant::now();
        let progress = Progress::new();
        let moved = wait_for(async {
            let moved = move_everything(&from, &to, &|news| show(&progress, news)).await;
            moved.map_err(|error| failure(&error))
        });
        progress.end();
        let moved = moved?;
        let seconds = began.elapsed().as_secs_f64();
        match self.format {
            Format::Text => print_text(&moved, seconds),
            Format::Json => print_json(&moved, seconds),
        }
        if let Some(advice) = credentials_left(&from, &to) {
            eprintln!("help: {advice}");
        }
        Ok(())
    }
}

/// What to do with the App's credentials, where they lie beside the source.
fn credentials_left(from: &Address, to: &Address) -> Option<String> {
    let here = credentials_path(from).filter(|path| path.exists())?;
    let shown = here.display();
    match credentials_path(to) {
        Some(there) if there == here || there.exists() => None,
        Some(there) => {
            Some(format!("the App's credentials stay in {shown}: copy them to {}", there.display()))
        }
        None => Some(format!(
            "the App's credentials stay in {shown}, which is not read beside a server: set the \
             variables that stand in it in the environment"
        )),
    }
}

fn address(url: &SecretString, side: Side) -> Result<Address, Failure> {
    Address::parse(url.expose_secret()).map_err(|error| {
        let what = match error {
            StoreError::Unavailable(what) => what,
            other => other.to_string(),
        };
        Failure::new(with_option(&what, side), ADDRESS_CURE)
    })
}

fn option(side: Side) -> &'static str {
    match side {
        Side::Source => "--from",
        Side::Target => "--to",
    }
}

/// Here addresses are not told by the environment.
fn with_option(text: &str, side: Side) -> String {
    text.replace("DATABASE_URL", option(side))
}

fn failure(error: &MoveError) -> Failure {
    let again = "then run it again: it goes on where it stopped";
    let (side, cure) = match error {
        MoveError::Store { side, trouble, .. } => {
            let cure = trouble.map_or("is it the right database?", |trouble| trouble.cure());
            (*side, with_option(cure, *side))
        }
        MoveError::Same => (Side::Target, "name another database".to_owned()),
        MoveError::Nothing => {
            (Side::Source, "name the database keydesk served from: its DATABASE_URL".to_owned())
        }
        MoveError::NotOurs(side) => (*side, "name a database of keydesk's own".to_owned()),
        MoveError::Served(side) => {
            let cure = "end every keydesk that works with it, and let --from and --to name \
                        different databases";
            (*side, format!("{cure}; {again}"))
        }
        MoveError::Foreign { .. } => {
            let cure = "nothing was written; name a new file, or a database that was just created";
            (Side::Target, cure.to_owned())
        }
        MoveError::Differs { .. } => {
            let cure = "something else changed one of the two meanwhile; move to a new database";
            (Side::Target, cure.to_owned())
        }
    };
    Failure::new(format!("{}: {error}", option(side)), cure)
}

fn show(progress: &Progress, news: News) {
    let verb = match news.stage {
        Stage::Checking => "looking for what is there",
        Stage::Copying => "moving",
        Stage::Comparing => "comparing",
    };
    progress.bar(&format!("{verb}: {}", news.table), (news.done, news.all));
}

fn print_text(moved: &Moved, seconds: f64) {
    let width = moved.tables.iter().map(|table| table.name.len()).max().unwrap_or_default();
    for table in &moved.tables {
        let (name, rows) = (table.name, table.rows);
        match rows - table.brought {
            0 => println!("{name:width$}  {rows:>9} rows"),
            there => println!("{name:width$}  {rows:>9} rows, {there} of them were there"),
        }
    }
    let rows: u64 = moved.tables.iter().map(|table| table.rows).sum();
    let count = moved.tables.len();
    println!("{count} tables with {rows} rows are the same on both sides, after {seconds:.1} s.");
    println!("Let DATABASE_URL name the new database from now on.");
}

fn print_json(moved: &Moved, seconds: f64) {
    let of_one = |table: &crate::store::MovedTable| json!({"table": table.name, "rows": table.rows, "brought": table.brought});
    let tables: Vec<_> = moved.tables.iter().map(of_one).collect();
    let rows: u64 = moved.tables.iter().map(|table| table.rows).sum();
    println!("{}", json!({"tables": tables, "rows": rows, "seconds": seconds}));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_that_stay_behind_are_told_of() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| Address::File(folder.path().join(name));
        let server = Address::parse("postgres://desk@db.internal/desk").expect("an address");
        let elsewhere = Address::File("/nowhere/desk.db".into());
        assert_eq!(credentials_left(&file("desk.db"), &server), None);
        std::fs::write(folder.path().join("credentials.toml"), "").expect("a file");
        let told = |to| credentials_left(&file("desk.db"), to).unwrap_or_default();
        assert!(told(&server).contains("in the environment"));
        assert!(told(&elsewhere).ends_with("copy them to /nowhere/credentials.toml"));
        assert_eq!(credentials_left(&file("desk.db"), &file("new.db")), None);
        assert_eq!(credentials_left(&server, &elsewhere), None);
    }
}
