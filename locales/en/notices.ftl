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
