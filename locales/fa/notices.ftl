# آنچه برای مردم فرستاده می‌شود. هر پیامک با همهٔ مقدارهایش در دو بخش جا می‌شود؛ آزمونی آن را می‌شمارد.
# `{ $code }` و مانند آن جاهای خالی قالب‌اند و فهرست آن‌ها در crates/notices/src/text.rs است.

## رخدادهای یک پیام، برای کسی که آن را فرستاده است
notices-submitted = پیام شما ثبت شد.
    کد پیگیری: { $code }
    موضوع: { $service }
notices-assigned = پیام { $code } به { $unit } سپرده شد.
notices-asked = دربارهٔ پیام { $code } پرسشی از شما داریم: { $words }
notices-referred = پیام { $code } کار { $unit } است و به آنجا سپرده شد. پاسخ آن را پیگیری می‌کنیم.
notices-declined = پیام { $code } شدنی نبود: { $words }
notices-answered = پیام { $code } در { $unit } رسیدگی شد: { $words }
notices-reopened = پیام { $code } دوباره باز شد و پیگیری می‌شود.
notices-objected = اعتراض شما به پاسخ پیام { $code } ثبت شد و بازرس آن را بررسی می‌کند.
notices-closed = پروندهٔ پیام { $code } بسته شد: { $words }
notices-duplicate = پیام { $code } با پیام { $other } یکی است و با همان پیگیری می‌شود.
notices-overdue = پوزش می‌خواهیم. رسیدگی به پیام { $code } از قولی که دادیم دیرتر شد. همچنان پیگیر آن هستیم.
notices-promise-shifted = مهلت رسیدگی به پیام { $code } به‌دلیل توفان تا { $due } تمدید شد.
notices-reply = اگر پذیرفتید { $accept } و اگر اعتراض دارید { $object } بفرستید.
notices-reply-on-page = اگر پاسخ را نمی‌پذیرید، در همین نشانی بگویید:
notices-opt-out = لغو{ $stop }

## برای کسی که دنبال می‌کند
notices-follower-referred = پیام { $code } که دنبال می‌کنید به { $unit } سپرده شد.
notices-follower-declined = پیام { $code } که دنبال می‌کنید شدنی نبود: { $words }
notices-follower-answered = پیام { $code } که دنبال می‌کنید رسیدگی شد: { $words }
notices-follower-reopened = پیام { $code } که دنبال می‌کنید دوباره باز شد.

## ایمیل
notices-email-subject = پیام { $code }: { $service }
notices-email-why = این نامه را چون دربارهٔ این پیام ایمیل خود را داده‌اید فرستادیم.

## کد ورود
notices-code = کد ورود شما به { $city }. آن را به هیچ‌کس نگویید.
notices-code-line = کد: { $code }

## پاسخ به پیامک مردم
notices-inbound-accepted = سپاسگزاریم. پذیرش شما برای پیام { $code } ثبت شد.
notices-inbound-replied = پاسخ شما دربارهٔ پیام { $code } رسید. سپاسگزاریم.
notices-inbound-nothing-awaits = پیامی که منتظر پاسخ شما باشد پیدا نشد. شمارهٔ پاسخ و کد پیگیری را بفرستید؛ مانند { $accept } و سپس کد ده‌رقمی.
notices-inbound-status = پیام { $code }: { $status }
    { $link }
notices-inbound-code-unknown = پیامی با این کد پیدا نشد. کد پیگیری ده رقم دارد.
notices-inbound-stopped = دیگر برای شما خبر نمی‌فرستیم. برای خبر دوباره { $join } را بفرستید.
notices-inbound-joined = از این پس خبر پیام‌هایتان را می‌فرستیم. برای نفرستادن، لغو{ $stop } را بفرستید.
notices-inbound-service-missing = پیامتان رسید، ولی ندانستیم دربارهٔ چیست. در یک پیامک بنویسید چه شده و کجا؛ مانند: درخت افتاده، خیابان و کوچه.
notices-inbound-place-missing = پیامتان دربارهٔ { $service } رسید. بنویسید کجاست: محله، خیابان یا نزدیک چه جایی.
notices-inbound-answer-missing = پیامتان دربارهٔ { $service } رسید. فقط این مانده است: { $words }
notices-inbound-not-understood = پیامتان رسید، ولی ثبت نشد. با { $phone } تماس بگیرید یا اینجا بنویسید:
    { $link }

## آزمون و نمونه
notices-test = این پیامک آزمونی از سامانهٔ { $city } است. اگر آن را می‌خوانید، درگاه کار می‌کند.
notices-example-words = چاله با آسفالت تازه پر شد و نخاله‌ها جمع شد.

