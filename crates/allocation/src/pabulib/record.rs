//! One line of a table: semicolons between fields, quotes around a field that has one inside.

/// Splits a line. `None` where a quoted field is still open at its end, so that the next line belongs to it.
pub(super) fn fields(line: &str) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut letters = line.chars().peekable();
    let mut is_quoted = false;
    let mut is_fresh = true;
    loop {
        match letters.next() {
            None if is_quoted => return None,
            None => break,
            Some('"') if is_quoted => {
                if letters.next_if_eq(&'"').is_some() {
                    field.push('"');
                } else {
                    is_quoted = false;
                }
            }
            Some('"') if is_fresh => is_quoted = true,
            Some(';') if !is_quoted => {
                fields.push(std::mem::take(&mut field));
                is_fresh = true;
                continue;
            }
            Some(letter) => field.push(letter),
        }
        is_fresh = false;
    }
    fields.push(field);
    Some(fields)
}

/// A field as it is written: in quotes when it needs them.
pub(super) fn quoted(field: &str) -> String {
    if field.contains([';', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_semicolons_and_quotes() {
        let check = |line: &str, wanted: &[&str]| {
            assert_eq!(fields(line).unwrap(), wanted, "{line}");
        };
        check("a;b;;c", &["a", "b", "", "c"]);
        check("1;\"Park; \"\"Stok\"\"\";0", &["1", "Park; \"Stok\"", "0"]);
        check("5\" pipe;x", &["5\" pipe", "x"]);
        check("", &[""]);
        assert_eq!(fields("1;\"open"), None);
        for text in ["plain", "a;b", "say \"x\"", "two\nlines"] {
            assert_eq!(fields(&quoted(text)).unwrap(), [text]);
        }
    }
}
