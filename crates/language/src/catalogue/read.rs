//! Reading and checking: from Fluent files to messages that both languages have, with the same arguments.

use super::CatalogueError;
use crate::Lang;
use fluent_syntax::ast;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A message that both languages have.
pub struct Message {
    /// The key as the files say it: `requests-new-title`, or `key.attribute` for an attribute.
    pub key: String,
    /// The name of its Rust method: `requests_new_title`.
    pub method: String,
    /// Its arguments in alphabetical order, so that rewording a translation never reorders a call.
    pub arguments: Vec<Argument>,
    pub persian: Vec<Piece>,
    pub english: Vec<Piece>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Argument {
    pub name: String,
    pub kind: ArgumentKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArgumentKind {
    /// An `i64`, shown grouped in the digits of the language.
    Number,
    /// A `&str`, shown as it is.
    Text,
}

/// A part of a message after references to other messages were put in place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    Text(String),
    Argument(Argument),
    /// The variants in the order of the file, and the one to use when none fits.
    Select {
        on: Argument,
        variants: Vec<(Variant, Vec<Piece>)>,
        otherwise: Vec<Piece>,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Variant {
    /// Exactly this number.
    Exactly(i64),
    /// CLDR category one.
    One,
    /// Exactly this word.
    Word(String),
}

/// Whether an argument is a number follows from the last part of its name.
fn kind_of(name: &str) -> ArgumentKind {
    match name.rsplit(['-', '_']).next() {
        Some("count" | "number" | "n") => ArgumentKind::Number,
        _ => ArgumentKind::Text,
    }
}

type Resource = ast::Resource<String>;
type Patterns<'a> = BTreeMap<String, (&'a str, &'a ast::Pattern<String>)>;

/// The `.ftl` files of a folder in alphabetical order, as (name, text).
pub fn files(folder: &Path, read_paths: &mut Vec<PathBuf>) -> Result<Vec<(String, String)>, CatalogueError> {
    let at = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(at)? {
        paths.push(entry.map_err(at)?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "ftl"));
    paths.sort();
    read_paths.push(folder.to_path_buf());
    let mut texts = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path)
            .map_err(|error| CatalogueError::from(format!("cannot read {}: {error}", path.display())))?;
        texts.push((path.display().to_string(), text));
        read_paths.push(path);
    }
    Ok(texts)
}

/// Parses both languages and reports everything that is missing or unreadable at once.
pub fn check(
    persian: &[(String, String)],
    english: &[(String, String)],
) -> Result<Vec<Message>, CatalogueError> {
    let mut findings = Vec::new();
    let persian_files = parse(persian, &mut findings);
    let english_files = parse(english, &mut findings);
    let fa = patterns(&persian_files, &mut findings);
    let en = patterns(&english_files, &mut findings);
    for (lang, here, there) in [(Lang::En, &fa, &en), (Lang::Fa, &en, &fa)] {
        for (key, (file, _)) in
            here.iter().filter(|(key, _)| !key.starts_with('-') && !there.contains_key(*key))
        {
            findings.push(format!("`{key}` of {file} is missing in locales/{}", lang.code()));
        }
    }

    let mut messages: Vec<Message> = Vec::new();
    for (key, (file, fa_pattern)) in fa.iter().filter(|(key, _)| !key.starts_with('-')) {
        let Some((_, en_pattern)) = en.get(key) else { continue };
        let mut arguments = BTreeMap::new();
        let persian = flatten(key, fa_pattern, &fa, Lang::Fa, &mut findings);
        let english = flatten(key, en_pattern, &en, Lang::En, &mut findings);
        let (in_persian, in_english) = (arguments_of(&persian), arguments_of(&english));
        for (lang, here, there) in
            [(Lang::En, &in_persian, &in_english), (Lang::Fa, &in_english, &in_persian)]
        {
            for argument in here.iter().filter(|argument| !there.contains(argument)) {
                let name = &argument.name;
                findings.push(format!(
                    "`{key}` uses {{ ${name} }} in one language only; it is missing in locales/{}",
                    lang.code()
                ));
            }
        }
        for argument in in_persian.into_iter().chain(in_english) {
            arguments.insert(argument.name.clone(), argument);
        }
        if text_of(&persian).contains(['ي', 'ك']) {
            findings.push(format!("`{key}` of {file} has an Arabic ي or ك; Persian writes ی and ک"));
        }
        let method = key.replace(['-', '.'], "_").to_lowercase();
        if let Some(twin) = messages.iter().find(|message| message.method == method) {
            findings.push(format!("`{key}` and `{}` would share the Rust name `{method}`", twin.key));
        }
        if matches!(method.as_str(), "self" | "super" | "crate" | "lang" | "by_key")
            || method.ends_with("_plain")
        {
            findings.push(format!(
                "`{key}` of {file} cannot be a Rust method name of its own; choose another key"
            ));
        }
        let arguments = arguments.into_values().collect();
        messages.push(Message { key: key.clone(), method, arguments, persian, english });
    }
    if findings.is_empty() { Ok(messages) } else { Err(CatalogueError { findings }) }
}

fn parse(files: &[(String, String)], findings: &mut Vec<String>) -> Vec<(String, Resource)> {
    let mut resources = Vec::new();
    for (file, text) in files {
        match fluent_syntax::parser::parse(text.clone()) {
            Ok(resource) => resources.push((file.clone(), resource)),
            Err((_, errors)) => findings.extend(errors.iter().map(|error| {
                let line = text.get(..error.pos.start).unwrap_or_default().matches('\n').count() + 1;
                format!("{file}:{line}: {}", error.to_string().replace('\n', "⏎"))
            })),
        }
    }
    resources
}

/// Every message, attribute (`key.attribute`) and term (`-term`) of a language.
fn patterns<'a>(files: &'a [(String, Resource)], findings: &mut Vec<String>) -> Patterns<'a> {
    let mut all = Patterns::new();
    for (file, resource) in files {
        for entry in &resource.body {
            let (key, value, attributes) = match entry {
                ast::Entry::Message(message) => {
                    (message.id.name.clone(), message.value.as_ref(), &message.attributes)
                }
                ast::Entry::Term(term) => (format!("-{}", term.id.name), Some(&term.value), &term.attributes),
                _ => continue,
            };
            let own = value.map(|pattern| (key.clone(), pattern));
            let named =
                attributes.iter().map(|attribute| (format!("{key}.{}", attribute.id.name), &attribute.value));
            for (key, pattern) in own.into_iter().chain(named) {
                if let Some((elsewhere, _)) = all.insert(key.clone(), (file.as_str(), pattern)) {
                    findings.push(format!("`{key}` is written twice, in {elsewhere} and in {file}"));
                }
            }
        }
    }
    all
}

