//! Moving a store: what arrives is what was there, whatever happens on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use keydesk::store::{
    Address, KeyColumn, LEFT_BEHIND, MoveError, Moved, News, Side, Stage, Store, TABLES,
    move_everything,
};
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

use super::server::{self, Server};
use crate::desk::{ADA, Desk, MIRA, lost_phone};
use crate::rows::{columns, fill, tables, told};

/// More than a batch.
const MANY: i64 = 600;
const PATIENCE: Duration = Duration::from_secs(20);

/// A folder with a file that was worked with, a server, and what runs between them.
struct Places {
    folder: TempDir,
    server: Server,
    runtime: Runtime,
}

impl Places {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        Self { folder: tempfile::tempdir().expect("a folder"), server: Server::start(), runtime }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file that a desk worked with, and the desk.
    fn played(&self, name: &str) -> Desk {
        let address = Address::File(self.file(name));
        let store = self.runtime.block_on(Store::open_beside(&address)).expect("a store");
        let mut desk = Desk::under("[[replies]]\ncommand = \"ping\"\ntemplate = \"follow-up\"\n");
        desk.works_on(&store);
        desk.ada_asks(&lost_phone());
        desk.says(MIRA, "Which projects do you own?");
        desk.says(ADA, "I own left-pad.");
        desk.wait_days(9);
        desk
    }

    /// A file with many rows in each table.
    fn filled(&self, name: &str) -> PathBuf {
        drop(self.played(name));
        let file = Connection::open(self.file(name)).expect("the file");
        fill(&file, MANY);
        for doubled in ["requests", "late_rings"] {
            let sql = format!("INSERT INTO {doubled} SELECT * FROM {doubled}");
            file.execute(&sql, []).expect("the same rows again");
        }
        self.file(name)
    }

    /// A database that does not order texts as SQLite does.
    fn new_database(&self) -> String {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("sorted_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let sql = format!(
            "CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'de-DE'"
        );
        self.server.query(&self.server.address("postgres"), &sql);
        self.server.address(&name)
    }

    fn move_telling(
        &self,
        (from, to): (&str, &str),
        tell: &dyn Fn(News),
    ) -> Result<Moved, MoveError> {
        let (from, to) = (address(from), address(to));
        self.runtime.block_on(move_everything(&from, &to, tell))
    }

    fn moved(&self, from: &str, to: &str) -> Result<Moved, MoveError> {
        self.move_telling((from, to), &|_| {})
    }

    /// Stops when it has told of so many batches; true if it was done before.
    fn move_until(&self, (from, to): (&str, &str), batches: usize) -> bool {
        let (told, stop) = (AtomicUsize::new(0), Notify::new());
        let tell = |_| {
            if told.fetch_add(1, Ordering::Relaxed) == batches {
                stop.notify_one();
            }
        };
        let (from, to) = (address(from), address(to));
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = stop.notified() => false,
                moved = move_everything(&from, &to, &tell) => moved.map(|_| true).expect("moved"),
            }
        })
    }
}

/// Tries until it can be done: what was dropped in this process may take a moment to let go.
fn patiently<T, E: Debug>(mut work: impl FnMut() -> Result<T, E>) -> T {
    let began = Instant::now();
    loop {
        match work() {
            Ok(done) => return done,
            Err(why) => assert!(began.elapsed() < PATIENCE, "{why:?}"),
        }
    }
}

fn address(url: &str) -> Address {
    Address::parse(url).expect("an address")
}

fn url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

