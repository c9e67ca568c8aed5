// Staff sign in with their organisation's account, against a real OpenID provider: the certified `oidc-provider`,
// started here, and a city of our own that names it in `peyvand.toml`. The cookies of both sides are kept as a browser
// keeps them; no page is rendered. At the end the provider gives way to one that lies.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const secret = 'a-secret-of-32-characters-or-more';
const folder = mkdtempSync(join(tmpdir(), 'peyvand-sign-on-'));
let provider, listener, city, base, issuer, keys, password;

/** A port that nobody has at the moment. */
function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

before(async () => {
  const [ours, theirs] = [await freePort(), await freePort()];
  base = `http://127.0.0.1:${ours}`;
  issuer = `http://127.0.0.1:${theirs}`;
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  keys = { privateKey, jwk: { ...(await exportJWK(privateKey)), kid: 'ours', alg: 'RS256', use: 'sig' } };
  assert.ok(publicKey);
  provider = new Provider(issuer, {
    clients: [{
      client_id: 'peyvand',
      client_secret: secret,
      redirect_uris: [`${base}/sign-in/organisation/back`],
      backchannel_logout_uri: `${base}/sign-in/organisation/ended`,
      backchannel_logout_session_required: true,
    }],
    jwks: { keys: [keys.jwk] },
    cookies: { keys: ['for this test only'] },
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
    pkce: { required: () => true },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, email: `${sub}@city.example`, email_verified: true }) }),
  });
  listener = provider.listen(theirs, '127.0.0.1');
  writeFileSync(join(folder, 'secret'), `${secret}\n`);
  writeFileSync(join(folder, 'peyvand.toml'), [
    `public_url = "${base}"`, 'rate_limits = false', 'metrics_listen = "off"', '', '[oidc]', `issuer = "${issuer}"`,
    'client_id = "peyvand"', `client_secret_file = "${join(folder, 'secret')}"`, 'name_fa = "سامانهٔ یکپارچه"',
    'name_en = "City sign-on"', '',
  ].join('\n'));
  city = spawn(process.env.PEYVAND_PROGRAM, ['demo', '--small', '--data', folder, '--listen', `127.0.0.1:${ours}`], { stdio: 'ignore' });
  for (let tries = 0; tries < 600; tries += 1) {
    if (await fetch(`${base}/readyz`).then((answer) => answer.ok, () => false)) break;
    await new Promise((go) => setTimeout(go, 200));
  }
  password = readFileSync(join(folder, 'demo-password'), 'utf8').trim();
});

after(async () => {
  listener?.close();
  listener?.closeAllConnections();
  if (city) await new Promise((gone) => { city.once('exit', gone); city.kill('SIGTERM'); });
  rmSync(folder, { recursive: true, force: true });
});

/** A browser without a screen: cookies by origin, no redirect followed unless asked. */
class Browser {
  jars = new Map();

  async ask(to, fields) {
    const url = new URL(to, base);
    const jar = this.jars.get(url.origin) ?? this.jars.set(url.origin, new Map()).get(url.origin);
    const answer = await fetch(url, {
      method: fields ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      body: fields && new URLSearchParams(fields),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    const location = answer.headers.get('location');
    return { status: answer.status, to: location && new URL(location, url).href, text: await answer.text(), at: url.href };
  }

  async follow(answer, until) {
    let steps = 0;
    while (answer.to && !answer.to.startsWith(until) && (steps += 1) < 20) answer = await this.ask(answer.to);
    return answer;
  }

  /** Signs in at the provider as `who`, on its own pages, until it sends us back. */
  async throughTheProvider(answer, who) {
    const back = `${base}/sign-in/organisation/back`;
    for (let steps = 0; steps < 6 && !answer.to?.startsWith(back); steps += 1) {
      answer = await this.follow(answer, back);
      if (answer.to) break;
      const action = /action="([^"]+)"/.exec(answer.text)[1];
      const prompt = /name="prompt" value="([^"]+)"/.exec(answer.text)[1];
      answer = await this.ask(new URL(action, answer.at).href, prompt === 'login' ? { prompt, login: who, password: 'any' } : { prompt });
    }
    assert.ok(answer.to?.startsWith(back), 'the provider sends us back');
    return answer.to;
  }
}

