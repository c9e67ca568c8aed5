# Services and target times.

services-title = Services and target times
services-headline = What we do, and by when
services-lead = The time counts from the moment you send it. If we miss it, everyone can see that.
services-search = Search the services
services-within = within { $target }
services-no-target = no target
services-nothing-found = No service has these words.
services-all = All services
services-report = Report this
services-see-requests = Requests about this
services-promise = Our promise
services-normal = Normal
services-urgent = Urgent
services-emergency = Emergency
services-asks = What we ask
services-private = Requests about this are private and shown to no one.
services-closed = This takes no new requests for now.
