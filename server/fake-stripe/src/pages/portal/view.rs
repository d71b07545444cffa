//! How the customer portal's overview looks; only what the portal's configuration enables is drawn.

use maud::{Markup, html};

use crate::pages::{
    card_form::SavedCard,
    layout::{FooterLink, Shape, document_with_footer, web_address},
};

pub struct PortalSubscription {
    pub id: String,
    pub name: String,
    /// As in `€5.00 per month`.
    pub price: String,
    pub tag: (&'static str, &'static str),
    /// What happens next, as a sentence.
    pub next: String,
    pub can_cancel: bool,
    pub can_renew: bool,
}

pub struct PortalInvoice {
    pub date: String,
    pub number: String,
    pub description: String,
    pub total: String,
    pub tag: (&'static str, &'static str),
    /// Where it can be paid, or its receipt be seen.
    pub url: String,
    pub is_open: bool,
}

pub struct PortalCustomer {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub can_change: bool,
}

/// The frame's part of every portal page.
pub struct PortalFrame<'a> {
    /// The portal’s address, without a slash at its end.
    pub base: String,
    /// Where the overview is.
    pub overview: String,
    pub seller: &'a str,
    pub headline: Option<&'a str>,
    pub return_url: Option<&'a str>,
    pub privacy_url: Option<&'a str>,
    pub terms_url: Option<&'a str>,
}

impl PortalFrame<'_> {
    /// A page of the portal around `content`.
    pub fn draw(&self, title: &str, content: Markup) -> Markup {
        let links: Vec<FooterLink> = [
            ("Privacy policy", self.privacy_url),
            ("Terms of service", self.terms_url),
        ]
        .into_iter()
        .filter_map(|(label, url)| {
            Some(FooterLink {
                label,
                url: url?.to_owned(),
            })
        })
        .collect();
        document_with_footer(&format!("{title} · {}", self.seller), Shape::Wide, content, &links)
    }

    /// The link back to whoever opened the portal.
    pub fn way_back(&self) -> Markup {
        html! {
            @if let Some(url) = self.return_url {
                p { a.back href=(web_address(url)) { span aria-hidden="true" { "←" } "Return to " (self.seller) } }
            }
        }
    }
}

/// The overview's sections; one that is off in the configuration is `None`.
pub struct PortalOverview {
    /// What was just done.
    pub done: Option<&'static str>,
    pub problem: Option<String>,
    pub subscriptions: Vec<PortalSubscription>,
    pub cards: Option<Vec<SavedCard>>,
    pub customer: Option<PortalCustomer>,
    pub invoices: Option<Vec<PortalInvoice>>,
}

impl PortalOverview {
    pub fn draw(&self, frame: &PortalFrame<'_>) -> Markup {
        let heading = frame
            .headline
            .map_or_else(|| format!("Your billing with {}", frame.seller), str::to_owned);
        frame.draw(
            "Billing",
            html! {
                div.stack {
                    (frame.way_back())
                    h1 { (heading) }
                    @if let Some(sentence) = self.done { p.notice.good role="status" { (sentence) } }
                    @if let Some(sentence) = &self.problem { p.notice.bad role="alert" { (sentence) } }
                    section.card.stack aria-labelledby="subscriptions" {
                        h2 id="subscriptions" { "Current subscriptions" }
                        (self.subscriptions(frame))
                    }
                    @if let Some(cards) = &self.cards { (section_of_cards(cards, frame)) }
                    @if let Some(customer) = &self.customer { (section_of_customer(customer, frame)) }
                    @if let Some(invoices) = &self.invoices { (section_of_invoices(invoices)) }
                }
            },
        )
    }

    fn subscriptions(&self, frame: &PortalFrame<'_>) -> Markup {
        html! {
            @if self.subscriptions.is_empty() { p.muted { "You have no current subscription." } }
            ul.entries {
                @for one in &self.subscriptions {
                    li.stack.tight {
                        div.row { h3 { (one.name) } span class={ "tag " (one.tag.1) } { (one.tag.0) } }
                        p { (one.price) }
                        p.muted { (one.next) }
                        @if one.can_cancel {
                            p { a.button href={ (frame.base) "/subscriptions/" (one.id) "/cancel" }
                                    aria-label={ "Cancel subscription " (one.name) ", " (one.price) } { "Cancel subscription" } }
                        }
                        @if one.can_renew {
                            form method="post" action={ (frame.base) "/subscriptions/" (one.id) "/renew" } {
                                button.primary aria-label={ "Don’t cancel subscription " (one.name) ", " (one.price) } {
                                    "Don’t cancel subscription"
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn section_of_cards(cards: &[SavedCard], frame: &PortalFrame<'_>) -> Markup {
    html! {
        section.card.stack aria-labelledby="payment-methods" {
            h2 id="payment-methods" { "Payment methods" }
            @if cards.is_empty() { p.muted { "No card is saved." } }
            ul.entries {
                @for card in cards {
                    li.row {
                        p {
                            (card.label) @if card.is_default { " " span.tag { "Default" } }
                            br; span.small.muted { "Expires " (card.expires) }
                        }
                        div.actions {
                            @if !card.is_default {
                                form method="post" action={ (frame.base) "/payment-methods/" (card.id) "/default" } {
                                    button.slight aria-label={ "Make default: " (card.label) } { "Make default" }
                                }
                            }
                            form method="post" action={ (frame.base) "/payment-methods/" (card.id) "/remove" } {
                                button.slight.danger aria-label={ "Remove " (card.label) } { "Remove" }
                            }
                        }
                    }
                }
            }
            p { a.button href={ (frame.base) "/payment-methods/add" } { "Add payment method" } }
        }
    }
}

fn section_of_customer(customer: &PortalCustomer, frame: &PortalFrame<'_>) -> Markup {
    let or_dash = |text: &str| {
        if text.is_empty() {
            "–".to_owned()
        } else {
            text.to_owned()
        }
    };
    html! {
        section.card.stack aria-labelledby="information" {
            h2 id="information" { "Billing information" }
            dl.facts {
                dt { "Name" } dd { (or_dash(&customer.name)) }
                dt { "E-mail" } dd { (or_dash(&customer.email)) }
                dt { "Phone" } dd { (or_dash(&customer.phone)) }
            }
            @if customer.can_change { p { a.button href={ (frame.base) "/customer" } { "Update information" } } }
        }
    }
}

fn section_of_invoices(invoices: &[PortalInvoice]) -> Markup {
    html! {
        section.card.stack aria-labelledby="invoices" {
            h2 id="invoices" { "Invoice history" }
            @if invoices.is_empty() { p.muted { "No invoice yet." } }
            @else {
                table.folding {
                    thead {
                        tr { th scope="col" { "Date" } th scope="col" { "For" } th scope="col" { "Status" } th.number scope="col" { "Total" } th scope="col" { span.visually-hidden { "Document" } } }
                    }
                    tbody {
                        @for invoice in invoices {
                            tr {
                                td data-label="Date" { (invoice.date) }
                                td data-label="For" { (invoice.description) }
                                td data-label="Status" { span class={ "tag " (invoice.tag.1) } { (invoice.tag.0) } }
                                td.number data-label="Total" { (invoice.total) }
                                td {
                                    @let word = if invoice.is_open { "Pay" } else { "View" };
                                    a href=(invoice.url) aria-label={ (word) " invoice " (invoice.number) } { (word) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
