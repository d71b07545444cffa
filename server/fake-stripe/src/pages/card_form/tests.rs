use super::*;

fn typed(number: &str, exp: &str, cvc: &str) -> CardForm {
    CardForm {
        card_number: number.into(),
        exp: exp.into(),
        cvc: cvc.into(),
        ..CardForm::default()
    }
}

#[test]
fn a_complete_card_is_taken_however_it_was_spaced() {
    for (number, exp) in [
        ("4242 4242 4242 4242", "12 / 34"),
        ("4242424242424242", "1234"),
        ("4242-4242-4242-4242", "12/2034"),
    ] {
        let Ok(Chosen::New(card)) = typed(number, exp, "123").check(2026, 11) else {
            panic!("{number} {exp} refused")
        };
        assert_eq!(
            (card.number.as_str(), card.exp_month, card.exp_year),
            ("4242424242424242", 12, 2034)
        );
    }
}

#[test]
fn each_mistake_is_told_at_its_own_field() {
    let nothing = typed("", "", "").check(2026, 11).unwrap_err();
    assert!(nothing.card_number.is_some() && nothing.exp.is_some() && nothing.cvc.is_some());
    for (form, field, sentence) in [
        (
            typed("4242 4242 4242 4241", "12/34", "123"),
            "number",
            "Your card number is invalid.",
        ),
        (
            typed("4242 4242", "12/34", "123"),
            "number",
            "Your card number is incomplete.",
        ),
        (
            typed("4242 4242 4242 4242", "13/34", "123"),
            "exp",
            "Your card's expiration date is invalid.",
        ),
        (
            typed("4242 4242 4242 4242", "12/20", "123"),
            "exp",
            "Your card's expiration year is in the past.",
        ),
        (
            typed("4242 4242 4242 4242", "10/26", "123"),
            "exp",
            "Your card's expiration date is in the past.",
        ),
        (
            typed("4242 4242 4242 4242", "12/34", "12"),
            "cvc",
            "Your card's security code is incomplete.",
        ),
    ] {
        let problems = form.check(2026, 11).unwrap_err();
        let told = match field {
            "number" => problems.card_number,
            "exp" => problems.exp,
            _ => problems.cvc,
        };
        assert_eq!(told.as_deref(), Some(sentence), "{form:?}");
    }
}

#[test]
fn a_saved_card_needs_no_typing() {
    let form = CardForm {
        payment_method: "pm_1".into(),
        ..CardForm::default()
    };
    assert_eq!(form.check(2026, 11), Ok(Chosen::Saved("pm_1".into())));
}

#[test]
fn after_a_decline_everything_but_the_security_code_is_still_there() {
    let form = CardForm {
        name: "Ann Lee".into(),
        ..typed("4000 0000 0000 0002", "12 / 34", "987")
    };
    let declined = Problems::refused("Your card was declined.");
    let drawn = form.draw(&[], &declined).into_string() + &CardForm::draw_refusal(&declined).into_string();
    for kept in ["4000 0000 0000 0002", "12 / 34", "Ann Lee", "Your card was declined."] {
        assert!(drawn.contains(kept), "{kept} is missing in {drawn}");
    }
    assert!(!drawn.contains("987"), "{drawn}");
}

#[test]
fn a_test_card_button_fills_the_form_without_script() {
    let mut form = CardForm {
        test_card: "4242424242424242".into(),
        email: "ann@example.org".into(),
        ..CardForm::default()
    };
    assert!(form.fill_test_card());
    let drawn = form.draw(&[], &Problems::default()).into_string();
    assert!(
        drawn.contains(r#"value="4242 4242 4242 4242""#) && drawn.contains(r#"value="123""#),
        "{drawn}"
    );
    assert_eq!(form.email, "ann@example.org");
}

#[test]
fn the_default_card_is_chosen_until_the_person_chooses() {
    let saved = |id: &str, is_default| SavedCard {
        id: id.into(),
        label: id.into(),
        expires: "12/34".into(),
        is_default,
    };
    let cards = [saved("pm_1", false), saved("pm_2", true)];
    assert_eq!(CardForm::default().chosen_among(&cards), "pm_2");
    let form = CardForm {
        payment_method: "new".into(),
        ..CardForm::default()
    };
    assert_eq!(form.chosen_among(&cards), "new");
    assert_eq!(CardForm::default().chosen_among(&[]), "new");
}
