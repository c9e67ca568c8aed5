# When the urban-services emergency says no: one sentence for each code, what happened and what to do now.

dispatch-refusal-denied = This is not within your reach.
dispatch-refusal-not-found = There is no such thing; perhaps it was taken away.
dispatch-refusal-changed = A colleague changed it first. Look at how it stands now and decide again.
dispatch-refusal-words-too-long = This text is too long; please shorten it.
dispatch-refusal-day-wrong = Write the day as year/month/day and the time as 07:30.
dispatch-refusal-number-wrong = Write a number here.
dispatch-refusal-place-missing = Give the place on the map or as latitude and longitude.

## Help between districts
dispatch-refusal-aid-crew-wrong = Only a crew of the district that was asked can be sent.
dispatch-refusal-aid-district-wrong = Choose two different districts of the city.
dispatch-refusal-aid-over = This was decided before.
dispatch-refusal-aid-time-wrong = Help ends after it begins, in the future, and lasts a month at most.

## Crew
dispatch-refusal-crew-base-outside = The base is outside the city.
dispatch-refusal-crew-busy = The crew is at another stop or on its way there; it finishes that first.
dispatch-refusal-crew-code-taken = Another crew has this code.
dispatch-refusal-crew-code-wrong = A code has Latin letters, digits and hyphens, such as d6-1.
dispatch-refusal-crew-district-unknown = There is no such district.
dispatch-refusal-crew-equipment-unknown = This equipment is not on the city’s list.
dispatch-refusal-crew-has-order = The crew is on its way or at work; it finishes that first.
dispatch-refusal-crew-lacks-equipment = This crew lacks the equipment.
dispatch-refusal-crew-lacks-skill = This crew lacks the skill.
dispatch-refusal-crew-load-wrong = Loads and materials are from nought to a hundred thousand.
dispatch-refusal-crew-material-unknown = This material is not on the city’s list.
dispatch-refusal-crew-name-long = The name or the vehicle is too long.
dispatch-refusal-crew-name-missing = Give the crew a name.
dispatch-refusal-crew-off-duty = This crew is not on shift.
dispatch-refusal-crew-other-district = This crew belongs to another district; ask that district for help first.
dispatch-refusal-crew-out-of-service = This crew is out of service.
dispatch-refusal-crew-people-wrong = People are from 1 to 100.
dispatch-refusal-crew-skill-unknown = This skill is not on the city’s list.
dispatch-refusal-crew-status-by-order = This status follows from the work order by itself.
dispatch-refusal-crew-status-impossible = There is no way from the present status to this one.
dispatch-refusal-crew-too-small = The crew has too few people or too little room for this work.
dispatch-refusal-crew-unit-not-contractor = A contractor’s crew belongs to an external unit, and no other crew does.
dispatch-refusal-crew-unit-unknown = There is no such unit.
dispatch-refusal-crew-unknown = There is no such crew.
dispatch-refusal-crew-volunteer = Volunteers do not do this kind of work.
dispatch-refusal-crew-withdrawn = This crew is no more.
dispatch-refusal-member-elsewhere = This colleague is in another crew and has to leave that first.
dispatch-refusal-member-role-missing = This account does not have the role of a crew member; give it that role first.
dispatch-refusal-member-unknown = There is no such account.

## Evidence
dispatch-refusal-evidence-amount-wrong = An amount is a number from nought upwards.
dispatch-refusal-evidence-photo-wrong = A photo before or after the work comes with the photo itself.
dispatch-refusal-evidence-too-much = Too much was sent for this order.

## Work order
dispatch-refusal-job-type-unknown = The city has no such kind of work.
dispatch-refusal-order-after-circle = These two would wait for each other.
dispatch-refusal-order-after-unknown = The order that has to come first was not found.
dispatch-refusal-order-cancelled = This order was cancelled.
dispatch-refusal-order-check-missing = A point of the safety list is not ticked yet.
dispatch-refusal-order-duration-wrong = Work takes from 1 minute to 24 hours.
dispatch-refusal-order-locked = This order is locked to its crew; unlock it first.
dispatch-refusal-order-not-done = Only work that was done is checked.
dispatch-refusal-order-other-contractor = Another contractor has this order.
dispatch-refusal-order-outside = This point is outside the city.
dispatch-refusal-order-over = This order is finished or cancelled.
dispatch-refusal-order-photo-missing = A photo from before or after the work is missing.
dispatch-refusal-order-quantity-missing = The work was not measured.
dispatch-refusal-order-step-impossible = There is no way from this step to that one.
dispatch-refusal-order-still-open = This order is still open.
dispatch-refusal-order-together-wrong = These two cannot go together.
dispatch-refusal-order-under-way = A crew is on its way or there, and it is not taken from them.
dispatch-refusal-order-waits = Another order has to be finished before this one.
dispatch-refusal-order-window-impossible = The window ends after it begins.
dispatch-refusal-order-window-over = The window is over already.
dispatch-refusal-order-with-nobody = No crew has this order.
dispatch-refusal-order-words-missing = Say why; the crew reads it.
dispatch-refusal-reason-missing = Choose the reason.
dispatch-refusal-reason-unknown = This reason is not on the city’s list.
dispatch-refusal-routine-days-wrong = It comes again after 1 to 3,660 days.

## Shift
dispatch-refusal-shift-begun = This shift has begun.
dispatch-refusal-shift-break-wrong = The break has to fit into the shift.
dispatch-refusal-shift-days-many = Plan at most 100 days at once.
dispatch-refusal-shift-days-none = No shift falls on these days.
dispatch-refusal-shift-days-wrong = The last day is before the first.
dispatch-refusal-shift-empty = A shift ends after it begins.
dispatch-refusal-shift-none = No shift is planned for this hour.
dispatch-refusal-shift-overlaps = This crew has another shift at that time.
dispatch-refusal-shift-overtime-wrong = Overtime follows the end of the shift and lasts 6 hours at most.
dispatch-refusal-shift-time-wrong = Write the time as 07:30.
dispatch-refusal-shift-too-long = A shift lasts 24 hours at most.

## Crisis and streets
dispatch-refusal-crisis-answer-missing = Say whether the crew is coming or not.
dispatch-refusal-crisis-begun = A crisis is over this place already.
dispatch-refusal-crisis-district-unknown = The city has no such district.
dispatch-refusal-crisis-elsewhere = This district is not in the crisis.
dispatch-refusal-crisis-hours-wrong = A shift in a crisis lasts 1 to 24 hours.
dispatch-refusal-crisis-over = This crisis is over.
dispatch-refusal-crisis-reason-missing = Write down why the crew cannot come.
dispatch-refusal-crisis-silence-wrong = Silence is from 1 minute to a day.
dispatch-refusal-crisis-skill-not-theirs = Volunteers may not do that; choose from what they may do.
dispatch-refusal-crisis-storm-refused = The words for the home page were refused; look at the rules of storms.
dispatch-refusal-crisis-weights-wrong = Weights are from 1 to 1000, and each is at least as large as the one before.
dispatch-refusal-road-metres-wrong = The circle is from 10 to 5000 metres.
dispatch-refusal-road-outside = This place is outside the city.
dispatch-refusal-road-until-wrong = It opens in the future, within a year.
dispatch-refusal-road-words-wrong = Say in up to 300 characters why it is closed.
