# اعتراض‌ها، برای بازرس.

objections-title = اعتراض‌ها
objections-lead = واحدی که پاسخ داده تا تصمیم شما نمی‌تواند کاری بکند. زودترین مهلت بالاتر است.
objections-reported = گزارش شهروند
objections-answer = پاسخی که به آن اعتراض شده
objections-words = اعتراض شهروند
objections-no-words = با پیامک اعتراض کرد و چیزی ننوشت.
objections-times = { $round-count } بار پاسخ داده شده است
objections-decision = تصمیم
objections-give-back = دوباره رسیدگی شود، با همین مهلت تازه
objections-close = همان پاسخ درست است؛ بسته شود
objections-unit = واحدی که رسیدگی کند
objections-unit-hint = اگر خالی بماند، دوباره همان واحد: { $unit }
objections-reason = دلیل تصمیم، برای شهروند
objections-reason-hint = شهروند این نوشته را می‌خواند.
objections-send = ثبت تصمیم
objections-done-given-back = دوباره به کار سپرده شد.
objections-done-closed = با دلیل بسته شد.
objections-empty-title = اعتراضی منتظر نیست
objections-empty-words = هر اعتراض تازه همین‌جا می‌آید.
objections-refusal-words-missing = دلیل تصمیم خود را برای شهروند بنویسید.
objections-refusal-unit = چنین واحدی نیست. از فهرست انتخاب کنید یا خالی بگذارید.
objections-refusal-decided = کس دیگری پیش از شما دربارهٔ این اعتراض تصمیم گرفته است.
