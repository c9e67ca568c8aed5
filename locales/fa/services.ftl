# خدمات و مهلت‌ها.

services-title = خدمات و مهلت‌ها
services-headline = چه کارهایی، در چه مهلتی
services-lead = مهلت از لحظهٔ ثبت شمرده می‌شود. اگر نرسیم، همان‌جا دیده می‌شود.
services-search = جست‌وجو در خدمات
services-within = تا { $target }
services-no-target = بی‌مهلت
services-nothing-found = خدمتی با این واژه‌ها پیدا نشد.
services-all = همهٔ خدمات
services-report = گزارش همین موضوع
services-see-requests = درخواست‌های این موضوع
services-promise = قول ما
services-normal = عادی
services-urgent = فوری
services-emergency = اضطراری
services-asks = چه می‌پرسیم
services-private = درخواست‌های این موضوع خصوصی است و به کسی نشان داده نمی‌شود.
services-closed = این موضوع فعلاً درخواست تازه‌ای نمی‌پذیرد.
