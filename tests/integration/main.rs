//! Everything that is tested from outside the modules, in one binary.

mod guidance;
mod policy;
mod reading;
mod sandbox;
