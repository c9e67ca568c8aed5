// A unit's day: the inbox, a request taken and begun, a note that calls a colleague, an answer with evidence; many at
// once; one request split among units. In both languages, on a telephone and at a desk, with every page open to
// everyone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';

import { base, everyone, goHome, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage } from './promises.mjs';
import { say } from './words.mjs';

after(goHome);

const key = process.env.PEYVAND_STAFF_KEY ?? 'demo-staff';
const password = () => process.env.PEYVAND_DEMO_PASSWORD ?? readFileSync(`${process.env.PEYVAND_DATA}/demo-password`, 'utf8').trim();
const main = (page) => page.locator('main');

/** A request of the demo unit's own, fresh for each story. */
async function reported(words) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': `${process.pid}-${Math.random()}` };
  // A point in district 6, whose urban services sweep there.
  const body = { service_code: 'street-sweeping', description: words, lat: 35.7219, long: 51.4056, mobile: '09121234567' };
  const sent = await fetch(`${base}/api/v1/requests`, { method: 'POST', headers, body: JSON.stringify(body) });
  const told = await sent.json();
  assert.ok(sent.ok, JSON.stringify(told));
  return told.code ?? told.tracking_code ?? told.service_request_id;
}

async function signIn(page, name) {
  await page.open('/sign-in/staff?next=/work');
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

/** Opens one of the forms beside a request. */
async function unfold(page, words) {
  const box = main(page).locator('.panel details').filter({ has: page.locator('summary', { hasText: words }) }).first();
  await box.evaluate((node) => { node.open = true; });
  return box;
}

const done = (page, key) => page.getByRole('status').filter({ hasText: say(page, key) }).first().waitFor();

/** A picture as a telephone takes it. */
const photo = async (page) => Buffer.from(await page.evaluate(() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#7a9';
  pen.fillRect(0, 0, 320, 240);
  return canvas.toDataURL('image/jpeg', 0.8).split(',')[1];
}), 'base64');

describe('a unit at work', () => {
  for (const who of everyone) {
    const named = `${who.language}, ${who.device.name}`;

    test(`from the inbox to an answer with evidence: ${named}`, () => visit(who, async (page) => {
      const words = `${who.language === 'fa' ? 'کوچه جارو نشده' : 'The alley was not swept'} ${Date.now() % 1e6}`;
      const code = await reported(words);
      await signIn(page, 'manager');
      await page.open('/work');
      await main(page).locator('.turns').first().waitFor();
      await keepsItsPromises(page);
      // A code in the search field leads to its request.
      await page.locator('#work-search').fill(code);
      await page.locator('#work-search').press('Enter');
      await page.waitForURL(new RegExp(`/work/${code}`));
      await keepsItsPromises(page);
      await main(page).getByText(words).first().waitFor();
      const step = async (key, fill = async () => {}) => {
        const box = await unfold(page, say(page, key));
        await fill(box);
        await box.locator('form .btn').last().click();
        await done(page, 'work-done-moved');
      };
      await step('work-step-confirmed');
      await step('work-step-assigned');
      await main(page).getByRole('button', { name: say(page, 'work-take') }).click();
      await done(page, 'work-done-held');
      await step('work-step-in-progress');
      const note = await unfold(page, say(page, 'work-note'));
      await note.locator('textarea').fill(who.language === 'fa' ? 'نردبان بیاورید' : 'Bring a ladder');
      await note.locator('input[name=call]').first().check();
      await note.locator('form .btn').last().click();
      await done(page, 'work-done-noted');
      const answer = await unfold(page, say(page, 'work-step-answered'));
      await answer.locator('form .btn').last().click();
      page.allowed.push(/422/);
      await page.locator('.errors').waitFor();
      await keepsItsPromises(page);
      await step('work-step-answered', async (box) => {
        await box.locator('select[name=standard]').selectOption({ index: 1 });
        assert.notEqual(await box.locator('textarea').inputValue(), '', 'the standard answer fills the words');
        await box.locator('input[type=file]').setInputFiles({ name: 'after.jpg', mimeType: 'image/jpeg', buffer: await photo(page) });
      });
      await main(page).locator('.photos img').first().waitFor();
      await keepsItsPromises(page);
      const who_ = main(page).getByRole('button', { name: say(page, 'work-contact-show') });
      await who_.click();
      await main(page).getByText('+989121234567').waitFor();
      await page.open(`/requests/${code}`);
      await main(page).locator('.photos img').first().waitFor();
      assert.ok(!(await main(page).innerText()).includes('ladder') && !(await main(page).innerText()).includes('نردبان'));
    }));

    test(`many at once: ${named}`, () => visit(who, async (page) => {
      const codes = [await reported('یک'), await reported('دو')];
      await signIn(page, 'manager');
      await page.open('/work?turn=new');
      for (const code of codes) await main(page).locator(`input[name=code][value="${code}"]`).check();
      await main(page).locator('select[name=what]').selectOption('confirmed');
      await main(page).getByRole('button', { name: say(page, 'work-bulk-do') }).click();
      await main(page).getByText(say(page, 'work-bulk-one-done')).nth(1).waitFor();
      await keepsItsPromises(page);
    }));

    test(`split among units: ${named}`, () => visit(who, async (page) => {
      const code = await reported('جارو و چراغ');
      await signIn(page, 'manager');
      await page.open(`/work/${code}`);
      const box = await unfold(page, say(page, 'work-split'));
      for (const n of [0, 1]) {
        await box.locator('select[name=unit]').nth(n).selectOption({ index: n + 1 });
        await box.locator('textarea').nth(n).fill(`${n + 1}`);
      }
      await box.locator('form .btn').last().click();
      await done(page, 'work-done-split');
      assert.equal(await main(page).locator('.story .turns > li').count(), 2);
      await keepsItsPromises(page);
    }));
  }

  test('keys walk through the list and can be switched off', () => visit({ language: 'fa', device: everyone[1].device }, async (page) => {
    await reported('برای کلید');
    await signIn(page, 'manager');
    await page.open('/work');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href') ?? '');
    await page.keyboard.press('KeyJ');
    assert.match(await focused(), /\/work\/\d{10}/);
    await page.keyboard.press('KeyX');
    assert.equal(await main(page).locator('input[name=code]:checked').count(), 1);
    await page.locator('[data-keys]').click();
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('KeyJ');
    assert.equal(await focused(), '', 'a switch turns the keys off');
  }));
});
