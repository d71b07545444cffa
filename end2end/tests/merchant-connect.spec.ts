import { expectAccessible } from '../fixtures/accessible.js';
import { accountStatus, connectStripe, openCommunity, popupOf, stripeAccount } from '../fixtures/merchant.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';

// Each test loads several pages, and popups besides.
test.describe.configure({ timeout: 120_000 });

test.describe('connecting Stripe', { tag: '@javascript' }, () => {
  test('a finished onboarding makes the account ready without a reload', async ({ page, picture }) => {
    await signIn(page, 'ready@example.com');
    await openCommunity(page, 'Salt and Light', 'ready');
    await expect(accountStatus(page)).toHaveText('not connected');
    await picture('store-unlinked');
    await page.evaluate(() => document.body.setAttribute('data-not-reloaded', ''));
    await connectStripe(page);
    await expect(accountStatus(page)).toHaveText('ready');
    await expect(page.locator('body[data-not-reloaded]')).toBeAttached();
    await expect(page.getByText('Your store can take payments.')).toBeVisible();
    await picture('store-ready');
    await expectAccessible(page);
  });

  test('an onboarding put off says what is due, and can be gone on with', async ({ page, picture }) => {
    await signIn(page, 'later@example.com');
    await openCommunity(page, 'Later', 'later');
    const popup = await popupOf(page, 'Connect Stripe');
    const closed = popup.waitForEvent('close');
    await popup.getByRole('button', { name: 'Finish later' }).click();
    await closed;
    await expect(accountStatus(page)).toHaveText('incomplete');
    await expect(page.getByRole('heading', { name: 'Stripe still needs' })).toBeVisible();
    await picture('store-incomplete');
    const again = await popupOf(page, 'Continue onboarding');
    await again.getByRole('radio', { name: 'Ready' }).check();
    await again.getByRole('button', { name: 'Agree and submit' }).click();
    await expect(accountStatus(page)).toHaveText('ready');
  });

  test('a popup closed by hand leaves a state one can go on from', async ({ page }) => {
    await signIn(page, 'closed@example.com');
    await openCommunity(page, 'Closed', 'closed');
    const popup = await popupOf(page, 'Connect Stripe');
    await popup.close();
    await expect(accountStatus(page)).toHaveText('incomplete');
    await expect(page.getByRole('button', { name: 'Continue onboarding' })).toBeEnabled();
  });

  test('where popups are blocked, the same way goes on in the same tab and leads back', async ({ page, picture }) => {
    await signIn(page, 'blocked@example.com');
    await openCommunity(page, 'Blocked', 'blocked');
    await page.evaluate(() => {
      window.open = () => null;
    });
    await page.getByRole('button', { name: 'Connect Stripe' }).click();
    await expect(page.getByText('Your browser did not open a window.')).toBeVisible();
    await picture('store-popup-blocked');
    await page.getByRole('link', { name: 'Continue to Stripe' }).click();
    await page.getByRole('radio', { name: 'Ready' }).check();
    await page.getByRole('button', { name: 'Agree and submit' }).click();
    await expect(page).toHaveURL('/c/blocked/manage/store');
    await expect(accountStatus(page)).toHaveText('ready');
  });

  test('two managers who connect at once end with one account', async ({ page, browser, server }) => {
    await signIn(page, 'twice@example.com');
    await openCommunity(page, 'Twice', 'twice');
    const cookies = await page.context().storageState();
    const second = await (await browser.newContext({ storageState: cookies, baseURL: server.url })).newPage();
    await second.goto('/c/twice/manage/store');
    await settled(second);
    const [one, other] = await Promise.all([popupOf(page, 'Connect Stripe'), popupOf(second, 'Connect Stripe')]);
    await one.getByRole('button', { name: 'Agree and submit' }).click();
    await other.getByRole('button', { name: 'Agree and submit' }).click();
    await expect(accountStatus(page)).toHaveText('ready');
    await expect(accountStatus(second)).toHaveText('ready');
    const account = (of: typeof page) => stripeAccount(of).locator('dd code').innerText();
    expect(await account(page)).toBe(await account(second));
    await second.context().close();
  });

  test('the store can be paused, resumed and disconnected', async ({ page, picture }) => {
    await signIn(page, 'pauses@example.com');
    await openCommunity(page, 'Pauses', 'pauses');
    await connectStripe(page);
    const dashboard = page.getByRole('link', { name: /Open the Stripe dashboard/ });
    await expect(dashboard).toHaveAttribute('target', '_blank');
    await expect(dashboard).toHaveAttribute('rel', /noopener/);
    await page.route('**/api/refresh_account*', (route) => route.abort());
    await page.getByRole('button', { name: 'Check with Stripe' }).click();
    await expect(page.getByText('The server could not be reached.')).toBeVisible();
    await page.unroute('**/api/refresh_account*');
    // The server tells of it, so it can be reached.
    await page.getByRole('button', { name: 'Pause the store' }).click();
    await expect(accountStatus(page)).toHaveText('paused');
    await expect(page.getByText('The server could not be reached.')).toHaveCount(0);
    await page.getByRole('button', { name: 'Resume the store' }).click();
    await expect(accountStatus(page)).toHaveText('ready');
    await page.getByRole('link', { name: 'Disconnect' }).click();
    const question = page.getByRole('dialog', { name: 'Disconnect the Stripe account?' });
    await expect(question).toBeVisible();
    await picture('store-disconnect');
    await question.getByRole('link', { name: 'Keep it connected' }).click();
    await expect(question).toBeHidden();
    await expect(accountStatus(page)).toHaveText('ready');
    await page.getByRole('link', { name: 'Disconnect' }).click();
    await question.getByRole('button', { name: 'Disconnect the account' }).click();
    await expect(accountStatus(page)).toHaveText('not connected');
    await page.locator('summary', { hasText: 'Former connections' }).click();
    await expect(page.getByText('disconnected by the merchant')).toBeVisible();
  });

  test('the customer portal is configured, and what is refused is said beside its field', async ({ page, picture }) => {
    await signIn(page, 'portal@example.com');
    await openCommunity(page, 'Portal', 'portal');
    await connectStripe(page);
    await expect(accountStatus(page)).toHaveText('ready');
    await page.getByLabel('Headline').fill('Thank you for being here');
    await page.getByLabel('Privacy policy').fill('http://example.com/privacy');
    await page.getByRole('button', { name: 'Save portal settings' }).click();
    await expect(page.getByText('Address must begin with https://')).toBeVisible();
    await expect(page.getByLabel('Headline')).toHaveValue('Thank you for being here');
    await page.getByLabel('Privacy policy').fill('https://example.com/privacy');
    await page.getByRole('checkbox', { name: 'cancel their subscription' }).uncheck();
    await page.getByRole('button', { name: 'Save portal settings' }).click();
    await expect(page.getByText('Portal settings saved.')).toBeVisible();
    await picture('store-portal-config');
    await page.reload();
    await expect(page.getByLabel('Privacy policy')).toHaveValue('https://example.com/privacy');
    await expect(page.getByRole('checkbox', { name: 'cancel their subscription' })).not.toBeChecked();
  });
});

test('without JavaScript Stripe is connected in the same tab', { tag: '@no-javascript' }, async ({ page }) => {
  await signIn(page, 'plain@example.com');
  await openCommunity(page, 'Plain', 'plain');
  await expect(accountStatus(page)).toHaveText('not connected');
  await page.getByRole('button', { name: 'Connect Stripe' }).click();
  await page.getByRole('button', { name: 'Agree and submit' }).click();
  await expect(page).toHaveURL('/c/plain/manage/store');
  await expect(accountStatus(page)).toHaveText('ready');
});
