// A contractor's month: a dispatcher writes an order down and gives it to the contractor, who accepts, comes, measures with a
// photo and signs; a supervisor looks and certifies. The statement of the last month is objected to, answered, agreed and
// closed, and taken as a spreadsheet. Then an order by a link without an account. On a telephone and at a desk, in both
// languages, with every page open to everyone.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { base, desk, everyone, goHome, phone, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage } from './promises.mjs';
import { password } from './staff.mjs';
import { say } from './words.mjs';

after(goHome);

const main = (page) => page.locator('main');
const state = new Map();

/** Somebody of the demo city, with the cookies of an earlier sign-in. */
async function as(name, who, story) {
  if (!state.has(name)) {
    state.set(name, await visit({ language: 'en', device: desk }, async (page) => {
      await page.open('/sign-in/staff?next=/en/me');
      await page.locator('#name').fill(name);
      await page.locator('#password').fill(password());
      await page.locator('#password').press('Enter');
      await page.waitForURL((url) => !url.pathname.includes('sign-in'));
      return page.context().storageState();
    }));
  }
  return visit({ ...who, state: state.get(name) }, story);
}

async function keepsItsPromises(page) {
  await speaksTheLanguage(page);
  await saysEverything(page);
  await showsPersianDigits(page);
  await fitsTheScreen(page);
  await isOpenToEveryone(page);
}

const done = (page, key) => page.getByRole('status').filter({ hasText: say(page, key) }).first().waitFor();
const press = (page, key) => main(page).getByRole('button', { name: say(page, key) }).first().click();

let colour = 0;
/** A picture as a telephone takes it, each another one. */
const photo = async (page) => ({
  name: 'after.jpg',
  mimeType: 'image/jpeg',
  buffer: Buffer.from(await page.evaluate((n) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const pen = canvas.getContext('2d');
    pen.fillStyle = `hsl(${n * 37} 60% 50%)`;
    pen.fillRect(0, 0, 320, 240);
    pen.fillStyle = '#fff';
    pen.fillText(`${n}`, 20, 20);
    return canvas.toDataURL('image/jpeg', 0.8).split(',')[1];
  }, Date.now() + (colour += 1)), 'base64'),
});

/** A dispatcher writes an order down and gives it to the contractor; its code. */
async function given(who) {
  return as('supervisor', who, async (page) => {
    await page.open('/dispatch/new-order');
    await main(page).locator('select[name=job_type]').selectOption('tree-fallen');
    // Some metres apart from every other, so that nothing looks like the same place twice.
    const away = (Date.now() % 700) / 1e5;
    await main(page).locator('[name=lat]').fill((35.7185 + away).toFixed(5));
    await main(page).locator('[name=long]').fill('51.40560');
    await main(page).locator('[name=address]').fill('کوچهٔ نمونه');
    await main(page).locator('select[name=urgency]').selectOption('immediate');
    await main(page).locator('form .btn').last().click();
    await page.waitForURL(/orders\/\d{4}-\d+/);
    const code = page.url().match(/orders\/(\d{4}-\d+)/)[1];
    await page.open(`/contracts/orders/${code}`);
    await keepsItsPromises(page);
    await press(page, 'contractors-give');
    await done(page, 'contractors-done-given');
    return code;
  });
}

/** Everything between the offer and the signature, on whichever page the contractor stands. */
async function worked(page) {
  await main(page).locator('select[name=minutes]').selectOption('30');
  await press(page, 'contractors-accept');
  await done(page, 'contractors-done-accepted');
  await press(page, 'contractors-arrive');
  await done(page, 'contractors-done-arrived');
  await keepsItsPromises(page);
  // A mistake loses nothing that was typed.
  await main(page).locator('#note').fill('کنار جوی');
  await main(page).locator('#quantity').fill('-');
  page.allowed.push(/422/);
  await press(page, 'contractors-measure-add');
  await main(page).locator('#quantity-error').waitFor();
  assert.equal(await main(page).locator('#note').inputValue(), 'کنار جوی');
  await keepsItsPromises(page);
  await main(page).locator('#item').selectOption('140205');
  await main(page).locator('#quantity').fill(page.language === 'fa' ? '۱' : '1');
  await main(page).locator('#media').setInputFiles(await photo(page));
  await press(page, 'contractors-measure-add');
  await main(page).locator('.measured img').first().waitFor();
  await press(page, 'contractors-finish-work');
  await done(page, 'contractors-done-finished');
  await main(page).locator('#name').fill('رضا کریمی');
  await keepsItsPromises(page);
  await press(page, 'contractors-sign');
}

