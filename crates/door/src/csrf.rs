//! Forms are sent from our own pages only.
//!
//! Browsers say with every form where it was sent from (`Sec-Fetch-Site`, `Origin`), so no secret token has to be
//! hidden in pages, and pages stay the same for everyone. Programs say neither and pass: they have no cookie that
//! another site could borrow. For the pages' routes; the programming interface has keys and no cookies.

use tower_http::csrf::CsrfLayer;

use crate::settings::Settings;

/// The layer for the routes of pages. Behind a proxy that changes `Host`, `public_url` says which origin is ours.
pub fn layer(settings: &Settings) -> CsrfLayer {
    let layer = CsrfLayer::new();
    let Some(origin) = settings.public_url.as_deref().and_then(origin) else { return layer };
    match layer.clone().add_trusted_origin(origin) {
        Ok(layer) => layer,
        Err(error) => {
            tracing::warn!(%error, "public_url is no origin that a browser could name");
            layer
        }
    }
}

/// `https://137.example.ir` of `https://137.example.ir/city`.
fn origin(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next().unwrap_or(rest);
    url.get(..scheme.len() + 3 + host.len())
}
