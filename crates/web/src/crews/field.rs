//! One field of a form, with what is wrong beside it; `crews/field.html` shows it.

use crate::wrong::Wrongs;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Digits and Latin letters, written from the left.
    Code,
    Long,
    Choice,
}

pub struct Field {
    pub id: &'static str,
    pub label: String,
    pub hint: String,
    pub value: String,
    pub kind: Kind,
    pub options: Vec<(String, String)>,
    pub is_optional: bool,
    pub error: Option<String>,
}

impl Field {
    pub fn is_wrong(&self) -> bool {
        self.error.is_some()
    }

    pub fn is_long(&self) -> bool {
        self.kind == Kind::Long
    }

    pub fn is_choice(&self) -> bool {
        self.kind == Kind::Choice
    }

    pub fn is_code(&self) -> bool {
        self.kind == Kind::Code
    }

    pub fn is_chosen(&self, value: &str) -> bool {
        self.value == value
    }
}

/// Makes the fields of one form from what was typed and what is wrong with it.
pub struct Form<'a> {
    pub wrong: &'a Wrongs,
    pub fields: Vec<Field>,
}

impl<'a> Form<'a> {
    pub fn new(wrong: &'a Wrongs) -> Self {
        Form { wrong, fields: Vec::new() }
    }

    pub fn put(mut self, kind: Kind, id: &'static str, label: &str, value: &str) -> Self {
        self.fields.push(Field {
            id,
            label: label.to_owned(),
            hint: String::new(),
            value: value.to_owned(),
            kind,
            options: Vec::new(),
            is_optional: false,
            error: self.wrong.of(id).map(String::from),
        });
        self
    }

    pub fn text(self, id: &'static str, label: &str, value: &str) -> Self {
        self.put(Kind::Text, id, label, value)
    }

    pub fn code(self, id: &'static str, label: &str, value: &str) -> Self {
        self.put(Kind::Code, id, label, value)
    }

    pub fn choice(self, id: &'static str, label: &str, value: &str, options: Vec<(String, String)>) -> Self {
        let mut form = self.put(Kind::Choice, id, label, value);
        if let Some(last) = form.fields.last_mut() {
            last.options = options;
        }
        form
    }

    /// The last field may stay empty.
    pub fn optional(mut self) -> Self {
        if let Some(last) = self.fields.last_mut() {
            last.is_optional = true;
        }
        self
    }

    pub fn hint(mut self, hint: &str) -> Self {
        if let Some(last) = self.fields.last_mut() {
            last.hint = hint.to_owned();
        }
        self
    }
}

/// The name of an order's state.
pub fn order_status(w: words::Words, status: dispatch::OrderStatus) -> &'static str {
    use dispatch::OrderStatus as S;
    match status {
        S::Open => w.crews_order_open(),
        S::Assigned => w.crews_order_assigned(),
        S::OnTheWay => w.crews_order_on_the_way(),
        S::OnSite => w.crews_order_on_site(),
        S::Done => w.crews_order_done(),
        S::NotDone => w.crews_order_not_done(),
        S::Checked => w.crews_order_checked(),
        S::Cancelled => w.crews_order_cancelled(),
    }
}

/// The name of an urgency.
pub fn urgency(w: words::Words, urgency: dispatch::Urgency) -> &'static str {
    use dispatch::Urgency as U;
    match urgency {
        U::Immediate => w.crews_urgency_immediate(),
        U::TwoHours => w.crews_urgency_two_hours(),
        U::Day => w.crews_urgency_day(),
        U::Planned => w.crews_urgency_planned(),
    }
}
