//! Looking after people: inviting, roles, first passwords; and whose people somebody looks after.

use language::Lang;
use people::accounts::Offer;
use people::sessions::Assurance;
use people::{MemberState, Role, accounts};

use super::browser::PASSWORD;
use super::city::City;

#[tokio::test]
async fn an_administrator_invites_a_colleague_who_comes_in() {
    for lang in Lang::ALL {
        let at = |path: &str| door::lang::path(lang, path);
        let city = City::new();
        let mut admin = city.somebody(Role::Administrator);
        let unit = city.first_unit().to_string();
        admin.get(&at("/people")).await.is(200);
        let form = admin.get(&at("/people/new")).await.is(200);
        assert!(form.html.contains("<select id=\"role\""));
        let fields =
            [("name", "زهرا احمدی"), ("sign-name", "z.ahmadi"), ("role", "unit-member"), ("unit", &unit)];
        // Nothing typed is lost when something is wrong.
        let wrong = [fields[0], ("sign-name", "زهرا"), fields[2], fields[3]];
        let page = admin.post(&at("/people/new"), &wrong).await.is(422);
        assert!(page.html.contains("value=\"زهرا احمدی\"") && page.html.contains("id=\"sign-name-error\""));
        admin.post(&at("/people/new"), &fields[..2]).await.is(422);
        let shown = admin.post(&at("/people/new"), &fields).await.is(200);
        assert!(shown.headers["cache-control"].to_str().unwrap().contains("private"));
        let (_, rest) = shown.html.split_once("id=\"first-password\">").unwrap();
        let first = rest.split_once("</bdi>").unwrap().0.to_owned();
        admin.post(&at("/people/new"), &fields).await.is(422);

        let mut zahra = city.browser();
        zahra.post(&at("/sign-in/staff"), &[("name", "z.ahmadi"), ("password", &first)]).await.is(303);
        zahra.post(&at("/sign-in/new-password"), &[("new-password", "سه ماهی در رود کارون")]).await.is(303);
        let list = admin.get(&at("/people?q=ahmadi")).await.is(200).sees("زهرا احمدی");
        assert!(!list.html.contains("data-state=\"invited\""), "she came, so she accepted");
    }
}

#[tokio::test]
async fn a_manager_sees_and_touches_the_people_of_the_own_unit_only() {
    let city = City::new();
    let units = city.units();
    let manager = city.member("manager", Offer::unit(Role::UnitManager, units[0]));
    let mine = city.member("mine", Offer::unit(Role::UnitMember, units[0]));
    let foreign = city.member("foreign", Offer::unit(Role::UnitMember, units[1]));
    let above = city.member("above", Offer::city(Role::Supervisor));
    let both = city.member("both", Offer::unit(Role::UnitMember, units[0]));
    let (act, id) = (city.act_of_house(), city.id);
    let given = city.door.db.write_blocking(move |tx| -> storage::Result<()> {
        accounts::give(tx, &act, id, both, &Offer::unit(Role::UnitMember, units[1])).unwrap();
        Ok(())
    });
    given.unwrap();
    let mut browser = city.signed_in(manager, Assurance::PasswordTotp);
    let list = browser.get("/people").await.is(200).sees("همکار mine").text();
    assert!(!list.contains("همکار foreign") && !list.contains("همکار above"));
    browser.get(&format!("/people/{mine}")).await.is(200);
    let unit = city.units()[0].to_string();
    for other in [foreign, above] {
        browser.get(&format!("/people/{other}")).await.is(404);
        for verb in ["roles", "password", "account", "second", "sessions"] {
            let fields = [("role", "unit-member"), ("unit", unit.as_str()), ("suspended", "yes")];
            let seen = browser.post(&format!("/people/{other}/{verb}"), &fields).await;
            assert_eq!(seen.status.as_u16(), 404, "{verb}");
        }
    }
    // Somebody who also works elsewhere is seen, and not shut out by one of two managers.
    browser.get(&format!("/people/{both}")).await.is(200);
    browser.post(&format!("/people/{both}/account"), &[("suspended", "yes")]).await.is(422);
    browser.post(&format!("/people/{both}/password"), &[]).await.is(422);
    // Roles above the own, and roles of the city, are not theirs to give.
    for role in ["supervisor", "administrator", "operator"] {
        let fields = [("role", role), ("scope", "city")];
        browser.post(&format!("/people/{mine}/roles"), &fields).await.is(422);
    }
    browser.post(&format!("/people/{mine}/account"), &[("suspended", "yes")]).await.is(303);
    let mut gone = city.browser();
    gone.post("/sign-in/staff", &[("name", "mine"), ("password", PASSWORD)]).await.is(422);
}

