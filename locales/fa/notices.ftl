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
