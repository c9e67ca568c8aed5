//! Every text with an example of this city, its length and its parts.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use door::{Door, Failure, Signed};
use language::{Lang, digits};
use notices::templates::Reader;
use notices::{board, city};
use people::Permission;
use people::permissions::Where;

use super::said;
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::errors;
use crate::page::Page;

#[derive(Template)]
#[template(path = "notices/texts.html")]
struct Texts<'a> {
    page: Page<'a>,
    tab: &'static str,
    quiet: String,
    languages: Vec<(&'static str, &'static str, Vec<Preview>)>,
}

struct Preview {
    occasion: String,
    reader: &'static str,
    is_told: bool,
    is_own: bool,
    text: String,
    letters: i64,
    parts: i64,
    lang: &'static str,
    dir: &'static str,
}

/// `GET /notices/texts`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        if act.require(Permission::ManageNotices, Where::city(here.city().id)).is_err() {
            return Ok(Answer::Refused(http::StatusCode::FORBIDDEN, errors::denied(ask, here)?));
        }
        let w = ask.words();
        let (kept, catalogue) = (city::city(tx, here.city().id)?, requests::catalogue(tx, here.city().id)?);
        let languages = Lang::ALL.map(|lang| {
            let previews = board::previews(&kept, &catalogue, lang).into_iter().map(|preview| Preview {
                occasion: said(w, "notices-occasion-", preview.fact),
                reader: match preview.reader {
                    Reader::Reporter => w.notices_to_reporter(),
                    Reader::Follower => w.notices_to_follower(),
                },
                is_told: preview.is_told,
                is_own: preview.is_own,
                letters: preview.size.units as i64,
                parts: preview.size.parts as i64,
                text: preview.text,
                lang: lang.code(),
                dir: lang.dir(),
            });
            (lang.code(), words::Words(lang).language_name(), previews.collect())
        });
        let (from, until) = kept.wishes.quiet_hours;
        let wall = |wall: city::Wall| digits::shown(&String::from(wall), ask.lang);
        let page = here.staff(ask, &signed, w.notices_title());
        let quiet = if from == until { String::new() } else { w.notices_quiet(&wall(from), &wall(until)) };
        Ok(Answer::Page(NEVER, render(&Texts { page, tab: "texts", quiet, languages: languages.into() })?))
    })
    .await
}
