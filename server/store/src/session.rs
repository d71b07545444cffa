//! Signing in by e-mail, and sessions. Policy: anyone may ask for a code; a session ends only itself or its own user's.
//!
//! Why not tower-sessions: its ids are 128 bits and kept as they are; ours are 256 random bits of which only the hash is
//! stored, so that a stolen database signs nobody in.

use std::net::{IpAddr, Ipv6Addr};

use chrono::Duration;
use model::{
    Problem,
    id::UserId,
    session::{CodeSent, SignedIn},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect, Set,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    Store,
    actor::Session,
    entity::{session, sign_in_attempt, user},
    error::Result,
    mail::Letter,
    randomness::hash,
};

mod email_address;
mod letter;

/// How long a code and its link are good for.
const CODE_LIFETIME: Duration = Duration::minutes(15);
/// How long a session lasts.
const SESSION_LIFETIME: Duration = Duration::days(60);
/// Codes that one client may ask for one address within the limit's window …
const MOST_PER_ADDRESS_AND_CLIENT: u64 = 5;
/// … that all of them may: more, so that nobody keeps somebody else from signing in by asking first …
const MOST_PER_ADDRESS: u64 = 10;
/// … and that one may for all addresses.
const MOST_PER_CLIENT: u64 = 30;
const LIMIT_WINDOW: Duration = Duration::minutes(15);
/// Wrong codes before an attempt is used up.
const MOST_WRONG_CODES: i32 = 5;
/// Wrong codes for one address within a day, in all attempts; after that only the e-mail's link signs in. A code is one of
/// a million.
const MOST_WRONG_CODES_A_DAY: i32 = 20;
/// Longer addresses to go on to are none of ours.
const LONGEST_NEXT: usize = 512;

/// A session's token, for its cookie and nothing else.
#[derive(Debug, Clone)]
pub struct SessionToken {
    pub token: String,
    /// Seconds the cookie lives.
    pub max_age: i64,
}

/// The service; made by [`Store::sessions`].
pub struct Sessions<'a>(pub(crate) &'a Store);

