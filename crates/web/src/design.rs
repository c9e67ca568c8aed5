//! The living page of the design system: every part once, with the style sheet the city uses.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use door::{Door, Failure};
use language::{Lang, TrackingCode, digits};
use requests::Status;
use words::Words;

use crate::ask::{self, Answer, Ask, FRESH, render};
use crate::page::Page;
use crate::parts::{Badge, Code, badge, code};

#[derive(Template)]
#[template(path = "design/page.html")]
struct Design<'a> {
    page: Page<'a>,
    code: Code,
    badges: Vec<Badge>,
    colours: &'static [&'static str],
    icons: Vec<&'static str>,
    bars: Vec<Bar>,
}

/// A bar of the sample chart, mirrored where the language runs from the right.
struct Bar {
    name: String,
    percent: String,
    sample: String,
    name_x: i64,
    x: i64,
    y: i64,
    width: i64,
    value_x: i64,
    dim: bool,
}

const COLOURS: &[&str] = &[
    "paper",
    "surface",
    "sunk",
    "ink",
    "ink-soft",
    "line-strong",
    "firouzeh",
    "firouzeh-deep",
    "firouzeh-tint",
    "lajevard",
    "lajevard-tint",
    "zaferan",
    "zaferan-tint",
    "sabz",
    "sabz-tint",
    "anar",
    "anar-tint",
];

/// `GET /design`.
pub async fn page(State(door): State<Door>, ask: Ask) -> Result<Response, Failure> {
    ask::answer(&door, ask, |_, ask, here| {
        let w = ask.words();
        let mut badges: Vec<Badge> = Status::ALL.iter().map(|status| badge(w, *status, false)).collect();
        badges.push(badge(w, Status::Assigned, true));
        let html = render(&Design {
            page: here.page(ask, w.design_title()),
            code: code(TrackingCode::from_random(137), ask.lang, true),
            badges,
            colours: COLOURS,
            icons: icons().collect(),
            bars: bars(ask.lang),
        })?;
        Ok(Answer::Page(FRESH, html))
    })
    .await
}

/// The names of all drawings in the sprite, except the shapes of statuses.
fn icons() -> impl Iterator<Item = &'static str> {
    let sprite = door::assets::inline("icons/sprite.svg");
    let names = sprite.split("<symbol id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    names.filter(|name| !name.starts_with("is-"))
}

/// District, percent in time, requests: made up.
const SAMPLE: [(i64, i64, i64); 5] =
    [(6, 82, 1204), (3, 91, 733), (1, 88, 1102), (12, 79, 640), (15, 68, 1461)];

fn bars(lang: Lang) -> Vec<Bar> {
    const WIDTH: i64 = 480;
    const NAMES: i64 = 78;
    let is_rtl = lang == Lang::Fa;
    let from_start = |x: i64| if is_rtl { WIDTH - x } else { x };
    let rows = SAMPLE.iter().zip(0_i64..);
    rows.map(|((district, percent, sample), n)| {
        let width = (WIDTH - NAMES - 60) * percent / 100;
        let number = digits::grouped(*percent, lang);
        Bar {
            name: Words(lang).design_sample_district_number_plain(&digits::plain(*district, lang)),
            percent: if is_rtl { format!("{number}\u{200F}٪") } else { format!("{number}%") },
            sample: digits::grouped(*sample, lang),
            name_x: from_start(0),
            x: if is_rtl { WIDTH - NAMES - width } else { NAMES },
            y: 14 + n * 36,
            width,
            value_x: from_start(NAMES + width + 8),
            dim: *percent < 75,
        }
    })
    .collect()
}
