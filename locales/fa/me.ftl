# حساب من: درخواست‌ها، نشست‌ها، رمز و گام دوم.

me-title = حساب من
me-requests = درخواست‌های من
me-requests-none = هنوز درخواستی با این شماره نیست.
me-requests-hint = آنچه با این شماره گزارش داده‌اید، تازه‌ترین اول.
me-without-mobile = حساب شما شمارهٔ همراه ندارد، پس درخواستی به آن بسته نیست.
me-roles = نقش‌های من
me-sections = بخش‌های حساب
me-sign-out = خروج

## مشخصات
me-details-title = مشخصات من
me-details-name = نام
me-details-email = رایانامه
me-details-mobile = شمارهٔ همراه
me-details-mobile-hint = شماره‌ای است که با آن وارد می‌شوید.
me-mobile-title = شمارهٔ تازه
me-mobile-question = شمارهٔ همراه تازه چیست؟
me-mobile-hint = کدی به شمارهٔ تازه پیامک می‌کنیم. پس از آن با همین شماره وارد می‌شوید و دستگاه‌های دیگر خارج می‌شوند.
me-mobile-change = تغییر شماره
me-mobile-add = افزودن شماره
me-details-saved = ذخیره شد.

## نشست‌ها
me-sessions-title = کجا وارد شده‌ام
me-sessions-hint = اگر دستگاهی را نمی‌شناسید، از آن خارج شوید.
me-sessions-this = همین دستگاه
me-sessions-browser = دستگاه
me-sessions-by = راه ورود
me-sessions-began = ورود
me-sessions-seen = آخرین بار
me-sessions-end = خروج
me-sessions-others = خروج از همهٔ دستگاه‌های دیگر
me-sessions-done = خارج شد.
me-by-code = کد پیامکی
me-by-password = رمز
me-by-password-totp = رمز و برنامهٔ رمزساز
me-by-passkey = کلید عبور
me-by-oidc = ورود سازمان

## رمز و گام دوم
me-security-title = رمز و گام دوم
me-password-title = تغییر رمز
me-password-old = رمز کنونی
me-password-wrong = رمز کنونی درست نیست.
me-password-change = تغییر رمز
me-password-done = رمز عوض شد و دستگاه‌های دیگر خارج شدند.
me-totp-title = برنامهٔ رمزساز
me-totp-on = راه‌اندازی شده است. { $codes-count } کد بازیابی مانده.
me-totp-off = راه‌اندازی نشده است.
me-totp-set = راه‌اندازی
me-totp-renew = راه‌اندازی روی تلفن دیگر
me-codes-new = کدهای بازیابی تازه
me-passkeys-title = کلیدهای عبور
me-passkeys-hint = با اثر انگشت، چهره یا قفل دستگاه وارد شوید؛ بدون رمز و بدون کد.
me-passkeys-none = هنوز کلیدی ندارید.
me-passkeys-unavailable = کلید عبور فقط روی نشانی اصلی و رمزنگاری‌شدهٔ سامانه ساخته می‌شود.
me-passkey = کلید عبور
me-passkey-name = نام این دستگاه
me-passkey-make = ساختن کلید عبور
me-passkey-failed = کلید ساخته نشد. اگر تازه وارد نشده‌اید، یک بار دیگر وارد شوید و دوباره تلاش کنید.
me-passkey-made = ساخته شده
me-passkey-used = آخرین بار
me-passkey-never = هنوز به کار نرفته
me-passkey-remove = برداشتن
me-organisation-title = ورود سازمان
me-organisation-bound = حساب شما به { $provider } وصل است.
me-organisation-free = حساب شما به { $provider } وصل نیست.
me-organisation-bind = وصل کردن
me-organisation-unbind = جدا کردن
me-organisation-done = وصل شد.
me-organisation-taken = این ورود سازمان به حساب دیگری وصل است.
