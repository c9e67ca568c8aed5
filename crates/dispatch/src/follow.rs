//! From a request to an order, and from the order back to the request.

use storage::followers::Follower;
use storage::journal::Entry;
use storage::{Result, Tx};

/// Follows requests, incidents and orders.
pub const FOLLOWER: Follower = Follower { name: "dispatch-orders", at_once: 50, follow };

fn follow(_tx: &mut Tx<'_>, _jurisdiction: i64, _entries: &[Entry]) -> Result<()> {
    Ok(())
}