## صفحهٔ پیام‌ها
notices-title = پیام‌ها
notices-lead = آنچه با پیامک، ایمیل و مرورگر برای مردم می‌رود و آنچه آنان می‌فرستند. از شماره‌ها فقط رقم‌های آخر دیده می‌شود.
notices-tab-outbox = رفته و در راه
notices-tab-inbox = رسیده
notices-tab-templates = متن‌ها
notices-state-all = همه
notices-state-queued = در صف
notices-state-sending = در حال فرستادن
notices-state-sent = فرستاده شد
notices-state-delivered = به دست رسید
notices-state-failed = نرفت
notices-state-suppressed = نفرستادیم
notices-gateways = درگاه‌ها
notices-gateway = درگاه
notices-gateway-share = کامیابی ده دقیقهٔ گذشته
notices-gateway-well = کار می‌کند
notices-gateway-failing = گاهی خطا می‌دهد
notices-gateway-resting = کنار گذاشته تا { $when }
notices-gateway-error = آخرین خطا
notices-gateways-none = هنوز چیزی فرستاده نشده است، پس دربارهٔ درگاه‌ها هم چیزی نمی‌دانیم.
notices-days = چهارده روز گذشته
notices-day = روز
notices-channel = راه
notices-channel-sms = پیامک
notices-channel-email = ایمیل
notices-channel-push = مرورگر
notices-sent = فرستاده
notices-delivered = به دست رسیده
notices-failed = نرفته
notices-received = رسیده از مردم
notices-parts = بخش
notices-cost = هزینه
notices-to = گیرنده
notices-from = فرستنده
notices-about = دربارهٔ
notices-text = متن
notices-state = وضعیت
notices-when = زمان
notices-attempts = { $attempts-count } بار کوشش
notices-next = بار بعد { $when }
notices-empty = پیامی با این وضعیت نیست.
notices-inbox-empty = هنوز پیامکی نرسیده است.
notices-retry = دوباره بفرست: آنچه در یک روز گذشته نرفت
notices-retried = { $messages-count } پیام دوباره در صف است.
notices-test-number = شمارهٔ همراه برای آزمون
notices-test-send = پیامک آزمونی بفرست
notices-tested = پیامک آزمونی در صف است.
notices-test-wrong = این شمارهٔ همراه نیست؛ مانند ۰۹۱۲۱۲۳۴۵۶۷.
notices-understood = چه فهمیدیم
notices-template = متن
notices-to-reporter = برای فرستندهٔ پیام
notices-to-follower = برای دنبال‌کننده
notices-told = فرستاده می‌شود
notices-not-told = فرستاده نمی‌شود
notices-own = متن این شهر
notices-letters = { $letters-count } نویسه
notices-size = { $parts-count } بخش از ۲
notices-templates-lead = متن‌ها را با نمونه‌ای از همین شهر می‌بینید. شهر متن خودش را در notices.toml بستهٔ شهر می‌نویسد.
notices-quiet = ساعت آرامش: { $from } تا { $until }؛ در آن فقط کد ورود، پاسخ به پیامک مردم و پیام‌های فوری فرستاده می‌شود.

notices-occasion-submitted = ثبت شد
notices-occasion-assigned = سپرده شد
notices-occasion-asked = پرسش از شهروند
notices-occasion-referred = به نهاد دیگر سپرده شد
notices-occasion-declined = پذیرفته نشد
notices-occasion-answered = پاسخ داده شد
notices-occasion-reopened = دوباره باز شد
notices-occasion-objected = اعتراض ثبت شد
notices-occasion-closed = بسته شد
notices-occasion-duplicate = با پیام دیگری یکی شد
notices-occasion-overdue = پوزش برای دیرکرد
notices-occasion-promise-shifted = مهلت به‌دلیل توفان جابه‌جا شد
notices-occasion-code = کد ورود
notices-occasion-inbound = پاسخ به پیامک
notices-occasion-test = آزمون

notices-understood-accepted = پذیرش
notices-understood-objected = اعتراض
notices-understood-nothing-awaits = پاسخی که منتظرش نبودیم
notices-understood-status = پرسش وضعیت
notices-understood-code-unknown = کد ناشناس
notices-understood-stopped = لغو
notices-understood-joined = عضویت دوباره
notices-understood-replied = پاسخ به پرسش ما
notices-understood-opened = درخواست تازه
notices-understood-service-missing = موضوع را پرسیدیم
notices-understood-place-missing = جا را پرسیدیم
notices-understood-answer-missing = پرسش موضوع را پرسیدیم
notices-understood-not-understood = فهمیده نشد
notices-understood-too-many = پیام‌های پیاپی
notices-understood-no-number = بی‌شماره
notices-understood-empty = خالی
notices-understood-vote = رأی (نوشته‌اش نگه داشته نمی‌شود)

## خبر در مرورگر
notices-push = خبر در همین مرورگر
notices-push-done = ثبت شد. خبر این درخواست را همین مرورگر نشان می‌دهد.
notices-push-denied = مرورگر اجازهٔ نشان دادن خبر نداد. می‌توانید شماره یا ایمیل بنویسید.
