# میز تماس: از زنگ تلفن تا کدی که بلند خوانده می‌شود.

desk-title = میز تماس

## نوار بالا
desk-seat = داخلی { $extension }
desk-seat-none = کدام تلفن؟
desk-seat-label = شمارهٔ داخلی تلفن شما
desk-seat-sit = اینجا می‌نشینم
desk-seat-hint = تماس‌هایی که به این تلفن می‌رسد روی صفحهٔ شما باز می‌شود. خالی بگذارید تا از پشت تلفن بلند شوید.
desk-state-idle = آماده
desk-state-ringing = زنگ می‌زند
desk-state-talking = گفت‌وگو
desk-state-over = تلفن قطع شد
desk-state-after = پس از تماس
desk-fig-calls = تماس شما
desk-fig-registered = ثبت‌شده
desk-fig-median = میانهٔ زمان
desk-fig-waiting = در صف
desk-fig-waited = تا { $time }
desk-fig-open = باز امروز
desk-fig-minute = تازه در دقیقه
desk-missed = بی‌پاسخ: { $missed-count }
desk-missed-none = کسی بی‌پاسخ نمانده است.
desk-call-back = تماس می‌گیرم
desk-incoming = تماس تازه:
desk-incoming-new = تماس تازه‌ای رسید. نوشتهٔ شما با همین تماس می‌ماند.
desk-take = پاسخ می‌دهم
desk-line-lost = خط رویدادها قطع شد؛ دوباره وصل می‌شویم. تماس‌ها را می‌توانید دستی باز کنید.
desk-kept = نگه داشته شد
desk-not-kept = نگه داشته نشد؛ دوباره می‌کوشیم

## که
desk-who = چه کسی
desk-number = شمارهٔ تماس‌گیرنده
desk-number-hidden = شمارهٔ پنهان
desk-begin = آغاز تماس
desk-mobile = شمارهٔ همراه
desk-name = نام
desk-before = پیش‌تر گفته
desk-known = این شماره { $known-count } درخواست دارد.
desk-unknown = از این شماره چیزی ثبت نشده است.
desk-add = افزودن به همین
desk-open-calls = تماس‌های باز شما
desk-last-place = جای درخواست قبلی
desk-say-by = { $unit }، تا { $when }
desk-say-late = { $by } دیر شده است؛ مسئول: { $unit }
desk-say-waiting = از شهروند پرسیده‌اند: { $words }
desk-say-answer = پاسخ: { $words }

## چه
desk-what = چه شده
desk-maybe = شاید:
desk-because = چون
desk-suggested = پیشنهاد: { $service }
desk-meant = با صفحه‌کلید انگلیسی نوشته‌اید. این را می‌خواستید؟
desk-understood = این‌طور فهمیدیم:
desk-not-ours = با ما نیست:
desk-service = موضوع
desk-no-choice = چیزی پیدا نشد. واژهٔ دیگری بنویسید.

## کجا
desk-where = کجا
desk-place-hint = میدان، ایستگاه، محله، نشانی
desk-division = محله
desk-detail = کوچه، پلاک، روبه‌روی…
desk-no-map = نقشه نیامد؛ جا و نشانی کافی است.

## چقدر فوری
desk-urgent = چقدر فوری
desk-triage-none = برای این موضوع پرسش فوریت نداریم.
desk-triage-later = پس از انتخاب موضوع، پرسش‌ها اینجا می‌آید.
desk-promise = تا { $when }

## بازخوانی
desk-readback = بازخوانی
desk-readback-later = آنچه می‌نویسید اینجا جمع می‌شود تا برای شهروند بخوانید.
desk-save = ثبت درخواست
desk-look = بررسی
desk-end = پایان بی‌درخواست
desk-other-doors = با شهرداری نیست؛ این را بگویید
desk-endings = پایان تماس

## شبیه‌ها
desk-near = شبیه، همین نزدیکی
desk-near-none = درخواست باز شبیهی در این نزدیکی نیست.
desk-near-later = پس از موضوع و جا، درخواست‌های شبیه اینجا می‌آید.
desk-near-said = { $near-count } درخواست شبیه در همین نزدیکی
desk-join = پیوستن به همین
desk-belong = ثبت در همین رخداد
desk-incident = رخداد با { $reports-count } پیام

