// Some accounts pause a membership whose renewal fails, instead of trying again.
import { FAILING_LATER_CARD, subscribeTo } from '../fixtures/checkout.js';
import { SLUG } from '../fixtures/shop.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { control, onlyAccount, travelToTheRenewal } from '../fixtures/stripe_control.js';
import { expect, test } from '../fixtures/test.js';

test.use({ shop: true });

test.describe.configure({ timeout: 120_000 });

test('a paused membership says what going on costs, and charges it once', { tag: '@javascript' }, async ({ page, server, picture }) => {
  await control(page, server, `accounts/${await onlyAccount(page, server)}`, { after_failed_payments: 'pause_at_once' });
  await signIn(page, 'paused@example.com', `/c/${SLUG}`);
  await settled(page);
  await subscribeTo(page, 'Gold', FAILING_LATER_CARD);
  await travelToTheRenewal(page, server);
  await page.goto(`/c/${SLUG}`);
  await settled(page);
  await expect(page.getByRole('button', { name: /resume,? .*/i }).first()).toBeVisible();
  await picture('catalog-paused');
  await page.goto(`/c/${SLUG}/membership`);
  await settled(page);
  await expect(page.getByText('paused', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pay now' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Resume Gold' }).click();
  const dialog = page.getByRole('dialog', { name: 'Resume Gold?' });
  await expect(dialog).toContainText('€12.00 is charged to Visa ending in 0341.');
  await picture('membership-resume');
  await dialog.getByRole('button', { name: 'Resume Gold' }).click();
  // The card does not pay: now a payment is open, which ends the pause.
  await expect(dialog).toContainText('The payment was not taken, so it stays paused.');
  await expect(dialog.getByRole('button')).toHaveText(['Close']);
  await page.keyboard.press('Escape');
  await expect(page.getByText('€12.00 is due before Gold goes on after its pause.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pay now' })).toBeVisible();
  await picture('membership-paused');
});
