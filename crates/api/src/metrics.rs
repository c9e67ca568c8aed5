//! Figures about the program, in the text form that Prometheus reads.
//!
//! They say how busy the city is, which is the operator's business, so they live on a listener of their own and not
//! on the public one.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use door::Door;
use http::header;

/// `/metrics` for the operator's listener. `render` writes down what the recorder of the program has counted.
pub fn metrics_router(door: Door, render: impl Fn() -> String + Send + Sync + 'static) -> Router {
    let render = Arc::new(render);
    Router::new().route(
        "/metrics",
        get(move || async move {
            metrics::gauge!("peyvand_write_queue").set(door.db.queue_length() as f64);
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], render())
        }),
    )
}
