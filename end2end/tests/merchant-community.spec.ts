import { expectAccessible } from '../fixtures/accessible.js';
import { openCommunity } from '../fixtures/merchant.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';
import type { Page } from '@playwright/test';

// Each test loads several pages, and popups besides.
test.describe.configure({ timeout: 120_000 });

test('an address that is taken or reserved is refused beside its field, and the rest stays', { tag: '@javascript' }, async ({ page, picture }) => {
  await signIn(page, 'owner@example.com');
  await openCommunity(page, 'First', 'first');
  await page.goto('/');
  await settled(page);
  await page.getByLabel('Name').fill('Second');
  await expect(page.getByLabel('Address')).toHaveValue('second');
  await page.getByLabel('Address').fill('first');
  await page.getByRole('button', { name: 'Open community' }).click();
  await expect(page.getByText('Address “first” is taken.')).toBeVisible();
  await picture('home-refused');
  await page.getByLabel('Address').fill('a--b');
  await page.getByRole('button', { name: 'Open community' }).click();
  await expect(page.getByText('Address must not have two hyphens in a row.')).toBeVisible();
  await page.getByLabel('Address').fill('manage');
  await page.getByRole('button', { name: 'Open community' }).click();
  await expect(page.getByText('Address “manage” is reserved.')).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue('Second');
});

