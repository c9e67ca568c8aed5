// A picture of every page, both languages, phone and desk, into $PEYVAND_SHOTS, to be looked at by a person. Words
// after the program's name choose among the pages by name.

import { mkdirSync } from 'node:fs';

import { everyone, goHome, shots, visitor } from './people.mjs';
import { pages, refusing, stories } from './pages.mjs';
import { password, staffPages, stateOf } from './staff.mjs';

const folder = shots;
mkdirSync(folder, { recursive: true });
let failed = 0;

const all = Object.entries({ ...pages, ...stories }).map(([name, open]) => ({ name, open, counts: name in pages }));
const staff = Object.entries(staffPages).map(([name, { who, open }]) => ({ name: `staff, ${name}`, who, open, counts: true }));
if (password()) all.push(...staff);
else console.log('no pictures of the pages of staff: neither PEYVAND_DATA nor PEYVAND_DEMO_PASSWORD is set');

const words = process.argv.slice(2);
const chosen = all.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));

for (const { language, device } of everyone) {
  for (const { name, who, open, counts } of chosen) {
    const page = await visitor({ language, device, state: who && (await stateOf(who)) });
    const path = `${folder}/${name.replace(/[^a-z]+/g, '-')}.${language}.${device.width}.png`;
    try {
      const answer = await open(page);
      // A page that listens to what happens is never quite silent.
      await page.waitForLoadState('networkidle', { timeout: 4_000 }).catch(() => {});
      // A map comes when somebody gets near it.
      if (await page.locator('peyvand-map').count()) {
        await page.locator('peyvand-map').first().scrollIntoViewIfNeeded().catch(() => {});
        await page.waitForTimeout(1_500);
        await page.evaluate(() => scrollTo(0, 0));
      }
      await page.screenshot({ path, fullPage: true });
      const status = counts ? answer.status() : 200;
      if (!(refusing[name] ?? [200]).includes(status)) throw new Error(`answered ${status}`);
    } catch (error) {
      failed += 1;
      console.log(`${language} ${device.width} ${name}: ${error.message.split('\n')[0]}`);
    }
    await page.context().close();
  }
}

await goHome();
console.log(`pictures are in ${folder}; ${failed} pages could not be shown`);
process.exitCode = failed > 0 ? 1 : 0;
