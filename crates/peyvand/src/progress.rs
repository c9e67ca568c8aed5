//! Bars on long work, for a person who is waiting. Silent when nobody sits at a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of a known length.
pub fn bar(what: &str, length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:24} {bar:32} {human_pos}/{human_len} {elapsed}");
    with(ProgressBar::new(length), what, style)
}

/// A bar in bytes of a file that is being read.
pub fn bytes(what: &str, length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:24} {bar:32} {bytes}/{total_bytes} {elapsed}");
    with(ProgressBar::new(length), what, style)
}

/// A count without a known end.
pub fn count(what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:24} {human_pos} {elapsed}");
    with(ProgressBar::no_length(), what, style)
}

fn with(
    bar: ProgressBar,
    what: &str,
    style: Result<ProgressStyle, indicatif::style::TemplateError>,
) -> ProgressBar {
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    if !bar.is_hidden() {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    bar
}
