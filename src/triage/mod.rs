//! Decides what a ticket needs next: the pure core of the bot.

pub mod text;
