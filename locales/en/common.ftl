# Words that every part uses. Each key is in locales/fa/common.ftl as well.

-product = Peyvand

product-name = { -product }
product-tagline = What people ask of the city, from report to answer

## Language
language-name = English
language-switch = فارسی
language-switch-label = این صفحه به فارسی

## Status of a request
status-received = Received
status-confirmed = Confirmed
status-assigned = Assigned
status-in-progress = In progress
status-waiting-for-citizen = Waiting for your answer
status-referred-outside = Referred to another body
status-declined = Declined
status-answered = Answered
status-reopened = Reopened
status-closed = Closed
status-duplicate = Duplicate
status-cancelled = Cancelled

## Kinds of message
kind-request = Request
kind-complaint = Complaint
kind-criticism = Criticism
kind-suggestion = Suggestion
kind-appreciation = Appreciation

## Priority
priority-low = Low
priority-normal = Normal
priority-high = High
priority-urgent = Urgent
priority-emergency = Emergency

## Open and closed, as Open311 says it
open311-open = Open
open311-closed = Closed

## Common words
common-yes = Yes
common-no = No
common-all = All
common-none = None
common-optional = Optional
common-required = Required
common-continue = Continue
common-back = Back
common-save = Save
common-cancel = Cancel
common-close = Close
common-search = Search
common-next = Next
common-previous = Previous
common-more = More
common-unknown = Unknown
common-requests = { $count ->
    [one] { $count } request
   *[other] { $count } requests
}
common-page-of = Page { $page_number } of { $pages_number }
