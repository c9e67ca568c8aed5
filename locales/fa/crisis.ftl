# حالت بحران: چه چیز برقرار است، چه کسی فراخوانده شده، چه کسی کمک می‌کند، کدام خیابان بسته است.

crisis-title = بحران
crisis-calm = حالت بحران روشن نیست.
crisis-begin = آغاز حالت بحران
crisis-end = پایان حالت بحران
crisis-save = نگه داشتن
crisis-city = همهٔ شهر
crisis-where = کجا
crisis-on-city = حالت بحران در همهٔ شهر برقرار است
crisis-on-district = حالت بحران در { $district } برقرار است
crisis-since = از { $when }
crisis-rules-open = چه چیز برقرار است
crisis-rules-title = آنچه در این بحران برقرار است
crisis-rules-title-new = آغاز حالت بحران
crisis-and = {" و "}

## جمله‌به‌جمله
crisis-rule-danger = کارها به اندازهٔ خطر جانی ارزش دارند: تا { $times-count } برابر.
crisis-rule-waits = کار برنامه‌ای که ماندنش برای کسی خطر ندارد، می‌ماند.
crisis-rule-silent = اکیپی که { $minutes-count } دقیقه خبری از آن نباشد، ایستگاه‌هایش را نگه می‌دارد.
crisis-rule-cut-off = بدون ارتباط با شهر: { $districts }. اکیپ‌های آن‌ها هر چه دارند نگه می‌دارند.
crisis-rule-told = مردم در صفحهٔ نخست از آن آگاه می‌شوند.

## فراخوان همه
crisis-calls = فراخوان همه
crisis-call-all = فراخواندن همهٔ کسانی که سر کار نیستند
crisis-calls-empty = هنوز کسی فراخوانده نشده است.
crisis-counts = بی‌پاسخ: { $called-count } · می‌آیند: { $coming-count } · نمی‌توانند: { $refused-count }
crisis-crew = اکیپ
crisis-district = منطقه
crisis-answer = پاسخ
crisis-when = زمان
crisis-said = چه می‌گویند
crisis-answer-called = هنوز بی‌پاسخ
crisis-answer-coming = می‌آیند
crisis-answer-refused = نمی‌توانند بیایند
crisis-coming = می‌آیند
crisis-cannot = نمی‌توانند
crisis-reason = چرا نه
crisis-reason-of = چرا نمی‌توانند بیایند:
crisis-volunteer = داوطلب

## داوطلبان
crisis-volunteers = گروهی از داوطلبان آمده‌اند
crisis-volunteers-about = برای این بحران یک اکیپ می‌شوند، شیفتشان از هم‌اکنون است و با پایان بحران به خانه می‌روند. تنها کاری را می‌کنند که داوطلب می‌تواند بکند.
crisis-group = نام گروه
crisis-people = چند نفر
crisis-place = جا: عرض و طول جغرافیایی
crisis-place-hint = جایی که گرد می‌آیند، مانند ۳۵٫۷۲۱۹، ۵۱٫۴۰۵۶. خالی: میانهٔ منطقه.
crisis-skills = چه می‌توانند
crisis-equipment = چه همراه دارند
crisis-muster = پذیرفتن گروه

## اکیپ‌های بی‌خبر
crisis-silent = اکیپ‌هایی که خبری از آن‌ها نیست
crisis-silent-about = تلفنشان خط ندارد یا گرفتار شده‌اند. کارهایی را که دارند ادامه می‌دهند؛ با بی‌سیم بپرسید.
crisis-heard = آخرین خبر

## خیابان‌ها
crisis-closed = خیابان‌های بسته
crisis-closed-none = هیچ خیابانی بسته نیست.
crisis-close-road = بستن خیابان
crisis-open-road = بازگشایی
crisis-why = چرا
crisis-road-hint = میانهٔ جایی که بسته است، مانند ۳۵٫۷۲۱۹، ۵۱٫۴۰۵۶. راه اکیپ‌ها آن را دور می‌زند.
crisis-metres = تا چند متر
crisis-hours = پس از چند ساعت خودبه‌خود باز شود
crisis-until = تا کی
crisis-until-opened = تا بازگشایی

## فرم
crisis-told = آنچه به مردم گفته می‌شود
crisis-tell = به مردم در صفحهٔ نخست گفته شود (اگر توفانی برقرار نباشد، با همین جمله‌ها آغاز می‌شود)
crisis-message-fa = به فارسی
crisis-message-en = به انگلیسی
crisis-weights = خطر چقدر ارزش دارد
crisis-weights-hint = هر خطر دست‌کم به اندازهٔ خطر پیش از خود، از ۱ تا ۱۰۰۰ برابر.
crisis-danger-none = بی‌خطر
crisis-danger-some = کمی خطر
crisis-danger-grave = خطر سنگین
crisis-danger-life = خطر جانی
crisis-planned-waits = کار برنامه‌ای بی‌خطر تا پایان بحران بماند
crisis-hands = شیفت فراخوانده‌شدگان
crisis-shift-hours = ساعت‌های شیفت
crisis-silent-minutes = پس از چند دقیقه بی‌خبری، اکیپ ایستگاه‌هایش را نگه دارد
crisis-volunteer-skills = داوطلبان چه بتوانند بکنند
crisis-volunteer-skills-hint = اگر چیزی برگزیده نشود: آنچه کارهای مناسب داوطلبان نیاز دارند.
crisis-cut-off = منطقه‌های بدون ارتباط با شهر
crisis-cut-off-hint = تا بازگشت ارتباط، کسی از اکیپ‌های آن‌ها کاری نمی‌گیرد و کاری به آن‌ها نمی‌دهد. آنچه کرده‌اند سپس خودبه‌خود می‌رسد.

## گذشته و دفتر رویدادها
crisis-journal = دفتر رویدادها
crisis-past = بحران‌های گذشته
crisis-to = تا
crisis-fact-begun = حالت بحران آغاز شد.
crisis-fact-changed = آنچه برقرار است دگرگون شد.
crisis-fact-ended = حالت بحران پایان یافت.
crisis-fact-called = همهٔ کسانی که سر کار نبودند فراخوانده شدند.
crisis-fact-coming = اکیپی می‌آید.
crisis-fact-refused = اکیپی نمی‌تواند بیاید.
crisis-fact-volunteers = گروهی از داوطلبان پذیرفته شد.
crisis-done-begun = حالت بحران روشن شد.
crisis-done-changed = آنچه برقرار است دگرگون شد.
crisis-done-ended = حالت بحران پایان یافت. هر که سر کار است کارش را به پایان می‌برد.
crisis-done-called = فراخوانده شدند. برای هر اکیپ شیفتی ساخته شد؛ پاسخش همین‌جا دیده می‌شود.
crisis-done-nobody = کسی نیست که سر کار نباشد و پیش از این فراخوانده نشده باشد.
crisis-done-coming = نوشته شد: می‌آیند.
crisis-done-refused = با دلیلش نوشته شد؛ شیفتشان لغو شد.
crisis-done-mustered = از هم‌اکنون یک اکیپ‌اند.
crisis-done-closed = بسته شد. راه‌ها از هم‌اکنون آن را دور می‌زنند.
crisis-done-opened = باز شد.
