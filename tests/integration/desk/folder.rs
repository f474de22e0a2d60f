//! What an operator's configuration folder says, read as `keydesk serve` reads it.

use std::path::Path;
use std::sync::LazyLock;

use keydesk::engine::{Policies, Rules};
use keydesk::guidance::Guidance;
use keydesk::policy::kinds::{self, name_of_file};
use keydesk::reading::form::Form;
use keydesk::reading::form::kinds::Kind;
use keydesk::settings::ConfigFolder;

/// Parsed once: tests that crash a thousand times build a thousand engines.
static GUIDANCE: LazyLock<Guidance> = LazyLock::new(Guidance::built_in);

/// Rules and form of a folder of this repository; those built in where it has no name.
pub(crate) fn rules_and_form(folder: &str) -> (Rules, Form) {
    if folder.is_empty() {
        let policies = Policies::new(Vec::new()).expect("the built-in policy");
        return (Rules { guidance: GUIDANCE.clone(), policies }, Form::built_in());
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let folder = ConfigFolder::read(&path).expect("a folder");
    let guidance = Guidance::load(folder.templates.as_deref()).expect("texts that are right");
    let kinds = kinds::read(&folder.kinds).expect("kinds that are right");
    let policies = Policies::new(folder.layers.clone()).expect("a policy that is right");
    let policies = policies.with_kinds(kinds);
    assert_eq!(guidance.missing_for(&policies.base()), Vec::<String>::new());
    let own = |layer: &keydesk::policy::Layer| Form::parse(&layer.text).expect("a form");
    let form = folder.form.as_ref().map_or_else(Form::built_in, own);
    let parse = |layer: &keydesk::policy::Layer| {
        Kind::parse(name_of_file(&layer.name), &layer.text).expect("a kind")
    };
    let form = form.with_kinds(folder.kinds.iter().map(parse).collect());
    (Rules { guidance, policies }, form.expect("kinds that can be told apart"))
}
