## Lists

bcase-nav-orders = Orders
bcase-nav-cases = After-sales
bcase-nav-help = Help
bcase-nav = Navigation
bcase-list = My after-sales
bcase-list-none = No cases yet
bcase-list-none-hint = If something is wrong with what you bought, apply from the order.
bcase-list-orders = See my orders
bcase-list-you = Your turn, left
bcase-list-shop = With the shop, left
bcase-and-more = { $title } and more
bcase-stage-under-review = With the shop
bcase-stage-awaiting-evidence = Add evidence
bcase-stage-offered = Answer the offer
bcase-stage-awaiting-return = Send the goods back
bcase-stage-return-in-transit = On the way back
bcase-stage-inspecting = Being inspected
bcase-stage-awaiting-replacement = Shop sends a replacement
bcase-stage-replacement-in-transit = Confirm the replacement
bcase-stage-rejected = Refused
bcase-stage-disputed = With the platform
bcase-stage-refunding = Money on its way
bcase-stage-closed = Ended

## Now

bcase-now-review = The shop is looking at your application
bcase-now-review-text = You ask for { $amount }. Until it decides you can change or withdraw the application.
bcase-now-evidence = Please add evidence
bcase-now-evidence-text = The shop needs more to decide; what it asks for is below.
bcase-now-offer = The shop makes you an offer
bcase-now-offer-text = Accept or decline as you like; what follows is said above each button.
bcase-now-offer-inspected = After inspection the shop offers a lower refund
bcase-now-offer-inspected-text = If you do not agree, decline and the platform decides.
bcase-now-return = Approved: please send the goods back
bcase-now-return-text = Give the waybill below once they are sent; { $amount } follows after inspection.
bcase-now-return-exchange-text = Enter the waybill below once they are sent; the shop sends the other goods after inspection.
bcase-now-transit = The goods are on their way to the shop
bcase-now-transit-text = { $amount } is refunded once the shop has received and inspected them.
bcase-now-transit-exchange-text = The shop sends the other goods after they have arrived and passed inspection.
bcase-now-inspecting = The shop has the goods and inspects them
bcase-now-inspecting-text = { $amount } is refunded after they pass inspection.
bcase-now-inspecting-exchange-text = The shop sends the other goods after these pass inspection.
bcase-now-replace = Inspection passed: the shop sends a replacement
bcase-now-replace-text = If it does not in time, the system refunds instead.
bcase-now-replaced = The replacement is on its way: confirm when it has come
bcase-now-replaced-text = If it has not come or is not right, call the platform.
bcase-now-rejected = The shop did not agree
bcase-now-rejected-text = The reason is below. You can change the application or call the platform.
bcase-now-goods-refused = The inspection was not passed
bcase-now-goods-refused-text = The reason is below. If you do not agree, call the platform.
bcase-now-disputed = The platform is looking into it
bcase-now-disputed-text = It reads what both sides show and say, and then decides. You can still add to it.
bcase-now-money = { $amount } is on its way to you
bcase-now-money-text = When it arrives depends on the account you paid from; see below.
bcase-now-checking = The refund of { $amount } is being checked
bcase-now-checking-text = WeChat Pay has not said for certain yet what becomes of it; the system goes on asking. You need not do anything.
bcase-now-shop = { $amount } waits for the shop to put its account in order
bcase-now-shop-text = You need not do anything; the refund goes on by itself.
bcase-now-card = The money cannot go back to where you paid from: name a card
bcase-now-card-text = It has left the shop, but your account cannot take it. A debit card of your own will do.
bcase-now-account = Please name an account
bcase-now-account-text = This refund goes to an account you name; the shop’s finance then pays it out.
bcase-now-payout = { $amount } waits to be paid out by the shop’s finance
bcase-now-payout-text = The voucher number is shown below afterwards.
bcase-now-again = The refund did not go through; the shop orders it anew
bcase-now-again-text = You need not do anything. To hurry it along, write to the shop.
bcase-now-closed-refunded = { $amount } refunded: the case has ended
bcase-now-closed-refunded-text = Thank you for your patience. If anything else comes up, apply again from the order.
bcase-now-closed-exchanged = Exchanged: the case has ended
bcase-now-closed-exchanged-text = Thank you. If the new goods are not right, apply again from the order.
bcase-now-closed-withdrawn = You withdrew the application
bcase-now-closed-withdrawn-text = While the after-sale window is open you can apply again from the order.
bcase-now-closed-rejected = Ended: the shop did not agree to a refund
bcase-now-closed-rejected-text = The platform was not called in time. With new evidence you can apply again from the order.
bcase-now-closed-ruled = Ended: the platform ruled for the shop
bcase-now-closed-ruled-text = Its reasons are below.
bcase-now-closed-not-returned = Closed: the goods were not sent back in time
bcase-now-closed-not-returned-text = While the after-sale window is open you can apply again from the order.
bcase-who-buyer = Your turn, left
bcase-who-merchant = The shop’s turn, left
bcase-who-platform = The platform’s turn, left
bcase-who-system = The system asks in
bcase-until = until { $time }, { $zone }
bcase-then-approve = If the shop does nothing, the system approves by itself and { $amount } is refunded.
bcase-then-approve-return = If the shop does nothing, the system approves by itself and you can send the goods back.
bcase-then-lapse-offer = Without an answer the offer lapses and the shop decides again.
bcase-then-carry-out-offer = Without an answer { $amount } is refunded as offered.
bcase-then-review-without = If nothing is added, the shop decides with what there is.
bcase-then-close-unreturned = If the goods are not sent, the case is closed without a refund.
bcase-then-refund-return = If the shop does not confirm, the system refunds { $amount } by itself.
bcase-then-refund-instead = If nothing is sent, the system refunds { $amount } instead.
bcase-then-close-exchanged = Without word from you it counts as received and the case ends.
bcase-then-close-rejected = If the platform is not called, the case is closed.
bcase-then-remind-arbiter = Without a result the platform is reminded.
bcase-then-look-up-calendar = The time is set once the calendar of working days is known.
bcase-then-open-ticket = If it has not arrived by then, a ticket is opened by itself and the payment channel is asked.
bcase-steps = Progress
bcase-step-applied = Applied
bcase-step-decided = Shop decides
bcase-step-returned = Send back
bcase-step-inspected = Inspection
bcase-step-platform = Platform
bcase-step-money = Refunded
bcase-step-replaced = Replaced
bcase-step-is-done = done
bcase-step-is-now = now
bcase-step-is-todo = to come
bcase-step-is-stopped = ended here
bcase-fresh = Something has happened: tap to refresh
bcase-news = New since you opened this page
bcase-no = Case { $no }
bcase-days = { $n } days
bcase-hours = { $n } hours
bcase-choose = Please choose

