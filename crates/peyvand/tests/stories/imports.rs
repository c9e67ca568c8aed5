//! Tables of requests: good rows are kept, bad ones are named, nothing is lost, everything can be repeated.

use crate::peyvand::{Place, shown};

const MAP: &str = r#"
jurisdiction = "chicago"
[columns]
external_id = "id"
requested_at = "opened"
closed_at = "closed"
status = "state"
lat = "lat"
long = "lon"
district = "ward"
service = ["type"]
description = ["words"]
unit = "dept"
[time]
formats = ["%Y-%m-%d %H:%M", "%Y-%m-%d"]
[service]
create = true
tidy_capitals = true
group = "other"
[district]
strip = "Ward "
[unit]
create = true
[status]
values = { "open" = "received", "done" = "closed" }
[bad]
earliest = "2000-01-01"
bounds = [-87.95, 41.63, -87.51, 42.04]
outside = "keep_without_place"
closes_before_open = "keep_without_close"
"#;

const TABLE: &str = "\
id,opened,closed,state,lat,lon,ward,type,words,dept
1,2014-05-01 10:00,2014-05-03 09:00,done,41.88,-87.63,Ward 42,SWARM ON A LAMP POST,\"deep, and wide\",CDOT
2,2014-05-02,,open,,,Ward 1,Bees,a swarm,CDOT
2,2014-05-02,,open,,,Ward 1,Bees,again,CDOT
,2014-05-02,,open,,,Ward 1,Bees,no id,CDOT
4,,,open,,,Ward 1,Bees,no date,CDOT
5,yesterday,,open,,,Ward 1,Bees,odd date,CDOT
6,1999-12-31,,open,,,Ward 1,Bees,old,CDOT
7,2999-01-01,,open,,,Ward 1,Bees,early,CDOT
8,2014-05-02,,open,,,Ward 1,,no service,CDOT
9,2014-05-02,,lost,,,Ward 1,Bees,odd state,CDOT
10,2014-05-02,,open,95.0,-87.6,Ward 1,Bees,beyond the pole,CDOT
11,2014-05-02,,open,0,0,Ward 1,Bees,null island,CDOT
12,2014-05-02,,open,35.7,51.4,Ward 1,Bees,in another city,CDOT
13,2014-05-02,2014-05-01,done,,,Ward 99,Bees,closed before it opened,CDOT
14,2014-05-02,,open
15,2014-05-02,,open,41.88,-87.63,Ward 42,Bees,fine,
";

fn import(place: &Place, file: &str, map: &str) -> crate::peyvand::Said {
    place.run(&[
        "import",
        "requests",
        file,
        "-j",
        "chicago",
        "--map",
        map,
        "--rejects",
        &shown(&place.path("rejects.csv")),
    ])
}

fn count(place: &Place) -> usize {
    place.fine(&["export", "requests", "-j", "chicago", "--format", "jsonl"]).lines().count()
}

