# گزارش یک مشکل، گام به گام.

report-step-service = چه شده
report-step-place = کجاست
report-step-words = شرح و عکس
report-step-contact = خبر به شما
report-step-check = بازبینی
report-progress = گام { $number-shown } از { $steps-shown }:
report-progress-next = بعد: { $next }
report-so-far = تا اینجا
report-if-known = اگر می‌دانید
report-choose = انتخاب کنید
report-change = تغییر
report-draft-back = چیزی که پیش‌تر نوشته بودید برگشت.
report-draft-afresh = از نو

report-service-question = چه شده؟
report-service-hint = چند کلمه بنویسید یا از فهرست انتخاب کنید.
report-service-found = شاید یکی از این‌ها
report-service-found-said = {"{n}"} موضوع پیدا شد
report-service-nothing-found = موضوعی با این واژه‌ها پیدا نشد. واژهٔ دیگری بنویسید یا از فهرست انتخاب کنید.

report-place-question = کجاست؟
report-place-address = نشانی یا یک جای شناخته‌شده
report-place-address-hint = نام خیابان و کوچه، یا جایی که همه می‌شناسند.
report-place-unknown = نمی‌دانم
report-place-somewhere = جای دیگری در { $district }

report-places-question = کدام یکی؟
report-places-hint = «{ $address }» شاید یکی از این جاها باشد.
report-places-none = هیچ‌کدام؛ همان نشانی که نوشتم
report-landmark-metro-station = ایستگاه مترو

report-similar-question = شاید همین را دیگران هم گفته باشند
report-similar-words = اگر یکی از این‌هاست، به آن بپیوندید: کار یک بار انجام می‌شود و شما هم پشت آن هستید.
report-similar-near = نزدیک شما
report-similar-none = هیچ‌کدام؛ چیز تازه‌ای است
report-similar-hint = اگر بپیوندید، به صفحهٔ همان درخواست می‌روید.

report-words-question = با حرف خودتان بگویید
report-words-label = چه می‌بینید؟
report-words-hint = چه شده، از کی، و آیا خطری هست. نام و شمارهٔ کسی را ننویسید؛ این متن را همه می‌بینند.
report-words-most = تا { $most-count } نویسه
report-words-left = {"{n}"} نویسهٔ دیگر جا دارد
report-kind = نوع پیام
report-danger = آیا الان برای کسی خطر دارد؟
report-danger-no = نه
report-danger-yes = بله
report-time-hint = مثلاً { $example }

report-photo-label = عکس
report-photo-hint = تا { 5 } عکس. جای دوربین و زمان آن پاک می‌شود.
report-photo-ready = {"{n}"} عکس آماده شد ({"{kb}"} کیلوبایت)
report-photo-drop = بردار
report-photo-number = عکس { $photo-number }
report-photos = { $photos-count } عکس

report-contact-question = چطور به شما خبر بدهیم؟
report-contact-hint = شماره و نام شما پیش ما می‌ماند و به مردم نشان داده نمی‌شود. کد پیگیری و خبرهای این پیام را به همین شماره یا ایمیل می‌فرستیم. می‌توانید هیچ‌کدام را ننویسید.
report-contact-mobile = شمارهٔ همراه
report-contact-email = ایمیل
report-contact-name = نام
report-contact-shared = دیگران هم از این دستگاه استفاده می‌کنند
report-contact-shared-hint = اگر تیک نزنید، بعدها از همین دستگاه بی‌آنکه رقمی بنویسید، پاسخ شهر را می‌پذیرید یا به آن اعتراض می‌کنید.

report-check-question = همین‌ها را بفرستیم؟
report-check-subject = موضوع
report-check-words = شرح
report-check-nothing = چیزی ننوشته‌اید.
report-check-point = نقطهٔ آن روی نقشه معلوم است.
report-check-code-only = فقط با کد پیگیری
report-check-private = این موضوع خصوصی است: متن و جای آن را جز مسئولش کسی نمی‌بیند.
report-check-public = متن، جا و عکس‌ها را همه می‌بینند؛ نام و شمارهٔ شما را نه.
report-check-promise = قول ما: تا { $when } رسیدگی می‌شود.
report-check-unit = مسئول: { $unit }.
report-send = فرستادن درخواست

report-done-title = درخواست شما ثبت شد
report-done-code = کد پیگیری شما
report-done-keep = این کد را نگه دارید؛ با آن می‌بینید چه می‌شود.
report-done-see = دیدن درخواست
report-done-print = چاپ رسید
report-done-next = از اینجا به بعد
report-done-registered = حرف شما ثبت شد
report-done-you = شما
report-done-unit = به دست { $unit } می‌رسد
report-done-by-place = خودکار، از روی جا و موضوع
report-done-if-late = اگر دیر شود، همین‌جا دیده می‌شود.

