//! Letters to those who run a community: its owner, and whoever was given a role that carries `control stripe account`.

use model::id::CommunityId;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::merchant_wording::{self, MerchantLetter};
use crate::{Store, entity::community, error::Result};

impl Store {
    /// Writes a letter to each of them, unless one was written for `key` before. To be called in the transaction that keeps
    /// what it is about.
    pub(crate) async fn write_to_merchants(
        &self,
        db: &impl ConnectionTrait,
        id: CommunityId,
        key: &str,
        letter: &MerchantLetter<'_>,
    ) -> Result<()> {
        // The owner's has the key itself: who became a merchant later hears nothing of what was told before.
        if self.is_written(db, id.0, key).await? {
            return Ok(());
        }
        let Some(community) = community::Entity::find_by_id(id.0).one(db).await? else {
            return Ok(());
        };
        let page = format!("{}/c/{}/manage/store", self.public_url(), community.slug);
        let words = merchant_wording::words(letter, &community.name, &page);
        for merchant in self.merchants(db, &community).await? {
            let key = if merchant.id == community.owner_id {
                key.to_owned()
            } else {
                format!("{key}:{}", merchant.id)
            };
            self.keep_letter(db, id.0, key, merchant.email, &words).await?;
        }
        Ok(())
    }
}
