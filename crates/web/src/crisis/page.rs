//! The page of crises: what holds, who was called and what they said, who is silent, which streets are closed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::{Timestamp, Zone, words as dates};
use dispatch::crisis::{self, Answer as Said, Crisis};
use dispatch::roads::closures;
use dispatch::{Crew, crews};
use door::{Door, Failure, Signed};
use people::{Act, Permission};
use storage::{Tx, journal};
use territory::Atlas;
use words::Words;

use super::done;
use crate::ask::{self, Answer, Ask, Here, NEVER, render};
use crate::page::Page;

/// Facts of a crisis that the page shows.
const FACTS: u32 = 30;
const PAST: u32 = 10;

#[derive(Template)]
#[template(path = "crisis/page.html")]
struct Crises<'a> {
    page: Page<'a>,
    said: Option<&'static str>,
    refused: Option<&'static str>,
    lasting: Vec<Lasting>,
    may_begin: bool,
    skills: Vec<(String, String)>,
    equipment: Vec<(String, String)>,
    districts: Vec<(String, String)>,
    silent: Vec<(String, String)>,
    closed: Vec<ClosedLine>,
    past: Vec<(String, String, String)>,
    typed: Typed,
}

struct Lasting {
    id: i64,
    version: i64,
    title: String,
    since: String,
    rules: Vec<String>,
    rules_path: String,
    may_rule: bool,
    counts: String,
    calls: Vec<CallLine>,
    facts: Vec<(String, &'static str)>,
}

struct CallLine {
    crew: i64,
    version: i64,
    name: String,
    code: String,
    district: String,
    at: String,
    answer: &'static str,
    answer_name: &'static str,
    reason: String,
    is_volunteer: bool,
}

struct ClosedLine {
    id: i64,
    version: i64,
    words: String,
    place: String,
    metres: i64,
    until: Option<String>,
    may: bool,
}

/// What was typed into the forms of the page, to be there again after a refusal.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub name: String,
    pub people: String,
    pub district: String,
    pub place: String,
    pub words: String,
    pub metres: String,
    pub hours: String,
    pub road_place: String,
}

/// `GET /crisis`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let html = draw(tx, ask, here, &signed, &act, None, Typed::default())?;
        Ok(Answer::Page(NEVER, html))
    })
    .await
}

pub(super) fn draw(
    tx: &mut Tx<'_>,
    ask: &Ask,
    here: &Here,
    signed: &Signed,
    act: &Act,
    refused: Option<&'static str>,
    typed: Typed,
) -> Result<String, Failure> {
    let (w, city) = (ask.words(), here.city().id);
    let atlas = territory::atlas(tx, city)?;
    let shown = Shown { w, atlas: &atlas, zone: &atlas.jurisdiction.zone };
    let now = crisis::current(tx, city)?;
    let all = crews::list(tx, city, &crews::Wanted::default())?;
    let mut lasting = Vec::new();
    for one in &now.all {
        lasting.push(shown.lasting(tx, act, one, &all)?);
    }
    let patience = now.all.iter().map(|c| c.rules.silent_minutes).min();
    let mut silent = Vec::new();
    if let Some(minutes) = patience {
        for (id, heard) in crisis::silent(tx, city, act.at.plus_minutes(-minutes))? {
            let crew = all.iter().find(|crew| crew.id == id);
            if let Some(crew) = crew.filter(|crew| act.may(Permission::Dispatch, crew.place())) {
                silent.push((crew.name(w.lang()).to_owned(), shown.at(heard)));
            }
        }
    }
    let closed = closures::current(tx, city, act.at)?.iter().map(|one| shown.closed(act, one)).collect();
    let kinds = dispatch::job_types::kinds(tx, city)?;
    let called = |codes: Vec<String>, list: &[dispatch::Named]| -> Vec<(String, String)> {
        let name = |code: &String| list.iter().find(|named| named.code == *code);
        codes
            .into_iter()
            .filter_map(|code| Some((code.clone(), name(&code)?.name(w.lang()).to_owned())))
            .collect()
    };
    let (mut skills, mut equipment) = (Vec::new(), Vec::new());
    if let Some(first) = now.all.first() {
        skills = called(crisis::volunteer_skills(tx, first)?, &kinds.skills);
        equipment = called(crisis::volunteer_equipment(tx, city)?, &kinds.equipment);
    }
    let past = crisis::past(tx, city, PAST)?;
    let page = here.staff(ask, signed, w.crisis_title()).wrong(refused.is_some());
    Ok(render(&Crises {
        said: done(w, ask),
        refused,
        may_begin: act.may_somewhere(Permission::ManageStorm),
        districts: atlas.districts().map(|d| (d.code.clone(), d.name(w.lang()).to_owned())).collect(),
        past: past
            .iter()
            .map(|one| {
                (
                    shown.where_(one.district),
                    shown.at(one.begun_at),
                    one.ended_at.map_or(String::new(), |at| shown.at(at)),
                )
            })
            .collect(),
        lasting,
        skills,
        equipment,
        silent,
        closed,
        typed,
        page,
    })?)
}

