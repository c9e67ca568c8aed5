# The frame of the pages for staff.

staff-sections = Parts of the work
staff-sign-out = Sign out
staff-people = People
staff-desk = Desk
staff-objections = Objections
staff-feedback = Feedback calls
staff-officials-calls = Calls for officials
staff-officials-mine = My promises
staff-officials = Officials
staff-storm = Storms
staff-crews = Crews
staff-crisis = Crisis
staff-work = Work
staff-privacy = Forgetting
staff-notices = Messages
staff-contracts = Contracts
staff-contract-checks = Contractors’ checks
staff-contractor = Contractor’s work
staff-crew = My stops
staff-dispatch = Dispatch