## Offers

bcase-refused-why = Why it was refused
bcase-remark = The shop says
bcase-ruling = Why the platform ruled so
bcase-offer = The shop’s offer
bcase-offer-less = { $amount } less than is refundable
bcase-accept = Accept the offer
bcase-accept-sure = { $amount } is then final. Accept?
bcase-accept-return = You send the goods back within { $days }; after inspection { $amount } is refunded.
bcase-accept-keep = { $amount } is refunded at once; you keep the goods.
bcase-accept-inspected = { $amount } is refunded at once; the goods stay with the shop.
bcase-accept-designated = The money goes to an account you name after accepting.
bcase-accept-binds = This is final for this case.
bcase-decline-open = I do not accept this
bcase-decline = The shop then decides again within { $time }; if it does not, the system approves what you asked for.
bcase-decline-inspected = The platform then decides within { $days } working days.
bcase-decline-note = Why (optional)
bcase-decline-do = Decline the offer

## Sending back, exchanging

bcase-ship = Send the goods back
bcase-ship-change = Correct the waybill
bcase-ship-says = The shop then has { $time } to confirm, after which the system refunds by itself. Without full tracking the goods do not count as sent.
bcase-ship-again = If it was wrong, correct it here; the shop’s time stays as it is.
bcase-waybill = Waybill number
bcase-carrier = Carrier
bcase-carrier-auto = Recognise it from the number
bcase-carrier-other = Another carrier
bcase-carrier-name = Name of another carrier (if you chose that)
bcase-ship-do = Save the waybill
bcase-replacement = The replacement
bcase-replacement-says = Confirming ends the case. If it has not come or is not right, do not confirm.
bcase-replacement-sure = Has the replacement come, and is it right?
bcase-replacement-do = Confirm the replacement

## Platform, evidence, talk

bcase-escalate = Call the platform
bcase-escalate-says = It decides within { $days } working days, by what both sides show.
bcase-mediation = From { $amount } in dispute on, online mediation is open too; what is agreed is carried out by the system.
bcase-escalate-reason = Say why you do not agree
bcase-escalate-do = Call the platform
bcase-evidence = Add evidence
bcase-evidence-asked = Please add this
bcase-files = Pictures, video or PDF
bcase-files-hint = At most 8 MB each, 20 at a time.
bcase-evidence-note = What they show (optional)
bcase-evidence-do = Send the evidence
bcase-talk = Conversation
bcase-talk-text = Write to the shop
bcase-talk-files = Add pictures or video (optional)
bcase-talk-do = Send
bcase-picture = Attachment { $n }
bcase-contact = Reach the shop
bcase-contact-service = WeChat service
bcase-contact-hotline = Hotline
bcase-contact-account = Official account
bcase-contact-address = Return address
bcase-contact-carriers = Carriers preferred
bcase-contact-open = Open a chat
bcase-comma = { ", " }

## Money

