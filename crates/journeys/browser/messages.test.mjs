// Somebody without the internet texts the line, is asked what is missing, and gets a code; an administrator sees it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, test } from 'node:test';

import { base, desk, goHome, phone, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone } from './promises.mjs';

const data = process.env.PEYVAND_DATA;
const password = () => process.env.PEYVAND_DEMO_PASSWORD ?? readFileSync(`${data}/demo-password`, 'utf8').trim();

after(goHome);

// Every run is another person, or half a message of an earlier one would be waiting.
const person = `+98935${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
const name = () => `journey-${Math.random()}`;

async function text(words, id = name()) {
  const answer = await fetch(`${base}/api/v1/sms/file/inbound`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-secret': password() },
    body: JSON.stringify({ id, from: person, text: words }),
  });
  assert.equal(answer.status, 200);
  return answer.json();
}

/** The first message to our person that says what is looked for; the sender needs a moment. */
async function received(looked) {
  for (let tries = 0; tries < 100; tries += 1) {
    const file = `${data}/outbox.jsonl`;
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const lines = text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    const found = lines.find((line) => line.to === person && looked(line));
    if (found) return found;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error('no such message came');
}

test('a text becomes a request when it says what and where', { skip: data ? false : 'needs the data folder of the demo' }, async () => {
  assert.equal((await text('هرس درخت')).understood, 'place-missing');
  assert.match((await received((line) => line.template === 'inbound')).text, /کجاست/);
  const id = name();
  assert.equal((await text('خیابان بهار، کوچهٔ دوم', id)).understood, 'opened');
  // The provider hands it over again: nothing more happens.
  assert.equal((await text('خیابان بهار، کوچهٔ دوم', id)).taken, 'before');
  const submitted = await received((line) => line.template === 'submitted');
  const code = submitted.text.replace(/[۰-۹]/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'.indexOf(digit)).match(/\d{10}/)[0];

  await visit({ device: phone }, async (page) => {
    await page.open(`/r/${code}`);
    assert.equal(new URL(page.url()).pathname, `/requests/${code}`);
    await page.getByText('کوچهٔ دوم').first().waitFor();
  });
  await visit({ device: desk }, async (page) => {
    await page.open('/sign-in/staff');
    await page.fill('#name', 'admin');
    await page.fill('#password', password());
    await page.press('#password', 'Enter');
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    for (const path of ['/notices', '/notices/inbox', '/notices/texts']) {
      await page.open(path);
      await fitsTheScreen(page);
      await isOpenToEveryone(page);
    }
    await page.open('/notices/inbox');
    await page.getByText('خیابان بهار، کوچهٔ دوم').first().waitFor();
    assert.equal(await page.getByText(person.slice(1)).count(), 0, 'numbers are not shown whole');
    await page.open('/notices');
    await page.locator('.said', { hasText: 'کد پیگیری' }).first().waitFor();
  });
});
