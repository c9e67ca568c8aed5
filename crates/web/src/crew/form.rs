//! The page's forms without script: each becomes the same items that a telephone's queue sends.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use dispatch::CrewStatus;
use dispatch::field::{Clock, Item, Outcome, What};
use door::{Door, Failure, Form, Signed};
use language::digits;
use people::Act;

use super::page::{self, Typed};
use super::{photos, sync, words_of};
use crate::ask::{Ask, Here};

/// The name of the device that forms come from.
const DEVICE: &str = "page-form";

/// `POST /crew/shift`: begin, end, consent, a state by hand.
pub async fn shift(
    State(door): State<Door>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let what = match form.text("do") {
        "begin" => What::ShiftBegin { consent: form.get("consent").is_some() },
        "end" => What::ShiftEnd { words: form.text("words").to_owned() },
        "consent" => What::Consent { given: form.text("given") == "yes" },
        status => match CrewStatus::parse(status) {
            Some(status) => What::Status { status },
            None => return refuse(&door, ask, signed, &form, "", "item-content").await,
        },
    };
    let mut sheet = Sheet::new(&door, &signed, &form, None);
    match sheet.take(&door, "shift", what).await? {
        None => go(&door, ask, "").await,
        Some(code) => refuse(&door, ask, signed, &form, "", &code).await,
    }
}

/// `POST /crew/stops/{code}`: everything about one stop.
pub async fn stop(
    State(door): State<Door>,
    Path(code): Path<String>,
    ask: Ask,
    signed: Signed,
    form: Form,
) -> Result<Response, Failure> {
    let mut sheet = Sheet::new(&door, &signed, &form, Some(code.clone()));
    let mut items: Vec<(String, What)> = Vec::new();
    let wish = form.text("do");
    match wish {
        "on-the-way" => items.push(("step".into(), What::OnTheWay)),
        "on-site" => items.push(("step".into(), What::OnSite)),
        "not-done" => {
            let (reason, words) = (form.text("reason").to_owned(), form.text("words").to_owned());
            items.push(("step".into(), What::NotDone { reason, words }));
        }
        "keep" | "done" => {
            let pictures = match photos::of_form(&door, &ask, &form).await {
                Ok(Ok(pictures)) => pictures,
                Ok(Err(sentence)) => return refuse_with(&door, ask, signed, &form, &code, sentence).await,
                Err(answer) => return Ok(answer),
            };
            for (n, (stage, photo)) in pictures.into_iter().enumerate() {
                let what = What::Photo { stage, file: Some(photo.text()) };
                items.push((format!("photo-{n}"), what));
            }
            match brought(&form) {
                Ok(more) => items.extend(more),
                Err(wrong) => return refuse(&door, ask, signed, &form, &code, wrong).await,
            }
            if wish == "done" {
                let words = form.text("words").to_owned();
                items.push(("step".into(), What::Done { words, photos: 0 }));
            }
        }
        _ => return refuse(&door, ask, signed, &form, &code, "item-content").await,
    }
    for (name, what) in items {
        if let Some(wrong) = sheet.take(&door, &name, what).await? {
            return refuse(&door, ask, signed, &form, &code, &wrong).await;
        }
    }
    go(&door, ask, &code).await
}

/// Ticks, materials, quantities and words of a form.
fn brought(form: &Form) -> Result<Vec<(String, What)>, &'static str> {
    let mut items = Vec::new();
    let was: Vec<&str> = form.all("was").collect();
    let ticked: Vec<&str> = form.all("check").collect();
    for code in &ticked {
        if !was.contains(code) {
            items.push((format!("tick-{code}"), What::Check { code: (*code).to_owned(), ticked: true }));
        }
    }
    for code in was.iter().filter(|code| !ticked.contains(code)) {
        items.push((format!("tick-{code}"), What::Check { code: (*code).to_owned(), ticked: false }));
    }
    for (code, typed) in form.bracketed("material") {
        if let Some(amount) = amount(typed)? {
            items.push((format!("material-{code}"), What::Material { code: code.to_owned(), amount }));
        }
    }
    if let (code, Some(amount)) = (form.text("other"), amount(form.text("other-amount"))?)
        && !code.is_empty()
    {
        items.push((format!("material-{code}"), What::Material { code: code.to_owned(), amount }));
    }
    for (code, typed) in form.bracketed("quantity") {
        if let Some(amount) = amount(typed)? {
            items.push((format!("quantity-{code}"), What::Quantity { code: code.to_owned(), amount }));
        }
    }
    if !form.text("note").trim().is_empty() {
        items.push(("note".into(), What::Note { words: form.text("note").to_owned() }));
    }
    Ok(items)
}

