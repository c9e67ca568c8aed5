# Reporting a problem, step by step.

report-step-service = What is wrong
report-step-place = Where it is
report-step-words = Words and photos
report-step-contact = How we tell you
report-step-check = Check
report-progress = Step { $number-shown } of { $steps-shown }:
report-progress-next = next: { $next }
report-so-far = So far
report-if-known = if you know it
report-choose = Choose
report-change = Change
report-draft-back = What you wrote earlier is back.
report-draft-afresh = Start afresh

report-service-question = What is wrong?
report-service-hint = Write a few words or choose from the list.
report-service-found = Perhaps one of these
report-service-found-said = Subjects found: {"{n}"}
report-service-nothing-found = No subject has these words. Try another word, or choose from the list.

report-place-question = Where is it?
report-place-address = Address or landmark
report-place-address-hint = Street and alley, or a place that everyone knows.
report-place-unknown = I do not know
report-place-somewhere = elsewhere in { $district }

report-places-question = Which one?
report-places-hint = “{ $address }” may be one of these places.
report-places-none = None of these; just the address I wrote
report-landmark-metro-station = Metro station

report-similar-question = Perhaps others already said this
report-similar-words = If it is one of these, join it: the work is done once and you stand behind it too.
report-similar-near = Near you
report-similar-none = None of these; it is new
report-similar-hint = If you join, you go to the page of that request.

report-words-question = In your own words
report-words-label = What do you see?
report-words-hint = What happened, since when, and whether it is dangerous. No names or numbers: everyone can read this.
report-words-most = Up to { $most-count } characters
report-words-left = {"{n}"} characters left
report-kind = Kind of message
report-danger = Is anyone in danger now?
report-danger-no = No
report-danger-yes = Yes
report-time-hint = For example { $example }

report-photo-label = Photos
report-photo-hint = Up to { 5 } photos. Where and when they were taken is removed.
report-photo-ready = {"{n}"} photos ready ({"{kb}"} kB)
report-photo-drop = Remove
report-photo-number = Photo { $photo-number }
report-photos = { $photos-count ->
    [one] { $photos-count } photo
   *[other] { $photos-count } photos
}

report-contact-question = How shall we tell you?
report-contact-hint = Your number and name stay with us and are not shown to the public. The tracking code and news about this message go to this number or e-mail address. You may leave all of it empty.
report-contact-mobile = Mobile number
report-contact-email = E-mail
report-contact-name = Name
report-contact-shared = Other people use this device too
report-contact-shared-hint = Unless you tick this, you can later accept the city’s answer or object to it from this device without typing any digits.

report-check-question = Shall we send this?
report-check-subject = Subject
report-check-words = Description
report-check-nothing = You wrote nothing.
report-check-point = Its point on the map is known.
report-check-code-only = With the code only
report-check-private = This subject is private: only those responsible see its words and place.
report-check-public = Everyone can see the words, the place and the photos; not your name and number.
report-check-promise = Our promise: seen to by { $when }.
report-check-unit = Responsible: { $unit }.
report-send = Send the request

report-done-title = Your request is received
report-done-code = Your tracking code
report-done-keep = Keep this code; with it you see what becomes of your request.
report-done-see = See the request
report-done-print = Print the receipt
report-done-next = From here on
report-done-registered = Your words are registered
report-done-you = you
report-done-unit = It goes to { $unit }
report-done-by-place = automatic, by place and subject
report-done-if-late = If it is late, you see it here.

## What is wrong
report-refusal-service-missing = Say what it is about: choose one from the list.
report-refusal-service-unknown = We do not have this subject. Please choose one from the list.
report-refusal-service-closed = This subject is closed for now and takes no new requests. Please choose another.
report-refusal-place-missing = Say where it is: write the address, choose the neighbourhood, or show it on the map.
report-refusal-coordinates-impossible = This point is not on the earth. Show it on the map or write the address.
report-refusal-place-outside = This point is outside { $city }. Move the point or write the address.
report-refusal-place-outside-near = This point is { $distance } outside { $city }; the nearest part is { $nearest }. Move the point or write the address.
report-refusal-division-unknown = This place is not on our list. Choose one from the list or write the address.
report-refusal-words-too-long = The description is { $over-count ->
    [one] { $over-count } character
   *[other] { $over-count } characters
} longer than the { $most-count } there is room for. Please shorten it.
report-refusal-nothing-said = For this kind of message, please write a few words.
report-refusal-address-too-long = The address is too long; up to { $most-count } characters. Write the rest in the description.
report-refusal-answer-missing = Please answer “{ $question }”.
report-refusal-answer-unknown = “{ $question }” is not a question of this subject. Please look at “Words and photos” again.
report-refusal-answer-not-a-number = The answer to “{ $question }” must be a number.
report-refusal-answer-not-a-time = The answer to “{ $question }” must be a day and a time, for example { $example }.
report-refusal-answer-not-in-list = For “{ $question }”, choose one of the answers on the list.
report-refusal-answer-only-one = For “{ $question }”, choose one answer only.
report-refusal-answer-too-long = The answer to “{ $question }” is too long; up to { $most-count } characters.
report-refusal-mobile-wrong = This mobile number is not right; perhaps a digit is missing. For example 09121234567.
report-refusal-email-wrong = This e-mail address is not right. It has one @ and a dot after it.
report-refusal-name-too-long = The name is too long; up to { $most-count } characters.
report-refusal-too-many-photos = There is room for { $most-count } photos. We did not keep the others; remove one if you need to.
report-refusal-key-reused = You already sent a request from this form. If this shall be a new request, press “Send the request” once more.
report-refusal-key-too-long = This form was damaged on its way. Please press “Send the request” once more.

## A photo we did not take
report-photo-empty = “{ $name }” was empty. Please choose the photo again.
report-photo-too-large = “{ $name }” is too heavy; up to { $megabytes-count } MB. Please send a smaller photo.
report-photo-too-many-pixels = “{ $name }” is too large; up to { $megapixels-count } megapixels. Please send a smaller photo.
report-photo-unknown-type = “{ $name }” is not a photo, or of a kind that we cannot read. Please send JPEG, PNG or WebP.
report-photo-heic = “{ $name }” is a HEIC photo, which we cannot read. Choose “Most compatible” in your camera's settings, or send a JPEG.
report-photo-damaged = “{ $name }” is damaged or incomplete. Please choose the photo again.
