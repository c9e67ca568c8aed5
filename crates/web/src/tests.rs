//! What the pages promise, told as visits to a small city.

mod city; // a city in memory, and visitors who read its pages
mod desk; // an operator takes calls
mod pages; // every page in both languages, every address on them
mod refusals; // no refusal without words
mod reporting; // from "what is wrong" to the code, with everything that can go amiss
mod requests; // the thread, the list, following, privacy
