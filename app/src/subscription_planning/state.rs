//! What planning reads and changes.

use leptos::prelude::*;
use model::planning::PlanningView;

use super::{
    calls::{
        self, AddTier, ArchivePlan, CreatePlan, DeactivateTier, EditTier, ReactivateTier, RenamePlan, RestorePlan,
        SetTierPrivileges,
    },
    moving::Moving,
};
use crate::{
    community::current::use_community,
    editing::{Changes, OpenForm, provide_refusal, use_open_form},
    reading::{Reading, reading},
};

/// The forms of the planning page, as the address names them.
pub mod forms {
    pub const NEW_PLAN: &str = "new-plan";
    pub const RENAME_PLAN: &str = "rename-plan";
    pub const ARCHIVE_PLAN: &str = "archive-plan";
    pub const ADD_TIER: &str = "add-tier";
    pub const EDIT_TIER: &str = "edit-tier";
    pub const TIER_PRIVILEGES: &str = "tier-privileges";
    pub const DEACTIVATE_TIER: &str = "deactivate-tier";
}

/// Plans and tiers of the community in context. At most one form is open, so one action of each kind is enough.
#[derive(Clone, Copy)]
pub struct PlanningState {
    pub community: Signal<String>,
    pub planning: Reading<PlanningView>,
    pub create_plan: ServerAction<CreatePlan>,
    pub rename_plan: ServerAction<RenamePlan>,
    pub archive_plan: ServerAction<ArchivePlan>,
    pub restore_plan: ServerAction<RestorePlan>,
    pub add_tier: ServerAction<AddTier>,
    pub edit_tier: ServerAction<EditTier>,
    pub set_privileges: ServerAction<SetTierPrivileges>,
    pub deactivate_tier: ServerAction<DeactivateTier>,
    pub reactivate_tier: ServerAction<ReactivateTier>,
    pub moving: Moving,
    pub form: OpenForm,
    pub changes: Changes,
}

impl PlanningState {
    /// Makes it for the component that calls this, and gives it to everything inside.
    pub fn provide() -> Self {
        provide_refusal();
        let current = use_community();
        let community = current.slug;
        let planning = reading(move || current.key(), |(slug, _)| calls::planning(slug));
        let form = use_open_form();
        let changes = Changes::new(form);
        let state = Self {
            community,
            planning,
            create_plan: ServerAction::new(),
            rename_plan: ServerAction::new(),
            archive_plan: ServerAction::new(),
            restore_plan: ServerAction::new(),
            add_tier: ServerAction::new(),
            edit_tier: ServerAction::new(),
            set_privileges: ServerAction::new(),
            deactivate_tier: ServerAction::new(),
            reactivate_tier: ServerAction::new(),
            moving: Moving::new(community, planning),
            form,
            changes,
        };
        let reread = move || planning.refetch();
        changes.follow(state.create_plan, "The plan is made, with its first tier.", reread);
        changes.follow(state.rename_plan, "The plan is renamed.", reread);
        changes.follow(
            state.archive_plan,
            "The plan is archived: nobody new can subscribe to it.",
            reread,
        );
        changes.follow(state.restore_plan, "The plan is for sale again.", reread);
        changes.follow(state.add_tier, "The tier is added.", reread);
        changes.follow_saying(
            state.edit_tier,
            tier_changed(false),
            |new_price| tier_changed(*new_price),
            reread,
        );
        changes.follow(state.set_privileges, "The tier's privileges are changed.", reread);
        changes.follow(state.deactivate_tier, "The tier is not sold any more.", reread);
        changes.follow(state.reactivate_tier, "The tier is for sale again.", reread);
        changes.follow(
            state.moving.one,
            "The tier is created on the account that is connected now.",
            reread,
        );
        provide_context(state);
        state
    }
}

pub fn use_planning() -> PlanningState {
    expect_context()
}

const fn tier_changed(new_price: bool) -> &'static str {
    if new_price {
        "The tier is changed. Existing subscribers keep their price."
    } else {
        "The tier is changed."
    }
}

#[cfg(test)]
mod tests {
    use super::tier_changed;

    #[test]
    fn what_subscribers_pay_is_only_spoken_of_when_a_price_changed() {
        assert!(tier_changed(true).contains("keep their price"));
        assert!(!tier_changed(false).contains("price"));
    }
}
