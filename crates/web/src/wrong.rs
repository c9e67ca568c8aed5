//! What is wrong with a form: listed on top, and said beside each field.

/// What is wrong with a field: its id on the page (none when it is about the whole), and the sentence beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub id: &'static str,
    pub sentence: String,
}

/// Everything that is wrong, for `parts/problems.html` and the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wrongs(Vec<Wrong>);

impl Wrongs {
    pub fn one(id: &'static str, sentence: impl Into<String>) -> Self {
        Wrongs(vec![Wrong { id, sentence: sentence.into() }])
    }

    pub fn add(&mut self, id: &'static str, sentence: impl Into<String>) {
        self.0.push(Wrong { id, sentence: sentence.into() });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Wrong> {
        self.0.iter()
    }

    /// Whether something is wrong with this field.
    pub fn is(&self, id: &str) -> bool {
        self.of(id).is_some()
    }

    /// The sentence beside this field.
    pub fn of(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|wrong| wrong.id == id).map(|wrong| wrong.sentence.as_str())
    }
}
