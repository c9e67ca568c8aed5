//! Finished pages that are asked for again and again.
//!
//! A page is kept only as long as it is true: its key holds the number of the last commit that announced anything,
//! so a page made before a change is never found after it, and what depends on the clock is made anew after two
//! seconds. The first page adds figures over a whole city and may be ten seconds old, or twenty while one visitor waits for
//! the next one.

use std::sync::Arc;

use axum::response::Response;
use bytes::Bytes;
use calendar::Timestamp;
use door::Door;
use door::cache::Cache;

use crate::ask::{Ask, FRESH};

/// Bytes of pages that are kept.
const ROOM: usize = 6 * 1024 * 1024;
const LIST_MS: i64 = 2_000;
const FIRST_PAGE_MS: i64 = 10_000;
/// Longer addresses are not worth remembering.
const LONGEST: usize = 300;

/// The pages of one door.
#[derive(Clone)]
pub struct Kept(Arc<Pages>);

struct Pages {
    first: Cache<String>,
    lists: Cache<String>,
}

/// Where a page is kept, if it may be.
pub struct Place {
    key: Option<String>,
    is_first: bool,
    now: Timestamp,
}

impl Kept {
    pub fn new() -> Self {
        let pages = Pages { first: Cache::new(ROOM / 4, FIRST_PAGE_MS), lists: Cache::new(ROOM, LIST_MS) };
        Kept(Arc::new(pages))
    }

    /// The place of the first page of a city.
    pub fn first(&self, ask: &Ask, now: Timestamp) -> Place {
        let key = format!("{} {}", ask.lang.code(), ask.city_code());
        Place { key: (key.len() < LONGEST).then_some(key), is_first: true, now }
    }

    /// The place of a list at this address and this state of the city.
    pub fn list(&self, door: &Door, ask: &Ask, now: Timestamp) -> Place {
        let news = *door.db.news().borrow();
        let key = format!("{} {news} {}?{}", ask.lang.code(), ask.path, ask.query);
        Place { key: (key.len() < LONGEST).then_some(key), is_first: false, now }
    }

    /// The page that is kept there.
    pub fn get(&self, ask: &Ask, place: &Place) -> Option<Response> {
        let (cache, key) = (self.cache(place), place.key.as_ref()?);
        let html =
            if place.is_first { cache.get_or_renew(key, place.now) } else { cache.get(key, place.now) }?;
        Some(door::etag::conditional(&ask.headers, "text/html; charset=utf-8", FRESH, html))
    }

    pub fn put(&self, place: Place, html: &str) {
        let cache = self.cache(&place);
        if let Some(key) = place.key {
            cache.put(key, Bytes::copy_from_slice(html.as_bytes()), place.now);
        }
    }

    fn cache(&self, place: &Place) -> &Cache<String> {
        if place.is_first { &self.0.first } else { &self.0.lists }
    }
}
