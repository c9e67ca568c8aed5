# Tracking with a code.

track-title = Track
track-question = What is your tracking code?
track-hint = It has { 10 } digits. Spaces and dashes do not matter.
track-show = Track
track-empty = Please write the code.
track-not-digits = A tracking code has digits only. Please look at your receipt again.
track-wrong-length = A tracking code has { 10 } digits; this one has { $digits-count }.
track-wrong-check-digit = The last digit does not fit the others; perhaps two were swapped. Please look at your receipt again.
track-unknown = A request with this code was not found. Please look at your receipt again.
track-no-code-title = No code?
track-no-code-words = Call { $phone } and say when you reported, and what.
