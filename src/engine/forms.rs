//! Which form requests are filed with where: the operator's, and on top of it the issue forms of
//! the repository itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Engine;
use crate::github::CallError;
use crate::github::payload::FORMS_FOLDER;
use crate::reading::form::Form;
use crate::reading::form::schema::{FORM_BYTES_MAX, FORMS_MAX, IssueForm};
use crate::store::Desk;
use crate::triage::Repository;

/// The operator's form, and what it makes with each repository's own.
pub(super) struct Forms {
    kept: Mutex<Kept>,
}

struct Kept {
    base: Arc<Form>,
    merged: HashMap<String, Arc<Form>>,
}

impl Forms {
    /// Forms on top of this one.
    pub(super) fn new(base: Form) -> Self {
        let kept = Kept { base: Arc::new(base), merged: HashMap::new() };
        Self { kept: Mutex::new(kept) }
    }

    /// Puts another form below each repository's own.
    pub(super) fn replace(&self, base: Form) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Kept { base: Arc::new(base), merged: HashMap::new() };
    }

    /// The form in force at a desk.
    pub(super) fn of(&self, desk: &Desk) -> Arc<Form> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(text) = desk.forms.as_deref().filter(|text| !text.is_empty()) else {
            return kept.base.clone();
        };
        if let Some(known) = kept.merged.get(text) {
            return known.clone();
        }
        // What was kept is what was read; should it ever be anything else, the base will do.
        let schemas: Vec<IssueForm> = serde_json::from_str(text).unwrap_or_default();
        let form = Arc::new(kept.base.with_schemas(&schemas));
        kept.merged.insert(text.to_owned(), form.clone());
        form
    }
}

impl Engine {
    /// Reads the repository's issue forms, as a text to keep; empty where there are none. Broken
    /// ones and those beyond the bounds are left out, and the log says so.
    pub(super) async fn read_forms(&self, repository: &Repository) -> Result<String, CallError> {
        let mut schemas = Vec::new();
        for path in self.list_forms(repository).await? {
            let text = match self.parts.github.find_file(repository, &path).await {
                Err(CallError::Refused { .. }) | Ok(None) => continue,
                Ok(Some(text)) => text,
                Err(error) => return Err(error),
            };
            match IssueForm::parse(&text) {
                Ok(schema) => schemas.push(schema),
                Err(problem) => tracing::warn!(
                    repository = repository.full_name(),
                    path,
                    problem,
                    "an issue form is broken; it counts for nothing until it is mended"
                ),
            }
        }
        if schemas.is_empty() {
            return Ok(String::new());
        }
        serde_json::to_string(&schemas).map_err(|error| CallError::Unclear(error.to_string()))
    }

    async fn list_forms(&self, repository: &Repository) -> Result<Vec<String>, CallError> {
        let mut files = match self.parts.github.get_folder(repository, FORMS_FOLDER).await {
            Err(CallError::Refused { status, message }) => {
                tracing::warn!(
                    status,
                    message,
                    "the repository's issue forms could not be read; the App needs the permission `contents: read`"
                );
                Vec::new()
            }
            other => other?,
        };
        files.retain(|file| {
            let name = file.path.rsplit('/').next().unwrap_or_default().to_lowercase();
            let is_form = name.ends_with(".yml") || name.ends_with(".yaml");
            is_form && !name.starts_with("config.") && file.bytes <= FORM_BYTES_MAX as u64
        });
        files.sort_by(|one, other| one.path.cmp(&other.path));
        if files.len() > FORMS_MAX {
            tracing::warn!(
                repository = repository.full_name(),
                "of {} issue forms only the first {FORMS_MAX} are read",
                files.len()
            );
        }
        Ok(files.into_iter().take(FORMS_MAX).map(|file| file.path).collect())
    }
}
