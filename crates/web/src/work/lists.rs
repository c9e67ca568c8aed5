//! The unit's inbox, one's own list, what organisations were asked, and where notes call: overdue first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::{Timestamp, words as dates};
use door::{Door, Failure, Form, Signed};
use language::TrackingCode;
use people::{Act, Permission};
use requests::work::{Reach, Turn, counts, filters, holds, mentions, queue};
use requests::{Catalogue, ServiceRequest, catalogue, find};
use storage::Tx;
use territory::Atlas;
use words::Words;

use super::asked::{self, Asked, List};
use super::parties;
use super::row::{self, Row};
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::options::{Lists, option, options};
use crate::page::Page;

const PER_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "work/list.html")]
struct Work<'a> {
    page: Page<'a>,
    asked: &'a Asked,
    lists: &'a Lists,
    tabs: Vec<Tab>,
    turns: Vec<(&'static str, &'static str)>,
    kept: Vec<Kept>,
    /// The reader belongs to a unit, so lists can be shared with it.
    may_share: bool,
    units: Vec<(i64, String)>,
    /// Of the chosen district, ready to be copied; none without one.
    neighbourhoods: String,
    /// What an organisation outside is given unless somebody says otherwise.
    days: String,
    rows: Vec<Row<'a>>,
    /// When each was called for, or is due from outside; empty in other lists.
    beside: Vec<String>,
    next: Option<String>,
    first: Option<String>,
    bounds: Option<String>,
    centre: String,
    zoom: f64,
    marks: String,
    href: String,
    said: &'static str,
    wrong: &'a str,
    can_answers: bool,
}

struct Tab {
    path: String,
    name: &'static str,
    count: Option<String>,
    is_here: bool,
}

struct Kept {
    tail: String,
    path: String,
    name: String,
    count: Option<String>,
    is_shared: bool,
    is_mine: bool,
    is_here: bool,
}

/// `GET /work`. A tracking code in the search field leads to its request.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    ask::answer(&door, ask, move |tx, ask, here| {
        if let Ok(code) = TrackingCode::parse(ask.field("q"))
            && let Some(request) = find::by_code(tx, here.city().id, code)?
            && requests::work::may_see(tx, &act, &request)?
        {
            let to = format!("/work/{code}");
            return Ok(Answer::Go(here.page(ask, "").url(&to).to_string()));
        }
        let said = match ask.field("done") {
            "kept" => ask.words().work_list_kept(),
            "forgotten" => ask.words().work_list_forgotten(),
            _ => "",
        };
        Ok(Answer::Page(NEVER, show(tx, ask, here, &signed, &act, now, said, "")?))
    })
    .await
}

pub fn show(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &Act,
    now: Timestamp,
    said: &'static str,
    wrong: &str,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city());
    let (atlas, catalogue) = (territory::atlas(tx, city.id)?, catalogue(tx, city.id)?);
    let options = options(tx, city.id)?;
    let reach = Reach::of(act, city.id);
    let asked = asked::read(&ask.fields, &atlas, &catalogue, w, act.by.account());
    let after = queue::Mark::parse(ask.field("after"));
    let found = read(tx, act, &reach, &asked, now, after, &atlas, w)?;
    let ids: Vec<_> = found.requests.iter().map(|r| r.id).collect();
    let held = holds::of(tx, city.id, &ids)?;
    let names = people::names(tx, city.id, held.values().copied())?;
    let holders = row::holders(&held, &names);
    let waiting = counts::waiting(tx, &reach, now)?;
    let called = mentions::unseen(tx, act, city.id)?;
    let count = |n: i64| language::digits::grouped(n, w.lang());
    let tab = |list: List, name, n: Option<i64>| Tab {
        path: asked::address(&if list == List::Inbox {
            String::new()
        } else {
            format!("list={}", list.code())
        }),
        name,
        count: n.map(count),
        is_here: asked.list == list,
    };
    let tabs = vec![
        tab(List::Inbox, w.work_inbox(), waiting.of(&queue::Narrow::default())),
        tab(List::Mine, w.work_mine(), None),
        tab(List::Called, w.work_called(), Some(called).filter(|n| *n > 0)),
        tab(List::Outside, w.work_outside(), None),
    ];
    let kept = kept(tx, act, &waiting, &asked, &atlas, &catalogue, w)?;
    let view = here.page(ask, "");
    let bounds = atlas.bounds().map(|b| format!("{},{},{},{}", b.min.long, b.min.lat, b.max.long, b.max.lat));
    let first = requests::storm::current(tx, city.id)?.first(&catalogue);
    let rows = found
        .requests
        .iter()
        .map(|r| Row::of(r, &catalogue, &atlas, w, now, holders.get(&r.id), &first))
        .collect();
    let with = |more: String| {
        let both = [asked.query.as_str(), more.as_str()];
        asked::address(&both.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&"))
    };
    render(&Work {
        page: here.staff(ask, signed, w.work_title()).with_map(),
        lists: options.of(ask.lang),
        tabs,
        turns: Turn::ALL.iter().map(|turn| (turn.code(), asked::turn_name(w, *turn))).collect(),
        kept,
        may_share: act.by.unit().is_some(),
        units: parties::units(&catalogue, w),
        neighbourhoods: neighbourhoods(&asked, &atlas, w),
        days: language::digits::plain(super::USUAL_DAYS, w.lang()),
        beside: found.beside,
        next: found.next.map(|mark| with(format!("after={mark}"))),
        first: after.map(|_| with(String::new())),
        bounds,
        centre: format!("{},{}", city.centre.long, city.centre.lat),
        zoom: city.zoom,
        marks: row::marks(&found.requests, &catalogue, w, now),
        href: view.url("/work").to_string().split('?').next().unwrap_or_default().to_owned() + "/",
        said,
        wrong,
        can_answers: signed.may_somewhere(Permission::ManageCatalogue),
        rows,
        asked: &asked,
    })
}

