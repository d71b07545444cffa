import { expectAccessible } from '../fixtures/accessible.js';
import { PLATFORM_ADMIN } from '../fixtures/server.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';

test('the platform’s page is there for its admins alone', { tag: '@javascript' }, async ({ page, context, picture }) => {
  await page.goto('/platform');
  await settled(page);
  await expect(page.getByRole('main').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await signIn(page, 'stranger@example.com', '/platform');
  await settled(page);
  await expect(page.getByRole('main')).toContainText('This page does not exist (any more).');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
  await expect(page.getByText('Nothing needs attention')).toBeHidden();
  await context.clearCookies();
  await signIn(page, PLATFORM_ADMIN, '/platform');
  await settled(page);
  await expect(page.getByRole('heading', { name: 'Nothing needs attention' })).toBeVisible();
  await expectAccessible(page);
  await picture('platform');
});
