//! A city in memory, and visitors who read its pages.

use std::path::Path;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use calendar::Timestamp;
use door::{Clock, Door, Settings};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use language::Lang;
use people::{Act, Actor, Dice, Role};
use requests::moves::Step;
use requests::{Channel, Contact, Draft, PlaceDraft, RequestId, Status, Submitted, catalogue, figures};
use storage::Db;
use storage::files::Files;
use tower::ServiceExt;

/// Saturday 23 Aban 1405, 10:00.
pub const NOW: Timestamp = requests::samples::NOW;
/// A crossing in the middle of the city of the pack.
pub const HERE: (f64, f64) = (35.7219, 51.4056);

struct Packs {
    ground: territory::pack::Pack,
    services: requests::pack::Pack,
}

fn pack(name: &str) -> Packs {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities").join(name);
    Packs {
        ground: territory::pack::read(&folder).unwrap(),
        services: requests::pack::read(&folder).unwrap(),
    }
}

static WITH_BORDERS: LazyLock<Packs> = LazyLock::new(|| pack("tehran"));
static BY_NAME: LazyLock<Packs> = LazyLock::new(|| pack("shiraz"));

pub struct City {
    pub door: Door,
    pub router: Router,
    pub id: i64,
}

impl City {
    /// A city with borders at home, and a second one without.
    pub fn new() -> City {
        City::with(Settings { rate_limits: false, ..Settings::default() })
    }

    pub fn with(settings: Settings) -> City {
        let folder = tempfile::tempdir().unwrap().keep();
        let (db, files) = (Db::temporary().unwrap(), Files::open(folder).unwrap());
        let door = Door::with(db, files, settings, Clock::fixed(NOW), Dice::seeded(137));
        let mut ids = Vec::new();
        for packs in [&*WITH_BORDERS, &*BY_NAME] {
            let act = door.act(Actor::System("test"));
            let (ground, services) = (packs.ground.clone(), packs.services.clone());
            let id = door.db.write_blocking(move |tx| -> Result<i64, storage::Error> {
                let id = territory::pack::load(tx, &act, &ground).unwrap().jurisdiction_id;
                requests::pack::load(tx, &act, id, &services).unwrap();
                Ok(id)
            });
            ids.push(id.unwrap());
        }
        let router = door::layers(crate::router(door.clone()), &door);
        City { door, router, id: ids[0] }
    }

    /// One with requests in every state.
    pub fn lively() -> (City, Vec<Submitted>) {
        let city = City::new();
        let mut all = Vec::new();
        for (n, status) in Status::ALL.iter().enumerate() {
            let service = if n % 2 == 0 { "fallen-tree" } else { "asphalt-patch" };
            let sent = city.submit(&city.draft(service));
            city.lead(sent.id, *status, all.first().map(|first: &Submitted| first.id));
            all.push(sent);
        }
        city.count();
        (city, all)
    }

    pub fn draft(&self, service: &str) -> Draft {
        let mut draft = Draft::new(self.id, Channel::Web, Lang::Fa);
        draft.service_code = service.into();
        draft.words = "درخت بزرگی افتاده است. تماس: ۰۹۱۲۱۲۳۴۵۶۷".into();
        draft.place =
            PlaceDraft {
                point: Some(HERE), division: None, address: "خیابان ولی‌عصر، کوچهٔ Yas".into()
            };
        draft.contact =
            Contact { name: "مینا".into(), mobile: "09121234567".into(), ..Contact::default() };
        draft.answers = self.first_answers(service);
        draft
    }

    /// The first answer to every question that must be answered.
    pub fn first_answers(&self, service: &str) -> Vec<(String, Vec<String>)> {
        let (id, code) = (self.id, service.to_owned());
        let read = self.door.db.read_blocking(move |tx| -> Result<_, storage::Error> {
            let catalogue = catalogue(tx, id)?;
            let questions = &catalogue.by_code(&code).unwrap().about.attributes;
            let needed = questions.iter().filter(|q| q.required);
            Ok(needed
                .map(|q| (q.code.clone(), vec![q.values.first().map_or("1".into(), |v| v.key.clone())]))
                .collect())
        });
        read.unwrap()
    }

