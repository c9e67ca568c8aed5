# افراد و نقش‌ها، برای راهبر سامانه و مدیر واحد.

people-title = افراد و نقش‌ها
people-search = نام، نام ورود یا واحد
people-all-roles = همهٔ نقش‌ها
people-invite = دعوت همکار
people-count = { $people-count } نفر
people-empty = کسی با این نشان پیدا نشد.
people-name = نام
people-sign-name = نام ورود
people-sign-name-hint = حروف لاتین، رقم، نقطه و خط تیره؛ از { 3 } تا { 40 } نویسه. بعداً عوض نمی‌شود.
people-mobile = همراه
people-email = رایانامه
people-roles = نقش‌ها
people-role = نقش
people-scope = دامنه
people-unit = واحد
people-district = منطقه
people-neighbourhood = محله
people-choose = انتخاب کنید
people-no-roles = بدون نقش
people-last-seen = آخرین ورود
people-never-seen = هنوز نیامده
people-state = وضعیت
people-back = همهٔ افراد

## نقش‌ها
people-role-citizen = شهروند
people-role-sender = سامانهٔ همکار
people-role-operator = اپراتور ۱۳۷
people-role-unit-member = کارمند واحد
people-role-unit-manager = مدیر واحد
people-role-inspector = بازرس
people-role-feedback-caller = تماس‌گیرندهٔ نظرسنجی
people-role-official = مقام پاسخ‌گو
people-role-dispatcher = مسئول اعزام
people-role-crew-member = عضو اکیپ
people-role-contractor = پیمانکار
people-role-round-manager = مدیر دورهٔ مشارکت
people-role-interviewer = رأی‌گیر
people-role-supervisor = ناظر شهر
people-role-administrator = راهبر سامانه
people-role-system = سامانه

## دامنه
people-scope-own = کار خودش
people-scope-unit = یک واحد
people-scope-neighbourhood = یک محله
people-scope-district = یک منطقه
people-scope-city = همهٔ شهر

## وضعیت عضویت
people-state-invited = دعوت شده
people-state-active = فعال
people-state-suspended = معلق
people-state-ended = پایان‌یافته
people-account-suspended = حساب بسته است
people-account-first-password = با رمز نخست، هنوز عوض نکرده

## دعوت
people-invite-title = دعوت همکار
people-invite-words = حساب ساخته می‌شود و رمز نخست یک بار نشان داده می‌شود. همکارتان در ورود اول رمز خودش را می‌گذارد و گام دوم را راه می‌اندازد.
people-invite-send = ساختن حساب
people-first-password-title = رمز نخست { $name }
people-first-password-words = این رمز دیگر نشان داده نمی‌شود. آن را رودررو یا تلفنی به خودش بدهید. تا { $days-count } روز کار می‌کند و فقط برای گذاشتن رمز تازه است.
people-first-password-done = دیدم، ادامه

## یک نفر
people-give = دادن نقش
people-give-title = نقش تازه
people-suspend-role = تعلیق
people-restore-role = برگرداندن
people-end-role = پایان
people-end-role-words = پایان نقش { $role } برگشت ندارد. نقش تازه همیشه می‌شود داد.
people-reset = دادن رمز نخست تازه
people-reset-words = رمز کنونی از کار می‌افتد و از همه‌جا خارج می‌شود. گام دوم می‌ماند.
people-suspend = بستن حساب
people-suspend-words = از همه‌جا خارج می‌شود و نمی‌تواند وارد شود. کارهایش در سابقه می‌ماند.
people-restore = باز کردن حساب
people-second = گام دوم
people-second-totp = برنامهٔ رمزساز دارد
people-second-none = هنوز گام دوم ندارد
people-second-passkeys = { $keys-count } کلید عبور
people-second-remove = برداشتن گام دوم
people-second-remove-words = وقتی تلفنش گم شده است. در ورود بعدی باید دوباره راه بیندازد.
people-sessions = نشست‌های باز
people-sessions-none = هیچ نشست بازی ندارد.
people-sessions-end = خارج کردن از همه‌جا
people-access = دسترسی‌ها و تغییرها
people-access-none = چیزی ثبت نشده است.
people-access-when = کی
people-access-what = چه
people-access-granted = دید یا انجام داد
people-access-denied = اجازه نداشت
people-not-self = این کار را برای حساب خودتان نمی‌شود کرد؛ همکار دیگری باید انجام دهد.
people-done = انجام شد.

## کارها در سابقه
people-fact-account-made = حساب ساخته شد
people-fact-account-changed = مشخصات عوض شد
people-fact-account-suspended = حساب بسته شد
people-fact-account-restored = حساب باز شد
people-fact-role-given = نقش { $role } داده شد
people-fact-role-offered = نقش { $role } پیشنهاد شد
people-fact-role-accepted = نقش { $role } پذیرفته شد
people-fact-role-suspended = نقش { $role } معلق شد
people-fact-role-restored = نقش { $role } برگشت
people-fact-role-ended = نقش { $role } پایان یافت
people-fact-password-given = رمز نخست داده شد
people-fact-password-chosen = رمز خودش را گذاشت
people-fact-signed-in = وارد شد
people-fact-sign-in-failed = ورود ناموفق
people-fact-session-ended = نشستی پایان یافت
people-fact-second = گام دوم عوض شد
people-fact-passkey = کلید عبور عوض شد
people-fact-sign-on = ورود سازمان عوض شد
people-fact-other = تغییر دیگر

## خطاها
people-refusal-account-unknown = چنین حسابی نیست.
people-refusal-name-missing = نام را بنویسید.
people-refusal-name-too-long = نام خیلی بلند است.
people-refusal-sign-name-wrong = نام ورود فقط حروف لاتین، رقم، نقطه و خط تیره دارد و از { 3 } تا { 40 } نویسه است.
people-refusal-sign-name-taken = این نام ورود از کس دیگری است.
people-refusal-mobile-wrong = این شمارهٔ همراه نیست. شماره را مثل ۰۹۱۲۳۴۵۶۷۸۹ بنویسید.
people-refusal-mobile-taken = این شماره از کس دیگری است.
people-refusal-email-wrong = این نشانی رایانامه نیست.
people-refusal-role-missing = نقش را انتخاب کنید.
people-refusal-role-not-given = این نقش را به کسی نمی‌دهند.
people-refusal-role-too-high = نقشی بالاتر از نقش خودتان نمی‌توانید بدهید یا بگیرید.
people-refusal-place-missing = بگویید نقش برای کدام واحد، منطقه یا محله است.
people-refusal-role-given = این نقش را همین حالا دارد.
people-refusal-state-wrong = در این وضعیت نمی‌شود.
people-refusal-last-administrator = این آخرین راهبر سامانه است؛ اول راهبر دیگری بگذارید.
people-refusal-code-wrong = این کد درست نیست.
people-refusal-not-begun = راه‌اندازی گام دوم از اول شروع شود.
people-refusal-denied = این کار در اختیار شما نیست.
