# توفان و رخداد: تابلو، یک رخداد، قاعده‌های توفان، و آنچه شهروندان می‌بینند.

## تابلو
storm-title = تابلوی توفان
storm-calm = حالت توفان روشن نیست.
storm-on-city = حالت توفان در همهٔ شهر روشن است
storm-on-district = حالت توفان در { $district } روشن است
storm-since = از { $when }
storm-proposed-city = پیام‌ها بسیار بیش از معمول است: { $rate-count } پیام در ربع ساعت گذشته؛ معمول آن { $usual-count } است. حالت توفان آغاز شود؟
storm-proposed-district = { $district }: { $rate-count } پیام در ربع ساعت گذشته؛ معمول آن { $usual-count } است. حالت توفان اینجا آغاز شود؟
storm-begin = آغاز حالت توفان
storm-rules = قاعده‌های این توفان
storm-end = پایان حالت توفان
storm-dismiss-proposal = توفان نیست
storm-minute = پیام در دقیقهٔ گذشته
storm-quarter = پیام در ۱۵ دقیقهٔ گذشته
storm-open = رخداد باز
storm-inside = درخواست در آن‌ها
storm-series = پیام‌های هر دقیقه در { $minutes-count } دقیقهٔ گذشته
storm-districts = پیام‌های ۱۵ دقیقهٔ گذشته در هر منطقه
storm-no-district = بدون منطقه
storm-list = رخدادها
storm-list-empty = رخداد بازی نیست. وقتی چند گزارش دربارهٔ یک چیز باشد، اینجا دیده می‌شود.
storm-all-districts = همهٔ منطقه‌ها
storm-district = منطقه
storm-show = نمایش
storm-state = وضعیت
storm-open-ones = باز
storm-map = نقشهٔ رخدادها
storm-refresh = بارگذاری دوباره
storm-live = زنده
storm-not-live = زنده نیست؛ با دست دوباره بارگذاری کنید
storm-live-said = تابلو تغییر کرد.
storm-more = همهٔ رخدادها

## ستون‌ها
storm-column-incident = رخداد
storm-column-size = درخواست
storm-column-danger = خطر
storm-column-place = جا
storm-column-last = آخرین
storm-column-unit = واحد
storm-column-actions = تصمیم
storm-choose = برگزیدن: { $title }
storm-danger-high = خطرناک
storm-danger-some = با احتیاط
storm-danger-none = –
storm-first = در نوبت نخست

## وضعیت‌ها
storm-state-proposed = پیشنهاد
storm-state-confirmed = تأیید شده
storm-state-answered = پاسخ داده شده
storm-state-closed = پایان یافته
storm-state-dismissed = رد شده
storm-state-merged = پیوسته به رخداد دیگر

## تصمیم‌ها
storm-confirm = تأیید
storm-confirm-chosen = تأیید برگزیده‌ها
storm-dismiss = رخداد نیست
storm-dismiss-chosen = رد برگزیده‌ها
storm-merge-chosen = یکی کردن برگزیده‌ها
storm-done-confirm = تأیید شد. هر درخواست اکنون می‌گوید که بخشی از این رخداد است.
storm-done-dismiss = رد شد. درخواست‌ها هر یک جداگانه ادامه دارند.
storm-done-merge = یکی شدند.
storm-done-answer = گفته شد. همهٔ درخواست‌های باز این رخداد، هر یک به زبان خود، پاسخ می‌گیرند.
storm-done-close = پایان یافت.
storm-done-note = نگه داشته شد.
storm-done-leave = بیرون آورده شد و جداگانه ادامه دارد.
storm-done-split = این اکنون رخداد جداگانه‌ای است.
storm-done-join = به این رخداد پیوست.
storm-done-open = این از اکنون یک رخداد است.
storm-done-begun = حالت توفان روشن شد.
storm-done-changed = قاعده‌های این توفان تغییر کرد.
storm-done-ended = حالت توفان خاموش شد.
storm-keys = کلیدها
storm-keys-move = بالا و پایین: رخداد بعدی
storm-keys-choose = فاصله: برگزیدن
storm-keys-open = Enter: باز کردن
storm-keys-confirm = کلید C (ز): تأیید برگزیده‌ها یا همین یکی
storm-keys-merge = کلید M (پ): یکی کردن برگزیده‌ها
storm-keys-dismiss = Delete: رد برگزیده‌ها یا همین یکی

