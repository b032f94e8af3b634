## Status

status-400 = Bad request
status-401 = Not signed in
status-403 = Not permitted
status-404 = Not found
status-405 = Method not allowed
status-408 = Request timed out
status-409 = Conflicts with the present state
status-412 = Changed meanwhile
status-413 = Too large
status-415 = Unsupported format
status-422 = Cannot be accepted
status-429 = Too many requests
status-500 = Internal error
status-503 = Not possible just now
status-504 = Took too long

## Access

problem-not-found = There is nothing here, or nothing that you may see.
problem-method-not-allowed = This address does not take that method.
problem-token-missing = Show an access token in the Authorization header.
problem-token-invalid = The access token is invalid, has run out or was revoked.
problem-role-forbidden = Your role may not do this.
problem-shop-missing = Name a shop in the Wanbi-Shop header.
problem-busy = The system is busy; try again shortly.
problem-unknown = It is not known whether this was written. Repeat it with the same Idempotency-Key; it will not be done twice.
problem-internal = An internal error, which was recorded. Try again later or ask the operator.
problem-too-slow = This took too long. Repeat it with the same Idempotency-Key.
problem-body-too-large = The request is larger than allowed.
problem-body-timeout = The request was sent too slowly and was broken off.
problem-request-malformed = The request is malformed, or was broken off before its end.

## Form of requests

problem-body-invalid = The body is wrong: { $detail }
problem-query-invalid = The query is wrong: { $detail }
problem-cursor-invalid = The cursor is invalid; start again from the first page.
problem-idempotency-key-invalid = An Idempotency-Key has 1 to 255 ASCII characters.
problem-idempotency-key-reused = This Idempotency-Key was used for another request.
problem-if-match-invalid = If-Match takes the ETag of a case, such as "v12".
problem-order-id-differs = The order id in the body differs from the one in the address.
problem-name-invalid = A name has 1 to 200 bytes.
problem-scopes-invalid = Choose 1 to 4 scopes for the key.
problem-office-invalid = That role does not belong here.
problem-buyer-invalid = The buyer id is invalid.
problem-expiry-invalid = The life of a link is 60 seconds to 30 days.
problem-changed-meanwhile = Somebody else has just changed this; reload and try again.
problem-shop-id-invalid = A shop id has 2 to 40 lower-case letters, digits or hyphens.
problem-shop-id-taken = That shop id is taken.
problem-policy-too-long = The policy is too long.
problem-policy-invalid = The policy is wrong: { $detail }
problem-inspection-amount = An amount goes with a partial acceptance, and only with it.
problem-card-invalid = The card will not do: debit cards of the listed banks only, a number of 8 to 32 digits, and the holder's name.
problem-account-invalid = Give holder, bank (or service) and account number, each at most 100 bytes.
problem-no-merchant-account = The shop has no WeChat Pay merchant account here.
problem-file-not-found = There is no file { $file }, or it belongs to another order.

## Rules of after-sales

problem-no-such-refund = There is no such refund on the case.
problem-no-such-ticket = There is no such ticket on the case.
problem-not-now = This cannot be done ({ $action }) while the case stands at “{ $stage }”.
problem-policy-blocks = The policy does not allow this yet; the findings say why and what to do.
problem-nothing-due = There is nothing to refund or to do.
problem-above-cap = This is more than 105 % of what was paid; at most { $left } can still be refunded.
problem-above-year = This is more than the buyer's yearly limit; at most { $left } can still be refunded.
problem-terms-need-agreement = A designated account, or goods to be sent back, need the buyer's agreement: make an offer instead.
problem-second-person-must-differ = Another person must confirm this.
problem-reason-missing = Give a reason or a text.
problem-text-too-long = The text is too long; at most { $max } bytes.
problem-too-many = No more { $what }: the limit is { $max }.
problem-tracking-missing = Give the carrier and a full waybill number of 8 to 32 letters or digits.
problem-refund-not-failed = The refund is not in a state for this.
problem-account-missing = Name the designated account first.
problem-facts-contradict = The new facts contradict earlier cases: { $what }.
problem-version-passed = It has moved on to version { $now }; reload and try again.
problem-order-full = The order has as many records as one may have.
problem-amount-range = The amount is out of range.
problem-currency-invalid = A currency is three capital letters.
problem-currency-mixed = The currency is not the order's.
problem-order-amount-invalid = An amount of the order is invalid: { $detail }
problem-order-list-size = A list of the order has a wrong size: { $detail }
problem-order-duplicate-id = An id appears twice in the order: { $detail }
problem-order-value-range = A value of the order is out of range: { $detail }
problem-order-discount-exceeds-price = A discount exceeds the price: { $detail }
problem-order-sum-mismatch = What was paid does not match items, freight, duty and discounts: { $detail }

