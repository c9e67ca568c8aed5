//! The seeds of the catalogue, through the generated functions.

use super::*;

#[test]
fn the_other_language_introduces_itself() {
    assert_eq!(Words(Lang::Fa).language_switch(), "English");
    assert_eq!(Words(Lang::En).language_switch(), "فارسی");
    assert_eq!(Words(Lang::Fa).product_name(), "پیوند");
}

#[test]
fn numbers_speak_the_language() {
    assert_eq!(Words(Lang::Fa).common_requests(12_345), "۱۲٬۳۴۵ درخواست");
    assert_eq!(Words(Lang::En).common_requests(1), "1 request");
    assert_eq!(Words(Lang::En).common_requests(0), "0 requests");
    assert_eq!(Words(Lang::En).common_page_of_plain(2, 10), "Page 2 of 10");
}

#[test]
fn keys_from_data_find_their_words() {
    assert_eq!(Words(Lang::Fa).by_key("status-received"), Some("دریافت شد"));
    assert_eq!(Words(Lang::En).by_key("status-in-progress"), Some("In progress"));
    assert_eq!(Words(Lang::En).by_key("status-lost"), None);
    // It takes an argument, so data alone cannot say it.
    assert_eq!(Words(Lang::En).by_key("common-requests"), None);
}

#[test]
fn no_message_is_empty() {
    for lang in Lang::ALL {
        for key in Words::KEYS {
            assert!(Words(lang).by_key(key).is_some_and(|text| !text.trim().is_empty()), "{key}");
        }
    }
}
