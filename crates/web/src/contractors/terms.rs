//! The form of a contract: made as a draft, changed while it is one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use dispatch::contracts::money::{COEFFICIENT, MOST_COEFFICIENT, parse_decimal};
use dispatch::contracts::terms::{CLASSES, Class, Terms};
use dispatch::contracts::{self, ContractError, Draft};
use door::{Door, Failure, Form, Signed};
use http::StatusCode;
use language::{Lang, digits};
use people::units::UnitKind;
use words::Words;

use super::{show, shut, wrongs};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::sign_in::{address, go};
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "contractors/terms.html")]
struct Shown<'a> {
    page: Page<'a>,
    wrong: Wrongs,
    action: String,
    is_new: bool,
    version: i64,
    /// Plain fields before and after the choices, by their place in the form.
    head: Vec<Field>,
    money: Vec<Field>,
    limits: Vec<Field>,
    contractors: Vec<(i64, String, bool)>,
    districts: Vec<(i64, String, bool)>,
    services: Vec<(i64, String, bool)>,
    classes: Vec<ClassFields>,
}

/// One field of one line.
struct Field {
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    /// Numbers, dates and codes run left to right.
    is_number: bool,
    is_optional: bool,
}

struct ClassFields {
    code: &'static str,
    name: String,
    respond: String,
    finish: String,
    by_day: bool,
    late_arrival: String,
    late_finish: String,
}

/// What was typed, before it is read.
#[derive(Clone, Default)]
struct Typed {
    pairs: Vec<(String, String)>,
}

impl Typed {
    fn of(form: &Form) -> Typed {
        Typed { pairs: form.pairs().map(|(n, v)| (n.to_owned(), v.trim().to_owned())).collect() }
    }

    fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn all(&self, name: &str) -> Vec<i64> {
        self.pairs.iter().filter(|(known, _)| known == name).filter_map(|(_, v)| v.parse().ok()).collect()
    }

    fn put(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.pairs.push((name.into(), value.into()));
    }

    /// Of a contract that is there, or the usual conditions.
    fn from(draft: &Draft, lang: Lang) -> Typed {
        let (mut typed, terms) = (Typed::default(), &draft.terms);
        typed.put("code", &draft.code);
        typed.put("title_fa", &draft.title_fa);
        typed.put("title_en", &draft.title_en);
        typed.put("contractor", draft.contractor.map(|id| id.to_string()).unwrap_or_default());
        typed.put("starts_on", draft.starts_on.map(|day| show::typed_day(day, lang)).unwrap_or_default());
        typed.put("ends_on", draft.ends_on.map(|day| show::typed_day(day, lang)).unwrap_or_default());
        terms.districts.iter().for_each(|id| typed.put("district", id.to_string()));
        terms.services.iter().for_each(|id| typed.put("service", id.to_string()));
        typed.put("coefficient", show::typed(terms.coefficient, COEFFICIENT, lang));
        typed.put("retention", show::typed(terms.retention, 100, lang));
        typed.put("penalty_most", show::typed(terms.penalty_most, 100, lang));
        for (name, number) in [
            ("warranty_days", terms.warranty_days),
            ("bond", terms.bond),
            ("ceiling", terms.ceiling),
            ("check_percent", terms.check_percent),
            ("answer_minutes", terms.answer_minutes),
            ("dispute_days", terms.dispute_days),
            ("no_show", terms.no_show),
            ("failed_check", terms.failed_check),
            ("missing_proof", terms.missing_proof),
        ] {
            typed.put(name, show::typed_number(number, lang));
        }
        for (code, class) in CLASSES.iter().zip(&terms.class) {
            typed.put(format!("respond-{code}"), show::typed_number(class.respond, lang));
            typed.put(format!("finish-{code}"), show::typed_number(class.finish, lang));
            typed.put(format!("per-{code}"), if class.by_day { "day" } else { "hour" });
            typed.put(format!("arrival-{code}"), show::typed_number(class.late_arrival, lang));
            typed.put(format!("done-{code}"), show::typed_number(class.late_finish, lang));
        }
        typed
    }

