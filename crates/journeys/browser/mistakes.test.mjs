// People mistype, leave things out, send the wrong file. Each mistake is named where it is, with what to do
// about it, and nothing that was typed is lost.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { goHome, languages, phone, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits } from './promises.mjs';
import { answer, arrive, goOn, report, toTheWords, usual } from './reporting.mjs';
import { latin, say } from './words.mjs';

after(goHome);

const main = (page) => page.locator('main');

/** The page says what is wrong, on top and beside the field; the line on top leads there. */
async function saysWhatIsWrong(page, key, field) {
  const summary = page.locator('[role=alert]');
  assert.match(await summary.innerText(), say(page, key));
  assert.match(await page.title(), say(page, 'layout-wrong'));
  await summary.getByRole('link').first().click();
  assert.equal(new URL(page.url()).hash, `#${field}`);
  assert.equal(await page.locator(`[id="${field}"]`).count(), 1, `#${field} is on the page`);
  await saysEverything(page);
  await showsPersianDigits(page);
  await fitsTheScreen(page);
  await isOpenToEveryone(page);
}

async function toTheContact(page) {
  await toTheWords(page);
  await main(page).locator('textarea[name=description]').fill(usual.words[page.language]);
  await answer(page);
  await goOn(page);
  await arrive(page, 'report-contact-question');
}

const mistake = (options, story) =>
  visit({ device: phone, ...options }, async (page) => {
    page.allowed.push(/status of (404|422)/);
    await story(page);
  });

for (const language of languages) {
  describe(`in ${language}`, () => {
    test('no subject', () =>
      mistake({ language }, async (page) => {
        await page.open('/report');
        await goOn(page);
        await saysWhatIsWrong(page, 'report-refusal-service-missing', 'service');
      }));

    test('no place', () =>
      mistake({ language }, async (page) => {
        await page.open(`/report/place?service_code=${usual.service}`);
        await goOn(page);
        await saysWhatIsWrong(page, 'report-refusal-place-missing', 'address_string');
      }));

    test('a point in another country', () =>
      mistake({ language }, async (page) => {
        await page.open(`/report/place?service_code=${usual.service}&lat=48.85&long=2.35`);
        await goOn(page);
        await saysWhatIsWrong(page, 'report-refusal-place-outside-near', 'address_string');
      }));

    test('a point that is not on the earth', () =>
      mistake({ language, script: false }, async (page) => {
        await page.open(`/report/place?service_code=${usual.service}&lat=135&long=512`);
        await goOn(page);
        assert.match(await main(page).innerText(), say(page, 'report-refusal-coordinates-impossible'));
      }));

    test('more words than there is room for', () =>
      mistake({ language, script: false }, async (page) => {
        await toTheWords(page);
        const endless = 'آ'.repeat(4001);
        // The field itself would stop; a pasted text on an old phone does not.
        const box = main(page).locator('textarea[name=description]');
        await box.evaluate((field) => field.removeAttribute('maxlength'));
        await box.fill(endless);
        await answer(page);
        await goOn(page);
        assert.match(await main(page).innerText(), say(page, 'report-refusal-words-too-long'));
        assert.equal(await box.inputValue(), endless, 'all of it is still there');
        await fitsTheScreen(page);
      }));

    for (const [name, file, key] of [
      ['a text with the name of a photo', { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('words') }, 'report-photo-unknown-type'],
      ['a photo without a byte', { name: 'b.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(0) }, 'report-photo-empty'],
      ['half a photo', { name: 'c.png', mimeType: 'image/png', buffer: halfAPhoto() }, 'report-photo-damaged'],
    ]) {
      test(name, () =>
        mistake({ language, script: false }, async (page) => {
          await toTheWords(page);
          await main(page).locator('textarea[name=description]').fill(usual.words[language]);
          await main(page).locator('input[type=file]').setInputFiles(file);
          await answer(page);
          await goOn(page);
          assert.match(await page.locator('[role=alert]').innerText(), say(page, key));
          assert.equal(await main(page).locator('textarea[name=description]').inputValue(), usual.words[language]);
        }));
    }

    test('a number with a digit missing', () =>
      mistake({ language }, async (page) => {
        await toTheContact(page);
        await main(page).locator('input[name=phone]').fill('0912123');
        await main(page).locator('input[name=email]').fill('mina@example.org');
        await goOn(page);
        await saysWhatIsWrong(page, 'report-refusal-mobile-wrong', 'phone');
        assert.equal(await main(page).locator('input[name=phone]').inputValue().then(latin), '0912123');
        assert.equal(await main(page).locator('input[name=email]').inputValue(), 'mina@example.org');
        // Mended, it goes on with everything that was said before.
        await main(page).locator('input[name=phone]').fill(usual.mobile[language]);
        await goOn(page);
        await arrive(page, 'report-check-question');
        assert.ok((await main(page).innerText()).includes(usual.words[language]));
      }));

    test('a code that nobody was given, and one with two digits swapped', () =>
      mistake({ language }, async (page) => {
        const sent = await report(page);
        const at = [...sent].findIndex((digit, n) => n > 0 && sent[n + 1] !== undefined && digit !== sent[n + 1]);
        const swapped = sent.slice(0, at) + sent[at + 1] + sent[at] + sent.slice(at + 2);
        await page.open('/track');
        await main(page).locator('input[name=code]').fill(swapped);
        await main(page).getByRole('button', { name: say(page, 'track-show') }).click();
        await saysWhatIsWrong(page, 'track-wrong-check-digit', 'code');
        assert.equal(await main(page).locator('input[name=code]').inputValue().then(latin), swapped);
      }));

    test('neither a number nor an address to follow with', () =>
      mistake({ language }, async (page) => {
        const sent = await report(page);
        await page.open(`/requests/${sent}`);
        await main(page).locator('details summary').click();
        await main(page).locator('input[name=contact]').fill('ali at home');
        await main(page).locator('details form button').click();
        await page.locator('[role=alert]').waitFor();
        await saysWhatIsWrong(page, 'requests-follow-refusal-contact-wrong', 'contact');
        assert.equal(await main(page).locator('input[name=contact]').inputValue(), 'ali at home');
        await main(page).locator('input[name=contact]').fill(usual.mobile[language]);
        await main(page).locator('details form button').click();
        await main(page).locator('[role=status]').filter({ hasText: say(page, 'requests-followed') }).waitFor();
      }));
  });
}

/** The head of a picture of one point, and then nothing. */
function halfAPhoto() {
  const whole = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  return Buffer.from(whole, 'base64').subarray(0, 45);
}
