start-title = To return the jade whole to its owner
start-text = After-sales cases and refunds for online shops. Choose a door.
start-buyer-hint = Come in by the link your shop sent you; no password needed.
start-merchant-hint = Agents, supervisors, finance and owners sign in here.
start-platform-hint = Arbiters and operators sign in here.
start-docs = API documentation

## The start page of a demo

demo-title = Refunds that are explained, exact and on record
demo-lead = Wanbi handles after-sales cases and refunds of online shops, first of all WeChat Stores. A buyer applies with evidence; the merchant has 48 hours, then the system approves by itself. Published rules judge every case and say why. Money goes back the way it came, never too much and never twice. What the two sides cannot settle, the platform rules on, and every step is on record.
demo-lead-now = This is a demo: two shops, some three hundred orders, three weeks of cases. Click anything; no real money moves.

demo-life = The life of a case
demo-life-apply = Buyer applies
demo-life-text-apply = Item, reason, photos; sees how much and why before sending
demo-life-judge = Rules judge
demo-life-text-judge = The shop's published policy is checked clause by clause
demo-life-answer = Merchant answers
demo-life-text-answer = Approves, offers a part, or refuses with a reason
demo-life-answer-limit = 48 hours
demo-life-return = Goods come back
demo-life-text-return = Where needed: waybill, receipt, inspection with photos
demo-life-refund = Money arrives
demo-life-text-refund = Back over WeChat Pay; a lost answer is asked about, never sent again
demo-life-silence = No answer for 48 hours → approved by the system
demo-life-dispute = No agreement → the platform rules, by working days
demo-life-stuck = Refund stuck → a ticket, and somebody to see to it

demo-doors = Three doors
demo-doors-text = One click and you are in, without a password. Keep all three open in different tabs.
demo-door-buyer = A buyer's phone
demo-door-text-buyer = What can be returned, until when, for how much; three steps to apply, and an automatic reply at once; progress and conversation.
demo-door-merchant = The merchant's console
demo-door-text-merchant = A queue by money and time left; the whole case on one page; every decision says its consequence first.
demo-door-platform = The platform's desk
demo-door-text-platform = Disputes and rulings, appeals, payouts, shops and the audit log.
demo-enter-as = Enter
demo-cases = { $n } cases
demo-cases-none = no cases yet: try an application

demo-tour = What to look at: five stories under way
demo-tour-text = Each is a live case of the sample data; opening it signs you in as the right person.
demo-tour-open = Open
demo-tour-until = Until
demo-tour-gone = Some stories have come to their end. Start over with wanbi demo --fresh and all five are back.
demo-story-waiting = Waiting for the merchant, clock running
demo-story-text-waiting = As the agent: see the findings, the evidence and how the amount is made up, then approve or offer. Or do nothing: move the clock in the bar above by 48 hours and the system approves and refunds.
demo-story-offer = The merchant offers a part
demo-story-text-offer = As the buyer: a partial refund without sending anything back. Accept it, or decline and let the merchant think again.
demo-story-return = A return to inspect
demo-story-text-return = As the agent: compare pictures from before and after; accept, accept in part, or refuse. If nobody inspects in time, the system refunds.
demo-story-dispute = A dispute before the platform
demo-story-text-dispute = As the arbiter: both sides with their evidence on one page. Ask for more, or rule; the system carries it out.
demo-story-stuck = A refund that is stuck
demo-story-text-stuck = As finance: WeChat Pay cannot reach the buyer's account, and a ticket was opened by itself. See what can be done.

## The bar

demo-bar = Demo tools
demo-bar-home = Demo
demo-bar-ahead = { $n } ahead of real time
demo-ahead-days = { $n } d
demo-ahead-hours = { $n } h
demo-ahead-minutes = { $n } min
demo-bar-forward = Forward
demo-bar-3600 = 1 hour
demo-bar-172800 = 48 hours
demo-bar-604800 = 7 days
demo-bar-trouble = Make payment trouble
demo-bar-trouble-text = The payment stand-in does as told; watch how the system copes:
demo-trouble-pay-later = Next refund takes three days
demo-trouble-short-balance = Merchant's balance is empty
demo-trouble-refuse = Next refund is refused
demo-trouble-lose-notice = Next payment notice is lost
demo-trouble-clear = Everything back to normal
demo-did-time = Time went on by { $n }
demo-did-changed = { $n } cases changed
demo-did-nothing = no case changed
demo-did-more = and { $n } more
demo-did-pay-later = Set: the next refund takes three days. Approve a case, then go forward 48 hours and 7 days.
demo-did-short-balance = Set: the merchant's balance is empty. Refunds will wait, and go on by themselves once all is normal.
demo-did-refuse = Set: the next refund is refused, the buyer's account is closed. Approve a case, go forward an hour, and see people called in.
demo-did-lose-notice = Set: the next notice never comes. Approve a case, go forward an hour, and the system finds out by asking.
demo-did-clear = All is normal again, balances are full.
demo-did-other = Set.
