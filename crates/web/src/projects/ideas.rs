//! Ideas of a round: the list, one idea with its thread, and a new one, shown beside what is like it first.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use calendar::words as dates;
use door::{Budget, Door, Failure, Form, Signed};
use language::{TrackingCode, digits};
use projects::ideas::{self, Filter, Idea, IdeaState, NewIdea};
use projects::{ProjectError, Right, Round, book, feasibility};
use storage::Tx;
use territory::Point;
use words::Words;

use super::fields::Field;
use super::{Trouble, missing, page_of, said, to, trouble};
use crate::ask::{self, Answer, Ask, FRESH, Here, NEVER, render};
use crate::options::{Lists, options};
use crate::page::Page;
use crate::requests::{distance, divisions};
use crate::wrong::Wrongs;

const PER_PAGE: u32 = 20;

#[derive(Template)]
#[template(path = "projects/ideas.html")]
struct List<'a> {
    page: Page<'a>,
    round: String,
    path: String,
    can_send: bool,
    topics: Vec<(String, String, bool)>,
    typed: String,
    ideas: Vec<Line>,
    next: Option<String>,
}

/// An idea in a list.
pub struct Line {
    pub path: String,
    pub title: String,
    pub place: String,
    pub topic: String,
    pub icon: String,
    pub state: &'static str,
    pub mark: &'static str,
    pub signed: String,
    pub metres: String,
}

impl Line {
    /// The code at the end of its address.
    fn code(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or("")
    }
}

pub fn line(idea: &Idea, round: &Round, atlas: &territory::Atlas, w: Words) -> Line {
    let topic = round.rules.topic(&idea.topic);
    Line {
        path: format!("/ideas/{}", idea.code),
        title: digits::shown(&idea.title, w.lang()),
        place: divisions(atlas, idea.district, idea.neighbourhood, w.lang()),
        topic: topic.map_or(String::new(), |topic| topic.name.get(w.lang()).to_owned()),
        icon: topic.map(|topic| topic.icon.clone()).filter(|icon| !icon.is_empty()).unwrap_or("other".into()),
        state: state(w, idea.state),
        mark: mark(idea.state),
        signed: w.projects_signed_plain(&digits::grouped(idea.supporters, w.lang())),
        metres: String::new(),
    }
}

pub fn state(w: Words, state: IdeaState) -> &'static str {
    match state {
        IdeaState::Open => w.projects_idea_open(),
        IdeaState::Merged => w.projects_idea_merged(),
        IdeaState::Feasible => w.projects_idea_feasible(),
        IdeaState::NotFeasible => w.projects_idea_not_feasible(),
        IdeaState::Hidden => w.projects_idea_hidden(),
    }
}

fn mark(state: IdeaState) -> &'static str {
    match state {
        IdeaState::Open => "received",
        IdeaState::Merged => "duplicate",
        IdeaState::Feasible => "answered",
        IdeaState::NotFeasible => "declined",
        IdeaState::Hidden => "cancelled",
    }
}

/// `GET /rounds/{code}/ideas`.
pub async fn list(State(door): State<Door>, Path(code): Path<String>, ask: Ask) -> Result<Response, Failure> {
    if !ask.field("q").is_empty()
        && let Err(refusal) = door.limits.check(Budget::Search, ask.client)
    {
        return Ok(refusal.into_response());
    }
    let now = door.now();
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let Some(round) = book.by_code(&code).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        let atlas = territory::atlas(tx, city.id)?;
        let topic = Some(ask.field("topic").to_owned()).filter(|t| round.rules.topic(t).is_some());
        let words: String = ask.field("q").chars().take(200).collect();
        let filter = Filter {
            topic: topic.clone(),
            words: words.clone(),
            before: ask.field("before").parse().ok(),
            limit: PER_PAGE + 1,
            ..Filter::default()
        };
        let mut found = ideas::list(tx, city.id, round.id, &filter)?;
        let more = found.len() > PER_PAGE as usize;
        found.truncate(PER_PAGE as usize);
        let path = format!("/rounds/{}/ideas", round.code);
        let next = found.last().filter(|_| more).map(|last| {
            let code =
                |text: &str| percent_encoding::utf8_percent_encode(text, crate::page::PLAIN).to_string();
            format!(
                "{path}?topic={}&q={}&before={}",
                code(topic.as_deref().unwrap_or("")),
                code(&words),
                last.id.0
            )
        });
        let html = render(&List {
            page: here.page(ask, w.projects_ideas_title()),
            round: round.name.get(ask.lang).to_owned(),
            can_send: round.allows(Right::SendIdea, now),
            topics: topics(round, ask, topic.as_deref().unwrap_or("")),
            typed: words,
            ideas: found.iter().map(|idea| line(idea, round, &atlas, w)).collect(),
            next,
            path: format!("/rounds/{}", round.code),
        })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}

