//! Every role, permission, scope and state against things of one's own and of others.

use super::{J, NOW, member};
use crate::permissions::{GRANTS, Where, reach, require, scope};
use crate::{Act, Actor, Dice, MemberState, Membership, Permission, Role, Scope, keys};
use calendar::Timestamp;
use std::sync::Arc;

const UNIT: i64 = 7;
const DISTRICT: i64 = 70;
const NEIGHBOURHOOD: i64 = 700;
const ME: i64 = 5;

fn in_role(role: Role, scope: Scope, state: MemberState) -> Actor {
    let everywhere = Membership {
        id: 1,
        role,
        scope,
        unit: Some(UNIT),
        district: Some(DISTRICT),
        neighbourhood: Some(NEIGHBOURHOOD),
        state,
    };
    member(ME, vec![everywhere])
}

/// A thing that is mine in every sense.
fn mine() -> Where {
    Where::unit(J, Some(UNIT))
        .in_district(Some(DISTRICT))
        .in_neighbourhood(Some(NEIGHBOURHOOD))
        .owned_by(Some(ME))
}

/// Things that are mine in one sense only, and the scope by which they are.
fn mine_by(scope: Scope) -> Where {
    let foreign = foreign();
    match scope {
        Scope::Own => foreign.owned_by(Some(ME)),
        Scope::Unit => Where { unit: Some(UNIT), ..foreign },
        Scope::Neighbourhood => foreign.in_neighbourhood(Some(NEIGHBOURHOOD)),
        Scope::District => foreign.in_district(Some(DISTRICT)),
        Scope::City => foreign,
    }
}

fn foreign() -> Where {
    Where::unit(J, Some(8)).in_district(Some(80)).in_neighbourhood(Some(800)).owned_by(Some(6))
}

fn may(actor: &Actor, permission: Permission, place: Where) -> bool {
    require(actor, permission, place).is_ok()
}

#[test]
fn every_role_has_one_row_and_no_permission_twice() {
    for role in Role::ALL {
        let rows: Vec<_> = GRANTS.iter().filter(|(r, _)| *r == role).collect();
        assert_eq!(rows.len(), 1, "{role:?}");
        for permission in Permission::ALL {
            let times = rows[0].1.iter().filter(|(p, _)| p == permission).count();
            assert!(times <= 1, "{role:?} {permission:?}");
        }
    }
    for permission in Permission::ALL {
        assert!(
            Role::ALL.into_iter().any(|role| scope(role, *permission).is_some()),
            "{permission:?} is nobody's"
        );
        assert_eq!(Permission::parse(permission.code()), Some(*permission));
    }
}

/// The whole matrix: role × scope of the membership × permission × thing. What is expected is said a second time here,
/// in the plainest words: the smaller of the two reaches, and only what lies inside it.
#[test]
fn the_smaller_reach_counts_and_foreign_things_stay_shut() {
    let mut seen = 0;
    for role in Role::STAFF {
        for own in Scope::ALL {
            let actor = in_role(role, own, MemberState::Active);
            for permission in Permission::ALL {
                let smaller = scope(role, *permission).map(|widest| widest.min(own));
                let citizen = scope(Role::Citizen, *permission);
                for sense in Scope::ALL {
                    let place = mine_by(sense);
                    let by_role = match smaller {
                        None => false,
                        Some(Scope::City) => true,
                        Some(reach) => reach == sense,
                    };
                    let by_right_of_all = match citizen {
                        Some(Scope::City) => true,
                        Some(Scope::Own) => sense == Scope::Own,
                        _ => false,
                    };
                    assert_eq!(
                        may(&actor, *permission, place),
                        by_role || by_right_of_all,
                        "{role:?} over {own:?}: {permission:?} on what is mine by {sense:?}"
                    );
                    let elsewhere = Where { jurisdiction: 2, ..mine() };
                    assert!(!may(&actor, *permission, elsewhere), "{role:?} {permission:?} in another city");
                    seen += 2;
                }
            }
        }
    }
    assert_eq!(seen, Role::STAFF.len() * 5 * Permission::ALL.len() * 5 * 2);
}

#[test]
fn only_an_active_membership_gives_rights() {
    for role in Role::STAFF {
        for state in [MemberState::Invited, MemberState::Suspended, MemberState::Ended] {
            let actor = in_role(role, Scope::City, state);
            assert_eq!(actor.role(), Role::Citizen);
            assert_eq!(actor.signature(), "citizen");
            for permission in Permission::ALL {
                let citizen = may(&member(ME, Vec::new()), *permission, mine());
                assert_eq!(may(&actor, *permission, mine()), citizen, "{role:?} {state:?} {permission:?}");
                let somewhere = scope(Role::Citizen, *permission).is_some();
                assert_eq!(actor.may_somewhere(*permission), somewhere, "{role:?} {state:?} {permission:?}");
            }
        }
    }
}

