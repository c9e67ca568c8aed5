//! The fields of a form, drawn by `projects/field.html`.

use crate::wrong::Wrongs;

/// One field with everything that stands around it.
pub struct Field {
    pub id: &'static str,
    pub label: String,
    pub hint: &'static str,
    pub value: String,
    pub error: Option<String>,
    pub kind: Kind,
    pub ltr: bool,
    pub optional: bool,
}

pub enum Kind {
    Line,
    Area,
    /// Value, name, chosen.
    Choice(Vec<(String, String, bool)>),
    Tick,
}

impl Field {
    pub fn line(id: &'static str, label: impl Into<String>, value: &str, wrong: &Wrongs) -> Field {
        Field {
            id,
            label: label.into(),
            hint: "",
            value: value.to_owned(),
            error: wrong.of(id).map(str::to_owned),
            kind: Kind::Line,
            ltr: false,
            optional: false,
        }
    }

    pub fn area(id: &'static str, label: impl Into<String>, value: &str, wrong: &Wrongs) -> Field {
        Field { kind: Kind::Area, ..Field::line(id, label, value, wrong) }
    }

    /// `options` are values and names.
    pub fn choice(
        id: &'static str,
        label: impl Into<String>,
        value: &str,
        wrong: &Wrongs,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Field {
        let options = options.into_iter().map(|(v, name)| {
            let chosen = v == value;
            (v, name, chosen)
        });
        Field { kind: Kind::Choice(options.collect()), ..Field::line(id, label, value, wrong) }
    }

    pub fn tick(id: &'static str, label: impl Into<String>, is_ticked: bool) -> Field {
        let value = if is_ticked { "yes" } else { "" };
        Field { kind: Kind::Tick, ..Field::line(id, label, value, &Wrongs::default()) }
    }

    pub fn hint(self, hint: &'static str) -> Field {
        Field { hint, ..self }
    }

    pub fn ltr(self) -> Field {
        Field { ltr: true, ..self }
    }

    pub fn optional(self) -> Field {
        Field { optional: true, ..self }
    }

    pub fn is_line(&self) -> bool {
        matches!(self.kind, Kind::Line)
    }

    pub fn is_area(&self) -> bool {
        matches!(self.kind, Kind::Area)
    }

    pub fn is_tick(&self) -> bool {
        matches!(self.kind, Kind::Tick)
    }

    pub fn is_ticked(&self) -> bool {
        self.value == "yes"
    }

    pub fn options(&self) -> &[(String, String, bool)] {
        match &self.kind {
            Kind::Choice(options) => options,
            _ => &[],
        }
    }

    /// The ids that describe the field, for people who hear the page.
    pub fn described(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.id));
        }
        if self.error.is_some() {
            ids.push(format!("{}-error", self.id));
        }
        ids.join(" ")
    }
}
