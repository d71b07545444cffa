// The power fails between the webhook's 200 and its work.
import { GOOD_CARD, payWith } from '../fixtures/checkout.js';
import { MERCHANT, SLUG } from '../fixtures/shop.js';
import { signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';

test.use({ shop: true });

// Who paid never comes back here, so that no page asks what became of the purchase: only the webhook can tell.
test('what was taken before a kill is worked once after it', { tag: '@no-javascript' }, async ({
  page,
  browser,
  server,
}) => {
  test.setTimeout(120_000);
  await signIn(page, 'buyer@example.com', `/c/${SLUG}`);
  await server.stop();
  await server.start(['serve', '--without', 'jobs']);
  await page.goto(`/c/${SLUG}`);
  await page.getByRole('button', { name: 'Subscribe to Gold' }).click();
  await page.route(/club\/bought/, (route) => route.fulfill({ body: 'somewhere else' }));
  await payWith(page, GOOD_CARD);
  await page.waitForURL(/club\/bought/);
  await expect(async () => {
    const outbox = await page.request.get(`${server.fakeStripeUrl}/_fake/outbox`);
    expect((await outbox.json()).pending).toEqual([]);
  }).toPass();
  await page.goto(`/c/${SLUG}/membership`);
  await expect(page.getByText('No membership yet')).toBeVisible();

  await server.stop('SIGKILL');
  await server.start();
  await expect(async () => {
    await page.goto(`/c/${SLUG}/membership`);
    await expect(page.getByText(/Renews on .* for €12\.00\./)).toBeVisible({ timeout: 500 });
  }).toPass();
  const merchant = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const members = await merchant.newPage();
  await signIn(members, MERCHANT, `/c/${SLUG}/manage/members`);
  const buyer = members.getByRole('listitem').filter({ hasText: 'buyer@example.com' });
  await expect(buyer.getByText('Gold', { exact: true })).toHaveCount(1);
  await merchant.close();
});
