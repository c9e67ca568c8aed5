# فهرست، نقشه و صفحهٔ یک درخواست.

requests-title = شهر از زبان شهروندان
requests-list = فهرست و نقشه
requests-map = نقشهٔ شهر
requests-overdue = دیر شده
requests-code = کد پیگیری
requests-place = جا
requests-place-unknown = جای آن گفته نشده است
requests-place-on-map = جا روی نقشه
requests-back = همهٔ درخواست‌ها
requests-print = چاپ
requests-thread = رشتهٔ این درخواست
requests-live-said = رشتهٔ این درخواست تازه شد.
requests-actions = قول و کار شما
requests-others = { $people-count } نفر دیگر هم گفته‌اند
requests-metres = { $distance-count } متر
requests-kilometres = { $distance } کیلومتر

## فیلترها
requests-filter-subject = موضوع
requests-filter-all-subjects = همهٔ موضوع‌ها
requests-filter-whole-group = همهٔ { $group }
requests-filter-place = جا
requests-filter-whole-city = در همهٔ شهر
requests-filter-neighbourhood = محله
requests-filter-all-neighbourhoods = همهٔ محله‌ها
requests-filter-status = وضعیت
requests-filter-open = باز
requests-filter-late = دیرشده
requests-filter-done = رسیدگی‌شده
requests-filter-all = باز و بسته
requests-filter-words = واژه
requests-filter-words-example = واژه‌ای در متن
requests-filter-show = نشان بده
requests-city = شهر
requests-newest-first = تازه‌ترین اول
requests-pages = صفحه‌ها
requests-first-page = از نو، تازه‌ترین‌ها
requests-next-page = بعدی
requests-see-map = روی نقشهٔ بزرگ
requests-see-list = در فهرست
requests-legend-open = باز
requests-legend-late = دیرشده
requests-legend-shut = بسته
requests-legend-many = چند درخواست با هم
requests-empty-title = چیزی پیدا نشد
requests-empty-words = درخواستی با این نشانی‌ها نداریم. خبر خوبی است، یا جست‌وجو تنگ است.
requests-empty-all = دیدن همهٔ درخواست‌ها
requests-empty-report = چیزی می‌بینید؟ خبر بدهید

## قول
requests-promise = قول ما
requests-promise-by = تا { $when } رسیدگی می‌شود
requests-promise-left = { $left } مانده است.
requests-promise-soon = کمتر از یک دقیقه مانده است.
requests-promise-late = قول ما { $when } بود
requests-promise-late-by = { $late } از آن گذشته است.
requests-promise-none = برای این موضوع مهلتی قول نداده‌ایم.
requests-promise-none-open = هنوز تمام نشده است
requests-promise-waiting = منتظر پاسخ شماست
requests-promise-waiting-words = تا پاسخ شما برسد، مهلت می‌ایستد.
requests-due = مهلت: { $when }
requests-late-by = { $late } از مهلت گذشته
requests-done-in = در { $took } تمام شد
requests-done-in-time = در مهلت
requests-done-late = پس از مهلت
requests-done-soon = همان وقت
requests-promise-was = قول ما { $when } بود.

