# Feedback calls: citizens are telephoned after an answer.

feedback-title = Feedback calls
feedback-lead = The next call is drawn by lot. The number is shown only while the call is yours, and each look at it is recorded.
feedback-waiting = { $call-count ->
    [one] one call waits
   *[other] { $call-count } calls wait
}
feedback-next = Next call
feedback-release = I cannot make this call; back into the queue
feedback-reporter = The reporter
feedback-held = Yours until { $until }
feedback-tries = { $try-count ->
    [one] did not pick up once
   *[other] did not pick up { $try-count } times
}
feedback-answer = The city’s answer

## What to say
feedback-script = What to say
feedback-script-hello = Hello, I am calling from the 137 line of { $city }. Do you have a moment?
feedback-script-about = You told us about “{ $subject }”.
feedback-script-done = We read the city’s answer. Has it been done like that?
feedback-script-mark = From 1 to 5, how satisfied are you with how it was handled?
feedback-script-thanks = Thank you for your time.

## The outcome
feedback-outcome = How did the call end?
feedback-outcome-reached = We spoke
feedback-outcome-no-answer = No answer
feedback-outcome-wrong-number = Wrong number
feedback-outcome-refused = Does not want to be asked
feedback-outcome-later = Call at another time
feedback-satisfaction = Satisfaction
feedback-mark-5 = 5: very satisfied
feedback-mark-4 = 4: satisfied
feedback-mark-3 = 3: neither
feedback-mark-2 = 2: dissatisfied
feedback-mark-1 = 1: very dissatisfied
feedback-reply = What did they say to the answer?
feedback-reply-none = Nothing
feedback-reply-accept = Accepts it (31)
feedback-reply-object = Objects (33)
feedback-words = If they object, what do they say?
feedback-day = Day of the next call
feedback-time = Time
feedback-record-next = Record, and next call
feedback-record-stop = Record, and stop
feedback-done-recorded = Recorded.
feedback-done-empty = No call waits now.
feedback-done-released = It is back in the queue.
feedback-refusal-outcome = Say how the call ended.
feedback-refusal-satisfaction = Write a mark from 1 to 5 for a citizen you spoke with.
feedback-refusal-time = Write a day and a time within the coming week, such as 18:30.
feedback-refusal-words = Write what the citizen objects to.
feedback-refusal-not-held = This call is not yours any more; its time ran out or it was recorded.

## Figures
feedback-figures-title = What people say of answers
feedback-figures-lead = Confirmed, objected to and unconfirmed are counted apart. Each answer counts in its own month and for the unit that gave it.
feedback-month = Month
feedback-all-months = All months
feedback-by-district = By district
feedback-by-unit = By unit
feedback-district = District
feedback-unit = Unit
feedback-answered = Answers
feedback-confirmed = Confirmed
feedback-objected = Objections
feedback-unconfirmed = Unconfirmed
feedback-objected-percent = Share objected to
feedback-percent = { $number } %
feedback-rating = Mean satisfaction
feedback-rated = Marks
feedback-no-figures = There is nothing to count yet.

feedback-share-title = How many answers are asked about
feedback-share-lead = Of a hundred answers whose reporter left a number, so many are drawn by lot to be called. A change holds from the next answer on; loading the city pack again brings back what stands there.
feedback-share-percent = Of a hundred answers
feedback-share-lease = Minutes that a caller holds a number
feedback-share-again = Hours until somebody who did not pick up is tried again
feedback-share-attempts = Tries after which a call is given up
feedback-share-own = Other shares
feedback-share-own-hint = The first line that fits the district and the unit counts. A line without a percentage is left out.
feedback-share-any = All
feedback-share-percent-own = Of a hundred
feedback-share-keep = Keep
feedback-share-done = Kept.
feedback-share-wrong = Every other share needs a district or a unit from the list and a number from 0 to 100.
feedback-number-wrong = Of a hundred means 0 to 100, minutes are 1 to 120, hours 1 to 336, tries 1 to 20.
