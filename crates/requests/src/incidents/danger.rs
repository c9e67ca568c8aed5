//! How dangerous a report is, from 0 to 100: the largest of what its service, its answers, its priority and its words
//! say. The weights are the city's (`storm.toml`); a service that promises something for emergencies has 30 at least.

use std::collections::HashSet;

use language::fold;

use crate::kinds::Priority;
use crate::request::ServiceRequest;
use crate::service::Service;
use crate::storm::rules::Danger;

/// Of a service with a target time for emergencies, and of one with a warning before anything is typed.
const OF_EMERGENCY_TARGET: i64 = 20;
const OF_WARNING: i64 = 30;
const OF_URGENT: i64 = 40;
const OF_EMERGENCY: i64 = 80;

/// From here on a report or incident is shown as dangerous.
pub const HIGH: i64 = 60;

pub fn danger(request: &ServiceRequest, service: &Service, rules: &Danger) -> i64 {
    let by_service = if service.about.emergency.is_some() {
        OF_WARNING
    } else if service.about.target.emergency.is_some() {
        OF_EMERGENCY_TARGET
    } else {
        0
    };
    let by_pack = rules.service.iter().filter(|d| d.service == service.code).map(|d| d.danger);
    let by_priority = match request.priority {
        Priority::Normal => 0,
        Priority::Urgent => OF_URGENT,
        Priority::Emergency => OF_EMERGENCY,
    };
    let answered = |question: &str, value: &str| {
        request.answers.iter().any(|a| a.code == question && a.values.iter().any(|v| v == value))
    };
    let by_answers = rules
        .answer
        .iter()
        .filter(|d| d.service == service.code && answered(&d.question, &d.value))
        .map(|d| d.danger);
    let words: HashSet<String> = fold::tokens(&request.words).into_iter().collect();
    let says = |text: &String| {
        let tokens = fold::tokens(text);
        !tokens.is_empty() && tokens.iter().all(|token| words.contains(token))
    };
    let by_words = rules.words.iter().filter(|d| d.any.iter().any(says)).map(|d| d.danger);
    let all = by_pack.chain(by_answers).chain(by_words);
    all.chain([by_service, by_priority]).max().unwrap_or(0).clamp(0, 100)
}