#[test]
fn what_is_not_placed_is_in_nobodys_place() {
    for own in [Scope::Unit, Scope::Neighbourhood, Scope::District] {
        let placed = in_role(Role::Supervisor, own, MemberState::Active);
        assert!(!may(&placed, Permission::Close, Where::city(J)), "{own:?}");
        let homeless = member(
            ME,
            vec![Membership {
                id: 1,
                role: Role::Supervisor,
                scope: own,
                unit: None,
                district: None,
                neighbourhood: None,
                state: MemberState::Active,
            }],
        );
        assert!(!may(&homeless, Permission::Close, Where::city(J)), "no {own:?} is not every {own:?}");
    }
}

#[test]
fn nobody_is_given_the_role_of_the_program_or_of_a_citizen() {
    for role in [Role::System, Role::Citizen, Role::Sender] {
        let actor = in_role(role, Scope::City, MemberState::Active);
        assert_eq!(actor.role(), Role::Citizen, "{role:?}");
        assert!(!may(&actor, Permission::Import, Where::city(J)));
    }
}

#[test]
fn the_highest_role_speaks() {
    let of = |id, role, unit| Membership {
        id,
        role,
        scope: Scope::City,
        unit,
        district: None,
        neighbourhood: None,
        state: MemberState::Active,
    };
    let actor = member(12, vec![of(1, Role::UnitMember, Some(3)), of(2, Role::Supervisor, None)]);
    assert_eq!(actor.signature(), "supervisor:12");
    assert_eq!(Actor::role_of(&actor.signature()), Role::Supervisor);
    assert_eq!(actor.roles(), [Role::Supervisor, Role::UnitMember]);
    assert_eq!((actor.unit(), actor.account()), (Some(3), Some(12)));
    assert_eq!(member(12, Vec::new()).signature(), "citizen", "citizens are not named in the journal");
}

#[test]
fn a_citizen_sees_no_contact_and_a_unit_works_only_on_its_own() {
    assert_eq!(scope(Role::Citizen, Permission::SeeContact), None);
    assert_eq!(scope(Role::Sender, Permission::Work), None);
    assert_eq!(scope(Role::UnitMember, Permission::Work), Some(Scope::Unit));
    assert_eq!(scope(Role::Inspector, Permission::Work), None, "nobody judges their own work");
    assert_eq!(scope(Role::UnitManager, Permission::Close), None);
    for unseen in [Permission::SeeContact, Permission::SeeInternal, Permission::SeeHistory] {
        assert_eq!(
            scope(Role::Administrator, unseen),
            None,
            "who runs the program need not know who reported"
        );
    }
    let key = |unit| Actor::Key {
        jurisdiction: J,
        id: 1,
        name: "k".into(),
        role: Role::UnitMember,
        unit,
        scopes: keys::KeyScopes::ALL,
    };
    let act = Act::new(key(Some(7)), Timestamp(0), Arc::new(Dice::seeded(1)));
    assert!(act.may(Permission::Work, Where::unit(1, Some(7))));
    assert!(!act.may(Permission::Work, Where::unit(1, Some(8))));
    assert!(!act.may(Permission::Work, Where::unit(1, None)));
    assert!(!act.may(Permission::Work, Where::unit(2, Some(7))), "another city");
    let homeless = Act::new(key(None), NOW, act.dice.clone());
    assert!(!homeless.may(Permission::Work, Where::unit(1, None)), "no unit is not every unit");
}

#[test]
fn a_page_opens_exactly_when_some_place_would() {
    for role in Role::STAFF {
        for own in Scope::ALL {
            let actor = in_role(role, own, MemberState::Active);
            for permission in Permission::ALL {
                let Actor::Member(member) = &actor else { unreachable!() };
                let reached = member.active().any(|m| reach(m, *permission).is_some());
                let somewhere = reached || scope(Role::Citizen, *permission).is_some();
                assert_eq!(actor.may_somewhere(*permission), somewhere);
                assert_eq!(may(&actor, *permission, mine()), somewhere, "{role:?} {own:?} {permission:?}");
            }
        }
    }
}

#[test]
fn ids_grow_and_sort_by_time() {
    let dice = Dice::seeded(1);
    let ids: Vec<i64> = (0..5000).map(|n| dice.id(Timestamp(1_700_000_000_000 + n / 1000))).collect();
    assert!(ids.windows(2).all(|w| w[0] < w[1]));
    assert!(dice.past_id(Timestamp(1_000), 3) < crate::first_id_at(Timestamp(1_001)));
}
