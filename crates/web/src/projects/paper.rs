//! Ballots on paper: batches, typing a sheet in, and the sheets on which two people disagree.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use calendar::words as dates;
use door::{Door, Failure, Form, Signed};
use language::digits;
use projects::channels::paper::{self, Batch, SheetState, Typed};
use projects::{IdentityRule, ProjectError, Right, book};
use storage::Tx;

use super::fields::Field;
use super::{Trouble, page_of, refusal, to, trouble};
use crate::ask::{self, Answer, Ask, render};
use crate::page::Page;
use crate::wrong::Wrongs;

#[derive(Template)]
#[template(path = "projects/paper.html")]
struct List<'a> {
    page: Page<'a>,
    rounds: Vec<(String, String)>,
    fields: Vec<Field>,
    batches: Vec<Line>,
    wrong: Wrongs,
}

struct Line {
    path: String,
    name: String,
    when: String,
    sheets: String,
    done: String,
    mismatches: String,
}

/// `GET /paper`.
pub async fn list(State(door): State<Door>, signed: Signed, ask: Ask) -> Result<Response, Failure> {
    show_list(&door, signed, ask, Wrongs::default(), String::new(), String::new()).await
}

async fn show_list(
    door: &Door,
    signed: Signed,
    ask: Ask,
    wrong: Wrongs,
    name: String,
    sheets: String,
) -> Result<Response, Failure> {
    let now = door.now();
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let book = book(tx, city.id)?;
        let n = |number: usize| digits::grouped(number as i64, ask.lang);
        let mut batches = Vec::new();
        for round in &book.rounds {
            for batch in paper::batches(tx, city.id, round.id)? {
                let typed = paper::sheets(tx, city.id, batch.id)?;
                let of = |state: SheetState| typed.iter().filter(|sheet| sheet.state == state).count();
                batches.push(Line {
                    path: format!("/paper/{}", batch.id),
                    name: batch.name.clone(),
                    when: dates::short_date_time(ask.lang, batch.made_at, &city.zone),
                    sheets: digits::grouped(batch.sheets, ask.lang),
                    done: n(of(SheetState::Cast) + of(SheetState::Refused)),
                    mismatches: n(of(SheetState::Mismatch)),
                });
            }
        }
        let voting = book.rounds.iter().filter(|round| round.is_public && round.allows(Right::Vote, now));
        let is_wrong = !wrong.is_empty();
        let html = render(&List {
            page: here.staff(ask, &signed, w.projects_paper_title()).at("/paper", "").wrong(is_wrong),
            rounds: voting.map(|round| (round.code.clone(), round.name.get(ask.lang).to_owned())).collect(),
            fields: vec![
                Field::line("name", w.projects_paper_name(), &name, &wrong)
                    .hint(w.projects_paper_name_hint()),
                Field::line("sheets", w.projects_paper_sheets(), &sheets, &wrong).ltr(),
            ],
            batches,
            wrong,
        })?;
        Ok(page_of(html, is_wrong))
    })
    .await
}

/// `POST /paper`.
pub async fn begin(
    State(door): State<Door>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, jurisdiction) = (signed.act(&door), signed.jurisdiction);
    let text = |name: &str| form.text(name).trim().to_owned();
    let (round, name, sheets) = (text("round"), text("name"), text("sheets"));
    let count = digits::parse_i64(&sheets).unwrap_or(0);
    let named = name.clone();
    let begun = door
        .db
        .write(move |tx: &mut Tx<'_>| -> Result<i64, ProjectError> {
            let id = book(tx, jurisdiction)?.by_code(&round).ok_or(ProjectError::NotFound)?.id;
            paper::begin(tx, &act, jurisdiction, id, &named, count)
        })
        .await;
    match begun {
        Ok(id) => Ok(to(&ask, &format!("/paper/{id}"))),
        Err(error) => match trouble(&door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => show_list(&door, signed, ask, wrong, name, sheets).await,
        },
    }
}

#[derive(Template)]
#[template(path = "projects/paper-batch.html")]
struct One<'a> {
    page: Page<'a>,
    path: String,
    name: String,
    lead: String,
    fields: Vec<Field>,
    settles: bool,
    both: Option<(Typed, Typed)>,
    sheets: Vec<Sheet>,
    is_open: bool,
    done: Option<&'static str>,
    wrong: Wrongs,
}

struct Sheet {
    number: String,
    state: &'static str,
    mark: &'static str,
    note: &'static str,
    settle: Option<String>,
}

fn state_words(w: words::Words, state: SheetState) -> (&'static str, &'static str) {
    match state {
        SheetState::First => (w.projects_sheet_first(), "waiting"),
        SheetState::Mismatch => (w.projects_sheet_mismatch(), "overdue"),
        SheetState::Cast => (w.projects_sheet_cast(), "answered"),
        SheetState::Refused => (w.projects_sheet_refused(), "declined"),
    }
}

/// `GET /paper/{id}`; `settle` names a sheet on which two disagree.
pub async fn batch(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
) -> Result<Response, Failure> {
    let settle = digits::parse_i64(ask.field("settle"));
    show(&door, id, signed, ask, Wrongs::default(), String::new(), Typed::default(), settle).await
}

