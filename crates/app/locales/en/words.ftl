## case-type

case-type-refund-only = Refund only
case-type-return-and-refund = Return and refund
case-type-exchange = Exchange
case-type-shipping-fee = Shipping fee only
case-type-price-difference = Price difference
case-type-cancellation = Cancellation

## fault

fault-seller = Seller’s responsibility
fault-carrier = Carrier’s responsibility
fault-buyer = Buyer’s reason

## side

side-buyer = Buyer
side-merchant = Merchant
side-platform = Platform
side-system = System

## outcome

outcome-refunded = Refunded
outcome-exchanged = Exchanged
outcome-withdrawn = Withdrawn
outcome-rejected = Rejected
outcome-ruled-for-merchant = Ruled for the merchant
outcome-not-returned = Not sent back in time

## state

state-ordered = To be sent
state-waiting = Waiting for the shop
state-uncertain = Being checked
state-accepted = In progress
state-succeeded = Refunded
state-abnormal = Cannot arrive
state-declined = Declined
state-closed-by-channel = Closed
state-replaced = Replaced
state-awaiting-approval = Payout to approve
state-approved = Payout to carry out
state-paid = Paid out

## otherwise

otherwise-approve = the system approves by itself
otherwise-lapse-offer = the offer lapses and the merchant decides again
otherwise-carry-out-offer = the offer is carried out
otherwise-review-without = the merchant decides without it
otherwise-close-unreturned = the case is closed
otherwise-refund-return = the system refunds by itself
otherwise-refund-instead = the system refunds instead
otherwise-close-exchanged = the case is completed
otherwise-close-rejected = the case is closed and the refusal stands
otherwise-remind-arbiter = the platform is reminded
otherwise-look-up-calendar = the time limit is set once the calendar of working days is known
otherwise-open-ticket = the system opens a ticket

## verdict

verdict-supports = Supports
verdict-notes = Note
verdict-doubts = Doubtful
verdict-blocks = Not possible

## goods

goods-return = Goods are sent back
goods-keep = Goods are kept

## route

route-original = Back the way it was paid
route-designated = To a designated account
terms-route-original = back the way it was paid
terms-route-designated = to a designated account
terms-goods-return = the goods are sent back
terms-goods-keep = the buyer keeps the goods

## path

path-original = Original route
path-third-party = Through the third party
path-designated = Designated account

## step

step-goods = Goods
step-duty = Tax and duty
step-freight = Delivery fee
step-return-freight = Return freight laid out
step-duty-kept = Tax and duty borne by the buyer
step-freight-kept = Delivery fee not refunded
step-cross-border-return = Less cross-border return freight
step-already-refunded = Less what was refunded before
step-fee = Platform fee, borne by the shop

## progress

progress-awaiting-payment = Awaiting payment
progress-awaiting-shipment = To be sent
progress-partly-shipped = Partly sent
progress-shipped = On its way
progress-completed = Completed
progress-cancelled = Cancelled

## category

category-ordinary = Ordinary goods
category-fresh = Fresh food
category-made-to-order = Made to order
category-virtual = Virtual goods
category-cross-border = Cross-border goods

## office

office-agent = Agent
office-supervisor = Supervisor
office-finance = Finance
office-owner = Owner
office-arbiter = Arbiter
office-operator = Operator

## kind

kind-photo = Photo
kind-video = Video
kind-document = Document
kind-logistics-screenshot = Logistics screenshot
kind-any = Any evidence

## account

account-balance = Balance
account-debit-card = Debit card
account-credit-card = Credit card
account-third-party = Third-party payment

## remedy

remedy-cancel-order = Cancel the order
remedy-nothing-paid = All right
remedy-lower-amount = Ask for less
remedy-use-designated-account = Use a designated account
remedy-confirm-route = Confirm the route
remedy-await-platform-approval = Wait for the platform
remedy-complete-shop-account = Complete the account
remedy-prove-no-use = Prove no use
remedy-negotiate-amount = Agree on an amount
remedy-choose-other-reason = Choose another type or reason
remedy-appeal = Appeal
remedy-open-ticket = Open a ticket
remedy-add-logistics = Add logistics
remedy-add-evidence = Add evidence
remedy-choose-other-items = Choose other items
remedy-contact-shop = Contact the shop

## inspection

inspection-accepted = As it should be
inspection-accepted-in-part = Partly: reduced refund
inspection-refused = Not as agreed

## tier

tier-ordinary = Ordinary
tier-difficult = Difficult
tier-legal = Legal
