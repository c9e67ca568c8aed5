// What holds on every page, whatever it is about.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Language and direction are those of the visitor; there is one headline and a title. */
export async function speaksTheLanguage(page) {
  const html = page.locator('html');
  assert.equal(await html.getAttribute('lang'), page.language);
  assert.equal(await html.evaluate((node) => getComputedStyle(node).direction), page.language === 'fa' ? 'rtl' : 'ltr');
  assert.equal(await page.locator('h1').count(), 1, 'a page has one headline');
  assert.notEqual((await page.title()).trim(), '', 'a page has a title');
}

/** No key of a message, no placeable and no `undefined` is left where words should stand. */
export async function saysEverything(page) {
  const text = await page.locator('body').innerText();
  const holes = text.match(/\{\s*\$\w+\s*\}|\bundefined\b|\bNaN\b|\[object \w+\]|\{\{|\}\}|\?\?\?/g);
  assert.equal(holes, null, `left where words should stand: ${holes}`);
  const keys = text.match(/\b(?:requests|report|home|track|list|map|services|about|design|common|web|status|errors?)-[a-z]+(?:-[a-z]+)+\b/g);
  assert.equal(keys, null, `keys of messages: ${keys}`);
}

/**
 * Persian pages show Persian digits. What people typed, codes meant for machines and addresses stand in
 * `bdi`, `.said`, `code`, `pre`, links to files or anything marked `translate="no"`, and stay as they are.
 */
export async function showsPersianDigits(page) {
  if (page.language !== 'fa') return;
  const found = await page.evaluate(() => {
    const machine = 'bdi, .said, code, pre, kbd, samp, script, style, svg title, textarea, [translate=no], [lang=en], [dir=ltr]';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const places = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const box = node.parentElement;
      if (/[0-9]/.test(node.data) && !box.closest(machine) && box.checkVisibility()) places.push(node.data.trim());
    }
    return places;
  });
  assert.deepEqual(found, [], 'Latin digits on a Persian page');
}

/** Nothing sticks out sideways, also on the narrowest phone. */
export async function fitsTheScreen(page) {
  const size = page.viewportSize();
  for (const width of page.device.name === 'phone' ? [320, size.width] : [size.width]) {
    await page.setViewportSize({ width, height: size.height });
    const wide = await page.evaluate(() => {
      const screen = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= screen) return [];
      const out = [...document.querySelectorAll('body *')].filter((node) => {
        const box = node.getBoundingClientRect();
        return box.width > 0 && (box.right > screen + 1 || box.left < -1);
      });
      return out.slice(0, 5).map((node) => node.outerHTML.slice(0, 120));
    });
    assert.deepEqual(wide, [], `sticks out at ${width} px`);
  }
  await page.setViewportSize(size);
}

/** WCAG 2.2 AA as far as a program can tell. The window gets axe from outside, past the page's own policy. */
export async function isOpenToEveryone(page) {
  // A policy without inline script also stops helpers; an isolated evaluation is not bound by it.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    // eslint-disable-next-line no-undef
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
  );
  const words = violations.flatMap((rule) =>
    rule.nodes.slice(0, 5).map((node) => `${rule.id}: ${rule.help}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`),
  );
  assert.deepEqual(words, [], `axe finds:\n  ${words.join('\n  ')}`);
}

/** The first stop of the Tab key leads to the content, and every stop can be seen. */
export async function worksByKeyboard(page) {
  await page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined));
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement?.getAttribute('href') ?? '');
  assert.match(first, /^#/, 'the first stop is a link to the content of this page');
  for (let stop = 0; stop < 12; stop += 1) {
    const seen = await page.evaluate(() => {
      const node = document.activeElement;
      if (!node || node === document.body) return 'left the page';
      const style = getComputedStyle(node);
      const ring = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none';
      const box = node.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) return `nothing to see of ${node.outerHTML.slice(0, 120)}`;
      // Some parts draw their ring as a shadow or around a neighbour, such as the label of a radio button.
      return ring || style.boxShadow !== 'none' || node.matches('input, select, textarea, canvas') ? '' : `no ring around ${node.outerHTML.slice(0, 120)}`;
    });
    if (seen === 'left the page') return;
    assert.equal(seen, '');
    await page.keyboard.press('Tab');
  }
}

/** Bytes that came over the line since the page was asked for. */
export async function weigh(page, path) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  session.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  await page.open(path);
  await page.waitForLoadState('networkidle');
  await session.detach();
  return bytes;
}