## Command line

import-column-ignored = A column is not known and was not read: { $column }

## Words: actions, stages, lists

word-amend = change the application
word-withdraw = withdraw
word-add-evidence = add evidence
word-request-evidence = ask for evidence
word-post-message = write a message
word-approve = approve
word-offer = make an offer
word-accept-offer = accept the offer
word-decline-offer = decline the offer
word-confirm-proposal = confirm the proposal
word-decline-proposal = decline the proposal
word-reject = reject
word-ship-return = send the goods back
word-receive = receive the goods
word-inspect = inspect the goods
word-send-replacement = send the replacement
word-confirm-replacement = confirm the replacement
word-escalate = call the platform
word-rule = rule
word-open-ticket = open a ticket
word-close-ticket = close the ticket
word-replace-refund = order the refund anew
word-name-card = name a card
word-name-account = name an account
word-approve-payout = approve the payout
word-mark-paid = record the payout
word-mark = sort
word-tags = tags
word-under-review = waits for the merchant
word-awaiting-evidence = waits for evidence
word-offered = waits for the buyer’s answer
word-awaiting-return = waits for the goods
word-return-in-transit = goods on their way back
word-inspecting = waits for inspection
word-awaiting-replacement = waits for the replacement
word-replacement-in-transit = replacement on its way
word-rejected = rejected
word-disputed = before the platform
word-refunding = money on its way
word-closed = closed
word-cases = cases
word-evidence-requests = requests for evidence
word-exhibits = exhibits
word-items = items
word-messages = messages
word-offers = offers
word-tickets = tickets
word-buyer-id = the buyer
word-currency = the currency
word-tenders = the payments

## Pages

problem-signed-out = Please sign in first.
problem-cross-origin = This request did not come from a page of this site and was stopped. Go back to the page and try again.
problem-amount-unreadable = “{ $amount }” is not an amount; write a number such as 12.50.
problem-code-wrong = The code is wrong or was used before. Type the latest six digits of your authenticator.
problem-invitation-gone = This link is not good any more: it was used, is older than 7 days, or a newer one was made. Ask the owner for another.
problem-password-guessable = This password is too easily guessed. Choose another.
problem-password-is-name = The password must not be the name of the person or of the shop.
problem-password-too-long = A password has at most 200 characters.
problem-password-too-short = A password has at least 8 characters.
problem-password-wrong = That is not your present password.
problem-passwords-differ = The two passwords differ.
problem-sign-in-locked = Too many failures. Nobody can try again before { $until }.
problem-sign-in-wrong = Shop, name or password is wrong.
problem-type-missing = Choose what kind of after-sale you want.
problem-reason-unchosen = Choose a reason.
problem-items-unchosen = Choose the goods and how many.
problem-hotline-invalid = A telephone number has digits, blanks and + - ( ), at most 30 characters.
problem-not-oneself = You cannot do this to yourself. Ask another owner.
problem-person-id-invalid = A name has letters, digits and _ - . : @ | * #, at most 64 characters.
problem-person-id-taken = Somebody has this name already. Choose another.
problem-service-url-invalid = The link must begin with https:// and have no blanks.
problem-text-too-long-here = Something is too long. Please shorten it.
problem-wechat-denied = You did not authorise us at WeChat, so we cannot tell who you are. Come in from the shop again when you want to.
problem-wechat-over = This authorisation is over. Go back to the shop and open the page again.
problem-wechat-snapshot = WeChat shows a snapshot of this page and does not say who you are. Choose the full service at the bottom and try again.
problem-wechat-unavailable = WeChat cannot be reached at the moment. Open the page again later.
problem-carrier-unknown = The carrier is not recognised; choose it or write its name.
