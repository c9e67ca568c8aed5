// A citizen reports something, keeps the code, and follows what becomes of it.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { desk, everyone, goHome, languages, phone, visit } from './people.mjs';
import { isOpenToEveryone, showsPersianDigits } from './promises.mjs';
import {
  answer, arrive, attach, choose, code, goOn, headline, photograph, reachWords, report, send, somewhere, toTheWords, usual,
} from './reporting.mjs';
import { latin, say } from './words.mjs';

after(goHome);

const main = (page) => page.locator('main');
const text = (page) => main(page).innerText();

/** Writes the code into the field for it and comes to the page of the request. */
async function track(page, sent) {
  await page.open('/track');
  await main(page).locator('input[name=code]').fill(sent);
  await main(page).getByRole('button', { name: say(page, 'track-show') }).click();
  await page.waitForURL(new RegExp(`/requests/${sent}`));
}

for (const { language, device } of everyone) {
  test(`from the first page to the code and back, ${language} at ${device.width} px`, () =>
    visit({ language, device }, async (page) => {
      await page.open('/');
      const photo = await photograph(page);
      const sent = await report(page, { photo, mobile: usual.mobile[language] });
      assert.match(new URL(page.url()).pathname, new RegExp(`/report/done/${sent}$`));

      await track(page, sent);
      const shown = await text(page);
      assert.ok(shown.includes(usual.words[language]), 'the words are there');
      assert.ok(shown.includes(usual.address[language]), 'the address is there');
      assert.match(shown, say(page, 'requests-fact-submitted'));
      assert.match(shown, say(page, 'requests-promise-by'));
      assert.ok(!latin(shown).includes('0912'), 'the number of whoever reported is shown to nobody');
      const picture = main(page).locator('ul.photos img');
      await picture.scrollIntoViewIfNeeded();
      await page.waitForFunction(() => document.querySelector('main ul.photos img')?.naturalWidth > 0);
      const file = await page.request.get(await main(page).locator('ul.photos a').getAttribute('href').then((href) => new URL(href, page.url()).href));
      assert.match(file.headers()['content-type'], /^image\/jpeg/);

      await page.open('/requests');
      assert.ok((await text(page)).includes(usual.words[language]), 'it is the newest on the list');
    }));
}

describe('without JavaScript', () => {
  for (const language of languages) {
    test(`the whole way with a photo, ${language}`, () =>
      visit({ language, script: false }, async (page) => {
        await page.open('/');
        const photo = await photograph(page);
        const sent = await report(page, { photo, mobile: usual.mobile[language] });
        await track(page, sent);
        assert.ok((await text(page)).includes(usual.words[language]));
        assert.equal(await main(page).locator('ul.photos img').count(), 1);
      }));

    test(`the code in the digits and with the gaps of the receipt, ${language}`, () =>
      visit({ language, script: false }, async (page) => {
        const sent = await report(page);
        const persian = sent.replace(/[0-9]/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[digit]);
        await page.open('/track');
        await main(page).locator('input[name=code]').fill(`${persian.slice(0, 3)} ${persian.slice(3, 6)}-${persian.slice(6)}`);
        await main(page).getByRole('button', { name: say(page, 'track-show') }).click();
        await page.waitForURL(new RegExp(`/requests/${sent}`));
      }));
  }
});

describe('by keyboard and in another language', () => {
  for (const language of languages) {
    test(`Enter on a chosen subject goes on, ${language}`, () =>
      visit({ language, device: desk }, async (page) => {
        await page.open('/report');
        await choose(page, 'service_code', usual.service);
        await main(page).locator(`input[name=service_code][value="${usual.service}"]`).first().focus();
        await page.keyboard.press('Enter');
        await arrive(page, 'report-place-question');
      }));

    for (const script of [true, false]) {
      test(`the switch of language keeps what was typed, ${language}${script ? '' : ' without script'}`, () =>
        visit({ language, script }, async (page) => {
          await toTheWords(page);
          await main(page).locator('textarea[name=description]').fill(usual.words[language]);
          await page.locator('button.lang').click();
          await page.waitForURL(language === 'fa' ? /\/en\/report\/words/ : (url) => url.pathname === '/report/words');
          assert.equal(await main(page).locator('textarea[name=description]').inputValue(), usual.words[language]);
          assert.equal(await page.locator('html').getAttribute('lang'), language === 'fa' ? 'en' : 'fa');
        }));
    }
  }
});

describe('the same thing twice', () => {
  for (const language of languages) {
    test(`who reports what somebody reported is offered to join, ${language}`, async () => {
      const place = await somewhere();
      // A first neighbour reports from their own position.
      const first = await visit({ language, device: phone, place }, async (page) => {
        await fromHere(page);
        await reachWords(page);
        await main(page).locator('textarea[name=description]').fill(usual.words[language]);
        await answer(page);
        await goOn(page);
        await arrive(page, 'report-contact-question');
        await goOn(page);
        await arrive(page, 'report-check-question');
        await send(page);
        return code(page);
      });
      // The second one sees it, and joins instead.
      await visit({ language, device: desk, place: { latitude: place.latitude + 0.0002, longitude: place.longitude } }, async (page) => {
        await fromHere(page);
        await arrive(page, 'report-similar-question');
        assert.ok((await text(page)).includes(usual.words[language]));
        await isOpenToEveryone(page);
        await showsPersianDigits(page);
        await choose(page, 'join', first);
        await goOn(page);
        await page.waitForURL(new RegExp(`/requests/${first}`));
        assert.match(await text(page), say(page, 'requests-me-too-done'));
      });
    });

    test(`a form that is sent twice is one request, ${language}`, () =>
      visit({ language, script: false }, async (page) => {
        const sent = await report(page);
        await page.goBack();
        await arrive(page, 'report-check-question');
        await send(page);
        assert.equal(await code(page), sent);
      }));

    test(`saying “me too” on the page of a request, ${language}`, () =>
      visit({ language, script: false }, async (page) => {
        const sent = await report(page);
        await track(page, sent);
        await main(page).getByRole('button', { name: say(page, 'requests-me-too') }).click();
        assert.match(await main(page).locator('.notice.good').innerText(), say(page, 'requests-me-too-done'));
      }));
  }
});

