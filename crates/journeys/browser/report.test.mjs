// A citizen reports something, keeps the code, and follows what becomes of it.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { everyone, goHome, languages, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage } from './promises.mjs';
import { latin, say } from './words.mjs';

after(goHome);

const everyStep = async (page) => {
  await speaksTheLanguage(page);
  await saysEverything(page);
  await showsPersianDigits(page);
  await fitsTheScreen(page);
};

/** Goes through the steps; what is not asked of the visitor is passed by. Returns the code as shown. */
async function report(page, { words, check = async () => {} }) {
  await page.open('/');
  await page.getByRole('link', { name: say(page, 'reportSomething') }).first().click();
  const goOn = () => page.locator('main').getByRole('button', { name: say(page, 'goOn') }).first().click();

  await check(page);
  await page.locator('main input[type=radio]').first().check({ force: true });
  await goOn();

  await check(page);
  await choosePlace(page);
  await goOn();

  await check(page);
  await page.locator('main textarea').first().fill(words);
  await answerQuestions(page);
  await goOn();

  await check(page); // The contact is optional: nothing is filled in.
  await goOn();

  await check(page);
  assert.match(await page.locator('main').innerText(), new RegExp(words), 'the last look shows what was typed');
  await page.locator('main').getByRole('button', { name: say(page, 'send') }).click();

  await page.waitForURL(/\/report\/done\//);
  await check(page);
  const text = await page.locator('main').innerText();
  assert.match(text, say(page, 'thanks'));
  const code = latin(text).replace(/[\s‌-]/g, '').match(/[0-9]{10}/)?.[0];
  assert.ok(code, `no code in: ${text}`);
  return code;
}

async function choosePlace(page) {
  const neighbourhood = page.locator('main select').last();
  await neighbourhood.selectOption({ index: 1 });
}

/** Gives the first answer to each question of the service that needs one. */
async function answerQuestions(page) {
  for (const question of await page.locator('main fieldset').all()) {
    const isAnswered = (await question.locator('input:checked').count()) > 0;
    const isOptional = (await question.locator('.optional').count()) > 0;
    const answers = question.locator('input[type=radio], input[type=checkbox]');
    if (!isAnswered && !isOptional && (await answers.count()) > 0) await answers.first().check({ force: true });
  }
}

for (const { language, device } of everyone) {
  test(`from the first page to the code and back, ${language} at ${device.width} px`, () =>
    visit({ language, device }, async (page) => {
      const words = language === 'fa' ? 'چالهٔ بزرگی جلوی مدرسه است' : 'A big hole in front of the school';
      const code = await report(page, {
        words,
        check: async () => {
          await everyStep(page);
          await isOpenToEveryone(page);
        },
      });

      await page.open('/track');
      await page.locator('main input[name=code]').fill(code);
      await page.locator('main').getByRole('button', { name: say(page, 'track') }).click();
      await page.waitForURL(new RegExp(`/requests/${code}`));
      await everyStep(page);
      assert.match(await page.locator('main').innerText(), say(page, 'received'));
    }));
}

describe('without JavaScript', () => {
  for (const language of languages) {
    test(`the whole way in ${language}`, () =>
      visit({ language, script: false }, async (page) => {
        const words = language === 'fa' ? 'چراغ کوچه خاموش است' : 'The street lamp is out';
        await report(page, { words });
      }));
  }
});

for (const language of languages) {
  test(`an empty step says what is missing and loses nothing, ${language}`, () =>
    visit({ language }, async (page) => {
      page.allowed.push(/4(00|22)/);
      await page.open('/report/service');
      await page.locator('main').getByRole('button', { name: say(page, 'goOn') }).first().click();
      const summary = page.locator('[role=alert]').first();
      assert.match(await summary.innerText(), say(page, 'problem'));
      await isOpenToEveryone(page);
      // The line in the summary leads to the field.
      await summary.getByRole('link').first().click();
      const target = new URL(page.url()).hash.slice(1);
      assert.ok(await page.locator(`[id="${target}"]`).count(), `#${target} is on the page`);
    }));

  test(`a code nobody was given, ${language}`, () =>
    visit({ language }, async (page) => {
      page.allowed.push(/404/, /422/);
      await page.open('/track');
      await page.locator('main input[name=code]').fill('1234567890');
      await page.locator('main').getByRole('button', { name: say(page, 'track') }).click();
      await speaksTheLanguage(page);
      assert.equal(await page.locator('main input[name=code]').inputValue().then(latin), '1234567890');
    }));
}
