//! What every door of the program shares: the web pages and the programming interface stand behind the same
//! threshold.
//!
//! A [`Door`] holds the rows, the files, the clock and the dice. [`guarded`] puts a door's routes behind limits of
//! time and size and lets the door choose the words when the machine fails; [`layers`] adds what every answer
//! carries; [`serve`] accepts connections. Nothing here knows a citizen, a request or a page.

pub mod assets; // stylesheet, script, fonts and icons, inside the program
pub mod cache; // answers that are worth keeping for a moment
pub mod client; // whose address a request came from
mod clock; // the only place that reads the time of day
pub mod csrf; // forms are sent from our own pages only
mod denials; // who was refused, written down once a minute
mod door; // rows, files, clock, dice: what a handler needs
pub mod etag; // "you have that already"
pub mod failure; // the machine broke: a code for the person, a line for the log
pub mod forms; // what people and programs send, read with patience and limits
mod guard; // limits of time and size around a door, and its words when something fails
pub mod lang; // which language a path or a browser asks for
mod layers; // what every answer carries
pub mod limits; // how often one address may ask
mod line; // one connection, which may not dawdle
pub mod live; // what just happened, on every screen
pub mod routes; // every page says what it needs before it is there
mod serve; // connections are accepted, and finished before the program leaves
mod settings; // what the operator decides about the doors
pub mod signed; // who is signed in

pub use client::{Client, Network};
pub use clock::Clock;
pub use door::Door;
pub use failure::{Failed, Failure, NotServed, Refusal};
pub use forms::Form;
pub use guard::{Asked, BODY_LIMIT, Render, UPLOAD_LIMIT, guarded};
pub use layers::{RequestId, layers};
pub use limits::Budget;
pub use routes::{Needs, Routes};
pub use serve::{Server, serve};
pub use settings::{Oidc, Settings, Telephone};
pub use signed::Signed;

#[cfg(test)]
mod tests;
