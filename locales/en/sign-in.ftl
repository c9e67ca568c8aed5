# Signing in, for citizens and staff.

sign-in-title = Sign in
sign-in-mobile-question = What is your mobile number?
sign-in-mobile-hint = We send you a code by SMS. No password is needed, and your number is shown nowhere.
sign-in-mobile-send = Send the code
sign-in-mobile-wrong = This is not a mobile number. Please write it like 09123456789.
sign-in-without-title = It works without signing in too
sign-in-without-words = You need not sign in to report something or to track it with a code. Signing in shows all your requests together.
sign-in-staff-title = Do you work for the city?
sign-in-staff-link = Sign in as staff
sign-in-citizen-link = Sign in as a citizen with a mobile number

## The code by SMS
sign-in-code-title = Sign-in code
sign-in-code-question = Which code did we send you?
sign-in-code-sent = Sent to { $mobile }. It works for { $minutes-count ->
    [one] { $minutes-count } minute
   *[other] { $minutes-count } minutes
}.
sign-in-code-change = Wrong number?
sign-in-code-again = Send the code again
sign-in-code-wait = If it has not come in { $seconds-count ->
    [one] { $seconds-count } second
   *[other] { $seconds-count } seconds
}, send it again.
sign-in-code-late = Nothing yet? An SMS is sometimes a minute on its way.
sign-in-code-too-early = A code was sent just now. You can send again in { $seconds-count ->
    [one] { $seconds-count } second
   *[other] { $seconds-count } seconds
}.
sign-in-code-sent-again = We sent a new code. The one before no longer works.
sign-in-code-empty = Please write the code.
sign-in-code-wrong = This code is not right, or its time is over. Look at the last SMS, or ask for a new code.
sign-in-code-too-many = Codes for this number were asked for or mistyped several times. Please come back a little later, or call us.
sign-in-over = The time for this sign-in is over. Please start again.

## Staff
sign-in-staff-question = Sign in as staff
sign-in-name = Sign-in name
sign-in-password = Password
sign-in-password-show = Show the password
sign-in-password-hide = Hide the password
sign-in-enter = Sign in
sign-in-wrong = The sign-in name or the password is not right.
sign-in-locked = That was wrong several times in a row. Please come back in { $minutes-count ->
    [one] { $minutes-count } minute
   *[other] { $minutes-count } minutes
}, or ask your manager for a new password.
sign-in-password-over = The time of this first password is over. Ask your manager for a new one.
sign-in-lost = Forgotten the password? The manager of your unit or an administrator gives you a new one.
sign-in-passkey = Sign in with a passkey
sign-in-passkey-hint = By fingerprint, face or the lock of this device
sign-in-passkey-failed = The passkey was not accepted. Please sign in with name and password.
sign-in-passkey-failed-making = The passkey was not made. Please try again, or set up the authenticator app.
sign-in-passkey-none = This browser has no passkeys.
sign-in-federated = Sign in with { $provider }
sign-in-or = or

## The second step
sign-in-second-title = Second step
sign-in-second-question = What does your authenticator app say?
sign-in-second-hint = The { 6 } digits that the app on your telephone shows.
sign-in-second-recovery = Telephone not with you? Write one of your recovery codes here. Each works once.
sign-in-second-passkey = The password was right. Go on with your passkey; if you do not have it with you, an administrator can remove your second step.
sign-in-second-wrong = This code is not right. It changes every { 30 } seconds; please write the new one.

## The first password
sign-in-new-password-title = New password
sign-in-new-password-question = Choose a password of your own
sign-in-new-password-hint = At least { $letters-count ->
    [one] { $letters-count } character
   *[other] { $letters-count } characters
}. A few unrelated words in a row are better than one complicated word.
sign-in-new-password-why = The password you came with was for once only.
sign-in-new-password = New password
sign-in-password-too-short = The password is short; it needs at least { $letters-count ->
    [one] { $letters-count } character
   *[other] { $letters-count } characters
}.
sign-in-password-too-long = The password is too long; it may have up to { $letters-count ->
    [one] { $letters-count } character
   *[other] { $letters-count } characters
}.
sign-in-password-common = Many people have this password, or it is made of your name or the city's. Please choose another.
sign-in-password-same = This is the password you had. Please choose another.

## Setting up the second step
sign-in-enrol-title = Set up the second step
sign-in-enrol-why = Your work reaches people's data, so a password alone is not enough.
sign-in-enrol-scan = Scan this picture with the authenticator app on your telephone (any TOTP app works).
sign-in-enrol-qr = Picture for setting up; its text stands below as well
sign-in-enrol-secret = Or type this secret into the app
sign-in-enrol-code = The code that the app shows
sign-in-enrol-passkey = Or make a passkey instead
sign-in-enrol-passkey-make = Make a passkey
sign-in-enrol-go = Set up
sign-in-recovery-title = Recovery codes
sign-in-recovery-words = These codes are shown this once only. Print them or write them down in a safe place. Each works once instead of the telephone.
sign-in-recovery-kept = I have them, continue

## The organisation's own sign-on
sign-in-federated-unknown-title = This sign-on is not bound to an account yet
sign-in-federated-unknown-words = Your organisation knows you, but Peyvand does not know which account is yours. Sign in once with name and password, and connect the sign-on in "My account".
sign-in-federated-failed-title = The organisation's sign-on did not work
sign-in-federated-failed-words = Its answer was not accepted or came too late. Please try again, or sign in with name and password.
sign-in-federated-off = No organisation's sign-on is set up here.

## Signing out
sign-in-out-title = You are signed out
sign-in-out-words = Nobody acts as you on this device any more.
sign-in-out-again = Sign in again
