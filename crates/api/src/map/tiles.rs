//! What is on a tile: districts, neighbourhoods, their names, and requests.
//!
//! Layers and properties are what `assets/script/map.mjs` draws: `districts` and `neighbourhoods` with `name`; `labels`
//! with `kind` and `name`; `requests` with `n` and, when it is one request, `code`, `title`, `status`, `service`, `open`
//! and `late`. A tile is packed once and kept for some seconds, since everybody looks at the same few.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use door::{Budget, Client, Form};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use requests::list::{Filter, Spot};
use requests::map::{Asked, Mark, marks};
use requests::{Catalogue, RequestId};
use storage::Tx;
use territory::{Atlas, Bounds, Level, Located, Point, cell};

use super::borders::{CityBorders, Frame};
use super::mvt::{Layer, Value};
use crate::native::{Call, Names, answered, filter, title_of};
use crate::problem::No;
use crate::state::Api;

/// City, zoom, column, row, and everything else that was asked for.
pub(crate) type TileKey = (i64, u32, u32, u32, String);

const KIND: &str = "application/vnd.mapbox-vector-tile";
const KEEP: &str = "public, max-age=10";
/// Borders of neighbourhoods are drawn from this zoom on, their names a little later.
const NEIGHBOURHOODS_FROM: u32 = 10;
const NAMES_FROM: u32 = 12;
/// Nobody looks nearer; the map enlarges what it has.
const DEEPEST: u32 = 18;
/// Requests that are marks of their own on one tile.
const MOST_SINGLES: usize = 3_000;
/// Requests that are read whole in one statement.
const MOST_AT_ONCE: usize = 1_000;
/// Cells along the side of a tile into which such requests are gathered.
const GATHER_BITS: u32 = 5;
/// From this zoom on, each request is a mark of its own.
const SINGLES_FROM: u32 = 16;

pub(crate) async fn tile(
    State(api): State<Api>,
    client: Client,
    Path((z, x, file)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let name = file.strip_suffix(".mvt").or_else(|| file.strip_suffix(".pbf"));
        let (z, x, y) = (number(Some(&z))?, number(Some(&x))?, number(name)?);
        let frame = Frame::new(z, x, y).filter(|_| z <= DEEPEST).ok_or(No::NotFound("tile-unknown"))?;
        api.door.limits.check(Budget::Tile, client)?;
        let form = Form::from_query(query.as_deref())?;
        // What the browser would rather read has no say, or every cache would need a copy for each wish.
        let Call { city, lang } = Call::of(&api, &form, &HeaderMap::new()).await?;
        let now = api.door.now();
        let asked: String = query.unwrap_or_default().chars().take(500).collect();
        let key: TileKey = (city.id, z, x, y, format!("{}?{asked}", lang.code()));
        if let Some(packed) = api.tiles.get(&key, now) {
            return respond(&headers, packed);
        }
        let (id, state) = (city.id, api.clone());
        let packed = api
            .door
            .db
            .read(move |tx| -> Result<Bytes, No> {
                let (atlas, catalogue) = (territory::atlas(tx, id)?, requests::catalogue(tx, id)?);
                let borders = state.borders.of(&atlas);
                let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now };
                let mut tile = Vec::new();
                ground(&names, &borders, &frame, &mut tile);
                let marks = asked_marks(tx, &form, &atlas, &catalogue, &names, (z, x, y), &frame)?;
                draw(&names, &frame, &marks).write(&mut tile);
                Ok(pack(&tile)?)
            })
            .await?;
        api.tiles.put(key, packed.clone(), now);
        respond(&headers, packed)
    };
    answered(answer.await, &headers)
}

fn number(text: Option<&str>) -> Result<u32, No> {
    text.and_then(|text| text.parse().ok()).ok_or(No::NotFound("tile-unknown"))
}

fn pack(tile: &[u8]) -> Result<Bytes, storage::Error> {
    let mut packer = GzEncoder::new(Vec::with_capacity(tile.len() / 2), Compression::fast());
    packer.write_all(tile)?;
    Ok(packer.finish()?.into())
}