#[test]
fn no_table_and_no_column_is_forgotten() {
    let places = Places::new();
    drop(places.played("desk.db"));
    let listed: BTreeMap<String, BTreeSet<&str>> =
        TABLES.iter().map(|table| (table.name.to_owned(), table.columns().collect())).collect();
    let file = Connection::open(places.file("desk.db")).expect("the file");
    let left = LEFT_BEHIND.iter().map(|name| (*name).to_owned());
    let all: BTreeSet<String> = listed.keys().cloned().chain(left).collect();
    assert_eq!(tables(&file).into_iter().collect::<BTreeSet<_>>(), all);
    let database = places.server.new_database();
    drop(server::open(&database));
    let sql = "SELECT DISTINCT table_name FROM information_schema.columns
               WHERE table_schema = 'public' AND table_name <> 'migrations'";
    let on_server = places.server.query(&database, sql);
    let on_server: BTreeSet<String> = on_server.iter().map(|row| row.get(0)).collect();
    assert_eq!(on_server, all);
    for table in TABLES {
        let found = columns(&file, table.name);
        let names: BTreeSet<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, listed[table.name], "{}", table.name);
        let texts = table.key.iter().filter(|column| matches!(column, KeyColumn::Text(_)));
        assert!(texts.into_iter().all(|column| found.contains(&(column.name().to_owned(), true))));
        let sql = format!(
            "SELECT column_name FROM information_schema.columns WHERE table_name = '{}'",
            table.name
        );
        let found = places.server.query(&database, &sql);
        let names: BTreeSet<String> = found.iter().map(|row| row.get(0)).collect();
        assert_eq!(names, listed[table.name].iter().map(|name| (*name).to_owned()).collect());
        let sql = "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk";
        let mut statement = file.prepare(sql).expect("a query");
        let key = statement.query_map([table.name], |row| row.get(0)).expect("columns");
        let key: Vec<String> = key.collect::<Result<_, _>>().expect("columns");
        let told: Vec<&str> = table.key.iter().map(|column| column.name()).collect();
        assert!(key == told || key.is_empty() && table.has_doubles(), "{}: {key:?}", table.name);
    }
}

#[test]
fn there_and_back_is_the_same_row_by_row_and_the_desk_goes_on() {
    let places = Places::new();
    let mut desk = places.played("played.db");
    let from = url(&places.file("played.db"));
    let (there, back) = (places.new_database(), url(&places.file("back.db")));
    let moved = places.moved(&from, &there).expect("moved");
    assert!(moved.tables.iter().all(|table| table.brought == table.rows));
    places.moved(&there, &back).expect("moved back");
    let before = told(&places.file("played.db"));
    assert!(before.len() > 30, "{before:#?}");
    assert_eq!(told(&places.file("back.db")), before);
    let shown = desk.shows();
    desk.works_on(&server::open(&there));
    assert_eq!(desk.shows(), shown, "nothing is done twice");
    desk.says(MIRA, "/recovered");
    assert!(desk.shows().starts_with("closed as completed; turn: nobody"), "{}", desk.shows());
    let ids = "SELECT CAST(count(*) AS BIGINT), CAST(count(DISTINCT id) AS BIGINT) FROM history";
    let row = &places.server.query(&there, ids)[0];
    assert_eq!(row.get::<_, i64>(0), row.get::<_, i64>(1));
}

#[test]
fn stopped_anywhere_it_goes_on_and_nobody_serves_from_a_part() {
    let places = Places::new();
    let source = places.filled("filled.db");
    let before = told(&source);
    let (from, there) = (url(&source), places.new_database());
    let back = url(&places.file("back.db"));
    for (from, to) in [(&from, &there), (&there, &back)] {
        for batches in [0, 1, 9, 17, 30, 44, 60] {
            assert!(!places.move_until((from, to), batches), "it had {batches} batches to go");
            let opened = places.runtime.block_on(Store::open(&address(to)));
            let refused = opened.map(drop).expect_err("it is a part").to_string();
            assert!(refused.contains("run the same `keydesk migrate` again"), "{refused}");
        }
        let moved = places.moved(from, to).expect("the rest");
        let brought: u64 = moved.tables.iter().map(|table| table.brought).sum();
        let rows: u64 = moved.tables.iter().map(|table| table.rows).sum();
        assert!(brought < rows, "{brought} of {rows}");
        let again = places.moved(from, to).expect("nothing is left");
        assert!(again.tables.iter().all(|table| table.brought == 0));
    }
    assert_eq!(told(&places.file("back.db")), before);
    drop(places.runtime.block_on(Store::open(&address(&back))).expect("it is whole"));
}

#[test]
fn between_two_files_too_and_what_one_engine_does_not_hold() {
    let places = Places::new();
    let source = places.filled("filled.db");
    places.moved(&url(&source), &url(&places.file("copy.db"))).expect("moved");
    assert_eq!(told(&places.file("copy.db")), told(&source));
    let file = Connection::open(&source).expect("the file");
    file.execute("UPDATE history SET reason = 'a' || char(0) || 'b' WHERE id = 5001", [])
        .expect("a row");
    drop(file);
    let there = places.new_database();
    places.moved(&url(&source), &there).expect("moved");
    places.moved(&url(&source), &there).expect("nothing is left");
}

