//! Style and script of the staff pages: built in, named by what they hold, and so kept by browsers
//! for good.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// A file of the pages.
pub(super) struct Asset {
    stem: &'static str,
    ending: &'static str,
    kind: &'static str,
    text: &'static str,
}

/// How the pages look.
pub(super) const STYLE: Asset = Asset {
    stem: "staff",
    ending: "css",
    kind: "text/css; charset=utf-8",
    text: include_str!("../../templates/pages/staff/staff.css"),
};

/// What keeps them fresh while one looks.
pub(super) const SCRIPT: Asset = Asset {
    stem: "live",
    ending: "js",
    kind: "text/javascript; charset=utf-8",
    text: include_str!("../../templates/pages/staff/live.js"),
};

/// What browsers show beside the title.
pub(super) const ICON: Asset = Asset {
    stem: "key",
    ending: "svg",
    kind: "image/svg+xml",
    text: include_str!("../../templates/pages/staff/key.svg"),
};

impl Asset {
    /// Its address, another one whenever it changes.
    pub(super) fn path(&self) -> String {
        format!("/assets/{}", self.name())
    }

    fn name(&self) -> String {
        let digest = hex::encode(&Sha256::digest(self.text)[..6]);
        format!("{}-{digest}.{}", self.stem, self.ending)
    }
}

/// `GET /assets/{file}`.
pub(super) async fn show(Path(file): Path<String>) -> Response {
    let Some(asset) = [STYLE, SCRIPT, ICON].into_iter().find(|asset| asset.name() == file) else {
        return (StatusCode::NOT_FOUND, "no such file; reload the page\n").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.text).into_response()
}
