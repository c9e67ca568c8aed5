// "I am the mayor": somebody brings an idea and experts make a project of it; somebody votes on a telephone and finds
// the receipt; two people type a sheet of paper.
//
// The round of the demo city at which people vote is there. Ideas need a round of their own: a manager begins one.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';

import { address, base, desk, goHome, languages, phone, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage } from './promises.mjs';
import { stateOf } from './staff.mjs';
import { say } from './words.mjs';

after(goHome);

const main = (page) => page.locator('main');
const held = async (page) => {
  await speaksTheLanguage(page);
  await saysEverything(page);
  await showsPersianDigits(page);
  await fitsTheScreen(page);
  await isOpenToEveryone(page);
};

/** Nine digits after +98 that nobody had before. */
const someMobile = () => `0901${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;

/** The code in the newest message to a number, from the demo's outbox. */
async function codeOf(mobile) {
  const tail = mobile.slice(1);
  for (let tries = 0; tries < 60; tries += 1) {
    const file = `${process.env.PEYVAND_DATA}/outbox.jsonl`;
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').reverse() : [];
    for (const line of lines) {
      if (!line.includes(tail)) continue;
      const text = JSON.stringify(JSON.parse(line)).replace(/[۰-۹]/g, (d) => String('۰۱۲۳۴۵۶۷۸۹'.indexOf(d)));
      const codes = text.match(/(?<!\d)\d{6}(?!\d)/g);
      if (codes) return codes.at(-1);
    }
    await new Promise((done) => { setTimeout(done, 500); });
  }
  throw new Error(`no code came for ${mobile}`);
}

/** Signs in with a mobile number, and goes on to a page. */
async function enter(page, next) {
  const mobile = someMobile();
  await page.open(`/sign-in?next=${encodeURIComponent((page.language === 'en' ? '/en' : '') + next)}`);
  await page.locator('#mobile').fill(mobile);
  await page.locator('#mobile').press('Enter');
  await page.locator('#code').fill(await codeOf(mobile));
  await page.locator('#code').press('Enter');
  await page.waitForURL((url) => url.pathname.endsWith(next));
  return mobile;
}

const press = (page, key) => main(page).getByRole('button', { name: say(page, key) }).first().click();

describe('a round', { concurrency: false }, () => {
  for (const language of languages) {
    test(`vote on a phone, ${language}`, async () => {
      await visit({ language, device: phone }, async (page) => {
        await page.open('/rounds/1405');
        await held(page);
        await enter(page, '/vote/1405');
        await held(page);
        await main(page).locator('#home').selectOption('6');
        await press(page, 'common-continue');
        await main(page).getByText(say(page, 'projects-ballot-question')).waitFor();
        await held(page);
        // Nothing chosen is said kindly.
        page.allowed.push(/422/);
        await press(page, 'projects-ballot-review');
        await page.locator('.errors').waitFor();
        await main(page).locator('input[name=choice]').nth(0).check();
        await main(page).locator('fieldset').nth(1).locator('input[name=choice]').first().check();
        await press(page, 'projects-ballot-review');
        await main(page).getByText(say(page, 'projects-review-question')).waitFor();
        await held(page);
        await press(page, 'projects-review-cast');
        await main(page).locator('.receipt').waitFor();
        await held(page);
        const receipt = new URL(page.url()).searchParams.get('receipt');
        assert.match(receipt, /^\d{20}$/);
        await main(page).getByText(say(page, 'projects-receipt-look')).click();
        await main(page).getByText(say(page, 'projects-receipt-received')).waitFor();
        await held(page);
        // Whoever comes back is told that they voted, and not what.
        await page.open('/vote/1405');
        await main(page).getByText(say(page, 'projects-vote-voted')).waitFor();
      });
    });

    test(`vote without script, ${language}`, async () => {
      await visit({ language, device: phone, script: false }, async (page) => {
        await enter(page, '/vote/1405');
        await main(page).locator('#home').selectOption('3');
        await press(page, 'common-continue');
        await main(page).locator('input[name=choice]').nth(1).check();
        await press(page, 'projects-ballot-review');
        await press(page, 'projects-review-cast');
        await main(page).locator('.receipt').waitFor();
      });
    });
  }

  test('an idea becomes a project', async () => {
    const code = `try-${Date.now()}`;
    const title = `روشنایی بوستان ${String(Date.now()).replace(/\d/g, (d) => '۰۱۲۳۴۵۶۷۸۹'[d])}`;
    await visit({ language: 'fa', device: desk, state: await stateOf('rounds') }, async (page) => {
      await page.open('/rounds/manage/new');
      await page.locator('#code').fill(code);
      const today = new Date();
      const day = (days) => new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10);
      const phases = ['collect', 'discuss', 'feasibility', 'pricing', 'publication', 'voting', 'tally', 'objection', 'execution'];
      for (const [n, phase] of phases.entries()) await page.locator(`#phase-${phase}`).fill(day(n * 10 - 2));
      await page.locator('#ends').fill(day(400));
      await page.locator('#is_public').check();
      await press(page, 'projects-save');
      await main(page).getByText(say(page, 'projects-done-saved')).waitFor();
    });
    let path;
    await visit({ language: 'fa', device: phone }, async (page) => {
      await enter(page, `/rounds/${code}/ideas/new`);
      await page.locator('#title').fill(title);
      await page.locator('#words').fill('بوستان ما شب‌ها تاریک است و نیمکت ندارد.');
      await page.locator('#topic').selectOption({ index: 1 });
      await page.locator('#division').selectOption({ index: 5 });
      await held(page);
      await main(page).locator('form#step button.btn').last().click();
      await main(page).getByText(say(page, 'projects-done-sent')).waitFor();
      await held(page);
      path = new URL(page.url()).pathname;
    });
    await visit({ language: 'fa', device: phone }, async (page) => {
      await enter(page, path);
      await press(page, 'projects-sign');
      await main(page).getByText(say(page, 'projects-done-signed')).waitFor();
    });
    await visit({ language: 'fa', device: desk, state: await stateOf('rounds') }, async (page) => {
      await page.open('/feasibility');
      await main(page).getByRole('link', { name: title }).click();
      await held(page);
      await page.locator('input[name=verdict][value=yes]').check();
      await page.locator('#reason').fill('برق و جای نیمکت هست.');
      await page.locator('#cost_least').fill('۱۲۰۰');
      await page.locator('#cost_most').fill('۲۰۰۰');
      await press(page, 'projects-judge-send');
      await main(page).getByText(say(page, 'projects-done-judged')).waitFor();
    });
    await visit({ language: 'fa', device: phone }, async (page) => {
      await page.goto(address('fa', path));
      await main(page).getByText('برق و جای نیمکت هست.').waitFor();
      await held(page);
    });
  });

  test('paper: two people type one sheet', async () => {
    const name = `سرای محله ${Date.now()}`;
    const person = someMobile();
    const type = async (page, sheet, choices) => {
      await page.locator('#sheet').fill(sheet);
      await page.locator('#person').fill(person);
      await page.locator('#home').fill('6');
      await page.locator('#choices').fill(choices);
      await press(page, 'projects-paper-send');
    };
    let path;
    await visit({ language: 'fa', device: desk, state: await stateOf('interviewer') }, async (page) => {
      await page.open('/paper');
      await held(page);
      await page.locator('#round').selectOption('1405');
      await page.locator('#name').fill(name);
      await page.locator('#sheets').fill('۲');
      await press(page, 'projects-paper-begin-send');
      await main(page).getByText(name).first().waitFor();
      path = new URL(page.url()).pathname;
      await type(page, '۱', '1 2');
      await main(page).getByText(say(page, 'projects-done-sheet-first')).waitFor();
      await held(page);
    });
    await visit({ language: 'fa', device: desk, state: await stateOf('rounds') }, async (page) => {
      await page.goto(base + path);
      await type(page, '۱', '۲، ۱');
      await main(page).getByText(say(page, 'projects-done-sheet-cast')).waitFor();
      await held(page);
    });
  });
});
