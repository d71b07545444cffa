import { expectAccessible } from '../fixtures/accessible.js';
import { hydrated } from '../fixtures/hydrated.js';
import { settled } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';

test('the home page shows its heading', async ({ page, picture }) => {
  const answer = await page.goto('/');
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await picture('home');
});

test('the home page hydrates', { tag: '@javascript' }, async ({ page }) => {
  await page.goto('/');
  await hydrated(page);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('the home page is accessible', { tag: '@javascript' }, async ({ page }) => {
  await page.goto('/');
  await hydrated(page);
  await expectAccessible(page);
});

test('the home page is styled before any script runs', { tag: '@no-javascript' }, async ({ page }) => {
  await page.goto('/');
  await expect(page.locator('body[data-hydrated]')).not.toBeAttached();
  const sheets = await page.locator('link[rel=stylesheet]').evaluateAll((links) =>
    links.map((link) => (link as HTMLLinkElement).sheet?.cssRules.length ?? 0),
  );
  expect(sheets.some((rules) => rules > 0)).toBe(true);
});

test('a part of the page that cannot be loaded is said, and loading again helps', { tag: '@javascript' }, async ({ page, pageErrors }) => {
  await page.goto('/c/nowhere');
  await settled(page);
  await page.route('**/pkg/split_*', (route) => route.abort());
  await page.getByRole('link', { name: 'Go to the start page' }).click();
  await expect(page.getByText('This page stopped working.')).toBeVisible();
  await page.unroute('**/pkg/split_*');
  await page.getByRole('link', { name: 'Load the page again' }).click();
  await settled(page);
  await expect(page.getByText('This page stopped working.')).toHaveCount(0);
  // The browser tells of the file as well.
  pageErrors.length = 0;
});
