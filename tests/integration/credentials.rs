//! The App's credentials beside the database: who wins over them, and how long one has to make them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use http::{Request, StatusCode};
use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use keydesk::github::manifest::AppMaker;
use keydesk::settings::{Environment, GivenCredentials, Settings, write_credentials};
use keydesk::web::setup::{SetUp, SetUpParts};
use keydesk::web::{Layout, setup_router};

const KEY: &str = "-----BEGIN RSA PRIVATE KEY-----\nabc=\n-----END RSA PRIVATE KEY-----\n";

fn keep(folder: &Path) {
    let app = vec![
        ("GITHUB_APP_ID", "7".into()),
        ("GITHUB_PRIVATE_KEY", KEY.into()),
        ("GITHUB_WEBHOOK_SECRET", "kept".into()),
    ];
    write_credentials(&folder.join("credentials.toml"), &app).expect("a file");
}

fn load(folder: &Path, variables: &[(&str, &str)]) -> Result<Settings, String> {
    let database = format!("sqlite://{}/desk.db", folder.display());
    let mut environment = Environment::from([("DATABASE_URL".to_owned(), database)]);
    environment
        .extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Settings::load(None, &environment)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<String>())
}

fn app_id(settings: &Settings) -> Option<u64> {
    match settings.credentials {
        Some(GivenCredentials::App { id, .. }) => Some(id),
        Some(GivenCredentials::Token(_)) | None => None,
    }
}

#[test]
fn what_lies_beside_the_database_counts_where_nobody_says_otherwise() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(app_id(&load(folder.path(), &[]).expect("settings")), None);
    keep(folder.path());
    let settings = load(folder.path(), &[]).expect("settings");
    assert_eq!((app_id(&settings), settings.webhook_secrets.len()), (Some(7), 1));
    let shown = settings.shown.iter().find(|one| one.name == "GITHUB_APP_ID").expect("it is shown");
    assert!(shown.source.ends_with("/credentials.toml"), "{}", shown.source);
    let rotating = load(folder.path(), &[("GITHUB_WEBHOOK_SECRET", "new,kept")]).expect("settings");
    assert_eq!((app_id(&rotating), rotating.webhook_secrets.len()), (Some(7), 2));
}

#[test]
fn parts_of_two_apps_are_never_mixed() {
    let folder = tempfile::tempdir().expect("a folder");
    keep(folder.path());
    let other = load(folder.path(), &[("GITHUB_APP_ID", "8"), ("GITHUB_PRIVATE_KEY", KEY)]);
    let other = other.expect("settings");
    assert_eq!((app_id(&other), other.webhook_secrets.len()), (Some(8), 0));
    let token = load(folder.path(), &[("GITHUB_TOKEN", "t")]).expect("settings");
    assert!(matches!(token.credentials, Some(GivenCredentials::Token(_))));
}

#[test]
fn a_file_with_anything_else_is_refused_and_one_that_is_there_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("credentials.toml");
    std::fs::write(&path, "github_app_id = 7\nlisten = \"0.0.0.0:1\"\n").expect("a file");
    let problem = load(folder.path(), &[]).expect_err("a problem");
    assert!(problem.contains("credentials.toml: `listen` has no place here\nhelp: "), "{problem}");
    assert!(write_credentials(&path, &Vec::new()).is_err());
    assert!(std::fs::read_to_string(&path).expect("the file").contains("listen"));
}

/// A desk in set-up mode on a clock of its own, served; its address and the path of its link.
async fn served(seconds: Arc<AtomicI64>) -> (String, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let home = format!("http://{}", listener.local_addr().expect("an address"));
    let (setup, path) = SetUp::new(SetUpParts {
        maker: AppMaker::new("http://127.0.0.1:1/api/v3"),
        public_url: home.clone(),
        file: None,
        in_the_way: Vec::new(),
        layout: Layout::load(None).expect("templates"),
        clock: Arc::new(move || {
            Timestamp::from_second(seconds.load(Ordering::SeqCst)).expect("a time")
        }),
        chance: Arc::new(|| [7; 32]),
        is_https: false,
    });
    tokio::spawn(async move { axum::serve(listener, setup_router(setup)).await });
    (home, path)
}

async fn status(address: &str, cookie: &str) -> StatusCode {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let request = Request::get(address).header("cookie", cookie);
    let request = request.body(Empty::<axum::body::Bytes>::new()).expect("a request");
    client.request(request).await.expect("an answer").status()
}

#[tokio::test]
async fn a_link_nobody_used_in_an_hour_opens_nothing() {
    let now = Arc::new(AtomicI64::new(0));
    let (home, path) = served(now.clone()).await;
    now.store(60 * 60, Ordering::SeqCst);
    assert_eq!(status(&format!("{home}{path}"), "").await, StatusCode::FORBIDDEN);
    now.store(60 * 60 - 1, Ordering::SeqCst);
    assert_eq!(status(&format!("{home}{path}"), "").await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_came_in_has_an_hour() {
    let now = Arc::new(AtomicI64::new(0));
    let (home, path) = served(now.clone()).await;
    assert_eq!(status(&format!("{home}{path}"), "").await, StatusCode::SEE_OTHER);
    let cookie = format!("keydesk-set-up={}", "07".repeat(32));
    let setup = format!("{home}/setup");
    assert_eq!(status(&setup, &cookie).await, StatusCode::OK);
    assert_eq!(status(&setup, &cookie.replace("07", "08")).await, StatusCode::FORBIDDEN);
    now.store(60 * 60, Ordering::SeqCst);
    assert_eq!(status(&setup, &cookie).await, StatusCode::FORBIDDEN);
}
