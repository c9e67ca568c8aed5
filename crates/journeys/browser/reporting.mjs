// How a citizen goes through the report, step by step. Each step ends on the page that comes next, whatever
// lies between: "which of these places?" and "others already said this" are passed by unless a story wants them.

import assert from 'node:assert/strict';

import { base } from './people.mjs';
import { latin, say } from './words.mjs';

export const headline = (page) => page.locator('h1').innerText();
const main = (page) => page.locator('main');

/** Waits for the page whose headline is the message `key`. */
export async function arrive(page, key) {
  const h1 = page.getByRole('heading', { level: 1, name: say(page, key) });
  await h1.waitFor().catch(async () => {
    assert.fail(`expected the page ${say(page, key)}, came to “${await headline(page)}”: ${await main(page).innerText()}`);
  });
}

/** Presses the button that leads on. */
export const goOn = (page) => main(page).locator('.actions button').first().click();

/** Presses "back" of the form, which keeps what was typed. */
export const goBack = (page) => main(page).getByRole('button', { name: say(page, 'common-back'), exact: true }).click();

export const choose = (page, name, value) =>
  main(page).locator(`input[name="${name}"][value="${value}"]`).first().check({ force: true });

/** From the first page to the choice of a subject: a few words lead to it. */
export async function begin(page, { hint, service }) {
  await page.open('/');
  await main(page).locator('input[name=q]').fill(hint);
  await main(page).getByRole('button', { name: say(page, 'common-continue') }).click();
  await arrive(page, 'report-service-question');
  await choose(page, 'service_code', service);
}

/** Answers what the subject asks and must know. */
export async function answer(page) {
  for (const question of await main(page).locator('fieldset[id^="attribute"], fieldset[id^="answer"]').all()) {
    const isOptional = (await question.locator('legend .optional').count()) > 0;
    const isAnswered = (await question.locator('input:checked').count()) > 0;
    if (!isOptional && !isAnswered) await question.locator('input').first().check({ force: true });
  }
  for (const list of await main(page).locator('select[name^="attribute"]').all()) {
    if (!(await list.inputValue())) await list.selectOption({ index: 1 });
  }
}

/** Passes the pages that may stand between the place and the words. */
export async function reachWords(page) {
  for (let pages = 0; pages < 3; pages += 1) {
    const text = await headline(page);
    if (say(page, 'report-words-question').test(text)) return;
    if (say(page, 'report-similar-question').test(text)) await goOn(page);
    else if (say(page, 'report-places-question').test(text)) await goOn(page);
    else await arrive(page, 'report-words-question');
    await page.waitForLoadState('load');
  }
  await arrive(page, 'report-words-question');
}

/** What the stories say when nothing else matters. */
export const usual = {
  hint: { fa: 'درخت افتاده', en: 'fallen tree' },
  service: 'fallen-tree',
  address: { fa: 'خیابان نمونه، روبه‌روی مدرسه', en: 'Sample Street, opposite the school' },
  words: { fa: 'شاخهٔ بزرگی افتاده و راه را بسته است', en: 'A large branch has fallen and blocks the way' },
  mobile: { fa: '۰۹۱۲۱۲۳۴۵۶۷', en: '09121234567' },
};

/** Chooses the subject, the place, and comes to the words. */
export async function toTheWords(page, { look = async () => {} } = {}) {
  const { language } = page;
  await begin(page, { hint: usual.hint[language], service: usual.service });
  await look('report: subject');
  await goOn(page);
  await arrive(page, 'report-place-question');
  await main(page).locator('input[name=address_string]').fill(usual.address[language]);
  await main(page).locator('select[name=division]').selectOption({ index: 5 });
  await look('report: place');
  await goOn(page);
  await reachWords(page);
}

/** Says the usual things to the end. `look` sees every page on the way; returns the code as machines write it. */
export async function report(page, { photo, words = usual.words[page.language], mobile = '', look = async () => {} } = {}) {
  await toTheWords(page, { look });
  await main(page).locator('textarea[name=description]').fill(words);
  if (photo) await attach(page, photo);
  await answer(page);
  await look('report: words');
  await goOn(page);
  await arrive(page, 'report-contact-question');
  if (mobile) await main(page).locator('input[name=phone]').fill(mobile);
  await look('report: contact');
  await goOn(page);
  await arrive(page, 'report-check-question');
  assert.ok((await main(page).innerText()).includes(words), 'the last look shows what was typed');
  await look('report: check');
  await send(page);
  await look('report: done');
  return code(page);
}

export async function send(page) {
  await main(page).getByRole('button', { name: say(page, 'report-send') }).click();
  await arrive(page, 'report-done-title');
}

/** Chooses a photo and waits until the page has made it small, where script does that. */
export async function attach(page, photo) {
  await main(page).locator('input[type=file]').setInputFiles(photo);
  if (page.script) await main(page).locator('[data-upload-said]').filter({ hasText: /./ }).waitFor();
}

/** The code on the page, ten digits. */
export async function code(page) {
  const text = latin(await main(page).innerText()).replace(/[\s\u200c-\u200f\u2066-\u2069-]/g, '');
  const found = text.match(/[0-9]{10}/)?.[0];
  assert.ok(found, `no code in: ${text}`);
  return found;
}

/** Any picture will do as a photo: the page as it looks now. */
export async function photograph(page, name = 'IMG_0137.jpg') {
  return { name, mimeType: 'image/jpeg', buffer: await page.screenshot({ type: 'jpeg' }) };
}

/** A point inside the city, where somebody already reported something. */
export async function somewhere() {
  const { features } = await (await fetch(`${base}/api/v1/requests.geojson`)).json();
  const [longitude, latitude] = features.find((feature) => feature.geometry).geometry.coordinates;
  return { latitude, longitude };
}