#[tokio::test]
async fn a_membership_is_reached_only_under_its_own_person() {
    let city = City::new();
    let unit = city.first_unit();
    let (a, b) = (
        city.member("a-person", Offer::unit(Role::UnitMember, unit)),
        city.member("b-person", Offer::city(Role::Supervisor)),
    );
    let id = city.id;
    let of_b = city.door.db.read_blocking(move |tx| accounts::memberships(tx, id, b)).unwrap()[0].id;
    let mut admin = city.somebody(Role::Administrator);
    admin.post(&format!("/people/{a}/roles/{of_b}"), &[("state", "ended")]).await.is(422);
    let state = |city: &City| {
        city.door.db.read_blocking(move |tx| accounts::memberships(tx, id, b)).unwrap()[0].state
    };
    assert_eq!(state(&city), MemberState::Active);
    admin.post(&format!("/people/{b}/roles/{of_b}"), &[("state", "suspended")]).await.is(303);
    assert_eq!(state(&city), MemberState::Suspended);
    admin.post(&format!("/people/{b}/roles/{of_b}"), &[("state", "active")]).await.is(303);
    admin.post(&format!("/people/{b}/roles/{of_b}"), &[("state", "nonsense")]).await.is(422);
    admin.post(&format!("/people/{b}/roles/{of_b}"), &[("state", "ended")]).await.is(303);
    admin.post(&format!("/people/{b}/roles/{of_b}"), &[("state", "active")]).await.is(422);
}

#[tokio::test]
async fn the_last_administrator_stays_and_nobody_shuts_themselves_out() {
    let city = City::new();
    let one = city.member("one", Offer::city(Role::Administrator));
    let mut admin = city.signed_in(one, Assurance::PasswordTotp);
    for verb in ["account", "password", "second", "sessions", "roles"] {
        let fields = [("suspended", "yes"), ("role", "supervisor"), ("scope", "city")];
        admin.post(&format!("/people/{one}/{verb}"), &fields).await.is(422).sees("برای حساب خودتان");
    }
    let two = city.member("two", Offer::city(Role::Administrator));
    let mut other = city.signed_in(two, Assurance::PasswordTotp);
    other.post(&format!("/people/{one}/account"), &[("suspended", "yes")]).await.is(303);
    admin.get("/people").await.is(303);
    other.get(&format!("/people/{one}")).await.is(200).sees("حساب بسته است").sees("حساب بسته شد");
}

#[tokio::test]
async fn a_lost_telephone_is_mended_by_whoever_looks_after_its_owner() {
    let city = City::new();
    let sara = city.member("sara", Offer::city(Role::Operator));
    let mut hers = city.signed_in(sara, Assurance::PasswordTotp);
    let mut admin = city.somebody(Role::Administrator);
    let shown = admin.post(&format!("/people/{sara}/password"), &[]).await.is(200);
    assert!(shown.html.contains("id=\"first-password\""));
    hers.get("/me").await.is(303);
    admin.post(&format!("/people/{sara}/second"), &[]).await.is(303);
    admin.get(&format!("/people/{sara}")).await.is(200).sees("هنوز گام دوم ندارد").sees("رمز نخست داده شد");
}

#[tokio::test]
async fn what_people_are_called_is_text_and_never_markup() {
    let city = City::new();
    let mut admin = city.somebody(Role::Administrator);
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let unit = city.first_unit().to_string();
    let fields = [("name", evil), ("sign-name", "evil"), ("role", "unit-member"), ("unit", unit.as_str())];
    admin.post("/people/new", &fields).await.is(200).misses("<img src=x").misses("<script>alert");
    admin.get("/people").await.is(200).misses("<img src=x").misses("<script>alert");
    let page = admin.get(&format!("/people?q={}", "%3Cscript%3Ealert(1)")).await.is(200);
    page.misses("<script>alert");
}
