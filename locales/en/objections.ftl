# Objections, for the inspector.

objections-title = Objections
objections-lead = The unit that answered can do nothing until you decide. The promise that passes first is on top.
objections-reported = What the citizen reported
objections-answer = The answer that is objected to
objections-words = The citizen’s objection
objections-no-words = Objected by SMS and wrote nothing.
objections-times = { $round-count ->
    [one] answered once
   *[other] answered { $round-count } times
}
objections-decision = Decision
objections-give-back = Work on it again, with its new promise
objections-close = The answer was right; close it
objections-unit = Unit that works on it
objections-unit-hint = Left empty, it is the same unit again: { $unit }
objections-reason = Reason for the decision, for the citizen
objections-reason-hint = The citizen reads this.
objections-send = Record the decision
objections-done-given-back = It is back at work.
objections-done-closed = Closed with the reason.
objections-empty-title = No objection waits
objections-empty-words = Every new objection comes here.
objections-refusal-words-missing = Write the reason for your decision, for the citizen.
objections-refusal-unit = There is no such unit. Choose one from the list or leave it empty.
objections-refusal-decided = Somebody else decided about this objection before you.
