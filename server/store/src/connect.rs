//! The merchant's Stripe account: linking it, reading it, pausing the shop, the portal's configuration.
//!
//! Policy: a clerk looks and asks for a fresh reading; only a merchant links, pauses, configures and disconnects.

use chrono::Duration;
use model::{
    Problem, Refusal,
    account::AccountStatus,
    connect::{ConnectView, FormerConnection},
    id::CommunityId,
    popup::PopupAddress,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use crate::{
    Store,
    actor::{Clerk, Community, Merchant},
    entity::{Scoped, community, connection, product},
    error::{Error, Result},
    planning::tiers_for_sale,
    stripe::{Onboarding, StripeError},
};

mod link;
mod oauth;
mod portal_config;

pub(crate) use link::Connection;

/// Characters of an address in the portal's configuration.
const LONGEST_ADDRESS: usize = 500;
/// Stripe accounts that are made for a community within a day at most.
const MOST_ACCOUNTS_A_DAY: usize = 5;

/// The service; made by [`Store::connect`].
pub struct Connect<'a>(pub(crate) &'a Store);

impl Connect<'_> {
    /// What is stored; Stripe is not asked.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn view(&self, clerk: &Clerk) -> Result<ConnectView> {
        self.view_of(&clerk.community, clerk.also_merchant).await
    }

    async fn view_of(&self, community: &Community, may_control: bool) -> Result<ConnectView> {
        let settings = self.0.settings();
        let connection = self.0.current_connection(community.id).await?;
        let shop_paused = community.shop_paused;
        let former = connection::Entity::within(community.id)
            .filter(connection::Column::Current.eq(false))
            .order_by_desc(connection::Column::EndedAt)
            .all(self.0.database().read())
            .await?;
        let tiers_elsewhere = match &connection {
            Some(link) if !former.is_empty() => self.tiers_elsewhere(link).await?,
            _ => 0,
        };
        Ok(ConnectView {
            tiers_elsewhere,
            deleted: connection.as_ref().is_some_and(|link| link.deleted),
            has_subscribers: self.0.has_subscribers(community.id).await?,
            status: connection
                .as_ref()
                .map_or(AccountStatus::Unlinked, |link| link.status(shop_paused)),
            stripe_is_silent: self.0.stripe_is_silent(connection.as_ref()),
            dashboard_url: connection
                .as_ref()
                .filter(|link| !link.disconnected)
                .map(|link| settings.dashboard_of(&link.account)),
            snapshot: connection.map(|link| link.snapshot),
            may_control,
            revokes_at_stripe: settings.client_id.is_some(),
            can_connect_existing: settings.client_id.is_some(),
            platform_fee: settings.fee_label(),
            history: former
                .into_iter()
                .map(|row| FormerConnection {
                    account: row.account,
                    linked_at: row.linked_at,
                    ended_at: row.ended_at.unwrap_or(row.read_at),
                    reason: row.ended_reason.unwrap_or_default(),
                })
                .collect(),
        })
    }

    async fn tiers_elsewhere(&self, connection: &Connection) -> Result<usize> {
        let (read, community) = (self.0.database().read(), connection.community);
        let here: Vec<Uuid> = product::Entity::within(community)
            .filter(product::Column::ConnectionId.eq(connection.id.0))
            .select_only()
            .column(product::Column::TierId)
            .into_tuple()
            .all(read)
            .await?;
        let sold = tiers_for_sale(read, community).await?;
        Ok(sold.iter().filter(|tier| !here.contains(tier)).count())
    }

    /// Makes the account if there is none, and a single-use link to Stripe's onboarding.
    ///
    /// # Errors
    /// What Stripe says, as `Problem::Stripe`; `Refusal::AlreadyConnected` when nothing is left to do.
    pub async fn start_onboarding(&self, merchant: &Merchant, popup: &str) -> Result<PopupAddress> {
        // One look decides both whether there is an account and what a new one's key is: what another manager links after
        // it changes neither.
        let known = connection::Entity::within(merchant.community.id)
            .order_by_desc(connection::Column::LinkedAt)
            .all(self.0.database().write())
            .await?;
        let connection = match known.iter().find(|link| link.current && !link.disconnected) {
            Some(link) => Connection::from_row(link.clone())?,
            None => self.link_new_account(merchant, &known).await?,
        };
        self.onboarding_link(merchant, &connection, popup).await
    }

    async fn onboarding_link(&self, merchant: &Merchant, connection: &Connection, popup: &str) -> Result<PopupAddress> {
        if connection.status(false).is_open() && connection.snapshot.currently_due.is_empty() {
            return Err(Refusal::AlreadyConnected.into());
        }
        let slug = &merchant.community.slug;
        let public_url = self.0.public_url();
        let onboarding = Onboarding {
            return_url: self.0.return_url(popup, "onboarding", &format!("/c/{slug}/onboarded")),
            refresh_url: format!("{public_url}/c/{slug}/onboarding?popup={}", crate::popup_name(popup)),
        };
        let url = self.0.stripe().onboarding_link(&connection.account, &onboarding).await;
        Ok(PopupAddress {
            url: self.0.noticing(connection, url).await?,
        })
    }

    /// The same when Stripe leads back because its link was used already. Whoever follows such an address (anybody can write
    /// one) gets a new link of the account that is connected, and never another account.
    ///
    /// # Errors
    /// `Refusal::NotConnected`, `Refusal::AlreadyConnected`; what Stripe says.
    pub async fn go_on_onboarding(&self, merchant: &Merchant, popup: &str) -> Result<PopupAddress> {
        let connection = self.0.current_connection(merchant.community.id).await?;
        let connection = connection
            .filter(|link| !link.disconnected)
            .ok_or(Refusal::NotConnected)?;
        self.onboarding_link(merchant, &connection, popup).await
    }

    /// One account for a community and what it was linked to before (`known`, newest first), also when two managers press at
    /// once: the key is the same, and so is the call, which names the owner whoever presses.
    async fn link_new_account(&self, merchant: &Merchant, known: &[connection::Model]) -> Result<Connection> {
        let community = &merchant.community;
        let day_ago = self.0.now() - Duration::days(1);
        if known.iter().filter(|link| link.linked_at > day_ago).count() >= MOST_ACCOUNTS_A_DAY {
            return Err(Refusal::TooManyAccounts.into());
        }
        let before = known
            .first()
            .map_or_else(|| "first".to_owned(), |link| link.id.to_string());
        let key = format!("account:{}:{before}", community.id);
        let email = self.0.email_of(community.owner()).await?;
        let snapshot = self
            .0
            .stripe()
            .create_account(&key, &community.id.to_string(), &email)
            .await?;
        self.0.link(merchant, &snapshot).await
    }

    /// Reads the account at Stripe at once; makes the portal configuration when Stripe did not take it before.
    ///
    /// # Errors
    /// `Refusal::NotConnected`
    pub async fn refresh(&self, clerk: &Clerk) -> Result<ConnectView> {
        let connection = self
            .0
            .current_connection(clerk.community.id)
            .await?
            .ok_or(Refusal::NotConnected)?;
        self.0.read_account(&connection).await?;
        self.view(clerk).await
    }

    /// # Errors
    /// `Refusal::NotConnected`
    pub async fn pause_shop(&self, merchant: &Merchant) -> Result<()> {
        self.set_paused(merchant, true).await
    }

    /// # Errors
    /// `Refusal::NotConnected`
    pub async fn resume_shop(&self, merchant: &Merchant) -> Result<()> {
        self.set_paused(merchant, false).await
    }

    async fn set_paused(&self, merchant: &Merchant, paused: bool) -> Result<()> {
        let id = merchant.community.id;
        let connection = self.0.current_connection(id).await?.ok_or(Refusal::NotConnected)?;
        let changed = community::ActiveModel {
            id: Set(id.0),
            shop_paused: Set(paused),
            ..Default::default()
        };
        let action = if paused { "shop paused" } else { "shop resumed" };
        let transaction = self.0.database().begin().await?;
        // After whoever begins to buy at this moment: their checkout is seen below.
        self.0.database().serialise(&transaction, &id.to_string()).await?;
        changed.update(&transaction).await?;
        self.0
            .audit(&transaction, id, Some(merchant.user.user), action, "")
            .await?;
        transaction.commit().await?;
        self.0.notice_stale_checkouts(&connection).await?;
        self.0.live().tell(id, None);
        Ok(())
    }

    /// Ends the connection: access is given back at Stripe where OAuth is configured, else it ends only here.
    ///
    /// # Errors
    /// `Refusal::NotConnected`; what Stripe says.
    pub async fn disconnect(&self, merchant: &Merchant) -> Result<()> {
        let connection = self
            .0
            .current_connection(merchant.community.id)
            .await?
            .ok_or(Refusal::NotConnected)?;
        let was_paused = self.stop_sales(connection.community, true).await?;
        if !connection.disconnected
            && let Err(error) = self.give_back(&connection).await
        {
            self.stop_sales(connection.community, was_paused).await?;
            return Err(error);
        }
        let mut row = connection::ActiveModel {
            id: Set(connection.id.0),
            current: Set(false),
            disconnected: Set(true),
            ..Default::default()
        };
        row.ended_at = Set(Some(self.0.now()));
        row.ended_reason = Set(Some("disconnected by the merchant".to_owned()));
        let (id, by) = (connection.community, Some(merchant.user.user));
        let transaction = self.0.database().begin().await?;
        row.update(&transaction).await?;
        let community = community::ActiveModel {
            id: Set(id.0),
            shop_paused: Set(was_paused),
            ..Default::default()
        };
        community.update(&transaction).await?;
        self.0
            .audit(&transaction, id, by, "disconnected", &connection.account)
            .await?;
        transaction.commit().await?;
        self.0.live().tell(connection.community, None);
        Ok(())
    }

    /// While it is disconnected no checkout begins: it would be paid for what nobody hears of here any more. Answers what
    /// was so before.
    async fn stop_sales(&self, id: CommunityId, stopped: bool) -> Result<bool> {
        let transaction = self.0.database().begin().await?;
        self.0.database().serialise(&transaction, &id.to_string()).await?;
        let row = community::Entity::find_by_id(id.0)
            .one(&transaction)
            .await?
            .ok_or_else(|| Error::inconsistent(format!("community {id} is gone")))?;
        let before = row.shop_paused;
        let mut row = row.into_active_model();
        row.shop_paused = Set(stopped);
        row.update(&transaction).await?;
        transaction.commit().await?;
        Ok(before)
    }

    /// Everything that is open at Stripe's pages is closed, and access given back.
    async fn give_back(&self, connection: &Connection) -> Result<()> {
        self.0.expire_every_checkout(connection).await?;
        let settings = self.0.settings();
        let Some(client_id) = &settings.client_id else {
            return Ok(());
        };
        let given_back = self
            .0
            .stripe()
            .oauth_disconnect(&settings.connect_base, client_id, &connection.account)
            .await;
        match given_back {
            // Access that is gone already need not be given back.
            Err(StripeError::Refused(refused)) if refused.status < 500 => {
                tracing::info!(account = connection.account, %refused, "deauthorize refused");
                Ok(())
            }
            other => Ok(other?),
        }
    }
}

