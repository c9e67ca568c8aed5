//! Contractors: the arithmetic against figures worked out by hand, and a contractor's month on both databases.

mod lists; // price lists as they are pasted
mod reckoning; // rial, shares, accounts, penalties
mod month; // from the contract to the closed statement
mod odd; // what goes wrong, and who may not
