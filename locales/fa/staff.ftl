# قاب صفحه‌های کارکنان.

staff-sections = بخش‌های کار
staff-sign-out = خروج
staff-people = افراد
