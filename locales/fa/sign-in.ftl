# ورود شهروند و کارمند.

sign-in-title = ورود
sign-in-mobile-question = شمارهٔ همراه شما چیست؟
sign-in-mobile-hint = کدی برایتان پیامک می‌کنیم. رمز لازم نیست و شماره‌تان جایی نشان داده نمی‌شود.
sign-in-mobile-send = فرستادن کد
sign-in-mobile-wrong = این شمارهٔ همراه نیست. شماره را مثل ۰۹۱۲۳۴۵۶۷۸۹ بنویسید.
sign-in-without-title = بدون ورود هم می‌شود
sign-in-without-words = برای گزارش دادن و پیگیری با کد لازم نیست وارد شوید. ورود همهٔ درخواست‌های شما را یک‌جا نشان می‌دهد.
sign-in-staff-title = از کارکنان شهرداری هستید؟
sign-in-staff-link = ورود کارکنان
sign-in-citizen-link = ورود شهروندان با شمارهٔ همراه

## کد پیامکی
sign-in-code-title = کد ورود
sign-in-code-question = کدی که پیامک شد چیست؟
sign-in-code-sent = به { $mobile } فرستادیم. تا { $minutes-count } دقیقه کار می‌کند.
sign-in-code-change = شماره اشتباه است؟
sign-in-code-again = فرستادن دوبارهٔ کد
sign-in-code-wait = اگر تا { $seconds-count } ثانیهٔ دیگر نرسید، دوباره بفرستید.
sign-in-code-late = نرسید؟ پیامک گاهی یک دقیقه در راه است.
sign-in-code-too-early = کد تازه فرستاده شده است. { $seconds-count } ثانیهٔ دیگر می‌توانید دوباره بفرستید.
sign-in-code-sent-again = کد تازه‌ای فرستادیم. کد پیش دیگر کار نمی‌کند.
sign-in-code-empty = کد را بنویسید.
sign-in-code-wrong = این کد درست نیست یا زمانش گذشته است. آخرین پیامک را ببینید یا کد تازه بخواهید.
sign-in-code-too-many = برای این شماره چند بار کد خواسته یا اشتباه نوشته شد. کمی دیگر دوباره بیایید یا تلفنی بگویید.
sign-in-over = زمان این ورود گذشت. از اول شروع کنید.

## کارکنان
sign-in-staff-question = ورود کارکنان
sign-in-name = نام ورود
sign-in-password = رمز
sign-in-password-show = نمایش رمز
sign-in-password-hide = پنهان کردن رمز
sign-in-enter = ورود
sign-in-wrong = نام ورود یا رمز درست نیست.
sign-in-locked = چند بار پشت سر هم اشتباه شد. { $minutes-count } دقیقهٔ دیگر دوباره بیایید یا از مدیرتان رمز تازه بخواهید.
sign-in-password-over = زمان این رمز نخست گذشته است. از مدیرتان رمز تازه بخواهید.
sign-in-lost = رمز را فراموش کرده‌اید؟ مدیر واحد یا راهبر سامانه رمز تازه‌ای می‌دهد.
sign-in-passkey = ورود با کلید عبور
sign-in-passkey-hint = با اثر انگشت، چهره یا قفل همین دستگاه
sign-in-passkey-failed = کلید عبور پذیرفته نشد. با نام و رمز وارد شوید.
sign-in-passkey-failed-making = کلید عبور ساخته نشد. یک بار دیگر تلاش کنید یا برنامهٔ رمزساز را راه بیندازید.
sign-in-passkey-none = این مرورگر کلید عبور ندارد.
sign-in-federated = ورود با { $provider }
sign-in-or = یا

## گام دوم
sign-in-second-title = گام دوم
sign-in-second-question = کد برنامهٔ رمزساز چیست؟
sign-in-second-hint = { 6 } رقمی که برنامهٔ رمزساز روی تلفن شما نشان می‌دهد.
sign-in-second-recovery = تلفن همراهتان نیست؟ یکی از کدهای بازیابی را همین‌جا بنویسید. هر کد یک بار کار می‌کند.
sign-in-second-passkey = رمز درست بود. حالا با کلید عبورتان ادامه دهید؛ اگر همراهتان نیست، راهبر سامانه گام دوم شما را برمی‌دارد.
sign-in-second-wrong = این کد درست نیست. کد هر { 30 } ثانیه عوض می‌شود؛ کد تازه را بنویسید.

## نخستین رمز
sign-in-new-password-title = رمز تازه
sign-in-new-password-question = رمزی برای خودتان بگذارید
sign-in-new-password-hint = دست‌کم { $letters-count } نویسه. چند واژهٔ بی‌ربط پشت سر هم از یک واژهٔ پیچیده بهتر است.
sign-in-new-password-why = رمزی که با آن آمدید موقت است و دیگر کار نمی‌کند.
sign-in-new-password = رمز تازه
sign-in-password-too-short = رمز کوتاه است؛ دست‌کم { $letters-count } نویسه لازم است.
sign-in-password-too-long = رمز بیش از اندازه بلند است؛ تا { $letters-count } نویسه می‌شود.
sign-in-password-common = این رمز را خیلی‌ها دارند یا از نام شما و شهر ساخته شده است. رمز دیگری بگذارید.
sign-in-password-same = این همان رمز پیشین است. رمز دیگری بگذارید.

## راه‌اندازی گام دوم
sign-in-enrol-title = گام دوم را راه بیندازید
sign-in-enrol-why = کار شما به داده‌های مردم می‌رسد؛ برای همین رمز تنها کافی نیست.
sign-in-enrol-scan = این تصویر را با برنامهٔ رمزساز تلفنتان بخوانید (هر برنامهٔ TOTP کار می‌کند).
sign-in-enrol-qr = تصویر راه‌اندازی؛ متن آن در پایین هم آمده است
sign-in-enrol-secret = یا این رمز را در برنامه بنویسید
sign-in-enrol-code = کدی که برنامه نشان می‌دهد
sign-in-enrol-passkey = یا به جای آن، کلید عبور بسازید
sign-in-enrol-passkey-make = ساختن کلید عبور
sign-in-enrol-go = راه‌اندازی
sign-in-recovery-title = کدهای بازیابی
sign-in-recovery-words = این کدها فقط همین یک بار نشان داده می‌شوند. چاپشان کنید یا جای امنی بنویسید. هر کد یک بار به جای تلفن کار می‌کند.
sign-in-recovery-kept = نوشتم، ادامه

## سامانهٔ ورود سازمان
sign-in-federated-unknown-title = این ورود هنوز به حسابی بسته نیست
sign-in-federated-unknown-words = سامانهٔ سازمان شما را شناخت، اما پیوند نمی‌داند کدام حساب شماست. یک بار با نام و رمز وارد شوید و در «حساب من» ورود سازمان را وصل کنید.
sign-in-federated-failed-title = ورود سازمان انجام نشد
sign-in-federated-failed-words = پاسخ سامانهٔ سازمان پذیرفته نشد یا زمانش گذشت. دوباره تلاش کنید یا با نام و رمز وارد شوید.
sign-in-federated-off = ورود سازمان در اینجا راه‌اندازی نشده است.

## خروج
sign-in-out-title = خارج شدید
sign-in-out-words = روی این دستگاه دیگر کسی به جای شما نیست.
sign-in-out-again = ورود دوباره
