// A crisis over one district: a supervisor begins it with words for everybody, a group of volunteers is taken in and one of
// its answers is written down, a street is closed and opened, and it ends; a citizen reads of it while it lasts.
//
// It is over a district where no other story plays, one for each language.

import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';

import { desk, goHome, languages, phone, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage } from './promises.mjs';
import { say } from './words.mjs';

after(goHome);

const main = (page) => page.locator('main');
const password = () => process.env.PEYVAND_DEMO_PASSWORD ?? readFileSync(`${process.env.PEYVAND_DATA}/demo-password`, 'utf8').trim();

async function signIn(page, who, next) {
  await page.open(`/sign-in/staff?next=${next}`);
  await page.locator('#name').fill(who);
  await page.locator('#password').fill(password());
  await page.locator('#password').press('Enter');
  await page.waitForURL((url) => !url.pathname.includes('/sign-in'));
  await page.open(next);
}

const held = async (page) => {
  await speaksTheLanguage(page);
  await saysEverything(page);
  await showsPersianDigits(page);
  await fitsTheScreen(page);
  await isOpenToEveryone(page);
};

const stories = {
  fa: { district: '16', message: 'فقط برای خطر جانی تماس بگیرید.', group: 'دوام نازی‌آباد', why: 'زیرگذر زیر آب است' },
  en: { district: '17', message: 'Call only when life is in danger.', group: 'Davam of Azari', why: 'the underpass is flooded' },
};

async function end(page, district) {
  await page.open(`/crisis/rules?district=${district}`);
  const button = page.locator('button[name=do][value=end]');
  if (await button.count()) await button.click();
}

describe('a crisis', { concurrency: false }, () => {
  for (const language of languages) {
    const { district, message, group, why } = stories[language];
    test(`from its beginning to its end, ${language}`, () =>
      visit({ language, device: desk }, async (page) => {
        page.allowed.push(/status of 422/);
        await signIn(page, 'supervisor', `/crisis/rules?district=${district}`);
        // One of an earlier run is ended first.
        await end(page, district);
        await page.open(`/crisis/rules?district=${district}`);
        await held(page);
        await page.locator(`#message-${language}`).fill(message);
        await page.locator('button[name=do][value=begin]').click();
        try {
          await main(page).getByText(say(page, 'crisis-done-begun')).waitFor();
          await held(page);

          await page.getByText(say(page, 'crisis-volunteers'), { exact: false }).first().click();
          await page.locator('input[name=name]').fill(group);
          await page.locator('input[name=people]').fill('7');
          await page.locator('select[name=district]').selectOption(district);
          await page.locator('button[name=do][value=muster]').click();
          await main(page).getByText(say(page, 'crisis-done-mustered')).waitFor();
          const line = page.locator('tr', { hasText: group });
          await line.getByText(say(page, 'crisis-answer-coming')).waitFor();
          // Without a reason it is no answer.
          await line.locator('button[value=refuse]').click();
          await main(page).getByText(say(page, 'dispatch-refusal-crisis-reason-missing')).waitFor();
          await line.locator('input[name=reason]').fill(why);
          await line.locator('button[value=refuse]').click();
          await line.getByText(why).waitFor();

          await page.locator('summary', { hasText: say(page, 'crisis-close-road') }).click();
          await page.locator('#words').fill(why);
          await page.locator('#road-place').fill('35.7005, 51.3912');
          await page.locator('#metres').fill('80');
          await page.locator('button[name=do][value=close]').click();
          await main(page).getByText(say(page, 'crisis-done-closed')).waitFor();
          await held(page);
          await page.locator('tr', { hasText: why }).locator('button[value=open]').first().click();
          await main(page).getByText(say(page, 'crisis-done-opened')).waitFor();

          await visit({ language, device: phone }, async (citizen) => {
            // The first page is made anew within ten seconds.
            await citizen.waitForTimeout(10_500);
            await citizen.open('/');
            await main(citizen).locator('.storm-banner').waitFor();
          });
        } finally {
          await end(page, district);
        }
        await main(page).getByText(say(page, 'crisis-done-ended')).waitFor();
      }));
  }
});
