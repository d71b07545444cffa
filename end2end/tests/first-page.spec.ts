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

test('browsers that ask for an icon by themselves get one', { tag: '@no-javascript' }, async ({ page }) => {
  const icon = await page.request.get('/favicon.ico');
  expect(icon.status()).toBe(200);
  expect(icon.headers()['content-type']).toMatch(/^image\/.*icon/);
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

test('a page whose code cannot be loaded says so, and comes by itself when the server is back', { tag: '@javascript' }, async ({
  page,
  server,
  pageErrors,
}) => {
  await page.goto('/c/nowhere');
  await settled(page);
  await server.stop();
  await page.getByRole('link', { name: 'Go to the start page' }).click();
  await expect(page.getByText('The server could not be reached.')).toBeVisible();
  await expect(page).toHaveURL('/');
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByText('The server could not be reached.')).toBeVisible();
  await server.start();
  await expect(page.getByRole('heading', { level: 1, name: 'Memberships for your community' })).toBeVisible();
  await settled(page);
  // The browser tells of the files as well.
  pageErrors.length = 0;
});

test('a page that the browser cannot take over works without, and is taken over later', { tag: '@javascript' }, async ({ page, pageErrors }) => {
  await page.route('**/pkg/split_*', (route) => route.abort());
  const tried = page.waitForEvent('requestfailed', (request) => request.url().includes('/pkg/split_'));
  await page.goto('/');
  await tried;
  await expect(page.getByRole('heading', { level: 1, name: 'Memberships for your community' })).toBeVisible();
  await expect(page.locator('body[data-hydrated]')).not.toBeAttached();
  await page.unroute('**/pkg/split_*');
  await settled(page);
  // The browser tells of the files as well.
  pageErrors.length = 0;
});
