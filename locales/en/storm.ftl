# Storms and incidents: the board, one incident, the rules of a storm, and what citizens see of it.

## The board
storm-title = Storm board
storm-calm = No storm mode is on.
storm-on-city = Storm mode is on in the whole city
storm-on-district = Storm mode is on in { $district }
storm-since = since { $when }
storm-proposed-city = Far more messages than usual: { $rate-count } in the last quarter of an hour, { $usual-count } are usual. Begin storm mode?
storm-proposed-district = { $district }: { $rate-count } messages in the last quarter of an hour, { $usual-count } are usual. Begin storm mode here?
storm-begin = Begin storm mode
storm-rules = Rules of this storm
storm-end = End storm mode
storm-dismiss-proposal = It is no storm
storm-minute = messages in the last minute
storm-quarter = messages in the last 15 minutes
storm-open = open incidents
storm-inside = requests in them
storm-series = Messages of each of the last { $minutes-count } minutes
storm-districts = Messages of the last 15 minutes by district
storm-no-district = without a district
storm-list = Incidents
storm-list-empty = No incident is open. When several reports are about one thing, it appears here.
storm-all-districts = All districts
storm-district = District
storm-show = Show
storm-state = State
storm-open-ones = Open
storm-map = Map of incidents
storm-refresh = Load anew
storm-live = live
storm-not-live = not live; load anew by hand
storm-live-said = The board has changed.
storm-more = All incidents

## The columns
storm-column-incident = Incident
storm-column-size = Requests
storm-column-danger = Danger
storm-column-place = Place
storm-column-last = Last
storm-column-unit = Unit
storm-column-actions = Decision
storm-choose = Choose: { $title }
storm-danger-high = dangerous
storm-danger-some = with care
storm-danger-none = –
storm-first = comes first

## States
storm-state-proposed = Proposed
storm-state-confirmed = Confirmed
storm-state-answered = Answered
storm-state-closed = Closed
storm-state-dismissed = Dismissed
storm-state-merged = Joined to another

## Decisions
storm-confirm = Confirm
storm-confirm-chosen = Confirm the chosen
storm-dismiss = It is none
storm-dismiss-chosen = Dismiss the chosen
storm-merge-chosen = Join the chosen into one
storm-done-confirm = Confirmed. Each request says now that it is part of this incident.
storm-done-dismiss = Dismissed. The requests go on one by one.
storm-done-merge = Joined.
storm-done-answer = Said. Every open request of this incident is being answered, in its own language.
storm-done-close = Closed.
storm-done-note = Kept.
storm-done-leave = Taken out. They go on by themselves.
storm-done-split = This is a new incident of its own.
storm-done-join = Joined to this incident.
storm-done-open = This is an incident from now on.
storm-done-begun = Storm mode is on.
storm-done-changed = The rules of this storm were changed.
storm-done-ended = Storm mode is off.
storm-keys = Keys
storm-keys-move = Up and down: the next incident
storm-keys-choose = Space: choose it
storm-keys-open = Enter: open it
storm-keys-confirm = The key C: confirm the chosen, or this one
storm-keys-merge = The key M: join the chosen into one
storm-keys-dismiss = Delete: dismiss the chosen, or this one

## One incident
storm-one-back = Storm board
storm-one-size = { $size-count ->
    [one] { $size-count } request
   *[other] { $size-count } requests
}
storm-one-open = { $open-count } still open
storm-one-first = First report { $when }
storm-one-last = Last report { $when }
storm-one-reach = within { $metres-count } metres
storm-one-merged = It goes on in another incident.
storm-one-members = Its requests
storm-one-more = Older ones
storm-one-alike = { $percent-count } % alike
storm-one-by-hand = joined by hand
storm-one-refused = could not be answered with the others; please answer it by itself
storm-one-chosen-leave = Take the chosen out
storm-one-chosen-split = Make the chosen an incident of their own
storm-one-answer = Answer everybody
storm-one-answer-hint = What was done, in one or two sentences. Each citizen gets it on their own request and in the language in which they wrote. { $code }, { $service } and { $address } stand for their own.
storm-one-answer-fa = In Persian
storm-one-answer-en = In English
storm-one-answer-send = Answer all open requests
storm-one-answering = The answers are on their way.
storm-one-said = What everybody was told
storm-one-close = Close the incident
storm-one-note = Words for colleagues
storm-one-note-save = Keep
storm-one-join = Join a request
storm-one-join-code = Tracking code
storm-one-join-send = Join
storm-one-near = Nearby incidents of the same kind
storm-one-near-join = Join this one into it
storm-one-metres = { $metres-count } metres away
storm-open-new = Make a request an incident

## The rules of a storm
storm-mode-title-new = Begin storm mode
storm-mode-title = Rules of the storm
storm-mode-where = Where
storm-mode-city = The whole city
storm-mode-message = On the home page
storm-mode-phone = Read out by the phone menu
storm-mode-fa = In Persian
storm-mode-en = In English
storm-mode-incidents = Incidents
storm-mode-auto = Confirm incidents by rule
storm-mode-least = from so many reports on
storm-mode-simple = Ask people only the most needed when they report
storm-mode-promises = Target times
storm-mode-shift = Services that wait get so many hours more
storm-mode-given = Move promises that were given before too; each citizen is told
storm-mode-ranks = Which services come first, and which wait
storm-mode-rank-first = comes first
storm-mode-rank-usual = as usual
storm-mode-rank-wait = waits
storm-mode-save = Keep these rules

## What citizens see
storm-banner-title = Storm
storm-banner-in = Storm in { $districts }
storm-banner-message = There are far more messages than usual. Dangers come first, other work is done later.
storm-banner-map = Incidents on the map
storm-part-of = { $others-count ->
    [0] This request is part of an incident that the city knows of.
    [one] This request is part of an incident with { $others-count } other.
   *[other] This request is part of an incident with { $others-count } others.
}
storm-part-answered = The incident was answered for all together.
storm-promise-shifted = Because of the storm, up to { $hours-count } hours later than usual.
storm-simple = In the storm we ask only the most needed.

## Refusals
storm-refusal-incident-unknown = There is no such incident.
storm-refusal-request-unknown = There is no such public request. Please look at the code again.
storm-refusal-incident-no-place = This request has no place on the map, so it is in no incident.
storm-refusal-incident-elsewhere = This request is part of another incident. Take it out there first, or join the two incidents.
storm-refusal-incident-wrong-state = The incident stands elsewhere by now; a colleague may have been quicker.
storm-refusal-incident-other-wrong = Choose at least two open incidents.
storm-refusal-incident-split-wrong = Choose some of its requests, and leave some.
storm-refusal-move-words-missing = Please write what was done.
storm-refusal-words-too-long = This is too long.
storm-refusal-denied = You may not do this here.
storm-refusal-storm-unknown = There is no such storm.
storm-refusal-district-unknown = There is no such district.
storm-refusal-storm-already-begun = Storm mode is on here already.
storm-refusal-storm-over = This storm is over by now.
storm-refusal-service-unknown = There is no such service.
storm-refusal-storm-rule-wrong = Please look at the numbers: hours from 0 to 336, reports from 2 on, messages of at most 500 characters, and no service both first and waiting.
storm-refusal-nothing-chosen = Choose an incident first.
