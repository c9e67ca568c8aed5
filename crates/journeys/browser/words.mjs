// The words that visitors look for, in both languages, as the pages say them. Where a page changes its
// words, this list changes with it; journeys name the words by what they are for.

const words = {
  city: { fa: 'تهران', en: 'Tehran' },
  reportSomething: { fa: 'گزارش', en: 'Report' },
  goOn: { fa: 'ادامه', en: 'Continue' },
  send: { fa: 'فرستادن', en: 'Send' },
  thanks: { fa: 'ثبت شد', en: 'received' },
  track: { fa: 'پیگیری', en: 'Track' },
  received: { fa: 'دریافت شد', en: 'Received' },
  problem: { fa: 'مشکلی', en: 'problem' },
  notFound: { fa: 'پیدا نشد', en: 'not found' },
};

/** A pattern that finds the words for `name` in the visitor's language anywhere in a text. */
export const say = (page, name) => new RegExp(words[name][page.language].replace(/ /g, '[\\s\\u200c]+'), 'i');

/** Digits as the visitor's language writes them. */
export const digits = (page, text) =>
  page.language === 'fa' ? String(text).replace(/[0-9]/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[digit]) : String(text);

/** Digits as machines write them. */
export const latin = (text) => text.replace(/[۰-۹]/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'.indexOf(digit));