## رخدادهای رشته
requests-fact-submitted = حرف شهروند ثبت شد
requests-fact-imported = از پروندهٔ گذشتهٔ شهر آمد
requests-fact-confirmed = بررسی و تأیید شد
requests-fact-assigned = به مسئول سپرده شد
requests-fact-assigned-to = به { $unit } سپرده شد
requests-fact-started = کار شروع شد
requests-fact-asked = از شهروند پرسیدیم
requests-fact-referred = به نهاد دیگری ارجاع شد
requests-fact-referred-to = به { $unit } ارجاع شد
requests-fact-declined = پذیرفته نشد
requests-fact-answered = پاسخ داده شد
requests-fact-accepted = گزارش‌دهنده پذیرفت: کار انجام شده است
requests-fact-objected = گزارش‌دهنده اعتراض کرد
requests-fact-unconfirmed = بدون تأیید گزارش‌دهنده بسته شد
requests-fact-replied = گزارش‌دهنده پاسخ داد
requests-fact-reopened = دوباره باز شد
requests-fact-closed = پرونده بسته شد
requests-fact-duplicate = با درخواست دیگری یکی شد
requests-fact-separated = از درخواست دیگر جدا شد
requests-fact-cancelled = پس گرفته شد
requests-fact-noted = یادداشت تازه
requests-fact-joined-incident = بخشی از رخدادی که بسیاری گزارش کرده‌اند
requests-fact-left-incident = از رخداد بیرون آورده شد
requests-fact-promise-shifted = مهلت به دلیل توفان جابه‌جا شد
requests-fact-overdue = مهلت گذشت
requests-fact-split = میان چند واحد بخش شد
requests-fact-split-off = بخشی از درخواستی دیگر
requests-fact-reclassified = موضوع یا جا تصحیح شد
requests-fact-other = تغییری ثبت شد
requests-duplicate-of = درخواستی که ادامه دارد:

## چه کسی
requests-by-citizen = شهروند
requests-by-sender = سامانهٔ همکار
requests-by-operator = کارشناس
requests-by-unit-member = واحد مسئول
requests-by-unit-manager = مدیر واحد
requests-by-inspector = بازرس
requests-by-feedback-caller = نظرخواهی تلفنی
requests-by-official = مسئول شهری
requests-by-dispatcher = ستاد اعزام
requests-by-crew-member = اکیپ
requests-by-contractor = پیمانکار
requests-by-round-manager = دبیرخانهٔ مشارکت
requests-by-interviewer = رأی‌گیر
requests-by-administrator = مدیر سامانه
requests-by-supervisor = ناظر شهر
requests-by-system = خودکار

## از چه راهی
requests-via-web = از راه وب
requests-via-open311 = از راه برنامهٔ دیگر
requests-via-api = از راه برنامهٔ همکار
requests-via-phone = با تلفن
requests-via-sms = با پیامک
requests-via-walk-in = حضوری
requests-via-messenger = با پیام‌رسان
requests-via-import = از بایگانی

## خصوصی، ساختگی، واردشده
requests-private = این درخواست خصوصی است. فقط وضعیت آن را اینجا نشان می‌دهیم؛ متن، عکس و جا را نه.
requests-generated = این درخواست برای نمایش ساخته شده و حرف هیچ شهروندی نیست.
requests-imported = این درخواست از داده‌های منتشرشدهٔ شهر وارد شده است ({ $source }، شمارهٔ { $external }).
requests-imported-without-number = این درخواست از داده‌های منتشرشدهٔ شهر وارد شده است ({ $source }).
requests-no-words = شهروند چیزی ننوشته است.
requests-photo-reported = عکس شهروند
requests-photo-before = عکس پیش از کار
requests-photo-after = عکس پس از کار
requests-photo-alt = { $stage }: { $service }
requests-answers = پاسخ‌های شهروند

## دنبال کردن
requests-follow = خبرم کنید
requests-follow-hint = شمارهٔ همراه یا ایمیل شما به مردم نشان داده نمی‌شود؛ فقط برای خبر همین درخواست است. با پیامک «لغو۱۱» هر وقت بخواهید دیگر خبر نمی‌فرستیم.
requests-follow-contact = شمارهٔ همراه یا ایمیل
requests-followed = ثبت شد. وقتی به این درخواست پاسخ داده شود یا دوباره باز شود، خبرتان می‌کنیم. تازه‌ها همین‌جا هم دیده می‌شود.
requests-me-too = من هم همین را دیدم
requests-me-too-done = ثبت شد. شما هم پشت این درخواست هستید.
requests-again = دوباره پیش آمده؟ خبر بدهید

requests-follow-refusal-not-found = این درخواست پیدا نشد یا دیگر عمومی نیست.
requests-follow-refusal-contact-wrong = این نه شمارهٔ همراه است نه ایمیل. مثلاً ۰۹۱۲۱۲۳۴۵۶۷.
requests-follow-refusal-words-too-long = این نوشته خیلی بلند است؛ تا { $most-count } نویسه.