test('without JavaScript a refused form comes back with what was typed', { tag: '@no-javascript' }, async ({ page }) => {
  await signIn(page, 'typist@example.com');
  await page.getByLabel('Name').fill('Typed & kept');
  await page.getByLabel('Address').fill('manage');
  await page.getByRole('button', { name: 'Open community' }).click();
  await expect(page.getByText('Address “manage” is reserved.')).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue('Typed & kept');
  await expect(page.getByLabel('Address')).toHaveValue('manage');
  await page.getByLabel('Address').fill('typed-and-kept');
  await page.getByRole('button', { name: 'Open community' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Store' })).toBeVisible();
  expect(page.url()).not.toContain('__');
});

test('who is signed out is led through sign-in and back to the same page', async ({ page }) => {
  await signIn(page, 'back@example.com');
  await openCommunity(page, 'Back', 'back');
  await page.context().clearCookies();
  const answer = await page.goto('/c/back/manage/posts');
  expect(answer?.status()).toBe(401);
  await expect(page).toHaveTitle('Sign in · Xiome Store');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to manage this community');
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/sign-in?next=/c/back/manage/posts');
});

test('an owner is told what visitors see before anything is sold, and nobody is sent to look for it', async ({ page }) => {
  await signIn(page, 'fresh@example.com');
  await openCommunity(page, 'Fresh', 'fresh');
  await expect(page).toHaveTitle('Store · Fresh · Xiome Store');
  await page.goto('/c/fresh');
  await expect(page.getByText('Visitors see this until you connect Stripe and make a plan.')).toBeVisible();
  await page.getByRole('link', { name: 'Go to your store' }).click();
  await expect(page).toHaveURL('/c/fresh/manage/store');
  await page.goto('/c/fresh/membership');
  await expect(page.getByRole('heading', { name: 'No membership yet' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'See memberships' })).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Billing' })).toHaveCount(0);
});

test('who lacks the privilege is told which one', async ({ page, picture }) => {
  await signIn(page, 'keeper@example.com');
  await openCommunity(page, 'Kept', 'kept');
  await page.context().clearCookies();
  await signIn(page, 'stranger@example.com');
  const answer = await page.goto('/c/kept/manage/plans');
  expect(answer?.status()).toBe(403);
  await expect(page.getByText('You need the privilege “manage store” in this community to do this.')).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Manage' })).toHaveCount(0);
  await picture('manage-not-allowed');
});

test('settings are changed, and show on the community’s page', async ({ page, picture }) => {
  await signIn(page, 'settings@example.com');
  await openCommunity(page, 'Before', 'settings');
  await page.goto('/c/settings/manage/settings');
  await settled(page);
  await page.getByLabel('Grace days').fill('31');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByText('Grace days must be a whole number from 0 to 30.')).toBeVisible();
  await picture('settings-refused');
  await page.getByLabel('Name').fill('After');
  await page.getByLabel('Grace days').fill('3');
  await page.getByLabel('Description').fill('Where it went');
  await page.getByRole('button', { name: 'Save settings' }).click();
  await expect(page.getByText('Settings saved.')).toBeVisible();
  await expect(page).toHaveTitle('Settings · After · Xiome Store');
  await expect(page.getByLabel('Grace days')).toHaveValue('3');
  await expect(page.getByText('must be a whole number')).toBeHidden();
  await page.goto('/c/settings');
  await expect(page.getByRole('heading', { level: 1, name: 'After' })).toBeVisible();
  await expect(page.getByText('Where it went')).toBeVisible();
});

test.describe('roles, members and posts', { tag: '@javascript' }, () => {
  test('a role given as a gift makes a clerk, who can look at the Stripe account but not touch it', async ({ page, browser, server, picture }) => {
    await signIn(page, 'boss@example.com');
    await openCommunity(page, 'Club', 'club');
    const clerk = await (await browser.newContext({ baseURL: server.url })).newPage();
    await signIn(clerk, 'clerk@example.com', '/c/club');
    await settled(clerk);
    await clerk.getByRole('button', { name: 'Join this community' }).click();
    await expect(clerk.getByText('Joined')).toBeVisible();

    await page.goto('/c/club/manage/roles');
    await settled(page);
    await page.getByRole('link', { name: 'New role' }).click();
    await page.getByLabel('Role name').fill('Shopkeeper');
    await page.getByRole('button', { name: 'Create role' }).click();
    await page.getByRole('link', { name: 'Privileges of Shopkeeper' }).click();
    await page.getByRole('checkbox', { name: 'manage store' }).check();
    await page.getByRole('checkbox', { name: 'manage permissions' }).check();
    await page.getByRole('button', { name: 'Save privileges' }).click();
    await expect(page.getByText("The role's privileges are changed.")).toBeVisible();
    await picture('roles');
    await expectAccessible(page);

    await page.goto('/c/club/manage/members');
    await settled(page);
    await page.getByRole('link', { name: 'Give a role to clerk@example.com' }).click();
    await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Shopkeeper' });
    await page.getByLabel('For how many days').fill('30');
    await page.getByRole('button', { name: 'Give role' }).click();
    await expect(page.getByText('The role is given.')).toBeVisible();
    await picture('members');
    await expectAccessible(page);

    await clerk.goto('/c/club/manage/store');
    await expect(clerk.getByText('You can look at this.').first()).toBeVisible();
    await expect(clerk.getByRole('button', { name: 'Connect Stripe' })).toBeHidden();
    await expect(clerk.getByRole('navigation', { name: 'Manage' }).getByRole('link', { name: 'Members' })).toBeHidden();

    // What they do not hold themselves stays as it is, whatever else they change.
    await clerk.goto('/c/club/manage/roles');
    await settled(clerk);
    await clerk.getByRole('link', { name: 'Privileges of member' }).click();
    const stripe = clerk.getByRole('checkbox', { name: 'control stripe account' });
    await expect(stripe).toBeDisabled();
    await expect(stripe).toHaveAccessibleName(/You do not hold it yourself/);
    await picture('roles-limited', clerk);
    await clerk.getByRole('button', { name: 'Save privileges' }).click();
    await expect(clerk.getByText("The role's privileges are changed.")).toBeVisible();

    await page.getByRole('link', { name: 'Take Shopkeeper back from clerk@example.com' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
    await expect(page.getByText('The gift is taken back.')).toBeVisible();
    await clerk.goto('/c/club/manage/store');
    await expect(clerk.getByText('You need the privilege “manage store”')).toBeVisible();
    await clerk.context().close();
  });

  test('a post is written, edited and deleted', async ({ page, picture }) => {
    await signIn(page, 'writer@example.com');
    await openCommunity(page, 'Letters', 'letters');
    await page.goto('/c/letters/manage/posts');
    await settled(page);
    await page.getByRole('link', { name: 'Write the first post' }).click();
    await page.getByLabel('Title').fill('Hello');
    await page.getByLabel('Teaser').fill('A first word');
    await page.getByLabel('Text').fill('# Welcome\n\nSome **bold** words.');
    await picture('posts-write');
    const manage = page.getByRole('navigation', { name: 'Manage' });
    await manage.getByRole('link', { name: 'Plans' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Plans' })).toBeVisible();
    await manage.getByRole('link', { name: 'Posts' }).click();
    await page.getByRole('link', { name: 'Write the first post' }).click();
    await expect(page.getByText('What you typed here before is back.')).toBeVisible();
    await expect(page.getByLabel('Title')).toHaveValue('Hello');
    await expect(page.getByLabel('Text')).toHaveValue(/bold/);
    await picture('posts-draft');
    await page.getByRole('button', { name: 'Publish post' }).click();
    await expect(page.getByText('The post is published.')).toBeVisible();
    await expect(page.locator('.said')).toBeFocused();
    await page.getByRole('link', { name: 'Write a post' }).click();
    await expect(page.getByLabel('Title')).toHaveValue('');
    await page.getByLabel('Title').fill('Not this');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await expect(page.getByRole('link', { name: 'Write a post' })).toBeFocused();
    await page.getByRole('link', { name: 'Write a post' }).click();
    await expect(page.getByLabel('Title')).toHaveValue('');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Edit Hello' }).click();
    await expect(page.getByLabel('Text')).toHaveValue(/bold/);
    await page.getByLabel('Title').fill('Not this either');
    await page.reload();
    await settled(page);
    await expect(page.getByLabel('Title')).toHaveValue('Not this either');
    await page.getByRole('button', { name: 'Start over' }).click();
    await expect(page.getByLabel('Title')).toHaveValue('Hello');
    await page.getByLabel('Title').fill('Hello again');
    await page.getByRole('button', { name: 'Save post' }).click();
    await expect(page.getByRole('link', { name: 'Hello again', exact: true })).toBeVisible();
    await picture('posts');
    await page.getByRole('link', { name: 'Delete Hello again' }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('link', { name: 'Delete Hello again' })).toBeFocused();
    await page.getByRole('link', { name: 'Delete Hello again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete post' }).click();
    await expect(page.getByRole('heading', { name: 'No posts yet' })).toBeVisible();
    await expect(page.locator('.said')).toBeFocused();
  });

  test('who is signed out meanwhile is told, and finds what they typed when they are back', async ({ page, browser, server }) => {
    await signIn(page, 'gone@example.com');
    await openCommunity(page, 'Gone', 'gone');
    const storageState = await page.context().storageState();
    const context = await browser.newContext({ storageState, baseURL: server.url, javaScriptEnabled: false });
    const other = await context.newPage();
    await page.goto('/c/gone/manage/posts?form=write-post');
    await settled(page);
    await page.getByLabel('Title').fill('Kept');
    await page.context().clearCookies();
    await other.goto('/c/gone/manage/settings');
    await other.getByLabel('Description').fill('Something changes');
    await other.getByRole('button', { name: 'Save settings' }).click();
    await expect(other.getByText('Settings saved.')).toBeVisible();
    await context.close();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible();
    await expect(page.getByLabel('Title')).toHaveValue('Kept');
    await page.getByRole('link', { name: 'Sign in again' }).click();
    const next = new URL(page.url()).searchParams.get('next') ?? '';
    expect(next).toBe('/c/gone/manage/posts?form=write-post');
    await signIn(page, 'gone@example.com', next);
    await expect(page.getByText('What you typed here before is back.')).toBeVisible();
    await expect(page.getByLabel('Title')).toHaveValue('Kept');
  });

  test('what could not be read while the server was away comes by itself', async ({ page, server, pageErrors }) => {
    await signIn(page, 'patient@example.com');
    await openCommunity(page, 'Patient', 'patient');
    await page.goto('/');
    await settled(page);
    await server.stop();
    await page.getByRole('link', { name: 'Patient', exact: true }).click();
    await expect(page.getByText('The server could not be reached.')).toBeVisible();
    await server.start();
    await expect(page.getByRole('heading', { level: 1, name: 'Patient' })).toBeVisible();
    await expect(page.getByText('The server could not be reached.')).toHaveCount(0);
    // The browser tells of a file as well.
    pageErrors.length = 0;
  });
});

test.describe('in two tabs', { tag: '@javascript' }, () => {
  test('a post is not overwritten unseen, and the list follows', async ({ page, picture }) => {
    await signIn(page, 'tabs@example.com');
    await openCommunity(page, 'Tabs', 'tabs');
    await page.goto('/c/tabs/manage/posts');
    await settled(page);
    const other = await page.context().newPage();
    await other.goto('/c/tabs/manage/posts');
    await settled(other);
    await other.getByRole('link', { name: 'Write the first post' }).click();
    await other.getByLabel('Title').fill('Hello');
    await other.getByLabel('Text').fill('One.');
    await other.getByRole('button', { name: 'Publish post' }).click();
    await page.getByRole('link', { name: 'Edit Hello' }).click();
    await page.getByLabel('Teaser').fill('Mine');

    await other.getByRole('link', { name: 'Edit Hello' }).click();
    await other.getByLabel('Title').fill('Theirs');
    await other.getByRole('button', { name: 'Save post' }).click();
    await expect(other.getByRole('link', { name: 'Edit Theirs' })).toBeVisible();
    await expect(page.getByLabel('Teaser')).toBeFocused();
    await page.getByRole('button', { name: 'Save post' }).click();
    await expect(page.getByText('This was changed elsewhere while you had it open')).toBeVisible();
    const refusal = page.getByRole('alert');
    await expect(refusal).toBeInViewport();
    await expect(page.locator('div:focus').filter({ has: refusal })).toHaveCount(1);
    await expect(page.getByLabel('Teaser')).toHaveValue('Mine');
    await picture('posts-edited-meanwhile');
    const opening = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'See how it is now' }).click();
    const now = await opening;
    await expect(now.getByLabel('Title')).toHaveValue('Theirs');
    await now.close();
    await page.getByRole('button', { name: 'Save post' }).click();
    await expect(page.getByText('The post is saved.')).toBeVisible();
    await expect(other.getByRole('link', { name: 'Edit Hello' })).toBeVisible();
    await other.close();
  });

  test('settings follow until somebody types, and are not overwritten unseen', async ({ page }) => {
    await signIn(page, 'tabs@example.com');
    const other = await page.context().newPage();
    for (const tab of [page, other]) {
      await tab.goto('/c/tabs/manage/settings');
      await settled(tab);
    }
    const rename = async (name: string) => {
      await other.getByLabel('Name').fill(name);
      await other.getByRole('button', { name: 'Save settings' }).click();
    };
    // The second time is into a form in which somebody has typed before.
    for (const name of ['Two tabs', 'Three tabs']) {
      await rename(name);
      await expect(page.getByLabel('Name')).toHaveValue(name);
    }
    await page.getByLabel('Description').fill('Mine');
    await rename('Four tabs');
    await expect(page.getByRole('link', { name: 'Four tabs' })).toBeVisible();
    await expect(page.getByLabel('Description')).toHaveValue('Mine');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expect(page.getByText('This was changed elsewhere while you had it open')).toBeVisible();
    await expect(page.getByLabel('Description')).toHaveValue('Mine');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expect(page.getByText('Settings saved.')).toBeVisible();
    await expect(other.getByLabel('Name')).toHaveValue('Three tabs');
    await expect(other.getByLabel('Description')).toHaveValue('Mine');
    await rename('Five tabs');
    await expect(page.getByLabel('Name')).toHaveValue('Five tabs');
    await other.close();
  });

  test('what was typed into the settings is back, and can be dropped', async ({ page }) => {
    await signIn(page, 'tabs@example.com', '/c/tabs/manage/settings');
    await settled(page);
    await page.getByLabel('Description').fill('Half a sent');
    const manage = page.getByRole('navigation', { name: 'Manage' });
    await manage.getByRole('link', { name: 'Members' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Members' })).toBeVisible();
    await manage.getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByText('What you typed here before is back.')).toBeVisible();
    await expect(page.getByLabel('Description')).toHaveValue('Half a sent');
    await page.reload();
    await settled(page);
    await expect(page.getByLabel('Description')).toHaveValue('Half a sent');
    await page.getByRole('button', { name: 'Start over' }).click();
    await expect(page.getByLabel('Description')).toHaveValue('Mine');
    await page.getByLabel('Description').fill('A whole sentence.');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expect(page.getByText('Settings saved.')).toBeVisible();
    await page.reload();
    await settled(page);
    await expect(page.getByLabel('Description')).toHaveValue('A whole sentence.');
    await expect(page.getByText('What you typed here before is back.')).toBeHidden();
  });

  test('members follow who joins, around a form that is open and a link that has the focus', async ({ page, browser, server }) => {
    await signIn(page, 'tabs@example.com');
    const other = await page.context().newPage();
    for (const [tab, part] of [[page, 'members'], [other, 'roles']] as const) {
      await tab.goto(`/c/tabs/manage/${part}`);
      await settled(tab);
    }
    await other.getByRole('link', { name: 'New role' }).click();
    await other.getByLabel('Role name').fill('Friends');
    await other.getByRole('button', { name: 'Create role' }).click();
    const give = { name: 'Give a role to tabs@example.com' };
    await page.getByRole('link', give).click();
    await page.getByLabel('For how many days').fill('30');
    await other.goto('/c/tabs/manage/members');
    await settled(other);
    await other.getByRole('link', give).focus();

    const joining = await (await browser.newContext({ baseURL: server.url })).newPage();
    await signIn(joining, 'joining@example.com', '/c/tabs');
    await settled(joining);
    await joining.getByRole('button', { name: 'Join this community' }).click();
    await expect(other.getByText('joining@example.com')).toBeVisible();
    await expect(other.getByRole('link', give)).toBeFocused();
    await expect(page.getByLabel('For how many days')).toHaveValue('30');
    await expect(page.getByLabel('For how many days')).toBeFocused();
    await page.getByRole('link', { name: 'Cancel' }).click();
    await expect(page.getByText('joining@example.com')).toBeVisible();
    await joining.context().close();
    await other.close();
  });
});

test('without JavaScript forms open, refuse in words, and save', { tag: '@no-javascript' }, async ({ page }) => {
  await signIn(page, 'plainly@example.com');
  await openCommunity(page, 'Plainly', 'plainly');
  await page.goto('/c/plainly/manage/roles');
  await page.getByRole('link', { name: 'New privilege' }).click();
  await page.getByLabel('Privilege name').fill('manage store');
  await page.getByRole('button', { name: 'Create privilege' }).click();
  await expect(page.locator('.field-error')).toBeVisible();
  await page.getByRole('button', { name: 'Create privilege' }).click();
  await expect(page.locator('.field-error')).toBeVisible();
  expect(page.url().match(/__err=/g)).toHaveLength(1);
  await page.getByLabel('Privilege name').fill('read letters');
  await page.getByRole('button', { name: 'Create privilege' }).click();
  await expect(page.getByText('The privilege is made.')).toBeVisible();
  await expect(page.getByLabel('Privilege name')).toHaveCount(0);
  await expect(page.getByText('read letters')).toBeVisible();
});

test('without JavaScript what was changed in another tab is not overwritten unseen', { tag: '@no-javascript' }, async ({ page }) => {
  await signIn(page, 'plainly@example.com');
  const other = await page.context().newPage();
  const both = [page, other];
  for (const tab of both) {
    await tab.goto('/c/plainly/manage/roles');
    await tab.getByRole('link', { name: 'Rename read letters' }).click();
  }
  const save = async (tab: Page, name: string) => {
    await tab.getByLabel('Privilege name').fill(name);
    await tab.getByRole('button', { name: 'Save name' }).click();
  };
  await save(other, 'read mail');
  await save(page, 'read books');
  await expect(page.getByText('This was changed elsewhere while you had it open')).toBeVisible();
  await expect(page.getByLabel('Privilege name')).toHaveValue('read books');
  // What is wrong with it otherwise does not make it seen.
  await save(page, 'manage store');
  await expect(page.locator('.field-error')).toBeVisible();
  await save(page, 'read books');

  for (const tab of both) {
    await tab.goto('/c/plainly/manage/roles');
    await tab.getByRole('link', { name: 'Privileges of member' }).click();
  }
  await other.getByRole('checkbox', { name: /^view members/ }).check();
  await other.getByRole('button', { name: 'Save privileges' }).click();
  await page.getByRole('checkbox', { name: 'read books' }).check();
  await page.getByRole('button', { name: 'Save privileges' }).click();
  await expect(page.getByText('This was changed elsewhere while you had it open')).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'read books' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /^view members/ })).not.toBeChecked();
  await page.getByRole('button', { name: 'Save privileges' }).click();
  await page.goto('/c/plainly/manage/roles');
  await page.getByRole('link', { name: 'Privileges of member' }).click();
  await expect(page.getByRole('checkbox', { name: 'read books' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /^view members/ })).not.toBeChecked();
});