/// The city's topics for a select field.
pub fn topics(round: &Round, ask: &Ask, chosen: &str) -> Vec<(String, String, bool)> {
    let topics = round.rules.topics.iter();
    topics.map(|t| (t.code.clone(), t.name.get(ask.lang).to_owned(), t.code == chosen)).collect()
}

#[derive(Template)]
#[template(path = "projects/idea.html")]
struct One<'a> {
    page: Page<'a>,
    path: String,
    round_path: String,
    round: String,
    line: Line,
    words: String,
    address: String,
    pin: Option<String>,
    sent: String,
    judged: Vec<Judged>,
    project: Option<String>,
    merged: Option<(String, String)>,
    asked: Vec<(String, String, String)>,
    alike: Vec<Line>,
    may_sign: bool,
    has_signed: bool,
    is_mine: bool,
    may_merge: bool,
    done: Option<&'static str>,
    wrong: Wrongs,
}

struct Judged {
    is_feasible: bool,
    reason: String,
    cost: String,
    when: String,
}

/// `GET /ideas/{code}`.
pub async fn one(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Option<Signed>,
    ask: Ask,
) -> Result<Response, Failure> {
    show(&door, code, signed, ask, Wrongs::default()).await
}

pub(super) async fn show(
    door: &Door,
    code: String,
    signed: Option<Signed>,
    ask: Ask,
    wrong: Wrongs,
) -> Result<Response, Failure> {
    let now = door.now();
    let Ok(code) = TrackingCode::parse(&code) else { return missing(door, ask).await };
    ask::answer_to_code(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let me = signed.as_ref().filter(|signed| signed.jurisdiction == city.id).map(|signed| signed.account);
        let found = ideas::by_code(tx, city.id, code)?;
        let Some(idea) = found.filter(|i| i.state != IdeaState::Hidden) else { return Ok(Answer::Missing) };
        let book = book(tx, city.id)?;
        let Some(round) = book.round(idea.round).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        let atlas = territory::atlas(tx, city.id)?;
        let is_mine = me.is_some() && idea.account == me;
        let judged = feasibility::judgements(tx, city.id, idea.id)?.into_iter().map(|j| Judged {
            is_feasible: j.is_feasible,
            reason: j.reason,
            cost: w.projects_cost_range(&said::money(w, j.cost_least), &said::money(w, j.cost_most)),
            when: dates::date(ask.lang, j.at.day(&city.zone)),
        });
        let judged = judged.collect();
        let project =
            projects::of_idea(tx, city.id, idea.id.0)?.filter(|p| p.state != projects::State::Draft);
        let merged = match idea.merged_into {
            Some(into) => ideas::by_id(tx, city.id, into)?,
            None => None,
        };
        let asked = if is_mine { ideas::asked_of(tx, city.id, idea.id)? } else { Vec::new() };
        let near = match idea.state {
            IdeaState::Open => {
                let words = format!("{} {}", idea.title, idea.words);
                ideas::similar(tx, city.id, round.id, &idea.topic, idea.point, &words, 4)?
            }
            _ => Vec::new(),
        };
        let near = near.iter().filter(|alike| alike.idea.id != idea.id);
        let has_signed = match me {
            Some(me) => ideas::has_signed(tx, city.id, idea.id, me)?,
            None => false,
        };
        let is_wrong = !wrong.is_empty();
        let open = idea.state == IdeaState::Open;
        let path = format!("/ideas/{}", idea.code);
        let html = render(&One {
            page: with_map(here.page(ask, &idea.title), idea.point).wrong(is_wrong).at(&path, ""),
            round_path: format!("/rounds/{}", round.code),
            round: round.name.get(ask.lang).to_owned(),
            line: line(&idea, round, &atlas, w),
            words: idea.words.clone(),
            address: idea.address.clone(),
            pin: idea.point.map(|p| format!("{},{}", p.long, p.lat)),
            sent: dates::date(ask.lang, idea.made_at.day(&city.zone)),
            judged,
            project: project.map(|project| format!("/projects/{}", project.code)),
            merged: merged.map(|into| (format!("/ideas/{}", into.code), into.title)),
            asked: asked
                .iter()
                .map(|m| (m.into.code.to_string(), m.into.title.clone(), format!("/ideas/{}", m.into.code)))
                .collect(),
            alike: near.map(|alike| near_line(alike, round, &atlas, w)).collect(),
            may_sign: open && !is_mine && !has_signed && round.allows(Right::Support, now),
            has_signed,
            is_mine,
            may_merge: open && me.is_some() && round.allows(Right::Merge, now),
            done: match ask.field("done") {
                "sent" => Some(w.projects_done_sent()),
                "signed" => Some(w.projects_done_signed()),
                "merge-asked" => Some(w.projects_done_merge_asked()),
                "merged" => Some(w.projects_done_merged()),
                "declined" => Some(w.projects_done_merge_declined()),
                _ => None,
            },
            wrong,
            path: path.clone(),
        })?;
        // Who is signed in sees what is theirs.
        Ok(if is_wrong || me.is_some() { page_of(html, is_wrong) } else { Answer::Page(FRESH, html) })
    })
    .await
}

