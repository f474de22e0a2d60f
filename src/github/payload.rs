//! GitHub's JSON, as far as it matters, in our words. Everything may be absent or null: accounts
//! get deleted, bodies are empty, and some payloads carry half an issue.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::triage::{
    CommentId, InstallationId, IssueId, IssueNumber, Login, Person, Repository, RepositoryId,
    UserId,
};

/// What is kept of a webhook: about a kilobyte of what GitHub sent. What stood there before an
/// edit (`changes`) is not among it: a secret that was just blanked would come back by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Where it happened.
    pub repository: Repository,
    /// GitHub's name of what was done: `opened`, `created`.
    pub action: String,
    /// Who did it.
    pub sender: Option<Person>,
    /// What it was done to.
    pub what: What,
}

/// What a delivery is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An issue.
    Issue(IssueRecord),
    /// A label on an issue.
    IssueLabel(IssueRecord, String),
    /// A comment under an issue.
    Comment(IssueRecord, CommentRecord),
    /// The policy file of the repository may have changed.
    Policy,
    /// The labels of the repository changed.
    Labels,
}

/// An issue as GitHub described it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IssueRecord {
    /// Its number for good.
    pub id: IssueId,
    /// Its number in the repository.
    pub number: IssueNumber,
    /// Its address in a browser.
    pub url: String,
    /// Who opened it.
    pub author: Option<Person>,
    /// Its title.
    pub title: String,
    /// Its body; empty where GitHub says null.
    pub body: String,
    /// Names of its labels.
    pub labels: Vec<String>,
    /// Whether it is open.
    pub is_open: bool,
    /// Whether only collaborators may comment.
    pub is_locked: bool,
    /// Logins of its assignees.
    pub assignees: Vec<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A comment as GitHub described it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommentRecord {
    /// Its number.
    pub id: CommentId,
    /// Its global name, by which GraphQL knows it; empty where GitHub did not say.
    #[serde(default)]
    pub node_id: String,
    /// Who wrote it.
    pub author: Option<Person>,
    /// The App it was written through.
    pub app: Option<u64>,
    /// What it says.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Delivery {
    /// What it is about, as one word: events of one subject are handled one at a time.
    pub fn subject(&self) -> String {
        match &self.what {
            What::Issue(issue) | What::IssueLabel(issue, _) | What::Comment(issue, _) => {
                format!("issue:{}", issue.id)
            }
            What::Policy | What::Labels => format!("repository:{}", self.repository.id),
        }
    }
}

/// Whether the bot may have use for an event of this name.
pub fn is_of_use(event: &str) -> bool {
    matches!(event, "issues" | "issue_comment" | "push" | "label")
}

/// Reads the body of a webhook. `None`: the bot has no use for it.
///
/// # Errors
/// Where it is no JSON, or an event the bot cares for lacks what it must have.
pub fn parse_delivery(event: &str, body: &[u8]) -> Result<Option<Delivery>, serde_json::Error> {
    if !is_of_use(event) {
        let _: serde::de::IgnoredAny = serde_json::from_slice(body)?;
        return Ok(None);
    }
    let json: WebhookJson = serde_json::from_slice(body)?;
    let what = match event {
        "issues" => json.issue_event(),
        "issue_comment" => json.comment_event(),
        "push" => json.touches_settings().then_some(What::Policy),
        _ => Some(What::Labels),
    };
    let Some(what) = what else { return Ok(None) };
    let Some(repository) = json.repository() else {
        return Ok(None);
    };
    let sender = json.sender.map(PersonJson::into_person);
    let action = json.action.unwrap_or_default();
    Ok(Some(Delivery { repository, action, sender, what }))
}

/// The file a repository keeps its own policy in.
pub const POLICY_PATH: &str = ".github/keydesk.toml";

/// The folder a repository keeps its issue forms in.
pub const FORMS_FOLDER: &str = ".github/ISSUE_TEMPLATE";

