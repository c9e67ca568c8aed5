use storage::Db;

use super::load;
use crate::FoundKind;
use crate::Level;

#[test]
fn people_find_places_however_they_type() {
    let db = Db::temporary().unwrap();
    let (_, atlas) = load(&db, "tehran");
    let first = |typed: &str| atlas.find_places(typed, 5).into_iter().next().map(|f| f.name_fa);
    for (typed, expected) in [
        ("تجریش", "تجریش"),
        ("تجری", "تجریش"),
        ("Tajrish", "تجریش"),
        ("tajr", "تجریش"),
        ("یوسف آباد", "یوسف‌آباد"),
        ("يوسف‌آباد", "یوسف‌آباد"),
        ("یوسفاباد", "یوسف‌آباد"),
        ("منطقه ۶", "منطقه ۶"),
        ("منطقه 6", "منطقه ۶"),
        ("District 22", "منطقه ۲۲"),
        ("محله تجریش", "تجریش"),
        ("میرداماد", "میرداماد"),
        ("خیابان باهنر، نرسیده به جماران، پلاک ۱۲", "جماران"),
    ] {
        assert_eq!(first(typed).as_deref(), Some(expected), "{typed}");
    }
    for nothing in ["", "   ", "،", "zzzz", "ققققق", "\u{200C}"] {
        assert_eq!(atlas.find_places(nothing, 5), vec![], "{nothing}");
    }
}

#[test]
fn what_is_found_says_what_it_is_and_where() {
    let db = Db::temporary().unwrap();
    let (_, atlas) = load(&db, "tehran");
    let found = atlas.find_places("تجریش", 10);
    let kinds: Vec<&str> = found.iter().map(|f| f.kind.code()).collect();
    assert!(kinds.contains(&"metro_station") && kinds.contains(&"neighbourhood"), "{kinds:?}");
    for f in &found {
        let division = atlas.division(f.division.unwrap()).unwrap();
        assert_eq!(atlas.place_of(division.id).smallest(), Some(division.id));
        assert!(atlas.bounds().unwrap().contains(f.point.unwrap()));
    }
    assert!(atlas.find_places("م", 7).len() <= 7);
    assert_eq!(
        atlas
            .find_places("منطقه", 50)
            .iter()
            .filter(|f| f.kind == FoundKind::Division(Level::District))
            .count(),
        22
    );
}

#[test]
fn a_city_without_borders_is_searched_by_names() {
    let db = Db::temporary().unwrap();
    let (_, atlas) = load(&db, "shiraz");
    let found = atlas.find_places("منطقه ۸", 3);
    assert_eq!(found.first().map(|f| f.division), Some(atlas.by_code(Level::District, "8").map(|d| d.id)));
    assert_eq!(found.first().map(|f| f.point), Some(None));
}
