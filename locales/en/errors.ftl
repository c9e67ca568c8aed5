# Error pages: not there, not allowed, too many, broken.

errors-code = Error code
errors-home = Home
errors-track = Track with a code
errors-again = Try again
errors-call = Call us

errors-missing-title = This page was not found
errors-missing-words = Perhaps the address was cut short. If you have a tracking code, find the request with it.
errors-no-city-title = There is no city here yet
errors-no-city-words = This service has just been set up and no city has been loaded into it.
errors-failed-title = We dropped the thread
errors-failed-words = The mistake is ours and it is logged. If you had written something, go back to it with your browser and send it again in a minute.
errors-busy-title = It is very busy right now
errors-busy-words = Please try again in a few seconds. If you had written something, your browser's back button leads to it.
errors-too-many-title = A little slower, please
errors-too-many-words = Many requests came from this connection at once. Please send again in { $seconds-count ->
    [one] { $seconds-count } second
   *[other] { $seconds-count } seconds
}; your browser's back button leads to what you wrote.
errors-cross-site-title = This form was sent from elsewhere
errors-cross-site-words = For your safety we take only forms of this site. Please open the page here and send it again.
errors-too-large-title = This is too large to send
errors-too-large-words = The words or the photos are more than we can take. Please go back and send fewer photos or shorter words.
errors-malformed-title = This could not be read
errors-malformed-words = Perhaps it was cut off on its way. Please go back and send it again.
errors-too-slow-title = Only half of it arrived
errors-too-slow-words = The line was slow and not everything came. Please go back and send it again.
errors-denied-title = This page is not open to everyone
errors-denied-words = This is not yours to do. If the request is yours, see it with its tracking code.
