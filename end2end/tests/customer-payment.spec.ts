// When paying does not go smoothly: grace, another card, an upgrade that waits, no card at all.
import type { Page } from '@playwright/test';
import { FAILING_LATER_CARD, GOOD_CARD, payWith, popupOf, subscribeTo } from '../fixtures/checkout.js';
import { SLUG } from '../fixtures/shop.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { travelToTheRenewal } from '../fixtures/stripe_control.js';
import { expect, test } from '../fixtures/test.js';

test.use({ shop: true });

const MEMBERSHIP = `/c/${SLUG}/membership`;

test.describe.configure({ timeout: 120_000 });

test.describe('paying', { tag: '@javascript' }, () => {
  test('disconnecting says on which date how much cannot be paid, before it is done', async ({ page, picture }) => {
    await signIn(page, 'disconnects@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Gold');
    await page.goto(MEMBERSHIP);
    await settled(page);
    await expect(page.getByText('Visa ending in 4242')).toBeVisible();
    await picture('membership-card');
    await page.getByRole('link', { name: 'Disconnect the payment method' }).click();
    const dialog = page.getByRole('dialog', { name: 'Disconnect your payment method?' });
    await expect(dialog).toContainText(/On \d+ \w+ \d{4}, €12\.00 for Gold cannot be paid\./);
    await picture('membership-disconnect');
    await dialog.getByRole('link', { name: 'Keep it' }).click();
    await expect(dialog).toBeHidden();
    await page.getByRole('link', { name: 'Disconnect the payment method' }).click();
    await dialog.getByRole('button', { name: 'Disconnect it' }).click();
    await expect(page.getByText('No payment method is saved.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Disconnect the payment method' })).toHaveCount(0);
    const popup = await popupOf(page, 'Add a payment method');
    await popup.close();
    await expect(page.getByRole('button', { name: 'Add a payment method' })).toBeEnabled();
  });

  test('an upgrade whose payment is refused waits, and is there once it is paid', async ({ page, picture }) => {
    await signIn(page, 'upgrades@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Silver', FAILING_LATER_CARD);
    await page.getByRole('button', { name: 'Upgrade to Gold' }).click();
    const dialog = page.getByRole('dialog', { name: 'Upgrade to Gold?' });
    await dialog.getByRole('button', { name: /^Pay €\d+\.\d\d and upgrade$/ }).click();
    await expect(dialog).toContainText('Your bank did not take the payment');
    await page.goto(MEMBERSHIP);
    await settled(page);
    await expect(page.getByText('Your upgrade to Gold waits for its payment')).toBeVisible();
    await expect(page.getByText(/Until it is paid you stay on Silver/)).toBeVisible();
    await picture('membership-upgrade-unpaid');
    const popup = await popupOf(page, 'Pay now');
    await payInvoice(popup);
    await popup.close();
    await expect(page.getByText('You have Gold now.')).toBeVisible();
    await expect(page.getByText(/Renews on .* for €12\.00\./)).toBeVisible();
  });

  test('an upgrade that waits can be dropped', async ({ page, picture }) => {
    await signIn(page, 'drops@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Silver', FAILING_LATER_CARD);
    await page.getByRole('button', { name: 'Upgrade to Gold' }).click();
    await page.getByRole('dialog').getByRole('button', { name: /^Pay €\d+\.\d\d and upgrade$/ }).click();
    await expect(page.getByRole('dialog')).toContainText('Your bank did not take the payment');
    await page.goto(MEMBERSHIP);
    await settled(page);
    await page.getByRole('button', { name: 'Keep Silver' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stay on Silver?' });
    await expect(dialog).toContainText(/The upgrade to Gold is dropped, and its payment of €\d+\.\d\d is cancelled/);
    await picture('membership-drop-upgrade');
    await dialog.getByRole('button', { name: 'Keep Silver' }).click();
    await expect(page.getByText('The upgrade to Gold is dropped.')).toBeVisible();
    await expect(page.getByText(/Renews on .* for €5\.00\./)).toBeVisible();
  });

  test('in grace it says until when, and another card pays what is due', async ({ page, server, picture }) => {
    await signIn(page, 'grace@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Gold', FAILING_LATER_CARD);
    await travelToTheRenewal(page, server);
    await page.goto(MEMBERSHIP);
    await settled(page);
    await expect(page.getByText(/You keep Gold until \d+ \w+ \d{4}/)).toBeVisible();
    await expect(page.getByText('€12.00 is due. Pay before then, or your access ends.')).toBeVisible();
    await expect(page.getByText(/The last attempt failed: Your card was declined/)).toBeVisible();
    await expect(page.getByText(/Stripe tries again on \d+ \w+ \d{4}\./)).toBeVisible();
    await picture('membership-grace');
    const popup = await popupOf(page, 'Update payment method');
    const closed = popup.waitForEvent('close');
    await payWith(popup, GOOD_CARD, 'Save card');
    await closed;
    await expect(page.getByText('Your card is saved.')).toBeVisible();
    await expect(page.getByText(/Renews on .* for €12\.00\./)).toBeVisible();
    await expect(page.getByText('Visa ending in 4242')).toBeVisible();
    await picture('membership-recovered');
  });

  test('what is due is paid first, and the tier that was wanted follows', async ({ page, server, picture }) => {
    await signIn(page, 'owes@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Silver', FAILING_LATER_CARD);
    await travelToTheRenewal(page, server);
    await page.goto(`/c/${SLUG}`);
    await settled(page);
    await expect(page.getByText('€5.00 is due for Silver: that is paid first.')).toBeVisible();
    await picture('catalog-owing');
    const popup = await popupOf(page, 'Pay, then switch to Gold');
    await payInvoice(popup);
    await popup.close();
    const dialog = page.getByRole('dialog', { name: 'Upgrade to Gold?' });
    await expect(dialog).toContainText(/€\d+\.\d\d is charged now to Visa ending in \d{4}\./);
  });
});

test('without JavaScript the card is added in the same tab', { tag: '@no-javascript' }, async ({ page }) => {
  await signIn(page, 'plain@example.com', `/c/${SLUG}`);
  await page.getByRole('button', { name: 'Subscribe to Gold' }).click();
  await payWith(page, GOOD_CARD);
  // Stripe's page leads back; going elsewhere before that is over would be overtaken by it.
  await expect(page.getByRole('heading', { name: 'Memberships' })).toBeVisible();
  await page.goto(`/c/${SLUG}/membership`);
  await page.getByRole('button', { name: 'Update payment method' }).click();
  await payWith(page, '5555555555554444', 'Save card');
  await expect(page).toHaveURL(`/c/${SLUG}/membership`);
  await expect(async () => {
    await page.reload();
    const line = page.getByRole('listitem').filter({ hasText: 'Mastercard ending in 4444' });
    await expect(line.getByText('pays', { exact: true })).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByRole('link', { name: 'Disconnect the payment method' }).click();
  await expect(page.getByText(/€12\.00 for Gold cannot be paid\./)).toBeVisible();
  await page.getByRole('button', { name: 'Disconnect it' }).click();
  await page.goto(`/c/${SLUG}/membership`);
  await expect(page.getByText('No payment method is saved.')).toBeVisible();
});

/** On Stripe's invoice page, which stays open as the receipt. */
async function payInvoice(popup: Page): Promise<void> {
  await payWith(popup, GOOD_CARD, /^Pay €/);
  await expect(popup.getByText('Paid', { exact: true }).first()).toBeVisible();
}

test('without JavaScript what is due is paid in the same tab', { tag: '@no-javascript' }, async ({ page, server }) => {
  await signIn(page, 'debtor@example.com', `/c/${SLUG}`);
  await page.getByRole('button', { name: 'Subscribe to Gold' }).click();
  await payWith(page, FAILING_LATER_CARD);
  await expect(page.getByRole('heading', { name: 'Memberships' })).toBeVisible();
  await travelToTheRenewal(page, server);
  await expect(async () => {
    await page.goto(`/c/${SLUG}/membership`);
    await expect(page.getByRole('button', { name: 'Pay now' })).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByRole('button', { name: 'Pay now' }).click();
  await payInvoice(page);
  await expect(async () => {
    await page.goto(`/c/${SLUG}/membership`);
    await expect(page.getByText(/Renews on .* for €12\.00\./)).toBeVisible({ timeout: 500 });
  }).toPass();
});
