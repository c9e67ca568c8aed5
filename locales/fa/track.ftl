# پیگیری با کد.

track-title = پیگیری
track-question = کد پیگیری شما چیست؟
track-hint = { 10 } رقم است. فاصله و خط تیره مهم نیست.
track-show = پیگیری
track-empty = کد را بنویسید.
track-not-digits = کد پیگیری فقط رقم دارد. یک بار دیگر از روی رسید نگاه کنید.
track-wrong-length = کد پیگیری { 10 } رقم است؛ این { $digits-count } رقم دارد.
track-wrong-check-digit = رقم آخر با بقیه نمی‌خواند؛ شاید دو رقم جابه‌جا شده باشد. یک بار دیگر از روی رسید نگاه کنید.
track-unknown = درخواستی با این کد پیدا نشد. یک بار دیگر از روی رسید نگاه کنید.
track-no-code-title = کد را ندارید؟
track-no-code-words = به { $phone } زنگ بزنید و بگویید کی و دربارهٔ چه گزارش داده‌اید.