    pub fn submit(&self, draft: &Draft) -> Submitted {
        let (act, draft) = (self.door.act(Actor::Citizen), draft.clone());
        let sent = self.door.db.write_blocking(move |tx| match requests::submit(tx, &act, &draft) {
            Ok(sent) => Ok(sent),
            Err(requests::SubmitError::Failure(failure)) => Err(failure),
            Err(other) => panic!("{other:?}"),
        });
        sent.unwrap()
    }

    /// The city's supervisor.
    pub fn act(&self) -> Act {
        let by = Actor::Key {
            jurisdiction: self.id,
            id: 1,
            name: "نمونه".into(),
            role: Role::Supervisor,
            unit: None,
            scopes: people::keys::KeyScopes::ALL,
        };
        self.door.act(by)
    }

    /// Brings a request to a state by the moves that lead there.
    pub fn lead(&self, id: RequestId, to: Status, other: Option<RequestId>) {
        let way: &[Status] = match to {
            Status::Received => &[],
            Status::Reopened => &[Status::Answered, Status::Reopened],
            Status::Closed => &[Status::Answered, Status::Closed],
            Status::InProgress => &[Status::Assigned, Status::InProgress],
            _ => &[to],
        };
        for status in way {
            let (act, jurisdiction, status) = (self.act(), self.id, *status);
            let moved = self.door.db.write_blocking(move |tx| -> Result<(), storage::Error> {
                let unit = catalogue(tx, jurisdiction)?.units().map(|unit| unit.id).min();
                let step = Step {
                    unit, same_as: other, ..Step::to(status).saying("به زودی انجام می‌شود.")
                };
                requests::moves::make(tx, &act, jurisdiction, id, &step).unwrap();
                Ok(())
            });
            moved.unwrap();
        }
    }

    /// Lets the follower of figures catch up.
    pub fn count(&self) {
        storage::followers::catch_up_blocking(&self.door.db, figures::FOLLOWER).unwrap();
    }

