//! One answer, two spellings.
//!
//! GeoReport's JSON is its XML with the containers taken away ("Spark"): a list of services is an array, without
//! `services` around it or `service` inside. Ids, codes and truth values are text in both; coordinates are numbers.
//! What is empty is an empty element in XML and `null` in JSON.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Xml,
    Json,
}

impl Format {
    pub fn of_suffix(suffix: &str) -> Option<Format> {
        if suffix.eq_ignore_ascii_case("xml") {
            Some(Format::Xml)
        } else if suffix.eq_ignore_ascii_case("json") {
            Some(Format::Json)
        } else {
            None
        }
    }
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Text(String),
    Number(f64),
    Whole(i64),
    /// The name of one item in XML, and the items.
    List(&'static str, Vec<Value>),
    Object(Vec<(&'static str, Value)>),
}

impl Value {
    /// Text, or nothing when there is none.
    pub fn text(text: impl Into<String>) -> Value {
        let text = text.into();
        if text.is_empty() { Value::Null } else { Value::Text(text) }
    }

    /// The words `true` and `false`, in both spellings.
    pub fn truth(is: bool) -> Value {
        Value::Text(is.to_string())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => to.serialize_unit(),
            Value::Text(text) => to.serialize_str(text),
            Value::Number(number) => to.serialize_f64(*number),
            Value::Whole(number) => to.serialize_i64(*number),
            Value::List(_, items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Value::Object(fields) => {
                let mut map = to.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// The whole answer; `root` is the outermost element in XML.
pub(crate) fn respond(status: StatusCode, format: Format, root: &'static str, value: &Value) -> Response {
    let (kind, body) = match format {
        Format::Json => {
            ("application/json; charset=utf-8", serde_json::to_vec(value).map_err(|e| e.to_string()))
        }
        Format::Xml => ("text/xml; charset=utf-8", xml(root, value).map_err(|e| e.to_string())),
    };
    match body {
        Ok(body) => {
            let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")];
            (status, headers, body).into_response()
        }
        Err(error) => door::Failure::new(error).into_response(),
    }
}

fn xml(root: &'static str, value: &Value) -> std::io::Result<Vec<u8>> {
    let mut out = Writer::new(Vec::with_capacity(4096));
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    write(&mut out, root, value)?;
    Ok(out.into_inner())
}

fn write(out: &mut Writer<Vec<u8>>, name: &'static str, value: &Value) -> std::io::Result<()> {
    let text = match value {
        Value::Null => return out.write_event(Event::Empty(BytesStart::new(name))),
        Value::Text(text) => xml_text(text),
        Value::Number(number) => number.to_string(),
        Value::Whole(number) => number.to_string(),
        Value::List(item, items) => {
            out.write_event(Event::Start(BytesStart::new(name)))?;
            for one in items {
                write(out, item, one)?;
            }
            return out.write_event(Event::End(BytesEnd::new(name)));
        }
        Value::Object(fields) => {
            out.write_event(Event::Start(BytesStart::new(name)))?;
            for (field, one) in fields {
                write(out, field, one)?;
            }
            return out.write_event(Event::End(BytesEnd::new(name)));
        }
    };
    out.write_event(Event::Start(BytesStart::new(name)))?;
    out.write_event(Event::Text(BytesText::new(&text)))?;
    out.write_event(Event::End(BytesEnd::new(name)))
}

/// Text without the characters that XML 1.0 cannot hold at all.
pub(crate) fn xml_text(text: &str) -> String {
    let fits = |c: &char| matches!(*c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_vanish_in_json_and_emptiness_has_two_spellings() {
        let item = |code: &str| Value::Object(vec![("code", Value::text(code)), ("name", Value::text(""))]);
        let list = Value::List("service", vec![item("1"), item("a&b")]);
        assert_eq!(
            serde_json::to_string(&list).unwrap(),
            r#"[{"code":"1","name":null},{"code":"a&b","name":null}]"#
        );
        assert_eq!(
            String::from_utf8(xml("services", &list).unwrap()).unwrap(),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><services><service><code>1</code><name/></service>\
             <service><code>a&amp;b</code><name/></service></services>"
        );
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        let text = xml("a", &Value::text("x\u{0}\u{B}\u{FFFF}<y>")).unwrap();
        assert!(String::from_utf8(text).unwrap().ends_with("<a>x&lt;y&gt;</a>"));
    }
}
