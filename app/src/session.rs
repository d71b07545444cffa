//! Signing in and out.

pub mod calls;
mod menu;
mod sign_in;
mod state;

pub use self::{
    menu::SessionMenu,
    sign_in::SignIn,
    state::{SessionState, use_session},
};

/// Where to sign in, leading back to `path` (one of ours).
pub fn sign_in_path(path: &str) -> String {
    use std::fmt::Write;

    path.bytes().fold("/sign-in?next=".to_owned(), |mut address, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            // Writing to a text does not fail.
            other => drop(write!(address, "%{other:02X}")),
        }
        address
    })
}

#[cfg(test)]
mod tests {
    use super::sign_in_path;

    #[test]
    fn the_way_back_survives_being_part_of_an_address() {
        assert_eq!(
            sign_in_path("/c/club?tier=1&interval=month#tier-1"),
            "/sign-in?next=/c/club%3Ftier%3D1%26interval%3Dmonth%23tier-1"
        );
    }
}
