# پاسخ «نه» در اورژانس خدمات شهری، برای هر کد یک جمله: چه شد و حالا چه کنید.

dispatch-refusal-denied = این کار در حوزهٔ شما نیست.
dispatch-refusal-not-found = چنین چیزی نیست؛ شاید برداشته شده باشد.
dispatch-refusal-changed = همکار دیگری زودتر آن را تغییر داد. وضع تازه را ببینید و دوباره تصمیم بگیرید.
dispatch-refusal-words-too-long = این نوشته خیلی بلند است؛ کوتاه‌ترش کنید.
dispatch-refusal-day-wrong = روز را به شکل سال/ماه/روز و ساعت را به شکل ۰۷:۳۰ بنویسید.
dispatch-refusal-number-wrong = اینجا یک عدد بنویسید.
dispatch-refusal-place-missing = جا را روی نقشه یا با طول و عرض جغرافیایی بدهید.

## کمک میان منطقه‌ها
dispatch-refusal-aid-crew-wrong = فقط اکیپ منطقه‌ای را می‌توان فرستاد که از آن کمک خواسته شده است.
dispatch-refusal-aid-district-wrong = دو منطقهٔ متفاوت شهر را انتخاب کنید.
dispatch-refusal-aid-over = دربارهٔ این کمک پیش‌تر تصمیم گرفته شده است.
dispatch-refusal-aid-time-wrong = پایان کمک باید پس از آغاز آن، در آینده و حداکثر یک ماه باشد.

## اکیپ
dispatch-refusal-crew-base-outside = محل استقرار بیرون از شهر است.
dispatch-refusal-crew-busy = اکیپ سر کار دیگری است یا به آنجا می‌رود؛ اول آن را تمام کند.
dispatch-refusal-crew-code-taken = اکیپ دیگری این کد را دارد.
dispatch-refusal-crew-code-wrong = کد اکیپ از حرف‌های لاتین، رقم و خط تیره ساخته می‌شود، مثل d6-1.
dispatch-refusal-crew-district-unknown = این منطقه در شهر نیست.
dispatch-refusal-crew-equipment-unknown = این وسیله در فهرست وسایل شهر نیست.
dispatch-refusal-crew-has-order = اکیپ در راه یا سر کار است؛ اول آن کار را تمام کند.
dispatch-refusal-crew-lacks-equipment = این اکیپ وسیلهٔ لازم را ندارد.
dispatch-refusal-crew-lacks-skill = این اکیپ مهارت لازم را ندارد.
dispatch-refusal-crew-load-wrong = مقدار بار یا مواد باید از صفر تا صد هزار باشد.
dispatch-refusal-crew-material-unknown = این ماده در فهرست مواد شهر نیست.
dispatch-refusal-crew-name-long = نام یا خودرو خیلی بلند است.
dispatch-refusal-crew-name-missing = نام اکیپ را بنویسید.
dispatch-refusal-crew-off-duty = این اکیپ سر شیفت نیست.
dispatch-refusal-crew-other-district = این اکیپ مال منطقهٔ دیگری است؛ اول از آن منطقه کمک بخواهید.
dispatch-refusal-crew-out-of-service = این اکیپ از کار افتاده است.
dispatch-refusal-crew-people-wrong = شمار نفرات باید از ۱ تا ۱۰۰ باشد.
dispatch-refusal-crew-skill-unknown = این مهارت در فهرست مهارت‌های شهر نیست.
dispatch-refusal-crew-status-by-order = این وضع خودش از دستور کار می‌آید.
dispatch-refusal-crew-status-impossible = از وضع کنونی نمی‌شود به این وضع رفت.
dispatch-refusal-crew-too-small = نفرات یا ظرفیت خودرو برای این کار کم است.
dispatch-refusal-crew-unit-not-contractor = اکیپ پیمانکار باید واحدی بیرونی داشته باشد، و اکیپ‌های دیگر نباید.
dispatch-refusal-crew-unit-unknown = چنین واحدی نیست.
dispatch-refusal-crew-unknown = چنین اکیپی نیست.
dispatch-refusal-crew-volunteer = داوطلبان این نوع کار را انجام نمی‌دهند.
dispatch-refusal-crew-withdrawn = این اکیپ دیگر نیست.
dispatch-refusal-member-elsewhere = این همکار در اکیپ دیگری است؛ اول از آن بیرون بیاید.
dispatch-refusal-member-role-missing = این حساب نقش «عضو اکیپ» ندارد؛ اول این نقش را به او بدهید.
dispatch-refusal-member-unknown = چنین حسابی نیست.

## مدرک کار
dispatch-refusal-evidence-amount-wrong = مقدار باید عددی از صفر به بالا باشد.
dispatch-refusal-evidence-photo-wrong = عکس پیش یا پس از کار باید همراه خود عکس باشد.
dispatch-refusal-evidence-too-much = برای این کار بیش از اندازه مدرک فرستاده شده است.

