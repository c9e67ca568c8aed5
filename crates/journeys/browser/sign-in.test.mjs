// Signing in, from every side: a citizen by the code that was sent, staff by password and authenticator, staff by
// passkey with the browser's own virtual authenticator. And every page on the way keeps what every page promises.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';

import { address, base, desk, everyone, goHome, languages, phone, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage } from './promises.mjs';

after(goHome);

const data = process.env.PEYVAND_DATA;
const password = () => process.env.PEYVAND_DEMO_PASSWORD ?? readFileSync(`${data}/demo-password`, 'utf8').trim();

async function keepsThePromises(page) {
  await speaksTheLanguage(page);
  await saysEverything(page);
  await showsPersianDigits(page);
  await fitsTheScreen(page);
  await isOpenToEveryone(page);
}

/** The newest code that was sent to a number, from the file that stands for the SMS gateway. */
async function codeFor(number) {
  for (let tries = 0; tries < 100; tries += 1) {
    const lines = readFileSync(`${data}/outbox.jsonl`, { encoding: 'utf8', flag: 'a+' }).trim().split('\n').filter(Boolean);
    const sent = lines.map((line) => JSON.parse(line)).filter((message) => message.to.endsWith(number.slice(1)));
    const code = /(\d{6})\s*$/.exec(sent.at(-1)?.text ?? '')?.[1];
    if (code) return code;
    await new Promise((go) => setTimeout(go, 100));
  }
  throw new Error(`no code was sent to ${number}`);
}

