# واژه‌هایی که همهٔ بخش‌ها به کار می‌برند. هر کلید در locales/en/common.ftl هم هست.

-product = پیوند

product-name = { -product }
product-tagline = درخواست‌های شهر، از ثبت تا پاسخ

## زبان
language-name = فارسی
language-switch = English
language-switch-label = Read this page in English

## وضعیت درخواست
status-received = دریافت شد
status-confirmed = تأیید شد
status-assigned = به مسئول سپرده شد
status-in-progress = در دست انجام
status-waiting-for-citizen = در انتظار پاسخ شما
status-referred-outside = ارجاع به نهاد دیگر
status-declined = پذیرفته نشد
status-answered = پاسخ داده شد
status-reopened = دوباره باز شد
status-closed = بسته شد
status-duplicate = تکراری
status-cancelled = لغو شد

## نوع پیام
kind-request = درخواست
kind-complaint = شکایت
kind-criticism = انتقاد
kind-suggestion = پیشنهاد
kind-appreciation = قدردانی

## اولویت
priority-low = کم
priority-normal = عادی
priority-high = زیاد
priority-urgent = فوری
priority-emergency = اضطراری

## باز و بسته، آن‌گونه که Open311 می‌گوید
open311-open = باز
open311-closed = بسته

## واژه‌های همگانی
common-yes = بله
common-no = خیر
common-all = همه
common-none = هیچ‌کدام
common-optional = اختیاری
common-required = لازم
common-continue = ادامه
common-back = بازگشت
common-save = ذخیره
common-cancel = انصراف
common-close = بستن
common-search = جست‌وجو
common-next = بعدی
common-previous = قبلی
common-more = بیشتر
common-unknown = نامشخص
common-requests = { $count } درخواست
common-page-of = صفحهٔ { $page_number } از { $pages_number }
