//! The pages in a real browser: headless Chromium, told what to do by WebDriver.
//!
//! [`chrome::Chrome`] is the browser, [`demo::Demo`] the real program with its sandbox, and
//! [`busy`] a desk within the test that has seen some weeks. `looks` holds what is true of every
//! page: it fits on a phone, axe finds nothing serious, the console is silent. It leaves pictures of
//! them in `target/screenshots/`.

mod busy;
mod chrome;
mod demo;
mod looks;

mod buttons;
mod live;
mod plain;
mod setup;
mod tour;
mod walk;
