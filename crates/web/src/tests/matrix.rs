//! Every page as every role: who is let in, who is sent to sign in, who is refused; and that what belongs to another
//! city or to somebody else is not there. The list is the one that the pages are made from, so a new page is in it.

use door::Needs;
use http::Method;
use people::sessions::Assurance;
use people::{Permission, Role};

use super::browser::Browser;
use super::city::City;

/// Numbers that nothing of this city has.
const NOTHING: &str = "4611686018427387904";

/// An address of a row, with numbers and codes of nothing.
fn address(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { NOTHING } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

async fn asked(browser: &mut Browser<'_>, method: &Method, path: &str) -> (u16, String) {
    browser.status(method, path).await
}

#[tokio::test]
async fn nobody_is_let_in_without_signing_in() {
    let city = City::new();
    let rows = crate::matrix();
    assert!(rows.iter().filter(|row| row.needs != Needs::Anyone).count() > 20);
    for row in rows.iter().filter(|row| row.needs != Needs::Anyone) {
        for lang in ["", "/en"] {
            let mut browser = city.browser();
            let path = format!("{lang}{}", address(row.path));
            let (status, to) = asked(&mut browser, &row.method, &path).await;
            // Routes without words are there once.
            if status == 404 && lang == "/en" {
                continue;
            }
            assert_eq!(status, 303, "{} {path}", row.method);
            assert!(to.starts_with(&format!("{lang}/sign-in")), "{} {path} leads to {to}", row.method);
            // A session that is none is nobody's either.
            browser.cookies.insert("peyvand".into(), "f".repeat(64));
            assert_eq!(asked(&mut browser, &row.method, &path).await.0, 303, "{} {path}", row.method);
        }
    }
}

#[tokio::test]
async fn every_role_opens_what_the_table_says_and_nothing_else() {
    let city = City::new();
    let rows = crate::matrix();
    let mut asked_for = 0;
    for role in Role::STAFF {
        for row in rows.iter().filter(|row| row.needs != Needs::Anyone) {
            // Each gets a session of its own: some forms end the one they come from.
            let mut browser = city.somebody_once(role);
            let path = address(row.path);
            let (status, to) = asked(&mut browser, &row.method, &path).await;
            let what = format!("{role:?} {} {path}: {status} {to}", row.method);
            let may = match row.needs {
                Needs::May(permission) => {
                    people::permissions::scope(role, permission).is_some()
                        || people::permissions::scope(Role::Citizen, permission).is_some()
                }
                _ => true,
            };
            if may {
                assert!(status != 403 || row.path.contains('{') || row.method == Method::POST, "{what}");
                assert!(!to.contains("/sign-in?"), "{what}");
                assert!(status < 500, "{what}");
                // What is not there is not there, and nobody is told more.
                if row.path.contains('{') {
                    assert!([200, 303, 400, 403, 404, 409, 422].contains(&status), "{what}");
                }
            } else {
                assert_eq!(status, 403, "{what}");
            }
            asked_for += 1;
        }
    }
    assert!(asked_for > 150, "{asked_for}");
}

#[tokio::test]
async fn a_citizen_with_an_account_enters_no_page_of_staff() {
    let city = City::new();
    let account = city.citizen("09121234567");
    for row in crate::matrix() {
        let Needs::May(permission) = row.needs else { continue };
        if people::permissions::scope(Role::Citizen, permission).is_some() {
            continue;
        }
        let mut browser = city.signed_in(account, Assurance::Code);
        let path = address(row.path);
        assert_eq!(asked(&mut browser, &row.method, &path).await.0, 403, "{} {path}", row.method);
    }
}

#[tokio::test]
async fn a_session_of_one_city_opens_nothing_in_another() {
    let city = City::new();
    for row in crate::matrix().iter().filter(|row| row.needs != Needs::Anyone) {
        let mut browser = city.somebody_once(Role::Administrator);
        let path = format!("{}?city=shiraz.ir", address(row.path));
        let (status, to) = asked(&mut browser, &row.method, &path).await;
        assert_eq!(status, 303, "{} {path}", row.method);
        assert!(to.starts_with("/sign-in?city=shiraz.ir"), "{} {path} leads to {to}", row.method);
    }
}

#[tokio::test]
async fn a_role_that_is_taken_away_is_gone_at_the_next_click() {
    let city = City::new();
    let account = city.member("sara", people::accounts::Offer::city(Role::Administrator));
    city.member("mina", people::accounts::Offer::city(Role::Administrator));
    let mut browser = city.signed_in(account, Assurance::PasswordTotp);
    browser.get("/people").await.is(200);
    let (act, id) = (city.door.act(people::Actor::System("test")), city.id);
    let suspend = act.clone();
    city.door
        .db
        .write_blocking(move |tx| -> storage::Result<()> {
            let membership = people::accounts::memberships(tx, id, account)?[0].id;
            people::accounts::set_state(tx, &suspend, id, membership, people::MemberState::Suspended)
                .unwrap();
            Ok(())
        })
        .unwrap();
    browser.get("/people").await.is(403);
    browser.get("/me").await.is(200);
    city.door
        .db
        .write_blocking(move |tx| -> storage::Result<()> {
            people::accounts::suspend(tx, &act, id, account, true).unwrap();
            Ok(())
        })
        .unwrap();
    browser.get("/me").await.is(303);
}

#[tokio::test]
async fn who_was_refused_is_on_record() {
    let city = City::new();
    let mut browser = city.somebody_once(Role::Operator);
    browser.get("/people").await.is(403).sees("در اختیار شما نیست");
    let id = city.id;
    let facts = city.door.db.read_blocking(move |tx| storage::journal::after(tx, id, 0, 10_000)).unwrap();
    let refused: Vec<_> = facts.iter().filter(|fact| fact.fact == "access-denied").collect();
    assert_eq!(refused.len(), 1);
    assert!(
        refused[0].payload.contains(Permission::ManagePeople.code())
            && refused[0].payload.contains("/people")
    );
    assert!(!refused[0].payload.contains("همکار"));
}

#[tokio::test]
async fn a_request_of_a_foreign_city_is_opened_by_no_role_of_this_one() {
    let city = City::new();
    let cities = city.door.db.read_blocking(territory::cities).unwrap();
    let foreign_city = cities.iter().find(|one| one.id != city.id).unwrap().id;
    let mut draft = requests::Draft::new(foreign_city, requests::Channel::Web, language::Lang::Fa);
    draft.service_code = "street-light".into();
    draft.words = "چراغ کوچه خاموش است.".into();
    draft.place =
        requests::PlaceDraft {
            point: None, division: None, address: "خیابان زند، کوچهٔ سوم".into()
        };
    draft.answers = city
        .door
        .db
        .read_blocking(move |tx| -> storage::Result<_> {
            let catalogue = requests::catalogue(tx, foreign_city)?;
            let questions = &catalogue.by_code("street-light").unwrap().about.attributes;
            let first =
                |q: &requests::service::Attribute| q.values.first().map_or("1".into(), |v| v.key.clone());
            Ok(questions.iter().filter(|q| q.required).map(|q| (q.code.clone(), vec![first(q)])).collect())
        })
        .unwrap();
    let code = city.submit(&draft).code.to_string();
    let mut tried = 0;
    for role in Role::STAFF {
        for row in
            crate::matrix().iter().filter(|row| row.needs != Needs::Anyone && row.path.contains("{code}"))
        {
            let mut browser = city.somebody_once(role);
            let path = row.path.replace("{code}", &code);
            let path = path.split('/').map(|part| if part.starts_with('{') { NOTHING } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let (status, to) = asked(&mut browser, &row.method, &path).await;
            let is_shut = [400, 403, 404, 422].contains(&status) || (status == 303 && !to.contains("done"));
            assert!(is_shut, "{role:?} {} {path}: {status} {to}", row.method);
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried}");
}
