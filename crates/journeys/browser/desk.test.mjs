// An operator takes calls without touching the mouse: the telephone exchange says that one rings, the screen opens,
// and everything from the first word to the code goes by keys. What was pressed beyond the caller's own words is
// counted and printed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';

import { base, desk, goHome, languages, phone, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage } from './promises.mjs';
import { code } from './reporting.mjs';
import { latin, say } from './words.mjs';

after(goHome);

const main = (page) => page.locator('main');
const key = process.env.PEYVAND_STAFF_KEY ?? 'demo-staff';
const password = () => process.env.PEYVAND_DEMO_PASSWORD ?? readFileSync(`${process.env.PEYVAND_DATA}/demo-password`, 'utf8').trim();

/** What the telephone exchange says. */
async function tell(event) {
  const answer = await fetch(`${base}/api/v1/calls/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  assert.equal(answer.status, 200, await answer.text());
}

let calls = 0;
/** A call that nobody else makes. */
const fresh = (language) => `journey-${process.pid}-${language}-${(calls += 1)}-${Date.now()}`;
const callerOf = (n) => `0912${String(process.pid % 1000).padStart(3, '0')}${String(Date.now() % 1000).padStart(3, '0')}${n}`;

async function signIn(page, extension) {
  await page.open('/sign-in/staff?next=/desk');
  await page.locator('#name').fill('operator');
  await page.locator('#password').fill(password());
  await page.locator('#password').press('Enter');
  await page.waitForLoadState('load');
  await page.open('/desk');
  // Whatever an earlier story left open is wrapped up first.
  for (let left = 0; left < 10 && (await page.locator('#call').inputValue()); left += 1) {
    await page.locator('#endings').evaluate((box) => { box.open = true; });
    await page.locator('#endings button[value="end:silent"]').click();
    await page.waitForLoadState('load');
    await page.open('/desk');
  }
  if (extension) {
    await page.locator('details.seat').evaluate((box) => { box.open = true; });
    await page.locator('#extension').fill(extension);
    await page.locator('details.seat .btn').click();
    await page.waitForLoadState('load');
  }
}

/** Keys beyond the caller's own words. */
class Hands {
  constructor(page) {
    this.page = page;
    this.count = 0;
  }
  async press(keys, times = 1) {
    for (let n = 0; n < times; n += 1) {
      await this.page.keyboard.press(keys);
      this.count += 1;
    }
  }
  /** Letters that are looked up, such as those of a place: they count. */
  async type(letters) {
    await this.page.keyboard.type(letters);
    this.count += letters.length;
  }
  /** What the caller says: it does not count. */
  async write(words) {
    await this.page.keyboard.type(words);
  }
}

const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.name || document.activeElement?.tagName);
const settled = (page) => page.waitForTimeout(450);

const said = {
  fa: { words: 'درخت بزرگی افتاده و کوچه را بسته', place: 'طالقان', more: 'شاخه هنوز وسط کوچه است', other: 'درخت افتاده است' },
  en: { words: 'a large tree has fallen and blocks the alley', place: 'Taleg', more: 'the branch still lies there', other: 'a tree has fallen' },
};

for (const language of languages) {
  test(`a call by keyboard only, and a second caller joins, ${language}`, () =>
    visit({ language, device: desk }, async (page) => {
      const words = said[language];
      const extension = `7${language === 'fa' ? 1 : 2}${process.pid % 100}`;
      await signIn(page, extension);
      const first = fresh(language);
      const caller = callerOf(1);

      // The screen opens by itself.
      await tell({ event: 'ringing', call: first, caller, extension });
      await page.waitForURL(/[?&]call=/);
      await tell({ event: 'answered', call: first, extension });
      await page.locator('.desk-state[data-state=talking]').waitFor();
      assert.equal(latin(await page.locator('#mobile').inputValue()).replace(/\s/g, ''), caller, 'the number is in its field');
      await page.waitForFunction(() => document.activeElement?.id === 'words');

      const hands = new Hands(page);
      await hands.write(words.words);
      await page.locator('#suggestions [data-service="fallen-tree"]').waitFor();
      await hands.press('Tab');
      await page.locator('#service_q-list [role=option]').first().waitFor();
      // The suggestion leads, and says which words spoke for it.
      const offered = page.locator('#service_q-list [role=option]').first();
      assert.equal(await offered.getAttribute('data-value'), 'fallen-tree');
      assert.match(await offered.innerText(), say(page, 'desk-because'));
      await hands.press('Enter');
      // What must be answered is asked before the place.
      await page.waitForFunction(() => document.activeElement?.name === 'attribute[blocks]');
      await hands.press('ArrowDown');
      await hands.press('Alt+Digit3');
      assert.equal(await focused(page), 'place');
      await hands.type(words.place);
      await page.locator('#place-list [role=option][aria-selected=true]').waitFor();
      await settled(page);
      await hands.press('Enter');
      await page.locator('#readback [data-within]:not([data-within=""])').waitFor();
      const readback = await page.locator('#readback').innerText();
      assert.match(readback, say(page, 'priority-normal'));
      await hands.press('Alt+Digit4');
      await hands.press('Space');
      await page.locator('#readback .emergency').waitFor();
      assert.match(await page.locator('#readback').innerText(), say(page, 'priority-emergency'));
      await showsPersianDigits(page);
      await isOpenToEveryone(page);
      await hands.press('Control+Enter');
      await page.waitForURL(/[?&]done=/);

      // The code: big, in groups, and in words for those who read it out and those who only hear the page.
      const sent = await code(page);
      const aloud = await page.locator('#aloud').innerText();
      assert.match(aloud, say(page, `desk-digit-${sent[0]}`));
      await page.waitForFunction((text) => document.getElementById('said').textContent === text, await page.locator('#aloud').evaluate((node) => node.textContent));
      assert.equal(await focused(page), 'next');
      await isOpenToEveryone(page);
      await showsPersianDigits(page);
      await tell({ event: 'ended', call: first });
      await hands.press('Enter');
      await page.waitForURL((url) => url.search === '');
      console.log(`  ${language}: ${hands.count} keystrokes beyond the caller's words`);
      assert.ok(hands.count < 20, `${hands.count} keystrokes`);

      // A second caller, about the same tree.
      const second = fresh(language);
      await tell({ event: 'answered', call: second, caller: callerOf(2), extension });
      await page.waitForURL(/[?&]call=/);
      const again = new Hands(page);
      await page.waitForFunction(() => document.activeElement?.id === 'words');
      await again.write(words.other);
      await page.locator('#suggestions [data-service="fallen-tree"]').waitFor();
      await again.press('Tab');
      await page.locator('#service_q-list [role=option]').first().waitFor();
      await again.press('Enter');
      await page.waitForFunction(() => document.activeElement?.name === 'attribute[blocks]');
      await again.press('Alt+Digit3');
      await again.type(words.place);
      await page.locator('#place-list [role=option][aria-selected=true]').waitFor();
      await settled(page);
      await again.press('Enter');
      await page.locator('#near [data-marked] button').waitFor();
      const alike = (await page.locator('#near [data-marked] button').getAttribute('value')).split(':')[1];
      await again.press('Alt+KeyJ');
      await page.waitForURL(/[?&]done=/);
      assert.match(await main(page).innerText(), say(page, 'desk-after-joined'));
      assert.equal(await code(page), alike);
      console.log(`  ${language}: ${again.count} keystrokes to join`);
      await again.press('Enter');
      await page.waitForURL((url) => url.search === '');

      // The first caller again: known, and what they say is added by one key.
      const third = fresh(language);
      await tell({ event: 'answered', call: third, caller, extension });
      await page.waitForURL(/[?&]call=/);
      assert.match(await page.locator('#history').innerText(), say(page, 'desk-before'));
      await page.waitForFunction(() => document.activeElement?.id === 'words');
      await page.keyboard.type(words.more);
      await page.keyboard.press('Alt+KeyK');
      await page.waitForURL(/[?&]done=/);
      assert.match(await main(page).innerText(), say(page, 'desk-after-added'));
      assert.equal(await code(page), sent);
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => url.search === '');
    }));

  test(`a call that comes while another is written loses nothing, ${language}`, () =>
    visit({ language, device: desk }, async (page) => {
      const extension = `8${language === 'fa' ? 1 : 2}${process.pid % 100}`;
      await signIn(page, extension);
      const [first, second] = [fresh(language), fresh(language)];
      await tell({ event: 'answered', call: first, caller: callerOf(3), extension });
      await page.waitForURL(/[?&]call=/);
      await page.waitForFunction(() => document.activeElement?.id === 'words');
      await page.keyboard.type(said[language].words);
      await tell({ event: 'ended', call: first });
      await page.locator('.desk-state[data-state=over]').waitFor();
      await tell({ event: 'ringing', call: second, caller: callerOf(4), extension });
      await page.locator('#incoming [data-take]').waitFor();
      assert.equal(await page.locator('#words').inputValue(), said[language].words, 'nothing moved');
      const before = new URL(page.url()).search;
      await page.keyboard.press('Alt+KeyA');
      await page.waitForURL((url) => url.search !== before);
      await page.waitForFunction(() => document.getElementById('words')?.value === '');
      // The one before waits beside it, with every word.
      await page.locator('.open-calls a').first().click();
      await page.waitForFunction((text) => document.getElementById('words')?.value === text, said[language].words);
      await page.reload();
      assert.equal(await page.locator('#words').inputValue(), said[language].words, 'after a reload');
      // It ends without a request, by keys.
      await page.keyboard.press('Alt+Digit0');
      await page.locator('#endings[open]').waitFor();
      await isOpenToEveryone(page);
      await page.locator('#endings button[value="end:cut-off"]').focus();
      await page.keyboard.press('Enter');
      await page.waitForLoadState('load');
    }));

  test(`on a telephone, at 200 % zoom and without script, ${language}`, async () => {
    // 200 % of 1280 px is 640 px for the page.
    for (const device of [phone, { name: 'zoom', width: 640, height: 400 }, desk]) {
      await visit({ language, device }, async (page) => {
        await signIn(page);
        await speaksTheLanguage(page);
        await saysEverything(page);
        await showsPersianDigits(page);
        await fitsTheScreen(page);
        await isOpenToEveryone(page);
        await page.keyboard.press('F1');
        await page.locator('#help[open]').waitFor();
        await isOpenToEveryone(page);
        await page.keyboard.press('Escape');
      });
    }
    await visit({ language, device: desk, script: false }, async (page) => {
      await signIn(page);
      await page.locator('#words').fill(said[language].words);
      await page.locator('button[value=look]').last().click();
      await page.waitForLoadState('load');
      assert.match(await page.locator('#suggestions').innerText(), say(page, 'desk-because'));
      await page.locator('#service').selectOption('street-sweeping');
      await page.locator('#place').fill(language === 'fa' ? 'میدان نمونه' : 'Sample Square');
      await page.locator('#division').selectOption({ index: 5 });
      await page.locator('#save').click();
      await page.waitForURL(/[?&]done=/);
      await code(page);
      await page.locator('#next').click();
      await page.waitForLoadState('load');
    });
  });
}

