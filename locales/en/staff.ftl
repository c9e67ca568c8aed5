# The frame of the pages for staff.

staff-sections = Parts of the work
staff-sign-out = Sign out
staff-people = People
