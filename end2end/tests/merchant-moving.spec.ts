// The Stripe account is lost, another one is connected, and the plans move there.
import { subscribeTo } from '../fixtures/checkout.js';
import { accountStatus, popupOf } from '../fixtures/merchant.js';
import { MERCHANT, SLUG } from '../fixtures/shop.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { control, onlyAccount } from '../fixtures/stripe_control.js';
import { expect, test } from '../fixtures/test.js';

test.use({ shop: true });

test.describe.configure({ timeout: 120_000 });

test('an account that is lost is said so, and the plans are created on another one', { tag: '@javascript' }, async ({ page, browser, server, picture }) => {
  const customer = await (await browser.newContext({ baseURL: server.url })).newPage();
  await signIn(customer, 'moved@example.com', `/c/${SLUG}`);
  await settled(customer);
  await subscribeTo(customer, 'Gold');
  await signIn(page, MERCHANT, `/c/${SLUG}/manage/store`);
  await settled(page);
  await expect(accountStatus(page)).toHaveText('ready');
  await control(page, server, `accounts/${await onlyAccount(page, server)}`, { outcome: 'revoked' });
  await expect(accountStatus(page)).toHaveText('disconnected');
  await expect(page.getByText('They keep their roles until what they paid for ends.')).toBeVisible();
  await picture('store-disconnected');

  const popup = await popupOf(page, 'Connect another account');
  await popup.getByRole('radio', { name: 'Ready' }).check();
  const closed = popup.waitForEvent('close');
  await popup.getByRole('button', { name: 'Agree and submit' }).click();
  await closed;
  await expect(accountStatus(page)).toHaveText('ready');
  await expect(page.getByText('2 tiers that you sell are not on this account yet')).toBeVisible();

  await page.goto(`/c/${SLUG}/manage/plans`);
  await settled(page);
  await expect(page.getByText('2 tiers that you sell are not on the account that is connected now')).toBeVisible();
  await picture('plans-to-move');
  await page.getByRole('button', { name: 'Create Silver there' }).click();
  await expect(page.getByText('1 tier that you sell is not on the account that is connected now')).toBeVisible();
  await page.getByRole('button', { name: 'Create plans and tiers there' }).click();
  await expect(page.getByText('The tier is created on the account that is connected now.').first()).toBeVisible();
  await expect(page.getByText('Your plans are not on this Stripe account yet')).toHaveCount(0);
  await page.goto(`/c/${SLUG}`);
  await settled(page);
  await expect(page.getByRole('button', { name: 'Subscribe to Gold' })).toBeVisible();

  await customer.goto(`/c/${SLUG}`);
  await settled(customer);
  await expect(customer.getByText('You are on Gold.')).toContainText('subscribe anew');
  await expect(customer.getByRole('button', { name: 'Subscribe to Gold' })).toBeVisible();
  await picture('catalog-former-account', customer);
  await customer.context().close();
});
