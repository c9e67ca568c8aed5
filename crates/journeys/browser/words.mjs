// The words that visitors look for are the words of `locales/`, named by their keys, so a page that is worded
// better needs no change here. What stands in braces may be anything, as may all after a choice between plurals.

import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../locales/', import.meta.url);
const literally = (text) => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');

function read(language) {
  const found = new Map();
  for (const file of readdirSync(new URL(`${language}/`, folder))) {
    const text = readFileSync(new URL(`${language}/${file}`, folder), 'utf8');
    for (const [, key, value] of text.matchAll(/^([a-z][\w-]*) = (.+)$/gm)) found.set(key, value.trim());
  }
  return found;
}

const words = { fa: read('fa'), en: read('en') };

/** The sentence `key` as the catalogue has it, with its braces. */
export function sentence(page, key) {
  const value = words[page.language].get(key);
  if (!value) throw new Error(`locales/${page.language} has no one-line message ${key}`);
  return value;
}

/** A pattern that finds the message `key` in the visitor's language anywhere in a text. */
export const say = (page, key) =>
  new RegExp(sentence(page, key).replace(/\{"[^"]*"\}/g, '{}').split(/\{[^}]*\}|\{[^}]*$/).map(literally).join('[\\s\\S]*').replace(/ /g, '\\s+'));

/** Digits as machines write them. */
export const latin = (text) => text.replace(/[۰-۹]/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'.indexOf(digit));
