// A picture of every page, both languages, phone and desk, into $PEYVAND_SHOTS, to be looked at by a person.

import { mkdirSync } from 'node:fs';

import { everyone, goHome, visitor } from './people.mjs';
import { pages } from './pages.mjs';

const folder = process.env.PEYVAND_SHOTS ?? '.shots';
mkdirSync(folder, { recursive: true });
let failed = 0;

for (const { language, device } of everyone) {
  const page = await visitor({ language, device });
  for (const [name, find] of Object.entries(pages)) {
    const path = `${folder}/${name.replace(/[^a-z]+/g, '-')}.${language}.${device.width}.png`;
    try {
      const answer = await page.open(await find());
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path, fullPage: true });
      if (answer.status() !== 200) throw new Error(`answered ${answer.status()}`);
    } catch (error) {
      failed += 1;
      console.log(`${language} ${device.width} ${name}: ${error.message.split('\n')[0]}`);
    }
  }
  await page.context().close();
}

await goHome();
console.log(`pictures are in ${folder}; ${failed} pages could not be shown`);
process.exitCode = failed > 0 ? 1 : 0;
