//! The shipped alerts and the board name only what `/metrics` tells.

use std::collections::{BTreeMap, BTreeSet};

use keydesk::metrics::Metrics;
use regex::Regex;
use serde_json::Value;

const ALERTS: &str = include_str!("../../packaging/observability/alerts.yml");
const BOARD: &str = include_str!("../../packaging/observability/grafana.json");

/// What a scrape adds by itself, and what a histogram's samples are told apart by.
const LABELS_OF_ALL: [&str; 3] = ["job", "instance", "le"];

/// Every sample of a page that tells everything, with its labels.
fn told() -> BTreeMap<String, BTreeSet<String>> {
    let metrics = Metrics::default();
    metrics.count_delivery("issues", "stored");
    metrics.observe_ack(0.1);
    metrics.count_sweep("deliveries", "done");
    metrics.count_swept();
    metrics.count_action("comment", "done");
    metrics.count_request("/app", "200");
    metrics.set_budget("content_per_hour", 1);
    metrics.set_round_trips(1);
    metrics.set_queue_depth("actions", 1);
    metrics.count_moment("opened");
    metrics.set_waiting("first_reply", 1, Some((1, 2)));
    metrics.set_turn("nobody", 1, 1);
    let sample = Regex::new(r"^(keydesk_\w+)(?:\{(.*)\})? ").expect("a fixed pattern");
    let label = Regex::new(r#"(\w+)=""#).expect("a fixed pattern");
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in metrics.text().lines() {
        let Some(found) = sample.captures(line) else { continue };
        let labels = found.get(2).map_or("", |labels| labels.as_str());
        let labels = label.captures_iter(labels).map(|one| one[1].to_owned());
        told.entry(found[1].to_owned()).or_default().extend(labels);
    }
    told
}

fn alerts() -> Vec<Value> {
    let file: Value = serde_saphyr::from_str(ALERTS).expect("YAML");
    let groups = file["groups"].as_array().cloned().expect("groups");
    groups.iter().flat_map(|group| group["rules"].as_array().cloned().expect("rules")).collect()
}

fn expressions() -> Vec<String> {
    let board: Value = serde_json::from_str(BOARD).expect("JSON");
    let panels = board["panels"].as_array().cloned().expect("panels");
    let targets =
        panels.iter().flat_map(|one| one["targets"].as_array().cloned().expect("targets"));
    let alerts = alerts();
    let all =
        targets.chain(alerts).map(|one| one["expr"].as_str().expect("an expression").to_owned());
    all.collect()
}

#[test]
fn every_metric_and_label_of_alerts_and_board_is_told() {
    let told = told();
    let metric = Regex::new(r"\bkeydesk_\w+").expect("a fixed pattern");
    let inside = Regex::new(r"(\w+)=~?\x22").expect("a fixed pattern");
    let grouped = Regex::new(r"\bby \(([^)]*)\)").expect("a fixed pattern");
    let mut unused: BTreeSet<&str> = told.keys().map(String::as_str).collect();
    for expression in expressions() {
        let mut labels: BTreeSet<&str> = LABELS_OF_ALL.into();
        for name in metric.find_iter(&expression).map(|found| found.as_str()) {
            let of_it = told.get(name).unwrap_or_else(|| panic!("no {name}: {expression}"));
            labels.extend(of_it.iter().map(String::as_str));
            unused.remove(name);
        }
        let named = inside.captures_iter(&expression).map(|found| found.extract::<1>().1[0]);
        let by = grouped.captures_iter(&expression).map(|found| found.extract::<1>().1[0]);
        for label in named.chain(by.flat_map(|names| names.split(", "))) {
            assert!(labels.contains(label), "no label {label}: {expression}");
        }
        let depth = expression.matches('(').count() == expression.matches(')').count();
        assert!(depth && expression.contains("keydesk"), "{expression}");
    }
    let parts = ["_sum", "_count"];
    unused.retain(|name| !parts.iter().any(|part| name.ends_with(part)));
    assert_eq!(unused, BTreeSet::new(), "the board shows everything");
}

#[test]
fn every_alert_says_what_is_so_and_what_to_do() {
    let mut names = BTreeSet::new();
    for alert in alerts() {
        let name = alert["alert"].as_str().expect("a name").to_owned();
        for key in ["summary", "cure"] {
            assert!(
                alert["annotations"][key].as_str().is_some_and(|text| text.len() > 10),
                "{name}"
            );
        }
        assert!(["page", "ticket"].contains(&alert["labels"]["severity"].as_str().unwrap_or("")));
        assert!(names.insert(name), "two alerts of one name");
    }
    assert!(names.len() >= 10);
}
