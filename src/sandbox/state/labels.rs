//! The label catalogue of a repository and the labels of its issues.

use serde_json::{Map, Value, json};

use super::{Acting, Happening, IssuePlace, Label, Refusal, RepositoryName, Role, payload};

/// Colour of a label that was made by merely setting it.
const PLAIN_COLOR: &str = "ededed";

/// What a label says; `None` leaves a thing as it is, or as GitHub would have it.
#[derive(Clone, Debug, Default)]
pub struct LabelText {
    /// Its name.
    pub name: Option<String>,
    /// Six hexadecimal digits.
    pub color: Option<String>,
    /// A short line.
    pub description: Option<String>,
}

impl LabelText {
    /// Refuses what GitHub refuses.
    fn check(&self) -> Result<(), Refusal> {
        if self.name.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return Err(Refusal::invalid("Label", "name", "missing_field"));
        }
        if self.name.as_ref().is_some_and(|name| name.chars().count() > 50) {
            return Err(Refusal::invalid("Label", "name", "too_long"));
        }
        let is_color = |color: &String| {
            color.len() == 6 && color.chars().all(|digit| digit.is_ascii_hexdigit())
        };
        if self.color.as_ref().is_some_and(|color| !is_color(color)) {
            return Err(Refusal::invalid("Label", "color", "invalid"));
        }
        if self.description.as_ref().is_some_and(|line| line.chars().count() > 100) {
            return Err(Refusal::invalid("Label", "description", "too_long"));
        }
        Ok(())
    }
}

