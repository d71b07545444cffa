//! Ids that look like Stripe's and come out the same for the same seed, so that a test's run can be repeated.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ids {
    seed: u64,
    made: u64,
}

impl Ids {
    pub fn new(seed: u64) -> Self {
        Self { seed, made: 0 }
    }

    /// `prefix` and 24 letters and digits, as in `sub_1Qx…`.
    pub fn next(&mut self, prefix: &str) -> String {
        format!("{prefix}{}", self.letters(24))
    }

    /// `length` (at most 32) letters and digits.
    pub fn letters(&mut self, length: usize) -> String {
        self.made += 1;
        let digest = Sha256::digest([self.seed.to_le_bytes(), self.made.to_le_bytes()].concat());
        digest
            .iter()
            .take(length)
            .map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]))
            .collect()
    }
}

impl Ids {
    /// A number below `limit` (0 when that is 0).
    pub fn below(&mut self, limit: usize) -> usize {
        let text = self.letters(4);
        text.bytes().fold(0_usize, |sum, byte| sum * 61 + usize::from(byte)) % limit.max(1)
    }
}
