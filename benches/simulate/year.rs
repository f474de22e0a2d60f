//! A year of a tracker, as REST gives it, made of the corpus's requests and comments.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const REQUESTS: &str = include_str!("../../tests/corpus/requests.jsonl");
const COMMENTS: &str = include_str!("../../tests/corpus/comments.jsonl");
const START: &str = "2026-01-01T00:00:00Z";
const YEAR_MINUTES: u64 = 365 * 24 * 60;

/// The same numbers each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// What people wrote, by who they are.
struct Words {
    requests: Vec<Value>,
    of_requesters: Vec<Value>,
    of_staff: Vec<Value>,
}

/// An issue being written.
struct Story {
    id: u64,
    at: Timestamp,
    comments: Vec<Value>,
    timeline: Vec<Value>,
}

/// One issue a line.
pub fn export(tickets: u64) -> Vec<String> {
    let rows = |text: &str| -> Vec<Value> {
        text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    };
    let of = |role: &str| {
        let all = rows(COMMENTS).into_iter();
        all.filter(|row| row["author_role"] == role).collect()
    };
    let words = Words {
        requests: rows(REQUESTS),
        of_requesters: of("requester"),
        of_staff: of("maintainer"),
    };
    let mut chance = Chance(7);
    (1..=tickets).map(|number| issue((number, tickets), &words, &mut chance).to_string()).collect()
}

/// As many keys as GitHub sends.
fn person(id: u64, login: &str) -> Value {
    let url = format!("https://api.github.com/users/{login}");
    json!({
        "login": login, "id": id, "node_id": format!("U_kgDO{id:08}"), "type": "User",
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{id}?v=4"),
        "gravatar_id": "", "url": url, "html_url": format!("https://github.com/{login}"),
        "followers_url": format!("{url}/followers"), "gists_url": format!("{url}/gists{{/gist_id}}"),
        "following_url": format!("{url}/following{{/other_user}}"),
        "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{url}/subscriptions"), "repos_url": format!("{url}/repos"),
        "organizations_url": format!("{url}/orgs"), "events_url": format!("{url}/events{{/privacy}}"),
        "received_events_url": format!("{url}/received_events"), "user_view_type": "public",
        "site_admin": false,
    })
}

impl Story {
    fn wait(&mut self, hours: u64) {
        let hours = SignedDuration::from_hours(i64::try_from(hours).expect("a few"));
        self.at = self.at.saturating_add(hours).expect("within reason");
    }

    fn happen(&mut self, event: &str, more: Value) {
        self.id += 1;
        let url = format!("https://api.github.com/repos/acme/support/issues/events/{}", self.id);
        let mut entry = json!({
            "event": event, "id": self.id, "node_id": format!("EV_{}", self.id), "url": url,
            "actor": person(1, "mira"), "created_at": self.at, "commit_id": null, "commit_url": null,
            "performed_via_github_app": null,
        });
        for (key, value) in more.as_object().expect("an object") {
            entry[key] = value.clone();
        }
        self.timeline.push(entry);
    }

    fn say(&mut self, (who, association): (&Value, &str), row: &Value) {
        self.id += 1;
        let mut comment = json!({
            "id": self.id, "node_id": format!("IC_{}", self.id), "user": who, "body": row["body"],
            "html_url": format!("https://github.com/acme/support/issues/1#issuecomment-{}", self.id),
            "author_association": association, "created_at": self.at, "updated_at": self.at,
            "performed_via_github_app": null,
        });
        self.comments.push(comment.clone());
        comment["event"] = "commented".into();
        comment["actor"] = who.clone();
        self.timeline.push(comment);
    }
}

fn issue((number, tickets): (u64, u64), words: &Words, chance: &mut Chance) -> Value {
    let request = &words.requests[number as usize % words.requests.len()];
    let minutes = i64::try_from(number * YEAR_MINUTES / tickets).expect("a year");
    let start: Timestamp = START.parse().expect("a time");
    let opened_at = start + SignedDuration::from_mins(minutes);
    let author = 1_000 + number - u64::from(number.is_multiple_of(20));
    let author = person(author, &format!("person-{author}"));
    let mut story =
        Story { id: number * 1_000, at: opened_at, comments: Vec::new(), timeline: Vec::new() };
    let by_form =
        json!({"label": {"name": "account-recovery", "color": "1d76db"}, "actor": author});
    story.happen("labeled", by_form);
    let mut closed_at = Value::Null;
    for _ in 0..chance.below(5) {
        story.wait(24 + chance.below(240));
        let row = &words.of_staff[chance.below(words.of_staff.len() as u64) as usize];
        story.say((&person(1, "mira"), "MEMBER"), row);
        story.happen("mentioned", json!({}));
        story.happen("subscribed", json!({}));
        let waits = json!({"label": {"name": "status: awaiting response", "color": "ededed"}});
        story.happen("labeled", waits.clone());
        story.wait(1 + chance.below(24 * 60));
        if chance.below(5) > 0 {
            let row = &words.of_requesters[chance.below(words.of_requesters.len() as u64) as usize];
            story.say((&author, "NONE"), row);
        }
        story.happen("unlabeled", waits);
    }
    if chance.below(10) > 0 {
        story.wait(chance.below(240));
        story.happen("closed", json!({"state_reason": "completed"}));
        closed_at = story.at.to_string().into();
    }
    json!({
        "issue": {
            "id": number, "number": number, "title": request["title"], "body": request["body"],
            "state": if closed_at.is_null() { "open" } else { "closed" }, "closed_at": closed_at,
            "user": author, "labels": [{"name": "account-recovery"}], "assignees": [],
            "locked": false, "author_association": "NONE", "created_at": opened_at,
            "updated_at": story.at, "comments": story.comments.len(),
            "html_url": format!("https://github.com/acme/support/issues/{number}"),
        },
        "comments": story.comments,
        "timeline": story.timeline,
    })
}
