//! The vectors of the study of Persian search, and what must hold for any text.

use super::*;
use proptest::prelude::*;

fn check(text: &str, expected: &str) {
    assert_eq!(tokens(text).join(" | "), expected, "{text}");
}

#[test]
fn the_vectors_of_the_study_hold() {
    for (texts, expected) in [
        ("كتاب‌هاي شهرداري تهران · کتاب‌های شهرداری تهران", "کتاب | شهرداری | تهران"),
        ("کتاب های شهرداری", "کتاب | های | شهرداری"),
        ("می‌خواهم", "خواهم"),
        ("نمی‌رود", "رود"),
        ("خانهٔ ما · خانۀ ما · خانه ما", "خانه | ما"),
        ("مؤسسه مسئول · موسسه مسئول", "موسسه | مسیول"),
        ("رأی‌گیری", "رای | گیری | رایگیری"),
        ("آسفالت خيابان وليعصر", "اسفالت | خیابان | ولیعصر"),
        ("اسفالت خیابان ولی‌عصر · اسفالت خیابان ولی عصر", "اسفالت | خیابان | ولی | عصر | ولیعصر"),
        ("چالهٔ خیابان ۱۲ · چاله خیابان ١٢ · چاله خیابان 12", "چاله | خیابان | 12"),
        ("درخت‌ها · درختها · درخت‌هایشان · درختان", "درخت"),
        ("خیابان", "خیابان"),
        ("میدان", "میدان"),
        ("تهران", "تهران"),
        ("شعبان", "شعبان"),
        ("سَدّ معبر · سـد معبـر", "سد | معبر"),
        ("ﻓﺎﺿﻼﺏ · فاضلاب", "فاضلاب"),
        ("بھداشت · بهداشت", "بهداشت"),
        ("ۀ ﮬ ہ ھ ە", "ه | ه | ه | ه | ه"),
        ("على علی علي", "علی | علی | علی"),
        ("إسلام أحمد آب", "اسلام | احمد | اب"),
        ("کوچۀ شهيد رضائي · کوچه شهید رضایی", "کوچه | شهید | رضایی"),
        ("بزرگ‌ترین پارک", "بزرگ | پارک"),
        ("نیمه‌شعبان", "نیمه | شعبان | نیمهشعبان"),
        ("خدمات شهری", "خدمات | شهری"),
        ("اتوبوس BRT خط ۷ · اتوبوس ＢＲＴ خط ٧ · اتوبوس ب.ر.ت خط۷", "اتوبوس | brt | خط | 7"),
        // The study writes the whole date with dashes; without them any tokenizer keeps it whole.
        ("۱۴۰۳/۰۵/۱۲", "1403 | 05 | 12 | 14030512"),
        ("۱۲٬۰۰۰ ریال · 12000 ﷼", "12000 | ریال"),
        ("\u{202E}evil\u{202C} متن", "evil | متن"),
        ("م\u{200D}ن", "من"),
    ] {
        texts.split(" · ").for_each(|text| check(text, expected));
    }
}

#[test]
fn known_variants_are_equal() {
    for same in [
        "هیأت هیئت هیات",
        "مسأله مسئله مساله",
        "مسؤول مسئول",
        "رأی رای",
        "جرأت جرئت",
        "طهران تهران",
        "گزارشات گزارش",
        "شکایات شکایت",
        "خ خیابان",
        "اتوبان بزرگراه",
        "ك. کوچه",
    ] {
        let all = tokens(same);
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{all:?}");
    }
}

#[test]
fn numbers_keep_what_people_look_for() {
    check("قطعه ۱۲٫۵ متر", "قطعه | 12.5 | متر");
    check("پلاک ۱۲-۳۴", "پلاک | 12 | 34 | 1234");
    check("پلاک 12b", "پلاک | 12b");
    check("۱۴۰۳/۵/۱۲.", "1403 | 5 | 12 | 14030512");
    check("نسخه 1.2.3", "نسخه | 1 | 2 | 3 | 123");
}

#[test]
fn personal_numbers_are_never_indexed() {
    check("تماس ۰۹۱۲۱۲۳۴۵۶۷ یا 0912-123-4567 یا +989121234567", "تماس | یا | یا");
    check("کد ملی 0499370899", "کد | ملی");
    check("کد پیگیری ۱۲۳۴۵", "کد | پیگیری | 12345");
}