/// A number as people type it: Persian digits, a comma or a Persian decimal sign. Nothing typed is nothing.
fn amount(typed: &str) -> Result<Option<f64>, &'static str> {
    let plain = digits::to_ascii(typed.trim()).replace(['٫', ','], ".");
    if plain.is_empty() {
        return Ok(None);
    }
    match plain.parse::<f64>() {
        Ok(amount) if amount.is_finite() && amount >= 0.0 => Ok(Some(amount)),
        _ => Err("evidence-amount-wrong"),
    }
}

/// One form on its way to becoming items.
struct Sheet {
    act: Act,
    city: i64,
    nonce: String,
    order: Option<String>,
    sequence: i64,
}

impl Sheet {
    fn new(door: &Door, signed: &Signed, form: &Form, order: Option<String>) -> Sheet {
        let act = signed.act(door);
        let is_plain = |c: &char| c.is_ascii_alphanumeric();
        let nonce: String = form.text("nonce").chars().filter(is_plain).take(32).collect();
        // Without a name from the page a form cannot be told from one that is sent again; it is taken as new.
        let nonce = if nonce.len() < 8 { format!("{:016x}", door.dice.number()) } else { nonce };
        Sheet { sequence: act.at.0, act, city: signed.jurisdiction, nonce, order }
    }

    /// Takes one thing in; the code says why it was not.
    async fn take(&mut self, door: &Door, name: &str, what: What) -> Result<Option<String>, Failure> {
        let short: String =
            name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(24).collect();
        let item = Item {
            id: format!("{}-{short}", self.nonce),
            sequence: self.sequence,
            at: self.act.at,
            order: self.order.clone(),
            what,
        };
        self.sequence += 1;
        let clock = Clock { ahead: 0, is_steady: true };
        let taken = sync::one(door, &self.act, self.city, DEVICE, clock, item).await?;
        let outcome = taken.first.unwrap_or(taken.outcome);
        Ok((outcome != Outcome::Accepted).then_some(taken.code))
    }
}

async fn refuse(
    door: &Door,
    ask: Ask,
    signed: Signed,
    form: &Form,
    stop: &str,
    code: &str,
) -> Result<Response, Failure> {
    let sentence = words_of::code(ask.words(), code).to_owned();
    refuse_with(door, ask, signed, form, stop, sentence).await
}

async fn refuse_with(
    door: &Door,
    ask: Ask,
    signed: Signed,
    form: &Form,
    stop: &str,
    sentence: String,
) -> Result<Response, Failure> {
    let typed = Typed {
        stop: stop.to_owned(),
        sentence,
        words: form.text("words").to_owned(),
        note: form.text("note").to_owned(),
        reason: form.text("reason").to_owned(),
        ticked: form.all("check").map(String::from).collect(),
    };
    // The page stands at its own address, wherever the form was sent to.
    let ask = Ask { path: "/crew".into(), ..ask };
    page::refused(door, ask, signed, typed).await
}

/// Back to the page, at the stop that was worked on.
async fn go(door: &Door, ask: Ask, stop: &str) -> Result<Response, Failure> {
    let to =
        if stop.is_empty() { "/crew?done=yes".to_owned() } else { format!("/crew?done=yes#stop-{stop}") };
    let address = door
        .db
        .read(move |tx| -> Result<_, Failure> {
            Ok(Here::find(tx, &ask)?.map(|here| here.page(&ask, "").url(&to).to_string()))
        })
        .await?;
    Ok(Redirect::to(address.as_deref().unwrap_or("/crew")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (typed, expected) in [
            ("", Ok(None)),
            ("  ", Ok(None)),
            ("۱۲٫۵", Ok(Some(12.5))),
            ("3,5", Ok(Some(3.5))),
            ("0", Ok(Some(0.0))),
            ("-1", Err("evidence-amount-wrong")),
            ("دو", Err("evidence-amount-wrong")),
            ("NaN", Err("evidence-amount-wrong")),
            ("inf", Err("evidence-amount-wrong")),
        ] {
            assert_eq!(amount(typed), expected, "{typed}");
        }
    }
}
