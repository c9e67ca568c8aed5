//! My requests, the newest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use door::{Door, Failure, Signed};
use people::{MemberState, accounts, units};
use requests::catalogue;

use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::people::row::Row;
use crate::requests::line::Line;

const MOST: u32 = 100;

#[derive(Template)]
#[template(path = "me/home.html")]
struct Home<'a> {
    page: Page<'a>,
    name: String,
    mobile: String,
    is_staff: bool,
    roles: Vec<Row>,
    lines: Vec<Line<'a>>,
}

/// `GET /me`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city().id);
        let Some(account) = accounts::by_id(tx, city, signed.account)? else { return Ok(Answer::Missing) };
        let (catalogue, atlas) = (catalogue(tx, city)?, territory::atlas(tx, city)?);
        let mine = requests::mine(tx, &act, city, MOST)?;
        let units = if signed.is_staff() { units::all(tx, city)? } else { Vec::new() };
        let roles = match signed.is_staff() {
            true => accounts::memberships(tx, city, signed.account)?
                .iter()
                .filter(|m| m.state == MemberState::Active)
                .map(|m| Row::of(w, m, &units, &atlas))
                .collect(),
            false => Vec::new(),
        };
        let html = render(&Home {
            page: here.mine(ask, &signed, w.me_title()),
            name: account.name,
            mobile: account
                .mobile
                .map(|mobile| language::digits::shown(&language::mobile::for_people(&mobile), ask.lang))
                .unwrap_or_default(),
            is_staff: signed.is_staff(),
            roles,
            lines: mine.iter().map(|request| Line::of(request, &catalogue, &atlas, w, now)).collect(),
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}
