// People at a screen: who visits, in which language, on what device. Each visitor has a fresh browser
// profile, and complains at the end about what no visitor should ever meet: an error in the console, a
// request to another host, something the content security policy had to stop, an answer of the 500s.

import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

export const base = (process.env.PEYVAND_BASE ?? 'http://127.0.0.1:8137').replace(/\/$/, '');

/** Where pictures go. */
export const shots = process.env.PEYVAND_SHOTS ?? fileURLToPath(new URL('../../../.shots', import.meta.url));

export const phone = { name: 'phone', width: 360, height: 740, hasTouch: true, isMobile: true };
export const desk = { name: 'desk', width: 1280, height: 800 };
export const devices = [phone, desk];
export const languages = ['fa', 'en'];

/** Every pair of a language and a device, for journeys that must hold in all of them. */
export const everyone = languages.flatMap((language) => devices.map((device) => ({ language, device })));

/** The address of a page in a language: Persian lives at `/`, English below `/en`. */
export const address = (language, path) => base + (language === 'en' ? `/en${path}` : path);

let started;

async function browser() {
  started ??= chromium.launch({
    executablePath: process.env.PEYVAND_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    ],
  });
  return started;
}

/** Ends the browser; every test file calls it once, when all its visits are over. */
export async function goHome() {
  await (await started)?.close();
  started = undefined;
}

/**
 * Somebody opens a browser. Returns a page with `open(path)` in the visitor's language.
 * `script: false` switches JavaScript off; `place` answers "use my position"; `state` is what the browser kept from
 * an earlier visit.
 */
export async function visitor({ language = 'fa', device = phone, script = true, place, state } = {}) {
  const context = await (await browser()).newContext({
    locale: language === 'fa' ? 'fa-IR' : 'en-GB',
    timezoneId: 'Asia/Tehran',
    viewport: { width: device.width, height: device.height },
    hasTouch: device.hasTouch,
    isMobile: device.isMobile,
    javaScriptEnabled: script,
    reducedMotion: 'reduce',
    ...(state && { storageState: state }),
    ...(place && { geolocation: place, permissions: ['geolocation'] }),
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.complaints = [];
  page.allowed = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/.test(message.text())) {
      page.complaints.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => page.complaints.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !/^(data|blob|about):/.test(url)) page.complaints.push(`foreign host: ${url}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 500) page.complaints.push(`${answer.status()} from ${answer.url()}`);
  });
  page.language = language;
  page.script = script;
  page.device = device;
  page.open = (path) => page.goto(address(language, path));
  return page;
}

/**
 * A visit from beginning to end: the visitor goes home and says what went wrong on the way. Complaints
 * that match `page.allowed` were part of the story, such as the console's note about a page that is missing.
 */
export async function visit(options, story) {
  const page = await visitor(options);
  try {
    const told = await story(page);
    const left = page.complaints.filter((words) => !page.allowed.some((pattern) => pattern.test(words)));
    if (left.length > 0) throw new Error(`the visitor complains:\n  ${left.join('\n  ')}`);
    return told;
  } catch (error) {
    await keepPicture(page, error);
    throw error;
  } finally {
    await page.context().close();
  }
}

let pictures = 0;

async function keepPicture(page, error) {
  const folder = `${shots}/failures`;
  const path = `${folder}/${process.pid}-${(pictures += 1)}-${page.language}-${page.device.name}.png`;
  try {
    await page.screenshot({ path, fullPage: true });
    error.message += `\n  at ${page.url()}\n  seen in ${path}`;
  } catch {
    // Without a picture the error alone must do.
  }
}
