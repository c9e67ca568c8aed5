//! The fields of a role that is offered: role, reach, unit, place.

use door::Form;
use language::Lang;
use people::accounts::Offer;
use people::units::Unit;
use people::{Act, Permission, Role, Scope, Where};
use storage::Tx;
use territory::{Atlas, Level};
use words::Words;

use super::row::unit_name;
use super::{role_name, scope_name};
use crate::options::options;

/// What `people/offer.html` needs: what was chosen, and what there is to choose from.
pub struct Fields {
    pub role: String,
    pub scope: String,
    pub unit: String,
    /// The place that was chosen, and what it is called.
    pub place: Option<(i64, String)>,
    pub roles: Vec<(&'static str, &'static str)>,
    pub scopes: Vec<(&'static str, &'static str)>,
    pub units: Vec<(String, String)>,
    /// Options that are ready to be copied; empty for whoever looks after one unit only.
    pub places: String,
}

impl Fields {
    /// The fields as they were sent, or empty. Whoever looks after units only is offered those and their roles.
    pub fn of(tx: &mut Tx<'_>, act: &Act, city: i64, form: &Form, lang: Lang) -> storage::Result<Fields> {
        let w = Words(lang);
        let everywhere = act.may(Permission::ManagePeople, Where::city(city));
        let all = people::units::all(tx, city)?;
        let mine =
            |unit: &Unit| everywhere || act.may(Permission::ManagePeople, Where::unit(city, Some(unit.id)));
        let units: Vec<(String, String)> = all
            .iter()
            .filter(|unit| mine(unit))
            .map(|unit| (unit.id.to_string(), unit_name(unit, lang).to_owned()))
            .collect();
        let roles = Role::STAFF
            .into_iter()
            .filter(|role| role.rank() <= act.by.role().rank() && (everywhere || role.is_of_unit()))
            .map(|role| (role.code(), role_name(w, role)))
            .collect();
        let scopes: &[Scope] = if everywhere {
            &[Scope::Unit, Scope::Neighbourhood, Scope::District, Scope::City]
        } else {
            &[Scope::Unit]
        };
        let only = |list: &[(String, String)]| match list {
            [(id, _)] => id.clone(),
            _ => String::new(),
        };
        let text = |name: &str| form.text(name).to_owned();
        let atlas = territory::atlas(tx, city)?;
        let chosen = form.text("place").parse().ok().and_then(|id: i64| atlas.division(id)).map(|division| {
            let place = atlas.place_of(division.id);
            (division.id, crate::requests::divisions(&atlas, place.district, place.neighbourhood, lang))
        });
        Ok(Fields {
            role: text("role"),
            scope: if form.text("scope").is_empty() { "unit".into() } else { text("scope") },
            unit: if form.text("unit").is_empty() { only(&units) } else { text("unit") },
            place: chosen,
            roles,
            scopes: scopes.iter().map(|scope| (scope.code(), scope_name(w, *scope))).collect(),
            units,
            places: if everywhere { options(tx, city)?.of(lang).places.clone() } else { String::new() },
        })
    }
}

/// The role that a form offers. None when no role was chosen; a missing place is the verb's to refuse.
pub fn read(form: &Form, atlas: &Atlas) -> Option<Offer> {
    let role = Role::parse(form.text("role"))?;
    let scope = Scope::parse(form.text("scope")).unwrap_or(Scope::Unit);
    let division = form.text("place").parse().ok().and_then(|id: i64| atlas.division(id));
    let place = division.map(|division| atlas.place_of(division.id)).unwrap_or_default();
    let is_small = division.is_some_and(|division| division.level == Level::Neighbourhood);
    Some(Offer {
        role,
        scope,
        unit: form.text("unit").parse().ok().filter(|_| scope == Scope::Unit || role.is_of_unit()),
        district: place.district.filter(|_| matches!(scope, Scope::District | Scope::Neighbourhood)),
        neighbourhood: place.neighbourhood.filter(|_| is_small && scope == Scope::Neighbourhood),
    })
}
