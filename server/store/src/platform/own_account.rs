//! Whether the secret key is that of the platform which the database's accounts are connected to.
//!
//! With another platform's key Stripe says of every connected account that access may have been revoked: every community
//! would be taken for disconnected, and everybody written to.

use std::{fmt, sync::atomic::Ordering};

use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use crate::{Error, Result, Store, entity::stripe_platform, stripe::StripeError};

/// A platform's own account at Stripe, and which of its two worlds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAccount {
    /// `acct_…`
    pub account: String,
    pub livemode: bool,
}

impl fmt::Display for OwnAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = if self.livemode { "live" } else { "test" };
        write!(f, "{} ({mode} mode)", self.account)
    }
}

impl Store {
    /// Asks Stripe whose the key is, once a process. The first start of a database notes it there.
    ///
    /// # Errors
    /// [`Error::OtherPlatform`] when the database is another's; what Stripe says when it cannot be asked.
    pub async fn check_platform(&self) -> Result<()> {
        if self.0.knows_platform.load(Ordering::Relaxed) {
            return Ok(());
        }
        let key = OwnAccount {
            account: match self.stripe().own_account().await {
                // A restricted key that may not read accounts: nobody can say.
                Err(StripeError::Refused(refused)) if refused.status == 403 => {
                    tracing::warn!("{refused}: the key may not say whose it is");
                    return Ok(());
                }
                answer => answer?,
            },
            livemode: self.settings().livemode,
        };
        // Two processes may start at once: whoever is first has noted it.
        let first = stripe_platform::ActiveModel {
            id: Set(stripe_platform::ONLY),
            account: Set(key.account.clone()),
            livemode: Set(key.livemode),
        };
        let nothing = OnConflict::column(stripe_platform::Column::Id).do_nothing().to_owned();
        stripe_platform::Entity::insert(first)
            .on_conflict(nothing)
            .exec_without_returning(self.database().write())
            .await?;
        let noted = stripe_platform::Entity::find_by_id(stripe_platform::ONLY)
            .one(self.database().write())
            .await?
            .ok_or_else(|| Error::inconsistent("the platform's own account was not noted"))?;
        let database = OwnAccount {
            account: noted.account,
            livemode: noted.livemode,
        };
        if database != key {
            return Err(Error::OtherPlatform { database, key });
        }
        self.0.knows_platform.store(true, Ordering::Relaxed);
        Ok(())
    }
}
