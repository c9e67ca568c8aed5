// A crew's day without network: the page is kept on the telephone, stops are worked through with photos, everything waits
// in the queue, and when the network is back each item is acknowledged once. And an old telephone without script.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';

import { base, desk, everyone, goHome, languages, phone, visit } from './people.mjs';
import { stateOf } from './staff.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage } from './promises.mjs';
import { say } from './words.mjs';

after(goHome);

const password = () => process.env.PEYVAND_DEMO_PASSWORD ?? readFileSync(`${process.env.PEYVAND_DATA}/demo-password`, 'utf8').trim();
const main = (page) => page.locator('main');

async function signIn(page, name, next) {
  await page.open(`/sign-in/staff?next=${page.language === 'en' ? '/en' : ''}${next}`);
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(password());
  await page.locator('#password').press('Enter');
  await page.waitForURL((url) => !url.pathname.includes('sign-in'));
}

async function keepsItsPromises(page) {
  await speaksTheLanguage(page);
  await saysEverything(page);
  await showsPersianDigits(page);
  await fitsTheScreen(page);
  await isOpenToEveryone(page);
}

/** A picture as a telephone takes it, larger than what is kept. */
const photo = async (page, colour) => Buffer.from(await page.evaluate((fill) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 2400, height: 1800 });
  const pen = canvas.getContext('2d');
  pen.fillStyle = fill;
  pen.fillRect(0, 0, 2400, 1800);
  return canvas.toDataURL('image/jpeg', 0.9).split(',')[1];
}, colour), 'base64');

const queue = (page) => page.locator('[data-queue]');
const allSent = (page) => queue(page).filter({ hasText: say(page, 'crew-queue-all-sent') }).waitFor({ timeout: 30_000 });
const waits = (page) => page.evaluate(async () => {
  const opened = await new Promise((done) => { const asked = indexedDB.open('peyvand-crew', 1); asked.onsuccess = () => done(asked.result); });
  const items = await new Promise((done) => { const asked = opened.transaction('items').objectStore('items').getAll(); asked.onsuccess = () => done(asked.result); });
  return items.map((one) => ({ id: one.id, kind: one.item.kind, state: one.state, bytes: one.blob?.size ?? 0 }));
});

