import { expectAccessible } from '../fixtures/accessible.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';

test('a code from the e-mail signs in, and the header says who it is', async ({ page }) => {
  await signIn(page, 'ada@example.com');
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('banner').getByText('ada@example.com').first()).toBeVisible();
});

test('signing out forgets who it was', async ({ page }) => {
  await signIn(page, 'out@example.com');
  await page.getByRole('banner').getByText('out@example.com').first().click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await page.goto('/');
  await expect(page.getByText('out@example.com')).toHaveCount(0);
});

test('a wrong code is refused beside its field and can be typed again', async ({ page }) => {
  await page.goto('/sign-in');
  await settled(page);
  await page.getByLabel('E-mail address').fill('wrong@example.com');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('6-digit code').fill('000000');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.locator('#code-error')).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in/);
});

test('opening the link alone signs nobody in; its button does, and leads to where it was asked for', async ({ page }) => {
  await page.goto('/sign-in?next=/sign-in');
  await settled(page);
  await page.getByLabel('E-mail address').fill('link@example.com');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await expect(page.getByLabel('6-digit code')).toBeVisible();
  await page.goto('/dev/mailbox');
  await page.getByRole('article').filter({ hasText: 'link@example.com' }).getByRole('link').first().click();
  await settled(page);
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('You are signed in as link@example.com.')).toBeVisible();
});

test('the page for the code says where it went and sends another, also after a reload', async ({ page }) => {
  await page.goto('/sign-in');
  await settled(page);
  await page.getByLabel('E-mail address').fill('again@example.com');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await expect(page.getByText('We sent a code to again@example.com.')).toBeVisible();
  await page.reload();
  await settled(page);
  await expect(page.getByText('We sent a code to again@example.com.')).toBeVisible();
  const before = page.url();
  await page.getByRole('button', { name: 'Send a new code' }).click();
  await expect(page).not.toHaveURL(before);
  await expect(page.getByText('We sent a code to again@example.com.')).toBeVisible();
  await page.goto('/sign-in?token=used');
  await expect(page.getByText('This link does not work any more')).toBeVisible();
  await page.getByRole('link', { name: 'Send me a new code' }).click();
  await expect(page.getByLabel('E-mail address')).toBeVisible();
});

test('the sign-in page is accessible and survives a reload while the mail is read', { tag: '@javascript' }, async ({ page, picture }) => {
  await page.goto('/sign-in');
  await settled(page);
  await expectAccessible(page);
  await picture('sign-in');
  await page.getByLabel('E-mail address').fill('reload@example.com');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await expect(page.getByText('We sent a code to reload@example.com.')).toBeVisible();
  await expect(page.getByLabel('6-digit code')).toBeFocused();
  await expectAccessible(page);
  await picture('sign-in-code');
  await page.reload();
  await expect(page.getByLabel('6-digit code')).toBeVisible();
});
