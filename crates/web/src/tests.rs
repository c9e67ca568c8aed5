//! What the pages promise, told as visits to a small city.

mod browser; // somebody with a browser that keeps cookies
mod city; // a city in memory, and visitors who read its pages
mod contractors; // both sides of a contractor's month
mod counting; // a round is counted, and anybody counts again
mod crew; // a crew with its telephone, with and without network
mod crews; // crews, shifts, help between districts, kinds of work
mod crisis; // all hands, volunteers, closed streets
mod desk; // an operator takes calls
mod dispatch; // the dispatcher's board
mod foreign; // true numbers of what belongs to others
mod matrix; // every page as every role
mod notices; // messages to people, and what they text
mod pages; // every page in both languages, every address on them
mod people; // looking after people
mod privacy; // what is covered, forgotten, and taken along
mod projects; // ideas, votes, and those who lead a round
mod refusals; // no refusal without words
mod replying; // the reporter, the inspector, the caller, the official
mod reporting; // from "what is wrong" to the code, with everything that can go amiss
mod requests; // the thread, the list, following, privacy
mod sign_in; // signing in and out, with everything that somebody may try
mod storm; // a storm from both sides
mod work; // colleagues at work, and what others may try
