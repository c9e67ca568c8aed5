//! Numbers for the operator, on a listener of their own, so that no visitor ever reaches them.

use std::time::Duration;

use anyhow::{Context, Result};
use door::Door;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::settings::Settings;

const HTTP_SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Begins to count. Called before the first request.
pub fn begin() -> Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &HTTP_SECONDS)?
        .install_recorder()
        .context("counting")?;
    metrics::describe_counter!(
        "peyvand_http_requests_total",
        "Requests answered, by route, method and status"
    );
    metrics::describe_histogram!("peyvand_http_request_seconds", "Time to the beginning of the answer");
    metrics::describe_gauge!("peyvand_write_queue", "Writes that wait for their commit");
    metrics::describe_gauge!("peyvand_memory_bytes", "Memory that the process holds (resident)");
    metrics::gauge!("peyvand_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}

/// Serves `/metrics` until the door closes. A default address that is taken is only worth a warning.
pub async fn serve(settings: &Settings, door: Door, handle: PrometheusHandle) -> Result<()> {
    let Some(address) = &settings.metrics_listen else { return Ok(()) };
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(e) if !settings.metrics_chosen => {
            tracing::warn!("no metrics: {address}: {e}");
            return Ok(());
        }
        Err(e) => return Err(crate::end::wrong!("metrics_listen {address}: {e}")),
    };
    let sweeping = handle.clone();
    let leaving = door.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = leaving.closed() => return,
                () = tokio::time::sleep(Duration::from_secs(5)) => sweeping.run_upkeep(),
            }
        }
    });
    let router = api::metrics_router(door.clone(), move || {
        if let Some(bytes) = resident_bytes() {
            metrics::gauge!("peyvand_memory_bytes").set(bytes as f64);
        }
        handle.render()
    });
    tokio::spawn(async move {
        let closing = door.clone();
        if let Err(error) = door::serve(router, listener, async move { closing.closed().await }).await {
            tracing::error!(%error, "the metrics listener ended");
        }
    });
    Ok(())
}

/// Linux says so in pages of 4096 bytes; other systems are not asked.
fn resident_bytes() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(text.split(' ').nth(1)?.parse::<u64>().ok()? * 4096)
}
