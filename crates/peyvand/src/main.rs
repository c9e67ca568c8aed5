//! peyvand
fn main() {}