pub fn with_map<'p>(page: Page<'p>, point: Option<Point>) -> Page<'p> {
    if point.is_some() { page.with_map() } else { page }
}

fn near_line(alike: &ideas::Alike, round: &Round, atlas: &territory::Atlas, w: Words) -> Line {
    Line {
        metres: alike.metres.map(|metres| distance(w, metres)).unwrap_or_default(),
        ..line(&alike.idea, round, atlas, w)
    }
}

#[derive(Clone, Default)]
struct Typed {
    topic: String,
    title: String,
    words: String,
    address: String,
    division: String,
    lat: String,
    long: String,
    key: String,
    /// They saw what is alike, and want their own all the same.
    seen: bool,
}

impl Typed {
    fn of(form: &Form) -> Typed {
        let text = |name: &str| form.text(name).trim().to_owned();
        Typed {
            topic: text("topic"),
            title: text("title"),
            words: text("words"),
            address: text("address"),
            division: text("division"),
            lat: text("lat"),
            long: text("long"),
            key: text("key"),
            seen: form.text("seen") == "yes",
        }
    }

    fn point(&self) -> Option<(f64, f64)> {
        Some((digits::to_ascii(&self.lat).parse().ok()?, digits::to_ascii(&self.long).parse().ok()?))
    }

    fn idea(&self, lang: language::Lang) -> NewIdea {
        NewIdea {
            topic: self.topic.clone(),
            title: self.title.clone(),
            words: self.words.clone(),
            language: lang,
            point: self.point(),
            division: self.division.parse().ok(),
            address: self.address.clone(),
            form_key: Some(self.key.clone()).filter(|key| !key.is_empty()),
        }
    }
}

#[derive(Template)]
#[template(path = "projects/idea-new.html")]
struct New<'a> {
    page: Page<'a>,
    path: String,
    round: String,
    fields: Vec<Field>,
    lists: &'a Lists,
    chosen: Option<(String, String)>,
    bounds: Option<String>,
    centre: String,
    typed: Typed,
    alike: Vec<Line>,
    wrong: Wrongs,
}

/// `GET /rounds/{code}/ideas/new`.
pub async fn new(
    State(door): State<Door>,
    Path(code): Path<String>,
    _: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let key = format!("{:016x}{:016x}", door.dice.number(), door.dice.number());
    let typed = Typed { key, ..Typed::default() };
    form(&door, code, ask, typed, Wrongs::default(), false).await
}

/// The form; with what is alike when there is something that was not seen yet.
async fn form(
    door: &Door,
    code: String,
    ask: Ask,
    typed: Typed,
    wrong: Wrongs,
    offer: bool,
) -> Result<Response, Failure> {
    let now = door.now();
    ask::answer(door, ask, move |tx, ask, here| {
        let book = book(tx, here.city().id)?;
        let Some(round) = book.by_code(&code).filter(|round| round.is_public) else {
            return Ok(Answer::Missing);
        };
        if !round.allows(Right::SendIdea, now) {
            return Ok(Answer::Go(crate::sign_in::address(ask, &format!("/rounds/{code}"))));
        }
        let alike = if offer { alike(tx, here, round, ask.words(), &typed)? } else { Vec::new() };
        let is_wrong = !wrong.is_empty();
        let html = draw(tx, ask, here, round, typed, wrong, alike)?;
        Ok(if is_wrong { page_of(html, true) } else { Answer::Page(NEVER, html) })
    })
    .await
}

