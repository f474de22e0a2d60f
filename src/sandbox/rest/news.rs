//! Marks of what was read (`ETag`), and 304 for whoever has the newest one already.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};

use crate::sandbox::listing;

/// No answer here is longer.
const BODY_BYTES_MAX: usize = 64 << 20;

/// What a request says of the answer it has already.
pub(super) struct Asked {
    is_reading: bool,
    known: Option<HeaderValue>,
}

impl Asked {
    pub(super) fn of(request: &Request) -> Self {
        let known = request.headers().get(header::IF_NONE_MATCH).cloned();
        Self { is_reading: request.method() == Method::GET, known }
    }

    /// The answer with its mark, or 304 without a body where the mark is known. As on GitHub the
    /// mark is one of the body: links to other pages may change under it.
    pub(super) async fn answer(self, response: Response) -> Response {
        if !self.is_reading || response.status() != StatusCode::OK {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        let Ok(bytes) = to_bytes(body, BODY_BYTES_MAX).await else {
            parts.status = StatusCode::INTERNAL_SERVER_ERROR;
            return Response::from_parts(parts, Body::empty());
        };
        let Ok(etag) = HeaderValue::from_str(&listing::etag(&bytes)) else {
            return Response::from_parts(parts, bytes.into());
        };
        let is_known = self.known.is_some_and(|known| known == etag);
        parts.headers.insert(header::ETAG, etag);
        if is_known {
            parts.status = StatusCode::NOT_MODIFIED;
            for name in [header::LINK, header::CONTENT_TYPE, header::CONTENT_LENGTH] {
                parts.headers.remove(name);
            }
            return Response::from_parts(parts, Body::empty());
        }
        Response::from_parts(parts, bytes.into())
    }
}