/// Puts referenced messages and terms in place and leaves text, arguments and choices.
fn flatten(
    key: &str,
    pattern: &ast::Pattern<String>,
    all: &Patterns<'_>,
    lang: Lang,
    findings: &mut Vec<String>,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut walk = Walk { key, all, lang, findings, depth: 0 };
    walk.pattern(pattern, &mut pieces);
    pieces
}

struct Walk<'a> {
    key: &'a str,
    all: &'a Patterns<'a>,
    lang: Lang,
    findings: &'a mut Vec<String>,
    depth: usize,
}

impl Walk<'_> {
    fn pattern(&mut self, pattern: &ast::Pattern<String>, out: &mut Vec<Piece>) {
        for element in &pattern.elements {
            match element {
                ast::PatternElement::TextElement { value } => text(value.clone(), out),
                ast::PatternElement::Placeable { expression } => self.expression(expression, out),
            }
        }
    }

    fn expression(&mut self, expression: &ast::Expression<String>, out: &mut Vec<Piece>) {
        match expression {
            ast::Expression::Inline(inline) => self.inline(inline, out),
            ast::Expression::Select { selector, variants } => {
                let ast::InlineExpression::VariableReference { id } = selector else {
                    return self.refuse("a choice must be on a variable");
                };
                let on = Argument { name: id.name.clone(), kind: kind_of(&id.name) };
                let mut chosen = Vec::new();
                let mut otherwise = Vec::new();
                for variant in variants {
                    let mut pieces = Vec::new();
                    self.pattern(&variant.value, &mut pieces);
                    if variant.default {
                        otherwise = pieces;
                    } else if let Some(key) = self.variant(&variant.key, on.kind) {
                        chosen.push((key, pieces));
                    }
                }
                out.push(Piece::Select { on, variants: chosen, otherwise });
            }
        }
    }

    fn variant(&mut self, key: &ast::VariantKey<String>, kind: ArgumentKind) -> Option<Variant> {
        match (key, kind) {
            (ast::VariantKey::NumberLiteral { value }, ArgumentKind::Number) => match value.parse() {
                Ok(number) => return Some(Variant::Exactly(number)),
                Err(_) => self.refuse("only whole numbers can be chosen"),
            },
            (ast::VariantKey::Identifier { name }, ArgumentKind::Number) if name == "one" => {
                return Some(Variant::One);
            }
            (ast::VariantKey::Identifier { name }, ArgumentKind::Text) => {
                return Some(Variant::Word(name.clone()));
            }
            (ast::VariantKey::Identifier { .. }, ArgumentKind::Number) => {
                self.refuse("Persian and English know only [one] and *[other]");
            }
            (ast::VariantKey::NumberLiteral { .. }, ArgumentKind::Text) => {
                self.refuse("a number is chosen by an argument whose name ends in count, number or n");
            }
        }
        None
    }

    fn inline(&mut self, inline: &ast::InlineExpression<String>, out: &mut Vec<Piece>) {
        match inline {
            ast::InlineExpression::StringLiteral { value } => {
                text(fluent_syntax::unicode::unescape_unicode_to_string(value).into_owned(), out);
            }
            ast::InlineExpression::NumberLiteral { value } => {
                text(crate::digits::shown(value, self.lang), out)
            }
            ast::InlineExpression::VariableReference { id } => {
                out.push(Piece::Argument(Argument { name: id.name.clone(), kind: kind_of(&id.name) }));
            }
            ast::InlineExpression::MessageReference { id, attribute } => {
                self.reference(&id.name, attribute.as_ref(), out);
            }
            ast::InlineExpression::TermReference { id, attribute, arguments: None } => {
                self.reference(&format!("-{}", id.name), attribute.as_ref(), out);
            }
            ast::InlineExpression::TermReference { .. } => self.refuse("terms take no arguments here"),
            ast::InlineExpression::FunctionReference { id, .. } => {
                self.refuse(&format!(
                    "{}() is not needed: numbers and dates are shown by the program",
                    id.name
                ));
            }
            ast::InlineExpression::Placeable { expression } => self.expression(expression, out),
        }
    }

    fn reference(&mut self, name: &str, attribute: Option<&ast::Identifier<String>>, out: &mut Vec<Piece>) {
        let key = attribute.map_or(name.to_owned(), |attribute| format!("{name}.{}", attribute.name));
        let Some((_, pattern)) = self.all.get(&key) else {
            return self.refuse(&format!("`{key}`, which it refers to, does not exist"));
        };
        // Nobody nests ten messages on purpose: deeper is a message that refers to itself.
        if self.depth >= 10 {
            return self.refuse("it refers to itself");
        }
        self.depth += 1;
        self.pattern(pattern, out);
        self.depth -= 1;
    }

    fn refuse(&mut self, why: &str) {
        self.findings.push(format!("`{}` in locales/{}: {why}", self.key, self.lang.code()));
    }
}

fn text(value: String, out: &mut Vec<Piece>) {
    match out.last_mut() {
        Some(Piece::Text(before)) => before.push_str(&value),
        _ => out.push(Piece::Text(value)),
    }
}

fn arguments_of(pieces: &[Piece]) -> Vec<Argument> {
    let mut found = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Argument(argument) => found.push(argument.clone()),
            Piece::Select { on, variants, otherwise } => {
                found.push(on.clone());
                variants.iter().for_each(|(_, pieces)| found.extend(arguments_of(pieces)));
                found.extend(arguments_of(otherwise));
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup();
    found
}

fn text_of(pieces: &[Piece]) -> String {
    let mut all = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => all.push_str(text),
            Piece::Argument(_) => {}
            Piece::Select { variants, otherwise, .. } => {
                variants.iter().for_each(|(_, pieces)| all.push_str(&text_of(pieces)));
                all.push_str(&text_of(otherwise));
            }
        }
    }
    all
}
