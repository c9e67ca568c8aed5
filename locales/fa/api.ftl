# آنچه به برنامه‌ها گفته می‌شود. هر کلید در locales/en/api.ftl هم هست؛ `api-problem-CODE` پیام همان کد است.

## رد یک گزارش
api-problem-service-missing = بگویید گزارش شما دربارهٔ کدام خدمت است.
api-refusal-service-unknown = خدمتی با کد { $code } نداریم.
api-refusal-service-closed = خدمت { $code } درخواست تازه نمی‌پذیرد.
api-problem-place-missing = بگویید کجاست: نقطه‌ای روی نقشه، محله یا نشانی.
api-problem-coordinates-impossible = این عددها جایی روی زمین نیست. عرض جغرافیایی میان ۹۰- و ۹۰ و طول آن میان ۱۸۰- و ۱۸۰ است.
api-refusal-outside = این مکان بیرون از { $city } است.
api-refusal-outside-near = این مکان بیرون از { $city } است. نزدیک‌ترین منطقه { $district } است، در فاصلهٔ { $how_far }.
api-metres = { $amount } متر
api-kilometres = { $amount } کیلومتر
api-problem-division-unknown = چنین منطقه یا محله‌ای اینجا نیست.
api-refusal-words-too-long = شرح شما { $given_count } نویسه دارد. بیشترین اندازه { $most_count } نویسه است.
api-problem-nothing-said = این نوع پیام به شرح نیاز دارد.
api-refusal-line-too-long = بیشترین اندازه اینجا { $most_count } نویسه است.
api-refusal-too-many-photos = هر درخواست بیشترین { $most_count } عکس می‌پذیرد.
api-refusal-answer-missing = به پرسش { $question } باید پاسخ داده شود.
api-refusal-answer-unknown = این خدمت پرسشی به نام { $question } ندارد.
api-refusal-answer-not-a-number = پاسخ { $question } باید عدد باشد.
api-refusal-answer-not-a-time = پاسخ { $question } باید زمانی مانند 2025-03-21T08:30:00Z باشد.
api-refusal-answer-not-in-list = { $value } در میان پاسخ‌های { $question } نیست.
api-refusal-answer-only-one = به { $question } تنها یک پاسخ می‌توان داد.
api-refusal-answer-too-long = پاسخ { $question } بیشترین { $most_count } نویسه است.
api-problem-mobile-wrong = این شمارهٔ تلفن همراه نیست.
api-problem-email-wrong = این نشانی ایمیل نیست.
api-problem-key-reused = این کلید تکرار پیش‌تر برای چیز دیگری به کار رفته است.
api-problem-key-too-long = کلید تکرار بیشترین ۳۰۰ نویسه است.

## عکس‌ها
api-problem-photo-empty = پروندهٔ عکس خالی است.
api-problem-photo-too-large = عکس از ۲۰ مگابایت بزرگ‌تر است.
api-problem-photo-too-many-pixels = عکس بیش از ۵۰ مگاپیکسل دارد.
api-problem-photo-unknown-type = پرونده JPEG، PNG یا WebP نیست.
api-problem-photo-heic = عکس HEIC اینجا خوانده نمی‌شود. عکس را به شکل JPEG بفرستید.
api-problem-photo-damaged = عکس آسیب دیده یا ناتمام است.

## گام‌ها، یادداشت‌ها، پیگیری
api-problem-request-unknown = درخواستی با این کد نیست.
api-problem-move-impossible = درخواست از وضعیت کنونی به آن وضعیت نمی‌رود.
api-problem-move-words-missing = برای این گام باید به شهروند توضیح داده شود.
api-problem-words-too-long = متن بیش از اندازه بلند است.
api-problem-move-unit-missing = در این گام باید واحد مسئول گفته شود.
api-problem-unit-unknown = چنین واحدی نیست.
api-problem-too-many-photos = بیش از اندازه عکس فرستاده شد.
api-problem-move-evidence-missing = پاسخ به این موضوع باید عکس پس از کار داشته باشد.
api-problem-move-with-inspector = شهروند اعتراض کرده و پرونده نزد بازرس است. تا تصمیم او کسی نمی‌تواند گام دیگری بردارد.
api-problem-move-other-wrong = درخواست دیگر گفته نشده، پیدا نشد یا خودش تکراری است.
api-problem-service-private = آنچه در موضوعی خصوصی گفته شده خصوصی می‌ماند.
api-problem-why-missing = دلیل را برای همکاران بنویسید.
api-problem-contact-wrong = شمارهٔ همراه یا ایمیل بدهید، یا از دستگاه خود «من هم» بگویید.

