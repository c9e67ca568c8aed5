# The frame of every page: header, footer, map.

layout-wrong = Error:
layout-description = Say what is wrong in your neighbourhood, get a code, and see what becomes of it.
layout-skip = Skip to the page
layout-sections = Sections
layout-report = Report
layout-track = Track
layout-requests = List and map
layout-services = Services
layout-call = Everything here can be done by phone too.
layout-about = About Peyvand
layout-privacy = Your privacy
layout-data = Open data
layout-design = Design

## The list of what is wrong with a form
layout-problem = There is a problem
layout-problems = There are problems; please look at these

## Map
layout-map-title = Map of the requests
layout-map-pick-title = Map to show the place
layout-map-in = Zoom in
layout-map-out = Zoom out
layout-map-open = See this request
layout-map-here = My position
layout-map-centre = Pin at the centre
layout-map-pin = Pin of the place; the arrow keys move it
layout-map-placed = Pin placed: {"{place}"}
layout-map-asking = Asking for your position…
layout-map-denied = Your device did not tell us. Write the address or show it on the map.
layout-map-outside = This point is outside the city.
layout-map-here-kept = Your position is noted.
layout-map-here-denied = Your device did not tell us. Write the address, or choose from the list.
layout-map-start = Tap the map to place the pin.
layout-map-none = The map did not load; an address or a neighbourhood is enough.
layout-map-none-list = The map needs script; the list has the same.
