//! Opening, reading and changing issues.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    Acting, BODY_CHARACTERS_MAX, Gone, Happening, Issue, IssuePlace, Reaction, Refusal,
    RepositoryName, Role, StateReason, payload,
};

/// What a new issue consists of.
#[derive(Clone, Debug, Default)]
pub struct NewIssue {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: Option<String>,
    /// Label names; those missing in the catalogue are dropped without a word, as GitHub does with
    /// the labels of an issue form.
    pub labels: Vec<String>,
    /// Logins to assign.
    pub assignees: Vec<String>,
    /// Whether it is a pull request.
    pub is_pull_request: bool,
}

/// Open, closed or both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShownState {
    /// Open ones.
    #[default]
    Open,
    /// Closed ones.
    Closed,
    /// All.
    All,
}

/// Which issues to list, and in which order.
#[derive(Clone, Debug, Default)]
pub struct IssueFilter {
    /// Open, closed or both.
    pub state: ShownState,
    /// Only those changed at this time or later.
    pub since: Option<Timestamp>,
    /// Only those that have all of these labels.
    pub labels: Vec<String>,
    /// By last change instead of by opening.
    pub by_update: bool,
    /// Oldest first instead of newest first.
    pub ascending: bool,
}

/// What to change; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct IssueChange {
    /// A new title.
    pub title: Option<String>,
    /// A new text.
    pub body: Option<String>,
    /// Closed with a reason, or open.
    pub open: Option<bool>,
    /// The reason given for it.
    pub state_reason: Option<StateReason>,
    /// All labels anew.
    pub labels: Option<Vec<String>>,
    /// All assignees anew.
    pub assignees: Option<Vec<String>>,
}