describe("a contractor's month", () => {
  for (const who of everyone) {
    const named = `${who.language}, ${who.device.name}`;

    test(`from the order to the verdict: ${named}`, async () => {
      const code = await given(who);
      await as('contractor', who, async (page) => {
        await page.open('/contractor');
        await keepsItsPromises(page);
        const row = main(page).locator('tr').filter({ hasText: page.language === 'fa' ? fa(code) : code });
        await row.getByRole('link').first().click();
        await worked(page);
        await done(page, 'contractors-done-signed');
        await keepsItsPromises(page);
      });
      await as('inspector', who, async (page) => {
        await page.open('/contracts/checks');
        await keepsItsPromises(page);
        const box = main(page).locator('article').filter({ hasText: page.language === 'fa' ? fa(code) : code });
        await box.locator('img').first().waitFor();
        await box.getByRole('button', { name: say(page, 'contractors-certify') }).first().click();
        await done(page, 'contractors-done-certified');
      });
      await as('supervisor', who, async (page) => {
        await page.open('/contracts');
        await keepsItsPromises(page);
        await main(page).locator('a[href*="/contracts/d6-sepidar"]').click();
        await main(page).locator('.sums').waitFor();
        await keepsItsPromises(page);
      });
    });
  }

  test('last month: objection, answer, agreement, closing, spreadsheet', async () => {
    const who = { language: 'fa', device: desk };
    const open = async (page) => {
      await page.open('/contractor');
      await main(page).locator('a[href*="/statements/"]').first().click();
      await main(page).locator('#penalties').waitFor();
    };
    let path;
    await as('contractor', { language: 'fa', device: phone }, async (page) => {
      await open(page);
      path = new URL(page.url()).pathname;
      await keepsItsPromises(page);
      const fine = main(page).locator('.rows[aria-labelledby=penalties] tbody tr').first();
      await fine.locator('details').evaluate((node) => { node.open = true; });
      await fine.locator('input[name=words]').fill('خیابان بسته بود');
      await fine.getByRole('button').click();
      await done(page, 'contractors-done-disputed');
      await keepsItsPromises(page);
    });
    await as('supervisor', who, async (page) => {
      await page.open(path);
      await keepsItsPromises(page);
      const box = main(page).locator('.objection').first();
      await box.locator('input[name=upheld]').fill('۰');
      await box.locator('input[name=words]').fill('درست است');
      await box.getByRole('button', { name: say(page, 'contractors-uphold') }).click();
      await done(page, 'contractors-done-answered');
    });
    await as('contractor', who, async (page) => {
      await page.open(path);
      await main(page).getByText('درست است').first().waitFor();
      await press(page, 'contractors-agree');
      await done(page, 'contractors-done-agreed');
    });
    await as('supervisor', who, async (page) => {
      await page.open(path);
      await press(page, 'contractors-close');
      await done(page, 'contractors-done-closed');
      await keepsItsPromises(page);
      const sheet = await page.request.get(`${base}${path}/sheet.xlsx`);
      assert.equal(sheet.status(), 200);
      assert.equal((await sheet.body()).subarray(0, 2).toString(), 'PK');
      const text = await (await page.request.get(`${base}${path}/sheet.csv`)).text();
      assert.ok(text.includes('140205'));
    });
    // Nobody else's: another role without the right finds nothing.
    await as('operator', who, async (page) => {
      page.allowed.push(/404/);
      const answer = await page.open(path);
      assert.equal(answer.status(), 404);
    });
  });

  test('one order by a link, without an account', async () => {
    const who = { language: 'fa', device: phone };
    const code = await given({ language: 'fa', device: desk });
    const link = await as('supervisor', { language: 'fa', device: desk }, async (page) => {
      await page.open(`/contracts/orders/${code}`);
      await press(page, 'contractors-link-make');
      const shown = await main(page).locator('.secret').innerText();
      await keepsItsPromises(page);
      return shown.match(/\/contractor\/link\/[0-9a-z]{26}/)[0];
    });
    await visit(who, async (page) => {
      await page.open(link);
      await keepsItsPromises(page);
      await worked(page);
      await main(page).getByRole('heading', { name: say(page, 'contractors-thanks-title') }).waitFor();
      await keepsItsPromises(page);
      page.allowed.push(/404/);
      const again = await page.open(link);
      assert.equal(again.status(), 404, 'the link has done its work');
    });
  });
});

/** A code as Persian pages show it. */
function fa(code) {
  return code.replace(/\d/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[digit]);
}
