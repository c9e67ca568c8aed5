# The reporter's word on the city's answer.

reply-title = Has it been done?
reply-question-title = The city asks you something
reply-said = What the city said
reply-said-private = This request is private. We show the answer once we know it is you.
reply-see = The whole thread of this request
reply-question = Has it been done as they say?
reply-until = You can say so until { $until }. If you say nothing, the case is closed without your confirmation and counted apart.
reply-accept = Yes, it is done
reply-object = No, I object
reply-words = What is not right?
reply-words-hint = If you object, write what is left to do. It is shown in the thread of the request.
reply-send = Record my word
reply-answer-words = Your answer
reply-answer-hint = It is shown in the thread of the request; numbers and e-mail addresses in it are covered.
reply-answer-send = Send the answer
reply-digits = The last four digits of the mobile number you left
reply-digits-why = So that we know it is you.
reply-digits-hint = So that we know it is you. An SMS does it too: 31 accepts, 33 objects.
reply-nothing-asked = Nothing is asked of you now.
reply-buttons = This answer waits for the reporter’s word

## How it stands, for everybody
reply-standing-waiting = Until { $until } the reporter can accept this answer or object to it.
reply-standing-over = The time for a word on this answer is over.
reply-standing-accepted = The reporter confirmed that it is done.
reply-standing-inspector = The reporter objected. The city’s inspector has it, not the unit that answered.
reply-standing-again = After the reporter objected, the inspector sent it back to work.
reply-standing-decided = The inspector dealt with the reporter’s objection and wrote the reason.
reply-standing-unconfirmed = Closed without confirmation: the reporter said nothing in time.
reply-unit-rate = Of every 100 answers of this unit that people spoke about, they objected to { $percent }.

## Thanks
reply-done-accepted = Thank you. It is recorded that the work is done.
reply-done-objected = Your objection is recorded. It has a new promise and an inspector deals with it.
reply-done-answered = Your answer arrived. Work goes on.

## Not possible, because
reply-refusal-not-you = These digits are not those of the number left for this request.
reply-refusal-too-often = They were wrong several times, and this way is closed for this answer. Answer by SMS with 31 or 33, or call the city’s line.
reply-refusal-digits-missing = Write the last four digits of your mobile number.
reply-refusal-word-missing = Choose one of the two.
reply-refusal-words-missing = Write something, even if it is short.
reply-refusal-words-too-long = This is too long; up to { $most-count } characters.
reply-refusal-too-late = The time for a word is over. If it is still not right, report it again.
reply-refusal-accepted-before = You accepted this answer before. If it happened again, report it anew.
reply-refusal-objected-before = You objected before, and the inspector deals with it.
reply-refusal-not-asked = Nothing is asked of you now.