impl Acting<'_> {
    /// The issue at this place.
    pub fn issue(&self, place: &IssuePlace) -> Result<&Issue, Refusal> {
        let (repository, issue) = self.issue_index(place)?;
        Ok(&self.state.repositories[repository].issues[issue])
    }

    /// The issues that pass the filter.
    pub fn issues(
        &self,
        name: &RepositoryName,
        filter: &IssueFilter,
    ) -> Result<Vec<&Issue>, Refusal> {
        let repository = &self.state.repositories[self.repository_index(name)?];
        let wanted: Vec<Option<u64>> = filter
            .labels
            .iter()
            .map(|name| repository.find_label(name).map(|label| label.id))
            .collect();
        let mut found: Vec<&Issue> = repository
            .issues
            .iter()
            .filter(|issue| issue.gone.is_none())
            .filter(|issue| match filter.state {
                ShownState::Open => issue.is_open(),
                ShownState::Closed => !issue.is_open(),
                ShownState::All => true,
            })
            .filter(|issue| filter.since.is_none_or(|since| issue.updated_at >= since))
            .filter(|issue| {
                wanted.iter().all(|label| label.is_some_and(|label| issue.labels.contains(&label)))
            })
            .collect();
        found.sort_by_key(|issue| {
            (if filter.by_update { issue.updated_at } else { issue.created_at }, issue.number)
        });
        if !filter.ascending {
            found.reverse();
        }
        Ok(found)
    }

    /// Opens an issue and gives its number.
    pub fn create_issue(&mut self, name: &RepositoryName, new: NewIssue) -> Result<u64, Refusal> {
        let at = self.repository_index(name)?;
        self.may_write_issues(at)?;
        check_title(&new.title)?;
        check_body("Issue", new.body.as_deref())?;
        let id = self.state.new_id();
        let author = self.login();
        let repository = &mut self.state.repositories[at];
        let number = repository.issues.iter().map(|issue| issue.number).max().unwrap_or(0) + 1;
        let labels: Vec<u64> = new
            .labels
            .iter()
            .filter_map(|name| repository.find_label(name).map(|label| label.id))
            .collect();
        repository.issues.push(Issue {
            id,
            number,
            title: new.title,
            body: new.body.filter(|body| !body.is_empty()),
            author,
            created_at: self.now,
            updated_at: self.now,
            closed_at: None,
            closed_by: None,
            state_reason: None,
            labels: labels.clone(),
            assignees: Vec::new(),
            locked: false,
            is_pull_request: new.is_pull_request,
            comments: Vec::new(),
            reactions: Vec::new(),
            timeline: Vec::new(),
            gone: None,
        });
        let issue = (at, repository.issues.len() - 1);
        self.announce_issue(issue, "opened", json!({}));
        for label in labels {
            self.tell_label(issue, label, "labeled");
        }
        let place = name.issue(number);
        if !new.assignees.is_empty() && self.repository_with(name, Role::Triage).is_ok() {
            self.assign(&place, &new.assignees)?;
        }
        Ok(number)
    }

    /// Changes title, text, state, labels or assignees.
    pub fn edit_issue(&mut self, place: &IssuePlace, change: IssueChange) -> Result<(), Refusal> {
        let at = self.issue_index(place)?;
        self.may_change(at, &change)?;
        self.edit_texts(at, change.title, change.body)?;
        match change.open {
            Some(false) => self.close(at, change.state_reason.unwrap_or(StateReason::Completed)),
            Some(true) => self.reopen(at),
            None => {}
        }
        if let Some(labels) = change.labels {
            self.set_labels(place, &labels)?;
        }
        if let Some(assignees) = change.assignees {
            let now = self.issue(place)?.assignees.clone();
            let leaving: Vec<String> =
                now.into_iter().filter(|login| !assignees.contains(login)).collect();
            self.unassign(place, &leaving)?;
            self.assign(place, &assignees)?;
        }
        Ok(())
    }

    /// An author may edit and close the own issue; everything else needs triage.
    fn may_change(&self, at: (usize, usize), change: &IssueChange) -> Result<(), Refusal> {
        self.may_write_issues(at.0)?;
        let repository = &self.state.repositories[at.0];
        let is_author = repository.issues[at.1].author.eq_ignore_ascii_case(&self.login());
        let needs_role = change.labels.is_some() || change.assignees.is_some();
        if self.role_in(repository) >= Role::Triage || (is_author && !needs_role) {
            Ok(())
        } else {
            Err(self.refused_for_role())
        }
    }

    fn edit_texts(
        &mut self,
        at: (usize, usize),
        title: Option<String>,
        body: Option<String>,
    ) -> Result<(), Refusal> {
        if let Some(title) = &title {
            check_title(title)?;
        }
        check_body("Issue", body.as_deref())?;
        let now = self.now;
        let issue = self.issue_mut(at);
        let mut changes = Map::new();
        let mut renamed = None;
        if let Some(title) = title.filter(|title| *title != issue.title) {
            let from = std::mem::replace(&mut issue.title, title.clone());
            changes.insert("title".to_owned(), json!({ "from": from }));
            renamed = Some(Happening::Renamed(from, title));
        }
        if let Some(body) = body.filter(|body| issue.body.as_deref().unwrap_or("") != body) {
            let from = issue.body.replace(body).unwrap_or_default();
            changes.insert("body".to_owned(), json!({ "from": from }));
        }
        if changes.is_empty() {
            return Ok(());
        }
        issue.updated_at = now;
        if let Some(renamed) = renamed {
            self.note(at, renamed);
        }
        self.announce_issue(at, "edited", json!({ "changes": changes }));
        Ok(())
    }

    fn close(&mut self, at: (usize, usize), reason: StateReason) {
        if !self.issue_mut(at).is_open() {
            return;
        }
        let (now, login) = (self.now, self.login());
        let issue = self.issue_mut(at);
        issue.closed_at = Some(now);
        issue.closed_by = Some(login);
        issue.state_reason = Some(reason);
        self.note(at, Happening::Closed(reason));
        self.announce_issue(at, "closed", json!({}));
    }

    fn reopen(&mut self, at: (usize, usize)) {
        let issue = self.issue_mut(at);
        if issue.is_open() {
            return;
        }
        issue.closed_at = None;
        issue.closed_by = None;
        issue.state_reason = Some(StateReason::Reopened);
        self.note(at, Happening::Reopened);
        self.announce_issue(at, "reopened", json!({}));
    }

    /// Locks or unlocks the conversation.
    pub fn lock_issue(&mut self, place: &IssuePlace, locked: bool) -> Result<(), Refusal> {
        self.repository_with(&place.repository, Role::Triage)?;
        let at = self.issue_index(place)?;
        if self.issue_mut(at).locked == locked {
            return Ok(());
        }
        self.issue_mut(at).locked = locked;
        let (happening, action) = match locked {
            true => (Happening::Locked, "locked"),
            false => (Happening::Unlocked, "unlocked"),
        };
        self.note(at, happening);
        self.announce_issue(at, action, json!({}));
        Ok(())
    }

    /// Deletes an issue for good; only admins can.
    pub fn delete_issue(&mut self, place: &IssuePlace) -> Result<(), Refusal> {
        self.repository_with(&place.repository, Role::Admin)?;
        let at = self.issue_index(place)?;
        self.announce_issue(at, "deleted", json!({}));
        self.issue_mut(at).gone = Some(Gone::Deleted);
        Ok(())
    }

    /// Moves an issue to another repository and gives its new place.
    pub fn transfer_issue(
        &mut self,
        place: &IssuePlace,
        to: &RepositoryName,
    ) -> Result<IssuePlace, Refusal> {
        self.repository_with(&place.repository, Role::Write)?;
        let at = self.issue_index(place)?;
        let target = self.repository_with(to, Role::Write)?;
        let id = self.state.new_id();
        let mut moved = self.state.repositories[at.0].issues[at.1].clone();
        let issues = &mut self.state.repositories[target].issues;
        let number = issues.iter().map(|issue| issue.number).max().unwrap_or(0) + 1;
        (moved.id, moved.number, moved.labels) = (id, number, Vec::new());
        issues.push(moved);
        let new_at = (target, issues.len() - 1);
        let old = self.linked(at, "old");
        let new = self.linked(new_at, "new");
        self.announce_issue(at, "transferred", json!({ "changes": new }));
        self.announce_issue(new_at, "opened", json!({ "changes": old }));
        let new_place = to.issue(number);
        self.issue_mut(at).gone = Some(Gone::Transferred(new_place.clone()));
        Ok(new_place)
    }

    /// The `changes` of a transfer, seen from the other side.
    fn linked(&self, at: (usize, usize), side: &str) -> Value {
        let repository = &self.state.repositories[at.0];
        json!({
            format!("{side}_issue"): payload::issue(self.state, repository, &repository.issues[at.1]),
            format!("{side}_repository"): payload::repository(self.state, repository),
        })
    }

    /// Assigns accounts; those without a role are passed over, as GitHub does.
    pub fn assign(&mut self, place: &IssuePlace, logins: &[String]) -> Result<(), Refusal> {
        let repository = self.repository_with(&place.repository, Role::Triage)?;
        let at = self.issue_index(place)?;
        for login in logins {
            let known = self.state.user(login).map(|user| user.login.clone());
            let Some(login) = known else { continue };
            let may_be = self.state.repositories[repository].role(&login) >= Role::Triage;
            if !may_be || self.issue_mut(at).assignees.contains(&login) {
                continue;
            }
            self.issue_mut(at).assignees.push(login.clone());
            self.note(at, Happening::Assigned(login.clone()));
            let assignee = payload::user(self.state, &login);
            self.announce_issue(at, "assigned", json!({ "assignee": assignee }));
        }
        Ok(())
    }

    /// Takes assignments back.
    pub fn unassign(&mut self, place: &IssuePlace, logins: &[String]) -> Result<(), Refusal> {
        self.repository_with(&place.repository, Role::Triage)?;
        let at = self.issue_index(place)?;
        for login in logins {
            let assignees = &mut self.issue_mut(at).assignees;
            let Some(index) = assignees.iter().position(|one| one.eq_ignore_ascii_case(login))
            else {
                continue;
            };
            let login = assignees.remove(index);
            self.note(at, Happening::Unassigned(login.clone()));
            let assignee = payload::user(self.state, &login);
            self.announce_issue(at, "unassigned", json!({ "assignee": assignee }));
        }
        Ok(())
    }

    /// Reacts to an issue; the flag says whether the reaction is new.
    pub fn react_to_issue(
        &mut self,
        place: &IssuePlace,
        content: &str,
    ) -> Result<(Reaction, bool), Refusal> {
        let at = self.issue_index(place)?;
        self.may_write_issues(at.0)?;
        let fresh = self.new_reaction(content)?;
        Ok(put_reaction(&mut self.issue_mut(at).reactions, fresh))
    }

    pub(super) fn new_reaction(&mut self, content: &str) -> Result<Reaction, Refusal> {
        if !payload::REACTIONS.contains(&content) {
            return Err(Refusal::invalid("Reaction", "content", "invalid"));
        }
        Ok(Reaction {
            id: self.state.new_id(),
            login: self.login(),
            content: content.to_owned(),
            created_at: self.now,
        })
    }
}