    fn draft(&self) -> Draft {
        // What is no number is refused as a number outside its range, beside its field.
        let number = |name: &str| match self.get(name) {
            "" => 0,
            typed => digits::parse_i64(typed).unwrap_or(-1),
        };
        let share = |name: &str| match self.get(name) {
            "" => 0,
            typed => parse_decimal(typed, 2).unwrap_or(-1),
        };
        let mut class = [Class::default(); 4];
        for (code, class) in CLASSES.iter().zip(&mut class) {
            *class = Class {
                respond: number(&format!("respond-{code}")),
                finish: number(&format!("finish-{code}")),
                by_day: self.get(&format!("per-{code}")) == "day",
                late_arrival: number(&format!("arrival-{code}")),
                late_finish: number(&format!("done-{code}")),
            };
        }
        Draft {
            code: self.get("code").to_owned(),
            title_fa: self.get("title_fa").to_owned(),
            title_en: self.get("title_en").to_owned(),
            contractor: self.get("contractor").parse().ok(),
            starts_on: show::read_day(self.get("starts_on")),
            ends_on: show::read_day(self.get("ends_on")),
            terms: Terms {
                districts: self.all("district"),
                services: self.all("service"),
                coefficient: parse_decimal(self.get("coefficient"), 4).unwrap_or(MOST_COEFFICIENT + 1),
                class,
                no_show: number("no_show"),
                failed_check: number("failed_check"),
                missing_proof: number("missing_proof"),
                penalty_most: share("penalty_most"),
                warranty_days: number("warranty_days"),
                retention: share("retention"),
                bond: number("bond"),
                ceiling: number("ceiling"),
                check_percent: number("check_percent"),
                answer_minutes: number("answer_minutes"),
                dispute_days: number("dispute_days"),
            },
        }
    }
}

fn fields(w: Words, typed: &Typed) -> [Vec<Field>; 3] {
    let field = |id: &'static str, is_number, is_optional| Field {
        id,
        label: w.by_key(&format!("contractors-field-{}", id.replace('_', "-"))).unwrap_or(id),
        hint: w.by_key(&format!("contractors-hint-{}", id.replace('_', "-"))).unwrap_or(""),
        value: typed.get(id).to_owned(),
        is_number,
        is_optional,
    };
    [
        vec![
            field("code", true, false),
            field("title_fa", false, false),
            field("title_en", false, true),
            field("starts_on", true, false),
            field("ends_on", true, false),
        ],
        vec![
            field("coefficient", true, false),
            field("retention", true, false),
            field("bond", true, true),
            field("ceiling", true, true),
            field("no_show", true, true),
            field("failed_check", true, true),
            field("missing_proof", true, true),
            field("penalty_most", true, false),
        ],
        vec![
            field("warranty_days", true, false),
            field("check_percent", true, false),
            field("answer_minutes", true, false),
            field("dispute_days", true, false),
        ],
    ]
}

