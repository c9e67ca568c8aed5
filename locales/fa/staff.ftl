# قاب صفحه‌های کارکنان.

staff-sections = بخش‌های کار
staff-sign-out = خروج
staff-people = افراد
staff-desk = میز تماس
staff-objections = اعتراض‌ها
staff-feedback = بازخوردسنجی
staff-officials-calls = تماس با مسئولان
staff-officials-mine = قول‌های من
staff-officials = روی خط شهر
staff-storm = توفان و رخداد
staff-crews = اکیپ‌ها
staff-crisis = بحران
staff-work = کار
staff-privacy = فراموشی
staff-notices = پیام‌ها
staff-contracts = قراردادها
staff-contract-checks = بازبینی پیمانکاران
staff-contractor = کارهای پیمانکار
staff-crew = برنامهٔ من
staff-dispatch = اعزام
