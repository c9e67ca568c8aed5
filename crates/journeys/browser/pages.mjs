// Every page that a citizen can come to, by a name that people use. Most have an address; the steps of a report
// are reached by going through it.

import { answer, attach, goOn, arrive, photograph, report, send, toTheWords, usual } from './reporting.mjs';
import { base } from './people.mjs';
import { say } from './words.mjs';

const at = (path) => (page) => page.open(path);

export const pages = {
  home: at('/'),
  'report, subject': at('/report'),
  'report, subject searched': (page) => page.open(`/report?q=${encodeURIComponent(usual.hint[page.language])}`),
  'report, place': at(`/report/place?service_code=${usual.service}`),
  track: at('/track'),
  'track, wrong code': at('/track?code=1234567890'),
  list: at('/requests'),
  'list, searched': (page) => page.open(`/requests?status=all&q=${encodeURIComponent(page.language === 'fa' ? 'خیابان' : 'street')}`),
  'list, nothing found': at('/requests?q=zzqqxx'),
  map: at('/map'),
  'one request': async (page) => page.open(`/requests/${await someCode(({ open }) => open)}`),
  'one request, over': async (page) => page.open(`/requests/${await someCode(({ open }) => !open)}`),
  services: at('/services'),
  'one service': at(`/services/${usual.service}`),
  officials: at('/officials'),
  rounds: at('/rounds'),
  'one round, voting': at('/rounds/1405'),
  'one round, being built': at('/rounds/1404'),
  'projects of a round': at('/rounds/1405/projects'),
  'projects side by side': at('/rounds/1405/compare?p=1&p=8'),
  'one project': (page) => firstOf(page, '/rounds/1405/projects'),
  'ideas of a round': at('/rounds/1405/ideas'),
  'one idea': (page) => firstOf(page, '/rounds/1405/ideas'),
  'receipt of a ballot': at('/rounds/1405/receipt?r=12345678901234567890'),
  'moderation log': at('/rounds/1405/moderation'),
  'sign-in': at('/sign-in'),
  'sign-in, staff': at('/sign-in/staff'),
  'signed out': at('/sign-out'),
  about: at('/about'),
  design: at('/design'),
  missing: at('/no-such-page'),
  'home of a city without borders': at('/?city=shiraz.ir'),
  'report, place without borders': at('/report/place?city=shiraz.ir&service_code=street-light'),
};

/** What the first headline of a list leads to. */
async function firstOf(page, list) {
  await page.open(list);
  return page.goto(await page.locator('main h2 a').first().evaluate((node) => node.href));
}

/** Pages that answer something else than 200, and may. */
export const refusing = { 'track, wrong code': [404, 422], missing: [404] };

/** What lies on the way of a report, each as a story that ends on the page. */
export const stories = {
  'report, nothing chosen': async (page) => {
    await page.open('/report');
    await goOn(page);
    await page.locator('.errors').waitFor();
  },
  'report, words': (page) => toTheWords(page),
  'report, words with a photo refused': async (page) => {
    await toTheWords(page);
    await page.locator('textarea[name=description]').fill(usual.words[page.language]);
    await page.locator('input[type=file]').setInputFiles({ name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a photo') });
    await goOn(page);
    await page.locator('.errors').waitFor();
  },
  'report, contact': async (page) => {
    await toTheWords(page);
    await page.locator('textarea[name=description]').fill(usual.words[page.language]);
    await answer(page);
    await goOn(page);
    await arrive(page, 'report-contact-question');
  },
  'report, contact wrong': async (page) => {
    await stories['report, contact'](page);
    await page.locator('input[name=phone]').fill('0912');
    await goOn(page);
    await page.locator('.errors').waitFor();
  },
  'report, check': async (page) => {
    const photo = await photographOf(page);
    await toTheWords(page);
    await page.locator('textarea[name=description]').fill(usual.words[page.language]);
    await attach(page, photo);
    await answer(page);
    await goOn(page);
    await arrive(page, 'report-contact-question');
    await page.locator('input[name=phone]').fill(usual.mobile[page.language]);
    await goOn(page);
    await arrive(page, 'report-check-question');
  },
  'report, done': async (page) => {
    await stories['report, check'](page);
    await send(page);
  },
  'report, others said so': async (page) => {
    await page.open(`/report/place?service_code=${usual.service}&${await nearby(page)}`);
    await goOn(page);
    await arrive(page, 'report-similar-question');
  },
  'one request, just sent': async (page) => {
    const code = await report(page, { photo: await photographOf(page) });
    await page.open(`/requests/${code}`);
  },
  'one request, joined': async (page) => {
    await page.open(`/requests/${await someCode(({ open }) => open)}`);
    await page.getByRole('button', { name: say(page, 'requests-me-too') }).click();
    await page.locator('[role=status]').first().waitFor();
  },
};

async function photographOf(page) {
  await page.open('/');
  return photograph(page);
}

/** Says something at a place through the programs' door, and names the place for an address of ours. */
async function nearby(page) {
  const { latitude, longitude } = (await known()).find((one) => one.open && one.latitude);
  const sent = await fetch(`${base}/open311/v2/requests.json`, {
    method: 'POST',
    body: new URLSearchParams({
      api_key: 'demo', service_code: usual.service, lat: latitude, long: longitude,
      description: usual.words[page.language], ...(await firstAnswers()),
    }),
  });
  if (!sent.ok) throw new Error(`a report is refused: ${await sent.text()}`);
  return `lat=${latitude}&long=${longitude}`;
}

async function firstAnswers() {
  const { attributes } = await (await fetch(`${base}/open311/v2/services/${usual.service}.json`)).json();
  const must = attributes.filter((asked) => asked.required === 'true' && asked.values?.length);
  return Object.fromEntries(must.map((asked) => [`attribute[${asked.code}]`, asked.values[0].key]));
}

let requests;

async function known() {
  requests ??= fetch(`${base}/api/v1/requests.geojson`).then(async (answer) => {
    if (!answer.ok) throw new Error(`requests.geojson answers ${answer.status}`);
    const { features } = await answer.json();
    return features.map(({ properties, geometry }) => ({
      code: properties.code, open: properties.open, longitude: geometry?.coordinates[0], latitude: geometry?.coordinates[1],
    }));
  });
  return requests;
}

/** The code of some public request of the demo city of which `is` holds. */
export async function someCode(is = () => true) {
  const found = (await known()).find(is);
  if (!found) throw new Error('the demo city has no such request');
  return found.code;
}
