//! Price lists as people paste them.

use super::super::parse_prices;

#[test]
fn a_list_is_read_however_it_is_pasted() {
    let tabs =
        "کد\tشرح\tواحد\tبها\n۰۱۰۱\tجمع‌آوری نخاله\tمتر مکعب\t۲٬۴۵۰٬۰۰۰\t۱۲\n0102\tلایروبی جوی\tمتر\t180,000\n";
    let semicolons = "0101;جمع‌آوری نخاله;متر مکعب;2450000;12\r\n0102;لایروبی جوی;متر;180000\r\n\r\n";
    let commas = "\u{feff}0101,جمع‌آوری نخاله,متر مکعب,\"2,450,000\",12\n0102,لایروبی جوی,متر,180000,,Gutter";
    for text in [tabs, semicolons, commas] {
        let items = parse_prices(text).unwrap();
        assert_eq!(items.len(), 2, "{text}");
        assert_eq!((items[0].code.as_str(), items[0].price), ("0101", 2_450_000));
        assert_eq!((items[0].unit.as_str(), items[0].usual_most), ("متر مکعب", Some(12_000)));
        assert_eq!((items[1].price, items[1].usual_most), (180_000, None));
    }
    assert_eq!(parse_prices(commas).unwrap()[1].name_en, "Gutter");
}

#[test]
fn every_mistake_is_found_with_its_line() {
    let text = "0101;نخاله;متر مکعب;2450000\n0101;نخاله;متر مکعب;0\n;;;\nبد کد;;متر;ده\n0103;جوی;;1;یک";
    let errors = parse_prices(text).unwrap_err();
    let found: Vec<_> = errors.iter().map(|e| (e.line, e.code)).collect();
    assert_eq!(
        found,
        [
            (2, "code-twice"),
            (2, "price-wrong"),
            (4, "code-wrong"),
            (4, "name-missing"),
            (4, "price-wrong"),
            (5, "unit-missing"),
            (5, "usual-wrong"),
        ]
    );
    assert_eq!(parse_prices(" \n ").unwrap_err()[0].code, "empty");
    let long: String = (0..2_001).map(|n| format!("{n};a;b;1\n")).collect();
    assert_eq!(parse_prices(&long).unwrap_err()[0].code, "too-many");
}