async function bound(who, sub) {
  const browser = new Browser();
  const entered = await browser.ask('/sign-in/staff', { name: who, password });
  assert.equal(entered.status, 303);
  const back = await browser.throughTheProvider(await browser.ask('/sign-in/organisation?bind=1'), sub);
  const done = await browser.ask(back);
  assert.match(done.to ?? '', /done=bound/);
}

async function signedIn(sub, next = '') {
  const browser = new Browser();
  const back = await browser.throughTheProvider(await browser.ask(`/sign-in/organisation${next}`), sub);
  return { browser, answer: await browser.ask(back), back };
}

test('somebody unknown is not let in, whatever their e-mail address', async () => {
  const { browser, answer } = await signedIn('operator');
  assert.equal(answer.status, 403);
  assert.equal((await browser.ask('/me')).status, 303);
});

test('the button stands on the page, and asks with PKCE, state and nonce', async () => {
  const browser = new Browser();
  const page = await browser.ask('/sign-in/staff');
  assert.match(page.text, /سامانهٔ یکپارچه/);
  const away = new URL((await browser.ask('/sign-in/organisation')).to);
  assert.equal(away.origin, issuer);
  assert.equal(away.searchParams.get('code_challenge_method'), 'S256');
  for (const name of ['state', 'nonce', 'code_challenge']) assert.ok(away.searchParams.get(name)?.length >= 20, name);
});

test('a bound account signs in and goes where it wanted', async () => {
  await bound('supervisor', 'subject-1');
  const { browser, answer } = await signedIn('subject-1', '?next=%2Fstorm');
  assert.equal(answer.to, `${base}/storm`);
  assert.equal((await browser.ask('/me/sessions')).status, 200);
  const evil = await signedIn('subject-1', '?next=%2F%2Fevil.example');
  assert.ok(evil.answer.to.startsWith(base));
});

test('a subject that belongs to somebody else is not bound twice', async () => {
  const browser = new Browser();
  await browser.ask('/sign-in/staff', { name: 'inspector', password });
  const back = await browser.throughTheProvider(await browser.ask('/sign-in/organisation?bind=1'), 'subject-1');
  assert.match((await browser.ask(back)).to, /done=taken/);
});

test('an answer is for the browser that asked, once, and with its own state', async () => {
  const { back } = await signedIn('subject-1');
  assert.equal((await new Browser().ask(back)).status, 403, 'another browser');
  const browser = new Browser();
  const fresh = await browser.throughTheProvider(await browser.ask('/sign-in/organisation'), 'subject-1');
  const forged = new URL(fresh);
  forged.searchParams.set('state', 'x'.repeat(22));
  assert.equal((await browser.ask(forged.href)).status, 403, 'another state');
  assert.equal((await browser.ask(fresh)).status, 403, 'the visit was over with the first answer');
  const mixed = new Browser();
  const url = new URL(await mixed.throughTheProvider(await mixed.ask('/sign-in/organisation'), 'subject-1'));
  url.searchParams.set('iss', 'https://evil.example');
  assert.equal((await mixed.ask(url.href)).status, 403, 'another provider');
});

async function logoutToken(claims = {}, key = keys.privateKey) {
  return new SignJWT({
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, sub: 'subject-1', jti: `${Math.random()}`, ...claims,
  }).setProtectedHeader({ alg: 'RS256', kid: 'ours', typ: 'logout+jwt' })
    .setIssuer(claims.iss ?? issuer).setAudience(claims.aud ?? 'peyvand').setIssuedAt(claims.iat).setExpirationTime('2m').sign(key);
}

test('the provider ends sessions, and nobody in its name', async () => {
  const { browser } = await signedIn('subject-1');
  const end = async (logout_token) => (await new Browser().ask('/sign-in/organisation/ended', { logout_token })).status;
  const { privateKey: foreign } = await generateKeyPair('RS256');
  const [head, body] = (await logoutToken()).split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  for (const [what, token] of Object.entries({
    nothing: '', 'no signature': `${none}.${body}.`, 'a cut one': `${head}.${body}.AAAA`,
    'a foreign key': await logoutToken({}, foreign),
    'another issuer': await logoutToken({ iss: 'https://evil.example' }),
    'another audience': await logoutToken({ aud: 'somebody-else' }),
    'an old one': await logoutToken({ iat: Math.floor(Date.now() / 1000) - 3600 }),
    'a nonce': await logoutToken({ nonce: 'n' }), 'no event': await logoutToken({ events: {} }),
  })) assert.equal(await end(token), 400, what);
  assert.equal((await browser.ask('/me/sessions')).status, 200);
  assert.equal(await end(await logoutToken()), 200);
  assert.equal((await browser.ask('/me/sessions')).status, 303, 'signed out');
});

