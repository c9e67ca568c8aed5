//! The place inside a shape that is farthest from its border: where a number has most room.

/// How finely each round of looking divides what it looks at, and how many rounds there are.
const STEPS: i32 = 16;
const ROUNDS: usize = 4;

/// The widest place inside a ring and how far it is from the border; `None` for a ring without inside.
pub fn widest(ring: &[(f64, f64)]) -> Option<((f64, f64), f64)> {
    let first = *ring.first()?;
    let (mut low, mut high) = ring.iter().fold((first, first), |(low, high), p| {
        ((low.0.min(p.0), low.1.min(p.1)), (high.0.max(p.0), high.1.max(p.1)))
    });
    let mut best: Option<((f64, f64), f64)> = None;
    for _ in 0..ROUNDS {
        let step = ((high.0 - low.0) / f64::from(STEPS), (high.1 - low.1) / f64::from(STEPS));
        for column in 0..=STEPS {
            for row in 0..=STEPS {
                let at = (low.0 + step.0 * f64::from(column), low.1 + step.1 * f64::from(row));
                let room = room(ring, at);
                if room > 0.0 && best.is_none_or(|(_, most)| room > most) {
                    best = Some((at, room));
                }
            }
        }
        let (middle, _) = best?;
        low = (middle.0 - step.0, middle.1 - step.1);
        high = (middle.0 + step.0, middle.1 + step.1);
    }
    best
}

/// How far a point inside is from the border; 0 or less outside.
fn room(ring: &[(f64, f64)], at: (f64, f64)) -> f64 {
    let mut is_inside = false;
    let mut nearest = f64::INFINITY;
    for pair in ring.windows(2) {
        let [a, b] = pair else { continue };
        if (a.1 > at.1) != (b.1 > at.1) && at.0 < (b.0 - a.0) * (at.1 - a.1) / (b.1 - a.1) + a.0 {
            is_inside = !is_inside;
        }
        let (along, across) = (b.0 - a.0, b.1 - a.1);
        let length = along * along + across * across;
        let part = if length > 0.0 { ((at.0 - a.0) * along + (at.1 - a.1) * across) / length } else { 0.0 };
        let part = part.clamp(0.0, 1.0);
        nearest = nearest.min((a.0 + along * part - at.0).hypot(a.1 + across * part - at.1));
    }
    if is_inside { nearest } else { -nearest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_in_the_broad_part_of_a_shape() {
        let check = |ring: &[(f64, f64)], wanted: (f64, f64), width: f64| {
            let ((x, y), room) = widest(ring).unwrap();
            assert!((x - wanted.0).abs() < 2.0 && (y - wanted.1).abs() < 2.0, "{x},{y}");
            assert!((room - width).abs() < 1.0, "{room}");
        };
        check(&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)], (50.0, 50.0), 50.0);
        // A room with a long corridor: the middle of everything lies in the corridor.
        let corridor = [
            (0.0, 0.0),
            (40.0, 0.0),
            (40.0, 18.0),
            (200.0, 18.0),
            (200.0, 22.0),
            (40.0, 22.0),
            (40.0, 40.0),
            (0.0, 40.0),
            (0.0, 0.0),
        ];
        check(&corridor, (20.0, 20.0), 20.0);
        assert!(widest(&[]).is_none());
        assert!(widest(&[(1.0, 1.0), (1.0, 1.0)]).is_none());
    }
}
