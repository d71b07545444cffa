// The panel of fake mode that moves the clock.
import { SLUG } from '../fixtures/shop.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';

test.use({ shop: true });

test('the clock is moved by a button, and the page is the same afterwards', async ({ page, picture }) => {
  await signIn(page, 'traveller@example.com', `/c/${SLUG}/membership`);
  await settled(page);
  const panel = page.getByRole('complementary', { name: 'Time travel' });
  await panel.getByText('Fake mode: time travel').click();
  const before = Date.parse((await panel.locator('time').getAttribute('datetime')) ?? '');
  await picture('time-travel');
  await panel.getByRole('button', { name: '+1 day' }).click();
  await expect(async () => {
    const after = Date.parse((await panel.locator('time').getAttribute('datetime')) ?? '');
    expect(after - before).toBeGreaterThanOrEqual(24 * 3600 * 1000);
  }).toPass();
  await expect(page).toHaveURL(`/c/${SLUG}/membership`);
});
