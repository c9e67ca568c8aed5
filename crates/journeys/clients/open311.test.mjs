// Open311 GeoReport v2 as strict readers and writers know it: the shapes of every answer, the write path
// in JSON and XML, and the errors. The rules come from the published standard and from what real clients
// choke on; `schemas.mjs` holds the shapes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import Ajv from 'ajv';

import * as schemas from './schemas.mjs';

const root = `${process.env.PEYVAND_BASE}/open311/v2`;
const key = process.env.PEYVAND_API_KEY ?? 'demo';
const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });

function fits(schema, answer) {
  const check = ajv.compile(schema);
  assert.ok(check(answer), `${ajv.errorsText(check.errors)}\n${JSON.stringify(answer, null, 1).slice(0, 800)}`);
}

async function get(path, status = 200) {
  const answer = await fetch(`${root}/${path}`);
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  const [format] = path.split('?')[0].match(/[a-z]+$/);
  const type = format === 'xml' ? 'text/xml; charset=utf-8' : 'application/json; charset=utf-8';
  assert.equal(answer.headers.get('content-type')?.toLowerCase(), type);
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  if (format === 'xml') assert.match(text, /^<\?xml version="1\.0" encoding="utf-8"\?>/i);
  return format === 'xml' ? text : JSON.parse(text);
}

async function post(path, fields, { status = 200, headers = {} } = {}) {
  const answer = await fetch(`${root}/${path}`, { method: 'POST', body: new URLSearchParams(fields), headers });
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  return path.endsWith('.json') ? JSON.parse(text) : text;
}

async function somePlace() {
  const requests = await get('requests.json');
  return requests.find((request) => request.lat && request.long);
}

async function simpleService() {
  const services = await get('services.json');
  return services.find((service) => service.metadata === 'false').service_code;
}

const pothole = async () => {
  const { lat, long } = await somePlace();
  return {
    api_key: key, service_code: await simpleService(), lat: String(lat), long: String(long),
    description: 'چالهٔ بزرگی جلوی مدرسه است', first_name: 'مینا', last_name: '-', email: 'mina@example.org',
  };
};

test('discovery tells where production and trial are, in both formats', async () => {
  fits(schemas.discovery, await get('discovery.json'));
  assert.match(await get('discovery.xml'), /<discovery>[\s\S]*<endpoints>\s*<endpoint>/);
});

test('the list of services is an array of plain shapes', async () => {
  fits(schemas.services, await get('services.json'));
  assert.match(await get('services.xml'), /<services>\s*<service>/);
});

test('each service that asks questions says them; the others answer too', async () => {
  for (const service of await get('services.json')) {
    const definition = await get(`services/${service.service_code}.json`);
    fits(schemas.definition, definition);
    assert.equal(definition.attributes.length > 0, service.metadata === 'true', service.service_code);
  }
});

test('requests are shown as the standard says', async () => {
  const requests = await get('requests.json');
  assert.ok(requests.length > 0);
  fits(schemas.requests, requests);
  const xml = await get('requests.xml');
  assert.match(xml, /<service_requests>\s*<request>/);
  assert.doesNotMatch(xml, /[۰-۹]T|[۰-۹]-[۰-۹]/, 'dates have Latin digits');
});

test('pages do not overlap and a page of one has one', async () => {
  const first = await get('requests.json?page=1&page_size=1');
  const second = await get('requests.json?page=2&page_size=1');
  assert.deepEqual([first.length, second.length], [1, 1]);
  assert.notEqual(first[0].service_request_id, second[0].service_request_id);
});

test('an empty parameter is an absent one, and a plus that became a space is a plus', async () => {
  const all = await get('requests.json?page_size=5');
  assert.deepEqual(await get('requests.json?page_size=5&status=&service_code=&start_date='), all);
  await get('requests.json?start_date=2020-01-01T00:00:00+03:30&end_date=2020-01-02T00:00:00+03:30');
});

test('a report is taken and can be read back at once', async () => {
  const sent = await pothole();
  const [told] = await post('requests.json', sent);
  assert.ok(told.service_request_id, JSON.stringify(told));
  const [read] = await get(`requests/${told.service_request_id}.json`);
  fits(schemas.requests, [read]);
  assert.equal(read.service_code, sent.service_code);
  assert.equal(read.status, 'open');
  // Who reported is nobody else's business.
  assert.doesNotMatch(JSON.stringify(read), /mina@example\.org|مینا/);
});

test('a report in XML is answered in XML', async () => {
  const answer = await post('requests.xml', await pothole());
  assert.match(answer, /<service_requests>\s*<request>\s*<service_request_id>[0-9]+<\/service_request_id>/);
});

test('the same report with the same key is one report', async () => {
  const headers = { 'idempotency-key': `client-${Date.now()}` };
  const sent = await pothole();
  const [first] = await post('requests.json', sent, { headers });
  const [again] = await post('requests.json', sent, { headers });
  assert.equal(again.service_request_id, first.service_request_id);
});

test('a photo comes along as a file', async () => {
  const form = new FormData();
  for (const [name, value] of Object.entries(await pothole())) form.set(name, value);
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  form.set('media', new Blob([png], { type: 'image/png' }), 'hole.png');
  const answer = await fetch(`${root}/requests.json`, { method: 'POST', body: form });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  const [read] = await get(`requests/${JSON.parse(text)[0].service_request_id}.json`);
  assert.ok(read.media_url, 'the request has a picture');
  const picture = await fetch(new URL(read.media_url, root));
  assert.equal(picture.status, 200);
  assert.match(picture.headers.get('content-type'), /^image\//);
});

test('refusals have a code, a description and a true status', async () => {
  const good = await pothole();
  const cases = [
    ['no key', { ...good, api_key: '' }, 403],
    ['no service', { ...good, service_code: '' }, 400],
    ['unknown service', { ...good, service_code: 'no-such-service' }, 404],
    ['no place', { ...good, lat: '', long: '' }, 400],
    ['impossible place', { ...good, lat: '95', long: '200' }, 400],
    ['far from the city', { ...good, lat: '0', long: '0' }, 400],
    ['endless words', { ...good, description: 'ا'.repeat(4001) }, 400],
    ['unknown city', { ...good, jurisdiction_id: 'nowhere.example' }, 404],
  ];
  for (const [name, fields, status] of cases) {
    const errors = await post('requests.json', fields, { status }).catch((error) => {
      throw new Error(`${name}: ${error.message}`);
    });
    fits(schemas.errors, errors);
  }
  fits(schemas.errors, await get('requests/0000000000.json', 404));
  fits(schemas.errors, await get('services/no-such-service.json', 404));
  assert.match(await get('requests/0000000000.xml', 404), /<errors>\s*<error>\s*<code>/);
});
