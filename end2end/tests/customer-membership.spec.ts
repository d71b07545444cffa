import { expectAccessible } from '../fixtures/accessible.js';
import { GOOD_CARD, payWith, popupOf, subscribeTo } from '../fixtures/checkout.js';
import { SLUG } from '../fixtures/shop.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';

test.use({ shop: true });

test.describe.configure({ timeout: 60_000 });

test.describe('a membership', { tag: '@javascript' }, () => {
  test('signed out, the page leads to sign-in and back', async ({ page }) => {
    await page.goto(`/c/${SLUG}/membership`);
    await settled(page);
    const link = page.getByRole('main').getByRole('link', { name: 'Sign in' });
    await expect(link).toHaveAttribute('href', `/sign-in?next=/c/${SLUG}/membership`);
  });

  test('joining is a button, and joined is said', async ({ page }) => {
    await signIn(page, 'joiner@example.com', `/c/${SLUG}`);
    await settled(page);
    await page.getByRole('button', { name: 'Join this community' }).click();
    await expect(page.getByText('Joined', { exact: true })).toBeVisible();
    await page.goto(`/c/${SLUG}/membership`);
    await expect(page.getByText('hold no paid membership')).toBeVisible();
  });

  test('an upgrade shows what is charged, and charges it once confirmed', async ({ page, picture }) => {
    await signIn(page, 'upgrader@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Silver');
    await page.getByRole('button', { name: 'Upgrade to Gold' }).click();
    const dialog = page.getByRole('dialog', { name: 'Upgrade to Gold?' });
    await expect(dialog).toContainText(/€\d+\.\d\d is charged now to Visa ending in \d{4}\./);
    await expect(dialog).toContainText('€12.00 per month');
    await picture('upgrade-preview');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: /^Pay €\d+\.\d\d and upgrade$/ }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText('Done. You are on Gold now.')).toBeVisible();
    // What was said before would contradict it.
    await expect(page.getByText('Thank you!')).toBeHidden();
    await expect(page.getByRole('main')).toContainText(/You are on Gold\s*\. Renews on .* for €12\.00\./);
  });

  test('a downgrade waits for the period’s end and can be taken back', async ({ page, picture }) => {
    await signIn(page, 'downgrader@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Gold');
    await page.getByRole('button', { name: 'Downgrade to Silver' }).click();
    const dialog = page.getByRole('dialog', { name: 'Downgrade to Silver?' });
    await expect(dialog).toContainText('Nothing is charged now.');
    await dialog.getByRole('button', { name: /^Downgrade on \d+ \w+ \d{4}$/ }).click();
    await expect(page.getByText(/Changes to this on \d+ \w+ \d{4}\./)).toBeVisible();
    await page.goto(`/c/${SLUG}/membership`);
    await settled(page);
    await expect(page.getByText(/Changes to Silver on \d+ \w+ \d{4} for €5\.00 per month\./)).toBeVisible();
    await picture('membership-pending');
    await page.getByRole('button', { name: 'Keep Gold' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep Gold' }).click();
    await expect(page.getByText(/Renews on .* for €12\.00\./)).toBeVisible();
  });

  test('cancelling keeps it until its end, and renewing takes that back', async ({ page, picture }) => {
    await signIn(page, 'canceller@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Silver');
    await page.goto(`/c/${SLUG}/membership`);
    await settled(page);
    await expectAccessible(page);
    await picture('membership');
    await page.getByRole('button', { name: 'Cancel Silver' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel Silver?' });
    await expect(dialog).toContainText(/You keep Silver until \d+ \w+ \d{4}\./);
    await picture('membership-cancel');
    await dialog.getByRole('button', { name: 'Keep my membership' }).click();
    await expect(dialog).toBeHidden();
    await page.getByRole('button', { name: 'Cancel Silver' }).click();
    await dialog.getByRole('button', { name: 'Cancel Silver' }).click();
    await expect(page.getByText(/Ends on \d+ \w+ \d{4}\. You keep it until then/)).toBeVisible();
    await page.getByRole('button', { name: 'Renew Silver' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Renew Silver' }).click();
    await expect(page.getByText(/Renews on .* for €5\.00\./)).toBeVisible();
  });

  test('a question in the address is asked, and answered', async ({ page }) => {
    await signIn(page, 'asked@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Silver');
    await page.goto(`/c/${SLUG}/membership`);
    const plan = await page.locator('input[name="id"]').first().getAttribute('value');
    await page.goto(`/c/${SLUG}/membership?form=cancel&id=${plan}`);
    await settled(page);
    const question = page.getByRole('dialog', { name: 'Cancel Silver?' });
    await question.getByRole('button', { name: 'Cancel Silver' }).click();
    await expect(question).toBeHidden();
    await expect(page.getByText(/^Silver will end on \d+ \w+ \d{4}\.$/)).toBeVisible();
    await expect(page).toHaveURL(`/c/${SLUG}/membership`);
  });

  test('what is done in Stripe’s portal shows up here by itself', async ({ page, picture }) => {
    await signIn(page, 'portal@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Gold');
    await page.goto(`/c/${SLUG}/membership`);
    await settled(page);
    const popup = await popupOf(page, 'Open billing at Stripe');
    await picture('portal', popup);
    await popup.getByRole('link', { name: /^Cancel subscription/ }).click();
    await popup.getByRole('button', { name: 'Confirm cancellation' }).click();
    await expect(page.getByText(/Ends on \d+ \w+ \d{4}\. You keep it until then/)).toBeVisible();
    await popup.getByRole('button', { name: /^Don’t cancel subscription/ }).click();
    await expect(page.getByText(/Renews on .* for €12\.00\./)).toBeVisible();
    const closed = popup.waitForEvent('close');
    await popup.getByRole('link', { name: /Return to/ }).click();
    await closed;
    await expect(page.getByText('Welcome back.')).toBeVisible();
  });

  test('what changes after the page was drawn and before it listens is shown', async ({ page }) => {
    await signIn(page, 'between@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Silver');
    let listen = () => {};
    const mayListen = new Promise<void>((resolve) => (listen = resolve));
    await page.route('**/events', async (route) => {
      await mayListen;
      await route.continue();
    });
    await page.goto(`/c/${SLUG}/membership`);
    await settled(page);
    const other = await page.context().newPage();
    await other.goto(`/c/${SLUG}/membership`);
    await settled(other);
    await other.getByRole('button', { name: 'Cancel Silver' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Cancel Silver' }).click();
    await expect(other.getByText(/You keep it until then/)).toBeVisible();
    await expect(page.getByText(/Renews on .* for €5\.00\./)).toBeVisible();
    listen();
    await expect(page.getByText(/You keep it until then/)).toBeVisible();
  });

  test('what a button asks is what it says, also after its subscription has changed elsewhere', async ({ page }) => {
    await signIn(page, 'elsewhere@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Silver');
    await page.goto(`/c/${SLUG}/membership`);
    await settled(page);
    await expect(page.getByRole('button', { name: 'Cancel Silver' })).toBeVisible();
    const other = await page.context().newPage();
    await other.goto(`/c/${SLUG}`);
    await settled(other);
    await other.getByRole('button', { name: 'Upgrade to Gold' }).click();
    await other.getByRole('dialog').getByRole('button', { name: /^Pay €/ }).click();
    await expect(other.getByText('Done. You are on Gold now.')).toBeVisible();
    await page.getByRole('button', { name: 'Cancel Gold' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel Gold?' });
    await expect(dialog).toContainText(/You keep Gold until \d+ \w+ \d{4}\./);
    await dialog.getByRole('button', { name: 'Cancel Gold' }).click();
    await expect(page.getByText(/^Gold will end on/)).toBeVisible();
  });

  test('a tab that nobody sees does not listen, and catches up when it is seen', async ({ page }) => {
    await signIn(page, 'hidden@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Silver');
    const hide = (hidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
      }, hidden);
    const listens = page.waitForRequest('**/events');
    await page.goto(`/c/${SLUG}/membership`);
    await settled(page);
    const request = await listens;
    const over = page.waitForEvent('requestfailed', (failed) => failed === request);
    await hide(true);
    await over;
    const other = await page.context().newPage();
    await other.goto(`/c/${SLUG}/membership`);
    await settled(other);
    await other.getByRole('button', { name: 'Cancel Silver' }).click();
    await other.getByRole('dialog').getByRole('button', { name: 'Cancel Silver' }).click();
    await expect(other.getByText(/You keep it until then/)).toBeVisible();
    await expect(page.getByText(/Renews on .* for €5\.00\./)).toBeVisible();
    await hide(false);
    await expect(page.getByText(/You keep it until then/)).toBeVisible();
  });

  test('nothing is lost when the server is killed and started again', async ({ page, server }) => {
    await signIn(page, 'stayer@example.com', `/c/${SLUG}`);
    await settled(page);
    await subscribeTo(page, 'Gold');
    await server.stop('SIGKILL');
    await server.start();
    await page.goto(`/c/${SLUG}/membership`);
    await expect(page.getByText(/Renews on .* for €12\.00\./)).toBeVisible();
  });
});

test('without JavaScript, cancelling asks first as well', { tag: '@no-javascript' }, async ({ page, picture }) => {
  await signIn(page, 'plain@example.com', `/c/${SLUG}`);
  await page.getByRole('button', { name: 'Subscribe to Silver' }).click();
  await payWith(page, GOOD_CARD);
  // The page that it comes back to knows.
  await expect(page.getByRole('main')).toContainText(/You are on Silver\s*\. Renews on .* for €5\.00\./);
  await page.goto(`/c/${SLUG}/membership`);
  await page.getByRole('button', { name: 'Cancel Silver' }).click();
  const question = page.getByRole('dialog', { name: 'Cancel Silver?' });
  await expect(question).toContainText(/You keep Silver until \d+ \w+ \d{4}\./);
  await picture('membership-cancel');
  await question.getByRole('link', { name: 'Keep my membership' }).click();
  await expect(question).toBeHidden();
  await page.getByRole('button', { name: 'Cancel Silver' }).click();
  await question.getByRole('button', { name: 'Cancel Silver' }).click();
  await expect(page.getByText(/Ends on \d+ \w+ \d{4}\. You keep it until then/)).toBeVisible();
  await expect(page.getByText('It is cancelled.')).toBeVisible();
  await expect(question).toBeHidden();
  // The catalog's button leads to the same question.
  await page.goto(`/c/${SLUG}`);
  await page.getByRole('button', { name: 'Renew Silver' }).click();
  await page.getByRole('dialog', { name: 'Keep Silver?' }).getByRole('button', { name: 'Renew Silver' }).click();
  await expect(page.getByText(/Renews on .* for €5\.00\./)).toBeVisible();
});

test('without JavaScript, another tier is shown with what it costs before it is chosen', { tag: '@no-javascript' }, async ({
  page,
  picture,
}) => {
  await signIn(page, 'plain-upgrader@example.com', `/c/${SLUG}`);
  await page.getByRole('button', { name: 'Subscribe to Silver' }).click();
  await payWith(page, GOOD_CARD);
  await expect(page.getByRole('main')).toContainText(/You are on Silver\s*\. Renews on .* for €5\.00\./);
  await page.getByRole('button', { name: 'Upgrade to Gold' }).click();
  const up = page.getByRole('dialog', { name: 'Upgrade to Gold?' });
  await expect(up).toContainText(/€\d+\.\d\d is charged now to Visa ending in 4242\./);
  await picture('membership-upgrade');
  await up.getByRole('link', { name: 'Keep it as it is' }).click();
  await expect(up).toBeHidden();
  await expect(page.getByText(/Renews on .* for €5\.00\./)).toBeVisible();
  await page.goto(`/c/${SLUG}`);
  await page.getByRole('button', { name: 'Upgrade to Gold' }).click();
  await up.getByRole('button', { name: /^Pay €\d+\.\d\d and upgrade$/ }).click();
  await expect(page.getByText('It is done.')).toBeVisible();
  await expect(page.getByText(/Renews on .* for €12\.00\./)).toBeVisible();
  await page.goto(`/c/${SLUG}`);
  await page.getByRole('button', { name: 'Downgrade to Silver' }).click();
  const down = page.getByRole('dialog', { name: 'Downgrade to Silver?' });
  await down.getByRole('button', { name: /^Downgrade on / }).click();
  await expect(page.getByText(/Changes to Silver on .* for €5\.00 per month\./)).toBeVisible();
});
