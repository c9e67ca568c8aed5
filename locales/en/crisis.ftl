# Crisis mode: what holds, who is called, who helps, which streets are closed.

crisis-title = Crisis
crisis-calm = No crisis mode is on.
crisis-begin = Begin crisis mode
crisis-end = End crisis mode
crisis-save = Keep
crisis-city = The whole city
crisis-where = Where
crisis-on-city = Crisis mode is on in the whole city
crisis-on-district = Crisis mode is on in { $district }
crisis-since = since { $when }
crisis-rules-open = What holds
crisis-rules-title = What holds in this crisis
crisis-rules-title-new = Begin crisis mode
crisis-and = {" and "}

## What holds, sentence by sentence
crisis-rule-danger = Work counts by danger to life: up to { $times-count } times as much.
crisis-rule-waits = Planned work that nobody is endangered by waits.
crisis-rule-silent = A crew of which nothing was heard for { $minutes-count } minutes keeps its stops.
crisis-rule-cut-off = Without a line to the city: { $districts }. Their crews keep what they have.
crisis-rule-told = People read of it on the home page.

## All hands
crisis-calls = All hands
crisis-call-all = Call everybody who is off duty
crisis-calls-empty = Nobody was called yet.
crisis-counts = No answer yet: { $called-count } · coming: { $coming-count } · cannot: { $refused-count }
crisis-crew = Crew
crisis-district = District
crisis-answer = Answer
crisis-when = When
crisis-said = What they say
crisis-answer-called = no answer yet
crisis-answer-coming = coming
crisis-answer-refused = cannot come
crisis-coming = They are coming
crisis-cannot = They cannot
crisis-reason = Why not
crisis-reason-of = Why they cannot come:
crisis-volunteer = volunteers

## Volunteers
crisis-volunteers = A group of volunteers reports
crisis-volunteers-about = They become a crew for this crisis, with a shift from now on, and go home with it. They may do only what volunteers may do.
crisis-group = Name of the group
crisis-people = How many people
crisis-place = Place: latitude, longitude
crisis-place-hint = Where they meet, such as 35.7219, 51.4056. Empty: the middle of the district.
crisis-skills = What they can do
crisis-equipment = What they have with them
crisis-muster = Take them in

## Silent crews
crisis-silent = Crews of which nothing is heard
crisis-silent-about = Their telephone has no line, or they are in trouble. They go on with the stops they hold; try the radio.
crisis-heard = last heard

## Streets
crisis-closed = Closed streets
crisis-closed-none = No street is closed.
crisis-close-road = Close a street
crisis-open-road = Open again
crisis-why = Why
crisis-road-hint = The middle of what is closed, such as 35.7219, 51.4056. Ways of crews go around it.
crisis-metres = Metres around it
crisis-hours = Opens by itself after hours
crisis-until = Until
crisis-until-opened = until it is opened

## The form of the rules
crisis-told = What people are told
crisis-tell = Tell people on the home page (a storm begins with these words, unless there is one)
crisis-message-fa = In Persian
crisis-message-en = In English
crisis-weights = How much danger counts
crisis-weights-hint = Each danger counts at least as much as the one before it, 1 to 1000 times.
crisis-danger-none = no danger
crisis-danger-some = some danger
crisis-danger-grave = grave danger
crisis-danger-life = danger to life
crisis-planned-waits = Planned work without danger waits until it is over
crisis-hands = Shifts of those who are called
crisis-shift-hours = Hours of the shift
crisis-silent-minutes = Minutes of silence after which a crew keeps its stops
crisis-volunteer-skills = What volunteers may be able to do
crisis-volunteer-skills-hint = Nothing chosen: what the kinds of work need that volunteers may do.
crisis-cut-off = Districts without a line to the city
crisis-cut-off-hint = Nobody takes work from their crews or gives them any until they are back. What they did comes in by itself then.

## Past and journal
crisis-journal = Journal
crisis-past = Crises of the past
crisis-to = to
crisis-fact-begun = Crisis mode was begun.
crisis-fact-changed = What holds was changed.
crisis-fact-ended = Crisis mode was ended.
crisis-fact-called = Everybody who was off duty was called.
crisis-fact-coming = A crew is coming.
crisis-fact-refused = A crew cannot come.
crisis-fact-volunteers = A group of volunteers was taken in.
crisis-done-begun = Crisis mode is on.
crisis-done-changed = What holds was changed.
crisis-done-ended = Crisis mode is over. Who is at work finishes.
crisis-done-called = Called. A shift was made for each crew; its answer appears here.
crisis-done-nobody = Nobody is off duty who was not called before.
crisis-done-coming = Written down: they are coming.
crisis-done-refused = Written down with the reason; their shift is cancelled.
crisis-done-mustered = They are a crew now.
crisis-done-closed = Closed. Ways go around it from now on.
crisis-done-opened = Open again.
