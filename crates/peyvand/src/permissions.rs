//! Who may do what, as a table: from the permission table itself, and from the routes of the pages.

use std::process::ExitCode;

use anyhow::Result;
use door::routes::Needs;
use language::Lang;
use people::permissions::{self, Permission};
use people::{Role, Scope};
use words::Words;

use crate::end::say;

/// Prints the roles with their names, what each may do and how far at most, and what every page needs.
pub fn say() -> Result<ExitCode> {
    for line in lines() {
        say!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

fn lines() -> Vec<String> {
    let mut lines = vec!["# Roles".to_owned(), String::new()];
    let names = Role::ALL.map(|role| {
        let name = |lang| Words(lang).by_key(&format!("people-role-{}", role.code())).unwrap_or("");
        vec![role.code().to_owned(), name(Lang::En).to_owned(), name(Lang::Fa).to_owned()]
    });
    lines.extend(table(&["role", "English", "فارسی"], &names));

    lines.extend([
        String::new(),
        "# Permissions".into(),
        String::new(),
        "How far a role reaches at most: c the city, u its own unit, o what is its own. A membership narrows it".into(),
        "to its unit, neighbourhood or district. Whoever is signed in may also do what a citizen may.".into(),
        String::new(),
    ]);
    let mut head = vec!["permission"];
    head.extend(Role::ALL.map(Role::code));
    let rows: Vec<Vec<String>> = Permission::ALL
        .iter()
        .map(|permission| {
            let mut row = vec![permission.code().to_owned()];
            row.extend(Role::ALL.map(|role| reach(permissions::scope(role, *permission)).to_owned()));
            row
        })
        .collect();
    lines.extend(table(&head, &rows));

    lines.extend([String::new(), "# Pages".into(), String::new()]);
    let rows: Vec<Vec<String>> = web::matrix()
        .into_iter()
        .map(|row| {
            let (needs, who) = match row.needs {
                Needs::Anyone => ("anyone".to_owned(), "everybody".to_owned()),
                Needs::SignedIn => ("signed in".to_owned(), "everybody with an account".to_owned()),
                Needs::May(permission) => (permission.code().to_owned(), roles_of(permission)),
            };
            vec![row.method.to_string(), row.path.to_owned(), needs, who]
        })
        .collect();
    lines.extend(table(&["", "page", "needs", "open to"], &rows));
    lines
}

fn roles_of(permission: Permission) -> String {
    let may = |role: &Role| permissions::scope(*role, permission).is_some();
    Role::STAFF.into_iter().filter(may).map(Role::code).collect::<Vec<_>>().join(" ")
}

fn reach(scope: Option<Scope>) -> &'static str {
    match scope {
        None => "·",
        Some(Scope::Own) => "o",
        Some(Scope::Unit) => "u",
        Some(Scope::Neighbourhood) => "n",
        Some(Scope::District) => "d",
        Some(Scope::City) => "c",
    }
}

/// A table that reads well as it is and as Markdown. The last column is left ragged.
fn table(head: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(head.get(column).map(|cell| cell.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let last = cells.len().saturating_sub(1);
        let padded = cells.iter().zip(&widths).enumerate().map(|(at, (cell, width))| match at {
            at if at == last => (*cell).to_owned(),
            _ => format!("{cell:width$}"),
        });
        format!("| {} |", padded.collect::<Vec<_>>().join(" | "))
    };
    let mut rule: Vec<String> = widths.iter().map(|width| "-".repeat((*width).max(3))).collect();
    if let Some(last) = rule.last_mut() {
        last.truncate(3);
    }
    let mut lines = vec![line(head.to_vec()), line(rule.iter().map(String::as_str).collect())];
    lines.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_and_every_permission_is_in_the_table() {
        let text = lines().join("\n");
        for role in Role::ALL {
            assert!(text.contains(&format!("| {} ", role.code())), "{}", role.code());
            for lang in Lang::ALL {
                let key = format!("people-role-{}", role.code());
                let name = Words(lang).by_key(&key).expect("every role has a name");
                assert!(text.contains(name), "{name}");
            }
        }
        for permission in Permission::ALL {
            assert!(text.contains(&format!("| {} ", permission.code())), "{}", permission.code());
        }
    }
}
