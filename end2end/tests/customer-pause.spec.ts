// Some accounts pause a membership whose renewal fails, instead of trying again.
import { FAILING_LATER_CARD, GOOD_CARD, payWith, popupOf, subscribeTo } from '../fixtures/checkout.js';
import { openShop } from '../fixtures/shop.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { control, onlyAccount, travelToTheRenewal } from '../fixtures/stripe_control.js';
import { expect, test } from '../fixtures/test.js';

const SLUG = 'pauses';

test.describe.configure({ timeout: 120_000 });

test('a paused membership says so, and goes on', { tag: '@javascript' }, async ({ page, browser, server, picture }) => {
  await openShop(browser, server, SLUG);
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
  await picture('membership-paused');
  const popup = await popupOf(page, 'Update payment method');
  const closed = popup.waitForEvent('close');
  await payWith(popup, GOOD_CARD, 'Save card');
  await closed;
  await expect(page.getByText('Your card is saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Resume Gold' }).click();
  const dialog = page.getByRole('dialog', { name: 'Resume Gold?' });
  await expect(dialog).toContainText('at most €12.00 is charged');
  await picture('membership-resume');
  await dialog.getByRole('button', { name: 'Resume Gold' }).click();
  await expect(page.getByText('Done. Gold goes on.')).toBeVisible();
  await expect(page.getByText(/Renews on .* for €12\.00\./)).toBeVisible();
});