describe('the wrong keyboard and one\'s own keys', () => {
  test('letters of the other keyboard are understood', () =>
    visit({ language: 'fa', device: desk }, async (page) => {
      await signIn(page);
      await page.locator('#words').focus();
      await page.keyboard.type('sghl');
      await page.locator('[data-act=layout]').waitFor();
      await page.keyboard.press('Alt+KeyL');
      assert.equal(await page.locator('#words').inputValue(), 'سلام');
      await page.locator('#service_q').focus();
      await page.keyboard.type('nvoj');
      await page.locator('#service_q-list [data-value="fallen-tree"]').waitFor();
      await page.keyboard.press('Escape');
    }));

  test('a key is changed, and another switched off', () =>
    visit({ language: 'en', device: desk }, async (page) => {
      await signIn(page);
      await page.keyboard.press('F1');
      await page.locator('[data-change=where]').click();
      await page.keyboard.press('Alt+KeyW');
      await page.locator('[data-off=urgent]').check();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Alt+KeyW');
      assert.equal(await focused(page), 'place');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Alt+Digit3');
      assert.equal(await focused(page), 'place', 'the old key does nothing new');
      // A bare letter is not taken: it would be in the way of typing.
      await page.keyboard.press('F1');
      await page.locator('[data-change=where]').click();
      await page.keyboard.press('KeyW');
      assert.equal(await page.locator('tr[data-act-row=where] kbd').innerText(), 'Alt W');
    }));
});