/// Adds a reaction unless the account has reacted so before.
pub(super) fn put_reaction(reactions: &mut Vec<Reaction>, fresh: Reaction) -> (Reaction, bool) {
    let same = reactions
        .iter()
        .find(|one| one.login.eq_ignore_ascii_case(&fresh.login) && one.content == fresh.content);
    if let Some(same) = same {
        return (same.clone(), false);
    }
    reactions.push(fresh.clone());
    (fresh, true)
}

fn check_title(title: &str) -> Result<(), Refusal> {
    if title.trim().is_empty() {
        return Err(Refusal::invalid("Issue", "title", "missing_field"));
    }
    if title.chars().count() > 256 {
        return Err(Refusal::invalid("Issue", "title", "custom"));
    }
    Ok(())
}

/// Refuses a text longer than GitHub takes.
pub(super) fn check_body(resource: &str, body: Option<&str>) -> Result<(), Refusal> {
    if body.is_none_or(|body| body.chars().count() <= BODY_CHARACTERS_MAX) {
        return Ok(());
    }
    let message = format!("body is too long (maximum is {BODY_CHARACTERS_MAX} characters)");
    let error = json!({
        "resource": resource, "code": "custom", "field": "body", "message": message,
    });
    Err(Refusal { errors: vec![error], ..Refusal::new(422, "Validation Failed") })
}
