//! Nobody overwrites what somebody else changed since they looked: views give a [`Fingerprint`] of what their form edits,
//! and the service that writes compares it, inside its transaction, with what is there by then.

use model::{Problem, fingerprint::Fingerprint};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Of the fields of a form, in this order.
pub fn of<'a>(fields: impl IntoIterator<Item = &'a str>) -> Fingerprint {
    let mut hash = Sha256::new();
    for field in fields {
        // Where one ends and the next begins is part of it.
        hash.update(field.len().to_string());
        hash.update(":");
        hash.update(field);
    }
    let digest = hash.finalize();
    Fingerprint(hex::encode(&digest[..8]))
}

/// Of what is ticked in a list, in whatever order.
pub fn of_ids(ids: impl IntoIterator<Item = Uuid>) -> Fingerprint {
    let mut ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    ids.sort_unstable();
    ids.dedup();
    of(ids.iter().map(String::as_str))
}

/// # Errors
/// `Problem::EditedMeanwhile` when what is there `now` is not what was `shown`. Who wants what is there overwrites nothing:
/// a form that was sent twice.
pub fn check(shown: &Fingerprint, now: Fingerprint, wanted: &Fingerprint) -> Result<(), Problem> {
    if *shown == now || *wanted == now {
        return Ok(());
    }
    Err(Problem::EditedMeanwhile { now })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_which_field_matters_and_the_order_of_a_list_does_not() {
        assert_eq!(of(["a", "b"]), of(["a", "b"]));
        assert_ne!(of(["a", "b"]), of(["ab", ""]));
        assert_ne!(of(["a", "b"]), of(["b", "a"]));
        assert_ne!(of([""]), of([]));
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(of_ids([one, two]), of_ids([two, one, two]));
        assert_ne!(of_ids([one]), of_ids([one, two]));
    }

    #[test]
    fn only_what_was_seen_is_replaced() {
        let (shown, theirs, mine) = (of(["shown"]), of(["theirs"]), of(["mine"]));
        assert_eq!(check(&shown, shown.clone(), &mine), Ok(()));
        let refused = Problem::EditedMeanwhile { now: theirs.clone() };
        assert_eq!(check(&shown, theirs.clone(), &mine), Err(refused));
        assert_eq!(check(&theirs, theirs.clone(), &mine), Ok(()), "having seen it");
        assert_eq!(check(&shown, mine.clone(), &mine), Ok(()), "it is there already");
    }
}
