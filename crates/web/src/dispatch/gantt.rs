//! A crew's day as a drawing: its shift, its pause, its stops. Time runs with the reading direction, so that "next" is
//! always where the eye goes next: to the left in Persian, to the right in English.

use calendar::{Timestamp, Zone, words as dates};
use dispatch::day::Duty;
use dispatch::{OrderStatus, WorkOrder};
use language::Lang;
use words::Words;

use super::row::Row;

/// Hours of the drawing, the first of them past.
const HOURS: i64 = 12;
/// Drawn units for one hour; a stop of a quarter of an hour can still be touched.
const HOUR: i64 = 128;
/// No stop is drawn narrower.
const NARROWEST: i64 = 28;
pub const WIDTH: i64 = HOURS * HOUR;

/// Which moment stands where.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    from: Timestamp,
    is_rtl: bool,
}

pub struct Tick {
    pub x: i64,
    pub text: String,
}

/// A length of time in the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub x: i64,
    pub width: i64,
}

pub struct Stop {
    pub span: Span,
    /// Where its words begin.
    pub text_x: i64,
    pub label: String,
    /// All of it, for those who hear it or stop at it.
    pub words: String,
    pub row: Row,
}

/// What `dispatch/lane.html` draws.
pub struct Drawing {
    pub shift: Option<Span>,
    pub pause: Option<Span>,
    pub stops: Vec<Stop>,
}

impl Scale {
    pub fn new(now: Timestamp, lang: Lang, zone: &Zone) -> Scale {
        let into_hour = i64::from(now.minute_of_day(zone) % 60);
        let from = now.plus_minutes(-60 - into_hour).plus_millis(-now.0.rem_euclid(60_000));
        Scale { from, is_rtl: lang == Lang::Fa }
    }

    /// Units after the beginning, whatever the direction.
    fn along(&self, at: Timestamp) -> i64 {
        (at.millis_since(self.from).saturating_mul(HOUR) / 3_600_000).clamp(0, WIDTH)
    }

    fn placed(&self, begin: i64, end: i64) -> Span {
        let width = (end - begin).max(0);
        Span { x: if self.is_rtl { WIDTH - end } else { begin }, width }
    }

    /// Nothing for what lies outside of the drawing.
    pub fn span(&self, from: Timestamp, until: Timestamp) -> Option<Span> {
        let (begin, end) = (self.along(from), self.along(until));
        (end > begin).then(|| self.placed(begin, end))
    }

    pub fn x(&self, at: Timestamp) -> i64 {
        let along = self.along(at);
        if self.is_rtl { WIDTH - along } else { along }
    }

    pub fn ticks(&self, w: Words, zone: &Zone) -> Vec<Tick> {
        (0..HOURS)
            .map(|hour| {
                let at = self.from.plus_hours(hour);
                Tick { x: self.x(at), text: dates::time(w.lang(), at.minute_of_day(zone)) }
            })
            .collect()
    }

    /// Draws one crew. `orders` are its open stops in their order, with their rows.
    pub fn draw(
        &self,
        duty: &Duty,
        orders: &[(&WorkOrder, Row)],
        w: Words,
        now: Timestamp,
        zone: &Zone,
    ) -> Drawing {
        let shift = self.span(duty.shift.starts_at, duty.shift.over_at());
        let pause = duty
            .shift
            .rest
            .and_then(|rest| self.span(rest.from, rest.from.plus_millis(rest.length.saturating_mul(1000))));
        let mut stops = Vec::new();
        // Where the stop before ends, in time and in the drawing: nothing covers anything else.
        let (mut free, mut edge) = (now, 0);
        for (order, row) in orders {
            let length = order.duration.max(60).saturating_mul(1000);
            let begin = match order.status {
                OrderStatus::OnSite => order.on_site_at.unwrap_or(now),
                _ => order.planned_at.unwrap_or(free),
            };
            let end =
                order.planned_end.filter(|end| *end > begin).unwrap_or_else(|| begin.plus_millis(length));
            free = free.max(end);
            let from = self.along(begin).max(edge);
            let until = self.along(end).max(from + NARROWEST);
            edge = until + 2;
            if from >= WIDTH || until <= 0 {
                continue;
            }
            let span = self.placed(from, until.min(WIDTH));
            let time = |at: Timestamp| dates::time(w.lang(), at.minute_of_day(zone));
            let mut words =
                w.dispatch_stop(&time(begin), &row.line(), row.status_name, &time(end), row.urgency_name);
            if !row.due.is_empty() {
                words.push_str(&w.dispatch_stop_due(&row.due));
            }
            stops.push(Stop {
                span,
                text_x: if self.is_rtl { span.width - 7 } else { 7 },
                label: row.line(),
                words,
                row: row.clone(),
            });
        }
        Drawing { shift, pause, stops }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(lang: Lang) -> (Scale, Timestamp) {
        let zone = Zone::named("Asia/Tehran").unwrap();
        let now = Timestamp(1_794_637_800_000);
        (Scale::new(now, lang, &zone), now)
    }

    #[test]
    fn time_runs_with_the_reading_direction() {
        for (lang, is_rising) in [(Lang::Fa, false), (Lang::En, true)] {
            let (scale, now) = scale(lang);
            let (first, second) = (scale.x(now), scale.x(now.plus_hours(1)));
            assert_eq!(second > first, is_rising, "{lang:?}");
            let span = scale.span(now, now.plus_hours(1)).unwrap();
            assert_eq!(span.width, HOUR);
            assert_eq!(span.x, first.min(second));
        }
    }

    #[test]
    fn what_lies_outside_is_not_drawn() {
        let (scale, now) = scale(Lang::Fa);
        assert_eq!(scale.span(now.plus_hours(-9), now.plus_hours(-8)), None);
        assert_eq!(scale.span(now.plus_hours(20), now.plus_hours(30)), None);
        let all = scale.span(now.plus_hours(-20), now.plus_hours(40)).unwrap();
        assert_eq!((all.x, all.width), (0, WIDTH));
    }
}