#[derive(Deserialize)]
struct WebhookJson {
    action: Option<String>,
    issue: Option<IssueJson>,
    comment: Option<CommentJson>,
    label: Option<LabelJson>,
    repository: Option<RepositoryJson>,
    sender: Option<PersonJson>,
    installation: Option<InstallationJson>,
    #[serde(rename = "ref")]
    git_ref: Option<String>,
    #[serde(default)]
    forced: bool,
    commits: Option<Vec<CommitJson>>,
}

impl WebhookJson {
    fn issue_event(&self) -> Option<What> {
        let issue = self.issue.as_ref()?.record()?;
        Some(match &self.label {
            Some(label) => What::IssueLabel(issue, label.name.clone()),
            None => What::Issue(issue),
        })
    }

    fn comment_event(&self) -> Option<What> {
        let issue = self.issue.as_ref()?.record()?;
        Some(What::Comment(issue, self.comment.as_ref()?.record()))
    }

    /// A push to the default branch that changes the policy or a form, or may: long pushes list
    /// not all.
    fn touches_settings(&self) -> bool {
        let Some(repository) = &self.repository else {
            return false;
        };
        let branch = repository.default_branch.as_deref().unwrap_or("main");
        let is_default = self.git_ref.as_deref() == Some(format!("refs/heads/{branch}").as_str());
        let commits = self.commits.as_deref().unwrap_or_default();
        let is_listed = commits.iter().any(|commit| {
            let mut paths = commit.added.iter().chain(&commit.modified).chain(&commit.removed);
            paths.any(|path| {
                let in_folder = path.strip_prefix(FORMS_FOLDER);
                path == POLICY_PATH || in_folder.is_some_and(|rest| rest.starts_with('/'))
            })
        });
        is_default && (is_listed || self.forced || commits.is_empty() || commits.len() >= 20)
    }

    fn repository(&self) -> Option<Repository> {
        let json = self.repository.as_ref()?;
        let (owner, name) = json.full_name.split_once('/')?;
        Some(Repository {
            id: json.id,
            owner: owner.to_owned(),
            name: name.to_owned(),
            installation: self.installation.as_ref().map(|installation| installation.id),
            default_branch: json.default_branch.clone().unwrap_or_else(|| "main".to_owned()),
            is_private: json.private,
        })
    }
}

#[derive(Deserialize)]
struct InstallationJson {
    id: InstallationId,
}

#[derive(Deserialize)]
struct RepositoryJson {
    id: RepositoryId,
    full_name: String,
    #[serde(default)]
    private: bool,
    default_branch: Option<String>,
}

#[derive(Deserialize)]
struct CommitJson {
    #[serde(default)]
    added: Vec<String>,
    #[serde(default)]
    modified: Vec<String>,
    #[serde(default)]
    removed: Vec<String>,
}

#[derive(Deserialize)]
struct LabelJson {
    name: String,
}

/// Somebody, as GitHub describes accounts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PersonJson {
    id: UserId,
    login: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

impl PersonJson {
    /// In our words.
    pub fn into_person(self) -> Person {
        let is_bot = self.kind.as_deref() == Some("Bot") || self.login.ends_with("[bot]");
        Person { id: self.id, login: Login(self.login), is_bot }
    }
}

/// An issue, as GitHub describes it.
#[derive(Debug, Serialize, Deserialize)]
pub struct IssueJson {
    id: IssueId,
    number: IssueNumber,
    html_url: Option<String>,
    user: Option<PersonJson>,
    title: Option<String>,
    body: Option<String>,
    labels: Option<Vec<IssueLabelJson>>,
    state: Option<String>,
    locked: Option<bool>,
    assignees: Option<Vec<PersonJson>>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    /// When it was closed last; none while it is open.
    pub(super) closed_at: Option<Timestamp>,
    /// Who closed it; only some answers say so.
    pub(super) closed_by: Option<PersonJson>,
    /// What its author is to the repository.
    pub(super) author_association: Option<Association>,
    #[serde(skip_serializing)]
    pull_request: Option<serde::de::IgnoredAny>,
}