/** A dispatcher writes orders by hand and gives them to the crew that is left to the visitor of the demo. */
async function gives(count) {
  const state = await stateOf('dispatcher');
  await visit({ language: 'en', device: desk, state }, async (page) => {
    for (let n = 0; n < count; n += 1) {
      await page.open('/dispatch/new-order');
      await page.locator('#job_type').selectOption('drain');
      await page.locator('#lat').fill(String(35.7219 + (Math.random() - 0.5) * 0.01));
      await page.locator('#long').fill(String(51.4056 + (Math.random() - 0.5) * 0.01));
      await page.locator('#words').fill('آب از جوی بیرون زده');
      await page.locator('main form.panel button').click();
      await page.waitForURL(/\/dispatch\/orders\//);
      const give = page.locator('button[name=crew]').filter({ hasText: 'Rapid crew 1' }).first();
      await Promise.all([page.waitForURL(/done=assigned/), give.evaluate((button) => button.form.requestSubmit(button))]);
    }
  });
}

/** Begins the shift when it was not begun. */
async function onShift(page) {
  const begin = page.locator('form[data-shift-when="planned"] button').first();
  if (await begin.isVisible()) {
    await begin.click();
    await allSent(page);
  }
}

/** The stop that comes next; whichever somebody before us was in the middle of. */
const next = (page) => page.locator('details.stop.next');

async function act(page, value) {
  const button = next(page).locator(`button[value=${value}]`).first();
  if (!(await button.isVisible())) return;
  await button.click();
  await button.waitFor({ state: 'hidden' });
}

/** Works through the next stop and says which it was. */
async function work(page) {
  const stop = next(page);
  await stop.waitFor();
  const code = await stop.getAttribute('data-stop');
  await act(page, 'on-the-way');
  await act(page, 'on-site');
  const form = stop.locator('form.work-form');
  await form.waitFor();
  for (const box of await form.locator('input[name=check]').all()) await box.check();
  await form.locator('input[name=before]').setInputFiles({ name: 'before.jpg', mimeType: 'image/jpeg', buffer: await photo(page, '#a73') });
  await form.locator('input[name=after]').setInputFiles({ name: 'after.jpg', mimeType: 'image/jpeg', buffer: await photo(page, '#3a7') });
  const amount = form.locator('[data-material]').first();
  if (await amount.count()) await amount.fill(page.language === 'fa' ? '۲' : '2');
  await form.locator('textarea[name=words]').fill(page.language === 'fa' ? 'کار انجام شد' : 'It was done');
  await form.locator('button[value=done]').click();
  await page.locator(`details[data-stop="${code}"][data-status=done]`).waitFor();
  return code;
}

describe('a crew', () => {
  for (const language of languages) {
    test(`a day without network: ${language}`, () => visit({ language, device: phone, place: { latitude: 35.7219, longitude: 51.4056 } }, async (page) => {
      page.allowed.push(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch/);
      await gives(3);
      await signIn(page, 'crew', '/crew');
      await page.open('/crew');
      await onShift(page);
      await keepsItsPromises(page);
      const stops = await page.locator('details.stop').count();
      assert.ok(stops >= 2, `the demo crew has ${stops} stops`);
      // The worker has the page and its files.
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await page.waitForFunction(async () => Boolean(await (await caches.open('crew-page')).match(location.pathname)));

      const context = page.context();
      await context.setOffline(true);
      await page.open('/crew');
      await queue(page).filter({ hasText: say(page, 'crew-queue-offline') }).waitFor();
      const first = await work(page);
      await page.open('/crew');
      await page.locator(`details[data-stop="${first}"][data-status=done]`).waitFor();
      const second = await work(page);
      assert.notEqual(first, second);
      await keepsItsPromises(page);
      const kept = await waits(page);
      assert.ok(kept.every((one) => one.state === 'waiting'));
      const photos = kept.filter((one) => one.kind === 'photo');
      assert.equal(photos.length, 4);
      assert.ok(photos.every((one) => one.bytes > 0 && one.bytes < 400_000), JSON.stringify(photos));

      // What the city answers to each item, from now on.
      const answers = [];
      page.on('response', async (answer) => {
        const path = new URL(answer.url()).pathname;
        if (!/\/crew\/(sync|photo)$/.test(path) || !answer.ok()) return;
        const told = await answer.json().catch(() => null);
        if (told) answers.push(...(told.items ?? [told]));
      });
      await context.setOffline(false);
      await allSent(page);
      assert.deepEqual(await waits(page), []);
      await page.waitForTimeout(300);
      for (const one of kept.filter((item) => item.kind !== 'positions')) {
        const told = answers.filter((answer) => answer.id === one.id);
        assert.deepEqual(told.map((answer) => answer.outcome), ['accepted'], `${one.kind} ${JSON.stringify(told)}`);
      }
      await page.open('/crew');
      await allSent(page);
      assert.equal(await page.locator('details.stop').count(), stops - 2);
      const ended = await main(page).locator('[aria-labelledby=ended]').innerText();
      assert.ok(!new RegExp(say(page, 'crew-owes-photos').source).test(ended), 'the photos are here');
    }));
  }

  test('a session ends with a full queue, and nothing is lost', () => visit({ language: 'fa', device: phone }, async (page) => {
    page.allowed.push(/401|403|Failed to load/);
    await gives(1);
    await signIn(page, 'crew', '/crew');
    await page.open('/crew');
    await onShift(page);
    const stop = await page.locator('details.stop').last().getAttribute('data-stop');
    const cookies = await page.context().cookies();
    await page.context().clearCookies();
    const box = page.locator(`details[data-stop="${stop}"]`);
    await box.evaluate((node) => { node.open = true; for (const inner of node.querySelectorAll('details')) inner.open = true; });
    await box.locator('.not-done input[type=radio]').first().check();
    await box.locator('button[value=not-done]').click();
    await page.locator('[data-sign-in]').waitFor();
    await keepsItsPromises(page);
    assert.equal((await waits(page)).length, 1);
    await page.context().addCookies(cookies);
    await page.open('/crew');
    await allSent(page);
    assert.deepEqual(await waits(page), []);
    await page.open('/crew');
    assert.equal(await page.locator(`details[data-stop="${stop}"]`).count(), 0);
  }));

  test('an old telephone without script', () => visit({ language: 'fa', device: phone, script: false }, async (page) => {
    await gives(1);
    await signIn(page, 'crew', '/crew');
    await page.open('/crew');
    const stop = page.locator('details.stop').first();
    const code = await stop.getAttribute('data-stop');
    const press = async (value) => {
      const button = page.locator(`#stop-${code} button[value=${value}]`);
      if (await button.isVisible()) await Promise.all([page.waitForURL(/done=yes/), button.click()]);
    };
    const begin = page.locator('form button[value=begin]');
    if (await begin.isVisible()) await Promise.all([page.waitForURL(/done=yes/), begin.click()]);
    await press('on-the-way');
    await page.open('/crew');
    await press('on-site');
    await page.open('/crew');
    await fitsTheScreen(page);
    page.allowed.push(/422/);
    const form = page.locator(`#stop-${code} form.work-form`);
    await form.locator('button[value=done]').click();
    await page.locator('.errors').waitFor();
  }));

  test('what came too late stands before the dispatcher', () => visit({ language: 'fa', device: desk }, async (page) => {
    await signIn(page, 'dispatcher', '/crew/conflicts');
    await page.open('/crew/conflicts');
    await keepsItsPromises(page);
  }));

  for (const who of everyone) {
    test(`nobody comes in without signing in: ${who.language}, ${who.device.name}`, () => visit(who, async (page) => {
      await page.open('/crew');
      assert.match(page.url(), /sign-in/);
      const answer = await page.request.get(`${base}/crew/manifest.webmanifest`);
      assert.equal(answer.status(), 200);
    }));
  }
});
