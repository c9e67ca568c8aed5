//! What people texted, and what it was taken for.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calendar::words as dates;
use door::{Door, Failure, Signed};
use language::digits;
use notices::board;
use requests::RequestId;

use super::{refused, said};
use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;

#[derive(Template)]
#[template(path = "notices/inbox.html")]
struct Inbox<'a> {
    page: Page<'a>,
    tab: &'static str,
    texts: Vec<Text>,
}

struct Text {
    when: String,
    from: String,
    text: String,
    understood: String,
    /// The request that it is about: its page and its code.
    request: Option<(String, String)>,
    gateway: String,
}

/// `GET /notices/inbox`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let act = signed.act(&door);
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, lang, city) = (ask.words(), ask.lang, here.city());
        let received = match board::received(tx, &act, city.id) {
            Ok(received) => received,
            Err(error) => return refused(error, ask, here),
        };
        let mut ids: Vec<RequestId> =
            received.iter().filter_map(|text| text.request).map(RequestId).collect();
        ids.sort_unstable();
        ids.dedup();
        let requests = requests::find::by_ids(tx, city.id, &ids)?;
        let texts = received.into_iter().map(|text| Text {
            when: dates::short_date_time(lang, text.at, &city.zone),
            from: digits::shown(&text.from, lang),
            understood: said(w, "notices-understood-", &text.understood),
            request: text
                .request
                .and_then(|id| requests.iter().find(|request| request.id.0 == id))
                .map(|request| (format!("/requests/{}", request.code), request.code.for_people(lang))),
            text: text.text,
            gateway: text.gateway,
        });
        let texts = texts.collect();
        let page = here.staff(ask, &signed, w.notices_title());
        Ok(Answer::Page(NEVER, render(&Inbox { page, tab: "inbox", texts })?))
    })
    .await
}