/// A label on an issue: an object, or just its name.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum IssueLabelJson {
    Name(String),
    Label { name: Option<String> },
}

impl IssueLabelJson {
    /// Its name, where it has one.
    pub(super) fn into_name(self) -> Option<String> {
        match self {
            Self::Name(name) => Some(name),
            Self::Label { name } => name,
        }
    }
}

/// What somebody is to a repository, as issues and comments say it. It hides what people hide, so
/// it is good for a guess only, where GitHub cannot be asked for the role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", rename_all = "UPPERCASE")]
pub enum Association {
    /// Its owner.
    Owner,
    /// A member of the organisation that owns it.
    Member,
    /// Somebody invited to work on it.
    Collaborator,
    /// Anybody else.
    Outsider,
}

impl From<String> for Association {
    fn from(name: String) -> Self {
        match name.as_str() {
            "OWNER" => Self::Owner,
            "MEMBER" => Self::Member,
            "COLLABORATOR" => Self::Collaborator,
            _ => Self::Outsider,
        }
    }
}

impl IssueJson {
    /// Its number for good, and its number in the repository.
    pub fn numbers(&self) -> (IssueId, IssueNumber) {
        (self.id, self.number)
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.state.as_deref() == Some("open")
    }

    /// When it last changed.
    pub fn updated_at(&self) -> Option<Timestamp> {
        self.updated_at
    }

    /// Whether it is a pull request, which lists of issues hold too.
    pub fn is_pull_request(&self) -> bool {
        self.pull_request.is_some()
    }

    /// In our words; none for a pull request, or where half of it is missing.
    pub fn record(&self) -> Option<IssueRecord> {
        if self.is_pull_request() {
            return None;
        }
        let labels = self.labels.iter().flatten().filter_map(|label| match label {
            IssueLabelJson::Name(name) | IssueLabelJson::Label { name: Some(name) } => {
                Some(name.clone())
            }
            IssueLabelJson::Label { name: None } => None,
        });
        Some(IssueRecord {
            id: self.id,
            number: self.number,
            url: self.html_url.clone().unwrap_or_default(),
            author: self.user.clone().map(PersonJson::into_person),
            title: self.title.clone().unwrap_or_default(),
            body: self.body.clone().unwrap_or_default(),
            labels: labels.collect(),
            is_open: self.state.as_deref()? == "open",
            is_locked: self.locked.unwrap_or(false),
            assignees: self.assignees.iter().flatten().map(|person| person.login.clone()).collect(),
            opened_at: self.created_at?,
            updated_at: self.updated_at.or(self.created_at)?,
        })
    }
}

/// A comment, as GitHub describes it.
#[derive(Debug, Serialize, Deserialize)]
pub struct CommentJson {
    /// Its number.
    pub id: CommentId,
    node_id: Option<String>,
    issue_url: Option<String>,
    user: Option<PersonJson>,
    body: Option<String>,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
    /// What its author is to the repository.
    pub(super) author_association: Option<Association>,
    performed_via_github_app: Option<AppJson>,
}

#[derive(Debug, Serialize, Deserialize)]
struct AppJson {
    id: u64,
}

impl CommentJson {
    /// The number of the issue it stands under, where GitHub said it.
    pub fn issue_number(&self) -> Option<IssueNumber> {
        self.issue_url.as_deref()?.rsplit('/').next()?.parse().ok().map(IssueNumber)
    }

    /// In our words.
    pub fn record(&self) -> CommentRecord {
        CommentRecord {
            id: self.id,
            node_id: self.node_id.clone().unwrap_or_default(),
            author: self.user.clone().map(PersonJson::into_person),
            app: self.performed_via_github_app.as_ref().map(|app| app.id),
            body: self.body.clone().unwrap_or_default(),
            created_at: self.created_at,
            updated_at: self.updated_at.unwrap_or(self.created_at),
        }
    }
}
