# The list, the map, and the page of one request.

requests-title = The city in its citizens’ words
requests-list = List and map
requests-map = Map of the city
requests-overdue = Overdue
requests-code = Tracking code
requests-place = Place
requests-place-unknown = Its place was not given
requests-place-on-map = Place on the map
requests-back = All requests
requests-print = Print
requests-thread = The thread of this request
requests-live-said = Something new was added to the thread.
requests-actions = The promise, and what you can do
requests-others = { $people-count ->
    [one] { $people-count } other person said so
   *[other] { $people-count } others said so
}
requests-metres = { $distance-count } m
requests-kilometres = { $distance } km

## Filters
requests-filter-subject = Subject
requests-filter-all-subjects = all subjects
requests-filter-whole-group = all of { $group }
requests-filter-place = Place
requests-filter-whole-city = in the whole city
requests-filter-neighbourhood = Neighbourhood
requests-filter-all-neighbourhoods = all neighbourhoods
requests-filter-status = Status
requests-filter-open = open
requests-filter-late = late
requests-filter-done = seen to
requests-filter-all = open and closed
requests-filter-words = Words
requests-filter-words-example = a word in the text
requests-filter-show = Show
requests-city = City
requests-newest-first = Newest first
requests-pages = Pages
requests-first-page = Back to the newest
requests-next-page = Next
requests-see-map = On the large map
requests-see-list = In a list
requests-legend-open = open
requests-legend-late = late
requests-legend-shut = closed
requests-legend-many = several together
requests-empty-title = Nothing was found
requests-empty-words = There is no request like this. Good news, or the search is narrow.
requests-empty-all = See all requests
requests-empty-report = See something? Report it

## The promise
requests-promise = Our promise
requests-promise-by = Seen to by { $when }
requests-promise-left = { $left } left.
requests-promise-soon = Less than a minute left.
requests-promise-late = Our promise was { $when }
requests-promise-late-by = { $late } have passed since.
requests-promise-none = We promised no time for this subject.
requests-promise-none-open = Not finished yet
requests-promise-waiting = Waiting for your answer
requests-promise-waiting-words = The clock stands still until your answer comes.
requests-due = due { $when }
requests-late-by = { $late } late
requests-done-in = Finished in { $took }
requests-done-in-time = in time
requests-done-late = late
requests-done-soon = at once
requests-promise-was = Our promise was { $when }.

## What happened
requests-fact-submitted = A citizen’s words were registered
requests-fact-imported = Came from the city’s past records
requests-fact-confirmed = Checked and confirmed
requests-fact-assigned = Given to whoever is responsible
requests-fact-assigned-to = Given to { $unit }
requests-fact-started = Work began
requests-fact-asked = We asked the citizen
requests-fact-referred = Referred to another body
requests-fact-referred-to = Referred to { $unit }
requests-fact-declined = Declined
requests-fact-answered = Answered
requests-fact-accepted = The reporter accepted: it is done
requests-fact-objected = The reporter objected
requests-fact-unconfirmed = Closed without the reporter’s confirmation
requests-fact-replied = The reporter answered
requests-fact-reopened = Reopened
requests-fact-closed = Closed
requests-fact-duplicate = Joined to another request
requests-fact-separated = Separated from the other request
requests-fact-cancelled = Taken back
requests-fact-noted = A new note
requests-fact-joined-incident = Part of an incident that many reported
requests-fact-left-incident = Taken out of an incident
requests-fact-promise-shifted = The target time was moved because of the storm
requests-fact-overdue = The target time passed
requests-fact-split = Split among several units
requests-fact-split-off = Part of another request
requests-fact-reclassified = The subject or place was corrected
requests-fact-other = A change was registered
requests-duplicate-of = The request that goes on:

## Who
requests-by-citizen = a citizen
requests-by-sender = a partner’s system
requests-by-operator = an operator
requests-by-unit-member = the unit responsible
requests-by-unit-manager = the manager of the unit
requests-by-inspector = an inspector
requests-by-feedback-caller = the feedback line
requests-by-official = an official
requests-by-dispatcher = the dispatch room
requests-by-crew-member = the crew
requests-by-contractor = the contractor
requests-by-round-manager = the participation office
requests-by-interviewer = an interviewer
requests-by-administrator = the system administrator
requests-by-supervisor = the city’s supervisor
requests-by-system = automatic

## By which way
requests-via-web = on the web
requests-via-open311 = through another program
requests-via-api = through a partner’s program
requests-via-phone = by phone
requests-via-sms = by text message
requests-via-walk-in = in person
requests-via-messenger = by messenger
requests-via-import = from the archive

## Private, made up, imported
requests-private = This request is private. Only its status is shown here; its words, photos and place are not.
requests-generated = This request was made up to show the service; no citizen said it.
requests-imported = This request was imported from data the city published ({ $source }, number { $external }).
requests-imported-without-number = This request was imported from data the city published ({ $source }).
requests-no-words = The citizen wrote nothing.
requests-photo-reported = The citizen’s photo
requests-photo-before = Photo before the work
requests-photo-after = Photo after the work
requests-photo-alt = { $stage }: { $service }
requests-answers = The citizen’s answers

## Following
requests-follow = Keep me informed
requests-follow-hint = Your mobile number or e-mail address is not shown to the public; it is only for news about this request. Text “11” whenever you want no more news.
requests-follow-contact = Mobile number or e-mail
requests-followed = Noted. We tell you when this request is answered or opened again. What is new also stands here.
requests-me-too = I saw this too
requests-me-too-done = Done. You stand behind this request too.
requests-again = Has it happened again? Report it

requests-follow-refusal-not-found = This request was not found, or is no longer public.
requests-follow-refusal-contact-wrong = This is neither a mobile number nor an e-mail address. For example 09121234567.
requests-follow-refusal-words-too-long = This is too long; up to { $most-count } characters.
