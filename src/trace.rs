//! The way of a delivery as spans, from its receipt to the last action, for whoever collects OTLP.
//!
//! It is sent with the feature `otlp` and `OTEL_EXPORTER_OTLP_ENDPOINT` only; without the feature
//! nothing here does anything. All spans of a delivery are one trace, whichever task they are made
//! in: its number is made of the delivery's. Spans carry ids and names, never what people wrote.

#[cfg(feature = "otlp")]
mod otlp;

#[cfg(feature = "otlp")]
pub use otlp::{Step, finish, link, start};

/// What a step was about.
#[derive(Debug, Clone, Copy)]
pub enum Of<'a> {
    /// A delivery, by its id.
    Delivery(&'a str),
    /// An action, by its key.
    Action(&'a str),
}

/// A step that was begun.
#[cfg(not(feature = "otlp"))]
#[derive(Debug)]
pub struct Step;

#[cfg(not(feature = "otlp"))]
impl Step {
    /// Begins one.
    pub fn begin() -> Self {
        Self
    }

    /// Ends it: what it was, what it was about, and how it ended.
    pub fn end(self, _: &'static str, _: Of<'_>, _: &str) {}
}

/// Notes that these actions come of a delivery.
#[cfg(not(feature = "otlp"))]
pub fn link<'a>(_: &str, _: impl Iterator<Item = &'a str>) {}

/// Begins to send what is noted, if there is somewhere to send it to.
#[cfg(not(feature = "otlp"))]
pub fn start() {}

/// Sends what is left.
#[cfg(not(feature = "otlp"))]
pub async fn finish() {}
