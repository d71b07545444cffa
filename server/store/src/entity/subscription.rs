//! Our projection of one Stripe subscription; fulfilment alone writes it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscription")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub community_id: Uuid,
    pub connection_id: Uuid,
    pub user_id: Uuid,
    pub plan_id: Uuid,
    /// None: a price or product we do not know, or zero items. Flagged.
    pub tier_id: Option<Uuid>,
    pub price_id: Option<Uuid>,
    /// `sub_…`
    pub stripe_id: String,
    /// `si_…`, or empty.
    pub item_id: String,
    pub status: String,
    pub stripe_created: DateTimeUtc,
    pub period_start: DateTimeUtc,
    pub period_end: DateTimeUtc,
    pub trial_end: Option<DateTimeUtc>,
    pub cancel_at_period_end: bool,
    pub cancel_at: Option<DateTimeUtc>,
    pub first_failed_at: Option<DateTimeUtc>,
    /// `sub_sched_…` while a change waits for the period's end.
    pub schedule_id: Option<String>,
    pub pending_price_id: Option<Uuid>,
    pub pending_at: Option<DateTimeUtc>,
    pub latest_invoice: Option<String>,
    /// The hosted page of an open invoice.
    pub pay_url: Option<String>,
    /// How many items it has at Stripe: zero is as good as no subscription.
    pub item_count: i32,
    /// `model::letter::OpenInvoice`: the newest invoice that is not void and waits to be paid.
    pub open_invoice: Option<Json>,
    /// An upgrade that waits for its payment, and until when.
    pub unpaid_price_id: Option<Uuid>,
    pub unpaid_until: Option<DateTimeUtc>,
    /// The later subscription on the same plan that this one gave way to (`sub_…`).
    pub replaced_by: Option<String>,
    /// `pm_…` of its own that pays it; none: the customer's default one does.
    pub card_id: Option<String>,
    pub revision: i64,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
