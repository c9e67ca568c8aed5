//! Writing: from checked messages to the Rust text of `Words`.
//!
//! Each message with arguments becomes one private function that writes into a `String`, with and without
//! direction isolates, and two methods that call it.

use super::read::{Argument, ArgumentKind, Message, Piece, Variant};
use std::fmt::Write;

const HEAD: &str = "\
// Written by `language::catalogue::generate` from locales/*.ftl. Change those, not this.

/// The words of the program in one language.
///
/// A message without arguments is a `&'static str`. A message with arguments isolates the direction of each text
/// argument (U+2068, U+2069), which is right inside HTML text; its `_plain` twin does not, for SMS, attributes and CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(pub ::language::Lang);

";

/// The whole text of the generated module.
pub fn rust(messages: &[Message]) -> String {
    let mut out = String::from(HEAD);
    out.push_str("impl Words {\n");
    out.push_str("    /// The language of these words.\n    pub const fn lang(self) -> ::language::Lang {\n        self.0\n    }\n\n");
    for message in messages {
        if message.arguments.is_empty() { constant(message, &mut out) } else { methods(message, &mut out) }
    }
    by_key(messages, &mut out);
    out.push_str("}\n\n");
    for message in messages.iter().filter(|message| !message.arguments.is_empty()) {
        writer(message, &mut out);
    }
    out
}

// Writing into a String cannot fail, so the results of `write!` are dropped throughout.

fn constant(message: &Message, out: &mut String) {
    let (fa, en) = (whole(&message.persian), whole(&message.english));
    doc(message, &en, out);
    let _ = writeln!(
        out,
        "    pub const fn r#{}(self) -> &'static str {{\n        match self.0 {{\n            ::language::Lang::Fa => {fa:?},\n            ::language::Lang::En => {en:?},\n        }}\n    }}\n",
        message.method
    );
}

fn methods(message: &Message, out: &mut String) {
    let (method, parameters, names) = (&message.method, parameters(message), names(message));
    for (suffix, isolate) in [("", true), ("_plain", false)] {
        doc(message, &outline(&message.english), out);
        if !isolate {
            out.push_str("    ///\n    /// Without direction isolates: for SMS, attributes, CSV.\n");
        }
        let _ = writeln!(
            out,
            "    pub fn r#{method}{suffix}(self{parameters}) -> String {{\n        let mut out = String::with_capacity(96);\n        write_{method}(self.0, {isolate}, &mut out{names});\n        out\n    }}\n"
        );
    }
}

fn doc(message: &Message, english: &str, out: &mut String) {
    let _ = writeln!(out, "    /// `{}`: {}", message.key, english.replace(['\n', '\r'], " "));
}

fn by_key(messages: &[Message], out: &mut String) {
    out.push_str("    /// The keys of all messages without arguments, in alphabetical order.\n    pub const KEYS: &'static [&'static str] = &[\n");
    let mut plain: Vec<&Message> = messages.iter().filter(|message| message.arguments.is_empty()).collect();
    plain.sort_by(|a, b| a.key.cmp(&b.key));
    for message in &plain {
        let _ = writeln!(out, "        {:?},", message.key);
    }
    out.push_str("    ];\n\n    const TEXTS: &'static [[&'static str; 2]] = &[\n");
    for message in &plain {
        let _ = writeln!(out, "        [{:?}, {:?}],", whole(&message.persian), whole(&message.english));
    }
    out.push_str(
        "    ];\n\n    /// The message of a key that comes from data, such as `status-received`. None when there is no such message, or\n    /// when it takes arguments.\n    pub fn by_key(self, key: &str) -> Option<&'static str> {\n        let index = Self::KEYS.binary_search(&key).ok()?;\n        let [fa, en] = Self::TEXTS.get(index)?;\n        Some(match self.0 {\n            ::language::Lang::Fa => fa,\n            ::language::Lang::En => en,\n        })\n    }\n",
    );
}

fn writer(message: &Message, out: &mut String) {
    let _ = writeln!(
        out,
        "#[allow(unused_variables, clippy::single_match, clippy::match_single_binding, clippy::single_char_add_str)]\nfn write_{}(lang: ::language::Lang, isolate: bool, out: &mut String{}) {{\n    match lang {{",
        message.method,
        parameters(message)
    );
    for (lang, pieces) in [("Fa", &message.persian), ("En", &message.english)] {
        let _ = writeln!(out, "        ::language::Lang::{lang} => {{");
        // As Fluent does it, a message that is nothing but an argument stands alone and needs no isolation.
        body(pieces, pieces.len() > 1, out);
        out.push_str("        }\n");
    }
    out.push_str("    }\n}\n\n");
}

fn body(pieces: &[Piece], may_isolate: bool, out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                let _ = writeln!(out, "out.push_str({text:?});");
            }
            Piece::Argument(argument) => {
                let name = variable(argument);
                let _ = match argument.kind {
                    // A number in the language's own digits needs no isolation, and stays findable as text.
                    ArgumentKind::Number => {
                        writeln!(out, "out.push_str(&::language::digits::grouped({name}, lang));")
                    }
                    ArgumentKind::Text if may_isolate => {
                        writeln!(out, "::language::catalogue::push_text(out, {name}, isolate);")
                    }
                    ArgumentKind::Text => writeln!(out, "out.push_str({name});"),
                };
            }
            Piece::Select { on, variants, otherwise } => {
                let name = variable(on);
                // An exact number wins over a category, wherever it stands in the file.
                let exact = variants.iter().filter(|(variant, _)| !matches!(variant, Variant::One));
                let general = variants.iter().filter(|(variant, _)| matches!(variant, Variant::One));
                let _ = writeln!(out, "match {name} {{");
                for (variant, pieces) in exact.chain(general) {
                    let _ = match variant {
                        Variant::Exactly(number) => writeln!(out, "{number} => {{"),
                        Variant::Word(word) => writeln!(out, "{word:?} => {{"),
                        Variant::One => writeln!(out, "_ if ::language::plural::is_one({name}, lang) => {{"),
                    };
                    body(pieces, true, out);
                    out.push_str("}\n");
                }
                out.push_str("_ => {\n");
                body(otherwise, true, out);
                out.push_str("}\n}\n");
            }
        }
    }
}

fn parameters(message: &Message) -> String {
    let mut list = String::new();
    for argument in &message.arguments {
        let kind = match argument.kind {
            ArgumentKind::Number => "i64",
            ArgumentKind::Text => "&str",
        };
        let _ = write!(list, ", {}: {kind}", variable(argument));
    }
    list
}

fn names(message: &Message) -> String {
    message.arguments.iter().map(|argument| format!(", {}", variable(argument))).collect()
}

// The prefix keeps `$out`, `$lang` or `$type` apart from our own names and from Rust's words.
fn variable(argument: &Argument) -> String {
    let name = argument.name.replace('-', "_").to_lowercase();
    match name.as_str() {
        "lang" | "out" | "isolate" | "self" | "super" | "crate" => format!("{name}_"),
        _ => format!("r#{name}"),
    }
}

fn whole(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| if let Piece::Text(text) = piece { text.as_str() } else { "" }).collect()
}

fn outline(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Argument(argument) => {
                let _ = write!(out, "`{}`", argument.name);
            }
            Piece::Select { otherwise, .. } => out.push_str(&outline(otherwise)),
        }
    }
    out
}
