# About Peyvand, privacy, data.

about-title = About Peyvand
about-lead = Peyvand is a thread from your word to the work that follows, in everyone’s sight.
about-promise-title = Our promise
about-promise = Each request has a code, someone responsible and a target time. What is said and done is tied into the thread and cannot be changed without a trace. If a public request is late, everyone can see it.
about-privacy-title = Your privacy
about-privacy-public = Everyone can see the words, the place and the photos of a request, except for private subjects. Numbers and e-mail addresses inside the words are covered before they are shown.
about-privacy-contact = Your name and number are optional, kept apart, and open only to staff who handle requests.
about-privacy-photos = Of a photo only its picture is kept; the place, the time and the camera are removed.
about-privacy-cookies = Reporting and tracking need no cookie. Only if you press “I saw this too”, a random number stays in your browser, so that each of us is counted once.
about-data-title = Open data
about-data = What is public is there for programs too, in the formats that other cities use.
about-data-open311 = Send and read requests, as Open311 does
about-data-json = Programming with JSON
about-data-geojson = Requests on the map
about-data-csv = All requests in one table
about-borders-title = Borders and data of the city
about-borders-edition = Edition of the borders: { $edition }