    pub async fn get(&self, path: &str) -> Seen {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let pairs = fields.iter().map(|(name, value)| {
            let code =
                |text: &str| percent_encoding::utf8_percent_encode(text, crate::page::PLAIN).to_string();
            format!("{}={}", code(name), code(value))
        });
        let body = pairs.collect::<Vec<_>>().join("&");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "127.0.0.1")
            .body(Body::from(body));
        self.ask(request.unwrap()).await
    }

    /// Sends the form on a page as it stands, with some fields filled in.
    pub async fn send(&self, page: &Seen, to: &str, filled: &[(&str, &str)]) -> Seen {
        let mut fields = page.fields();
        for (name, value) in filled {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post(to, &fields).await
    }

    pub async fn upload(
        &self,
        page: &Seen,
        to: &str,
        filled: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Seen {
        let mut body = Vec::new();
        let mut fields = page.fields();
        fields.retain(|(name, _)| filled.iter().all(|(known, _)| known != name));
        let filled = filled.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        for (name, value) in fields.into_iter().chain(filled) {
            let part =
                format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, bytes) in files {
            let head = "--line\r\nContent-Disposition: form-data; name=\"media\"; filename=\"";
            body.extend_from_slice(format!("{head}{name}\"\r\nContent-Type: image/jpeg\r\n\r\n").as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--line--\r\n");
        let request = Request::post(to).header(header::CONTENT_TYPE, "multipart/form-data; boundary=line");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn ask(&self, request: Request<Body>) -> Seen {
        let path = request.uri().to_string();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        // A stream of news has no end.
        let is_stream =
            parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes = if is_stream { Default::default() } else { body.collect().await.unwrap().to_bytes() };
        Seen {
            path,
            status: parts.status,
            headers: parts.headers,
            html: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// How many requests there are.
    pub fn requests(&self) -> usize {
        let filter =
            requests::list::Filter { private_too: true, limit: 1000, ..requests::list::Filter::of(self.id) };
        self.door.db.read_blocking(move |tx| requests::list::list(tx, &filter)).unwrap().requests.len()
    }
}

/// A page as somebody sees it.
pub struct Seen {
    pub path: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub html: String,
}

impl Seen {
    #[track_caller]
    pub fn is(self, status: u16) -> Seen {
        assert_eq!(self.status.as_u16(), status, "{}\n{}", self.path, self.html);
        self
    }

    #[track_caller]
    pub fn sees(self, words: &str) -> Seen {
        assert!(self.text().contains(words), "{} does not say {words:?}:\n{}", self.path, self.text());
        self
    }

    #[track_caller]
    pub fn misses(self, words: &str) -> Seen {
        assert!(!self.html.contains(words), "{} says {words:?}", self.path);
        self
    }

    /// The words of the main part, without tags and without the marks that isolate directions.
    pub fn text(&self) -> String {
        let main = self.html.split_once("<main").map_or(self.html.as_str(), |(_, rest)| rest);
        let main = main.split_once("</main>").map_or(main, |(main, _)| main);
        let mut out = String::new();
        let mut inside = true;
        for letter in main.chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                _ if inside => {}
                '\u{2068}' | '\u{2069}' => {}
                letter => out.push(letter),
            }
        }
        plain(&out)
    }

    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// The fields of the forms in the main part that would be sent as the page stands.
    pub fn fields(&self) -> Vec<(String, String)> {
        let main = self.html.split_once("<main").map_or("", |(_, rest)| rest);
        let mut fields = Vec::new();
        for tag in main.split("<input").skip(1).filter_map(|rest| rest.split('>').next()) {
            let kind = attribute(tag, "type").unwrap_or_default();
            let is_choice = kind == "radio" || kind == "checkbox";
            let Some(name) = attribute(tag, "name") else { continue };
            if kind != "file" && (!is_choice || tag.contains(" checked")) {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        }
        for part in main.split("<textarea").skip(1) {
            let (tag, rest) = part.split_once('>').unwrap();
            let text = rest.split("</textarea>").next().unwrap_or("");
            fields.push((attribute(tag, "name").unwrap(), plain(text.strip_prefix('\n').unwrap_or(text))));
        }
        for part in main.split("<select").skip(1) {
            let (tag, rest) = part.split_once('>').unwrap();
            let list = rest.split("</select>").next().unwrap_or("");
            let chosen = list
                .split("<option")
                .skip(1)
                .find(|option| option.split('>').next().is_some_and(|t| t.contains(" selected")));
            let value = chosen.or(list.split("<option").nth(1)).and_then(|option| attribute(option, "value"));
            fields.push((attribute(tag, "name").unwrap(), value.unwrap_or_default()));
        }
        fields
    }

    pub fn field(&self, name: &str) -> Option<String> {
        self.fields().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Every address on the page that leads to a page or takes a form.
    pub fn addresses(&self) -> Vec<String> {
        let mut found = Vec::new();
        for name in ["href", "action", "formaction", "src", "data-live"] {
            for rest in self.html.split(&format!(" {name}=\"")).skip(1) {
                found.push(plain(rest.split('"').next().unwrap_or("")));
            }
        }
        found
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    Some(plain(rest.split('"').next()?))
}

fn plain(text: &str) -> String {
    let named = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&lt;", "<"),
        ("&#62;", ">"),
        ("&gt;", ">"),
    ];
    let text = named.iter().fold(text.to_owned(), |text, (code, letter)| text.replace(code, letter));
    text.replace("&#38;", "&").replace("&amp;", "&")
}
