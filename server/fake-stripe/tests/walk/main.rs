//! Random walks: whatever is asked of the API in whatever order, and however the clock moves, no illegal state is reached.
//! A walk that fails is shortened; its seed and what is left of it are printed.
//!
//! `WALK_SEED=7` walks only that one; `WALK_SEEDS=1000` that many.

mod rules;
mod steps;
#[path = "../api/support.rs"]
#[expect(dead_code, reason = "the API's tests need more of it")]
mod support;
mod world;

use self::{rules::Rules, steps::Step, world::World};

/// Steps of a walk.
const LENGTH: usize = 45;

/// `SplitMix64`: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Walks and looks at the rules after every step. Answers what was asked, and what was wrong if anything was.
async fn walk(steps: &[Step]) -> (Vec<String>, Option<String>) {
    let mut world = World::new().await;
    let mut rules = Rules::default();
    for step in steps {
        let wrong = match step.take(&mut world).await {
            Ok(()) => rules.look(&world).await.err(),
            Err(wrong) => Some(wrong),
        };
        if wrong.is_some() {
            return (world.asked, wrong);
        }
    }
    (world.asked, None)
}

/// Leaves out whatever the failure does not need.
async fn shorten(mut steps: Vec<Step>) -> Vec<Step> {
    let mut size = steps.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < steps.len() {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + size).min(fewer.len()));
            if walk(&fewer).await.1.is_some() {
                steps = fewer;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    steps
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test]
async fn no_sequence_of_calls_and_clock_moves_reaches_an_illegal_state() {
    let seeds = match number("WALK_SEED") {
        Some(seed) => seed..=seed,
        None => 1..=number("WALK_SEEDS").unwrap_or(40),
    };
    for seed in seeds {
        let mut random = Random(seed);
        let steps: Vec<Step> = (0..LENGTH)
            .map(|_| Step::new([(); 5].map(|()| random.next())))
            .collect();
        if let (_, Some(wrong)) = walk(&steps).await {
            let (asked, shorter) = walk(&shorten(steps).await).await;
            panic!(
                "seed {seed}: {wrong}\nshortened:\n  {}\n{}",
                asked.join("\n  "),
                shorter.unwrap_or_default()
            );
        }
    }
}
