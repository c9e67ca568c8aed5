//! Where the log goes: standard error, as text or as one JSON object in each line.

use std::io::IsTerminal;

use anyhow::Result;
use tracing_subscriber::EnvFilter;

use crate::end::wrong;
use crate::settings::Settings;

pub fn begin(settings: &Settings) -> Result<()> {
    let filter = EnvFilter::try_new(&settings.log).map_err(|e| wrong!("log: {e}"))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let ansi = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let begun = if settings.log_json {
        log.json().flatten_event(true).try_init()
    } else {
        log.with_ansi(ansi).with_target(false).try_init()
    };
    begun.map_err(|e| anyhow::anyhow!("the log could not be opened: {e}"))
}
