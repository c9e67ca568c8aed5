// A storm morning on the dispatcher's board: urgent orders come in one after another, the board shows each by itself,
// the engine says who should go, one is given by keys, one by dragging, a better plan is accepted, and the shift hands
// over in words. Every order is at a place of its own in each run, so that earlier runs are in nobody's way.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { desk, goHome, languages, phone, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage } from './promises.mjs';
import { stateOf } from './staff.mjs';
import { say } from './words.mjs';

after(goHome);

const main = (page) => page.locator('main');
const board = '/dispatch?district=6';

const held = async (page) => {
  await speaksTheLanguage(page);
  await saysEverything(page);
  await showsPersianDigits(page);
  await fitsTheScreen(page);
  await isOpenToEveryone(page);
};

/** Somebody writes an order by hand, a little elsewhere each time; returns its code. */
async function makes(page, words) {
  await page.open('/dispatch/new-order');
  await page.locator('#job_type').selectOption('drain');
  await page.locator('#lat').fill(String(35.7219 + (Math.random() - 0.5) * 0.01));
  await page.locator('#long').fill(String(51.4056 + (Math.random() - 0.5) * 0.01));
  await page.locator('#words').fill(words);
  await page.locator('main form.panel button').click();
  await page.waitForURL(/\/dispatch\/orders\//);
  return new URL(page.url()).pathname.split('/').pop();
}

const words = { fa: 'آب از جوی بیرون زده', en: 'water has risen out of the gutter' };

describe('a storm morning', { concurrency: false }, () => {
  for (const language of languages) {
    test(`from the first urgent order to the hand-over, ${language}`, async () => {
      const state = await stateOf('dispatcher');
      await visit({ language, device: desk, state }, async (page) => {
        await page.open(board);
        await held(page);
        assert.ok(await page.locator('[data-crew]').count() > 1, 'crews are at work');
        await page.locator('[data-live-state]').filter({ hasText: say(page, 'dispatch-live') }).waitFor();

        // Two orders come from another screen; this one shows them by itself.
        const [first, second] = await visit({ language, device: desk, state }, async (other) => [
          await makes(other, words[language]), await makes(other, words[language]),
        ]);
        for (const code of [first, second]) await page.locator(`tr[data-order="${code}"]`).waitFor({ timeout: 20_000 });

        // By keys: the box shows the best crews with their reasons, the first is chosen.
        await page.locator(`tr[data-order="${first}"] a[data-grip]`).focus();
        await page.keyboard.press('a');
        const choices = page.locator('dialog [data-candidates]');
        await choices.waitFor();
        await choices.getByText(say(page, 'dispatch-tag-soonest')).first().waitFor();
        await isOpenToEveryone(page);
        await choices.locator('button[name=crew]').first().click();
        await main(page).getByText(say(page, 'dispatch-done-assigned')).waitFor();
        assert.equal(await page.locator(`tr[data-order="${first}"]`).count(), 0);
        await page.locator(`a.stop[data-order="${first}"]`).first().waitFor();

        // By dragging: the opinion is there before anybody lets go.
        const row = page.locator(`tr[data-order="${second}"] a[data-grip]`);
        const crew = await page.locator(`a.stop[data-order="${first}"]`).first().evaluate((stop) => stop.closest('[data-crew]').dataset.crew);
        const lane = page.locator(`[data-crew="${crew}"] h3`);
        await row.scrollIntoViewIfNeeded();
        const from = await row.boundingBox();
        await page.mouse.move(from.x + 8, from.y + 8);
        await page.mouse.down();
        await page.mouse.move(from.x + 30, from.y - 20, { steps: 4 });
        await lane.evaluate((node) => node.scrollIntoView({ block: 'center' }));
        const to = await lane.boundingBox();
        await page.mouse.move(to.x + 5, to.y + 5, { steps: 8 });
        const opinion = page.locator('[data-drag-opinion]');
        await opinion.waitFor({ state: 'visible' });
        await page.waitForFunction(() => {
          const { textContent, dataset } = document.querySelector('[data-drag-opinion]');
          return textContent.length > 3 && !textContent.includes(dataset.wait);
        });
        await page.mouse.up();
        await main(page).getByText(say(page, 'dispatch-done-assigned')).waitFor();
        assert.equal(await page.locator(`tr[data-order="${second}"]`).count(), 0);

        // A better plan: either there is none, or it is read and accepted.
        await page.locator('[data-replan]').click();
        await page.waitForURL(/done=(proposed|no-better)/);
        await held(page);
        if (page.url().includes('done=proposed')) {
          await page.locator('[data-part=proposal] button[value=publish]').click();
          await page.waitForURL(/done=published|refused=changed/);
        }

        // The order knows who has it and what happened.
        await page.open(`/dispatch/orders/${first}`);
        await main(page).getByText(say(page, 'dispatch-fact-of-assigned')).first().waitFor();
        await held(page);

        await page.open('/dispatch/handover?district=6');
        await page.locator('#words').fill(words[language]);
        await page.locator('button[value=leave]').click();
        await main(page).getByText(say(page, 'dispatch-done-left')).waitFor();
        await held(page);
        await page.locator('button[value=take]').first().click();
        await main(page).getByText(say(page, 'dispatch-done-taken')).waitFor();
      });
    });

    for (const device of [phone, desk]) {
      test(`every page of dispatch on a ${device.name}, ${language}`, async () => {
        const state = await stateOf('dispatcher');
        await visit({ language, device, state }, async (page) => {
          for (const path of [board, '/dispatch', '/dispatch/plan?district=6', '/dispatch/handover?district=6', '/dispatch/sheet/d6-1']) {
            await page.open(path);
            await held(page);
          }
        });
      });
    }
  }

  test('without script the board is read and an order is given by buttons', async () => {
    const state = await stateOf('dispatcher');
    await visit({ language: 'fa', device: desk, state }, (page) => makes(page, words.fa));
    await visit({ language: 'fa', device: desk, state, script: false }, async (page) => {
      await page.open(board);
      await page.locator('tr[data-order] a[data-choose]').last().click();
      await page.waitForURL(/\/dispatch\/orders\//);
      await page.locator('.candidate button').first().click();
      await main(page).getByText(say(page, 'dispatch-done-assigned')).waitFor();
    });
  });
});
