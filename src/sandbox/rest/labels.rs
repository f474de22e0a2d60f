//! Labels: the catalogue of a repository and those of an issue.

use axum::body::Bytes;
use axum::extract::Path;
use serde::Deserialize;
use serde_json::Value;

use super::answer::{Answer, Call, created, done, ok, parse};
use super::issues::{IssuePath, LabelName, place};
use crate::sandbox::payload;
use crate::sandbox::state::{Acting, IssuePlace, LabelText, Refusal, RepositoryName};

type LabelPath = Path<(String, String, String)>;

#[derive(Deserialize)]
struct LabelBody {
    name: Option<String>,
    new_name: Option<String>,
    color: Option<String>,
    description: Option<String>,
}

/// Labels as GitHub takes them: a list, or an object with a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum LabelsBody {
    List(Vec<LabelName>),
    Object { labels: Vec<LabelName> },
}

impl LabelsBody {
    fn names(self) -> Vec<String> {
        let (Self::List(labels) | Self::Object { labels }) = self;
        labels.into_iter().map(LabelName::into_name).collect()
    }
}

fn of(acting: &Acting<'_>, place: &IssuePlace) -> Result<Vec<Value>, Refusal> {
    let repository = acting.repository(&place.repository)?;
    let labels = acting.issue(place)?.labels.iter().filter_map(|id| repository.label(*id));
    Ok(labels.map(|label| payload::label(acting.state(), repository, label)).collect())
}

pub(super) async fn list(call: Call, Path((owner, name)): Path<(String, String)>) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    let all = call.act(|acting| {
        let repository = acting.repository(&name)?;
        let labels = acting.labels(&name)?.iter();
        Ok(labels.map(|label| payload::label(acting.state(), repository, label)).collect())
    })?;
    Ok(call.page_of(all))
}

pub(super) async fn create(
    call: Call,
    Path((owner, name)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let body: LabelBody = parse(&body)?;
    let name = RepositoryName::new(&owner, &name);
    let text = LabelText { name: body.name, color: body.color, description: body.description };
    call.act(|acting| {
        let label = acting.create_label(&name, text)?;
        Ok(created(payload::label(acting.state(), acting.repository(&name)?, &label)))
    })
}

pub(super) async fn show(call: Call, Path((owner, name, label)): LabelPath) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    call.act(|acting| {
        let found = acting.label(&name, &label)?;
        Ok(ok(payload::label(acting.state(), acting.repository(&name)?, found)))
    })
}

pub(super) async fn edit(call: Call, Path((owner, name, label)): LabelPath, body: Bytes) -> Answer {
    let body: LabelBody = parse(&body)?;
    let name = RepositoryName::new(&owner, &name);
    let text = LabelText {
        name: body.new_name.or(body.name),
        color: body.color,
        description: body.description,
    };
    call.act(|acting| {
        let label = acting.edit_label(&name, &label, text)?;
        Ok(ok(payload::label(acting.state(), acting.repository(&name)?, &label)))
    })
}

pub(super) async fn delete(call: Call, Path((owner, name, label)): LabelPath) -> Answer {
    let name = RepositoryName::new(&owner, &name);
    call.act(|acting| acting.delete_label(&name, &label))?;
    Ok(done())
}

pub(super) async fn of_issue(call: Call, path: IssuePath) -> Answer {
    let place = place(path);
    let labels = call.act(|acting| of(acting, &place))?;
    Ok(call.page_of(labels))
}

pub(super) async fn add_to_issue(call: Call, path: IssuePath, body: Bytes) -> Answer {
    let names = parse::<LabelsBody>(&body)?.names();
    let place = place(path);
    call.act(|acting| {
        acting.add_labels(&place, &names)?;
        Ok(ok(of(acting, &place)?.into()))
    })
}

pub(super) async fn set_on_issue(call: Call, path: IssuePath, body: Bytes) -> Answer {
    let names = parse::<LabelsBody>(&body)?.names();
    let place = place(path);
    call.act(|acting| {
        acting.set_labels(&place, &names)?;
        Ok(ok(of(acting, &place)?.into()))
    })
}

pub(super) async fn remove_from_issue(
    call: Call,
    Path((owner, name, number, label)): Path<(String, String, u64, String)>,
) -> Answer {
    let place = RepositoryName::new(&owner, &name).issue(number);
    call.act(|acting| {
        acting.remove_label(&place, &label)?;
        Ok(ok(of(acting, &place)?.into()))
    })
}
