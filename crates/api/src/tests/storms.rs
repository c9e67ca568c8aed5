//! What the telephone exchange is told while a storm lasts.

use people::Actor;
use requests::storm;

use super::{SIMPLE, in_the_city};

#[test]
fn a_calm_day_is_an_empty_list_and_a_storm_says_what_to_do() {
    in_the_city(async |city| {
        assert_eq!(city.read("/api/v1/storm").await, serde_json::json!([]));
        let (act, id) = (city.door.act(Actor::System("test")), city.id);
        let begun = city.door.db.write(move |tx| storm::begin(tx, &act, id, None, None)).await;
        let storm = begun.map_err(|e| e.to_string()).unwrap();
        let told = city.read("/api/v1/storm").await;
        let one = &told[0];
        assert!(one.get("district").is_none() && one["since"].as_str().unwrap().ends_with('Z'), "{told}");
        assert!(one["phone"]["fa"].as_str().unwrap().contains("توفان"), "{told}");
        assert!(one["wait"].as_array().unwrap().iter().any(|s| s == SIMPLE), "{told}");
        assert_eq!((one["shift_hours"].as_i64(), one["simple_intake"].as_bool()), (Some(48), Some(true)));
        let (act, id) = (city.door.act(Actor::System("test")), city.id);
        let ended = city.door.db.write(move |tx| storm::end(tx, &act, id, storm.id)).await;
        assert!(ended.is_ok());
        assert_eq!(city.read("/api/v1/storm").await, serde_json::json!([]));
        assert_eq!(city.get("/api/v1/storm?jurisdiction=nowhere").await.status, 404);
    });
}
