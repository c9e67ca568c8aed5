//! Everything, row by row, for spreadsheets.
//!
//! UTF-8 with a byte order mark, lines ended by CRLF (RFC 4180), so that the spreadsheets people have open it
//! unasked. The rows are read in pages on a thread for long reading and pass through a narrow channel, so that an
//! export of a million requests takes no more memory than one of a thousand, and stops when the reader goes away.

use std::io;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use calendar::{Timestamp, Zone};
use door::{Budget, Client, Form};
use http::{HeaderMap, header};
use language::{Lang, mask};
use requests::ServiceRequest;
use requests::list::Filter;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use words::Words;

use super::shapes::{Names, status_name};
use super::{Call, answered, filter};
use crate::state::Api;

/// Rows that are read at once.
const PAGE: u32 = 1_000;
/// Pages that wait for the reader.
const WAITING: usize = 2;

/// The columns in their order; the key of the message is `api-csv-` and the name with dashes.
const COLUMNS: [&str; 25] = [
    "code",
    "kind",
    "service_code",
    "service",
    "status",
    "open",
    "priority",
    "channel",
    "district",
    "neighbourhood",
    "address",
    "lat",
    "long",
    "unit",
    "requested_at",
    "requested_on_jalali",
    "updated_at",
    "due_at",
    "closed_at",
    "closed_on_jalali",
    "description",
    "status_note",
    "followers",
    "photos",
    "source",
];

/// Requests as a CSV file.
#[utoipa::path(
    get, path = "/requests.csv", tag = "requests", operation_id = "exportRequests",
    params(filter::Filters),
    responses((status = 200, description = "All that the filters let through, newest first; `limit` bounds it only when given.", body = String, content_type = "text/csv"))
)]
pub(crate) async fn export(
    State(api): State<Api>,
    client: Client,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let query = Form::from_query(query.as_deref())?;
        api.door.limits.check(Budget::Search, client)?;
        let Call { city, lang } = Call::of(&api, &query, &headers).await?;
        let (id, now) = (city.id, api.door.now());
        let most = filter::whole(&query, "limit", i64::from(requests::list::MOST))?;
        let filter = api
            .door
            .db
            .read(move |tx| {
                let (atlas, catalogue) = (territory::atlas(tx, id)?, requests::catalogue(tx, id)?);
                filter::read(&query, &atlas, &catalogue, now)
            })
            .await?;
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write_all(api.clone(), filter, most, lang, now, sender));
        let name = format!(
            "attachment; filename=\"requests-{}.csv\"",
            city.code.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
        );
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ];
        Ok((headers, Body::from_stream(ReceiverStream::new(receiver))).into_response())
    };
    answered(answer.await, &headers)
}

type Page = Result<Bytes, io::Error>;

async fn write_all(
    api: Api,
    mut filter: Filter,
    most: Option<i64>,
    lang: Lang,
    now: Timestamp,
    to: mpsc::Sender<Page>,
) {
    if to.send(Ok(head(lang))).await.is_err() {
        return;
    }
    let mut left = most.unwrap_or(i64::MAX);
    while left > 0 {
        filter.limit = PAGE.min(u32::try_from(left).unwrap_or(PAGE));
        let asked = filter.clone();
        let page = api.door.db.read_slow(move |tx| -> Result<_, storage::Error> {
            let page = requests::list::list(tx, &asked)?;
            let (atlas, catalogue) =
                (territory::atlas(tx, asked.jurisdiction)?, requests::catalogue(tx, asked.jurisdiction)?);
            let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now };
            Ok((rows(&names, &page.requests), page.requests.len(), page.next))
        });
        let (sent, next) = match page.await {
            Ok((bytes, count, next)) => {
                left -= count as i64;
                (to.send(Ok(bytes)).await, next)
            }
            Err(error) => {
                tracing::warn!(%error, "an export was broken off");
                // A broken connection says that the file is not whole; an ended one would not.
                (to.send(Err(io::Error::other("broken off"))).await, None)
            }
        };
        match next {
            Some(before) if sent.is_ok() && !api.door.is_closing() => filter.before = Some(before),
            _ => return,
        }
    }
}

fn writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new())
}

fn finished(writer: csv::Writer<Vec<u8>>) -> Vec<u8> {
    // Writing into memory cannot fail.
    writer.into_inner().unwrap_or_default()
}

/// The mark and the header row: each name as people say it, with the name for programs in brackets.
fn head(lang: Lang) -> Bytes {
    let mut out = writer();
    let names = COLUMNS.map(|column| {
        let key = format!("api-csv-{}", column.replace('_', "-"));
        format!("{} [{column}]", Words(lang).by_key(&key).unwrap_or(column))
    });
    let _ = out.write_record(names);
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    bytes.extend(finished(out));
    bytes.into()
}

fn rows(names: &Names<'_>, requests: &[ServiceRequest]) -> Bytes {
    let mut out = writer();
    for request in requests {
        let _ = out.write_record(row(names, request));
    }
    finished(out).into()
}

fn row(names: &Names<'_>, request: &ServiceRequest) -> [String; 25] {
    let zone: &Zone = &names.atlas.jurisdiction.zone;
    let time = |at: Option<Timestamp>| at.map(|at| at.to_rfc3339(zone)).unwrap_or_default();
    let jalali = |at: Option<Timestamp>| at.map(|at| at.day(zone).jalali().to_string()).unwrap_or_default();
    let place = |id: Option<i64>| {
        id.and_then(|id| names.atlas.division(id)).map_or("", |d| d.name(names.lang)).to_owned()
    };
    let service = names.service(request.service);
    [
        request.code.to_string(),
        request.kind.code().into(),
        safe(service.code),
        safe(service.name),
        status_name(names.lang, request.status).into(),
        u8::from(request.status.is_open()).to_string(),
        request.priority.code().into(),
        request.channel.code().into(),
        safe(place(request.district)),
        safe(place(request.neighbourhood)),
        safe(mask::public_text(&request.address)),
        request.point.map(|p| p.lat.to_string()).unwrap_or_default(),
        request.point.map(|p| p.long.to_string()).unwrap_or_default(),
        safe(names.catalogue.unit_name(request.unit, names.lang).to_owned()),
        time(Some(request.requested_at)),
        jalali(Some(request.requested_at)),
        time(Some(request.updated_at)),
        time(request.due_at),
        time(request.closed_at),
        jalali(request.closed_at),
        safe(mask::public_text(&request.words)),
        safe(mask::public_text(&request.status_note)),
        request.followers.to_string(),
        request.photos.to_string(),
        safe(request.source.clone()),
    ]
}

/// Text that a spreadsheet will not take for a formula (OWASP, CSV injection). Some read the wide signs of East Asian
/// keyboards as the narrow ones.
fn safe(text: String) -> String {
    match text.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@' | '|' | '%' | '＝' | '＋' | '－' | '＠') => format!("'{text}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn nothing_begins_like_a_formula() {
        for text in ["=1+1", "+1", "-1", "@a", "|a", "%a", " =1", "＝1", "＋1", "－1", "＠a"] {
            assert_eq!(safe(text.into()), format!("'{text}"));
        }
        for text in ["", "چاله", "12", "a=b", "«=»"] {
            assert_eq!(safe(text.into()), text);
        }
    }
}
