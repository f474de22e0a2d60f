//! Stories: what people do at the desk, and what they find there afterwards.

mod alarms;
mod commands;
mod forms;
mod intake;
mod labels;
mod order;
mod policy;
mod time;
mod told;
mod turns;