test('a provider that lies in its ID token lets nobody in', async () => {
  // The honest provider goes; at the same address, and with the same name, a liar answers.
  listener.close();
  listener.closeAllConnections();
  const { privateKey: foreign } = await generateKeyPair('RS256');
  const fresh = await generateKeyPair('ES256', { extractable: true });
  const { d: _, p: __, q: ___, dp, dq, qi, ...open } = keys.jwk;
  let published = [open];
  let lie;
  let asked;
  const endpoints = {
    '/.well-known/openid-configuration': () => ({
      issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'], subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256', 'HS256', 'none'],
    }),
    '/jwks': () => ({ keys: published }),
    '/token': async () => ({ access_token: 'a', token_type: 'Bearer', id_token: await lie(asked) }),
  };
  const liar = createServer(async (request, answer) => {
    const words = await endpoints[new URL(request.url, issuer).pathname]?.();
    answer.writeHead(words ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(words ?? {}));
  });
  await new Promise((up) => liar.listen(new URL(issuer).port, '127.0.0.1', up));
  const token = (changes = {}, header = {}, key = keys.privateKey) => async ({ nonce }) =>
    new SignJWT({ nonce, ...changes }).setProtectedHeader({ alg: 'RS256', kid: 'ours', ...header })
      .setIssuer(changes.iss ?? issuer).setAudience(changes.aud ?? 'peyvand').setSubject(changes.sub ?? 'subject-1')
      .setIssuedAt().setExpirationTime(changes.exp ?? '5m').sign(key);
  const part = (words) => Buffer.from(JSON.stringify(words)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const plain = (nonce) => part({ iss: issuer, aud: 'peyvand', sub: 'subject-1', nonce, iat: now, exp: now + 300 });
  const enter = async (says) => {
    lie = says;
    const browser = new Browser();
    const away = new URL((await browser.ask('/sign-in/organisation')).to);
    asked = { nonce: away.searchParams.get('nonce') };
    const back = `/sign-in/organisation/back?code=c&state=${encodeURIComponent(away.searchParams.get('state'))}`;
    return (await browser.ask(back)).status;
  };
  try {
    assert.equal(await enter(token()), 303, 'the truth is taken');
    for (const [what, says] of Object.entries({
      'no signature': async ({ nonce }) => `${part({ alg: 'none' })}.${plain(nonce)}.`,
      'the public key as a shared secret': token({}, { alg: 'HS256' }, new TextEncoder().encode(JSON.stringify(open))),
      'our own secret as the key': token({}, { alg: 'HS256' }, new TextEncoder().encode(secret)),
      'a foreign key': token({}, {}, foreign),
      'another audience': token({ aud: 'somebody-else' }),
      'one more audience': token({ aud: ['peyvand', 'somebody-else'] }),
      'another issuer': token({ iss: 'https://evil.example' }),
      'the issuer with a slash': token({ iss: `${issuer}/` }),
      'another nonce': token({ nonce: 'x'.repeat(22) }),
      'no nonce': token({ nonce: undefined }),
      expired: token({ exp: now - 3600 }),
      'somebody else with a known e-mail': token({ sub: 'subject-9', email: 'supervisor@city.example', email_verified: false }),
      nonsense: async () => 'a.b.c',
    })) assert.equal(await enter(says), 403, what);
    // Keys are renewed: the new one is taken at once, the old one no longer.
    published = [{ ...(await exportJWK(fresh.publicKey)), kid: 'new', alg: 'ES256', use: 'sig' }];
    assert.equal(await enter(token({}, { alg: 'ES256', kid: 'new' }, fresh.privateKey)), 303, 'a renewed key');
    assert.equal(await enter(token()), 403, 'the key of yesterday');
  } finally {
    liar.close();
    liar.closeAllConnections();
  }
});
