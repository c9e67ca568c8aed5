//! Maps: GeoJSON for programs, vector tiles for our own pages.

mod borders; // borders laid on the map once, and made simpler for each zoom
pub(crate) mod geojson; // requests as features
mod mvt; // the encoding of a vector tile
mod tiles; // what is on a tile

use axum::Router;
use axum::routing::get;

use crate::state::Api;

pub(crate) use borders::Borders;
pub(crate) use tiles::TileKey;

/// Routes whose answers depend on the language of the reader.
pub(crate) fn spoken_routes() -> Router<Api> {
    Router::new().route("/api/v1/requests.geojson", get(geojson::geojson))
}

/// A tile holds names in every language, so it is the same for everybody.
pub(crate) fn tile_routes() -> Router<Api> {
    Router::new().route("/tiles/{z}/{x}/{file}", get(tiles::tile))
}