async fn screen(
    door: &Door,
    signed: Signed,
    ask: Ask,
    code: Option<String>,
    wrong: Wrongs,
    typed: Option<Typed>,
    version: i64,
) -> Result<Response, Failure> {
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, lang, city) = (ask.words(), ask.lang, here.city().id);
        let known = match &code {
            Some(code) => match contracts::by_code(tx, city, code)? {
                Some(contract) => Some(contract),
                None => return Ok(Answer::Missing),
            },
            None => None,
        };
        let version = known.as_ref().filter(|_| typed.is_none()).map_or(version, |c| c.version);
        let typed = typed.unwrap_or_else(|| {
            let draft = known.as_ref().map_or_else(Draft::default, |c| Draft {
                code: c.code.clone(),
                title_fa: c.title_fa.clone(),
                title_en: c.title_en.clone(),
                contractor: Some(c.contractor),
                starts_on: Some(c.starts_on),
                ends_on: Some(c.ends_on),
                terms: c.terms.clone(),
            });
            Typed::from(&draft, lang)
        });
        let (atlas, catalogue) = (territory::atlas(tx, city)?, requests::catalogue(tx, city)?);
        let (districts, services) = (typed.all("district"), typed.all("service"));
        let external: Vec<_> =
            people::units::all(tx, city)?.into_iter().filter(|u| u.kind == UnitKind::External).collect();
        let [head, money, limits] = fields(w, &typed);
        let title = if code.is_some() { w.contractors_edit_title() } else { w.contractors_new_title() };
        let classes = CLASSES.iter().map(|code| ClassFields {
            code,
            name: show::named(w, "urgency", code),
            respond: typed.get(&format!("respond-{code}")).to_owned(),
            finish: typed.get(&format!("finish-{code}")).to_owned(),
            by_day: typed.get(&format!("per-{code}")) == "day",
            late_arrival: typed.get(&format!("arrival-{code}")).to_owned(),
            late_finish: typed.get(&format!("done-{code}")).to_owned(),
        });
        let is_wrong = !wrong.is_empty();
        let html = render(&Shown {
            page: here.staff(ask, &signed, title).wrong(is_wrong),
            wrong,
            action: code
                .as_ref()
                .map_or("/contracts/new".to_owned(), |code| format!("/contracts/{code}/terms")),
            is_new: code.is_none(),
            version,
            head,
            money,
            limits,
            contractors: external
                .iter()
                .map(|u| {
                    let name = show::unit_name(&external, u.id, lang);
                    (u.id, name, typed.get("contractor") == u.id.to_string())
                })
                .collect(),
            districts: atlas
                .districts()
                .map(|d| (d.id, d.name(lang).to_owned(), districts.contains(&d.id)))
                .collect(),
            services: catalogue
                .services
                .iter()
                .map(|s| (s.id, s.name(lang).to_owned(), services.contains(&s.id)))
                .collect(),
            classes: classes.collect(),
        })?;
        Ok(if is_wrong {
            Answer::Refused(StatusCode::UNPROCESSABLE_ENTITY, html)
        } else {
            Answer::Page(NEVER, html)
        })
    })
    .await
}

/// `GET /contracts/new`.
pub async fn new(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    screen(&door, signed, ask, None, Wrongs::default(), None, 0).await
}

/// `POST /contracts/new`.
pub async fn make(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let (act, city, draft) = (signed.act(&door), signed.jurisdiction, typed.draft());
    let made = door.db.write(move |tx| contracts::make(tx, &act, city, &draft)).await;
    match made {
        Ok(made) => Ok(go(&address(&ask, &format!("/contracts/{}?done=made", made.code)))),
        Err(error) => again(&door, signed, ask, None, error, typed, 0).await,
    }
}

/// `GET /contracts/{code}/terms`.
pub async fn edit(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    screen(&door, signed, ask, Some(code), Wrongs::default(), None, 0).await
}

/// `POST /contracts/{code}/terms`.
pub async fn change(
    State(door): State<Door>,
    Path(code): Path<String>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let typed = Typed::of(&form);
    let (act, city, draft) = (signed.act(&door), signed.jurisdiction, typed.draft());
    let version = form.text("version").parse().unwrap_or(0);
    let known = code.clone();
    let changed = door
        .db
        .write(move |tx| {
            let contract = contracts::by_code(tx, city, &known)?.ok_or(ContractError::NotFound)?;
            contracts::change(tx, &act, city, contract.id, version, &draft)?;
            Ok(contracts::by_id(tx, city, contract.id)?.map_or(known.clone(), |contract| contract.code))
        })
        .await;
    match changed {
        Ok(code) => Ok(go(&address(&ask, &format!("/contracts/{code}?done=changed")))),
        Err(error) => again(&door, signed, ask, Some(code), error, typed, version).await,
    }
}

/// The same form with what was typed and what is wrong with it.
async fn again(
    door: &Door,
    signed: Signed,
    ask: Ask,
    code: Option<String>,
    error: ContractError,
    typed: Typed,
    version: i64,
) -> Result<Response, Failure> {
    match wrongs(ask.words(), &error) {
        Some(wrong) => screen(door, signed, ask, code, wrong, Some(typed), version).await,
        None => shut(door, ask, error).await,
    }
}
