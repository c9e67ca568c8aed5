//! Styles and pages: one style sheet serves both directions, and nothing is fetched from elsewhere.

use super::{files, name, none, read};

/// Physical properties and values, with what to say instead.
const PHYSICAL: &[(&str, &str)] = &[
    ("margin-left", "margin-inline-start"),
    ("margin-right", "margin-inline-end"),
    ("padding-left", "padding-inline-start"),
    ("padding-right", "padding-inline-end"),
    ("border-left", "border-inline-start"),
    ("border-right", "border-inline-end"),
    ("border-top-left-radius", "border-start-start-radius"),
    ("border-top-right-radius", "border-start-end-radius"),
    ("border-bottom-left-radius", "border-end-start-radius"),
    ("border-bottom-right-radius", "border-end-end-radius"),
    ("scroll-margin-left", "scroll-margin-inline-start"),
    ("scroll-margin-right", "scroll-margin-inline-end"),
    ("scroll-padding-left", "scroll-padding-inline-start"),
    ("scroll-padding-right", "scroll-padding-inline-end"),
    ("left", "inset-inline-start"),
    ("right", "inset-inline-end"),
];

#[test]
fn styles_know_start_and_end_but_not_left_and_right() {
    let mut places = Vec::new();
    for path in files("assets/css", &[".css"]) {
        let text = without_comments(&read(&path));
        for (number, line) in text.lines().enumerate() {
            let mut say =
                |instead: &str| places.push(format!("{}:{}: say {instead}", name(&path), number + 1));
            for declaration in line.split([';', '{', '}']) {
                let Some((property, value)) = declaration.split_once(':') else { continue };
                let (property, value) = (property.trim(), value.trim());
                if let Some((_, instead)) = PHYSICAL.iter().find(|(physical, _)| {
                    property == *physical
                        || property.strip_prefix(physical).is_some_and(|rest| rest.starts_with('-'))
                }) {
                    say(instead);
                }
                let first = value.split([' ', '!']).next().unwrap_or_default();
                if ["text-align", "float", "clear"].contains(&property) && ["left", "right"].contains(&first)
                {
                    say("start or end");
                }
            }
        }
    }
    none("Styles must hold in both directions:", places);
}

#[test]
fn nothing_is_fetched_from_another_host() {
    // A link that a person follows may lead anywhere; what a page loads may not.
    const LOADS: &[&str] =
        &["src=\"http", "src='http", "url(http", "url(\"http", "url('http", "@import \"http"];
    let mut places = Vec::new();
    let pages = files("templates", &[".html", ".xml", ".svg"]);
    for path in pages.into_iter().chain(files("assets", &[".css", ".js", ".mjs", ".svg"])) {
        for (number, line) in read(&path).lines().enumerate() {
            let links = line.contains("<link") && line.contains("href=\"http");
            if links || LOADS.iter().any(|load| line.contains(load)) {
                places.push(format!("{}:{}", name(&path), number + 1));
            }
        }
    }
    none("Pages must not load anything from another host:", places);
}

#[test]
fn pages_hold_no_style_and_no_script_inside() {
    // The content security policy forbids both, so the browser would drop them silently.
    let mut places = Vec::new();
    for path in files("templates", &[".html"]) {
        for (number, line) in read(&path).lines().enumerate() {
            let inline =
                line.contains("<script") && !line.contains("src=") && !line.contains("type=\"application/");
            let handler = ["onclick=", "onchange=", "onsubmit=", "onload=", "oninput="]
                .iter()
                .any(|h| line.contains(h));
            if inline || handler || line.contains(" style=\"") || line.contains("<style") {
                places.push(format!("{}:{}", name(&path), number + 1));
            }
        }
    }
    none("Pages must hold no style and no script of their own:", places);
}

fn without_comments(css: &str) -> String {
    let mut text = String::new();
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        text += before;
        let (comment, after) = after.split_once("*/").unwrap_or((after, ""));
        // Line numbers stay true.
        text.extend(comment.chars().filter(|c| *c == '\n'));
        rest = after;
    }
    text + rest
}