/** Comes to the place and says "my position". */
async function fromHere(page) {
  await page.open(`/report/place?service_code=${usual.service}`);
  await arrive(page, 'report-place-question');
  await main(page).getByRole('button', { name: say(page, 'layout-map-here') }).click();
  await page.waitForFunction(() => document.getElementById('lat').value !== '');
  await goOn(page);
  await page.waitForLoadState('load');
}

describe('on the map', () => {
  for (const language of languages) {
    test(`a tap places the pin and says where it is, and the arrow keys move it, ${language}`, () =>
      visit({ language, device: phone }, async (page) => {
        const { latitude, longitude } = await somewhere();
        await page.open(`/report/place?service_code=${usual.service}&lat=${latitude}&long=${longitude}`);
        const pin = page.locator('.map-pin');
        await pin.waitFor();
        await page.locator('.map-said').filter({ hasText: say(page, 'layout-map-placed') }).waitFor();
        const before = await page.locator('#lat').inputValue();
        await pin.focus();
        await page.keyboard.press('ArrowUp');
        const after = await page.locator('#lat').inputValue();
        assert.ok(Number(after) > Number(before), `${before} → ${after}`);
        await page.locator('peyvand-map canvas').tap({ position: { x: 60, y: 60 } });
        await page.waitForFunction((old) => document.getElementById('lat').value !== old, after);
        await goOn(page);
        await reachWords(page);
      }));
  }
});

describe('by keyboard alone', () => {
  for (const language of languages) {
    test(`a whole report, ${language}`, () =>
      visit({ language, device: desk }, async (page) => {
        const press = (key) => page.keyboard.press(key);
        await page.open('/');
        await tabTo(page, 'main input[name=q]');
        await page.keyboard.type(usual.hint[language]);
        await press('Enter');
        await arrive(page, 'report-service-question');
        await tabTo(page, 'input[name=service_code]');
        await press('Space');
        await tabTo(page, 'main .actions button');
        await press('Enter');
        await arrive(page, 'report-place-question');
        await tabTo(page, 'input[name=address_string]');
        await page.keyboard.type(usual.address[language]);
        await tabTo(page, 'select[name=division]');
        for (let step = 0; step < 4; step += 1) await press('ArrowDown');
        await tabTo(page, 'main .actions button');
        await press('Enter');
        await reachWords(page);
        await tabTo(page, 'textarea[name=description]');
        await page.keyboard.type(usual.words[language]);
        await answer(page);
        await tabTo(page, 'main .actions button');
        await press('Enter');
        await arrive(page, 'report-contact-question');
        await tabTo(page, 'main .actions button');
        await press('Enter');
        await arrive(page, 'report-check-question');
        await tabTo(page, 'main .actions button');
        await press('Enter');
        await arrive(page, 'report-done-title');
        assert.equal((await code(page)).length, 10);
      }));
  }
});

/** Presses Tab until the first part that `selector` names has the focus. */
async function tabTo(page, selector) {
  for (let stops = 0; stops < 80; stops += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`80 stops and no ${selector} on “${await headline(page)}”`);
}

describe('what was typed', () => {
  for (const language of languages) {
    test(`is kept when one goes back, with its photo, ${language}`, () =>
      visit({ language, script: false }, async (page) => {
        await page.open('/');
        const photo = await photograph(page);
        await toTheWords(page);
        await main(page).locator('textarea[name=description]').fill(usual.words[language]);
        await attach(page, photo);
        await answer(page);
        await goOn(page);
        await arrive(page, 'report-contact-question');
        await main(page).getByRole('button', { name: say(page, 'common-back') }).click();
        await arrive(page, 'report-words-question');
        assert.equal(await main(page).locator('textarea[name=description]').inputValue(), usual.words[language]);
        assert.equal(await main(page).locator('ul.photos img').count(), 1);
        await main(page).getByRole('button', { name: say(page, 'common-back') }).click();
        await arrive(page, 'report-place-question');
        assert.equal(await main(page).locator('input[name=address_string]').inputValue(), usual.address[language]);
      }));

    for (const script of [true, false]) {
      test(`is there when one goes back and forth as browsers do, ${language}, ${script ? 'with' : 'without'} script`, () =>
        visit({ language, device: phone, script }, async (page) => {
          await toTheWords(page);
          await main(page).locator('textarea[name=description]').fill(usual.words[language]);
          await answer(page);
          await goOn(page);
          await arrive(page, 'report-contact-question');
          await page.goBack();
          await arrive(page, 'report-words-question');
          assert.equal(await main(page).locator('textarea[name=description]').inputValue(), usual.words[language]);
          await page.goForward();
          await arrive(page, 'report-contact-question');
        }));
    }

    test(`is there again after the tab was closed, ${language}`, () =>
      visit({ language, device: phone }, async (page) => {
        await page.open(`/report/place?service_code=${usual.service}`);
        await main(page).locator('input[name=address_string]').fill(usual.address[language]);
        await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith('draft:')));
        await page.open('/');
        await page.open(`/report/place?service_code=${usual.service}`);
        assert.equal(await main(page).locator('input[name=address_string]').inputValue(), usual.address[language]);
        assert.match(await text(page), say(page, 'report-draft-back'));
      }));
  }
});