## آنچه نیست
api-problem-jurisdiction-unknown = چنین شهری اینجا نیست.
api-problem-service-unknown = چنین خدمتی نیست.
api-problem-place-unknown = چنین منطقه یا محله‌ای نیست.
api-problem-file-unknown = چنین عکسی نیست.
api-problem-tile-unknown = چنین کاشی‌ای نیست.
api-problem-feed-unknown = چنین خوراکی نیست.
api-problem-token-unknown = چنین نشانه‌ای نیست.
api-problem-address-unknown = در این نشانی چیزی نیست.
api-problem-method-wrong = این نشانی چنین روشی نمی‌پذیرد.

## چه کسی می‌تواند
api-problem-key-wrong = این کلید از آنِ کسی نیست.
api-problem-key-missing = برای این کار کلید API لازم است.
api-problem-denied = دارندهٔ این کلید اینجا چنین اجازه‌ای ندارد.

## آنچه فرستاده شد
api-problem-refused = شهر این را به این شکل نمی‌تواند بپذیرد.
api-problem-malformed = آنچه فرستاده شد از قالب خودش پیروی نمی‌کند.
api-problem-wrong-shape = آنچه فرستاده شد JSON است، اما نه به شکلی که اینجا لازم است.
api-problem-type-unsupported = این نوع محتوا اینجا خوانده نمی‌شود.
api-problem-too-large = آنچه فرستاده شد بیش از اندازه بزرگ است.
api-problem-too-slow = آنچه فرستاده شد بسیار کند رسید.
api-problem-too-many = شمار درخواست‌ها زیاد است. کمی صبر کنید و دوباره بکوشید.
api-problem-cross-site = این از سایت دیگری فرستاده شده است.
api-problem-parameter-wrong = یکی از بخش‌های نشانی خوانده نمی‌شود.
api-problem-number-wrong = عددی صحیح در اندازهٔ مجاز لازم است.
api-problem-truth-wrong = باید true یا false باشد.
api-problem-status-wrong = چنین وضعیتی نیست.
api-problem-kind-wrong = چنین نوع پیامی نیست.
api-problem-time-wrong = زمانی مانند 2025-03-21T08:30:00Z لازم است.
api-problem-box-wrong = کادر نقشه چهار عدد است: غرب، جنوب، شرق، شمال.
api-problem-by-wrong = آمار بر این پایه شمرده نمی‌شود.
api-problem-span-too-long = بازهٔ زمانی بیشترین ۹۰ روز است.
api-problem-window-half = start_date و end_date با هم می‌آیند.
api-problem-window-reversed = بازهٔ زمانی پیش از آغازش پایان می‌یابد.

## رویدادهای مرکز تلفن
api-problem-event-unknown = رویداد یکی از ringing، answered، ended یا queue است.
api-problem-call-wrong = هر رویداد نام تماس را می‌گوید: تا ۱۰۰ نویسه، و در همهٔ رویدادهای یک تماس یکی.
api-problem-extension-wrong = شمارهٔ داخلی تا ۲۰ رقم و حرف دارد.

## خرابی‌ها
api-problem-busy = این لحظه کار زیاد است. کمی بعد دوباره بکوشید. کد { $code }
api-problem-failed = مشکلی در سامانه پیش آمد. کد { $code }

## یادآوری در پاسخ‌ها
api-notice-elsewhere = عکس‌های نشانی‌های دیگر برداشته نمی‌شود. خود عکس را بفرستید.
api-notice-left-out = تنها پنج عکس نخست نگه داشته شد.
api-notice-phone = شمارهٔ تلفن خوانده نشد و کنار گذاشته شد.
api-notice-trial = این درگاه آزمایشی است: گزارش بررسی شد و نگه داشته نشد.
api-notice-status-unchanged = یادداشت افزوده شد. وضعیت را تنها شهر تغییر می‌دهد.

## خوراک‌ها
api-feed-all = درخواست‌های { $city }
api-feed-place = درخواست‌های { $place }، { $city }

## ستون‌های پروندهٔ CSV
api-csv-code = کد پیگیری
api-csv-kind = نوع پیام
api-csv-service-code = کد خدمت
api-csv-service = خدمت
api-csv-status = وضعیت
api-csv-open = باز
api-csv-priority = اولویت
api-csv-channel = راه رسیدن
api-csv-district = منطقه
api-csv-neighbourhood = محله
api-csv-address = نشانی
api-csv-lat = عرض جغرافیایی
api-csv-long = طول جغرافیایی
api-csv-unit = واحد مسئول
api-csv-requested-at = زمان ثبت
api-csv-requested-on-jalali = تاریخ ثبت (شمسی)
api-csv-updated-at = زمان آخرین تغییر
api-csv-due-at = زمان وعده
api-csv-closed-at = زمان پایان
api-csv-closed-on-jalali = تاریخ پایان (شمسی)
api-csv-description = شرح
api-csv-status-note = آخرین پاسخ
api-csv-followers = پیگیری‌کنندگان
api-csv-photos = عکس‌ها
api-csv-source = منبع

## Open311
api-key-service = کلیدها را { $city } می‌دهد.
