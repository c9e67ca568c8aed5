//! What is new in a neighbourhood, for feed readers (Atom, RFC 4287).

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use calendar::Timestamp;
use door::Form;
use http::HeaderMap;
use language::{Lang, mask};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use requests::ServiceRequest;
use requests::list::Filter;
use territory::Level;
use words::Words;

use crate::address::absolute;
use crate::city::City;
use crate::native::{Call, Names, answered, filter, status_name, title_of};
use crate::open311::xml_text;
use crate::problem::No;
use crate::state::Api;

/// Entries of a feed.
const ENTRIES: u32 = 50;

pub(crate) fn routes() -> Router<Api> {
    Router::new().route("/feeds/{file}", get(whole_city)).route("/feeds/{level}/{file}", get(one_place))
}

async fn whole_city(
    State(api): State<Api>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        if file != "all.atom" {
            return Err(No::NotFound("feed-unknown"));
        }
        feed(&api, None, query.as_deref(), &headers).await
    };
    answered(answer.await, &headers)
}

async fn one_place(
    State(api): State<Api>,
    Path((level, file)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let answer = async {
        let id = file.strip_suffix(".atom").ok_or(No::NotFound("feed-unknown"))?.to_owned();
        let level = match Level::parse(&level) {
            Some(level @ (Level::District | Level::Neighbourhood)) => level,
            _ => return Err(No::NotFound("feed-unknown")),
        };
        feed(&api, Some((level, id)), query.as_deref(), &headers).await
    };
    answered(answer.await, &headers)
}

async fn feed(
    api: &Api,
    place: Option<(Level, String)>,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, No> {
    let query = Form::from_query(query)?;
    let Call { city, lang } = Call::of(api, &query, headers).await?;
    let (id, now, base) = (city.id, api.door.now(), absolute(&api.door, headers, ""));
    let body = api
        .door
        .db
        .read(move |tx| -> Result<Vec<u8>, No> {
            let (atlas, catalogue) = (territory::atlas(tx, id)?, requests::catalogue(tx, id)?);
            let mut asked = Filter { limit: ENTRIES, ..Filter::of(id) };
            let mut about = About {
                path: "all".into(),
                title: Words(lang).api_feed_all_plain(city.name(lang)),
                city,
                base,
                lang,
            };
            if let Some((level, text)) = place {
                let division = filter::division(&atlas, level, &text)?;
                match level {
                    Level::District => asked.district = Some(division),
                    _ => asked.neighbourhood = Some(division),
                }
                let name = atlas.division(division).map_or("", |division| division.name(lang));
                about.title = Words(lang).api_feed_place_plain(about.city.name(lang), name);
                about.path = format!("{}/{division}", level.code());
            }
            let found = requests::list::list(tx, &asked)?.requests;
            let names = Names { catalogue: &catalogue, atlas: &atlas, lang, now };
            Ok(write(&about, &names, &found).map_err(storage::Error::from)?)
        })
        .await?;
    Ok(door::etag::conditional(headers, "application/atom+xml; charset=utf-8", "public, max-age=60", body))
}

/// What a feed says about itself.
struct About {
    path: String,
    title: String,
    city: City,
    /// Scheme and host.
    base: String,
    lang: Lang,
}

impl About {
    /// A name for ever (RFC 4151): the address of the city may change, the feed stays the same.
    fn tag(&self, what: &str) -> String {
        format!("tag:{},2025:{what}", self.city.code)
    }
}

type Out = Writer<Vec<u8>>;

fn write(about: &About, names: &Names<'_>, requests: &[ServiceRequest]) -> std::io::Result<Vec<u8>> {
    let mut out = Writer::new(Vec::with_capacity(16 * 1024));
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    // An empty feed was last changed never; the oldest moment says so and stays the same.
    let updated = requests.iter().map(|request| request.updated_at).max().unwrap_or(Timestamp(0));
    let lang = about.lang.code();
    out.create_element("feed")
        .with_attributes([("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", lang)])
        .write_inner_content(|out| {
            element(out, "id", &about.tag(&format!("feed/{lang}/{}", about.path)))?;
            element(out, "title", &about.title)?;
            element(out, "updated", &updated.to_rfc3339_z())?;
            out.create_element("author")
                .write_inner_content(|out| element(out, "name", about.city.name(about.lang)))?;
            let own = format!(
                "{}/feeds/{}.atom?jurisdiction={}&lang={lang}",
                about.base, about.path, about.city.code
            );
            link(out, "self", "application/atom+xml", &own)?;
            link(out, "alternate", "text/html", &page(about, "/requests"))?;
            requests.iter().try_for_each(|request| entry(out, about, names, request))
        })?;
    Ok(out.into_inner())
}

fn entry(out: &mut Out, about: &About, names: &Names<'_>, request: &ServiceRequest) -> std::io::Result<()> {
    out.create_element("entry").write_inner_content(|out| {
        let code = request.code.to_string();
        element(out, "id", &about.tag(&format!("request/{code}")))?;
        element(out, "title", &title_of(names, request))?;
        element(out, "published", &request.requested_at.to_rfc3339_z())?;
        element(out, "updated", &request.updated_at.max(request.requested_at).to_rfc3339_z())?;
        link(out, "alternate", "text/html", &page(about, &format!("/requests/{code}")))?;
        out.create_element("category")
            .with_attributes([
                ("term", names.service(request.service).code.as_str()),
                ("label", names.service(request.service).name.as_str()),
            ])
            .write_empty()?;
        let status = status_name(about.lang, request.status);
        let words = mask::public_text(&request.words);
        let summary = if words.is_empty() { status.to_owned() } else { format!("{status}\n{words}") };
        out.create_element("summary")
            .with_attribute(("type", "text"))
            .write_text_content(BytesText::new(&xml_text(&summary)))?;
        Ok(())
    })?;
    Ok(())
}

/// The address of a page of this city in the language of the feed.
fn page(about: &About, path: &str) -> String {
    format!("{}{}?jurisdiction={}", about.base, door::lang::path(about.lang, path), about.city.code)
}

fn element(out: &mut Out, name: &str, text: &str) -> std::io::Result<()> {
    out.create_element(name).write_text_content(BytesText::new(&xml_text(text)))?;
    Ok(())
}

fn link(out: &mut Out, rel: &str, kind: &str, href: &str) -> std::io::Result<()> {
    out.create_element("link")
        .with_attributes([("rel", rel), ("type", kind), ("href", href)])
        .write_empty()?;
    Ok(())
}
