# The frame of the pages for staff.

staff-sections = Parts of the work
staff-sign-out = Sign out
staff-people = People
staff-desk = Desk
staff-objections = Objections
staff-feedback = Feedback calls
staff-officials-mine = My promises
staff-officials = Officials
staff-storm = Storms
staff-work = Work
staff-privacy = Forgetting
staff-notices = Messages
