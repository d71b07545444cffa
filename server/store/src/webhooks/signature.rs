//! `Stripe-Signature`: `t=…,v1=…[,v1=…]` over `t.body` (<https://docs.stripe.com/webhooks#verify-manually>).
//!
//! Not async-stripe's: it reads the whole event while verifying, and loses every one that lacks a field it knows.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Rejected, TOLERANCE_SECONDS};

/// Checks `header` against any of `secrets`; several signatures arrive while a secret is rolled.
pub(super) fn verify(header: Option<&str>, body: &[u8], secrets: &[String], now: i64) -> Result<(), Rejected> {
    let header = header.ok_or(Rejected::NoSignature)?;
    let pairs = || header.split(',').filter_map(|pair| pair.trim().split_once('='));
    let time = pairs()
        .find(|(key, _)| *key == "t")
        .map(|(_, time)| time)
        .ok_or(Rejected::NoSignature)?;
    let signed_at: i64 = time.parse().map_err(|_| Rejected::NoSignature)?;
    let signatures: Vec<Vec<u8>> = pairs()
        .filter(|(key, _)| *key == "v1")
        .filter_map(|(_, given)| hex::decode(given).ok())
        .collect();
    if signatures.is_empty() {
        return Err(Rejected::NoSignature);
    }
    // An empty key can be forged: it counts as none.
    let matches = secrets.iter().filter(|secret| !secret.trim().is_empty()).any(|secret| {
        signatures.iter().any(|given| {
            Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mut mac| {
                mac.update(time.as_bytes());
                mac.update(b".");
                mac.update(body);
                mac.verify_slice(given).is_ok()
            })
        })
    });
    if !matches {
        return Err(Rejected::BadSignature);
    }
    if (now - signed_at).abs() > TOLERANCE_SECONDS {
        return Err(Rejected::TooOld);
    }
    Ok(())
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
        assert_eq!(
            verify(None, b"{}", &["whsec_a".to_owned()], NOW),
            Err(Rejected::NoSignature)
        );
    }
}
