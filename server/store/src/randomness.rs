//! Randomness comes in as a parameter: the operating system's for the server, a seed for tests.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use model::Timestamp;
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Where ids, tokens and jitter come from.
#[derive(Clone)]
pub struct Randomness(Arc<Mutex<StdRng>>);

impl fmt::Debug for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Randomness")
    }
}

impl Randomness {
    /// Seeded by the operating system.
    pub fn system() -> Self {
        Self(Arc::new(Mutex::new(rand::make_rng())))
    }

    /// The same every time.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    fn fill<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        bytes
    }

    /// A `UUIDv7` for `now`.
    pub fn id(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.fill()).into_uuid()
    }

    /// 256 random bits in hex.
    pub fn token(&self) -> String {
        hex::encode(self.fill::<32>())
    }

    /// Six digits.
    pub fn code(&self) -> String {
        let number: u32 = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .random_range(0..1_000_000);
        format!("{number:06}")
    }

    /// A part of one, for jitter: from 0 up to and not including 1.
    pub fn fraction(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).random()
    }
}

/// SHA-256 in hex: how tokens are kept.
pub(crate) fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
