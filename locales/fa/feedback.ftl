# بازخوردسنجی: تماس با شهروند پس از پاسخ.

feedback-title = بازخوردسنجی
feedback-lead = تماس بعدی به قرعه انتخاب شده است. شماره تا وقتی نشان داده می‌شود که تماس در دست شماست، و هر بار دیدن آن ثبت می‌شود.
feedback-waiting = { $call-count } تماس در صف
feedback-next = تماس بعدی
feedback-release = نمی‌توانم تماس بگیرم؛ به صف برگردد
feedback-reporter = گزارش‌دهنده
feedback-held = تا ساعت { $until } در دست شماست
feedback-tries = { $try-count } بار جواب نداده
feedback-answer = پاسخ شهر

## متن تماس
feedback-script = چه بگوییم
feedback-script-hello = سلام، از خط ۱۳۷ { $city } تماس می‌گیرم. چند لحظه وقت دارید؟
feedback-script-about = شما دربارهٔ «{ $subject }» به ما گفته بودید.
feedback-script-done = پاسخ شهر را می‌خوانیم. آیا همین‌طور انجام شده است؟
feedback-script-mark = از ۱ تا ۵، چقدر از رسیدگی راضی هستید؟
feedback-script-thanks = سپاس از وقتی که گذاشتید.

## نتیجه
feedback-outcome = تماس چه شد؟
feedback-outcome-reached = صحبت کردیم
feedback-outcome-no-answer = جواب نداد
feedback-outcome-wrong-number = شماره اشتباه است
feedback-outcome-refused = نمی‌خواهد پاسخ دهد
feedback-outcome-later = وقت دیگری زنگ بزنیم
feedback-satisfaction = رضایت
feedback-mark-5 = ۵: کاملاً راضی
feedback-mark-4 = ۴: راضی
feedback-mark-3 = ۳: نه راضی، نه ناراضی
feedback-mark-2 = ۲: ناراضی
feedback-mark-1 = ۱: کاملاً ناراضی
feedback-reply = دربارهٔ پاسخ شهر چه گفت؟
feedback-reply-none = چیزی نگفت
feedback-reply-accept = می‌پذیرد (۳۱)
feedback-reply-object = اعتراض دارد (۳۳)
feedback-words = اگر اعتراض دارد، چه می‌گوید؟
feedback-day = روز تماس بعدی
feedback-time = ساعت
feedback-record-next = ثبت، و تماس بعدی
feedback-record-stop = ثبت، و پایان
feedback-done-recorded = ثبت شد.
feedback-done-empty = الان تماسی در صف نیست.
feedback-done-released = به صف برگشت.
feedback-refusal-outcome = بگویید تماس چه شد.
feedback-refusal-satisfaction = از شهروندی که با او صحبت کردید یک نمره از ۱ تا ۵ بنویسید.
feedback-refusal-time = روز و ساعتی در هفتهٔ پیش رو بنویسید، مانند ۱۸:۳۰.
feedback-refusal-words = بنویسید شهروند به چه چیزی اعتراض دارد.
feedback-refusal-not-held = این تماس دیگر در دست شما نیست؛ وقتش تمام شد یا ثبت شده است.

## آمار
feedback-figures-title = نظر مردم دربارهٔ پاسخ‌ها
feedback-figures-lead = تأییدشده، اعتراض‌شده و بی‌تأیید جدا شمرده می‌شود. هر پاسخ در ماه خودش و برای واحدی است که آن را داده است.
feedback-month = ماه
feedback-all-months = همهٔ ماه‌ها
feedback-by-district = به تفکیک منطقه
feedback-by-unit = به تفکیک واحد
feedback-district = منطقه
feedback-unit = واحد
feedback-answered = پاسخ
feedback-confirmed = تأییدشده
feedback-objected = اعتراض
feedback-unconfirmed = بی‌تأیید
feedback-objected-percent = سهم اعتراض
feedback-percent = { $number }٪
feedback-rating = میانگین رضایت
feedback-rated = نمره‌دهنده
feedback-no-figures = هنوز چیزی برای شمردن نیست.

feedback-share-title = چند پاسخ پرسیده شود
feedback-share-lead = از هر صد پاسخی که صاحبش شماره داده است، این اندازه به قرعه برای تماس برگزیده می‌شود. تغییر از پاسخ بعدی به کار می‌آید؛ بارگذاری دوبارهٔ بستهٔ شهر آن را به آنچه در بسته است برمی‌گرداند.
feedback-share-percent = از هر صد پاسخ
feedback-share-lease = چند دقیقه شماره نزد تماس‌گیرنده بماند
feedback-share-again = اگر پاسخ نداد، چند ساعت بعد دوباره
feedback-share-attempts = پس از چند بار بی‌پاسخ رها شود
feedback-share-own = سهم‌های دیگر
feedback-share-own-hint = نخستین سطری که به منطقه و واحد بخورد به کار می‌آید. سطری که درصد نداشته باشد کنار گذاشته می‌شود.
feedback-share-any = همه
feedback-share-percent-own = از هر صد
feedback-share-keep = ثبت
feedback-share-done = ثبت شد.
feedback-share-wrong = هر سهم دیگر، منطقه یا واحدی از فهرست و عددی از ۰ تا ۱۰۰ می‌خواهد.
feedback-number-wrong = درصد از ۰ تا ۱۰۰ است، دقیقه از ۱ تا ۱۲۰، ساعت از ۱ تا ۳۳۶ و دفعه از ۱ تا ۲۰.
