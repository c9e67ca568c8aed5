# صفحهٔ نخست.

home-title = خانه
home-question = چه شده؟
home-question-hint = در چند کلمه بگویید؛ بقیه را با هم پیدا می‌کنیم.
home-question-example = مثلاً درخت افتاده
home-common-subjects = موضوع‌های پرتکرار
home-all-subjects = همهٔ موضوع‌ها
home-track = پیگیری درخواست
home-track-hint = کد پیگیری { 10 } رقم است.
home-open = درخواست الان باز است
home-open-of = از { $all-count } درخواستی که تا امروز رسیده
home-in-time = در مهلت پاسخ گرفت
home-in-time-of = از { $ended-count } درخواست پایان‌یافتهٔ { $days-count } روز گذشته
home-in-time-none = در این روزها هنوز درخواستی به پایان نرسیده
home-lately = درخواست تازه رسید
home-lately-days = در { 7 } روز گذشته، با امروز
home-now = شهر، همین حالا
home-now-drawn = درخواست‌های باز در هر منطقه؛ هرچه پررنگ‌تر، بیشتر.
home-now-listed = درخواست‌های باز در هر منطقه.
home-district = { $name }: { $open-count } درخواست باز
home-see-map = دیدن روی نقشه
home-newest = تازه‌ترین درخواست‌ها
home-newest-none = هنوز درخواستی نرسیده است.
home-cities = شهرها
