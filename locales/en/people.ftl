# People and roles, for administrators and managers of units.

people-title = People and roles
people-search = Name, sign-in name or unit
people-all-roles = All roles
people-invite = Invite a colleague
people-count = { $people-count ->
    [one] { $people-count } person
   *[other] { $people-count } people
}
people-empty = Nobody was found with this.
people-name = Name
people-sign-name = Sign-in name
people-sign-name-hint = Latin letters, digits, dots and dashes; { 3 } to { 40 } characters. It cannot be changed later.
people-mobile = Mobile
people-email = E-mail
people-roles = Roles
people-role = Role
people-scope = Reach
people-unit = Unit
people-district = District
people-neighbourhood = Neighbourhood
people-choose = Please choose
people-no-roles = No role
people-last-seen = Last signed in
people-never-seen = Never yet
people-state = State
people-back = Everybody

## Roles
people-role-citizen = Citizen
people-role-sender = Partner's program
people-role-operator = 137 operator
people-role-unit-member = Unit member
people-role-unit-manager = Unit manager
people-role-inspector = Inspector
people-role-feedback-caller = Feedback caller
people-role-official = Official on the line
people-role-dispatcher = Dispatcher
people-role-crew-member = Crew member
people-role-contractor = Contractor
people-role-round-manager = Participation manager
people-role-interviewer = Interviewer
people-role-supervisor = Supervisor
people-role-administrator = Administrator
people-role-system = The program

## Reach
people-scope-own = Their own
people-scope-unit = One unit
people-scope-neighbourhood = One neighbourhood
people-scope-district = One district
people-scope-city = The whole city

## State of a membership
people-state-invited = Invited
people-state-active = Active
people-state-suspended = Suspended
people-state-ended = Ended
people-account-suspended = Account closed
people-account-first-password = Has a first password, not changed yet

## Inviting
people-invite-title = Invite a colleague
people-invite-words = The account is made and a first password is shown once. At the first sign-in your colleague chooses a password and sets up the second step.
people-invite-send = Make the account
people-first-password-title = First password of { $name }
people-first-password-words = This password will not be shown again. Give it to them in person or by telephone. It works for { $days-count ->
    [one] { $days-count } day
   *[other] { $days-count } days
} and only to choose a new password.
people-first-password-done = Seen, continue

## One person
people-give = Give the role
people-give-title = A new role
people-suspend-role = Suspend
people-restore-role = Restore
people-end-role = End
people-end-role-words = Ending the role { $role } cannot be undone. A new role can always be given.
people-reset = Give a new first password
people-reset-words = The password they have stops working and they are signed out everywhere. The second step stays.
people-suspend = Close the account
people-suspend-words = They are signed out everywhere and cannot sign in. What they did stays on record.
people-restore = Open the account
people-second = Second step
people-second-totp = Has an authenticator app
people-second-none = No second step yet
people-second-passkeys = { $keys-count ->
    [one] { $keys-count } passkey
   *[other] { $keys-count } passkeys
}
people-second-remove = Remove the second step
people-second-remove-words = For when the telephone is lost. They set it up again at the next sign-in.
people-sessions = Open sessions
people-sessions-none = No open session.
people-sessions-end = Sign out everywhere
people-access = Access and changes
people-access-none = Nothing is on record.
people-access-when = When
people-access-what = What
people-access-granted = Saw or did
people-access-denied = Was refused
people-not-self = This cannot be done to one's own account; another colleague has to do it.
people-done = Done.

## Facts on record
people-fact-account-made = Account made
people-fact-account-changed = Details changed
people-fact-account-suspended = Account closed
people-fact-account-restored = Account opened
people-fact-role-given = Role { $role } given
people-fact-role-offered = Role { $role } offered
people-fact-role-accepted = Role { $role } accepted
people-fact-role-suspended = Role { $role } suspended
people-fact-role-restored = Role { $role } restored
people-fact-role-ended = Role { $role } ended
people-fact-password-given = First password given
people-fact-password-chosen = Chose a password
people-fact-signed-in = Signed in
people-fact-sign-in-failed = Sign-in failed
people-fact-session-ended = A session ended
people-fact-second = Second step changed
people-fact-passkey = Passkeys changed
people-fact-sign-on = Organisation's sign-on changed
people-fact-other = Another change

## Refusals
people-refusal-account-unknown = There is no such account.
people-refusal-name-missing = Please write the name.
people-refusal-name-too-long = The name is too long.
people-refusal-sign-name-wrong = A sign-in name has Latin letters, digits, dots and dashes only, and { 3 } to { 40 } characters.
people-refusal-sign-name-taken = Somebody else has this sign-in name.
people-refusal-mobile-wrong = This is not a mobile number. Please write it like 09123456789.
people-refusal-mobile-taken = Somebody else has this number.
people-refusal-email-wrong = This is not an e-mail address.
people-refusal-role-missing = Please choose a role.
people-refusal-role-not-given = Nobody is given this role.
people-refusal-role-too-high = You can neither give nor take a role above your own.
people-refusal-place-missing = Say which unit, district or neighbourhood the role is for.
people-refusal-role-given = They have this role already.
people-refusal-state-wrong = It cannot be done as things stand.
people-refusal-last-administrator = This is the last administrator; make another one first.
people-refusal-code-wrong = This code is not right.
people-refusal-not-begun = Please begin the second step again.
people-refusal-denied = This is not yours to do.