#[test]
fn a_row_that_was_changed_is_noticed() {
    let places = Places::new();
    let source = places.filled("filled.db");
    let (from, there) = (url(&source), places.new_database());
    let copy = places.file("copy.db");
    places.moved(&from, &there).expect("moved");
    for (change, table, key) in [
        ("UPDATE tickets SET turn = 'nobody' WHERE issue = 5300", "tickets", "5300"),
        ("UPDATE desks SET full_name = 'a/b' WHERE repository = 5001", "desks", "5001"),
        ("INSERT INTO desks (repository, full_name, state) VALUES (1, '', '')", "desks", "1"),
    ] {
        places.server.query(&there, change);
        let key = key.to_owned();
        let refused = places.moved(&from, &there);
        assert_eq!(refused, Err(MoveError::Foreign { table, key }), "{change}");
    }
    let changed = Mutex::new(false);
    let change = |news: News| {
        let mut changed = changed.lock().expect("no panic");
        if news.stage == Stage::Comparing && !*changed {
            *changed = true;
            let file = Connection::open(&copy).expect("the file");
            let done = file.execute("UPDATE waits SET count = count + 1 WHERE month = 5600", []);
            assert_eq!(done.expect("a row"), 1);
        }
    };
    match places.move_telling((&from, &url(&copy)), &change) {
        Err(MoveError::Differs { table: "waits", key }) => assert!(key.contains("5600"), "{key}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_not_ours_or_in_use_is_refused_before_anything_is_written() {
    let places = Places::new();
    let source = places.filled("filled.db");
    let from = url(&source);
    let there = places.new_database();
    places.server.query(&there, "CREATE TABLE tickets (seat TEXT)");
    assert_eq!(places.moved(&from, &there), Err(MoveError::NotOurs(Side::Target)));
    assert_eq!(places.moved(&there, &from), Err(MoveError::NotOurs(Side::Source)));
    let others = places.file("others.db");
    let file = Connection::open(&others).expect("a file");
    file.execute_batch("CREATE TABLE seats (seat TEXT)").expect("a table");
    drop(file);
    assert_eq!(places.moved(&from, &url(&others)), Err(MoveError::NotOurs(Side::Target)));
    assert_eq!(places.moved(&from, &from), Err(MoveError::Same));
    let empty = places.new_database();
    assert_eq!(places.moved(&empty, &from), Err(MoveError::Nothing));
    let tables = "SELECT 1 FROM pg_tables WHERE schemaname = 'public'";
    assert!(places.server.query(&empty, tables).is_empty(), "nothing was made there");
    let nowhere = url(&places.file("nowhere.db"));
    assert_eq!(places.moved(&nowhere, &empty), Err(MoveError::Nothing));

    let served = server::open(&empty);
    assert_eq!(places.moved(&from, &empty), Err(MoveError::Served(Side::Target)));
    drop(served);
    let served = server::open(&from);
    assert_eq!(places.moved(&from, &empty), Err(MoveError::Served(Side::Source)));
    drop(served);
    patiently(|| places.moved(&from, &empty));
    assert_eq!(places.moved(&empty, &empty), Err(MoveError::Served(Side::Target)));

    drop(places.played("other.db"));
    let other = places.moved(&from, &url(&places.file("other.db")));
    assert!(matches!(other, Err(MoveError::Foreign { .. })), "{other:?}");
}

/// Whoever comes while a database is moved is kept away.
#[test]
fn nobody_comes_between() {
    let places = Places::new();
    let source = places.filled("filled.db");
    let (from, there) = (url(&source), places.new_database());
    let refused = Mutex::new(BTreeSet::new());
    let come = |news: News| {
        if (news.stage, news.table) == (Stage::Copying, "history") {
            for to in [&from, &there] {
                let address = address(to);
                let opened = std::thread::scope(|scope| {
                    let opening = scope.spawn(|| {
                        let runtime = Runtime::new().expect("a runtime");
                        runtime.block_on(Store::open(&address)).map(drop)
                    });
                    opening.join().expect("no panic")
                });
                let why = opened.expect_err("it is being moved").to_string();
                refused.lock().expect("no panic").insert(why);
            }
        }
    };
    places.move_telling((&from, &there), &come).expect("moved");
    let refused: Vec<String> = refused.into_inner().expect("no panic").into_iter().collect();
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(refused.iter().all(|why| why.contains("another program holds the database")));
}
