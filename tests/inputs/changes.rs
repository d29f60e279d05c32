//! Any sequence of changes: each does what the model says, wholly or not at all.

use crate::changes::Walk;
use crate::dice::Dice;

/// So that no input takes long.
const MOST_STEPS: usize = 24;

pub(crate) fn check(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    let mut walk = Walk::checking_every(5);
    for step in 0..MOST_STEPS {
        if dice.is_spent() {
            break;
        }
        let changes = dice.batch(&walk.model);
        // One after the other acts, and no byte says who: so an input means the same as before.
        let everybody = walk.model.everybody();
        if let Some(who) = everybody.get(step % everybody.len().max(1)) {
            walk.try_acting(who, &changes);
        }
        let _ = walk.step(changes);
    }
    walk.check();
    walk.replay();
}