async fn show(
    door: &Door,
    id: i64,
    signed: Signed,
    ask: Ask,
    wrong: Wrongs,
    number: String,
    typed: Typed,
    settle: Option<i64>,
) -> Result<Response, Failure> {
    let (act, inner) = (signed.act(door), door.clone());
    ask::answer(door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city());
        let Some(batch) = paper::batch(tx, city.id, id)? else { return Ok(Answer::Missing) };
        let book = book(tx, city.id)?;
        let Some(round) = book.round(batch.round) else { return Ok(Answer::Missing) };
        let me = act.by.account().unwrap_or(0);
        let known = paper::sheets(tx, city.id, id)?;
        let both = match settle {
            Some(sheet) => paper::both(tx, &act, &inner.seal, city.id, id, sheet).unwrap_or(None),
            None => None,
        };
        let sheets = known
            .iter()
            .map(|sheet| {
                let (state, mark) = state_words(w, sheet.state);
                let third = sheet.first_by != me && sheet.second_by != Some(me);
                Sheet {
                    number: digits::plain(sheet.sheet, ask.lang),
                    state,
                    mark,
                    note: if sheet.refused.is_empty() { "" } else { refusal(w, &sheet.refused) },
                    settle: (sheet.state == SheetState::Mismatch && third)
                        .then(|| format!("/paper/{id}?settle={}", sheet.sheet)),
                }
            })
            .collect();
        let number = match (&number, settle) {
            (typed, _) if !typed.is_empty() => typed.clone(),
            (_, Some(sheet)) => digits::plain(sheet, ask.lang),
            _ => next_sheet(&batch, &known, me).map_or(String::new(), |next| digits::plain(next, ask.lang)),
        };
        let is_registry = round.rules.identity == IdentityRule::Registry;
        let person = if is_registry { w.projects_vote_national_id() } else { w.projects_paper_mobile() };
        let mut fields = vec![
            Field::line("sheet", w.projects_paper_sheet(), &number, &wrong).ltr(),
            Field::line("person", person, &typed.person, &wrong).ltr(),
        ];
        if is_registry {
            fields.push(Field::line("birth", w.projects_vote_birth(), &typed.birth, &wrong).ltr());
        }
        fields.push(Field::line("home", w.projects_paper_home(), &typed.home, &wrong).ltr());
        let hint = w.projects_paper_choices_hint();
        fields.push(
            Field::line("choices", w.projects_paper_choices(), &typed.choices, &wrong).ltr().hint(hint),
        );
        let is_wrong = !wrong.is_empty();
        let path = format!("/paper/{id}");
        let html = render(&One {
            page: here.staff(ask, &signed, w.projects_paper_title()).at(&path, "").wrong(is_wrong),
            name: batch.name.clone(),
            lead: w.projects_paper_lead(round.name.get(ask.lang), &digits::grouped(batch.sheets, ask.lang)),
            fields,
            settles: both.is_some(),
            both,
            sheets,
            is_open: round.allows(Right::Vote, act.at),
            done: match ask.field("done") {
                "first" => Some(w.projects_done_sheet_first()),
                "mismatch" => Some(w.projects_done_sheet_mismatch()),
                "cast" => Some(w.projects_done_sheet_cast()),
                "refused" => Some(w.projects_done_sheet_refused()),
                _ => None,
            },
            wrong,
            path: path.clone(),
        })?;
        Ok(page_of(html, is_wrong))
    })
    .await
}

/// The first sheet that this person can still type.
fn next_sheet(batch: &Batch, known: &[paper::Sheet], me: i64) -> Option<i64> {
    (1..=batch.sheets).find(|number| match known.iter().find(|sheet| sheet.sheet == *number) {
        None => true,
        Some(sheet) => sheet.state == SheetState::First && sheet.first_by != me,
    })
}

/// `POST /paper/{id}`.
pub async fn enter(
    State(door): State<Door>,
    Path(id): Path<i64>,
    signed: Signed,
    ask: Ask,
    form: Form,
) -> Result<Response, Failure> {
    let (act, inner, jurisdiction) = (signed.act(&door), door.clone(), signed.jurisdiction);
    let text = |name: &str| form.text(name).trim().to_owned();
    let typed =
        Typed { person: text("person"), birth: text("birth"), home: text("home"), choices: text("choices") };
    let (sheet, theirs) = (text("sheet"), typed.clone());
    let settles = form.text("settle") == "yes";
    let number = digits::parse_i64(&sheet).unwrap_or(0);
    let entered = door
        .db
        .write(move |tx: &mut Tx<'_>| {
            let verb = if settles { paper::settle } else { paper::enter };
            verb(tx, &act, &inner.seal, jurisdiction, id, number, &theirs)
        })
        .await;
    match entered {
        Ok(state) => Ok(to(&ask, &format!("/paper/{id}?done={}", state.code()))),
        Err(error) => match trouble(&door, ask, error).await? {
            (_, Trouble::Answered(response)) => Ok(response),
            (ask, Trouble::Wrong(wrong)) => {
                show(&door, id, signed, ask, wrong, sheet, typed, settles.then_some(number)).await
            }
        },
    }
}
