import { expectAccessible } from '../fixtures/accessible.js';
import { DECLINED_CARD, GOOD_CARD, payWith, popupOf, subscribeTo } from '../fixtures/checkout.js';
import { SLUG } from '../fixtures/shop.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';

test.use({ shop: true });

test.describe('a purchase', { tag: '@javascript' }, () => {
  test('in a popup, with a declined card first; the post opens by itself', async ({ page, context, picture }) => {
    await signIn(page, 'buyer@example.com', `/c/${SLUG}`);
    await settled(page);
    const reader = await context.newPage();
    await reader.goto(`/c/${SLUG}`);
    await settled(reader);
    await reader.getByRole('link', { name: 'The film' }).click();
    await expect(reader.getByRole('heading', { name: 'This post is locked' })).toBeVisible();

    await page.bringToFront();
    const popup = await popupOf(page, 'Subscribe to Gold');
    await expect(page.getByText('Continue in the Stripe window.')).toBeVisible();
    await picture('purchase-popup-open');
    await payWith(popup, DECLINED_CARD);
    await expect(popup.getByText('Your card was declined.')).toBeVisible();
    const closed = popup.waitForEvent('close');
    await payWith(popup, GOOD_CARD);
    await closed;
    await expect(page.getByText('Thank you!')).toBeVisible();
    const gold = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Gold' }) });
    await expect(gold).toContainText('Your tier');
    await expect(page.getByRole('main')).toContainText(/You are on Gold\s*\. Renews on/);
    await expectAccessible(page);
    await picture('purchase-done');

    await expect(reader.getByText('Here is the film.')).toBeVisible();
  });

  test('what is bought is what the card shows, whichever interval was shown before', async ({ page }) => {
    await signIn(page, 'interval@example.com', `/c/${SLUG}`);
    await settled(page);
    for (const [interval, shown, charged] of [
      ['Yearly', '€50.00 / year', '€50.00 per year'],
      ['Monthly', '€5.00 / month', '€5.00 per month'],
      ['Yearly', '€50.00 / year', '€50.00 per year'],
    ] as const) {
      await page.getByRole('link', { name: interval }).click();
      await expect(page.getByRole('main')).toContainText(shown);
      const popup = await popupOf(page, 'Subscribe to Silver');
      await expect(popup.getByRole('main')).toContainText(new RegExp(charged.replaceAll(' ', '\\s*').replace('.', '\\.')));
      await popup.close();
      await expect(page.getByText('otherwise nothing has changed')).toBeVisible();
    }
    await page.getByRole('link', { name: 'Monthly' }).click();
    await expect(page.getByRole('main')).toContainText('€5.00 / month');
    await subscribeTo(page, 'Silver');
    // What is asked before a switch as well.
    await page.getByRole('link', { name: 'Yearly' }).click();
    await expect(page.getByRole('main')).toContainText('€50.00 / year');
    await page.getByRole('button', { name: 'Pay yearly for Silver' }).click();
    await expect(page.getByRole('dialog', { name: 'Pay for Silver by the year?' })).toContainText('€50.00 per year');
  });

  test('closing the popup by hand changes nothing, and it can be opened again', async ({ page }) => {
    await signIn(page, 'closer@example.com', `/c/${SLUG}`);
    await settled(page);
    const popup = await popupOf(page, 'Subscribe to Silver');
    await popup.close();
    await expect(page.getByText('otherwise nothing has changed')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Subscribe to Silver' })).toBeEnabled();
    await subscribeTo(page, 'Silver');
  });

  test('leaving the checkout by its own link leads quietly back', async ({ page }) => {
    await signIn(page, 'leaver@example.com', `/c/${SLUG}`);
    await settled(page);
    const popup = await popupOf(page, 'Subscribe to Gold');
    const closed = popup.waitForEvent('close');
    await popup.getByRole('link', { name: /Back to/ }).click();
    await closed;
    await expect(page.getByText('Continue in the Stripe window.')).toBeHidden();
    await expect(page.getByText('Confirming with Stripe…')).toBeHidden();
    await expect(page.getByText('Thank you!')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Subscribe to Gold' })).toBeEnabled();
  });

  test('a blocked popup offers the same way in this tab, and that way works', async ({ page }) => {
    await page.addInitScript(() => {
      window.open = () => null;
    });
    await signIn(page, 'blocked@example.com', `/c/${SLUG}`);
    await page.goto(`/c/${SLUG}`);
    await settled(page);
    await page.getByRole('button', { name: 'Subscribe to Silver' }).click();
    await expect(page.getByText('Your browser did not open a window.')).toBeVisible();
    await page.getByRole('link', { name: 'Continue to Stripe' }).click();
    await expect(page).toHaveURL(/^http:\/\/localhost/);
    await payWith(page, GOOD_CARD);
    await expect(page).toHaveURL(`/c/${SLUG}`);
    await expect(page.getByRole('main')).toContainText(/You are on Silver/);
  });

  test('a double click ends with one window and one subscription', async ({ page, context }) => {
    await signIn(page, 'double@example.com', `/c/${SLUG}`);
    await settled(page);
    const opening = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Subscribe to Silver' }).dblclick();
    const popup = await opening;
    await popup.waitForURL(/^http:\/\/localhost/);
    expect(context.pages().length).toBe(2);
    await payWith(popup, GOOD_CARD);
    await expect(page.getByText('Thank you!')).toBeVisible();
    await page.goto(`/c/${SLUG}/membership`);
    await expect(page.getByRole('heading', { level: 2, name: 'Silver' })).toHaveCount(1);
  });
});