## پس از تماس
desk-after-registered = درخواست ثبت شد
desk-after-joined = به درخواست پیوست
desk-after-added = به درخواست افزوده شد
desk-after-ended = تماس پایان یافت
desk-after-code = این کد را بخوانید:
desk-after-about = موضوع
desk-after-place = جا
desk-after-promise = قول ما، تا
desk-after-unit = مسئول
desk-after-see = دیدن صفحهٔ درخواست
desk-after-wrap = این تماس چه بود؟
desk-next = تماس بعدی

## پایان‌ها
desk-wrap-registered = درخواست تازه
desk-wrap-joined = پیوستن
desk-wrap-added = افزودن به درخواست
desk-wrap-status-given = وضعیت گفته شد
desk-wrap-informed = راهنمایی شد
desk-wrap-told-elsewhere = به جای دیگر
desk-wrap-cut-off = تماس قطع شد
desk-wrap-silent = صدایی نبود
desk-wrap-nuisance = مزاحم
desk-wrap-wrong-number = اشتباه گرفته

## رقم‌ها، برای خواندن
desk-digit-0 = صفر
desk-digit-1 = یک
desk-digit-2 = دو
desk-digit-3 = سه
desk-digit-4 = چهار
desk-digit-5 = پنج
desk-digit-6 = شش
desk-digit-7 = هفت
desk-digit-8 = هشت
desk-digit-9 = نه

## کلیدها
desk-help = کلیدها
desk-help-title = کلیدهای میز تماس
desk-help-words = کلیدها با جایشان شناخته می‌شوند، نه با حرفی که می‌نویسند؛ پس در هر دو صفحه‌کلید یکی‌اند و هیچ‌کدام هنگام نوشتن فارسی به کار نمی‌رود.
desk-help-act = کار
desk-help-key = کلید
desk-help-change = تغییر
desk-help-change-word = کلید دیگر
desk-help-press = کلید تازه را بزنید
desk-help-off = خاموش
desk-help-reset = برگشت به کلیدهای نخستین
desk-help-lists = در فهرست‌ها: پیکان‌ها برای رفتن، Enter برای انتخاب، Esc برای بستن.
desk-key-help = همین راهنما
desk-key-who = رفتن به «چه کسی»
desk-key-what = رفتن به «چه شده»
desk-key-where = رفتن به «کجا»
desk-key-urgent = رفتن به «چقدر فوری»
desk-key-readback = رفتن به «بازخوانی»
desk-key-near = رفتن به شبیه‌ها
desk-key-join = پیوستن به نخستین شبیه
desk-key-add = افزودن به درخواست باز همین شهروند
desk-key-layout = نوشته را به صفحه‌کلید درست برگردان
desk-key-save = ثبت درخواست
desk-key-end = پایان بی‌درخواست و جاهای دیگر
desk-key-incoming = پاسخ به تماس تازه
desk-key-missed = تماس‌های بی‌پاسخ
desk-key-next = تماس بعدی

## چه درست نیست
desk-refusal-not-found = این تماس دیگر باز نیست یا دست همکار دیگری است. صفحه را تازه کنید.
desk-refusal-wrapped = این تماس پایان یافته است. برای درخواست تازه، تماس تازه‌ای آغاز کنید.
desk-refusal-request = این درخواست پیدا نشد یا همگانی نیست؛ نمی‌شود به آن پیوست.
desk-refusal-incident-over = این رخداد دیگر باز نیست. پیام را جدا ثبت کنید.
desk-refusal-incident-unfit = این پیام همگانی نیست یا جایی روی نقشه ندارد و در رخداد جا نمی‌گیرد. آن را جدا ثبت کنید.
desk-refusal-nothing-said = چیزی برای افزودن ننوشته‌اید. حرف شهروند را بنویسید.
desk-refusal-words-too-long = شرح بلند است؛ برای این کار تا { $most-count } نویسه جا داریم.
desk-refusal-door = این پاسخ آماده دیگر در فهرست شهر نیست. صفحه را تازه کنید.
desk-refusal-draft-too-long = نوشته بلندتر از آن است که نگه داشته شود. کوتاهش کنید.
desk-refusal-extension = شمارهٔ داخلی تا ۲۰ رقم و حرف لاتین دارد.
