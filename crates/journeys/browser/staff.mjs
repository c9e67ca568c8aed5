// Every page that people who work for the city come to, each seen by the role of the demo city that works there.
// A role signs in once for all its pages: the cookies go from visit to visit.

import { readFileSync } from 'node:fs';

import { desk, visit } from './people.mjs';
import { someCode } from './pages.mjs';

const at = (path) => (page) => page.open(path);
const seenBy = (who, pages) => Object.entries(pages).map(([name, open]) => [name, { who, open }]);

/** Pages by name, each with the account that opens it and the way there, which ends with the answer. */
export const staffPages = Object.fromEntries([
  ...seenBy('operator', {
    desk: at('/desk'),
    'lines of officials, operator': at('/officials/calls'),
    me: at('/me'),
    'me, sessions': at('/me/sessions'),
    'me, security': at('/me/security'),
    'me, data': at('/me/data'),
  }),
  ...seenBy('unit', { 'work, unit': at('/work') }),
  ...seenBy('manager', {
    work: at('/work'),
    'work, nothing found': at('/work?q=zzqqxx'),
    'work, one': (page) => first(page, '/work', '.turns a[href*="/work/"]'),
    'people of a unit': at('/people'),
  }),
  ...seenBy('inspector', { objections: at('/objections') }),
  ...seenBy('caller', { feedback: at('/feedback'), 'feedback, figures': at('/feedback/figures') }),
  ...seenBy('official', { 'official, mine': at('/officials/mine') }),
  ...seenBy('supervisor', {
    storm: at('/storm'),
    'storm, rules': at('/storm/mode'),
    crisis: at('/crisis'),
    'crisis, rules': at('/crisis/rules'),
    incidents: at('/incidents'),
    'incidents, one': someIncident,
    'officials, managed': at('/officials/manage'),
    'feedback, how many': at('/feedback/settings'),
    'officials, calls': at('/officials/calls'),
    'standard answers': at('/work/answers'),
    contracts: at('/contracts'),
    'contract, one': (page) => first(page, '/contracts', 'a[href*="/contracts/"]:not([href$="/new"], [href$="/checks"])'),
    'contract, new': at('/contracts/new'),
    'contract, checks': at('/contracts/checks'),
    statement: (page) => first(page, '/contracts/d6-sepidar', 'a[href*="/statements/"]'),
  }),
  ...seenBy('contractor', {
    contractor: at('/contractor'),
    'contractor, order': (page) => first(page, '/contractor', 'a[href*="/contractor/orders/"]'),
    'contractor, statement': (page) => first(page, '/contractor', 'a[href*="/statements/"]'),
  }),
  ...seenBy('dispatcher', {
    crews: at('/crews'),
    'crews, one': at('/crews/d6-2'),
    'crews, new': at('/crews/new'),
    shifts: at('/shifts'),
    aid: at('/aid'),
    'kinds of work': at('/work-kinds'),
    'dispatch, new order': at('/dispatch/new-order'),
    dispatch: at('/dispatch?district=6'),
    'dispatch, plan': at('/dispatch/plan?district=6'),
    'dispatch, hand-over': at('/dispatch/handover?district=6'),
    'dispatch, day sheet': at('/dispatch/sheet/d6-1'),
    'dispatch, one': (page) => first(page, '/dispatch?district=6', 'a[href*="/dispatch/orders/"]'),
  }),
  ...seenBy('crew', { 'crew, stops': at('/crew') }),
  ...seenBy('dispatcher', { 'crew, conflicts': at('/crew/conflicts') }),
  ...seenBy('rounds', {
    'rounds, managed': at('/rounds/manage'),
    'rounds, new': at('/rounds/manage/new'),
    'rounds, one managed': at('/rounds/1405/manage'),
    feasibility: at('/feasibility'),
    moderation: at('/moderation'),
  }),
  ...seenBy('interviewer', { paper: at('/paper') }),
  ...seenBy('admin', {
    notices: at('/notices'),
    'notices, inbox': at('/notices/inbox'),
    'notices, texts': at('/notices/texts'),
    people: at('/people'),
    'people, one': (page) => first(page, '/people', 'a[href*="/people/"]:not([href$="/new"])'),
    'people, new': at('/people/new'),
    'time of keeping': at('/privacy/retention'),
  }),
]);

/** The password of the demo city's accounts, or nothing where nobody told it. */
export function password() {
  const { PEYVAND_DEMO_PASSWORD: told, PEYVAND_DATA: data } = process.env;
  return told ?? (data && readFileSync(`${data}/demo-password`, 'utf8').trim());
}

const signedIn = new Map();

/** What a browser keeps of a role that signed in: for `state` of a visit. */
export function stateOf(who) {
  if (!signedIn.has(who)) signedIn.set(who, visit({ language: 'en', device: desk }, (page) => signIn(page, who)));
  return signedIn.get(who);
}

async function signIn(page, who) {
  await page.open('/sign-in/staff?next=/en/me');
  await page.locator('#name').fill(who);
  await page.locator('#password').fill(password());
  await page.locator('#password').press('Enter');
  await page.waitForURL((url) => !url.pathname.includes('sign-in'));
  return page.context().storageState();
}

/** Opens a list, then what its first link of a kind leads to. */
async function first(page, list, link) {
  await page.open(list);
  // A link in a drawing has its address in another form.
  const address = (node) => new URL(node.getAttribute('href'), document.baseURI).href;
  return page.goto(await page.locator('main').locator(link).first().evaluate(address));
}

/** The first incident of the list; where there is none, a supervisor opens one of some request. */
async function someIncident(page) {
  await page.open('/incidents');
  if (await page.locator('tr[data-incident]').count()) return first(page, '/incidents', 'tr[data-incident] a');
  await page.locator('#code').fill(await someCode(({ open }) => open));
  await page.locator('#code').press('Enter');
  await page.waitForURL(/\/incidents\/\d+/);
  return page.goto(page.url());
}
