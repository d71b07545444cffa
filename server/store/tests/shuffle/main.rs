//! The proof that nothing depends on the order, the number or the timing of events: a random life over simulated months is
//! lived with events arriving in order; then every projection is thrown away, and the same events come shuffled, twice,
//! late, or partly never (with a reconciliation at the end). The tables must be equal, each time.
//!
//! `SHUFFLE_SEEDS=200` is the nightly form (CI takes 20); `SHUFFLE_SEED=7` lives one life again. A failing seed is printed.

mod life;
#[path = "../cells/situation.rs"]
#[expect(dead_code, reason = "shared with the cells, which use more of it")]
mod situation;
mod tables;
#[path = "../service/world.rs"]
#[expect(dead_code, reason = "shared with the service tests, which use more of it")]
mod world;

use life::Life;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::json;

/// Seeds in CI.
const SEEDS: u64 = 20;
/// Lives at the same time: one for each core of a small machine.
const AT_ONCE: usize = 2;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_order_number_and_timing_of_events_ends_with_the_same_tables() {
    let seeds: Vec<u64> = match number("SHUFFLE_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("SHUFFLE_SEEDS").unwrap_or(SEEDS)).collect(),
    };
    let mut failed = Vec::new();
    for some in seeds.chunks(AT_ONCE) {
        let mut running = tokio::task::JoinSet::new();
        for seed in some.iter().copied() {
            running.spawn(async move { (seed, tokio::spawn(one(seed)).await) });
        }
        while let Some(ended) = running.join_next().await {
            let (seed, outcome) = ended.expect("a life");
            if outcome.is_err() {
                eprintln!("seed {seed} failed: SHUFFLE_SEED={seed} lives it again");
                failed.push(seed);
            }
        }
    }
    assert!(failed.is_empty(), "failing seeds: {failed:?}");
}

/// Lives with Stripe misbehaving; they take longer.
const HARD_SEEDS: u64 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_stripe_misbehaves_too_and_nothing_is_made_twice() {
    let seeds: Vec<u64> = match number("SHUFFLE_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("SHUFFLE_SEEDS").map_or(HARD_SEEDS, |seeds| seeds.div_ceil(5))).collect(),
    };
    for seed in seeds {
        eprintln!("hard seed {seed}");
        one_hard(seed).await;
    }
}

async fn one_hard(seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let life = Life::live_hard(&mut random, 20).await;
    let world = &life.situation.world;
    let lived = tables::dump(&world.store).await;
    assert_eq!(
        world.jobs().await,
        Vec::<String>::new(),
        "hard seed {seed}: {:#?}",
        life.diary
    );
    let events = life.events().await;
    tables::forget(&world.store).await;
    in_pieces(&life, &events, &mut random).await;
    world.store.look_ahead().await.expect("a look ahead");
    world.settle().await;
    let in_order = tables::dump(&world.store).await;
    let when = format!("hard seed {seed}; lived: {:#?}", life.diary);
    tables::assert_equal(&in_order, &lived, &format!("as it was lived, {when}"));
    tables::forget(&world.store).await;
    world.misbehave().await;
    let mut order = events.clone();
    order.shuffle(&mut random);
    in_pieces(&life, &order, &mut random).await;
    life.recover().await;
    tables::assert_equal(
        &in_order,
        &tables::dump(&world.store).await,
        &format!("shuffled, {when}"),
    );
    nothing_is_there_twice(&life).await;
    life.situation.finish().await;
}

/// Everything that was made carries the key of the call that made it: each is there once.
async fn nothing_is_there_twice(life: &Life) {
    let mut made = 0;
    for list in ["customers", "products", "prices", "checkout/sessions"] {
        let path = format!("{list}?limit=100");
        let found = life.situation.world.stripe(&life.situation.account, &path).await;
        let mut operations: Vec<&str> = found["data"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["metadata"]["operation"].as_str())
            .collect();
        let all = operations.len();
        operations.sort_unstable();
        operations.dedup();
        assert_eq!(operations.len(), all, "{list}: something was made twice");
        made += all;
    }
    assert!(made > 0, "nothing carries its key");
}

async fn one(seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let life = Life::live(&mut random, 30).await;
    let world = &life.situation.world;
    let expected = tables::dump(&world.store).await;
    let events = life.events().await;
    assert!(events.len() > 30, "a life has more events than {}", events.len());
    for way in [Way::Shuffled, Way::PartlyLate, Way::PartlyNever] {
        tables::forget(&world.store).await;
        way.deliver(&life, &events, &mut random).await;
        world.store.look_ahead().await.expect("a look ahead");
        world.settle().await;
        let found = tables::dump(&world.store).await;
        tables::assert_equal(
            &expected,
            &found,
            &format!("seed {seed}, {way:?}; lived: {:#?}", life.diary),
        );
    }
    life.situation.finish().await;
}

#[derive(Debug, Clone, Copy)]
enum Way {
    /// All of them, in any order, some twice.
    Shuffled,
    /// Most, then a while later the rest.
    PartlyLate,
    /// One in five is lost; a reconciliation makes up for them.
    PartlyNever,
}

impl Way {
    async fn deliver(self, life: &Life, events: &[String], random: &mut StdRng) {
        let mut order = events.to_vec();
        order.shuffle(random);
        match self {
            Self::Shuffled => {
                let twice: Vec<String> = order.iter().filter(|_| random.random_bool(0.3)).cloned().collect();
                order.extend(twice);
                order.shuffle(random);
                in_pieces(life, &order, random).await;
            }
            Self::PartlyLate => {
                let (late, soon) = order.split_at(order.len() / 4);
                in_pieces(life, soon, random).await;
                in_pieces(life, late, random).await;
            }
            Self::PartlyNever => {
                let (_, come) = order.split_at(order.len() / 5);
                in_pieces(life, come, random).await;
                life.situation.world.store.reconcile(true).await.expect("reconciled");
                let again = life.situation.world.store.reconcile(false).await.expect("compared");
                assert!(again.is_empty(), "a second run finds {again:#?}");
            }
        }
    }
}

/// A few arrive, some work is done, and so on.
async fn in_pieces(life: &Life, events: &[String], random: &mut StdRng) {
    let world = &life.situation.world;
    let mut rest = events;
    while !rest.is_empty() {
        let size = random.random_range(1..=40).min(rest.len());
        let (now, later) = rest.split_at(size);
        let sent = world.control("outbox/deliver", json!({ "events": now })).await;
        assert_eq!(sent["failed"], 0, "{sent}");
        world.store.work_jobs().await.expect("the queue");
        rest = later;
    }
}
