//! Where I am signed in, and signing out there.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use door::{Door, Failure, Signed};
use people::Refusal;
use people::sessions::{self, Assurance};
use words::Words;

use crate::ask::{self, Answer, Ask, NEVER, render};
use crate::page::Page;
use crate::sign_in::{address, go};

#[derive(Template)]
#[template(path = "me/sessions.html")]
struct Sessions<'a> {
    page: Page<'a>,
    open: Vec<Open>,
    done: bool,
}

struct Open {
    path: String,
    browser: String,
    address: String,
    by: &'static str,
    began: String,
    seen: String,
    is_this: bool,
}

/// `GET /me/sessions`.
pub async fn page(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let (act, now) = (signed.act(&door), door.now());
    ask::answer(&door, ask, move |tx, ask, here| {
        let (w, city) = (ask.words(), here.city().id);
        let atlas = territory::atlas(tx, city)?;
        let all = match sessions::list(tx, &act, city, signed.account) {
            Ok(all) => all,
            Err(Refusal::Failure(failure)) => return Err(failure.into()),
            Err(_) => Vec::new(),
        };
        let moment = |at| crate::requests::line::moment(ask.lang, at, now, &atlas);
        let open = all
            .into_iter()
            .map(|one| Open {
                path: format!("/me/sessions/{}", one.id),
                browser: browser(w, &one.agent),
                by: way(w, one.assurance),
                began: moment(one.began_at),
                seen: moment(one.seen_at),
                is_this: one.id == signed.session,
                address: one.address,
            })
            .collect();
        let done = ask.fields.get("done").is_some();
        let page = here.mine(ask, &signed, w.me_sessions_title());
        Ok(Answer::Page(NEVER, render(&Sessions { page, open, done })?))
    })
    .await
}

/// How somebody signed in.
fn way(w: Words, assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Code => w.me_by_code(),
        Assurance::Password => w.me_by_password(),
        Assurance::PasswordTotp => w.me_by_password_totp(),
        Assurance::Passkey => w.me_by_passkey(),
        Assurance::Oidc => w.me_by_oidc(),
    }
}

/// What a browser says it is, in two words that its owner knows it by.
pub fn browser(w: Words, agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    // The order matters: every browser names its ancestors too.
    let name = first(&[
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => format!("{name} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => w.common_unknown().to_owned(),
    }
}

/// `POST /me/sessions/{id}`: ends one of mine. Another's is not there.
pub async fn end(
    State(door): State<Door>,
    Path(id): Path<String>,
    ask: Ask,
    signed: Signed,
) -> Result<Response, Failure> {
    let (act, city, account) = (signed.act(&door), signed.jurisdiction, signed.account);
    let id = id.parse::<i64>().unwrap_or(0);
    let ended = door
        .db
        .write(move |tx| -> Result<bool, Refusal> {
            // Whoever looks after others ends their sessions on another page; here everything is one's own.
            if sessions::list(tx, &act, city, account)?.iter().all(|one| one.id != id) {
                return Ok(false);
            }
            sessions::revoke(tx, &act, city, id).map(|()| true)
        })
        .await;
    match ended {
        Ok(true) => Ok(go(&address(&ask, "/me/sessions?done=1"))),
        Ok(false) => ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await,
        Err(Refusal::Failure(failure)) => Err(failure.into()),
        Err(_) => ask::answer(&door, ask, |_, _, _| Ok(Answer::Missing)).await,
    }
}

/// `POST /me/sessions/others`.
pub async fn end_others(State(door): State<Door>, ask: Ask, signed: Signed) -> Result<Response, Failure> {
    let (act, city, account, keep) = (signed.act(&door), signed.jurisdiction, signed.account, signed.session);
    let ended = door.db.write(move |tx| sessions::revoke_all(tx, &act, city, account, Some(keep))).await;
    match ended {
        Err(Refusal::Failure(failure)) => Err(failure.into()),
        _ => Ok(go(&address(&ask, "/me/sessions?done=1"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_name() {
        let w = Words(words::Lang::En);
        let check = |agent: &str, expected: &str| assert_eq!(browser(w, agent), expected);
        check(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
            "Chrome · Linux",
        );
        check(
            "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome · Android",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
            "Safari · iPhone",
        );
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox · Windows",
        );
        check("curl/8.5.0", "Unknown");
        check("", "Unknown");
    }
}
