//! Every contract of the city.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use dispatch::contracts;
use door::{Door, Failure, Signed};
use language::Lang;
use people::Permission;

use super::{Told, show};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "contractors/list.html")]
struct List<'a> {
    page: Page<'a>,
    done: Option<&'static str>,
    wrong: Wrongs,
    may_check: bool,
    rows: Vec<Line>,
}

pub struct Line {
    pub path: String,
    pub code: String,
    pub title: String,
    pub contractor: String,
    pub state: String,
    pub tone: &'static str,
    pub from: String,
    pub until: String,
}

/// A contract in one line.
pub fn line(contract: &contracts::Contract, units: &[people::units::Unit], w: words::Words) -> Line {
    let lang = w.lang();
    let title = match lang {
        Lang::En if !contract.title_en.is_empty() => &contract.title_en,
        _ => &contract.title_fa,
    };
    Line {
        path: format!("/contracts/{}", contract.code),
        code: show::code(&contract.code, lang),
        title: title.clone(),
        contractor: show::unit_name(units, contract.contractor, lang),
        state: show::state(w, contract.state),
        tone: show::tone(contract.state),
        from: show::day(contract.starts_on, lang),
        until: show::day(contract.ends_on, lang),
    }
}

/// `GET /contracts`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city().id);
        let units = people::units::all(tx, city)?;
        let all = contracts::list(tx, city, 500)?;
        let told = Told::of(ask);
        let html = render(&List {
            page: here.staff(ask, &signed, w.contractors_list_title()),
            done: told.done,
            wrong: told.wrong,
            may_check: signed.may_somewhere(Permission::CheckWork),
            rows: all.iter().map(|contract| line(contract, &units, w)).collect(),
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}
