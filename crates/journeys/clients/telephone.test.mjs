// The lines for Asterisk in docs/operating/telephone.md, done by a stand-in: it reads them from the page, does what
// Asterisk's documentation says of the few functions in them, and runs what stands in `System` by a shell, as Asterisk
// does. The city is one of our own, and the exchange signs.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const docs = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../../../docs/operating');
const secret = 'a-secret-of-32-characters-or-more';
const folder = mkdtempSync(join(tmpdir(), 'peyvand-telephone-'));
const config = join(folder, 'tell.conf');
let city, base;

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

before(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  mkdirSync(join(folder, 'data'));
  writeFileSync(config, `DESK=${base}\nSECRET=${secret}\n`);
  writeFileSync(join(folder, 'data/peyvand.toml'), [
    'rate_limits = false', 'metrics_listen = "off"', '[telephone]',
    `proof = { header = "x-signature", time = "x-time", prefix = "sha256=", hmac = "${secret}" }`, '',
  ].join('\n'));
  const args = ['demo', '--small', '--data', join(folder, 'data'), '--listen', `127.0.0.1:${port}`];
  city = spawn(process.env.PEYVAND_PROGRAM, args, { stdio: 'ignore' });
  for (let tries = 0; tries < 600; tries += 1) {
    if (await fetch(`${base}/readyz`).then((answer) => answer.ok, () => false)) break;
    await new Promise((go) => setTimeout(go, 200));
  }
});

after(async () => {
  if (city) await new Promise((gone) => { city.once('exit', gone); city.kill('SIGTERM'); });
  rmSync(folder, { recursive: true, force: true });
});

/** The `System` line of a context of the page. */
function line(context) {
  const page = readFileSync(join(docs, 'telephone.md'), 'utf8');
  const block = page.split(`[${context}]\n`)[1].split('\n\n')[0];
  return /System\((.*)\)$/m.exec(block)[1];
}

/** What Asterisk makes of a line on a channel: innermost functions first. What they give is never read as a line again. */
function filled(text, channel) {
  const given = [];
  const whole = (part) => part.replace(/\u0001(\d+)\u0001/g, (_, n) => given[Number(n)]);
  const value = (name) => {
    const plain = { 'CHANNEL(linkedid)': channel.linked, 'CHANNEL(name)': channel.name, 'CALLERID(num)': channel.number };
    if (name in plain) return plain[name];
    const [, what, rest] = /^(CUT|FILTER)\((.*)\)$/s.exec(name);
    if (what === 'FILTER') {
      assert.ok(rest.startsWith('0-9+,'), 'the stand-in knows this list only');
      return whole(rest.slice(5)).replace(/[^0-9+]/g, '');
    }
    // CUT takes the name of a variable, a letter, and which field; names may be functions themselves.
    const [, variable, letter, field] = /^(.*),(.),(\d+)$/.exec(rest);
    return value(variable).split(letter)[Number(field) - 1] ?? '';
  };
  for (let inner; (inner = /\$\{([^${}]*)\}/.exec(text));) {
    given.push(value(inner[1]));
    text = `${text.slice(0, inner.index)}\u0001${given.length - 1}\u0001${text.slice(inner.index + inner[0].length)}`;
  }
  return whole(text);
}

/** Runs the line of a context as Asterisk would, and returns what the city said. */
function says(context, channel) {
  const command = filled(line(context), channel).replace('/usr/local/bin/tell', join(docs, 'tell.sh'));
  return JSON.parse(execFileSync('/bin/sh', ['-c', command], { env: { ...process.env, TELL_CONFIG: config }, cwd: folder }));
}

test('a call rings, is answered and ends', () => {
  const caller = { linked: '1794637800.17', name: 'PJSIP/trunk-00000017', number: '+989121234567' };
  const rings = says('from-137', caller);
  assert.deepEqual([rings.state, rings.changed], ['ringing', true]);
  const answered = says('told-answered', { ...caller, name: 'PJSIP/204-0000001a' });
  assert.deepEqual([answered.id, answered.state, answered.changed], [rings.id, 'answered', true]);
  const ended = says('told', caller);
  assert.deepEqual([ended.id, ended.state, ended.changed], [rings.id, 'ended', true]);
  assert.equal(says('told', caller).changed, false, 'told twice');
});

test('the extension is that of the telephone and not of the channel', () => {
  assert.match(filled(line('told-answered'), { linked: '1.1', name: 'PJSIP/204-0000001a', number: '' }), / "204"$/);
});

test('a caller who chooses their number runs no command', () => {
  const trap = join(folder, 'trap');
  const number = `0912"; touch ${trap}; echo "$(touch ${trap})`;
  const rings = says('from-137', { linked: '1794637800.18', name: 'PJSIP/trunk-00000018', number });
  assert.equal(rings.state, 'ringing');
  assert.ok(!existsSync(trap));
  // The script itself lets nothing through either.
  const told = execFileSync(join(docs, 'tell.sh'), ['ringing', '1794637800.19', '0912","event":"ended', ''], {
    env: { ...process.env, TELL_CONFIG: config },
  });
  assert.equal(JSON.parse(told).state, 'ringing');
});

test('an exchange with another secret is told nothing', () => {
  writeFileSync(join(folder, 'wrong.conf'), `DESK=${base}\nSECRET=another\n`);
  const told = execFileSync(join(docs, 'tell.sh'), ['ringing', '1.1', '', ''], {
    env: { ...process.env, TELL_CONFIG: join(folder, 'wrong.conf') },
  });
  assert.equal(JSON.parse(told).status, 401);
});
