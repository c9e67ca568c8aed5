//! Help between districts: asked, granted with a crew, refused, ended.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::{Day, TimeOfDay, Timestamp, Zone, words as dates};
use dispatch::aid::{self, AidState, Wish};
use dispatch::crews::{self, Wanted};
use dispatch::{CrewId, DispatchError, Seen, job_types};
use door::{Door, Failure, Form as Sent, Signed};
use http::StatusCode;
use language::digits;
use storage::Tx;

use super::field::{Field, Form, Kind};
use super::{Settled, Tab, district_name, districts, names, refusal, settle, tabs};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "crews/aid.html")]
struct Aids<'a> {
    page: Page<'a>,
    tabs: Vec<Tab>,
    cases: Vec<Case>,
    fields: Vec<Field>,
    done: Option<&'static str>,
    wrong: Wrongs,
}

struct Case {
    base: String,
    from: String,
    to: String,
    skills: String,
    words: String,
    state: &'static str,
    tone: &'static str,
    span: String,
    crew: String,
    version: i64,
    /// Crews that could go, while nobody has decided.
    crews: Vec<(i64, String)>,
    is_asked: bool,
    is_open: bool,
}

#[derive(Clone, Default)]
struct Typed {
    from: String,
    to: String,
    skill: String,
    day: String,
    begins: String,
    until_day: String,
    until: String,
    words: String,
}

impl Typed {
    fn of(form: &Sent) -> Typed {
        let text = |name: &str| form.text(name).trim().to_owned();
        Typed {
            from: text("from"),
            to: text("to"),
            skill: text("skill"),
            day: text("day"),
            begins: text("begins"),
            until_day: text("until_day"),
            until: text("until"),
            words: text("words"),
        }
    }

    fn usual(now: Timestamp, zone: &Zone, lang: language::Lang) -> Typed {
        let later = now.plus_hours(8);
        let day = |at: Timestamp| dates::numeric_date(lang, at.day(zone));
        let time = |at: Timestamp| dates::time(lang, at.minute_of_day(zone));
        Typed {
            day: day(now),
            begins: time(now),
            until_day: day(later),
            until: time(later),
            ..Typed::default()
        }
    }

    fn wish(&self, ask: &Ask, zone: &Zone) -> Result<Wish, Wrongs> {
        let w = ask.words();
        let mut wrong = Wrongs::default();
        let mut moment = |id: &'static str, day: &str, time: &str| match (
            Day::parse(day),
            digits::to_ascii(time).parse::<TimeOfDay>(),
        ) {
            (Ok(day), Ok(time)) => zone.at(day, time.minute()),
            _ => {
                wrong.add(id, refusal(w, "day-wrong"));
                Timestamp(0)
            }
        };
        let starts_at = moment("day", &self.day, &self.begins);
        let ends_at = moment("until", &self.until_day, &self.until);
        match wrong.is_empty() {
            false => Err(wrong),
            true => Ok(Wish {
                from: self.from.parse().unwrap_or(0),
                to: self.to.parse().unwrap_or(0),
                skills: Some(self.skill.clone()).filter(|skill| !skill.is_empty()).into_iter().collect(),
                words: self.words.clone(),
                starts_at,
                ends_at,
            }),
        }
    }
}

/// `GET /aid`.
pub async fn page(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    let done = match ask.field("done") {
        "" => None,
        _ => Some(ask.words().crews_done_aid()),
    };
    screen(&door, signed, ask, done, Wrongs::default(), None).await
}

/// `POST /aid`.
pub async fn ask(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Sent,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let jurisdiction = signed.jurisdiction;
    let atlas = door.db.read(move |tx| territory::atlas(tx, jurisdiction)).await?;
    let wish = match typed.wish(&ask, &atlas.jurisdiction.zone) {
        Ok(wish) => wish,
        Err(wrong) => return screen(&door, signed, ask, None, wrong, Some(typed)).await,
    };
    let act = signed.act(&door);
    let asked = door.db.write(move |tx: &mut Tx<'_>| aid::ask(tx, &act, jurisdiction, &wish)).await;
    finish(&door, signed, ask, asked.map(|_| ()), Some(typed)).await
}

/// `POST /aid/{id}/{verb}`: grant, refuse or end.
pub async fn decide(
    State(door): State<Door>,
    Path((id, verb)): Path<(i64, String)>,
    signed: Signed,
    ask: Ask,
    form: Sent,
) -> Result<Response, Failure> {
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    let seen = Seen(form.text("version").parse().unwrap_or(0));
    let crew = CrewId(form.text("crew").parse().unwrap_or(0));
    let decided = door
        .db
        .write(move |tx: &mut Tx<'_>| match verb.as_str() {
            "grant" => aid::grant(tx, &act, jurisdiction, id, crew, seen),
            "refuse" => aid::refuse(tx, &act, jurisdiction, id, seen),
            "end" => aid::end(tx, &act, jurisdiction, id, seen),
            _ => Err(DispatchError::NotFound),
        })
        .await;
    finish(&door, signed, ask, decided.map(|_| ()), None).await
}

