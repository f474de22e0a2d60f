//! What is true of every page, however it is looked at, and pictures of it.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::chrome::Chrome;

/// Longer pages are cut in their pictures.
const PICTURE_HEIGHT_MAX: u64 = 2_400;

/// Pages that the README shows, by the names of their pictures here and there.
const README: [(&str, &str); 5] = [
    ("queue", "queue"),
    ("ticket", "ticket"),
    ("charts", "charts"),
    ("operations", "operations"),
    ("demo-issue", "demo"),
];

/// Pictures of the README show the top of a page.
const README_HEIGHT: u64 = 840;

/// A way to look at a page: its name, the width, and what the person prefers.
type Look = (&'static str, u64, &'static str);

const LOOKS: [Look; 4] = [
    ("1280-light", 1280, "light"),
    ("1280-dark", 1280, "dark"),
    ("375-dark", 375, "dark"),
    ("375-light", 375, "light"),
];

/// Both colours and both widths, for what takes long.
const TWO_LOOKS: [Look; 2] = [LOOKS[1], LOOKS[3]];

/// Opens everything that can be opened but the menu, which would cover the page.
const OPEN_ALL: &str =
    "for (const one of document.querySelectorAll('details:not(.me)')) one.open = true";

/// What axe finds that is serious; it is asked for nothing else.
const ASK_AXE: &str = "
    const done = arguments[arguments.length - 1];
    const told = (found) => found.id + ': ' + found.help + ' at '
        + found.nodes.map((node) => node.target.join(' ') + ' (' + node.failureSummary + ')').join(', ');
    axe.run(document, { resultTypes: ['violations'] }).then(
        (seen) => done(seen.violations
            .filter((found) => ['serious', 'critical'].includes(found.impact)).map(told)),
        (error) => done(['axe did not run: ' + error]));";

/// How far the page is wider than the screen, and by what.
const TOO_WIDE: &str = "
    const page = document.documentElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const all = [...document.querySelectorAll('body *')];
    const wide = all.filter((one) => one.getBoundingClientRect().right > page.clientWidth + 1);
    return [page.scrollWidth + ' pixels',
        ...wide.slice(0, 8).map((one) => one.tagName + '.' + one.className)];";

impl Chrome {
    /// Takes pictures of this page, on a phone and on a desk, by day and by night.
    pub(super) async fn take_pictures(&self, name: &str) {
        for (look, width, scheme) in LOOKS {
            self.be(width, scheme).await;
            self.picture(&format!("{name}-{look}"), width, PICTURE_HEIGHT_MAX).await;
            let shown = README.iter().find(|(one, _)| look == "1280-light" && *one == name);
            if let Some((_, shown)) = shown {
                self.picture(&format!("readme/{shown}"), width, README_HEIGHT).await;
            }
        }
    }

    /// Looks at this page on a phone and on a desk, by day and by night: what is wrong with it.
    pub(super) async fn look_at(&self, name: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut blame = |look: &str, found: Value| {
            let found = found.as_array().cloned().unwrap_or_default();
            wrong.extend(found.iter().map(|one| format!("{name} {look}: {one}")));
        };
        self.run(OPEN_ALL).await;
        self.run(&axe()).await;
        for (look, width, scheme) in TWO_LOOKS {
            self.be(width, scheme).await;
            blame(look, self.run(TOO_WIDE).await);
            blame(look, self.run_to_end(ASK_AXE).await);
        }
        let place = self.place().await;
        // Of a page that says why there is nothing here the console says that it was not found.
        let is_own = |one: &String| one.contains("Failed to load resource") && one.contains(&place);
        let complaints = self.complaints().await;
        wrong.extend(complaints.into_iter().filter(|one| !is_own(one)));
        wrong
    }

    /// Becomes a screen of this width, of somebody who prefers it light or dark.
    async fn be(&self, width: u64, scheme: &str) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.tell("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.tell("Emulation.setEmulatedMedia", json!({ "features": [scheme] })).await;
    }

    async fn picture(&self, name: &str, width: u64, height_max: u64) {
        let height = self.run("return document.documentElement.scrollHeight").await;
        let height = height.as_u64().unwrap_or(900).min(height_max);
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let wanted = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let taken = self.tell("Page.captureScreenshot", wanted).await;
        let taken = STANDARD.decode(taken["data"].as_str().expect("a picture")).expect("base64");
        let file = target().join(format!("screenshots/{name}.png"));
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, taken).expect("a file");
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target")
}

/// The script of axe. WebDriver puts it into the page past the policy that keeps scripts out.
fn axe() -> String {
    let path = target().join("axe/package/axe.min.js");
    std::fs::read_to_string(path).expect("axe is not here; fetch it with: tests/setup")
}
