//! Every text that can be sent stays within two parts, whatever is filled in.

use words::Words;

use crate::city::{City as Kept, Wishes};
use crate::parts;
use crate::templates::{self, OCCASIONS, Reader, shared};
use crate::text::{MOST_PARTS, PLACEHOLDERS, Values, fill, fit, unknown_placeholder};
use language::Lang;

fn city() -> Kept {
    Kept {
        wishes: Wishes::default(),
        address: "https://137.municipality.example.ir".into(),
        zone: calendar::Zone::named("Asia/Tehran").unwrap(),
        name: requests::service::Both::new("شهر نمونه", "Sampletown"),
        phone: "137".into(),
        lang: Lang::Fa,
    }
}

/// The longest values that the city's own data give, and endless words of people.
fn longest(lang: Lang) -> Vec<(&'static str, String)> {
    let city = city();
    let mut values = shared(&city, lang);
    let words = match lang {
        Lang::Fa => "جدول شکسته‌ای که روبه‌روی پلاک ۱۲ بود با بتن تازه ترمیم و نخالهٔ آن جمع شد. ".repeat(8),
        Lang::En => {
            "The broken kerb in front of number 12 was mended with new concrete and cleared. ".repeat(8)
        }
    };
    let (unit, service) = match lang {
        Lang::Fa => ("سازمان مدیریت پسماند شهرداری منطقهٔ ۲۲", "جمع‌آوری نخاله و خاک رهاشده در معبر"),
        Lang::En => ("Waste Management Organisation of District 22", "Rubble and soil left on a public way"),
    };
    values.extend([
        ("link", city.link(lang, "/r/1234567890")),
        ("code", language::digits::shown("1234567890", lang)),
        ("other", language::digits::shown("1234567890", lang)),
        ("unit", unit.into()),
        ("service", service.into()),
        ("status", Words(lang).by_key("status-waiting-for-citizen").unwrap().into()),
        ("due", calendar::words::date_time(lang, super::SATURDAY, &city.zone)),
        ("words", words),
    ]);
    values
}

#[track_caller]
fn fits(template: &str, values: &Values<'_>, lang: Lang) {
    assert_eq!(unknown_placeholder(template), None, "{template}");
    let text = fit(template, values, lang);
    let size = parts::size(&text);
    assert!(size.parts <= MOST_PARTS, "{size:?}\n{text}");
    // Cutting words is allowed; cutting what the reader must act upon is not.
    for must in ["code", "accept", "object", "link", "stop"] {
        let value = values.iter().find(|(name, _)| *name == must).map_or("", |(_, value)| value.as_str());
        if template.contains(&format!("{{{must}}}")) {
            assert!(text.contains(value), "{must} was lost in\n{text}");
        }
    }
}

#[test]
fn every_occasion_fits_into_two_parts_in_both_languages() {
    for lang in Lang::ALL {
        let values = longest(lang);
        for occasion in OCCASIONS {
            for reader in [Reader::Reporter, Reader::Follower] {
                let template = templates::sms(occasion, reader, None, lang);
                if reader == Reader::Follower && !occasion.followers {
                    continue;
                }
                assert!(!templates::core(occasion.fact, reader, None, lang).is_empty(), "{}", occasion.fact);
                fits(&template, &values, lang);
            }
        }
    }
}

#[test]
fn an_answer_leaves_room_for_its_words() {
    for lang in Lang::ALL {
        let occasion = templates::occasion("answered").unwrap();
        let text = fit(&templates::sms(occasion, Reader::Reporter, None, lang), &longest(lang), lang);
        let said = match lang {
            Lang::Fa => "جدول شکسته",
            Lang::En => "The broken kerb",
        };
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn english_stays_in_the_cheap_alphabet() {
    let values = longest(Lang::En);
    for occasion in OCCASIONS {
        let text = fit(&templates::sms(occasion, Reader::Reporter, None, Lang::En), &values, Lang::En);
        assert_eq!(parts::size(&text).encoding, parts::Encoding::Gsm7, "{text}");
    }
}

#[test]
fn every_answer_to_a_text_fits_too() {
    for lang in Lang::ALL {
        let (w, values) = (Words(lang), longest(lang));
        for template in [
            w.notices_inbound_accepted_plain("{code}"),
            w.notices_inbound_replied_plain("{code}"),
            w.notices_inbound_answer_missing_plain("{service}", "{words}"),
            w.notices_inbound_nothing_awaits_plain("{accept}"),
            w.notices_inbound_status_plain("{code}", "{link}", "{status}"),
            w.notices_inbound_code_unknown().to_owned(),
            w.notices_inbound_stopped_plain("{join}"),
            w.notices_inbound_joined_plain("{stop}"),
            w.notices_inbound_service_missing().to_owned(),
            w.notices_inbound_place_missing_plain("{service}"),
            w.notices_inbound_not_understood_plain("{link}", "{phone}"),
            w.notices_code_plain("{city}"),
        ] {
            fits(&template, &values, lang);
        }
    }
}

#[test]
fn letters_say_it_all_and_lead_to_the_page() {
    for lang in Lang::ALL {
        for occasion in OCCASIONS {
            let template = templates::letter(occasion, Reader::Reporter, None, lang);
            let text = fill(&template, &longest(lang), lang);
            assert!(text.contains("/r/1234567890") && !text.contains('{'), "{text}");
        }
    }
}

#[test]
fn a_citys_own_words_are_checked_when_they_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let read = |text: &str| {
        std::fs::write(folder.path().join("notices.toml"), text).unwrap();
        crate::city::read(folder.path())
    };
    let wishes = read(
        "quiet_hours = ['23:00', '06:30']\nreplies = { accept = '1', object = '2' }\n\
         [[template]]\nfact = 'answered'\nservice = 'pothole'\nfa = 'پیام {code} انجام شد.'\n\
         [[template]]\nfact = 'assigned'\nsend = true",
    )
    .unwrap();
    assert_eq!(wishes.replies.accept, "1");
    assert_eq!(wishes.own("answered", "pothole").unwrap().words(Lang::Fa), Some("پیام {code} انجام شد."));
    assert!(wishes.own("answered", "tree").is_none());
    assert!(
        templates::occasion("assigned").unwrap().is_told(Reader::Reporter, wishes.own("assigned", "tree"))
    );
    for (text, why) in [
        ("[[template]]\nfact = 'answered'\nfa = 'سلام {mobile}'", "{mobile}"),
        ("[[template]]\nfact = 'eaten'", "eaten"),
        ("quiet_hours = ['25:00', '06:30']", "25:00"),
        ("replies = { accept = 'yes' }", "yes"),
        ("colour = 'red'", "colour"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
    assert!(PLACEHOLDERS.contains(&"code"));
}

#[test]
fn quiet_hours_may_cross_midnight() {
    let (city, at) = (city(), |hour: i64| super::SATURDAY.plus_hours(hour - 10));
    let until = |hour| city.wishes.quiet_until(at(hour), &city.zone);
    assert_eq!(until(21), None);
    assert_eq!(until(22), Some(at(31)));
    assert_eq!(until(24 + 3), Some(at(31)));
    assert_eq!(until(31), None);
    let never = Wishes { quiet_hours: (crate::city::Wall(60), crate::city::Wall(60)), ..Wishes::default() };
    assert_eq!(never.quiet_until(at(25), &city.zone), None);
}
