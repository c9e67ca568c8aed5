use super::words::{features, words};
use super::*;

const TREES: i64 = 1;
const LIGHTS: i64 = 2;
const WASTE: i64 = 3;

fn taught() -> Model {
    let mut lesson = Lesson::new();
    for n in 0..12 {
        let street = ["خیابان ولی‌عصر", "بلوار کشاورز", "کوچهٔ یاس"][n % 3];
        lesson.add(TREES, &format!("درخت خشک {street} افتاده"));
        lesson.add(TREES, &format!("a dead tree fell, branch on the road, no {n}"));
        lesson.add(LIGHTS, &format!("چراغ {street} خاموش است"));
        lesson.add(LIGHTS, &format!("street light is out at number {n}"));
        lesson.add(WASTE, &format!("زباله‌های {street} جمع نشده"));
    }
    lesson.learn().unwrap()
}

fn first(model: &Model, text: &str) -> Option<i64> {
    model.judge(text, 1).first().map(|j| j.service)
}

#[test]
fn words_are_known_in_every_spelling() {
    let model = taught();
    let check = |text: &str, service: i64| assert_eq!(first(&model, text), Some(service), "{text}");
    check("درخت", TREES);
    check("درختان خشک", TREES);
    check("يك درخت خشك افتاده", TREES);
    check("چراغ کوچه", LIGHTS);
    check("زباله", WASTE);
    check("Branches fell", TREES);
    check("the LIGHT is out", LIGHTS);
}

#[test]
fn what_it_does_not_know_it_says_nothing_about() {
    let model = taught();
    for text in ["", " ", "۱۲۳ 456", "پیانو", "🙂🙂", "!؟،"] {
        assert_eq!(model.judge(text, 5), [], "{text:?}");
    }
}

#[test]
fn shares_are_of_one_and_the_loudest_word_is_the_reason() {
    let model = taught();
    let judged = model.judge("درخت جلوی خیابان ولی‌عصر", 5);
    let all: f64 = judged.iter().map(|j| j.share).sum();
    assert!((all - 1.0).abs() < 1e-4 && judged.len() == 3, "{judged:?}");
    let said = because(&typed("درختِ جلوی خیابان ولی‌عصر"), &judged[0].spoke);
    assert_eq!(said.first().map(String::as_str), Some("درختِ"), "{said:?}");
}

#[test]
fn numbers_and_endless_words_are_not_looked_at() {
    assert_eq!(words("شماره 09121234567 پلاک ۱۲"), words("شماره پلاک"));
    assert!(words(&"ا".repeat(4000)).is_empty());
    assert_eq!(words(&"درخت ".repeat(800)).len(), super::words::MOST_WORDS);
    let names: Vec<String> = features(&words("درختچه ها")).into_iter().map(|f| f.name).collect();
    assert!(names.iter().any(|name| name == "درخت-"), "{names:?}");
}

#[test]
fn a_model_is_read_as_it_was_written_and_broken_ones_are_refused() {
    let model = taught();
    let bytes = model.encode();
    let again = Model::decode(&bytes).unwrap();
    for text in ["درخت افتاده", "light", "زباله و چراغ"] {
        assert_eq!(model.judge(text, 5), again.judge(text, 5), "{text}");
    }
    for cut in [0, 3, 4, 11, 30, bytes.len() / 2, bytes.len() - 1] {
        assert!(Model::decode(&bytes[..cut]).is_err(), "{cut}");
    }
    for at in (0..bytes.len()).step_by(7) {
        // Whatever a damaged byte makes of it, nothing breaks.
        let mut damaged = bytes.clone();
        damaged[at] ^= 0xff;
        if let Ok(model) = Model::decode(&damaged) {
            model.judge("درخت چراغ light", 3);
        }
    }
    let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
    assert!(Model::decode(&longer).is_err());
}

#[test]
fn the_same_history_gives_the_same_model() {
    assert_eq!(taught().encode(), taught().encode());
}

#[test]
fn one_service_is_nothing_to_learn_from() {
    let mut lesson = Lesson::new();
    (0..50).for_each(|_| lesson.add(TREES, "درخت"));
    assert!(lesson.learn().is_none());
    assert!(Lesson::new().learn().is_none());
}

#[test]
fn what_is_told_is_a_word_and_hides_no_sign() {
    let told = typed("\u{202e}<b>درخت</b>\u{2066}، «چراغ‌ها»! 🙂");
    for (word, _) in told {
        assert!(
            word.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '\u{200c}')),
            "{word:?}"
        );
    }
}