/// An address at Stripe's portal; `name` is what the form calls it.
fn https_or_empty(field: &str, name: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let count = text.chars().count();
    let wrong = if text.is_empty() {
        None
    } else if count > LONGEST_ADDRESS {
        Some(format!(
            "{name} has {count} characters; at most {LONGEST_ADDRESS} are allowed."
        ))
    } else if text.contains(char::is_whitespace) {
        Some(format!("{name}: the address must not contain spaces."))
    } else if !text.starts_with("https://") || text.len() <= "https://".len() {
        Some(format!("{name}: the address must begin with https://, or be empty."))
    } else {
        None
    };
    wrong.map_or_else(|| Ok(text.to_owned()), |message| Err(Problem::invalid(field, message)))
}

#[cfg(test)]
mod tests {
    use super::https_or_empty;

    #[test]
    fn an_address_that_is_refused_says_which_and_why() {
        let check = |text: &str| {
            https_or_empty("privacy_policy_url", "Privacy policy", text).map_err(|problem| problem.to_string())
        };
        assert_eq!(
            check(" https://example.org/privacy "),
            Ok("https://example.org/privacy".to_owned())
        );
        assert_eq!(check(""), Ok(String::new()));
        for (text, why) in [
            ("http://example.org", "begin with https://"),
            ("https://", "begin with https://"),
            ("https://example.org/a b", "spaces"),
            (&format!("https://{}", "a".repeat(500)), "508 characters"),
        ] {
            let message = check(text).expect_err(text);
            assert!(
                message.starts_with("Privacy policy") && message.contains(why),
                "{message}"
            );
        }
    }
}
