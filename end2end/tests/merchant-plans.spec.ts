import { expectAccessible } from '../fixtures/accessible.js';
import { accountStatus, connectStripe, openCommunity } from '../fixtures/merchant.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';
import type { Page } from '@playwright/test';

// Each test loads several pages, and popups besides.
test.describe.configure({ timeout: 120_000 });

const tier = (page: Page, name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name }) });

async function openPlans(page: Page, slug: string): Promise<void> {
  await page.goto(`/c/${slug}/manage/plans`);
  await settled(page);
}

test.describe('planning', { tag: '@javascript' }, () => {
  test.describe.configure({ mode: 'serial', timeout: 120_000 });

  test('before Stripe is connected, planning leads there', async ({ page, picture }) => {
    await signIn(page, 'plans@example.com');
    await openCommunity(page, 'Plans', 'plans');
    await openPlans(page, 'plans');
    await expect(page.getByRole('heading', { name: 'Connect Stripe first' })).toBeVisible();
    await picture('plans-unlinked');
    await page.getByRole('main').getByRole('link', { name: 'Go to the store page' }).click();
    await connectStripe(page);
    await expect(accountStatus(page)).toHaveText('ready');
  });

  test('a plan is made with its first tier; what is refused stays in the form', async ({ page, picture }) => {
    await signIn(page, 'plans@example.com');
    await openPlans(page, 'plans');
    await page.getByRole('link', { name: 'Create your first plan' }).click();
    await page.getByLabel('Plan name').fill('Membership');
    await page.getByLabel('Tier name').fill('Silver');
    await page.getByLabel('Description').fill('A letter every month');
    await page.getByLabel('Price per month').fill('1e3');
    await picture('plans-new');
    await page.getByRole('button', { name: 'Create plan' }).click();
    await expect(page.getByText('Price must be a number such as 9.00')).toBeVisible();
    await expect(page.getByLabel('Price per month')).toBeFocused();
    await expect(page.getByLabel('Plan name')).toHaveValue('Membership');
    await page.getByLabel('Price per month').fill('5.005');
    await page.getByRole('button', { name: 'Create plan' }).click();
    await expect(page.getByText('Price in EUR has at most 2 decimals.')).toBeVisible();
    await page.getByLabel('Price per month').fill('5');
    await page.getByLabel('Price per year').fill('50,50');
    await page.getByRole('button', { name: 'Create plan' }).click();
    await expect(page.getByText('The plan is made, with its first tier.')).toBeVisible();
    await expect(tier(page, 'Silver')).toContainText('€5.00');
    await expect(tier(page, 'Silver')).toContainText('€50.50');
    await expect(tier(page, 'Silver')).toContainText('no subscribers');
    await expectAccessible(page);
  });

  test('tiers are added, priced anew, taken out of sale and put back', async ({ page, picture }) => {
    await signIn(page, 'plans@example.com');
    await openPlans(page, 'plans');
    await page.getByRole('link', { name: 'Add a tier to Membership' }).click();
    await page.getByLabel('Tier name').fill('Gold');
    await page.getByLabel('Price per month').fill('12');
    await page.getByRole('button', { name: 'Add tier' }).click();
    await expect(tier(page, 'Gold')).toContainText('€12.00');
    await page.getByRole('link', { name: 'Edit Silver' }).click();
    await expect(page.getByText('existing subscribers keep their price')).toBeVisible();
    await picture('plans-edit-tier');
    await page.getByRole('button', { name: 'Save tier' }).click();
    await expect(page.locator('.said')).toContainText('The tier is changed.');
    await expect(page.locator('.said')).not.toContainText('price');
    await page.getByRole('link', { name: 'Edit Silver' }).click();
    await page.getByLabel('Price per month').fill('6.50');
    await page.getByLabel('Price per year').fill('');
    await page.getByRole('button', { name: 'Save tier' }).click();
    await expect(page.getByText('The tier is changed. Existing subscribers keep their price.')).toBeVisible();
    await expect(tier(page, 'Silver')).toContainText('€6.50');
    await expect(tier(page, 'Silver')).not.toContainText('year');
    await page.getByRole('link', { name: 'Stop selling Gold' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop selling it' }).click();
    await expect(tier(page, 'Gold')).toContainText('not sold');
    await page.getByRole('button', { name: 'Sell Gold again' }).click();
    await expect(tier(page, 'Gold')).not.toContainText('not sold');
    await picture('plans');
  });

  test('plans are renamed, archived and restored', async ({ page, picture }) => {
    await signIn(page, 'plans@example.com');
    await openPlans(page, 'plans');
    await page.getByRole('link', { name: 'Rename Membership' }).click();
    await page.getByLabel('Plan name').fill('Friends');
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(page.getByRole('heading', { level: 2, name: 'Friends' })).toBeVisible();
    await page.getByRole('link', { name: 'Archive Friends' }).click();
    await picture('plans-archive');
    await page.getByRole('dialog').getByRole('button', { name: 'Archive plan' }).click();
    await expect(page.getByRole('heading', { name: 'Archived plans' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Stop selling Gold' })).toHaveCount(0);
    await expect(page.getByRole('link', { name: 'Add a tier to Friends' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Restore Friends' }).click();
    await expect(page.getByRole('heading', { name: 'Archived plans' })).toBeHidden();
  });

  test('a tier carries the privileges that are chosen for it', async ({ page, picture }) => {
    await signIn(page, 'plans@example.com');
    await page.goto('/c/plans/manage/roles');
    await settled(page);
    await page.getByRole('link', { name: 'New privilege' }).click();
    await page.getByLabel('Privilege name').fill('watch videos');
    await page.getByRole('button', { name: 'Create privilege' }).click();
    await expect(page.getByText('The privilege is made.')).toBeVisible();
    await openPlans(page, 'plans');
    await page.getByRole('link', { name: 'Privileges of Gold' }).click();
    await page.getByRole('checkbox', { name: 'watch videos' }).check();
    await picture('plans-privileges');
    await page.getByRole('button', { name: 'Save privileges' }).click();
    await expect(tier(page, 'Gold')).toContainText('watch videos');
    await expect(tier(page, 'Silver')).not.toContainText('watch videos');
  });
});
