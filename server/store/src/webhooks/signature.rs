//! `Stripe-Signature`: `t=…,v1=…[,v1=…]` over `t.body` (<https://docs.stripe.com/webhooks#verify-manually>).
//!
//! Not async-stripe's: it reads the whole event while verifying, and loses every one that lacks a field it knows.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{Rejected, TOLERANCE_SECONDS};

/// Of a signature, in bytes.
const LENGTH: usize = 32;
/// More than Stripe ever sends: one for each secret that is being rolled.
const MOST_SIGNATURES: usize = 8;

/// Checks `header` against any of `secrets`; several signatures arrive while a secret is rolled.
pub(super) fn verify(header: Option<&str>, body: &[u8], secrets: &[String], now: i64) -> Result<(), Rejected> {
    let header = header.ok_or(Rejected::NoSignature)?;
    let pairs = || header.split(',').filter_map(|pair| pair.trim().split_once('='));
    let time = pairs()
        .find(|(key, _)| *key == "t")
        .map(|(_, time)| time)
        .ok_or(Rejected::NoSignature)?;
    let signed_at: i64 = time.parse().map_err(|_| Rejected::NoSignature)?;
    // Anybody may send anything: the body is hashed once for each secret, however many signatures there are, and not at all
    // when the time is wrong.
    let signatures: Vec<Vec<u8>> = pairs()
        .filter(|(key, given)| *key == "v1" && given.len() == 2 * LENGTH)
        .filter_map(|(_, given)| hex::decode(given).ok())
        .take(MOST_SIGNATURES)
        .collect();
    if signatures.is_empty() {
        return Err(Rejected::NoSignature);
    }
    if now
        .checked_sub(signed_at)
        .is_none_or(|age| age.abs() > TOLERANCE_SECONDS)
    {
        return Err(Rejected::TooOld);
    }
    // An empty key can be forged: it counts as none.
    let matches = secrets.iter().filter(|secret| !secret.trim().is_empty()).any(|secret| {
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mut mac| {
            mac.update(time.as_bytes());
            mac.update(b".");
            mac.update(body);
            let right = mac.finalize().into_bytes();
            signatures.iter().any(|given| given.ct_eq(&right).into())
        })
    });
    if matches { Ok(()) } else { Err(Rejected::BadSignature) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn signed(secret: &str, body: &str, at: i64) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("{at}.{body}").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    fn check(header: &str, secrets: &[&str]) -> Result<(), Rejected> {
        let secrets: Vec<String> = secrets.iter().map(ToString::to_string).collect();
        verify(Some(header), b"{}", &secrets, NOW)
    }

    #[test]
    fn the_right_signature_within_five_minutes_is_taken() {
        let right = signed("whsec_a", "{}", NOW - 300);
        assert_eq!(check(&format!("t={},v1={right}", NOW - 300), &["whsec_a"]), Ok(()));
        assert_eq!(
            check(&format!("t={},v1={right}", NOW - 300), &["whsec_b", "whsec_a"]),
            Ok(())
        );
        let two = format!(
            "t={},v1={},v0=x,v1={right}",
            NOW - 300,
            signed("whsec_old", "{}", NOW - 300)
        );
        assert_eq!(check(&two, &["whsec_a"]), Ok(()));
    }

    #[test]
    fn everything_else_is_refused() {
        let at = |time: i64, secret: &str, body: &str| format!("t={time},v1={}", signed(secret, body, time));
        assert_eq!(
            check(&at(NOW - 301, "whsec_a", "{}"), &["whsec_a"]),
            Err(Rejected::TooOld)
        );
        assert_eq!(
            check(&at(NOW + 301, "whsec_a", "{}"), &["whsec_a"]),
            Err(Rejected::TooOld)
        );
        assert_eq!(
            check(&at(NOW, "whsec_b", "{}"), &["whsec_a"]),
            Err(Rejected::BadSignature)
        );
        assert_eq!(
            check(&at(NOW, "whsec_a", "{ }"), &["whsec_a"]),
            Err(Rejected::BadSignature)
        );
        assert_eq!(check(&at(NOW, "", "{}"), &["", " "]), Err(Rejected::BadSignature));
        assert_eq!(check("t=1", &["whsec_a"]), Err(Rejected::NoSignature));
        assert_eq!(check("v1=00", &["whsec_a"]), Err(Rejected::NoSignature));
        assert_eq!(check("t=now,v1=00", &["whsec_a"]), Err(Rejected::NoSignature));
        let many = format!("t={NOW}{}", format!(",v1={}", "0".repeat(64)).repeat(10_000));
        assert_eq!(check(&many, &["whsec_a"]), Err(Rejected::BadSignature));
        let short = format!("t={NOW}{}", ",v1=".repeat(10_000));
        assert_eq!(check(&short, &["whsec_a"]), Err(Rejected::NoSignature));
        assert_eq!(
            check(&format!("t={},v1={}", i64::MIN, "0".repeat(64)), &["whsec_a"]),
            Err(Rejected::TooOld)
        );
        assert_eq!(
            verify(None, b"{}", &["whsec_a".to_owned()], NOW),
            Err(Rejected::NoSignature)
        );
    }
}
