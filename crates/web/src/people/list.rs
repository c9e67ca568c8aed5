//! Everybody whom the reader looks after.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use door::{Door, Failure, Signed};
use language::fold;
use people::Refusal;
use people::{MemberState, Role, accounts, units};

use super::role_name;
use super::row::Row;
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;

/// People on one page. A city has hundreds of staff, not thousands; a search finds the rest.
const MOST: usize = 300;

#[derive(Template)]
#[template(path = "people/list.html")]
struct List<'a> {
    page: Page<'a>,
    q: &'a str,
    role: &'a str,
    roles: Vec<(&'static str, &'static str)>,
    count: i64,
    people: Vec<Person>,
}

struct Person {
    path: String,
    name: String,
    sign_name: String,
    roles: Vec<Row>,
    seen: String,
    suspended: bool,
    first_password: bool,
}

/// `GET /people`, with `?q=` and `?role=`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city().id);
        let all = match accounts::staff(tx, &act, city, 5000) {
            Ok(all) => all,
            Err(Refusal::Failure(failure)) => return Err(failure.into()),
            Err(_) => {
                return Ok(Answer::Refused(http::StatusCode::FORBIDDEN, crate::errors::denied(ask, here)?));
            }
        };
        let (units, atlas) = (units::all(tx, city)?, territory::atlas(tx, city)?);
        let wanted = Role::parse(ask.field("role"));
        let (q, mut people) = (fold::search_text(ask.field("q")), Vec::new());
        for account in all {
            let memberships = accounts::memberships(tx, city, account.id)?;
            let standing: Vec<_> = memberships.iter().filter(|m| m.state != MemberState::Ended).collect();
            if wanted.is_some_and(|role| standing.iter().all(|m| m.role != role)) {
                continue;
            }
            let roles: Vec<Row> = standing.iter().map(|m| Row::of(w, m, &units, &atlas)).collect();
            let sign_name = account.sign_name.clone().unwrap_or_default();
            let heard = roles.iter().map(|row| row.place.as_str()).collect::<Vec<_>>().join(" ");
            if !fold::search_text(&format!("{} {sign_name} {heard}", account.name)).contains(&q) {
                continue;
            }
            people.push(Person {
                path: format!("/people/{}", account.id),
                sign_name,
                roles,
                seen: account
                    .signed_in_at
                    .map(|at| crate::requests::line::moment(ask.lang, at, now, &atlas))
                    .unwrap_or_else(|| w.people_never_seen().to_owned()),
                suspended: account.is_suspended(),
                first_password: account.must_change_password(),
                name: account.name,
            });
        }
        let count = i64::try_from(people.len()).unwrap_or(0);
        people.truncate(MOST);
        let html = render(&List {
            page: here.staff(ask, &signed, w.people_title()),
            q: ask.field("q"),
            role: wanted.map_or("", Role::code),
            roles: Role::STAFF.iter().map(|role| (role.code(), role_name(w, *role))).collect(),
            count,
            people,
        })?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}