fn alike(tx: &mut Tx<'_>, here: &Here, round: &Round, w: Words, typed: &Typed) -> Result<Vec<Line>, Failure> {
    let city = here.city();
    let atlas = territory::atlas(tx, city.id)?;
    let point = typed.point().and_then(|(lat, long)| Point::new(lat, long));
    let words = format!("{} {}", typed.title, typed.words);
    let found = ideas::similar(tx, city.id, round.id, &typed.topic, point, &words, 3)?;
    Ok(found.iter().map(|alike| near_line(alike, round, &atlas, w)).collect())
}

fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    round: &Round,
    typed: Typed,
    wrong: Wrongs,
    alike: Vec<Line>,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city());
    let atlas = territory::atlas(tx, city.id)?;
    let lists = options(tx, city.id)?;
    let chosen = typed.division.parse().ok().and_then(|id| atlas.division(id)).map(|division| {
        let place = atlas.place_of(division.id);
        (division.id.to_string(), divisions(&atlas, place.district, place.neighbourhood, ask.lang))
    });
    let bounds = atlas.bounds().filter(|_| atlas.has_borders());
    let topics = round.rules.topics.iter().map(|t| (t.code.clone(), t.name.get(ask.lang).to_owned()));
    let first = std::iter::once((String::new(), w.projects_topic_choose().to_owned()));
    let fields = vec![
        Field::line("title", w.projects_idea_field_title(), &typed.title, &wrong)
            .hint(w.projects_idea_field_title_hint()),
        Field::area("words", w.projects_idea_field_words(), &typed.words, &wrong)
            .hint(w.projects_idea_field_words_hint()),
        Field::choice("topic", w.projects_topic(), &typed.topic, &wrong, first.chain(topics)),
    ];
    let path = format!("/rounds/{}/ideas/new", round.code);
    let page = here.page(ask, w.projects_idea_new()).with_map().wrong(!wrong.is_empty()).at(&path, "");
    render(&New {
        round: round.name.get(ask.lang).to_owned(),
        fields,
        lists: lists.of(ask.lang),
        chosen,
        centre: bounds.map_or(String::new(), |b| {
            format!("{},{}", (b.min.long + b.max.long) / 2.0, (b.min.lat + b.max.lat) / 2.0)
        }),
        bounds: bounds.map(|b| format!("{},{},{},{}", b.min.long, b.min.lat, b.max.long, b.max.lat)),
        typed,
        alike,
        wrong,
        page,
        path: path.clone(),
    })
}

/// `POST /rounds/{code}/ideas/new`: shows what is alike once, then keeps the idea.
pub async fn send(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    sent: Form,
) -> Result<Response, Failure> {
    if let Err(refusal) = door.limits.check(Budget::Submit, ask.client) {
        return Ok(refusal.into_response());
    }
    let typed = Typed::of(&sent);
    let (act, jurisdiction, idea, round) =
        (signed.act(&door), signed.jurisdiction, typed.idea(ask.lang), code.clone());
    let seen = typed.seen;
    let look = typed.clone();
    let kept = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<Option<Idea>, ProjectError> {
            let book = book(tx, jurisdiction)?;
            let round = book.by_code(&round).ok_or(ProjectError::NotFound)?;
            if !seen && !look.title.is_empty() && !look.words.is_empty() {
                let point = look.point().and_then(|(lat, long)| Point::new(lat, long));
                let text = format!("{} {}", look.title, look.words);
                if !ideas::similar(tx, jurisdiction, round.id, &look.topic, point, &text, 1)?.is_empty() {
                    return Ok(None);
                }
            }
            ideas::send(tx, &act, jurisdiction, round.id, &idea).map(Some)
        })
        .await;
    match kept {
        Ok(Some(idea)) => Ok(to(&ask, &format!("/ideas/{}?done=sent", idea.code))),
        Ok(None) => form(&door, code, ask, Typed { seen: true, ..typed }, Wrongs::default(), true).await,
        Err(error) => match trouble(&door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => form(&door, code, ask, typed, wrong, false).await,
        },
    }
}
