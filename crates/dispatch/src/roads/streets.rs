//! Which ways of OpenStreetMap are streets for a crew's car, in which direction, and how fast on an empty street.
//!
//! After the wiki's pages "Key:highway", "Key:access", "Key:oneway" and "Key:maxspeed", and the profile of cars that
//! routing programs share: signs are driven at four fifths.

/// A street for cars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Street {
    pub kmh: u8,
    pub forward: bool,
    pub backward: bool,
}

/// Kilometres an hour by class, without traffic and without lights.
const CLASSES: &[(&str, u8)] = &[
    ("motorway", 90),
    ("motorway_link", 50),
    ("trunk", 75),
    ("trunk_link", 45),
    ("primary", 55),
    ("primary_link", 40),
    ("secondary", 48),
    ("secondary_link", 36),
    ("tertiary", 40),
    ("tertiary_link", 32),
    ("unclassified", 30),
    ("residential", 25),
    ("living_street", 10),
    ("service", 15),
    ("road", 25),
];

/// Who may drive, the most particular key first. A crew of the city is nobody's guest and no bus.
const ACCESS: [&str; 4] = ["motorcar", "motor_vehicle", "vehicle", "access"];
const ALLOWED: &[&str] =
    &["yes", "permissive", "designated", "official", "destination", "customers", "permit", "delivery"];

/// A way by its tags; `None` when no car drives there.
pub(super) fn street<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Street> {
    let tags: Vec<(&str, &str)> = tags.collect();
    let tag = |key: &str| tags.iter().find(|(k, _)| *k == key).map(|(_, value)| *value);
    let class = tag("highway")?;
    let usual = CLASSES.iter().find(|(name, _)| *name == class).map(|(_, kmh)| *kmh)?;
    if tag("area") == Some("yes") || matches!(tag("service"), Some("parking_aisle" | "drive-through")) {
        return None;
    }
    let access = ACCESS.iter().find_map(|key| tag(key));
    if access.is_some_and(|access| !ALLOWED.contains(&access)) {
        return None;
    }
    let kmh = tag("maxspeed").and_then(sign).map_or(usual, |sign| sign * 4 / 5).max(5);
    let round = matches!(tag("junction"), Some("roundabout" | "circular"));
    let oneway = tag("oneway").or_else(|| (round || class == "motorway").then_some("yes"));
    let (forward, backward) = match oneway {
        Some("yes" | "true" | "1") => (true, false),
        Some("-1" | "reverse") => (false, true),
        // Its direction changes with the hour, and nobody says when.
        Some("reversible" | "alternating") => return None,
        _ => (true, true),
    };
    Some(Street { kmh, forward, backward })
}

/// Kilometres an hour of a sign: `50`, `30 mph`. What is no number (`walk`, `IR:urban`) says nothing.
fn sign(text: &str) -> Option<u8> {
    let (number, factor) = match text.strip_suffix("mph") {
        Some(miles) => (miles, 1.609),
        None => (text.strip_suffix("km/h").unwrap_or(text), 1.0),
    };
    let kmh = number.trim().parse::<f64>().ok()? * factor;
    (5.0..=150.0).contains(&kmh).then_some(kmh.round() as u8)
}

/// A point of a way that no car passes.
pub(super) fn is_barrier<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> bool {
    const CLOSED: &[&str] = &[
        "block",
        "bollard",
        "bus_trap",
        "chain",
        "cycle_barrier",
        "debris",
        "jersey_barrier",
        "kissing_gate",
        "log",
        "planter",
        "spikes",
        "stile",
        "turnstile",
        "wall",
    ];
    // Gates open for the city, unless they say that they do not.
    const GATES: &[&str] = &["gate", "lift_gate", "swing_gate", "sliding_gate"];
    let (mut is_closed, mut is_gate, mut access) = (false, false, None);
    for (key, value) in tags {
        is_closed |= key == "barrier" && CLOSED.contains(&value);
        is_gate |= key == "barrier" && GATES.contains(&value);
        if ACCESS.contains(&key) {
            access = Some(value);
        }
    }
    match access {
        Some(access) => (is_closed || is_gate) && !ALLOWED.contains(&access),
        None => is_closed,
    }
}