## چه درست نیست
report-refusal-service-missing = بگویید موضوع چیست: یکی را از فهرست انتخاب کنید.
report-refusal-service-unknown = این موضوع را نداریم. یکی را از فهرست انتخاب کنید.
report-refusal-service-closed = این موضوع فعلاً بسته است و درخواست تازه‌ای نمی‌پذیرد. موضوع دیگری را انتخاب کنید.
report-refusal-place-missing = بگویید کجاست: نشانی را بنویسید، محله را انتخاب کنید یا روی نقشه نشان بدهید.
report-refusal-coordinates-impossible = این نقطه روی زمین نیست. روی نقشه نشان بدهید یا نشانی را بنویسید.
report-refusal-place-outside = این نقطه بیرون از { $city } است. نقطه را جابه‌جا کنید یا نشانی را بنویسید.
report-refusal-place-outside-near = این نقطه { $distance } بیرون از { $city } است؛ نزدیک‌ترین جا { $nearest } است. نقطه را جابه‌جا کنید یا نشانی را بنویسید.
report-refusal-division-unknown = این محله در فهرست ما نیست. یکی را از فهرست انتخاب کنید یا نشانی را بنویسید.
report-refusal-words-too-long = شرح { $over-count } نویسه بلندتر از { $most-count } نویسه‌ای است که جا داریم. لطفاً کوتاه‌ترش کنید.
report-refusal-nothing-said = برای این نوع پیام، چند کلمه بنویسید.
report-refusal-address-too-long = نشانی خیلی بلند است؛ تا { $most-count } نویسه. بقیه را در شرح بنویسید.
report-refusal-answer-missing = به «{ $question }» پاسخ بدهید.
report-refusal-answer-unknown = «{ $question }» پرسش این موضوع نیست. گام «شرح و عکس» را دوباره ببینید.
report-refusal-answer-not-a-number = پاسخ «{ $question }» باید عدد باشد.
report-refusal-answer-not-a-time = پاسخ «{ $question }» باید روز و ساعت باشد، مثلاً { $example }.
report-refusal-answer-not-in-list = برای «{ $question }» یکی از پاسخ‌های فهرست را انتخاب کنید.
report-refusal-answer-only-one = برای «{ $question }» فقط یک پاسخ انتخاب کنید.
report-refusal-answer-too-long = پاسخ «{ $question }» خیلی بلند است؛ تا { $most-count } نویسه.
report-refusal-mobile-wrong = این شمارهٔ همراه درست نیست؛ شاید رقمی جا افتاده باشد. مثلاً ۰۹۱۲۱۲۳۴۵۶۷.
report-refusal-email-wrong = این ایمیل درست نیست. ایمیل یک @ و یک نقطه پس از آن دارد.
report-refusal-name-too-long = نام خیلی بلند است؛ تا { $most-count } نویسه.
report-refusal-too-many-photos = تا { $most-count } عکس جا داریم. بقیه را نگه نداشتیم؛ اگر لازم است یکی را بردارید.
report-refusal-key-reused = از روی همین فرم پیش‌تر درخواستی فرستاده‌اید. اگر می‌خواهید این هم درخواست تازه‌ای باشد، یک بار دیگر «فرستادن درخواست» را بزنید.
report-refusal-key-too-long = این فرم در راه خراب شد. یک بار دیگر «فرستادن درخواست» را بزنید.

## عکسی که نپذیرفتیم
report-photo-empty = «{ $name }» خالی بود. عکس را دوباره انتخاب کنید.
report-photo-too-large = «{ $name }» خیلی سنگین است؛ تا { $megabytes-count } مگابایت. عکس کوچک‌تری بفرستید.
report-photo-too-many-pixels = «{ $name }» خیلی بزرگ است؛ تا { $megapixels-count } میلیون نقطه. عکس کوچک‌تری بفرستید.
report-photo-unknown-type = «{ $name }» عکس نیست، یا از نوعی است که نمی‌خوانیم. JPEG، PNG یا WebP بفرستید.
report-photo-heic = «{ $name }» از نوع HEIC است که نمی‌توانیم بخوانیم. در تنظیمات دوربین «سازگارترین» را انتخاب کنید یا یک عکس JPEG بفرستید.
report-photo-damaged = «{ $name }» خراب یا ناقص است. عکس را دوباره انتخاب کنید.
