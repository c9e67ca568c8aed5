//! A round is counted on its desk; citizens read why, and anybody counts again.

use people::Role;
use projects::ballots::identity::{Claim, Listed, prove};
use projects::ballots::{self, Casting, Channel, Choice};
use projects::{Phase, book};

use super::city::City;

#[tokio::test]
async fn a_round_is_counted_on_its_desk_and_every_project_says_why() {
    let city = City::new();
    let round = city.round(Phase::Tally, |_| {});
    let codes = city.ballot(round);
    for person in 1..=9_i64 {
        let seal = city.door.seal.clone();
        city.led(
            move |tx, act, id| {
                let known = book(tx, id)?;
                let shown = known.round(round).ok_or(projects::ProjectError::NotFound)?;
                let mobile = format!("+98912000{person:04}");
                let claim = Claim { mobile: Some(&mobile), ..Claim::default() };
                let today = act.at.day(&calendar::Zone::utc());
                let identity = prove(tx, &Listed { seal: &seal }, id, shown, Channel::Web, &claim, today)?;
                let numbers: &[i64] = if person <= 5 { &[1, 4] } else { &[2] };
                let casting = Casting {
                    round,
                    identity,
                    home: shown.pot_numbered(1).map(|pot| pot.id),
                    choices: numbers.iter().map(|number| Choice::of(*number)).collect(),
                    channel: Channel::Web,
                    assistant: None,
                };
                ballots::cast(tx, act, &seal, id, &casting).map(|_| ())
            },
            -14,
        );
    }
    city.get("/rounds/1405/bundle.json").await.is(404);
    let mut manager = city.somebody(Role::RoundManager);
    manager.post("/rounds/1405/count", &[]).await.is(422);
    manager.get("/rounds/1405/report").await.is(422);
    let opened = manager.post("/rounds/1405/open-box", &[]).await;
    manager.follow(opened).await.is(200).sees("بشمار");
    for lang in ["", "/en"] {
        manager.get(&format!("{lang}/rounds/1405/report")).await.is(200);
    }
    let counted = manager.post("/rounds/1405/count", &[]).await;
    manager.follow(counted).await.is(200).sees("شمارش انجام شد").misses("برگه‌ها با قاعدهٔ منتشرشده");
    manager.post("/rounds/1405/count", &[]).await.is(422).sees("این دوره شمرده شده است");
    city.get(&format!("/projects/{}", codes[0]))
        .await
        .is(200)
        .sees("چرا برنده شد")
        .sees("سهم همه از پول یکسان بود")
        .sees("۵ نفر آن را خواستند");
    city.get(&format!("/en/projects/{}", codes[0])).await.is(200).sees("Why it won");
    // What the line was told of the place stands beside the project.
    city.get(&format!("/projects/{}", codes[1])).await.is(200).misses("از ۱۵۰ متری این‌جا رسید");
    city.submit(&city.draft("street-sweeping"));
    city.get(&format!("/projects/{}", codes[1])).await.is(200).sees("از ۱۵۰ متری این‌جا رسید");
    city.get(&format!("/en/projects/{}", codes[1])).await.is(200).sees("within 150 metres of here");
    city.get(&format!("/projects/{}", codes[2])).await.is(200).sees("هیچ‌کس آن را انتخاب نکرد");
    city.get("/rounds/1405").await.is(200).sees("خودتان دوباره بشمارید");
    let bundle = city.get("/rounds/1405/bundle.json").await.is(200);
    let about: serde_json::Value = serde_json::from_str(&bundle.html).unwrap();
    assert_eq!(about["pots"].as_array().unwrap().len(), 3);
    let file = about["pots"][1]["file"].as_str().unwrap();
    let ballots = city.get(&format!("/rounds/1405/bundle/{file}")).await.is(200);
    assert!(ballots.html.starts_with("META\n") && ballots.html.contains("num_votes;9"), "{}", ballots.html);
    city.get("/rounds/1405/bundle/../../etc").await.is(404);
    city.get("/rounds/1405/bundle/none.pb").await.is(404);
    let open = city.get("/rounds/1405/oc4ids.json").await.is(200);
    let open: serde_json::Value = serde_json::from_str(&open.html).unwrap();
    assert_eq!(open["projects"].as_array().unwrap().len(), 4);
    let mut citizen = city.somebody(Role::Interviewer);
    assert_eq!(citizen.post("/rounds/1405/count", &[]).await.status.as_u16(), 403);
}
