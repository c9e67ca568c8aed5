//! Contractors: the arithmetic against figures worked out by hand, and a contractor's month on both databases.

mod lists; // price lists as they are pasted
mod month; // from the contract to the closed statement
mod odd;
mod reckoning; // rial, shares, accounts, penalties // what goes wrong, and who may not
