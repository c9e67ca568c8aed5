# قاب همهٔ صفحه‌ها: سرصفحه، پاصفحه، نقشه.

layout-wrong = خطا:
layout-description = مشکل محله را بگویید، کد بگیرید و ببینید چه می‌شود.
layout-skip = رفتن به متن صفحه
layout-sections = بخش‌ها
layout-report = گزارش
layout-track = پیگیری
layout-requests = فهرست و نقشه
layout-services = خدمات
layout-call = همین کارها را تلفنی هم انجام می‌دهیم.
layout-about = دربارهٔ پیوند
layout-privacy = حریم شما
layout-data = داده‌های باز
layout-design = طراحی

## فهرست خطاهای یک فرم
layout-problem = مشکلی هست
layout-problems = مشکلی هست؛ این‌ها را ببینید

## نقشه
layout-map-title = نقشهٔ درخواست‌ها
layout-map-pick-title = نقشه برای نشان دادن جا
layout-map-in = نزدیک‌تر
layout-map-out = دورتر
layout-map-open = دیدن این درخواست
layout-map-here = جای من
layout-map-centre = نشانه در وسط نقشه
layout-map-pin = نشانهٔ جای درخواست؛ با کلیدهای جهت جابه‌جا می‌شود
layout-map-placed = نشانه گذاشته شد: {"{place}"}
layout-map-asking = جای شما را می‌پرسیم…
layout-map-denied = دستگاه جای شما را نگفت. نشانی را بنویسید یا روی نقشه نشان بدهید.
layout-map-outside = این نقطه بیرون از شهر است.
layout-map-here-kept = جای شما یادداشت شد.
layout-map-here-denied = دستگاه جای شما را نگفت. نشانی را بنویسید یا از فهرست انتخاب کنید.
layout-map-start = برای گذاشتن نشانه روی نقشه بزنید.
layout-map-none = نقشه نیامد؛ نشانی یا محله کافی است.
layout-map-none-list = نقشه با اسکریپت می‌آید؛ فهرست همان‌ها را دارد.