async fn finish(
    door: &Door,
    signed: Signed,
    ask: Ask,
    outcome: Result<(), DispatchError>,
    typed: Option<Typed>,
) -> Result<Response, Failure> {
    match settle(door, ask, outcome.map(|()| "/aid?done=yes".to_owned())).await? {
        (Settled::Page(page), _) => Ok(page),
        (Settled::Wrong(wrong), ask) => screen(door, signed, ask, None, wrong, typed).await,
    }
}

async fn screen(
    door: &Door,
    signed: Signed,
    ask: Ask,
    done: Option<&'static str>,
    wrong: Wrongs,
    typed: Option<Typed>,
) -> Result<Response, Failure> {
    let act = signed.act(door);
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city, lang) = (ask.words(), here.city(), ask.lang);
        let atlas = territory::atlas(tx, city.id)?;
        let kinds = job_types::kinds(tx, city.id)?;
        let all = crews::list(tx, city.id, &Wanted { active: true, ..Wanted::default() })?;
        let when = |at| dates::short_date_time(lang, at, &city.zone);
        let mut cases = Vec::new();
        for case in aid::list(tx, city.id, 100)? {
            let able =
                |crew: &&dispatch::Crew| crew.district == Some(case.from) && crew.suits(&case.skills, &[]);
            let is_open = matches!(case.state, AidState::Asked | AidState::Granted) && case.ends_at > act.at;
            let (state, tone) = match case.state {
                AidState::Asked => (w.crews_aid_asked(), "invited"),
                AidState::Granted => (w.crews_aid_granted(), "active"),
                AidState::Refused => (w.crews_aid_refused(), "suspended"),
                AidState::Ended => (w.crews_aid_ended(), ""),
            };
            let who = all.iter().find(|crew| Some(crew.id) == case.crew);
            cases.push(Case {
                base: format!("/aid/{}/", case.id),
                from: district_name(&atlas, Some(case.from), w),
                to: district_name(&atlas, Some(case.to), w),
                skills: names(&kinds.skills, &case.skills, w),
                words: case.words.clone(),
                state,
                tone,
                span: w.crews_from_to(&when(case.starts_at), &when(case.ends_at)),
                crew: who.map_or_else(String::new, |crew| crew.name(lang).to_owned()),
                version: case.version,
                crews: all.iter().filter(able).map(|crew| (crew.id.0, crew.name(lang).to_owned())).collect(),
                is_asked: case.state == AidState::Asked && is_open,
                is_open,
            });
        }
        let typed = typed.unwrap_or_else(|| Typed::usual(act.at, &city.zone, lang));
        let any = (String::new(), w.crews_any_skill().to_owned());
        let skills = kinds.skills.iter().map(|skill| (skill.code.clone(), skill.name(lang).to_owned()));
        let fields = Form::new(&wrong)
            .choice("to", w.crews_aid_to(), &typed.to, districts(&atlas, w))
            .choice("from", w.crews_aid_from(), &typed.from, districts(&atlas, w))
            .choice("skill", w.crews_aid_skill(), &typed.skill, std::iter::once(any).chain(skills).collect())
            .code("day", w.crews_from_day(), &typed.day)
            .code("begins", w.crews_begins(), &typed.begins)
            .code("until_day", w.crews_until_day(), &typed.until_day)
            .code("until", w.crews_ends(), &typed.until)
            .put(Kind::Long, "words", w.crews_aid_words(), &typed.words)
            .optional()
            .fields;
        let is_wrong = !wrong.is_empty();
        let html = render(&Aids {
            page: here.staff(ask, &signed, w.crews_aid_title()).at("/aid", "").wrong(is_wrong),
            tabs: tabs(w, "/aid"),
            cases,
            fields,
            done,
            wrong,
        })?;
        Ok(match is_wrong {
            true => Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html),
            false => Answer::Page(NEVER, html),
        })
    })
    .await
}
