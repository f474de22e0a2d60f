//! The form of account recovery and the other kinds of requests, of one configuration folder.

use super::Failure;
use crate::policy::kinds::{self, name_of_file};
use crate::reading::form::Form;
use crate::reading::form::kinds::Kind;
use crate::settings::ConfigFolder;

/// The form of a configuration folder, or ours, with the folder's other kinds of requests. What is
/// wrong in the files of those is told with the policy, and here they are left out.
///
/// # Errors
/// A form that cannot be read, and a kind that nothing tells from an account recovery.
pub(super) fn form(folder: &ConfigFolder) -> Result<Form, Failure> {
    let form = match &folder.form {
        None => Form::built_in(),
        Some(layer) => Form::parse(&layer.text).map_err(|error| {
            Failure::new(
                format!("{}: {error}", layer.name),
                "compare it with the form keydesk ships",
            )
        })?,
    };
    if kinds::read(&folder.kinds).is_err() {
        return Ok(form);
    }
    let parse = |layer: &crate::policy::Layer| {
        let cure = "`keydesk check` names the mistake";
        Kind::parse(name_of_file(&layer.name), &layer.text)
            .map_err(|error| Failure::new(format!("{}: {error}", layer.name), cure))
    };
    let all = folder.kinds.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    form.with_kinds(all).map_err(|(kind, why)| {
        let layer = folder.kinds.iter().find(|layer| name_of_file(&layer.name) == kind);
        let file = layer.map_or(kind.as_str(), |layer| layer.name.as_str());
        Failure::new(
            format!("{file}: {why}"),
            "add a field to `needs` whose heading the account-recovery form does not have",
        )
    })
}
