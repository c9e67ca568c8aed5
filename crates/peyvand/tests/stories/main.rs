//! The program as an operator meets it: typed verbs, what they print, and how they end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A story stops where it goes wrong.

mod copies; // backup, restore, move
mod imports; // tables with good and bad rows
mod lines; // date, text fold
mod living; // demo, city load, keys, serve
mod people; // accounts, roles, the table of rights
mod peyvand; // the program and a folder of its own
mod plans; // a day of crews from a file
mod roads; // where travel times come from
mod settings; // file, environment, flags
