//! What goes into a statement and what comes out of a row.

use crate::error::{Error, Result};

/// A value for a statement. Borrowed, so that passing text costs no copy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Param<'a> {
    Null,
    Int(i64),
    Real(f64),
    Text(&'a str),
    Blob(&'a [u8]),
}

/// `params![jurisdiction, &code, None::<i64>]`
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { [$($crate::Param::from($value)),*] };
}

macro_rules! param_from {
    ($($kind:ty => $make:expr),* $(,)?) => {$(
        impl<'a> From<$kind> for Param<'a> { fn from(v: $kind) -> Self { $make(v) } }
    )*};
}
param_from! {
    i64 => Param::Int, f64 => Param::Real,
    &'a str => Param::Text, &'a String => |v: &'a String| Param::Text(v.as_str()),
    &'a [u8] => Param::Blob, &'a Vec<u8> => |v: &'a Vec<u8>| Param::Blob(v.as_slice()),
    bool => |v: bool| Param::Int(i64::from(v)), i32 => |v: i32| Param::Int(i64::from(v)),
    u32 => |v: u32| Param::Int(i64::from(v)), u8 => |v: u8| Param::Int(i64::from(v)),
    &i64 => |v: &i64| Param::Int(*v),
    &'a [u8; 32] => |v: &'a [u8; 32]| Param::Blob(v.as_slice()),
}

impl<'a, T> From<Option<T>> for Param<'a>
where
    T: Into<Param<'a>>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Param::Null, Into::into)
    }
}

impl<'a> From<&'a Option<String>> for Param<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_deref().map_or(Param::Null, Param::Text)
    }
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match *self {
            Param::Null => ValueRef::Null,
            Param::Int(v) => ValueRef::Integer(v),
            Param::Real(v) => ValueRef::Real(v),
            Param::Text(v) => ValueRef::Text(v.as_bytes()),
            Param::Blob(v) => ValueRef::Blob(v),
        }))
    }
}

impl postgres::types::ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &postgres::types::Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> std::result::Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        use postgres::types::Type;
        match *self {
            Param::Null => Ok(postgres::types::IsNull::Yes),
            // A whole number may be asked for where PostgreSQL inferred another number type.
            Param::Int(v) if *ty == Type::FLOAT8 => (v as f64).to_sql(ty, out),
            Param::Int(v) if *ty == Type::INT4 => i32::try_from(v)?.to_sql(ty, out),
            Param::Int(v) => v.to_sql(ty, out),
            Param::Real(v) => v.to_sql(ty, out),
            Param::Text(v) => v.to_sql(ty, out),
            Param::Blob(v) => v.to_sql(ty, out),
        }
    }

    fn accepts(_: &postgres::types::Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

/// One row of an answer, read by position.
pub enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r postgres::Row),
}

impl Row<'_> {
    /// The value of a column, counted from 0.
    pub fn get<T: FromColumn>(&self, column: usize) -> Result<T> {
        T::from_column(self, column)
    }
}

/// What a column can be read as. `Option` allows NULL.
pub trait FromColumn: Sized {
    fn from_column(row: &Row<'_>, column: usize) -> Result<Self>;
}

macro_rules! from_column {
    ($($kind:ty),*) => {$(
        impl FromColumn for $kind {
            fn from_column(row: &Row<'_>, column: usize) -> Result<Self> {
                let wrong = Error::Column { column, expected: stringify!($kind) };
                match row {
                    Row::Sqlite(row) => row.get(column).map_err(|_| wrong),
                    Row::Postgres(row) => row.try_get(column).map_err(|_| wrong),
                }
            }
        }
        impl FromColumn for Option<$kind> {
            fn from_column(row: &Row<'_>, column: usize) -> Result<Self> {
                let wrong = Error::Column { column, expected: stringify!(Option<$kind>) };
                match row {
                    Row::Sqlite(row) => row.get(column).map_err(|_| wrong),
                    Row::Postgres(row) => row.try_get(column).map_err(|_| wrong),
                }
            }
        }
    )*};
}
from_column!(i64, f64, String, Vec<u8>);

impl FromColumn for bool {
    fn from_column(row: &Row<'_>, column: usize) -> Result<Self> {
        Ok(i64::from_column(row, column)? != 0)
    }
}
