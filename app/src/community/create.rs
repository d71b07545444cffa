//! The form that opens a community.

use leptos::{form::ActionForm, prelude::*};
use model::money::Currency;

use super::calls::{self, CreateCommunity as Create};
use crate::{
    editing::provide_refusal,
    session::use_session,
    ui::{Button, ButtonVariant, Card, Field, FormFailure, SelectField, failure_of},
};

/// Name, address and currency; the maker owns it, and goes on to its store page. Nothing while signed out: the home page
/// leads to sign-in then.
#[component]
pub fn CreateCommunity() -> impl IntoView {
    provide_refusal();
    let session = use_session();
    let create = ServerAction::<calls::CreateCommunity>::new();
    let content = move || {
        let signed_in = matches!(session.who.get()?, Ok(Some(_)));
        signed_in.then(|| {
            view! {
                <Card title="Open a community">
                    <CreateForm create />
                </Card>
            }
        })
    };
    view! { <Transition>{content}</Transition> }
}

#[component]
fn CreateForm(create: ServerAction<Create>) -> impl IntoView {
    let failure = failure_of(create);
    let pending = create.pending();
    let name = RwSignal::new(String::new());
    let suggestion = Signal::derive(move || suggested_slug(&name.read()));
    view! {
        <ActionForm action=create>
            <FormFailure failure fields=&["name", "slug", "currency"] />
            <Field
                name="name"
                label="Name"
                failure
                required=true
                autocomplete="off"
                on_input=move |typed| name.set(typed)
            />
            <Field
                name="slug"
                label="Address"
                hint="3 to 40 small letters, digits and hyphens. It cannot be changed later."
                prefix="/c/"
                value=suggestion
                failure
                required=true
                autocomplete="off"
            />
            <SelectField
                name="currency"
                label="Currency"
                hint="What you sell in. It can be changed until the first price is set."
                options=currencies()
                value="usd".to_owned()
                failure
            />
            <div class="actions">
                <Button submit=true variant=ButtonVariant::Primary pending>
                    "Open community"
                </Button>
            </div>
        </ActionForm>
    }
}

/// Codes as they are sent, and as people read them.
pub(super) fn currencies() -> Vec<(String, String)> {
    Currency::all()
        .map(|currency| (currency.code().to_owned(), currency.code().to_uppercase()))
        .collect()
}

/// An address made of a name: `Salt & Light Club` → `salt-light-club`. Only a suggestion; the server decides.
fn suggested_slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(40);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::suggested_slug;

    #[test]
    fn a_name_suggests_an_address_of_letters_digits_and_single_hyphens() {
        assert_eq!(suggested_slug("Salt & Light Club"), "salt-light-club");
        assert_eq!(suggested_slug("  42 Cats! "), "42-cats");
        assert_eq!(suggested_slug("Żółw"), "w");
        assert_eq!(suggested_slug(&"a".repeat(50)).len(), 40);
    }
}
