# The desk: from the ring of the telephone to the code that is read out.

desk-title = The desk

## The bar above
desk-seat = Extension { $extension }
desk-seat-none = Which telephone?
desk-seat-label = The extension of your telephone
desk-seat-sit = I sit here
desk-seat-hint = Calls that reach this telephone open on your screen. Leave it empty to leave the telephone.
desk-state-idle = Ready
desk-state-ringing = Ringing
desk-state-talking = Talking
desk-state-over = Line ended
desk-state-after = After the call
desk-fig-calls = Your calls
desk-fig-registered = Registered
desk-fig-median = Median
desk-fig-waiting = Waiting
desk-fig-waited = up to { $time }
desk-fig-open = Open today
desk-fig-minute = New a minute
desk-missed = Missed: { $missed-count }
desk-missed-none = Nobody called in vain.
desk-call-back = I call back
desk-incoming = A new call:
desk-incoming-new = A new call has come. What you wrote stays with this call.
desk-take = I take it
desk-line-lost = The line of events broke; we are connecting again. You can open calls by hand.
desk-kept = Kept
desk-not-kept = Not kept; we are trying again

## Who
desk-who = Who
desk-number = Number of the caller
desk-number-hidden = Hidden number
desk-begin = Begin a call
desk-mobile = Mobile
desk-name = Name
desk-before = Said before
desk-known = { $known-count ->
    [one] This number has { $known-count } request.
   *[other] This number has { $known-count } requests.
}
desk-unknown = Nothing is known of this number.
desk-add = Add to this one
desk-open-calls = Your open calls
desk-last-place = Place of the last request
desk-say-by = { $unit }, by { $when }
desk-say-late = { $by } late; with { $unit }
desk-say-waiting = The citizen was asked: { $words }
desk-say-answer = Answer: { $words }

## What
desk-what = What
desk-maybe = Perhaps:
desk-because = because
desk-suggested = Suggestion: { $service }
desk-meant = Typed on the wrong keyboard. Did you mean this?
desk-understood = Understood as:
desk-not-ours = Not ours:
desk-service = Service
desk-no-choice = Nothing found. Try another word.

## Where
desk-where = Where
desk-place-hint = Square, station, neighbourhood, address
desk-division = Neighbourhood
desk-detail = Alley, number, opposite…
desk-no-map = The map did not come; a place and an address are enough.

## How urgent
desk-urgent = How urgent
desk-triage-none = There are no questions of urgency for this service.
desk-triage-later = The questions come once a service is chosen.
desk-promise = by { $when }

## Read back
desk-readback = Read back
desk-readback-later = What you write gathers here, to be read back to the caller.
desk-save = Register
desk-look = Look
desk-end = End without a request
desk-other-doors = Not the city’s: say this
desk-endings = End of the call

## Alike
desk-near = Alike, nearby
desk-near-none = No open request like it nearby.
desk-near-later = With a service and a place, requests like it come here.
desk-near-said = { $near-count ->
    [one] { $near-count } request like it nearby
   *[other] { $near-count } requests like it nearby
}
desk-join = Join this one
desk-belong = Register in this incident
desk-incident = { $reports-count ->
    [one] Incident of { $reports-count } report
   *[other] Incident of { $reports-count } reports
}

## After the call
desk-after-registered = Registered
desk-after-joined = Joined the request
desk-after-added = Added to the request
desk-after-ended = The call is over
desk-after-code = Read out this code:
desk-after-about = Service
desk-after-place = Place
desk-after-promise = We promise, by
desk-after-unit = Responsible
desk-after-see = See the request’s page
desk-after-wrap = What was this call?
desk-next = Next call

## Endings
desk-wrap-registered = New request
desk-wrap-joined = Joined
desk-wrap-added = Added to a request
desk-wrap-status-given = Told how it stands
desk-wrap-informed = Question answered
desk-wrap-told-elsewhere = Sent elsewhere
desk-wrap-cut-off = Cut off
desk-wrap-silent = Nobody spoke
desk-wrap-nuisance = Nuisance
desk-wrap-wrong-number = Wrong number

## Digits, for reading out
desk-digit-0 = zero
desk-digit-1 = one
desk-digit-2 = two
desk-digit-3 = three
desk-digit-4 = four
desk-digit-5 = five
desk-digit-6 = six
desk-digit-7 = seven
desk-digit-8 = eight
desk-digit-9 = nine

## Keys
desk-help = Keys
desk-help-title = The keys of the desk
desk-help-words = Keys are known by their place and not by the letter they write, so they are the same on both keyboards, and none is in the way of typing.
desk-help-act = What
desk-help-key = Key
desk-help-change = Change
desk-help-change-word = Another key
desk-help-press = Press the new key
desk-help-off = Off
desk-help-reset = Back to the first keys
desk-help-lists = In lists: arrows to move, Enter to choose, Esc to close.
desk-key-help = This help
desk-key-who = Go to “Who”
desk-key-what = Go to “What”
desk-key-where = Go to “Where”
desk-key-urgent = Go to “How urgent”
desk-key-readback = Go to “Read back”
desk-key-near = Go to what is alike
desk-key-join = Join the first one alike
desk-key-add = Add to the caller’s own open request
desk-key-layout = Turn the words to the right keyboard
desk-key-save = Register
desk-key-end = End without a request, and other doors
desk-key-incoming = Take the new call
desk-key-missed = Missed calls
desk-key-next = Next call

## What is wrong
desk-refusal-not-found = This call is not open any more, or it is a colleague’s. Load the page again.
desk-refusal-wrapped = This call is over. Begin a new call for a new request.
desk-refusal-request = This request was not found or is not public, so nobody can join it.
desk-refusal-incident-over = This incident is over. Register the message by itself.
desk-refusal-incident-unfit = A message that is not public, or has no place on the map, does not belong to an incident. Register it by itself.
desk-refusal-nothing-said = There is nothing to add yet. Write what the caller says.
desk-refusal-words-too-long = The words are too long; there is room for { $most-count } characters here.
desk-refusal-door = This answer is not on the city’s list any more. Load the page again.
desk-refusal-draft-too-long = This is longer than can be kept. Please shorten it.
desk-refusal-extension = An extension has up to 20 digits and Latin letters.
