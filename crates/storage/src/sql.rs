//! One text for two databases.
//!
//! Statements are written with PostgreSQL's `$1`. SQLite would read `$2, $1` as names and number them by
//! first appearance, silently swapping values, so [`sql!`](crate::sql) turns `$n` into `?n` when the
//! program is compiled. [`Filter`] builds the few statements whose conditions depend on what was asked.

use std::borrow::Cow;

use crate::value::Param;

/// A statement in both spellings.
#[derive(Debug, Clone)]
pub struct Sql {
    pub(crate) sqlite: Cow<'static, str>,
    pub(crate) postgres: Cow<'static, str>,
}

impl Sql {
    pub const fn fixed(sqlite: &'static str, postgres: &'static str) -> Self {
        Sql { sqlite: Cow::Borrowed(sqlite), postgres: Cow::Borrowed(postgres) }
    }

    /// A statement put together at run time. Only program text goes in; values go through parameters.
    pub fn built(text: String) -> Self {
        Sql { sqlite: Cow::Owned(text.replace('$', "?")), postgres: Cow::Owned(text) }
    }

    /// A named fork, for the few places where the databases differ.
    pub const fn forked(sqlite: &'static str, postgres: &'static str) -> Self {
        Self::fixed(sqlite, postgres)
    }
}

/// Turns `$n` into `?n`; the two texts have the same length.
pub const fn question_marks<const N: usize>(text: &str) -> [u8; N] {
    let from = text.as_bytes();
    let mut to = [0u8; N];
    let mut i = 0;
    while i < N {
        to[i] = if from[i] == b'$' { b'?' } else { from[i] };
        i += 1;
    }
    to
}

/// `sql!("SELECT a FROM t WHERE b = $1")`: a statement for both databases, made when the program is compiled.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const BYTES: [u8; TEXT.len()] = $crate::__question_marks::<{ TEXT.len() }>(TEXT);
        const SQLITE: &str = match ::core::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => TEXT,
        };
        static SQL: $crate::Sql = $crate::Sql::fixed(SQLITE, TEXT);
        &SQL
    }};
}

#[doc(hidden)]
pub use question_marks as __question_marks;

/// Conditions joined by AND, each with its own values, in the order they were added.
///
/// ```ignore
/// let mut filter = Filter::new();
/// filter.and("jurisdiction_id = {}", [jurisdiction]);
/// if let Some(district) = district { filter.and("district_id = {}", [district]); }
/// let (sql, params) = filter.finish("SELECT id FROM service_requests WHERE", "ORDER BY id DESC LIMIT 20");
/// ```
#[derive(Debug, Default)]
pub struct Filter<'a> {
    text: String,
    params: Vec<Param<'a>>,
}

impl<'a> Filter<'a> {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `AND condition`, each `{}` in it standing for the next of `values`.
    pub fn and<P: Into<Param<'a>>>(
        &mut self,
        condition: &str,
        values: impl IntoIterator<Item = P>,
    ) -> &mut Self {
        if !self.text.is_empty() {
            self.text.push_str(" AND ");
        }
        let mut pieces = condition.split("{}");
        self.text.push_str(pieces.next().unwrap_or(""));
        let mut values = values.into_iter();
        for piece in pieces {
            if let Some(value) = values.next() {
                self.params.push(value.into());
                self.text.push_str(&format!("${}", self.params.len()));
            }
            self.text.push_str(piece);
        }
        self
    }

    /// `column IN (...)`; an empty list matches nothing.
    pub fn within<P: Into<Param<'a>>>(
        &mut self,
        column: &str,
        values: impl IntoIterator<Item = P>,
    ) -> &mut Self {
        let marks: Vec<P> = values.into_iter().collect();
        if marks.is_empty() {
            return self.and::<i64>("1 = 0", []);
        }
        let list = vec!["{}"; marks.len()].join(", ");
        self.and(&format!("{column} IN ({list})"), marks)
    }

    /// Puts a head before and a tail after the conditions. The tail may not carry values of its own.
    pub fn finish(self, head: &str, tail: &str) -> (Sql, Vec<Param<'a>>) {
        let conditions = if self.text.is_empty() { "1 = 1" } else { &self.text };
        (Sql::built(format!("{head} {conditions} {tail}")), self.params)
    }
}
