# What programs are told. Each key is in locales/fa/api.ftl as well; `api-problem-CODE` is the message of a code.

## Refusals of a report
api-problem-service-missing = Say which service this is about.
api-refusal-service-unknown = There is no service { $code }.
api-refusal-service-closed = The service { $code } takes no new requests.
api-problem-place-missing = Say where it is: a point, a neighbourhood or an address.
api-problem-coordinates-impossible = These numbers are no position on the earth. Latitude lies within ±90, longitude within ±180.
api-refusal-outside = This place is outside { $city }.
api-refusal-outside-near = This place is outside { $city }. The nearest district is { $district }, { $how_far } away.
api-metres = { $amount } m
api-kilometres = { $amount } km
api-problem-division-unknown = There is no such district or neighbourhood here.
api-refusal-words-too-long = The description has { $given_count } characters. At most { $most_count } are kept.
api-problem-nothing-said = A message of this kind needs words.
api-refusal-line-too-long = At most { $most_count } characters fit here.
api-refusal-too-many-photos = At most { $most_count } photos go with a request.
api-refusal-answer-missing = The question { $question } must be answered.
api-refusal-answer-unknown = This service does not ask { $question }.
api-refusal-answer-not-a-number = The answer to { $question } must be a number.
api-refusal-answer-not-a-time = The answer to { $question } must be a time such as 2025-03-21T08:30:00Z.
api-refusal-answer-not-in-list = { $value } is not among the answers to { $question }.
api-refusal-answer-only-one = Only one answer can be given to { $question }.
api-refusal-answer-too-long = The answer to { $question } may have at most { $most_count } characters.
api-problem-mobile-wrong = This is no mobile number.
api-problem-email-wrong = This is no e-mail address.
api-problem-key-reused = This idempotency key was used before for something else.
api-problem-key-too-long = An idempotency key may have at most 300 characters.

## Photos
api-problem-photo-empty = The photo is empty.
api-problem-photo-too-large = The photo is larger than 20 MB.
api-problem-photo-too-many-pixels = The photo has more than 50 megapixels.
api-problem-photo-unknown-type = The file is neither JPEG, PNG nor WebP.
api-problem-photo-heic = HEIC photos cannot be read here. Send the photo as JPEG.
api-problem-photo-damaged = The photo is damaged or not complete.

## Moves, notes, following
api-problem-request-unknown = There is no request with this code.
api-problem-move-impossible = A request that stands here cannot go there.
api-problem-move-words-missing = This move owes the citizen words.
api-problem-words-too-long = The words are too long.
api-problem-move-unit-missing = This move names a unit.
api-problem-unit-unknown = There is no such unit.
api-problem-too-many-photos = Too many photos were sent.
api-problem-move-evidence-missing = An answer about this service must show a photo taken after the work.
api-problem-move-with-inspector = The citizen objected and the inspector has it. Nobody else may move it until they decide.
api-problem-move-other-wrong = The other request is missing, is not there, or is a duplicate itself.
api-problem-service-private = What a private subject was asked stays private.
api-problem-why-missing = Say why, for your colleagues.
api-problem-contact-wrong = Give a mobile number or an e-mail address, or say "me too" from a device.

## What is not there
api-problem-jurisdiction-unknown = There is no such jurisdiction here.
api-problem-service-unknown = There is no such service.
api-problem-place-unknown = There is no such district or neighbourhood.
api-problem-file-unknown = There is no such photo.
api-problem-tile-unknown = There is no such tile.
api-problem-feed-unknown = There is no such feed.
api-problem-token-unknown = There is no such token.
api-problem-address-unknown = There is nothing at this address.
api-problem-method-wrong = This address does not take that method.

## Who may
api-problem-key-wrong = Nobody holds this key.
api-problem-key-missing = An API key is needed for this.
api-problem-denied = The holder of this key may not do that here.

## What was sent
api-problem-refused = The city cannot take this as it is.
api-problem-malformed = What was sent does not follow its own format.
api-problem-wrong-shape = What was sent is JSON, but not of the shape that is expected here.
api-problem-type-unsupported = This kind of content is not read here.
api-problem-too-large = What was sent is too large.
api-problem-too-slow = What was sent came too slowly.
api-problem-too-many = Too many at once. Wait a moment and try again.
api-problem-cross-site = This was sent from another site.
api-problem-parameter-wrong = A parameter of the address cannot be read.
api-problem-number-wrong = A whole number within its limits is expected.
api-problem-truth-wrong = true or false is expected.
api-problem-status-wrong = There is no such status.
api-problem-kind-wrong = There is no such kind of message.
api-problem-time-wrong = A time such as 2025-03-21T08:30:00Z is expected.
api-problem-box-wrong = A box is west,south,east,north in degrees.
api-problem-by-wrong = Figures are not counted by that.
api-problem-span-too-long = A window of time may not be longer than 90 days.
api-problem-window-half = start_date and end_date go together.
api-problem-window-reversed = The window of time ends before it begins.

## Events of the telephone exchange
api-problem-event-unknown = An event is ringing, answered, ended or queue.
api-problem-call-wrong = Every event names its call: up to 100 characters, the same in all events of one call.
api-problem-extension-wrong = An extension has up to 20 digits and letters.

## Failures
api-problem-busy = Too much is going on at this moment. Try again shortly. Code { $code }
api-problem-failed = Something broke on our side. Code { $code }

## Notices in answers
api-notice-elsewhere = Pictures at other addresses are not fetched. Send the picture itself.
api-notice-left-out = Only the first five pictures were kept.
api-notice-phone = The telephone number could not be read and was left out.
api-notice-trial = This is the trial endpoint: the report was checked and not kept.
api-notice-status-unchanged = The note was added. The status is changed by the city only.

## Feeds
api-feed-all = Requests in { $city }
api-feed-place = Requests in { $place }, { $city }

## Columns of the CSV file
api-csv-code = Tracking code
api-csv-kind = Kind
api-csv-service-code = Service code
api-csv-service = Service
api-csv-status = Status
api-csv-open = Open
api-csv-priority = Priority
api-csv-channel = Channel
api-csv-district = District
api-csv-neighbourhood = Neighbourhood
api-csv-address = Address
api-csv-lat = Latitude
api-csv-long = Longitude
api-csv-unit = Unit
api-csv-requested-at = Requested at
api-csv-requested-on-jalali = Requested on (Jalali)
api-csv-updated-at = Updated at
api-csv-due-at = Due at
api-csv-closed-at = Closed at
api-csv-closed-on-jalali = Closed on (Jalali)
api-csv-description = Description
api-csv-status-note = Last answer
api-csv-followers = Followers
api-csv-photos = Photos
api-csv-source = Source

## Open311
api-key-service = Keys are given by { $city }.
