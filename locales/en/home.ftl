# The first page.

home-title = Home
home-question = What is wrong?
home-question-hint = Say it in a few words; we find the rest together.
home-question-example = a fallen tree
home-common-subjects = Common subjects
home-all-subjects = All subjects
home-track = Track a request
home-track-hint = The tracking code has { 10 } digits.
home-open = requests are open now
home-open-of = of { $all-count } that came until today
home-in-time = were answered in time
home-in-time-of = of { $ended-count } that ended, from the last { $days-count } days
home-in-time-none = no request of these days has ended yet
home-lately = new requests came
home-lately-days = in the last { 7 } days, today included
home-now = The city, right now
home-now-drawn = Open requests by district; the darker, the more.
home-now-listed = Open requests by district.
home-district = { $name }: { $open-count ->
    [one] { $open-count } open request
   *[other] { $open-count } open requests
}
home-see-map = See them on the map
home-newest = Newest requests
home-newest-none = No request has come yet.
home-cities = Cities
