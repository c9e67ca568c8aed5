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

pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/api/v1/requests.geojson", get(geojson::geojson))
        .route("/tiles/{z}/{x}/{file}", get(tiles::tile))
}
