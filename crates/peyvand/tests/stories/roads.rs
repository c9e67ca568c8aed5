//! Where travel times come from: a map, a matrix, a service, or nothing at all.

#[path = "../../../dispatch/src/roads/tests/pbf.rs"]
mod pbf; // writes extracts

use crate::peyvand::Place;

/// A city without a map of streets yet.
fn city() -> Place {
    Place::with_city("tehran")
}

/// Four crossings around one block.
fn block() -> Vec<u8> {
    let spots = [(1, 35.72, 51.40), (2, 35.72, 51.41), (3, 35.73, 51.41), (4, 35.73, 51.40)];
    let nodes: Vec<pbf::Node> =
        spots.into_iter().map(|(id, lat, long)| pbf::Node { id, lat, long, tags: vec![] }).collect();
    let way = pbf::Way { id: 9, refs: vec![1, 2, 3, 4, 1], tags: vec![("highway", "residential")] };
    pbf::file(&nodes, &[way], true, true)
}

#[test]
fn a_map_is_brought_in_and_found_again() {
    let place = city();
    let said = place.run(&["roads", "show"]);
    assert!(said.out.starts_with("tehran.ir: straight lines\n"), "{said:?}");
    let map = place.write("tehran.osm.pbf", block());
    let said = place.run(&["roads", "import", &map]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.starts_with("1 streets with 4 points, 0 of them not in the file: 4 crossings and 8 arcs"),
        "{}",
        said.out
    );
    assert!(place.run(&["roads", "show"]).out.starts_with("tehran.ir: streets\n"));
    // What was written over is said and not used.
    let kept = place.path("data/roads/tehran.ir.streets");
    let mut bytes = std::fs::read(&kept).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&kept, bytes).unwrap();
    let said = place.run(&["roads", "show"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("damaged"), "{}", said.err);
}

#[test]
fn what_is_no_map_and_no_matrix_is_refused() {
    let place = city();
    let odd = place.write("odd.osm.pbf", "<osm version=\"0.6\"/>");
    let said = place.run(&["roads", "import", &odd]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    let said = place.run(&["roads", "import", "nowhere.osm.pbf"]);
    assert_eq!(said.code, 1);
    let odd = place.write("odd.csv", "from_lat,from_long,to_lat,to_long,seconds\n35,51,36,51,soon\n");
    let said = place.run(&["roads", "matrix", &odd]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("line 2: a number that is none"), "{}", said.err);
    assert!(!place.path("data/roads/tehran.ir.csv").exists());
}

#[test]
fn a_matrix_counts_until_there_is_a_map_and_a_service_before_both() {
    let place = city();
    let rows =
        "from_lat,from_long,to_lat,to_long,seconds\n35.7,51.4,35.8,51.4,900\n35.8,51.4,35.7,51.4,800\n";
    let matrix = place.write("zones.csv", rows);
    let said = place.run(&["roads", "matrix", &matrix, "--jurisdiction", "tehran.ir"]);
    assert!(said.out.starts_with("times between 2 zones"), "{said:?}");
    assert!(place.run(&["roads", "show"]).out.starts_with("tehran.ir: matrix\n"));
    let map = place.write("tehran.osm.pbf", block());
    place.fine(&["roads", "import", &map]);
    assert!(place.run(&["roads", "show"]).out.starts_with("tehran.ir: streets\n"));
    place.write("data/peyvand.toml", "[[roads]]\nservice = \"http://127.0.0.1:1\"\n");
    assert!(place.run(&["roads", "show"]).out.starts_with("tehran.ir: service\n"));
    place.write("data/peyvand.toml", "[[roads]]\nservice = \"ftp://127.0.0.1\"\n");
    let said = place.run(&["roads", "show"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("begins with http:// or https://"), "{}", said.err);
}

#[test]
fn without_trails_nothing_is_learnt() {
    let place = city();
    let said = place.run(&["roads", "learn", "--days", "7"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.starts_with("0 ways in the trails of 7 days\n"), "{}", said.out);
    assert!(said.out.contains("too few, left"));
    assert!(place.run(&["roads", "show"]).out.contains("speeds of the city pack"));
}
