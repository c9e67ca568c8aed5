// What every page promises, on every device, in both languages.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { desk, everyone, goHome, languages, phone, visit } from './people.mjs';
import {
  fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage, weigh, worksByKeyboard,
} from './promises.mjs';
import { pages } from './pages.mjs';

after(goHome);

for (const { language, device } of everyone) {
  describe(`${language} at ${device.width} px`, () => {
    for (const [name, find] of Object.entries(pages)) {
      test(name, () =>
        visit({ language, device }, async (page) => {
          const answer = await page.open(await find());
          assert.equal(answer.status(), 200);
          await speaksTheLanguage(page);
          await saysEverything(page);
          await showsPersianDigits(page);
          await fitsTheScreen(page);
          await isOpenToEveryone(page);
          if (device === desk) await worksByKeyboard(page);
        }));
    }
  });
}

describe('without JavaScript', () => {
  for (const language of languages) {
    for (const [name, find] of Object.entries(pages)) {
      test(`${name} in ${language}`, () =>
        visit({ language, script: false }, async (page) => {
          const answer = await page.open(await find());
          assert.equal(answer.status(), 200);
          const text = await page.locator('main').innerText();
          assert.ok(text.trim().length > 20, 'the page says something');
        }));
    }
  }
});

describe('on a slow line', () => {
  for (const language of languages) {
    test(`the first page weighs less than 60 kB in ${language}`, () =>
      visit({ language, device: phone }, async (page) => {
        const bytes = await weigh(page, '/');
        assert.ok(bytes < 60_000, `${bytes} bytes came over the line`);
      }));
  }
});

describe('a page that is not there', () => {
  for (const { language, device } of everyone) {
    test(`${language} at ${device.width} px`, () =>
      visit({ language, device }, async (page) => {
        page.allowed.push(/404/);
        const answer = await page.open('/no-such-page');
        assert.equal(answer.status(), 404);
        await speaksTheLanguage(page);
        await fitsTheScreen(page);
        await isOpenToEveryone(page);
      }));
  }
});