## یک رخداد
storm-one-back = تابلوی توفان
storm-one-size = { $size-count } درخواست
storm-one-open = { $open-count } هنوز باز
storm-one-first = نخستین گزارش { $when }
storm-one-last = آخرین گزارش { $when }
storm-one-reach = در پیرامون { $metres-count } متری
storm-one-merged = این رخداد در رخداد دیگری ادامه دارد.
storm-one-members = درخواست‌های این رخداد
storm-one-more = قدیمی‌ترها
storm-one-alike = { $percent-count } درصد همانند
storm-one-by-hand = با دست پیوسته
storm-one-refused = همراه دیگران نشد پاسخ داد؛ لطفاً جداگانه پاسخ دهید
storm-one-chosen-leave = بیرون آوردن برگزیده‌ها
storm-one-chosen-split = برگزیده‌ها رخداد جداگانه‌ای شوند
storm-one-answer = پاسخ به همه
storm-one-answer-hint = در یک یا دو جمله بگویید چه کاری انجام شد. هر شهروند آن را روی درخواست خود و به زبانی که نوشته می‌بیند. { $code }، { $service } و { $address } با کد، موضوع و نشانی خود او پر می‌شود.
storm-one-answer-fa = به فارسی
storm-one-answer-en = به انگلیسی
storm-one-answer-send = پاسخ به همهٔ درخواست‌های باز
storm-one-answering = پاسخ‌ها در راه است.
storm-one-said = آنچه به همه گفته شد
storm-one-close = پایان رخداد
storm-one-note = یادداشت برای همکاران
storm-one-note-save = نگه‌داشتن
storm-one-join = پیوستن یک درخواست
storm-one-join-code = کد پیگیری
storm-one-join-send = پیوستن
storm-one-near = رخدادهای هم‌نوع در نزدیکی
storm-one-near-join = این را به آن بپیوندید
storm-one-metres = در فاصلهٔ { $metres-count } متر
storm-open-new = یک درخواست را رخداد کنید

## قاعده‌های توفان
storm-mode-title-new = آغاز حالت توفان
storm-mode-title = قاعده‌های توفان
storm-mode-where = کجا
storm-mode-city = همهٔ شهر
storm-mode-message = در صفحهٔ نخست
storm-mode-phone = پیام منوی تلفن
storm-mode-fa = به فارسی
storm-mode-en = به انگلیسی
storm-mode-incidents = رخدادها
storm-mode-auto = رخدادها به قاعده تأیید شوند
storm-mode-least = از این تعداد گزارش به بالا
storm-mode-simple = هنگام گزارش تنها ضروری‌ترین‌ها پرسیده شود
storm-mode-promises = مهلت‌ها
storm-mode-shift = به موضوع‌هایی که منتظر می‌مانند این چند ساعت افزوده می‌شود
storm-mode-given = قول‌های پیشین هم جابه‌جا شود؛ به هر شهروند گفته می‌شود
storm-mode-ranks = کدام موضوع‌ها در نوبت نخست‌اند و کدام منتظر می‌مانند
storm-mode-rank-first = نوبت نخست
storm-mode-rank-usual = مانند همیشه
storm-mode-rank-wait = منتظر
storm-mode-save = نگه‌داشتن قاعده‌ها

## آنچه شهروندان می‌بینند
storm-banner-title = توفان
storm-banner-in = توفان در { $districts }
storm-banner-message = پیام‌ها بسیار بیش از معمول است. نخست به خطرها رسیدگی می‌شود و کارهای دیگر دیرتر انجام می‌شود.
storm-banner-map = رخدادها روی نقشه
storm-part-of = { $others-count ->
    [0] این درخواست بخشی از رخدادی است که شهر از آن آگاه است.
   *[other] این درخواست همراه { $others-count } درخواست دیگر بخشی از یک رخداد است.
}
storm-part-answered = به همهٔ این رخداد یک‌جا پاسخ داده شد.
storm-promise-shifted = به دلیل توفان تا { $hours-count } ساعت دیرتر از معمول.
storm-simple = در توفان تنها ضروری‌ترین‌ها را می‌پرسیم.

## نپذیرفتن
storm-refusal-incident-unknown = چنین رخدادی نیست.
storm-refusal-request-unknown = چنین درخواست همگانی‌ای نیست. لطفاً کد را دوباره ببینید.
storm-refusal-incident-no-place = این درخواست جایی روی نقشه ندارد، پس در رخدادی نیست.
storm-refusal-incident-elsewhere = این درخواست بخشی از رخداد دیگری است. نخست از آنجا بیرون بیاورید یا دو رخداد را یکی کنید.
storm-refusal-incident-wrong-state = وضعیت رخداد دیگر چنین نیست؛ شاید همکاری زودتر تصمیم گرفته است.
storm-refusal-incident-other-wrong = دست‌کم دو رخداد باز برگزینید.
storm-refusal-incident-split-wrong = چند درخواست آن را برگزینید و چند تا را بگذارید.
storm-refusal-move-words-missing = لطفاً بنویسید چه کاری انجام شد.
storm-refusal-words-too-long = این متن بلند است.
storm-refusal-denied = شما اجازهٔ این کار را در اینجا ندارید.
storm-refusal-storm-unknown = چنین توفانی نیست.
storm-refusal-district-unknown = چنین منطقه‌ای نیست.
storm-refusal-storm-already-begun = حالت توفان اینجا روشن است.
storm-refusal-storm-over = این توفان دیگر پایان یافته است.
storm-refusal-service-unknown = چنین موضوعی نیست.
storm-refusal-storm-rule-wrong = لطفاً عددها را ببینید: ساعت از ۰ تا ۳۳۶، گزارش از ۲ به بالا، پیام تا ۵۰۰ نویسه، و هیچ موضوعی هم نوبت نخست و هم منتظر نباشد.
storm-refusal-nothing-chosen = نخست رخدادی برگزینید.