#[test]
fn every_row_is_kept_or_named_with_its_reason() {
    let place = Place::with_city("chicago");
    let (file, map) = (place.write("t.csv", TABLE), place.write("map.toml", MAP));
    let said = import(&place, &file, &map);
    assert_eq!(said.code, 3, "{said:?}");
    assert!(said.out.contains("16 rows read") && said.out.contains("5 imported"), "{}", said.out);
    assert!(
        said.out.contains("11 rejected") && said.out.contains("2 rows were kept without"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("WARNING"), "{}", said.out);

    let rejects = place.text("rejects.csv");
    for (line, outcome, reason) in [
        (4, "rejected", "repeated_id"),
        (5, "rejected", "no_id"),
        (6, "rejected", "no_date"),
        (7, "rejected", "unreadable_date"),
        (8, "rejected", "too_old"),
        (9, "rejected", "future_date"),
        (10, "rejected", "no_service"),
        (11, "rejected", "unknown_status"),
        (12, "rejected", "impossible_place"),
        (13, "rejected", "impossible_place"),
        (14, "mended", "outside"),
        (15, "mended", "closes_before_open"),
        (16, "rejected", "broken_row"),
    ] {
        assert!(rejects.contains(&format!("\n{line},{outcome},{reason},")), "{line}: {rejects}");
    }
    assert!(rejects.contains("16,rejected,broken_row,14,2014-05-02,,open\n"), "the row as it was: {rejects}");

    let table = place.fine(&["export", "requests", "-j", "chicago"]);
    let first = table.lines().find(|line| line.contains("deep, and wide")).unwrap();
    for part in [
        "swarm-on-a-lamp-post",
        "Swarm on a lamp post",
        "closed",
        "2014-05-01T10:00:00-05:00",
        ",42,",
        "cdot",
    ] {
        assert!(first.contains(part), "{part} in {first}");
    }
    assert!(!table.contains("51.4"), "a place outside is not kept: {table}");
    place.fine(&["check"]);
}

#[test]
fn an_import_can_be_repeated() {
    let place = Place::with_city("chicago");
    let (file, map) = (place.write("t.csv", TABLE), place.write("map.toml", MAP));
    import(&place, &file, &map);
    let again = import(&place, &file, &map);
    assert!(
        again.out.contains("0 imported") && again.out.contains("5 skipped: there already"),
        "{}",
        again.out
    );
    // Another file of the same days: ids of the same moments do not meet.
    let other = place
        .write("u.csv", TABLE.replace("\n1,", "\n101,").replace("\n2,", "\n102,").replace("\n15,", "\n115,"));
    let said = import(&place, &other, &map);
    assert!(said.out.contains("3 imported"), "{}", said.out);
    assert_eq!(count(&place), 8);
}

#[test]
fn a_file_that_was_cut_off_is_imported_as_far_as_it_goes_and_then_whole() {
    let place = Place::with_city("chicago");
    let map = place.write("map.toml", MAP);
    let mut table = String::from(TABLE.lines().next().unwrap());
    for n in 0..30_000 {
        table.push_str(&format!(
            "\n{n},2014-05-{:02},,open,41.88,-87.63,Ward {},Bees,swarm {n},CDOT",
            n % 28 + 1,
            n % 50 + 1
        ));
    }
    let whole = zstd::encode_all(table.as_bytes(), 1).unwrap();
    let half = place.write("half.csv.zst", &whole[..whole.len() / 2]);
    let said = import(&place, &half, &map);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("breaks off after"), "{said:?}");
    let kept = count(&place);
    assert!(kept > 0 && kept < 30_000, "{kept}");

    let whole = place.write("whole.csv.zst", &whole);
    let said = import(&place, &whole, &map);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains(&format!("{kept} skipped: there already")), "{}", said.out);
    assert_eq!(count(&place), 30_000);
    place.fine(&["check"]);
}

#[test]
fn a_quotation_that_never_ends_is_a_broken_row() {
    let place = Place::with_city("chicago");
    let map = place.write("map.toml", MAP);
    let file = place.write(
        "t.csv",
        format!(
            "{}20,2014-05-02,,open,,,Ward 1,Bees,\"never\nends",
            &TABLE[..TABLE.find("\n2,").unwrap() + 1]
        ),
    );
    let said = import(&place, &file, &map);
    assert!(said.out.contains("1 imported") && said.out.contains("1 broken_row"), "{said:?}");
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let place = Place::with_city("chicago");
    let map = place.write("map.toml", MAP);
    let mut table = TABLE.lines().take(2).collect::<Vec<_>>().join("\n").into_bytes();
    table.extend_from_slice(b"\n20,2014-05-02,,open,,,Ward 1,Bees,\xc7\xe6,CDOT\n");
    let said = import(&place, &place.write("t.csv", table), &map);
    assert!(said.out.contains("1 imported") && said.out.contains("1 not_utf8"), "{said:?}");
}

#[test]
fn what_cannot_be_read_at_all_is_refused_with_a_sentence() {
    let place = Place::with_city("chicago");
    let (file, map) = (place.write("t.csv", TABLE), place.write("map.toml", MAP));
    for (map, table, word) in [
        (MAP.replace("\"type\"", "\"kind\""), TABLE.to_owned(), "no column \"kind\""),
        (MAP.replace("\"chicago\"", "\"atlantis\""), TABLE.to_owned(), "atlantis"),
        (MAP.replace("\"closed\" }", "\"shut\" }"), TABLE.to_owned(), "no status \"shut\""),
        (MAP.replace("[time]", "[tiem]"), TABLE.to_owned(), "tiem"),
        (MAP.replace("group = ", "group = = "), TABLE.to_owned(), "line"),
        (MAP.replace("create = true\ntidy", "create = false\ntidy"), TABLE.to_owned(), "no service"),
        (MAP.to_owned(), String::new(), "empty"),
    ] {
        let said = import(&place, &place.write("x.csv", table), &place.write("x.toml", map));
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains(word), "{word}: {said:?}");
    }
    let nowhere = place.run(&["import", "requests", "nowhere.csv", "--map", &map]);
    assert!(nowhere.code == 2 && nowhere.err.contains("nowhere.csv"), "{nowhere:?}");
    let elsewhere = place.run(&["import", "requests", &file, "--map", &map, "-j", "tehran.ir"]);
    assert!(elsewhere.code == 2 && elsewhere.err.contains("there are: chicago"), "{elsewhere:?}");
    assert_eq!(count(&place), 0);
}