#[test]
fn a_question_has_one_term_for_each_idea() {
    let asked = |text: &str| query(text).terms.join(" | ");
    assert_eq!(asked("ولی عصر"), "ولیعصر");
    assert_eq!(asked("ولی‌عصر"), "ولیعصر");
    assert_eq!(asked("وليعصر"), "ولیعصر");
    assert_eq!(asked("چراغ آتش نشانی‌ها سوخته"), "چراغ | اتشنشانی | سوخته");
    assert_eq!(asked("رأی‌گیری"), "رای | گیری");
    assert!(query("چال").last_is_prefix);
    assert!(!query("چاله ").last_is_prefix);
    assert_eq!(query(" ؟"), Query::default());
}

#[test]
fn names_are_equal_however_they_are_spaced() {
    for other in ["ولی عصر", "وليعصر", "  ولی‌ عصر", "وَلی‌عَصر"] {
        assert_eq!(key(other), key("ولی‌عصر"), "{other}");
    }
    assert_eq!(key("خانه‌ی هنرمندان"), key("خانهٔ هنرمندان"));
    assert_ne!(key("محله"), key("محلات"));
    assert_ne!(key("ک"), key("کوچه"));
    assert_eq!(key("District 5"), "district5");
}

#[test]
fn what_sounds_alike_is_found_as_one() {
    assert_eq!(sound("فاظلاب"), sound("فاضلاب"));
    assert_eq!(sound("اتاق"), sound("اتاغ"));
    assert_ne!(sound("چاله"), sound("چاه"));
}

/// Texts that hit the rules: Persian and Arabic letters, all marks, joins, digits, signs, and any other letter.
fn text() -> impl Strategy<Value = String> {
    let letters = "[ا-یآأإؤئيىكةۀہھەکیگچپژ\u{64B}-\u{655}\u{670}ـ۰-۹٠-٩0-9a-zA-Z٬٫./ -]";
    let words = prop_oneof![
        Just("ها".to_owned()),
        Just("هایی".to_owned()),
        Just("هایشان".to_owned()),
        Just("می".to_owned()),
        Just("ولی".to_owned()),
        Just("عصر".to_owned()),
        Just("اب".to_owned()),
        Just("بها".to_owned()),
        Just("خ".to_owned()),
        Just("ترین".to_owned()),
        Just("آتش".to_owned()),
        Just("نشانی".to_owned()),
        Just("0912".to_owned()),
        Just("1403".to_owned()),
        Just("05".to_owned()),
    ];
    let piece = prop_oneof![
        4 => letters.prop_map(|text| text),
        3 => words,
        2 => "[ \u{200C}\u{AC}./-]".prop_map(|text| text),
        1 => any::<char>().prop_map(|letter| letter.to_string()),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn folding_twice_changes_nothing_more(text in text()) {
        let once = search_text(&text);
        prop_assert_eq!(search_text(&once), once);
    }

    #[test]
    fn tokens_hold_letters_and_digits_only(text in text()) {
        for token in tokens(&text) {
            let inner = token.replace('.', "");
            prop_assert!(!inner.is_empty() && inner.chars().all(char::is_alphanumeric), "{}", token);
            prop_assert!(inner == token || inner.bytes().all(|byte| byte.is_ascii_digit()), "{}", token);
            prop_assert!(!token.contains(['ي', 'ك', 'ى', 'ة', 'ۀ', 'آ', 'أ', '۱', '١']), "{}", token);
        }
    }

    // An abbreviation grows the most: «خ» of 2 bytes becomes «خیابان» of 12. Anything else stays below four times.
    #[test]
    fn a_text_never_grows_without_bound(text in text()) {
        prop_assert!(search_text(&text).len() <= 6 * text.len());
        prop_assert!(key(&text).len() <= 4 * text.len());
    }

    #[test]
    fn any_question_may_be_asked(text in text()) {
        let asked = query(&text);
        prop_assert!(!asked.last_is_prefix || !asked.terms.is_empty());
        prop_assert!(asked.terms.iter().all(|term| !term.is_empty() && !term.contains(' ')));
    }

    #[test]
    fn what_is_written_is_found_by_the_same_words(text in "[آ-غ]{2,8}([ \u{200C}][آ-غ]{2,8}){0,5}") {
        let indexed = tokens(&text);
        for term in query(&text).terms {
            prop_assert!(indexed.contains(&term), "{} is not in {:?}", term, indexed);
        }
    }
}