/** The code of an authenticator app (RFC 6238), `ahead` steps from now. */
function totp(secret, ahead = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac('sha1', key).update(step).digest();
  const at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const persian = (text) => text.replace(/\d/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[digit]);
let numbers = Math.floor(Math.random() * 9000) + 1000;

for (const { language, device } of everyone) {
  describe(`${language} at ${device.width} px`, () => {
    test('a citizen comes in by the code, sees where, and goes', () =>
      visit({ language, device }, async (page) => {
        const number = `0935000${(numbers += 1)}`;
        await page.open('/me');
        await keepsThePromises(page);
        await page.locator('#mobile').fill(persian(number));
        await page.locator('main form button').first().click();
        await page.locator('#code').waitFor();
        assert.equal(await page.locator('#code').getAttribute('autocomplete'), 'one-time-code');
        assert.ok(await page.locator('form.again button').isDisabled(), 'the button waits with the words beside it');
        await keepsThePromises(page);
        page.allowed.push(/status of 422/);
        await page.locator('#code').fill('000000');
        await page.keyboard.press('Enter');
        await page.locator('.errors').waitFor();
        await keepsThePromises(page);
        await page.locator('#code').fill(persian(await codeFor(number)));
        await page.keyboard.press('Enter');
        await page.waitForURL(address(language, '/me'));
        await keepsThePromises(page);
        await page.open('/me/sessions');
        await keepsThePromises(page);
        await page.open('/me/details');
        await keepsThePromises(page);
        await page.open('/me');
        await page.locator('form[action$="/sign-out"] button').click();
        await page.waitForURL(address(language, '/sign-out'));
        await keepsThePromises(page);
        await page.open('/me');
        assert.match(page.url(), /\/sign-in\?next=/);
      }));

    test('an administrator looks after people', () =>
      visit({ language, device }, async (page) => {
        await staff(page, 'admin', '/people');
        await keepsThePromises(page);
        await page.open('/people/new');
        await keepsThePromises(page);
        page.allowed.push(/status of 422/);
        await page.locator('#name').fill(language === 'fa' ? 'زهرا احمدی' : 'Zahra Ahmadi');
        await page.locator('#sign-name').fill('x');
        await page.locator('#role').selectOption('operator');
        await page.locator('#scope').selectOption('city');
        await page.locator('main form .actions button').click();
        await page.locator('.errors').waitFor();
        await keepsThePromises(page);
        const sign = `colleague.${language}.${device.width}.${numbers}`;
        await page.locator('#sign-name').fill(sign);
        await page.locator('main form .actions button').click();
        const first = await page.locator('#first-password').innerText();
        assert.match(first, /^[a-z0-9-]{19}$/);
        await keepsThePromises(page);
        await page.locator('.actions a').click();
        await page.waitForURL(/\/people\/\d+/);
        await keepsThePromises(page);
        await page.context().clearCookies();
        await page.open('/sign-in/staff');
        await enterPassword(page, sign, first);
        await page.locator('#new-password').waitFor();
        await keepsThePromises(page);
        await page.locator('#new-password').fill(language === 'fa' ? 'هفت کوزه کنار رود' : 'seven jars by the river');
        await page.locator('main form .actions button').click();
        await page.waitForURL(address(language, '/desk'));
      }));
  });
}

async function enterPassword(page, name, secret) {
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(secret);
  await page.locator('main form .actions button').click();
}

async function staff(page, name, then = '/me') {
  await page.open(`/sign-in/staff?next=${encodeURIComponent(page.language === 'en' ? `/en${then}` : then)}`);
  await keepsThePromises(page);
  await enterPassword(page, name, password());
  await page.waitForURL(address(page.language, then));
}

/** A colleague of this story's own: what is set up for them is nobody else's trouble. */
async function colleague(language) {
  const name = `guest.${process.pid}.${(numbers += 1)}`;
  const secret = 'nine lanterns over the old bridge';
  await visit({ language, device: desk }, async (page) => {
    await staff(page, 'admin', '/people/new');
    await page.locator('#name').fill(language === 'fa' ? 'همکار مهمان' : 'Guest Colleague');
    await page.locator('#sign-name').fill(name);
    await page.locator('#role').selectOption('operator');
    await page.locator('#scope').selectOption('city');
    await page.locator('main form .actions button').click();
    const first = await page.locator('#first-password').innerText();
    await page.context().clearCookies();
    await page.open('/sign-in/staff');
    await enterPassword(page, name, first);
    await page.locator('#new-password').fill(secret);
    await page.locator('main form .actions button').click();
    await page.waitForURL((url) => !url.pathname.includes('/sign-in'));
  });
  return { name, secret };
}

for (const language of languages) {
  test(`an authenticator and a recovery code, in ${language}`, () =>
    visit({ language, device: language === 'fa' ? phone : desk }, async (page) => {
      const { name, secret: known } = await colleague(language);
      await page.open(`/sign-in/staff?next=${encodeURIComponent(language === 'en' ? '/en/me/security' : '/me/security')}`);
      await enterPassword(page, name, known);
      await page.waitForURL(/\/me\/security/);
      await keepsThePromises(page);
      await page.locator('a[href*="/sign-in/enrol"]').click();
      await page.locator('.qr svg').waitFor();
      await keepsThePromises(page);
      const secret = (await page.locator('bdi.code').allInnerTexts())[0].replace(/\s/g, '');
      await page.locator('#code').fill(totp(secret));
      await page.keyboard.press('Enter');
      await page.locator('.recovery').waitFor();
      await keepsThePromises(page);
      const recovery = await page.locator('.recovery bdi').first().innerText();
      await page.locator('.actions a').click();
      await page.open('/me/security');
      await keepsThePromises(page);
      await page.context().clearCookies();

      page.allowed.push(/status of 422/);
      await page.open('/sign-in/staff');
      await enterPassword(page, name, known);
      await page.waitForURL(/\/sign-in\/second/);
      await keepsThePromises(page);
      await page.locator('#code').fill('000000');
      await page.keyboard.press('Enter');
      await page.locator('.errors').waitFor();
      await keepsThePromises(page);
      await page.locator('#code').fill(persian(totp(secret, 1)));
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => !url.pathname.includes('/sign-in'));
      await page.context().clearCookies();
      await page.open('/sign-in/staff');
      await enterPassword(page, name, known);
      await page.locator('#code').fill(recovery);
      await page.keyboard.press('Enter');
      await page.waitForURL((url) => !url.pathname.includes('/sign-in'));
    }));

  test(`a passkey is made and signs in, in ${language}`, () =>
    visit({ language, device: desk }, async (page) => {
      // Browsers make passkeys for names only, and an address in numbers is none.
      page.allowed.push(/foreign host: http:\/\/localhost/, /status of 403/);
      const local = base.replace('127.0.0.1', 'localhost');
      const open = (path) => page.goto(local + (language === 'en' ? `/en${path}` : path));
      const protocol = await page.context().newCDPSession(page);
      await protocol.send('WebAuthn.enable');
      const { authenticatorId } = await protocol.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
      const { name, secret: known } = await colleague(language);
      await open(`/sign-in/staff?next=${encodeURIComponent(language === 'en' ? '/en/me/security' : '/me/security')}`);
      await enterPassword(page, name, known);
      await page.waitForURL(/\/me\/security/);
      await page.locator('#passkey-name').fill(language === 'fa' ? 'گوشی من' : 'My telephone');
      await page.locator('peyvand-passkey button').click();
      await page.waitForLoadState();
      await page.locator('main').getByText(language === 'fa' ? 'گوشی من' : 'My telephone').first().waitFor();
      await keepsThePromises(page);
      const { credentials } = await protocol.send('WebAuthn.getCredentials', { authenticatorId });
      assert.equal(credentials.length, 1);

      await page.context().clearCookies();
      await open('/sign-in/staff');
      await page.locator('peyvand-passkey button').click();
      await page.waitForURL((url) => !url.pathname.includes('/sign-in'));

      // What was proved once proves nothing again, and what was changed on the way proves nothing at all.
      const proof = `${local}${language === 'en' ? '/en' : ''}/sign-in/passkey`;
      let said;
      const listen = (request) => { if (request.url() === proof) said = request.postData(); };
      page.on('request', listen);
      await page.context().clearCookies();
      await open('/sign-in/staff');
      await page.locator('peyvand-passkey button').click();
      await page.waitForURL((url) => !url.pathname.includes('/sign-in'));
      page.off('request', listen);
      const again = await page.request.post(proof, { data: said, headers: { 'content-type': 'application/json' } });
      assert.equal(again.status(), 403, 'the same proof a second time');
      for (const field of ['signature', 'authenticatorData', 'clientDataJSON', 'userHandle', 'id']) {
        await page.context().clearCookies();
        await open('/sign-in/staff');
        await page.route(proof, (route) => {
          const words = route.request().postDataJSON();
          const old = words.credential[field];
          words.credential[field] = old.slice(0, 6) + (old[6] === 'A' ? 'B' : 'A') + old.slice(7);
          return route.continue({ postData: JSON.stringify(words) });
        });
        await page.locator('peyvand-passkey button').click();
        await page.locator('peyvand-passkey .error:not([hidden])').waitFor();
        await page.unroute(proof);
      }

      // The password alone is not enough any more.
      await page.context().clearCookies();
      await open('/sign-in/staff');
      await enterPassword(page, name, known);
      await page.waitForURL(/\/sign-in\/second/);
      await keepsThePromises(page);

      // A finger that is not recognised opens nothing.
      await protocol.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
      await open('/sign-in/staff');
      await page.locator('peyvand-passkey button').click();
      await page.locator('peyvand-passkey .error:not([hidden])').waitFor();
      await open('/me');
      assert.match(page.url(), /\/sign-in\?next=/);

      // Removed, it is worth nothing, though the authenticator still has it.
      await protocol.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
      await open('/sign-in/staff');
      await page.locator('peyvand-passkey button').click();
      await page.waitForURL((url) => !url.pathname.includes('/sign-in'));
      await open('/me/security');
      await page.locator('form[action*="/me/passkeys/"] button').click();
      await page.waitForURL(/done=1/);
      await page.context().clearCookies();
      await open('/sign-in/staff');
      await page.locator('peyvand-passkey button').click();
      await page.locator('peyvand-passkey .error:not([hidden])').waitFor();
    }));
}

test('without script a citizen comes in, and too early means a kind word', () =>
  visit({ script: false }, async (page) => {
    const number = `0935000${(numbers += 1)}`;
    await page.open('/sign-in');
    await page.locator('#mobile').fill(number);
    await page.locator('main form button').first().click();
    page.allowed.push(/status of 429/);
    await page.locator('form.again button').click();
    await page.locator('.errors').waitFor();
    await page.locator('#code').fill(await codeFor(number));
    await page.keyboard.press('Enter');
    await page.waitForURL(address('fa', '/me'));
  }));