impl Acting<'_> {
    /// The catalogue.
    pub fn labels(&self, name: &RepositoryName) -> Result<&[Label], Refusal> {
        Ok(&self.state.repositories[self.repository_index(name)?].labels)
    }

    /// One label of the catalogue.
    pub fn label(&self, name: &RepositoryName, label: &str) -> Result<&Label, Refusal> {
        let repository = &self.state.repositories[self.repository_index(name)?];
        repository.find_label(label).ok_or_else(Refusal::not_found)
    }

    /// Adds a label to the catalogue.
    pub fn create_label(
        &mut self,
        name: &RepositoryName,
        text: LabelText,
    ) -> Result<Label, Refusal> {
        let at = self.repository_with(name, Role::Triage)?;
        text.check()?;
        let label_name =
            text.name.ok_or_else(|| Refusal::invalid("Label", "name", "missing_field"))?;
        if self.state.repositories[at].find_label(&label_name).is_some() {
            return Err(Refusal::invalid("Label", "name", "already_exists"));
        }
        let label = Label {
            id: self.state.new_id(),
            name: label_name,
            color: text.color.unwrap_or_else(|| PLAIN_COLOR.to_owned()).to_lowercase(),
            description: text.description.filter(|line| !line.is_empty()),
        };
        self.state.repositories[at].labels.push(label.clone());
        self.announce_label(at, &label, ("created", json!({})));
        Ok(label)
    }

    /// Changes a label of the catalogue, on every issue that has it.
    pub fn edit_label(
        &mut self,
        name: &RepositoryName,
        label: &str,
        text: LabelText,
    ) -> Result<Label, Refusal> {
        let at = self.repository_with(name, Role::Triage)?;
        text.check()?;
        let old = self.label(name, label)?.clone();
        let taken = |new: &String| {
            self.state.repositories[at].find_label(new).is_some_and(|other| other.id != old.id)
        };
        if text.name.as_ref().is_some_and(taken) {
            return Err(Refusal::invalid("Label", "name", "already_exists"));
        }
        let new = Label {
            id: old.id,
            name: text.name.unwrap_or_else(|| old.name.clone()),
            color: text.color.unwrap_or_else(|| old.color.clone()).to_lowercase(),
            description: text.description.or_else(|| old.description.clone()),
        };
        let mut changes = Map::new();
        if new.name != old.name {
            changes.insert("name".to_owned(), json!({ "from": old.name }));
        }
        if new.color != old.color {
            changes.insert("color".to_owned(), json!({ "from": old.color }));
        }
        if new.description != old.description {
            changes.insert("description".to_owned(), json!({ "from": old.description }));
        }
        for label in &mut self.state.repositories[at].labels {
            if label.id == new.id {
                *label = new.clone();
            }
        }
        self.announce_label(at, &new, ("edited", json!({ "changes": changes })));
        Ok(new)
    }

    /// Takes a label out of the catalogue and off every issue.
    pub fn delete_label(&mut self, name: &RepositoryName, label: &str) -> Result<(), Refusal> {
        let at = self.repository_with(name, Role::Triage)?;
        let label = self.label(name, label)?.clone();
        let repository = &mut self.state.repositories[at];
        repository.labels.retain(|other| other.id != label.id);
        for issue in &mut repository.issues {
            issue.labels.retain(|id| *id != label.id);
        }
        self.announce_label(at, &label, ("deleted", json!({})));
        Ok(())
    }

    /// Sets labels in addition; those already there stay and make no event.
    pub fn add_labels(&mut self, place: &IssuePlace, names: &[String]) -> Result<(), Refusal> {
        let repository = self.repository_with(&place.repository, Role::Triage)?;
        let at = self.issue_index(place)?;
        for name in names {
            let known = self.state.repositories[repository].find_label(name).map(|label| label.id);
            let id = match known {
                Some(id) => id,
                None => {
                    let text = LabelText { name: Some(name.clone()), ..LabelText::default() };
                    self.create_label(&place.repository, text)?.id
                }
            };
            if self.issue_mut(at).labels.contains(&id) {
                continue;
            }
            self.issue_mut(at).labels.push(id);
            self.tell_label(at, id, "labeled");
        }
        Ok(())
    }

    /// Makes these the labels of the issue.
    pub fn set_labels(&mut self, place: &IssuePlace, names: &[String]) -> Result<(), Refusal> {
        let repository = self.repository_with(&place.repository, Role::Triage)?;
        let at = self.issue_index(place)?;
        let repository = &self.state.repositories[repository];
        let kept: Vec<u64> = names
            .iter()
            .filter_map(|name| repository.find_label(name).map(|label| label.id))
            .collect();
        let leaving: Vec<u64> =
            self.issue_mut(at).labels.iter().copied().filter(|id| !kept.contains(id)).collect();
        for id in leaving {
            self.take_off(at, id);
        }
        self.add_labels(place, names)
    }

    /// Takes one label off the issue.
    pub fn remove_label(&mut self, place: &IssuePlace, name: &str) -> Result<(), Refusal> {
        let repository = self.repository_with(&place.repository, Role::Triage)?;
        let at = self.issue_index(place)?;
        let id = self.state.repositories[repository].find_label(name).map(|label| label.id);
        match id.filter(|id| self.issue_mut(at).labels.contains(id)) {
            Some(id) => self.take_off(at, id),
            None => return Err(Refusal::new(404, "Label does not exist")),
        }
        Ok(())
    }

    fn take_off(&mut self, at: (usize, usize), id: u64) {
        self.issue_mut(at).labels.retain(|one| *one != id);
        self.tell_label(at, id, "unlabeled");
    }

    /// Notes in the timeline, and announces, that a label was set or removed.
    pub(super) fn tell_label(&mut self, at: (usize, usize), id: u64, action: &str) {
        let Some(label) = self.state.repositories[at.0].label(id).cloned() else {
            return;
        };
        let (name, color) = (label.name.clone(), label.color.clone());
        let happening = match action {
            "labeled" => Happening::Labeled(name, color),
            _ => Happening::Unlabeled(name, color),
        };
        self.note(at, happening);
        let repository = &self.state.repositories[at.0];
        let label = payload::label(self.state, repository, &label);
        self.announce_issue(at, action, json!({ "label": label }));
    }

    fn announce_label(&mut self, at: usize, label: &Label, what: (&str, Value)) {
        let repository = &self.state.repositories[at];
        let mut content = json!({
            "label": payload::label(self.state, repository, label),
            "sender": payload::user(self.state, &self.login()),
        });
        if let (Some(content), Value::Object(extra)) = (content.as_object_mut(), what.1) {
            content.extend(extra);
        }
        self.state.announce(at, ("label", what.0), content);
    }
}
