// One request from the call to its end: an operator registers it, the unit answers, the city writes to the citizen, who
// objects on the web; an inspector sends it back; the unit answers again, and the citizen accepts. In both languages,
// on a telephone and at a desk, with every page open to everyone. Then the officials' page and the caller's screen.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';

import { base, desk, everyone, goHome, languages, phone, visit } from './people.mjs';
import { fitsTheScreen, isOpenToEveryone, saysEverything, showsPersianDigits, speaksTheLanguage } from './promises.mjs';
import { say } from './words.mjs';

after(goHome);

const key = process.env.PEYVAND_STAFF_KEY ?? 'demo-staff';
const data = process.env.PEYVAND_DATA;
const password = () => process.env.PEYVAND_DEMO_PASSWORD ?? readFileSync(`${data}/demo-password`, 'utf8').trim();
const main = (page) => page.locator('main');

let numbers = 0;
/** A telephone number that no other story has. */
const ownNumber = () => `0913${String(Date.now() % 1e5).padStart(5, '0')}${String((numbers += 1)).padStart(2, '0')}`;

async function ask(path, body, more = {}) {
  const answer = await fetch(`${base}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  assert.ok(answer.ok, `${path}: ${JSON.stringify(told)}`);
  return told;
}

/** What an operator at the telephone types for the caller. */
async function called(mobile, words, language) {
  const body = {
    service_code: 'street-sweeping', description: words, lat: 35.7219, long: 51.4056, mobile, channel: 'phone', language,
  };
  const told = await ask('/requests', body, { 'idempotency-key': `${mobile}-call` });
  return told.code ?? told.tracking_code;
}

const move = (code, to, words = '') => ask(`/requests/${code}/moves`, { to, words });

/** Waits for the last message to a number that names the code, as the gateway of the demo wrote it down. */
async function message(mobile, code, times) {
  const to = mobile.replace(/^0/, '+98');
  const until = Date.now() + 30_000;
  for (;;) {
    const file = `${data}/outbox.jsonl`;
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];
    const digits = (text) => text.replace(/[۰-۹]/g, (d) => '۰۱۲۳۴۵۶۷۸۹'.indexOf(d)).replace(/[\s\u200c-\u200f\u2066-\u2069]/g, '');
    const found = lines.filter((line) => line.to === to && digits(line.text).includes('31') && digits(line.text).includes('33'));
    if (found.length >= times) {
      assert.ok(digits(found.at(-1).text).includes(code), `the message names the code: ${found.at(-1).text}`);
      return found.at(-1).text;
    }
    assert.ok(Date.now() < until, `no message to ${to} that asks for 31 or 33; the last: ${JSON.stringify(lines.at(-1))}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function keepsItsPromises(page) {
  await speaksTheLanguage(page);
  await saysEverything(page);
  await showsPersianDigits(page);
  await fitsTheScreen(page);
  await isOpenToEveryone(page);
}

async function signIn(page, name, next) {
  await page.open(`/sign-in/staff?next=${encodeURIComponent(next)}`);
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(password());
  await page.locator('#password').press('Enter');
  await page.waitForURL((url) => !url.pathname.includes('sign-in'));
  await page.open(next);
}

const send = (page, name) => main(page).getByRole('button', { name: say(page, name) }).click();

describe('the last word is the citizen’s', () => {
  for (const who of everyone) {
    test(`from the call to the acceptance: ${who.language}, ${who.device.name}`, { skip: !data }, async () => {
      const mobile = ownNumber();
      const fa = who.language === 'fa';
      const words = `${fa ? 'کوچه جارو نشده' : 'The alley was not swept'} ${numbers}`;
      const wrong = `${fa ? 'فقط نیمی از کوچه جارو شد' : 'Only half of the alley was swept'} ${numbers}`;
      const code = await called(mobile, words, who.language);
      await move(code, 'assigned');
      await move(code, 'answered', fa ? 'کوچه جارو شد.' : 'The alley was swept.');
      await message(mobile, code, 1);

      // The citizen objects.
      await visit(who, async (page) => {
        await page.open(`/requests/${code}`);
        await keepsItsPromises(page);
        await main(page).getByRole('link', { name: say(page, 'reply-object') }).click();
        await main(page).getByRole('heading', { level: 1, name: say(page, 'reply-title') }).waitFor();
        await keepsItsPromises(page);
        assert.ok(await main(page).locator('input[name=word][value=object]').isChecked(), 'the button chose the answer');
        page.allowed.push(/status of 422/);
        await main(page).locator('textarea[name=words]').fill(wrong);
        await main(page).locator('input[name=digits]').fill('0000');
        await send(page, 'reply-send');
        await main(page).locator('#digits-error').waitFor();
        await keepsItsPromises(page);
        assert.equal(await main(page).locator('textarea[name=words]').inputValue(), wrong, 'nothing typed is lost');
        await main(page).locator('input[name=digits]').fill(mobile.slice(-4));
        await send(page, 'reply-send');
        await main(page).getByText(say(page, 'reply-done-objected')).first().waitFor();
        await main(page).getByText(wrong).first().waitFor();
        await keepsItsPromises(page);
      });

      // The unit cannot simply answer again.
      const again = await fetch(`${base}/api/v1/requests/${code}`, { headers: { authorization: `Bearer ${key}` } });
      assert.equal((await again.json()).status, 'reopened');

      // The inspector sends it back.
      await visit(who, async (page) => {
        await signIn(page, 'inspector', '/objections');
        const box = main(page).locator('article', { hasText: wrong });
        await box.waitFor();
        await keepsItsPromises(page);
        await box.locator('textarea').fill(fa ? 'بازدید شد؛ نیمهٔ دیگر مانده است.' : 'Seen on the spot; the other half is left.');
        await box.getByRole('button').click();
        await main(page).getByText(say(page, 'objections-done-given-back')).first().waitFor();
      });

      await move(code, 'answered', fa ? 'همهٔ کوچه جارو شد.' : 'The whole alley was swept.');
      await message(mobile, code, 2);

      // The citizen accepts.
      await visit(who, async (page) => {
        await page.open(`/reply/${code}?word=accept`);
        await main(page).locator('input[name=digits]').fill(mobile.slice(-4));
        await send(page, 'reply-send');
        await main(page).getByText(say(page, 'reply-done-accepted')).first().waitFor();
        await main(page).getByText(say(page, 'requests-fact-accepted')).first().waitFor();
        await keepsItsPromises(page);
        await page.open(`/reply/${code}`);
        await main(page).getByText(say(page, 'reply-standing-accepted')).first().waitFor();
        await keepsItsPromises(page);
      });
    });
  }
});

describe('asking by telephone', () => {
  for (const language of languages) {
    test(`a caller works by keyboard alone: ${language}`, { skip: !data }, () => visit({ language, device: desk }, async (page) => {
      await signIn(page, 'caller', '/feedback');
      await keepsItsPromises(page);
      const press = main(page).getByRole('button', { name: say(page, 'feedback-next') });
      if (await press.count()) {
        await press.focus();
        await page.keyboard.press('Enter');
        // Either a call is there now, or the page says that none waits.
        await main(page).locator('a[href^="tel:"], [role=status]').first().waitFor();
      }
      if (await main(page).locator('a[href^="tel:"]').count()) {
        await keepsItsPromises(page);
        await main(page).locator('input[name=outcome]').first().focus();
        await page.keyboard.press('Space');
        await main(page).locator('input[name=satisfaction]').first().focus();
        await page.keyboard.press('Space');
        await main(page).getByRole('button', { name: say(page, 'feedback-record-stop') }).focus();
        await page.keyboard.press('Enter');
        await main(page).getByRole('status').filter({ hasText: say(page, 'feedback-done-recorded') }).waitFor();
        assert.equal(await main(page).locator('a[href^="tel:"]').count(), 0, 'the number is gone with the call');
      }
      await page.open('/feedback/figures');
      await keepsItsPromises(page);
    }));
  }
});

describe('officials on the line', () => {
  for (const { language, device } of [{ language: 'fa', device: phone }, { language: 'en', device: desk }]) {
    test(`a promise becomes a request: ${language}, ${device.name}`, { skip: !data }, () => visit({ language, device }, async (page) => {
      await page.open('/officials');
      await keepsItsPromises(page);
      await signIn(page, 'official', '/officials/mine');
      await keepsItsPromises(page);
      await main(page).locator('a[href*="/officials/line/"]').first().click();
      await main(page).getByRole('heading', { level: 1, name: say(page, 'officials-line-title') }).waitFor();
      const name = language === 'fa' ? 'زهرا' : 'Zahra';
      await main(page).locator('#name').fill(name);
      await main(page).locator('#about').fill(language === 'fa' ? 'جوی کوچه' : 'The gutter');
      await send(page, 'officials-enter');
      await main(page).getByText(say(page, 'officials-done-entered')).first().waitFor();
      await main(page).locator('article', { hasText: name }).last().getByRole('button', { name: say(page, 'officials-take') }).click();
      await page.waitForLoadState('load');
      await keepsItsPromises(page);
      const words = `${language === 'fa' ? 'تا فردا جارو می‌شود' : 'Swept by tomorrow'} ${Date.now() % 1e6}`;
      await main(page).locator('#service').selectOption('street-sweeping');
      await main(page).locator('#address').fill(language === 'fa' ? 'کوچهٔ یاس' : 'Yas Alley');
      await main(page).locator('#words').fill(words);
      await send(page, 'officials-promise-send');
      await main(page).getByText(say(page, 'officials-done-promised')).first().waitFor();
      await page.open('/officials/mine');
      await main(page).getByText(words).first().waitFor();
    }));
  }

  test('hours are announced and taken back', { skip: !data }, () => visit({ language: 'fa', device: desk }, async (page) => {
    await signIn(page, 'supervisor', '/officials/manage');
    await keepsItsPromises(page);
    const name = `آزمون ${Date.now() % 1e6}`;
    await main(page).locator('#name_fa').fill(name);
    await main(page).locator('#title_fa').fill('شهردار منطقه');
    await main(page).locator('#day').fill('۱۴۱۰/۰۱/۱۵');
    await main(page).locator('#from').fill('۱۰:۰۰');
    await main(page).locator('#to').fill('12:00');
    await send(page, 'officials-save');
    await main(page).getByText(say(page, 'officials-done-saved')).first().waitFor();
    await page.open('/officials');
    await main(page).getByText(name).waitFor();
    await page.open('/officials/manage');
    await main(page).locator('tr', { hasText: name }).getByRole('button').click();
    await main(page).getByText(say(page, 'officials-done-cancelled')).first().waitFor();
    await page.open('/officials');
    assert.equal(await main(page).getByText(name).count(), 0);
  }));
});