fn neighbourhoods(asked: &Asked, atlas: &Atlas, w: Words) -> String {
    let mut list = String::new();
    for within in asked.narrow.district.into_iter().flat_map(|district| atlas.neighbourhoods(district)) {
        option(&mut list, &within.code, within.name(w.lang()), w.lang());
    }
    list
}

struct Found {
    requests: Vec<ServiceRequest>,
    beside: Vec<String>,
    next: Option<queue::Mark>,
}

fn read(
    tx: &mut Tx<'_>,
    act: &Act,
    reach: &Reach,
    asked: &Asked,
    now: Timestamp,
    after: Option<queue::Mark>,
    atlas: &Atlas,
    w: Words,
) -> Result<Found, Failure> {
    let zone = &atlas.jurisdiction.zone;
    Ok(match asked.list {
        List::Inbox | List::Mine => {
            let page = queue::list(tx, reach, &asked.narrow, now, after, PER_PAGE)?;
            Found { requests: page.requests, beside: Vec::new(), next: page.next }
        }
        List::Called => {
            let all = mentions::of(tx, act, reach.jurisdiction, 50)?;
            let names = people::names(tx, reach.jurisdiction, all.iter().filter_map(|m| m.by))?;
            let beside = all.iter().map(|mention| {
                let by = mention.by.and_then(|id| names.get(&id)).map_or("", String::as_str);
                let when = dates::relative(w.lang(), mention.at, now);
                if mention.is_seen { w.work_called_by_seen(by, &when) } else { w.work_called_by(by, &when) }
            });
            let beside = beside.collect();
            Found { requests: all.into_iter().map(|m| m.request).collect(), beside, next: None }
        }
        List::Outside => {
            let all = queue::referred_by(tx, reach, 100)?;
            let beside = all.iter().map(|(_, due)| {
                let when = dates::short_date_time(w.lang(), *due, zone);
                if *due < now { w.work_outside_late(&when) } else { w.work_outside_due(&when) }
            });
            let beside = beside.collect();
            Found { requests: all.into_iter().map(|(request, _)| request).collect(), beside, next: None }
        }
    })
}

fn kept(
    tx: &mut Tx<'_>,
    act: &Act,
    waiting: &counts::Waiting,
    asked: &Asked,
    atlas: &Atlas,
    catalogue: &Catalogue,
    w: Words,
) -> Result<Vec<Kept>, Failure> {
    let all = filters::all(tx, act, atlas.jurisdiction.id)?;
    Ok(all
        .into_iter()
        .map(|kept| {
            let fields = Form::from_query(Some(&kept.query)).unwrap_or_default();
            let theirs = asked::read(&fields, atlas, catalogue, w, act.by.account());
            let count = waiting.of(&theirs.narrow).map(|n| {
                let shown = language::digits::grouped(n, w.lang());
                let is_more = theirs.narrow.turn == Turn::Overdue && waiting.has_more_overdue();
                if is_more { format!("{shown}+") } else { shown }
            });
            Kept {
                tail: format!("/{}", kept.id),
                is_here: theirs.query == asked.query,
                path: asked::address(&theirs.query),
                name: kept.name,
                count,
                is_shared: kept.unit.is_some(),
                is_mine: act.by.account() == Some(kept.account),
            }
        })
        .collect())
}
