// Drives a running fake-stripe with Stripe's official Node library, from connecting an account to the customer portal:
//   FAKE_STRIPE_BASE=http://127.0.0.1:12111 node sdk/connect-to-portal.mjs
// Prints what it checked; ends with a non-zero code at the first thing that is not as it is at Stripe.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import Stripe from "stripe";

const base = new URL(process.env.FAKE_STRIPE_BASE ?? "http://127.0.0.1:12111");
const secret = "whsec_sdk_test";
const options = { host: base.hostname, port: Number(base.port), protocol: "http", maxNetworkRetries: 2, telemetry: false };
const stripe = new Stripe("sk_test_sdk", options);

let checks = 0;
function checked(sentence) {
  checks += 1;
  console.log(`ok ${checks} - ${sentence}`);
}

/** A control route of fake-stripe. */
async function control(path, body) {
  const answer = await fetch(new URL(path, base), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

/** Receives webhooks and lets the library verify them, with the secret that it has at the time. */
async function receiver(secret) {
  const made = { events: [], secret };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      made.events.push(stripe.webhooks.constructEvent(Buffer.concat(chunks), request.headers["stripe-signature"], made.secret));
      response.writeHead(200).end();
    } catch (error) {
      console.error(error.message);
      response.writeHead(400).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return Object.assign(made, { server, url: `http://127.0.0.1:${server.address().port}/` });
}

async function refused(promise, type, code) {
  const error = await promise.then(() => assert.fail("was not refused"), (error) => error);
  assert.ok(error instanceof Stripe.errors[type], `${error.constructor.name} instead of ${type}: ${error.message}`);
  assert.equal(error.code, code);
  assert.ok(error.requestId, "has a request id");
}

const hook = await receiver(secret);
const hooks = [hook];
try {
  await control("/_fake/outbox", { mode: "hold", duplicate: 0, shuffle: false, delay_ms: 0 });
  await control("/_fake/webhook", { url: hook.url, secret, sign_with_system_time: true });

  // As whoever has nothing but the library receives webhooks.
  const connected = await receiver();
  hooks.push(connected);
  const endpoint = await stripe.webhookEndpoints.create({
    url: connected.url,
    connect: true,
    enabled_events: ["account.updated", "invoice.paid"],
    metadata: { test: "sdk" },
  });
  connected.secret = endpoint.secret;
  assert.equal((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret, undefined);
  await refused(
    stripe.webhookEndpoints.create({ url: "example.com", enabled_events: ["*"] }),
    "StripeInvalidRequestError",
    "url_invalid",
  );
  checked("a webhook endpoint is made, and only then shows its secret");

  const account = await stripe.accounts.create({ type: "standard", email: "merchant@example.com", metadata: { community: "c1" } });
  assert.equal(account.charges_enabled, false);
  const link = await stripe.accountLinks.create({
    account: account.id,
    type: "account_onboarding",
    refresh_url: "http://127.0.0.1:3000/refresh",
    return_url: "http://127.0.0.1:3000/popups/return",
  });
  assert.match(link.url, /\/setup\/s\/acct_/);
  checked("an account is made, with a link to its onboarding");
  await refused(stripe.accounts.createLoginLink(account.id), "StripeInvalidRequestError", undefined);
  checked("a Standard account has no login link");
  await control(`/_fake/accounts/${account.id}/complete_onboarding`, {});
  assert.equal((await stripe.accounts.retrieve(account.id)).charges_enabled, true);
  checked("onboarding makes it ready");

  const merchant = { stripeAccount: account.id };
  const product = await stripe.products.create({ name: "Gold", metadata: { tier: "gold" } }, merchant);
  const price = await stripe.prices.create(
    { product: product.id, currency: "usd", unit_amount: 1000, recurring: { interval: "month" } },
    { ...merchant, idempotencyKey: "price-1" },
  );
  const again = await stripe.prices.create(
    { product: product.id, currency: "usd", unit_amount: 1000, recurring: { interval: "month" } },
    { ...merchant, idempotencyKey: "price-1" },
  );
  assert.equal(again.id, price.id);
  checked("a product and a price are made, once under one idempotency key");
  await refused(
    stripe.prices.create({ product: product.id, currency: "eur", unit_amount: 1 }, { ...merchant, idempotencyKey: "price-1" }),
    "StripeIdempotencyError",
    undefined,
  );
  checked("the key of another request is refused");
  const more = await stripe.prices.create(
    { product: product.id, currency: "usd", unit_amount: 2500, recurring: { interval: "month" }, nickname: "more" },
    merchant,
  );
  const found = [];
  for await (const each of stripe.prices.list({ product: product.id, active: true, limit: 1 }, merchant)) found.push(each.id);
  assert.deepEqual(found, [more.id, price.id]);
  checked("lists lead from page to page");

  const customer = await stripe.customers.create({ email: "buyer@example.com", metadata: { user: "u1" } }, merchant);
  await refused(stripe.customers.retrieve(customer.id), "StripeInvalidRequestError", "resource_missing");
  checked("the platform does not see the merchant's customers");
  const session = await stripe.checkout.sessions.create(
    {
      mode: "subscription",
      customer: customer.id,
      line_items: [{ price: price.id, quantity: 1 }],
      success_url: "http://127.0.0.1:3000/popups/return?session={CHECKOUT_SESSION_ID}",
      cancel_url: "http://127.0.0.1:3000/popups/return?cancelled=1",
      managed_payments: { enabled: false },
      subscription_data: { application_fee_percent: 2.5, metadata: { tier: "gold" } },
    },
    merchant,
  );
  assert.match(session.url, /\/c\/pay\/cs_test_/);
  const declined = await control(`/_fake/checkout/${session.id}/complete`, { card: "4000000000000002" });
  assert.equal(declined.outcome, "declined");
  await control(`/_fake/checkout/${session.id}/complete`, { card: "4242424242424242" });
  const complete = await stripe.checkout.sessions.retrieve(session.id, { expand: ["subscription.latest_invoice.payments"] }, merchant);
  assert.equal(complete.status, "complete");
  const subscription = complete.subscription;
  assert.equal(subscription.status, "active");
  assert.equal(subscription.latest_invoice.status, "paid");
  assert.equal(subscription.latest_invoice.amount_paid, 1000);
  const intent = await stripe.paymentIntents.retrieve(
    subscription.latest_invoice.payments.data[0].payment.payment_intent, {}, merchant);
  assert.equal(intent.application_fee_amount, 25);
  checked("checkout: a declined card is tried again, the fee is taken");

  const item = subscription.items.data[0];
  const change = { items: [{ id: item.id, price: more.id }], proration_behavior: "always_invoice" };
  const preview = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: change }, merchant);
  const upgraded = await stripe.subscriptions.update(
    subscription.id,
    { ...change, payment_behavior: "pending_if_incomplete", expand: ["latest_invoice"] },
    merchant,
  );
  assert.equal(upgraded.items.data[0].price.id, more.id);
  assert.ok(Math.abs(upgraded.latest_invoice.total - preview.total) <= 1, "as previewed");
  checked("an upgrade costs what its preview said");

  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id }, merchant);
  const [phase] = schedule.phases;
  await stripe.subscriptionSchedules.update(
    schedule.id,
    {
      end_behavior: "release",
      phases: [
        { start_date: phase.start_date, end_date: phase.end_date, items: [{ price: more.id, quantity: 1 }] },
        { items: [{ price: price.id, quantity: 1 }], proration_behavior: "none" },
      ],
    },
    merchant,
  );
  await refused(
    stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }, merchant),
    "StripeInvalidRequestError",
    undefined,
  );
  await stripe.subscriptionSchedules.release(schedule.id, {}, merchant);
  const ending = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }, merchant);
  assert.equal(ending.cancel_at_period_end, true);
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false }, merchant);
  checked("a downgrade is scheduled, released, a cancellation set and taken back");

  const setup = await stripe.checkout.sessions.create(
    { mode: "setup", currency: "usd", customer: customer.id, success_url: "http://127.0.0.1:3000/popups/return" }, merchant);
  await control(`/_fake/checkout/${setup.id}/complete`, { card: "5555555555554444" });
  const saved = await stripe.checkout.sessions.retrieve(setup.id, { expand: ["setup_intent.payment_method"] }, merchant);
  assert.equal(saved.setup_intent.payment_method.card.last4, "4444");
  await stripe.customers.update(
    customer.id, { invoice_settings: { default_payment_method: saved.setup_intent.payment_method.id } }, merchant);
  await refused(
    stripe.paymentMethods.attach("pm_card_chargeDeclined", { customer: customer.id }, merchant), "StripeCardError", "card_declined");
  checked("a card is saved in setup mode and made the default, a bad one is refused");

  const configuration = await stripe.billingPortal.configurations.create(
    {
      business_profile: { headline: "Members" },
      features: {
        invoice_history: { enabled: true },
        payment_method_update: { enabled: true },
        subscription_cancel: { enabled: true, mode: "at_period_end" },
      },
    },
    merchant,
  );
  const portal = await stripe.billingPortal.sessions.create(
    { customer: customer.id, configuration: configuration.id, return_url: "http://127.0.0.1:3000/popups/return" }, merchant);
  assert.match(portal.url, /\/p\/session\//);
  await control(`/_fake/portal/${portal.id}`, { action: "cancel", subscription: subscription.id, reason: null });
  const left = await stripe.subscriptions.retrieve(subscription.id, {}, merchant);
  assert.equal(left.cancel_at_period_end, false);
  assert.equal(left.cancel_at, left.items.data[0].current_period_end);
  checked("the portal opens, and what is cancelled there ends on its date");

  const ended = await stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true }, merchant);
  assert.equal(ended.status, "canceled");
  checked("a subscription is cancelled at once");

  const flushed = await control("/_fake/outbox/flush", {});
  assert.equal(flushed.failed, 0);
  const ours = hook.events.filter((event) => event.account === account.id);
  for (const type of ["account.updated", "checkout.session.completed", "customer.subscription.updated", "customer.subscription.deleted", "invoice.paid"]) {
    assert.ok(ours.some((event) => event.type === type), `${type} came`);
  }
  assert.ok(ours.every((event) => event.api_version.endsWith(".endive")));
  checked(`${ours.length} webhooks came, with signatures that the library accepts`);
  const paid = connected.events.filter((event) => event.account === account.id);
  assert.ok(paid.some((event) => event.type === "invoice.paid"), "invoice.paid came");
  assert.ok(connected.events.every((event) => endpoint.enabled_events.includes(event.type)), "nothing else came");
  assert.equal((await stripe.webhookEndpoints.update(endpoint.id, { disabled: true })).status, "disabled");
  assert.equal((await stripe.webhookEndpoints.del(endpoint.id)).deleted, true);
  checked(`the webhook endpoint got ${connected.events.length} of them, those that it had asked for`);

  const searched = [];
  for await (const each of stripe.prices.search({ query: `product:'${product.id}' AND active:'true'`, limit: 1 }, merchant)) searched.push(each.id);
  assert.deepEqual(searched, [more.id, price.id]);
  await refused(stripe.customers.search({ query: "colour:'red'" }, merchant), "StripeInvalidRequestError", undefined);
  checked("search finds, from page to page");

  const [available] = (await stripe.balance.retrieve({}, merchant)).available;
  let kept = 0;
  for await (const charge of stripe.charges.list({}, merchant)) {
    if (charge.paid) kept += charge.amount_captured - charge.amount_refunded - (charge.application_fee_amount ?? 0);
  }
  assert.deepEqual([available.currency, available.amount], ["usd", kept]);
  checked("the balance is what was paid, less refunds and fees");
  const violations = (await (await fetch(new URL("/_fake/violations", base))).json()).data;
  assert.ok(violations === null || violations.length === 0, JSON.stringify(violations));
  console.log(`${checks} passed, 0 failed`);
} catch (error) {
  console.error(error);
  console.log(`${checks} passed, 1 failed`);
  process.exitCode = 1;
} finally {
  for (const each of hooks) each.server.close();
}
