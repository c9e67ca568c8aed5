// A picture of every page, both languages, phone and desk, into $PEYVAND_SHOTS, to be looked at by a person.

import { mkdirSync } from 'node:fs';

import { everyone, goHome, shots, visitor } from './people.mjs';
import { pages, refusing, stories } from './pages.mjs';

const folder = shots;
mkdirSync(folder, { recursive: true });
let failed = 0;

for (const { language, device } of everyone) {
  for (const [name, reach] of Object.entries({ ...pages, ...stories })) {
    const page = await visitor({ language, device });
    const path = `${folder}/${name.replace(/[^a-z]+/g, '-')}.${language}.${device.width}.png`;
    try {
      const answer = await reach(page);
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path, fullPage: true });
      const status = name in pages ? answer.status() : 200;
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
