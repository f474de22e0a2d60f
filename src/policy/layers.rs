//! Layers of policy text laid over each other, and everything that is wrong with them.
//!
//! Tables merge key by key, lists are replaced whole, `[[replies]]` merge by `command`. The lowest
//! layer is the policy built into the binary, so a file needs to say only what is different.

use serde::Deserialize;

use super::Policy;
use super::consistency;
use super::keys::POLICY;
pub use super::layer::Layer;
pub use super::problem::Problem;
use super::problem::Wrong;
use super::tree::{self, Kind, Node, Problems};

/// The text of the built-in policy: the shipped `config/policy.toml`.
pub const BUILT_IN: &str = include_str!("../../config/policy.toml");

/// What a layer may hold at most: far more than anybody writes.
const LAYER_BYTES_MAX: usize = 256 * 1024;

/// The policy in force where nobody changed anything.
pub fn built_in() -> Policy {
    merge(&[]).expect("the shipped policy is checked by a test")
}

/// The policy that the layers make, each over those before it and all over the built-in one; or
/// every problem found, by layer and place.
pub fn merge(layers: &[Layer]) -> Result<Policy, Vec<Problem>> {
    let base = Layer { name: "the built-in policy".to_owned(), text: BUILT_IN.to_owned() };
    let layers = std::iter::once(&base).chain(layers).collect::<Vec<_>>();
    let mut problems = Problems::new(&layers);
    let mut trees = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        if layer.text.len() > LAYER_BYTES_MAX {
            let what = format!("a policy file has at most {LAYER_BYTES_MAX} bytes");
            problems.add(tree::Place { layer: index, offset: 0 }, Wrong::new(what));
        } else {
            trees.extend(tree::read(index, &POLICY, &mut problems));
        }
    }
    // Names may be used in one layer and made in another, so all must have been readable.
    let all_read = trees.len() == layers.len();
    let Some(tree) = trees.into_iter().reduce(|below, above| tree::merge(below, above, &POLICY))
    else {
        return Err(problems.into_sorted());
    };
    if all_read {
        consistency::check(&tree, &POLICY, &mut problems);
    }
    if !problems.is_empty() {
        return Err(problems.into_sorted());
    }
    let place = tree.place;
    match Policy::deserialize(tree.into_toml()) {
        Ok(mut policy) => {
            policy.labels.reasons.retain(|_, label| !label.is_empty());
            policy.faq.retain(|_, question| !question.is_empty());
            let off = &policy.commands.off;
            policy.replies.retain(|reply| !off.contains(&reply.command));
            Ok(policy)
        }
        Err(error) => {
            problems.add(place, Wrong::new(error.message()));
            Err(problems.into_sorted())
        }
    }
}

/// A value of the policy in force, and the file it comes from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Sourced {
    /// Its place: `clock.timezone`, `replies.ask-address.turn`.
    pub key: String,
    /// As TOML writes it.
    pub value: String,
    /// The name of the layer that said so last.
    pub source: String,
}

/// Every value of the policy that the layers make, with its source; of layers that are wrong none.
pub fn sources(layers: &[Layer]) -> Vec<Sourced> {
    let base = Layer { name: "the built-in policy".to_owned(), text: BUILT_IN.to_owned() };
    let layers: Vec<&Layer> = std::iter::once(&base).chain(layers).collect();
    let mut problems = Problems::new(&layers);
    let trees: Vec<Node> =
        (0..layers.len()).filter_map(|index| tree::read(index, &POLICY, &mut problems)).collect();
    let merged = trees.into_iter().reduce(|below, above| tree::merge(below, above, &POLICY));
    let mut found = Vec::new();
    if let Some(merged) = merged.filter(|_| problems.is_empty()) {
        list_sources(&merged, String::new(), &layers, &mut found);
    }
    found
}

fn list_sources(node: &Node, key: String, layers: &[&Layer], found: &mut Vec<Sourced>) {
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match &node.kind {
        Kind::Table(table) => {
            for (name, value) in table {
                list_sources(value, below(name), layers, found);
            }
        }
        Kind::List(items) if items.iter().any(|item| matches!(item.kind, Kind::Table(_))) => {
            for (index, item) in items.iter().enumerate() {
                let name = item.get("command").or_else(|| item.get("name")).and_then(Node::text);
                let name = name.map_or_else(|| (index + 1).to_string(), str::to_owned);
                list_sources(item, below(&name), layers, found);
            }
        }
        Kind::Text(_) | Kind::Number(_) | Kind::List(_) | Kind::Wrong => found.push(Sourced {
            value: node.clone().into_toml().to_string(),
            source: layers.get(node.place.layer).map_or(String::new(), |layer| layer.name.clone()),
            key,
        }),
    }
}