fn respond(headers: &HeaderMap, packed: Bytes) -> Result<Response, No> {
    let takes_gzip = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            matches!(name.trim(), "gzip" | "*")
                && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        });
    let mut response = if takes_gzip {
        let mut response = door::etag::conditional(headers, KIND, KEEP, packed);
        if response.status() == StatusCode::OK {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    } else {
        let mut plain = Vec::new();
        GzDecoder::new(packed.as_ref()).read_to_end(&mut plain).map_err(storage::Error::from)?;
        door::etag::conditional(headers, KIND, KEEP, plain).into_response()
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

/// Borders and names.
fn ground(names: &Names<'_>, borders: &CityBorders, frame: &Frame, tile: &mut Vec<u8>) {
    let mut layers = [Layer::new("districts"), Layer::new("neighbourhoods")];
    borders.on_tile(frame, |shape, rings| {
        let Some(division) = names.atlas.division(shape.division) else { return };
        let n = match shape.level {
            Level::District => 0,
            _ if frame.z < NEIGHBOURHOODS_FROM => return,
            _ => 1,
        };
        let properties = [
            ("name", Value::Text(division.name(names.lang).to_owned())),
            ("name_fa", Value::Text(division.name_fa.clone())),
            ("name_en", Value::Text(division.name_en.clone())),
            ("code", Value::Text(division.code.clone())),
            ("id", Value::Text(division.id.to_string())),
        ];
        if let Some(layer) = layers.get_mut(n) {
            layer.polygon(None, &rings, &properties);
        }
    });
    for layer in layers {
        layer.write(tile);
    }
    let mut labels = Layer::new("labels");
    for level in [Level::District, Level::Neighbourhood] {
        if level == Level::Neighbourhood && frame.z < NAMES_FROM {
            continue;
        }
        for division in names.atlas.divisions(level) {
            let Some(at) = division.label.and_then(|point| frame.point(point)) else { continue };
            let properties = [
                ("kind", Value::Text(level.code().into())),
                ("code", Value::Text(division.code.clone())),
                ("name", Value::Text(division.name(names.lang).to_owned())),
                ("name_fa", Value::Text(division.name_fa.clone())),
                ("name_en", Value::Text(division.name_en.clone())),
            ];
            labels.point(None, at, &properties);
        }
    }
    labels.write(tile);
}

/// What a request or a heap of them looks like on a tile.
fn draw(names: &Names<'_>, frame: &Frame, marks: &[Mark]) -> Layer {
    let mut layer = Layer::new("requests");
    for mark in marks {
        match mark {
            Mark::Many { point, count, open } => {
                let Some(at) = frame.point(*point) else { continue };
                let whole = |n: i64| Value::Whole(u64::try_from(n).unwrap_or(0));
                layer.point(None, at, &[("n", whole(*count)), ("open", whole(*open))]);
            }
            Mark::One(request) => {
                let Some(at) = request.point.and_then(|point| frame.point(point)) else { continue };
                let truth = |is: bool| Value::Whole(u64::from(is));
                let properties = [
                    ("n", Value::Whole(1)),
                    ("open", truth(request.status.is_open())),
                    ("late", truth(request.is_overdue(names.now))),
                    ("code", Value::Text(request.code.to_string())),
                    ("title", Value::Text(title_of(names, request))),
                    ("status", Value::Text(request.status.code().into())),
                    ("service", Value::Text(names.service(request.service).code)),
                ];
                layer.point(None, at, &properties);
            }
        }
    }
    layer
}

/// The marks of what was asked for. Openness, services and places are read from the counts; anything finer is a list
/// of the newest, gathered into cells.
fn asked_marks(
    tx: &mut Tx<'_>,
    form: &Form,
    atlas: &Arc<Atlas>,
    catalogue: &Catalogue,
    names: &Names<'_>,
    (z, x, y): (u32, u32, u32),
    frame: &Frame,
) -> Result<Vec<Mark>, No> {
    let filter = filter::read(form, atlas, catalogue, names.now)?;
    if let Some(asked) = simply(&filter) {
        let mut found = marks(tx, filter.jurisdiction, z, x, y, &asked)?;
        if filter.open == Some(false) {
            found = found.into_iter().filter_map(without_open).collect();
        }
        if filter.district.is_some() || filter.neighbourhood.is_some() {
            found.retain(|mark| is_in(atlas, mark, filter.district, filter.neighbourhood));
        }
        return Ok(found);
    }
    let (low, high) = frame.corners();
    let tile = Bounds::of(low, high);
    let bounds = match filter.bounds.map(|asked| common(asked, tile)) {
        None => tile,
        Some(Some(common)) => common,
        Some(None) => return Ok(Vec::new()),
    };
    let filter = Filter { bounds: Some(bounds), before: None, ..filter };
    let found = requests::list::spots(tx, &filter)?;
    let (mut heaps, mut alone) = (Vec::new(), Vec::new());
    if z >= SINGLES_FROM {
        alone.extend(found.iter().take(MOST_SINGLES).map(|spot| spot.id));
    } else {
        gather(&found, z, &mut heaps, &mut alone);
    }
    for some in alone.chunks(MOST_AT_ONCE) {
        let found = requests::find::by_ids(tx, filter.jurisdiction, some)?;
        heaps.extend(found.into_iter().map(|request| Mark::One(Box::new(request))));
    }
    Ok(heaps)
}

/// The filter as the counts know it, if it asks for nothing else.
fn simply(filter: &Filter) -> Option<Asked> {
    let Filter { jurisdiction, services, district, neighbourhood, limit, .. } = filter.clone();
    let plain = Filter {
        jurisdiction,
        services: services.clone(),
        district,
        neighbourhood,
        limit,
        open: filter.open,
        ..Filter::default()
    };
    (plain == *filter).then_some(Asked { open: filter.open == Some(true), services })
}

/// What is over, of a mark that counts everything.
fn without_open(mark: Mark) -> Option<Mark> {
    match mark {
        Mark::Many { point, count, open } => {
            (count > open).then_some(Mark::Many { point, count: count - open, open: 0 })
        }
        Mark::One(request) => (!request.status.is_open()).then_some(Mark::One(request)),
    }
}

fn is_in(atlas: &Atlas, mark: &Mark, district: Option<i64>, neighbourhood: Option<i64>) -> bool {
    let (own_district, own_neighbourhood) = match mark {
        Mark::One(request) => (request.district, request.neighbourhood),
        // A cell belongs where its middle lies: right but for the cells on a border.
        Mark::Many { point, .. } => match atlas.locate(*point) {
            Located::Inside(place) => (place.district, place.neighbourhood),
            _ => (None, None),
        },
    };
    (district.is_none() || district == own_district)
        && (neighbourhood.is_none() || neighbourhood == own_neighbourhood)
}

fn common(a: Bounds, b: Bounds) -> Option<Bounds> {
    let min = Point { lat: a.min.lat.max(b.min.lat), long: a.min.long.max(b.min.long) };
    let max = Point { lat: a.max.lat.min(b.max.lat), long: a.max.long.min(b.max.long) };
    (min.lat <= max.lat && min.long <= max.long).then_some(Bounds { min, max })
}

/// Gathers requests into the cells of a tile; one that is alone in its cell stays itself.
fn gather(found: &[Spot], z: u32, heaps: &mut Vec<Mark>, alone: &mut Vec<RequestId>) {
    let mut cells: BTreeMap<i64, Vec<&Spot>> = BTreeMap::new();
    for spot in found {
        cells.entry(cell::prefix(cell::of(spot.point), z + GATHER_BITS)).or_default().push(spot);
    }
    for here in cells.into_values() {
        if let [spot] = here.as_slice() {
            alone.push(spot.id);
            continue;
        }
        let count = here.len() as i64;
        let open = here.iter().filter(|spot| spot.is_open).count() as i64;
        // The mean, so that a disc stands among what it counts.
        let (lat, long) = here.iter().fold((0.0, 0.0), |sum, s| (sum.0 + s.point.lat, sum.1 + s.point.long));
        if let Some(point) = Point::new(lat / count as f64, long / count as f64) {
            heaps.push(Mark::Many { point, count, open });
        }
    }
}
