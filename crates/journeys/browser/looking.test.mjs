// People look at what the city was told: on the list, on the map, on the page of one request, by subject.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';

import { base, desk, goHome, languages, phone, visit } from './people.mjs';
import { someCode } from './pages.mjs';
import { report, usual } from './reporting.mjs';
import { say, sentence } from './words.mjs';

after(goHome);

const main = (page) => page.locator('main');
const titles = (page) => main(page).locator('article.request h3').allInnerTexts();
const show = (page) => main(page).getByRole('button', { name: say(page, 'requests-filter-show') }).click();

for (const language of languages) {
  describe(`in ${language}`, () => {
    test('the filter is a sentence, and an address that can be passed on', () =>
      visit({ language, device: desk, script: false }, async (page) => {
        await page.open('/requests');
        const before = await titles(page);
        assert.ok(before.length >= 10, `${before.length} requests`);
        const subject = main(page).locator('select[name=service]');
        const [value, name] = await subject.locator('option').evaluateAll((options) => {
          const found = options.find((option) => option.value.startsWith('street') || option.value === 'asphalt-patch') ?? options.at(-1);
          return [found.value, found.textContent.trim()];
        });
        await subject.selectOption(value);
        await main(page).locator('select[name=status]').selectOption('all');
        await show(page);
        assert.equal(new URL(page.url()).searchParams.get('service'), value);
        const after = await titles(page);
        assert.ok(after.length > 0);
        for (const title of after) assert.ok(name.includes(title) || title.includes(name), `${title} is not ${name}`);
        // Whoever is sent the address sees the same.
        await page.goto(page.url());
        assert.deepEqual(await titles(page), after);
      }));

    test('words find a request, also with another letter for ی and ک', () =>
      visit({ language, device: phone, script: false }, async (page) => {
        const rare = language === 'fa' ? `زرافهٔ ${letters(6)}` : `giraffe ${letters(6)}`;
        const words = language === 'fa' ? `${rare} در کوچهٔ یکم` : `${rare} in the alley`;
        await report(page, { words });
        await page.open('/requests');
        await main(page).locator('input[name=q]').fill(rare.replaceAll('ی', 'ي').replaceAll('ک', 'ك'));
        await show(page);
        assert.ok((await main(page).innerText()).includes(words));
        assert.equal((await titles(page)).length, 1);
      }));

    test('nothing found says so and leads on', () =>
      visit({ language, device: phone }, async (page) => {
        await page.open('/requests?q=zzqqxx');
        assert.match(await main(page).innerText(), say(page, 'requests-empty-title'));
        await main(page).getByRole('link', { name: say(page, 'requests-empty-all') }).click();
        await main(page).locator('article.request').first().waitFor();
      }));

    test('pages of the list do not repeat themselves', () =>
      visit({ language, device: desk, script: false }, async (page) => {
        await page.open('/requests?status=all');
        const links = () => main(page).locator('article.request h3 a').evaluateAll((all) => all.map((a) => a.pathname));
        const first = await links();
        await main(page).locator('a[rel=next]').click();
        await page.waitForURL(/[?&]/);
        const second = await links();
        assert.ok(second.length > 0);
        assert.deepEqual(second.filter((link) => first.includes(link)), []);
      }));

    test('the map draws the city and its requests, and holds what the filter says', () =>
      visit({ language, device: desk }, async (page) => {
        const tiles = [];
        page.on('response', (answer) => answer.url().includes('/tiles/') && tiles.push(answer));
        await page.open('/map?status=done');
        await page.locator('peyvand-map canvas').waitFor();
        await page.waitForLoadState('networkidle');
        assert.ok(tiles.length > 0, 'the map asked for tiles');
        for (const tile of tiles) {
          assert.equal(tile.status(), 200, tile.url());
          assert.match(tile.url(), /status=(done|closed)/);
        }
        assert.ok((await colours(page, 'peyvand-map canvas')) > 20, 'something is drawn');
        await main(page).getByRole('link', { name: say(page, 'requests-see-list') }).click();
        await page.waitForURL(/\/requests\?.*status=done/);
      }));

    test('a district on the drawing of the city leads to its requests', () =>
      visit({ language, device: desk, script: false }, async (page) => {
        await page.open('/');
        const district = main(page).locator('svg.city a').first();
        const href = await district.getAttribute('href');
        await page.goto(new URL(href, page.url()).href);
        assert.ok((await main(page).locator('select[name=district]').inputValue()) !== '', href);
      }));

    test('one request tells its story, and can be followed to the other language', () =>
      visit({ language, device: phone }, async (page) => {
        const code = await someCode(({ open }) => !open);
        await page.open(`/requests/${code}`);
        assert.match(await main(page).innerText(), say(page, 'requests-fact-submitted'));
        assert.ok((await main(page).locator('ol.thread > li').count()) >= 2);
        await page.locator('header a.lang').click();
        await page.waitForURL(new RegExp(`${language === 'fa' ? '/en' : base}/requests/${code}`));
      }));

    test('a service says what it promises and leads to a report of it', () =>
      visit({ language, device: phone, script: false }, async (page) => {
        await page.open('/services');
        await main(page).locator('input[name=q]').fill(usual.hint[language]);
        await main(page).locator('form.find button').click();
        await main(page).locator(`a[href*="/services/${usual.service}"]`).first().click();
        assert.match(await main(page).innerText(), say(page, 'services-promise'));
        await main(page).getByRole('link', { name: sentence(page, 'services-report') }).click();
        await page.waitForURL(/\/report\//);
        assert.match(await page.locator('h1').innerText(), say(page, 'report-place-question'));
      }));

    test('another city has its own pages, and its links stay there', () =>
      visit({ language, device: phone, script: false }, async (page) => {
        await page.open('/');
        await main(page).locator('nav.quick a.chip[href*="city="]').first().click();
        await page.waitForURL(/city=/);
        const city = new URL(page.url()).searchParams.get('city');
        await page.locator('header nav a').nth(2).click();
        await page.waitForURL(/\/requests/);
        assert.equal(new URL(page.url()).searchParams.get('city'), city);
      }));
  });
}

/** How many colours a person would see there. */
async function colours(page, selector) {
  const picture = await page.locator(selector).screenshot();
  return page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    return new Set(new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer)).size;
  }, picture.toString('base64'));
}

function letters(count) {
  const alphabet = 'bdfgjkmnprstvz';
  return Array.from({ length: count }, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join('');
}
