import { expectAccessible } from '../fixtures/accessible.js';
import { payWith, GOOD_CARD } from '../fixtures/checkout.js';
import { MERCHANT, SLUG } from '../fixtures/shop.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';

test.use({ shop: true });

test.describe.configure({ mode: 'serial' });

test('the catalog reads signed out: prices, what you get, and the lock on the post', async ({ page, picture }) => {
  const answer = await page.goto(`/c/${SLUG}`);
  expect(answer?.status()).toBe(200);
  await settled(page);
  const gold = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Gold' }) });
  await expect(gold).toContainText('€12.00 / month');
  await expect(gold).toContainText('watch videos');
  await expect(gold).toContainText('Renews every month until you cancel. Sold by The club through Stripe.');
  await expect(page.getByRole('link', { name: 'Subscribe to Silver' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Locked' })).toHaveCount(1);
  await picture('community-signed-out');
});

test('prices switch between month and year, and the address says which', async ({ page }) => {
  await page.goto(`/c/${SLUG}`);
  await settled(page);
  await page.getByRole('link', { name: 'Yearly' }).click();
  await expect(page).toHaveURL(/interval=year/);
  await expect(page.getByText('€50.00 / year')).toBeVisible();
  await page.getByRole('link', { name: 'Monthly' }).click();
  await expect(page.getByText('€5.00 / month')).toBeVisible();
});

test('Subscribe leads a visitor through sign-in and back to the same tier', async ({ page }) => {
  await page.goto(`/c/${SLUG}`);
  await settled(page);
  await page.getByRole('link', { name: 'Subscribe to Gold' }).click();
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to subscribe');
  const next = new URL(page.url()).searchParams.get('next') ?? '';
  expect(next).toMatch(/^\/c\/club\?tier=.*&interval=month/);
  await signIn(page, 'visitor@example.com', next);
  await expect(page).toHaveURL(/\?tier=/);
  const gold = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Gold' }) });
  await expect(gold).toHaveClass(/card-current/);
  await expect(gold).toBeInViewport();
  await expect(page.getByRole('button', { name: 'Subscribe to Gold' })).toBeVisible();
});

test('who goes on to another page by keyboard begins at its content', { tag: '@javascript' }, async ({ page }) => {
  await page.goto(`/c/${SLUG}`);
  await settled(page);
  await expect(page.locator('#content')).not.toBeFocused();
  const film = page.getByRole('link', { name: 'The film' });
  await film.focus();
  await film.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'The film' })).toBeVisible();
  await expect(page.locator('#content')).toBeFocused();
  const see = page.getByRole('link', { name: 'See memberships' });
  await see.focus();
  await see.press('Enter');
  await expect(page.locator('#memberships')).toBeFocused();
  // What was pressed is still there.
  const tab = page.getByRole('link', { name: 'Membership', exact: true });
  await tab.focus();
  await tab.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Your membership' })).toBeVisible();
  await expect(tab).toBeFocused();
});

test('the first link skips everything before the content', async ({ page }) => {
  await page.goto(`/c/${SLUG}`);
  await settled(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.locator('#content :focus')).toHaveCount(1);
});

test('the account menu closes when the focus goes on', { tag: '@javascript' }, async ({ page }) => {
  await signIn(page, 'menu@example.com', `/c/${SLUG}`);
  await settled(page);
  const menu = page.locator('.session-menu');
  await menu.locator('summary').click();
  await expect(menu).toHaveAttribute('open');
  await page.getByRole('button', { name: 'Sign out everywhere' }).focus();
  await page.keyboard.press('Tab');
  await expect(menu).not.toHaveAttribute('open');
});

test('a locked post shows its teaser, the lock, and which tiers open it', async ({ page, picture }) => {
  await page.goto(`/c/${SLUG}`);
  await settled(page);
  await page.getByRole('link', { name: 'The film' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'The film' })).toBeVisible();
  await expect(page.getByText('Forty minutes about the first year.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'This post is locked' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Gold in Club' })).toBeVisible();
  await expect(page.getByText('Here is the film.')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'See memberships' })).toHaveAttribute('href', `/c/${SLUG}#memberships`);
  await picture('post-locked');
});

test('a post opens and locks again by itself when a role is given and taken back', { tag: '@javascript' }, async ({ page, browser, server }) => {
  await signIn(page, 'gifted@example.com', `/c/${SLUG}`);
  await settled(page);
  await page.getByRole('button', { name: 'Join this community' }).click();
  await expect(page.getByText('Joined')).toBeVisible();
  await page.getByRole('link', { name: 'The film' }).click();
  await expect(page.getByRole('heading', { name: 'This post is locked' })).toBeVisible();
  const merchant = await (await browser.newContext({ baseURL: server.url })).newPage();
  await signIn(merchant, MERCHANT, `/c/${SLUG}/manage/members`);
  await settled(merchant);
  await merchant.getByRole('link', { name: 'Give a role to gifted@example.com' }).click();
  await merchant.getByLabel('Role', { exact: true }).selectOption({ label: 'Gold (Club)' });
  await merchant.getByRole('button', { name: 'Give role' }).click();
  await expect(page.getByText('Here is the film.')).toBeVisible();
  await merchant.getByRole('link', { name: 'Take Gold back from gifted@example.com' }).click();
  await merchant.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await expect(page.getByRole('heading', { name: 'This post is locked' })).toBeVisible();
  await expect(page.getByText('Here is the film.')).toHaveCount(0);
  await merchant.context().close();
});

test('an open post shows its text', async ({ page }) => {
  await page.goto(`/c/${SLUG}`);
  await settled(page);
  await page.getByRole('link', { name: 'Open letter' }).click();
  await expect(page.getByRole('heading', { name: 'Hello' })).toBeVisible();
});

test('the catalog and a locked post are accessible', { tag: '@javascript' }, async ({ page }) => {
  await page.goto(`/c/${SLUG}`);
  await settled(page);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'The film' }).click();
  await expect(page.getByRole('heading', { name: 'This post is locked' })).toBeVisible();
  await expectAccessible(page);
});

test('a community or a post that does not exist answers 404 in words', async ({ page }) => {
  for (const path of ['/c/no-such-place', `/c/${SLUG}/posts/nonsense`, `/c/${SLUG}/posts/0190c9f4-7b1e-7000-8000-000000000000`]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByText('does not exist')).toBeVisible();
  }
});

test('without JavaScript, Subscribe leads to Stripe in the same tab and back', { tag: '@no-javascript' }, async ({ page }) => {
  await signIn(page, 'plain@example.com', `/c/${SLUG}`);
  await page.getByRole('button', { name: 'Subscribe to Gold' }).click();
  await expect(page).toHaveURL(/^http:\/\/localhost.*\/c\/pay\//);
  await payWith(page, GOOD_CARD);
  await expect(page).toHaveURL(/127\.0\.0\.1/);
  await expect(async () => {
    await page.goto(`/c/${SLUG}/membership`);
    await expect(page.getByText(/Renews on .* for €12\.00\./)).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.goto(`/c/${SLUG}`);
  await page.getByRole('link', { name: 'The film' }).click();
  await expect(page.getByText('Here is the film.')).toBeVisible();
});