## دستور کار
dispatch-refusal-job-type-unknown = این نوع کار در فهرست شهر نیست.
dispatch-refusal-order-after-circle = این دو کار منتظر یکدیگر می‌مانند.
dispatch-refusal-order-after-unknown = کاری که باید پیش از این انجام شود پیدا نشد.
dispatch-refusal-order-cancelled = این دستور کار لغو شده است.
dispatch-refusal-order-check-missing = موردی از فهرست ایمنی هنوز تیک نخورده است.
dispatch-refusal-order-duration-wrong = زمان کار باید از ۱ دقیقه تا ۲۴ ساعت باشد.
dispatch-refusal-order-locked = این کار برای اکیپش قفل شده است؛ اول قفل را باز کنید.
dispatch-refusal-order-not-done = فقط کار انجام‌شده بررسی می‌شود.
dispatch-refusal-order-other-contractor = این کار با پیمانکار دیگری است.
dispatch-refusal-order-outside = این نقطه بیرون از شهر است.
dispatch-refusal-order-over = این دستور کار تمام یا لغو شده است.
dispatch-refusal-order-photo-missing = عکس پیش یا پس از کار نیامده است.
dispatch-refusal-order-quantity-missing = مقدار کار اندازه‌گیری و نوشته نشده است.
dispatch-refusal-order-step-impossible = از این مرحله نمی‌شود به آن مرحله رفت.
dispatch-refusal-order-still-open = این دستور کار هنوز باز است.
dispatch-refusal-order-together-wrong = این دو کار را نمی‌شود با هم رفت.
dispatch-refusal-order-under-way = اکیپ در راه یا سر این کار است و از او گرفته نمی‌شود.
dispatch-refusal-order-waits = کار دیگری باید پیش از این تمام شود.
dispatch-refusal-order-window-impossible = پایان بازه باید پس از آغاز آن باشد.
dispatch-refusal-order-window-over = پایان این بازه گذشته است.
dispatch-refusal-order-with-nobody = این کار دست هیچ اکیپی نیست.
dispatch-refusal-order-words-missing = بنویسید چرا؛ اکیپ آن را می‌خواند.
dispatch-refusal-reason-missing = دلیل را انتخاب کنید.
dispatch-refusal-reason-unknown = این دلیل در فهرست شهر نیست.
dispatch-refusal-routine-days-wrong = فاصله باید از ۱ تا ۳۶۶۰ روز باشد.

## شیفت
dispatch-refusal-shift-begun = این شیفت آغاز شده است.
dispatch-refusal-shift-break-wrong = استراحت باید درون شیفت جا بگیرد.
dispatch-refusal-shift-days-many = حداکثر ۱۰۰ روز را یک‌جا برنامه‌ریزی کنید.
dispatch-refusal-shift-days-none = در این روزها هیچ شیفتی نمی‌افتد.
dispatch-refusal-shift-days-wrong = روز پایان پیش از روز آغاز است.
dispatch-refusal-shift-empty = پایان شیفت باید پس از آغاز آن باشد.
dispatch-refusal-shift-none = شیفتی برای این ساعت برنامه‌ریزی نشده است.
dispatch-refusal-shift-overlaps = این اکیپ در آن ساعت شیفت دیگری دارد.
dispatch-refusal-shift-overtime-wrong = اضافه‌کار پس از پایان شیفت است و حداکثر ۶ ساعت.
dispatch-refusal-shift-time-wrong = ساعت را به شکل ۰۷:۳۰ بنویسید.
dispatch-refusal-shift-too-long = شیفت حداکثر ۲۴ ساعت است.

## بحران و خیابان‌ها
dispatch-refusal-crisis-answer-missing = بگویید اکیپ می‌آید یا نه.
dispatch-refusal-crisis-begun = اینجا هم‌اکنون در حالت بحران است.
dispatch-refusal-crisis-district-unknown = شهر چنین منطقه‌ای ندارد.
dispatch-refusal-crisis-elsewhere = این منطقه در حالت بحران نیست.
dispatch-refusal-crisis-hours-wrong = شیفت بحران از ۱ تا ۲۴ ساعت است.
dispatch-refusal-crisis-over = این بحران پایان یافته است.
dispatch-refusal-crisis-reason-missing = بنویسید چرا اکیپ نمی‌تواند بیاید.
dispatch-refusal-crisis-silence-wrong = بی‌خبری از ۱ دقیقه تا یک روز است.
dispatch-refusal-crisis-skill-not-theirs = این کار برای داوطلبان نیست؛ از آنچه می‌توانند برگزینید.
dispatch-refusal-crisis-storm-refused = جمله‌های صفحهٔ نخست پذیرفته نشد؛ قاعده‌های توفان را ببینید.
dispatch-refusal-crisis-weights-wrong = ارزش‌ها از ۱ تا ۱۰۰۰ است و هر یک دست‌کم به اندازهٔ پیشین.
dispatch-refusal-road-metres-wrong = دایره از ۱۰ تا ۵۰۰۰ متر است.
dispatch-refusal-road-outside = اینجا بیرون از شهر است.
dispatch-refusal-road-until-wrong = زمان بازگشایی در آینده و تا یک سال است.
dispatch-refusal-road-words-wrong = تا ۳۰۰ نویسه بگویید چرا بسته است.
