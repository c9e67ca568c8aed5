// What every page promises, on every device, in both languages.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { desk, everyone, goHome, languages, phone, visit } from './people.mjs';
import {
  fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage, weigh, worksByKeyboard,
} from './promises.mjs';
import { pages, refusing, stories } from './pages.mjs';
import { password, staffPages, stateOf } from './staff.mjs';

after(goHome);

/** What holds wherever a visitor comes to. */
async function keepsThePromises(page) {
  await speaksTheLanguage(page);
  await saysEverything(page);
  await showsPersianDigits(page);
  await fitsTheScreen(page);
  await isOpenToEveryone(page);
}

for (const { language, device } of everyone) {
  describe(`${language} at ${device.width} px`, () => {
    for (const [name, open] of Object.entries(pages)) {
      test(name, () =>
        visit({ language, device }, async (page) => {
          page.allowed.push(...(refusing[name] ?? []).map((status) => new RegExp(`status of ${status}`)));
          const answer = await open(page);
          assert.ok((refusing[name] ?? [200]).includes(answer.status()), `answered ${answer.status()}`);
          await keepsThePromises(page);
          if (device === desk) await worksByKeyboard(page);
        }));
    }
    for (const [name, reach] of Object.entries(stories)) {
      test(name, () =>
        visit({ language, device }, async (page) => {
          page.allowed.push(/status of 422/);
          await reach(page);
          await keepsThePromises(page);
        }));
    }
    for (const [name, { who, open }] of Object.entries(staffPages)) {
      test(`${name}, signed in as ${who}`, { skip: !password() && 'nobody told the password' }, async () =>
        visit({ language, device, state: await stateOf(who) }, async (page) => {
          const answer = await open(page);
          assert.equal(answer.status(), 200);
          await keepsThePromises(page);
        }));
    }
  });
}

describe('without JavaScript', () => {
  for (const language of languages) {
    for (const [name, open] of Object.entries(pages)) {
      test(`${name} in ${language}`, () =>
        visit({ language, script: false }, async (page) => {
          page.allowed.push(/status of 4/);
          await open(page);
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
        console.log(`the first page in ${language}: ${bytes} bytes`);
        assert.ok(bytes > 1000 && bytes <= 60_000, `${bytes} bytes came over the line`);
      }));
  }
});