impl Sessions<'_> {
    /// The session of a cookie's token; one that is unknown or over is as good as none.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn find(&self, token: Option<&str>) -> Result<Session> {
        let Some(token) = token else {
            return Ok(Session::default());
        };
        let token_hash = hash(token);
        let read = self.0.database().read();
        let row = session::Entity::find()
            .filter(session::Column::TokenHash.eq(&token_hash))
            .filter(session::Column::ExpiresAt.gt(self.0.now()))
            .find_also_related_user(read)
            .await?;
        let user = row.map(|user| SignedIn {
            user: UserId(user.id),
            email: user.email,
        });
        Ok(Session {
            token_hash: Some(token_hash),
            user,
        })
    }

    /// Sends a link and a code to `email`. The answer is the same whether the address is known or not.
    ///
    /// # Errors
    /// `Problem::Invalid` on `email`; `Problem::TooMany` by address and by client.
    pub async fn request_code(&self, email: &str, client: &str, next: &str) -> Result<CodeSent> {
        let email = email_address::parse(email)?;
        let now = self.0.now();
        let client = network(client);
        let next = if next.len() > LONGEST_NEXT { "" } else { next };
        let transaction = self.0.database().begin().await?;
        // Counted and written by one at a time, always in this order.
        self.0.database().serialise(&transaction, &turn_of(&email)).await?;
        self.0.database().serialise(&transaction, &turn_of(&client)).await?;
        let (by_email, by_client) = (
            sign_in_attempt::Column::Email.eq(&email),
            sign_in_attempt::Column::Client.eq(&client),
        );
        let by_both = by_email.clone().and(by_client.clone());
        self.limit(&transaction, by_both, MOST_PER_ADDRESS_AND_CLIENT).await?;
        self.limit(&transaction, by_email, MOST_PER_ADDRESS).await?;
        self.limit(&transaction, by_client, MOST_PER_CLIENT).await?;
        let randomness = self.0.randomness();
        let (id, token, code) = (randomness.id(now), randomness.token(), randomness.code());
        let attempt = sign_in_attempt::ActiveModel {
            id: Set(id),
            email: Set(email.clone()),
            client: Set(client),
            token_hash: Set(hash(&token)),
            code_hash: Set(hash(&format!("{id}:{code}"))),
            wrong_codes: Set(0),
            created_at: Set(now),
            expires_at: Set(now + CODE_LIFETIME),
            used_at: Set(None),
        };
        attempt.insert(&transaction).await?;
        transaction.commit().await?;
        let link = letter::link(self.0.public_url(), &token, next);
        let minutes = minutes(CODE_LIFETIME);
        let (subject, text, html) = letter::sign_in(&code, &link, minutes);
        self.0
            .mailer()
            .send(Letter {
                to: email.clone(),
                subject,
                text,
                html,
                sent_at: now,
            })
            .await?;
        Ok(CodeSent {
            email,
            attempt: id.to_string(),
            minutes,
        })
    }

    async fn limit(&self, db: &impl ConnectionTrait, whose: SimpleExpr, most: u64) -> Result<()> {
        let since = self.0.now() - LIMIT_WINDOW;
        let asked = sign_in_attempt::Entity::find()
            .filter(whose)
            .filter(sign_in_attempt::Column::CreatedAt.gt(since))
            .count(db)
            .await?;
        if asked >= most {
            return Err(Problem::TooMany {
                retry_after: LIMIT_WINDOW.num_seconds().unsigned_abs(),
            }
            .into());
        }
        Ok(())
    }

    /// Signs in with the code of `attempt`; five wrong ones use the attempt up, and twenty for one address in a day all
    /// codes for it.
    ///
    /// # Errors
    /// `Problem::Invalid` on `code`.
    pub async fn redeem_code(&self, attempt: &str, code: &str) -> Result<SessionToken> {
        let wrong = || {
            Problem::invalid(
                "code",
                "Code is not right, or too old. Look at the newest e-mail, or ask for another code.",
            )
        };
        let id: Uuid = attempt.parse().map_err(|_| wrong())?;
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let transaction = self.0.database().begin().await?;
        let now = self.0.now();
        // Paid for first, and looked at after it: many guesses at the same moment are as many guesses.
        let spent = sign_in_attempt::Entity::update_many()
            .col_expr(
                sign_in_attempt::Column::WrongCodes,
                Expr::col(sign_in_attempt::Column::WrongCodes).add(1),
            )
            .filter(sign_in_attempt::Column::Id.eq(id))
            .filter(sign_in_attempt::Column::UsedAt.is_null())
            .filter(sign_in_attempt::Column::ExpiresAt.gt(now))
            .filter(sign_in_attempt::Column::WrongCodes.lt(MOST_WRONG_CODES))
            .exec(&transaction)
            .await?;
        if spent.rows_affected == 0 {
            return Err(wrong().into());
        }
        let found = sign_in_attempt::Entity::find_by_id(id)
            .one(&transaction)
            .await?
            .ok_or_else(wrong)?;
        if self.wrong_codes_today(&transaction, &found.email).await? > MOST_WRONG_CODES_A_DAY {
            transaction.commit().await?;
            return Err(Problem::invalid(
                "code",
                "Code is not taken: too many wrong ones were tried for this address. Follow the link in the e-mail instead.",
            )
            .into());
        }
        let right: bool = hash(&format!("{id}:{code}"))
            .as_bytes()
            .ct_eq(found.code_hash.as_bytes())
            .into();
        if !right {
            transaction.commit().await?;
            return Err(wrong().into());
        }
        sign_in_attempt::Entity::update_many()
            .col_expr(
                sign_in_attempt::Column::WrongCodes,
                Expr::col(sign_in_attempt::Column::WrongCodes).sub(1),
            )
            .filter(sign_in_attempt::Column::Id.eq(id))
            .exec(&transaction)
            .await?;
        let token = self.use_up(&transaction, found).await?;
        transaction.commit().await?;
        Ok(token)
    }

    async fn wrong_codes_today(&self, transaction: &DatabaseTransaction, email: &str) -> Result<i32> {
        self.0.database().serialise(transaction, &turn_of(email)).await?;
        let tried: Vec<i32> = sign_in_attempt::Entity::find()
            .filter(sign_in_attempt::Column::Email.eq(email))
            .filter(sign_in_attempt::Column::CreatedAt.gt(self.0.now() - Duration::days(1)))
            .select_only()
            .column(sign_in_attempt::Column::WrongCodes)
            .into_tuple()
            .all(transaction)
            .await?;
        Ok(tried.iter().sum())
    }

    /// Whose link it is, so that nobody signs in as somebody else without noticing; nothing when it is not good any more.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn owner_of_link(&self, token: &str) -> Result<Option<String>> {
        let found = self.good_link(self.0.database().read(), token).await?;
        Ok(found.map(|attempt| attempt.email))
    }

    async fn good_link(&self, db: &impl ConnectionTrait, token: &str) -> Result<Option<sign_in_attempt::Model>> {
        Ok(sign_in_attempt::Entity::find()
            .filter(sign_in_attempt::Column::TokenHash.eq(hash(token)))
            .filter(sign_in_attempt::Column::UsedAt.is_null())
            .filter(sign_in_attempt::Column::ExpiresAt.gt(self.0.now()))
            .one(db)
            .await?)
    }

    /// Signs in with the link's token.
    ///
    /// # Errors
    /// `Problem::Invalid` on `token`.
    pub async fn redeem_link(&self, token: &str) -> Result<SessionToken> {
        let transaction = self.0.database().begin().await?;
        let found = self.good_link(&transaction, token).await?.ok_or_else(|| {
            Problem::invalid(
                "token",
                "This link was used already, or is too old. Ask for another one.",
            )
        })?;
        let token = self.use_up(&transaction, found).await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// What was sent for `attempt`, to say so to who knows its name: the browser that asked. Nothing when its code is not
    /// good any more.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn sent(&self, attempt: &str) -> Result<Option<CodeSent>> {
        let Ok(id) = attempt.parse::<Uuid>() else {
            return Ok(None);
        };
        let now = self.0.now();
        let found = sign_in_attempt::Entity::find_by_id(id)
            .filter(sign_in_attempt::Column::UsedAt.is_null())
            .filter(sign_in_attempt::Column::ExpiresAt.gt(now))
            .filter(sign_in_attempt::Column::WrongCodes.lt(MOST_WRONG_CODES))
            .one(self.0.database().read())
            .await?;
        Ok(found.map(|found| CodeSent {
            email: found.email,
            attempt: attempt.to_owned(),
            minutes: minutes(found.expires_at - now),
        }))
    }

    /// Marks the attempt used (only once, also for two at the same moment) and makes the session.
    async fn use_up(
        &self,
        transaction: &impl ConnectionTrait,
        attempt: sign_in_attempt::Model,
    ) -> Result<SessionToken> {
        let now = self.0.now();
        let marked = sign_in_attempt::Entity::update_many()
            .col_expr(sign_in_attempt::Column::UsedAt, Expr::value(now))
            .filter(sign_in_attempt::Column::Id.eq(attempt.id))
            .filter(sign_in_attempt::Column::UsedAt.is_null())
            .exec(transaction)
            .await?;
        if marked.rows_affected == 0 {
            return Err(Problem::invalid("code", "Code was used already. Ask for another one.").into());
        }
        let known = user::Entity::find()
            .filter(user::Column::Email.eq(&attempt.email))
            .one(transaction)
            .await?;
        let user = if let Some(known) = known {
            known
        } else {
            let id = self.0.randomness().id(now);
            let new = user::Model {
                id,
                email: attempt.email,
                created_at: now,
            };
            new.into_active_model().insert(transaction).await?
        };
        let token = self.0.randomness().token();
        let session = session::ActiveModel {
            id: Set(self.0.randomness().id(now)),
            user_id: Set(user.id),
            token_hash: Set(hash(&token)),
            created_at: Set(now),
            expires_at: Set(now + SESSION_LIFETIME),
        };
        session.insert(transaction).await?;
        Ok(SessionToken {
            token,
            max_age: SESSION_LIFETIME.num_seconds(),
        })
    }

    /// Ends this session.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn sign_out(&self, session: &Session) -> Result<()> {
        if let Some(token_hash) = &session.token_hash {
            session::Entity::delete_many()
                .filter(session::Column::TokenHash.eq(token_hash))
                .exec(self.0.database().write())
                .await?;
        }
        Ok(())
    }

    /// Ends every session of the signed-in user, and what was sent to their address and is not used yet.
    ///
    /// # Errors
    /// `Problem::SignInNeeded`
    pub async fn sign_out_everywhere(&self, session: &Session) -> Result<()> {
        let user = session.user()?;
        let transaction = self.0.database().begin().await?;
        session::Entity::delete_many()
            .filter(session::Column::UserId.eq(user.user.0))
            .exec(&transaction)
            .await?;
        sign_in_attempt::Entity::update_many()
            .col_expr(sign_in_attempt::Column::UsedAt, Expr::value(self.0.now()))
            .filter(sign_in_attempt::Column::Email.eq(&user.email))
            .filter(sign_in_attempt::Column::UsedAt.is_null())
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Begun ones count.
fn minutes(left: Duration) -> u32 {
    u32::try_from((left.num_seconds() + 59) / 60).unwrap_or(1)
}

/// What a rate limit counts as one client: an IPv6 network of 64 bits is given to one customer of a provider.
fn network(client: &str) -> String {
    match client.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) if address.to_ipv4_mapped().is_none() => {
            let network = address.to_bits() >> 64 << 64;
            format!("{}/64", Ipv6Addr::from_bits(network))
        }
        _ => client.to_owned(),
    }
}

/// The name of the turn in which attempts of an address, or a client, are counted and written.
fn turn_of(whose: &str) -> String {
    format!("sign-in:{whose}")
}

/// `find().filter(…)` of sessions, joined with their user.
trait FindUser {
    async fn find_also_related_user(self, db: &impl ConnectionTrait) -> Result<Option<user::Model>>;
}

impl FindUser for sea_orm::Select<session::Entity> {
    async fn find_also_related_user(self, db: &impl ConnectionTrait) -> Result<Option<user::Model>> {
        let Some(session) = self.one(db).await? else {
            return Ok(None);
        };
        Ok(user::Entity::find_by_id(session.user_id).one(db).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_ipv6_network_counts_as_one_client() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::9"), "2001:db8:1:2::/64");
        for other in ["192.0.2.1", "::ffff:192.0.2.1", ""] {
            assert_eq!(network(other), other);
        }
    }
}
