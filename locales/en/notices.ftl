# What is sent to people. Every SMS with all its values fits into two parts; a test counts them, and a character
# outside the GSM alphabet (a curly quote, a long dash) would halve the room.

## What happens to a message, for whoever sent it
notices-submitted = Your message was received.
    Tracking code: { $code }
    Subject: { $service }
notices-assigned = Message { $code } was given to { $unit }.
notices-asked = We have a question about message { $code }: { $words }
notices-referred = Message { $code } is the work of { $unit } and was passed on. We follow their answer.
notices-declined = Message { $code } could not be done: { $words }
notices-answered = Message { $code } was handled by { $unit }: { $words }
notices-reopened = Message { $code } was opened again and is being followed up.
notices-objected = We noted your objection to the answer to message { $code }. The inspector looks into it.
notices-closed = Message { $code } is closed: { $words }
notices-duplicate = Message { $code } is the same as { $other } and goes on with it.
notices-overdue = We are sorry. Message { $code } takes longer than we promised. We are still on it.
notices-promise-shifted = Because of the storm, message { $code } will be dealt with by { $due }.
notices-reply = If you accept reply { $accept }, if you object reply { $object }.
notices-reply-on-page = If you do not accept the answer, say so here:
notices-opt-out = No more news: { $stop }

## For those who follow
notices-follower-referred = Message { $code }, which you follow, was given to { $unit }.
notices-follower-declined = Message { $code }, which you follow, could not be done: { $words }
notices-follower-answered = Message { $code }, which you follow, was handled: { $words }
notices-follower-reopened = Message { $code }, which you follow, was opened again.

## E-mail
notices-email-subject = Message { $code }: { $service }
notices-email-why = You get this letter because you gave your e-mail address with this message.

## Sign-in codes
notices-code = Your sign-in code for { $city }. Do not tell it to anybody.
notices-code-line = Code: { $code }

## Answers to what people text
notices-inbound-accepted = Thank you. We noted that you accept the answer to message { $code }.
notices-inbound-replied = We got your answer about message { $code }. Thank you.
notices-inbound-nothing-awaits = No message of yours waits for a reply. Send the reply and the tracking code, such as { $accept } and then the ten digits.
notices-inbound-status = Message { $code }: { $status }
    { $link }
notices-inbound-code-unknown = There is no message with this code. A tracking code has ten digits.
notices-inbound-stopped = We send you no more news. Send { $join } to hear from us again.
notices-inbound-joined = You will hear about your messages again. Send { $stop } to stop.
notices-inbound-service-missing = We got your message but do not know what it is about. Text what happened and where, such as: fallen tree, street and alley.
notices-inbound-place-missing = We got your message about { $service }. Text where it is: neighbourhood, street or a place nearby.
notices-inbound-answer-missing = We got your message about { $service }. Only this is missing: { $words }
notices-inbound-not-understood = We got your message but could not register it. Call { $phone } or write here:
    { $link }

## Trial and example
notices-test = This is a test message of { $city }. If you can read it, the gateway works.
notices-example-words = The hole was filled with new asphalt and the rubble was collected.

## The page of messages
notices-title = Messages
notices-lead = What goes to people by SMS, e-mail and browser, and what they send. Of numbers only the last digits are shown.
notices-tab-outbox = Sent and waiting
notices-tab-inbox = Received
notices-tab-templates = Texts
notices-state-all = All
notices-state-queued = Queued
notices-state-sending = Being sent
notices-state-sent = Sent
notices-state-delivered = Delivered
notices-state-failed = Failed
notices-state-suppressed = Not sent
notices-gateways = Gateways
notices-gateway = Gateway
notices-gateway-share = Success of the last ten minutes
notices-gateway-well = Works
notices-gateway-failing = Fails at times
notices-gateway-resting = Left alone until { $when }
notices-gateway-error = Last error
notices-gateways-none = Nothing was sent yet, so nothing is known about the gateways.
notices-days = The last fourteen days
notices-day = Day
notices-channel = Way
notices-channel-sms = SMS
notices-channel-email = E-mail
notices-channel-push = Browser
notices-sent = Sent
notices-delivered = Delivered
notices-failed = Failed
notices-received = From people
notices-parts = Parts
notices-cost = Cost
notices-to = To
notices-from = From
notices-about = About
notices-text = Text
notices-state = State
notices-when = When
notices-attempts = { $attempts-count } attempts
notices-next = next { $when }
notices-empty = There is no message in this state.
notices-inbox-empty = No message came in yet.
notices-retry = Send again what failed within a day
notices-retried = { $messages-count } messages are queued again.
notices-test-number = Mobile number for a test
notices-test-send = Send a test message
notices-tested = The test message is queued.
notices-test-wrong = This is not a mobile number, such as 09121234567.
notices-understood = Taken for
notices-template = Text
notices-to-reporter = For the reporter
notices-to-follower = For those who follow
notices-told = Sent
notices-not-told = Not sent
notices-own = This city's wording
notices-letters = { $letters-count } characters
notices-size = { $parts-count } of 2 parts
notices-templates-lead = The texts with an example of this city. A city writes its own wording in notices.toml of its pack.
notices-quiet = Quiet hours: { $from } to { $until }. Then only sign-in codes, answers to people's texts and emergencies are sent.

notices-occasion-submitted = Received
notices-occasion-assigned = Assigned
notices-occasion-asked = Question to the citizen
notices-occasion-referred = Referred elsewhere
notices-occasion-declined = Declined
notices-occasion-answered = Answered
notices-occasion-reopened = Opened again
notices-occasion-objected = Objection noted
notices-occasion-closed = Closed
notices-occasion-duplicate = The same as another
notices-occasion-overdue = Apology for being late
notices-occasion-promise-shifted = Target time moved by a storm
notices-occasion-code = Sign-in code
notices-occasion-inbound = Answer to a text
notices-occasion-test = Test

notices-understood-accepted = Accepted
notices-understood-objected = Objected
notices-understood-nothing-awaits = A reply nobody waited for
notices-understood-status = Asked for the status
notices-understood-code-unknown = Unknown code
notices-understood-stopped = Stopped
notices-understood-joined = Joined again
notices-understood-replied = Answer to our question
notices-understood-opened = New request
notices-understood-service-missing = We asked for the subject
notices-understood-place-missing = We asked for the place
notices-understood-answer-missing = We asked the subject's question
notices-understood-not-understood = Not understood
notices-understood-too-many = Too many in a row
notices-understood-no-number = Without a number
notices-understood-empty = Empty
notices-understood-vote = A vote (its words are not kept)

## News in the browser
notices-push = News in this browser
notices-push-done = Noted. This browser will show news of this request.
notices-push-denied = The browser did not allow it. You can leave a number or an e-mail address instead.