bcase-money = The refund
bcase-money-way = Way
bcase-money-why = Note
bcase-money-since = Since
bcase-money-no = Refund number
bcase-card = Take it on another card
bcase-card-says = A debit card of your own, of one of these banks. Its number is encrypted for WeChat Pay; we neither keep nor see it.
bcase-card-bank = Bank
bcase-card-holder = Holder’s name
bcase-card-number = Card number
bcase-card-do = Send the card
bcase-account = Name an account
bcase-account-change = Name another account
bcase-account-says = An account of your own. It is kept encrypted; only the finance people who pay see all of it. You can change it until it is paid.
bcase-account-holder = Holder’s name
bcase-account-bank = Bank or service
bcase-account-number = Account number
bcase-account-do = Send the account
bcase-ticket = Ticket { $no }
bcase-ticket-says = If the money has not arrived { $time } after it was sent, the channel is asked by itself. You can also ask now: we look it up by transaction number and show the answer.
bcase-ticket-do = Not arrived: open a ticket
bcase-ticket-waits = The payment channel is being asked.
bcase-ticket-answer = The channel answers: { $answer } ({ $time })
bcase-ticket-closed = closed

## What was asked, and more

bcase-asked = What you asked for
bcase-asked-type = Type
bcase-asked-reason = Reason
bcase-asked-items = Items
bcase-asked-amount = Amount
bcase-asked-at = Applied
bcase-asked-parcel = Return waybill
bcase-working = How the amount comes about
bcase-exhibits = Evidence of both sides
bcase-order = See the order
bcase-more = More
bcase-amend = Change the application
bcase-withdraw = Withdraw the application
bcase-withdraw-says = The case ends at once. While the after-sale window is open you can apply again.
bcase-withdraw-do = Withdraw
bcase-next = What next
bcase-all = All my cases

## Done

done-withdraw = The application is withdrawn.
done-accept-offer = The offer is accepted.
done-decline-offer = The offer is declined.
done-ship-return = The waybill is saved.
done-confirm-replacement = The replacement is confirmed.
done-escalate = The platform is called.
done-evidence = The evidence is on record.
done-messages = The message is sent.
done-tickets = The ticket is open; the channel is being asked.
done-name-card = The card is named.
done-name-account = The account is named.
done-appeal = The appeal is made; a reviewer looks at it.

## Appeals

bcase-appeal = Appeal
bcase-appeal-restricted = You have opened many cases lately, so nothing can be submitted for now. Appeal with material; a reviewer can lift the restriction.
bcase-appeal-free = You are not restricted and can apply as usual.
bcase-appeal-cases = Cases of the last { $days } days
bcase-appeal-of = { $cases }; { $most } start the risk control
bcase-appeal-yearly = Refunds of a year, at most
bcase-appeal-made = My appeal
bcase-appeal-is-waits = Waiting for a reviewer
bcase-appeal-is-lifted = Restriction lifted
bcase-appeal-is-kept = Restriction kept
bcase-appeal-until = Lifted until { $time }
bcase-appeal-note = The reviewer says
bcase-appeal-new = Appeal
bcase-appeal-again = Appeal anew
bcase-appeal-says = Say why there were so many cases, such as goods damaged again and again, or one order sent back in parts.
bcase-appeal-material = Material
bcase-appeal-do = Send the appeal

## Help

bcase-help = Help
bcase-help-search = Search
bcase-help-none = Nothing was found for “{ $wanted }”.
bcase-help-all = See everything
bcase-help-questions = Questions
bcase-help-causes = No refund? Nine causes and what helps
bcase-help-rules = Other rules
bcase-help-policy = The whole refund policy
bcase-help-go-appeal = Appeal
bcase-help-go-cases = My after-sales
bcase-help-go-orders = My orders

## The public policy

policy-title = Refund policy of { $shop }
policy-since = Version { $version }, in force since { $time }
policy-built-in = Wanbi’s default policy
policy-old = This version is past. Cases opened under it are still judged by it.
policy-current = The version in force
policy-toc = Contents
policy-apply = Applying, and until when
policy-money = How much, and which way
policy-goods = Sending back, and special goods
policy-border = Cross-border goods: import and duty
policy-dispute = Disputes and limits
policy-other = More clauses of the shop
policy-import-1 = When you order and pay, the receiver’s identity is given for the customs declaration.
policy-import-2 = Order, payment and transport are declared together, and customs clears the goods.
policy-import-3 = Import duty is collected with the payment and handed to customs by the shop.
policy-import-4 = After clearance a carrier in China delivers; who bears duty and freight of a return is said below.
policy-questions = Questions
policy-versions-text = A case is judged by the version in force when it was opened; all stay here to be read.
policy-more = Read the whole policy
settings-embed = Embedding
embed-title = Show the refund policy on product pages
embed-text = What is shown is the very policy that decides; a new version shows by itself.
embed-page = The page
embed-page-text = No sign-in, both languages, printable. Link it from product pages and menus.
embed-frame = In a frame
embed-frame-text = Without script; fits most product and cart pages.
embed-component = As a web component
embed-component-text = As high as its text, and as dark as the page around it.
embed-copy = Copy this
embed-look = How it looks
embed-look-text = What is embedded, opened by itself.
embed-look-do = Open it
