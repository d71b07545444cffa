//! Signing in by e-mail, and sessions. Policy: anyone may ask for a code; a session ends only itself or its own user's.
//!
//! Why not tower-sessions: its ids are 128 bits and kept as they are; ours are 256 random bits of which only the hash is
//! stored, so that a stolen database signs nobody in.

use chrono::Duration;
use model::{
    Problem,
    id::UserId,
    session::{CodeSent, SignedIn},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
    sea_query::{Expr, ExprTrait},
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
/// Codes for one address within the limit's window.
const MOST_PER_ADDRESS: u64 = 5;
/// Codes for one client within the limit's window.
const MOST_PER_CLIENT: u64 = 30;
const LIMIT_WINDOW: Duration = Duration::minutes(15);
/// Wrong codes before an attempt is used up.
const MOST_WRONG_CODES: i32 = 5;

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
        self.limit(sign_in_attempt::Column::Email.eq(&email), MOST_PER_ADDRESS)
            .await?;
        self.limit(sign_in_attempt::Column::Client.eq(client), MOST_PER_CLIENT)
            .await?;
        let randomness = self.0.randomness();
        let (id, token, code) = (randomness.id(now), randomness.token(), randomness.code());
        let attempt = sign_in_attempt::ActiveModel {
            id: Set(id),
            email: Set(email.clone()),
            client: Set(client.to_owned()),
            token_hash: Set(hash(&token)),
            code_hash: Set(hash(&format!("{id}:{code}"))),
            wrong_codes: Set(0),
            created_at: Set(now),
            expires_at: Set(now + CODE_LIFETIME),
            used_at: Set(None),
        };
        attempt.insert(self.0.database().write()).await?;
        let link = letter::link(self.0.public_url(), &token, next);
        let minutes = u32::try_from(CODE_LIFETIME.num_minutes()).unwrap_or(15);
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

    async fn limit(&self, whose: sea_orm::sea_query::SimpleExpr, most: u64) -> Result<()> {
        let since = self.0.now() - LIMIT_WINDOW;
        let asked = sign_in_attempt::Entity::find()
            .filter(whose)
            .filter(sign_in_attempt::Column::CreatedAt.gt(since))
            .count(self.0.database().read())
            .await?;
        if asked >= most {
            return Err(Problem::TooMany {
                retry_after: LIMIT_WINDOW.num_seconds().unsigned_abs(),
            }
            .into());
        }
        Ok(())
    }

    /// Signs in with the code of `attempt`; five wrong ones use the attempt up.
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
        let found = sign_in_attempt::Entity::find_by_id(id)
            .filter(sign_in_attempt::Column::UsedAt.is_null())
            .filter(sign_in_attempt::Column::ExpiresAt.gt(now))
            .filter(sign_in_attempt::Column::WrongCodes.lt(MOST_WRONG_CODES))
            .one(&transaction)
            .await?
            .ok_or_else(wrong)?;
        let right: bool = hash(&format!("{id}:{code}"))
            .as_bytes()
            .ct_eq(found.code_hash.as_bytes())
            .into();
        if !right {
            sign_in_attempt::Entity::update_many()
                .col_expr(
                    sign_in_attempt::Column::WrongCodes,
                    Expr::col(sign_in_attempt::Column::WrongCodes).add(1),
                )
                .filter(sign_in_attempt::Column::Id.eq(id))
                .exec(&transaction)
                .await?;
            transaction.commit().await?;
            return Err(wrong().into());
        }
        let token = self.use_up(&transaction, found).await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// Signs in with the link's token.
    ///
    /// # Errors
    /// `Problem::Invalid` on `token`.
    pub async fn redeem_link(&self, token: &str) -> Result<SessionToken> {
        let transaction = self.0.database().begin().await?;
        let found = sign_in_attempt::Entity::find()
            .filter(sign_in_attempt::Column::TokenHash.eq(hash(token)))
            .filter(sign_in_attempt::Column::UsedAt.is_null())
            .filter(sign_in_attempt::Column::ExpiresAt.gt(self.0.now()))
            .one(&transaction)
            .await?
            .ok_or_else(|| {
                Problem::invalid(
                    "token",
                    "This link was used already, or is too old. Ask for another one.",
                )
            })?;
        let token = self.use_up(&transaction, found).await?;
        transaction.commit().await?;
        Ok(token)
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

    /// Ends every session of the signed-in user.
    ///
    /// # Errors
    /// `Problem::SignInNeeded`
    pub async fn sign_out_everywhere(&self, session: &Session) -> Result<()> {
        let user = session.user()?;
        session::Entity::delete_many()
            .filter(session::Column::UserId.eq(user.user.0))
            .exec(self.0.database().write())
            .await?;
        Ok(())
    }
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
