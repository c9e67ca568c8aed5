# My account: requests, sessions, password and second step.

me-title = My account
me-requests = My requests
me-requests-none = There is no request with this number yet.
me-requests-hint = What you reported with this number, the newest first.
me-without-mobile = Your account has no mobile number, so no requests belong to it.
me-roles = My roles
me-sections = Parts of the account
me-sign-out = Sign out

## Details
me-details-title = My details
me-details-name = Name
me-details-email = E-mail
me-details-mobile = Mobile number
me-details-mobile-hint = This is the number that you sign in with.
me-mobile-title = New number
me-mobile-question = What is your new mobile number?
me-mobile-hint = We send a code to the new number. From then on you sign in with it, and other devices are signed out.
me-mobile-change = Change the number
me-mobile-add = Add a number
me-details-saved = Saved.

## Sessions
me-sessions-title = Where I am signed in
me-sessions-hint = If you do not know a device, sign out there.
me-sessions-this = This device
me-sessions-browser = Device
me-sessions-by = Signed in by
me-sessions-began = Signed in
me-sessions-seen = Last seen
me-sessions-end = Sign out
me-sessions-others = Sign out everywhere else
me-sessions-done = Signed out.
me-by-code = Code by SMS
me-by-password = Password
me-by-password-totp = Password and authenticator app
me-by-passkey = Passkey
me-by-oidc = The organisation's sign-on

## Password and second step
me-security-title = Password and second step
me-password-title = Change the password
me-password-old = Password now
me-password-wrong = This is not your password.
me-password-change = Change the password
me-password-done = The password is changed and other devices are signed out.
me-totp-title = Authenticator app
me-totp-on = It is set up. { $codes-count ->
    [one] { $codes-count } recovery code is left.
   *[other] { $codes-count } recovery codes are left.
}
me-totp-off = It is not set up.
me-totp-set = Set up
me-totp-renew = Set up on another telephone
me-codes-new = New recovery codes
me-passkeys-title = Passkeys
me-passkeys-hint = Sign in by fingerprint, face or the lock of the device; no password, no code.
me-passkeys-none = You have none yet.
me-passkeys-unavailable = Passkeys are made only at the main, encrypted address of this service.
me-passkey = Passkey
me-passkey-name = Name of this device
me-passkey-make = Make a passkey
me-passkey-failed = The passkey was not made. If you did not sign in just now, sign in once more and try again.
me-passkey-made = Made
me-passkey-used = Last used
me-passkey-never = Not used yet
me-passkey-remove = Remove
me-organisation-title = The organisation's sign-on
me-organisation-bound = Your account is connected to { $provider }.
me-organisation-free = Your account is not connected to { $provider }.
me-organisation-bind = Connect
me-organisation-unbind = Disconnect
me-organisation-done = Connected.
me-organisation-taken = This sign-on is connected to another account.