/// What turns rows into words.
struct Shown<'a> {
    w: Words,
    atlas: &'a Atlas,
    zone: &'a Zone,
}

impl Shown<'_> {
    fn at(&self, at: Timestamp) -> String {
        dates::date_time(self.w.lang(), at, self.zone)
    }

    fn where_(&self, district: Option<i64>) -> String {
        let named = district.and_then(|id| self.atlas.division(id)).map(|d| d.name(self.w.lang()).to_owned());
        named.unwrap_or_else(|| self.w.crisis_city().to_owned())
    }

    fn lasting(&self, tx: &mut Tx<'_>, act: &Act, one: &Crisis, crews: &[Crew]) -> Result<Lasting, Failure> {
        let w = self.w;
        let calls = crisis::calls(tx, one.jurisdiction, one.id)?;
        let count = |answer: Said| calls.iter().filter(|call| call.answer == answer).count() as i64;
        let counts = w.crisis_counts(count(Said::Called), count(Said::Coming), count(Said::Refused));
        let lines = calls.iter().filter_map(|call| {
            let crew = crews.iter().find(|crew| crew.id == call.crew)?;
            let may = act.may(Permission::Dispatch, crew.place());
            // A contractor sees its own crews.
            may.then(|| CallLine {
                crew: crew.id.0,
                version: call.version,
                name: crew.name(w.lang()).to_owned(),
                code: crew.code.clone(),
                district: self.where_(crew.district),
                at: self.at(call.answered_at.unwrap_or(call.called_at)),
                answer: call.answer.code(),
                answer_name: answer_name(w, call.answer),
                reason: call.reason.clone(),
                is_volunteer: call.is_volunteer,
            })
        });
        let code = one.district.and_then(|id| self.atlas.division(id)).map_or("", |d| d.code.as_str());
        let facts = journal::latest_of(tx, one.jurisdiction, crisis::SUBJECT, one.id.0, FACTS)?;
        Ok(Lasting {
            id: one.id.0,
            version: one.version,
            title: match one.district {
                None => w.crisis_on_city().to_owned(),
                Some(_) => w.crisis_on_district(&self.where_(one.district)),
            },
            since: w.crisis_since(&self.at(one.begun_at)),
            rules: self.rules(one),
            rules_path: format!("/crisis/rules?district={code}"),
            may_rule: act.may(Permission::ManageStorm, one.place()),
            counts,
            calls: lines.collect(),
            facts: facts
                .iter()
                .filter_map(|fact| {
                    Some((self.at(Timestamp(fact.at)), w.by_key(&format!("crisis-fact-{}", fact.fact))?))
                })
                .collect(),
        })
    }

    /// What holds, sentence by sentence.
    fn rules(&self, one: &Crisis) -> Vec<String> {
        let (w, rules) = (self.w, &one.rules);
        let mut said = vec![w.crisis_rule_danger(rules.weights[3])];
        if rules.planned_waits {
            said.push(w.crisis_rule_waits().to_owned());
        }
        said.push(w.crisis_rule_silent(rules.silent_minutes));
        if !rules.cut_off.is_empty() {
            let names: Vec<String> = rules.cut_off.iter().map(|id| self.where_(Some(*id))).collect();
            said.push(w.crisis_rule_cut_off(&names.join(w.crisis_and())));
        }
        if one.storm.is_some() {
            said.push(w.crisis_rule_told().to_owned());
        }
        said
    }

    fn closed(&self, act: &Act, one: &closures::Closed) -> ClosedLine {
        let at = one.closure.at;
        let district = match self.atlas.locate(at) {
            territory::Located::Inside(place) => place.district,
            _ => None,
        };
        ClosedLine {
            id: one.id,
            version: one.version,
            words: one.words.clone(),
            place: format!("{:.5}, {:.5}", at.lat, at.long),
            metres: one.closure.metres as i64,
            until: one.ends_at.map(|at| self.at(at)),
            may: act.may(Permission::Dispatch, people::Where::city(one.jurisdiction).in_district(district)),
        }
    }
}

fn answer_name(w: Words, answer: Said) -> &'static str {
    match answer {
        Said::Called => w.crisis_answer_called(),
        Said::Coming => w.crisis_answer_coming(),
        Said::Refused => w.crisis_answer_refused(),
    }
}
