// What a merchant has to look at: a dispute, a subscription that lost its price, an account that stopped.
import { subscribeTo } from '../fixtures/checkout.js';
import { accountStatus, stripeAccount } from '../fixtures/merchant.js';
import { MERCHANT, SLUG } from '../fixtures/shop.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { control, listed, onlyAccount } from '../fixtures/stripe_control.js';
import { expect, test } from '../fixtures/test.js';

test.use({ shop: true });

const STORE = `/c/${SLUG}/manage/store`;

test.describe.configure({ mode: 'serial', timeout: 120_000 });

test.describe('what needs attention', { tag: '@javascript' }, () => {
  test('when nothing is the matter, a line says so', async ({ page }) => {
    await signIn(page, MERCHANT, STORE);
    await settled(page);
    await expect(page.getByText('No payment or subscription needs your attention.')).toBeVisible();
  });

  test('a dispute is shown with its amount, and the role can be ended', async ({ page, browser, server, picture }) => {
    const context = await browser.newContext({ baseURL: server.url });
    const customer = await context.newPage();
    await signIn(customer, 'disputes@example.com', `/c/${SLUG}`);
    await settled(customer);
    await subscribeTo(customer, 'Gold');
    await context.close();
    const account = await onlyAccount(page, server);
    const [charge] = await listed(page, server, 'charges', account);
    await control(page, server, `charges/${charge?.id}/dispute`, {});

    await signIn(page, MERCHANT, STORE);
    await settled(page);
    const line = page.getByRole('listitem').filter({ hasText: 'disputes@example.com' });
    await expect(line).toContainText('Dispute');
    await expect(line).toContainText('€12.00');
    await expect(line).toContainText('waits for your answer');
    const stripe = line.getByRole('link', { name: /at Stripe \(in a new tab\)/ });
    await expect(stripe).toHaveAttribute('target', '_blank');
    const there = await page.request.get((await stripe.getAttribute('href')) ?? '');
    expect(there.ok(), 'Stripe has that page').toBe(true);
    await picture('store-attention');
    await line.getByRole('link', { name: /^End the role/ }).click();
    const dialog = page.getByRole('dialog', { name: 'End Gold?' });
    await expect(dialog).toContainText('disputes@example.com loses Gold now');
    await picture('store-end-role');
    await dialog.getByRole('button', { name: 'End the role' }).click();
    await expect(page.getByText('The role is ended, and the subscription cancelled.')).toBeVisible();
    await expect(line).toHaveCount(0);
  });

  test('an empty subscription is shown, and can be dismissed', async ({ page, browser, server }) => {
    const context = await browser.newContext({ baseURL: server.url });
    const customer = await context.newPage();
    await signIn(customer, 'emptied@example.com', `/c/${SLUG}`);
    await settled(customer);
    await subscribeTo(customer, 'Silver');
    await context.close();
    const account = await onlyAccount(page, server);
    const [subscription] = await listed(page, server, 'subscriptions', account);
    await control(page, server, `subscriptions/${subscription?.id}/strip_items`, {});

    await signIn(page, MERCHANT, STORE);
    await settled(page);
    const line = page.getByRole('listitem').filter({ hasText: 'emptied@example.com' });
    await expect(line).toContainText('Empty subscription');
    await line.getByRole('button', { name: /^Dismiss/ }).click();
    await expect(page.getByText('Dismissed.')).toBeVisible();
    await expect(page.getByText('No payment or subscription needs your attention.')).toBeVisible();
  });

  test('an account under review, and one that is deleted, offer only what can be done', async ({ page, server, picture }) => {
    const account = await onlyAccount(page, server);
    await signIn(page, MERCHANT, STORE);
    await settled(page);
    await control(page, server, `accounts/${account}`, { outcome: 'under_review' });
    await expect(accountStatus(page)).toHaveText('restricted');
    await expect(page.getByText('Stripe is looking at the account, and asks for nothing more.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Complete what is due' })).toHaveCount(0);
    await expect(page.getByText('No payment or subscription needs your attention.')).toHaveCount(0);
    await control(page, server, `accounts/${account}`, { outcome: 'restricted' });
    await expect(page.getByRole('button', { name: 'Complete what is due' })).toBeVisible();

    await control(page, server, `accounts/${account}`, { outcome: 'deleted' });
    await page.getByRole('button', { name: 'Check with Stripe' }).click();
    await expect(accountStatus(page)).toHaveText('disconnected');
    await expect(page.getByText('it cannot come back')).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: 'Stripe account' })).toContainText('lost access');
    await expect(page.getByText('No payment or subscription needs your attention.')).toHaveCount(0);
    await expect(stripeAccount(page)).not.toContainText('Payouts');
    await expect(page.getByRole('button', { name: 'Reconnect the same account' })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Connect another account' })).toBeVisible();
    await picture('store-deleted');
  });
});
