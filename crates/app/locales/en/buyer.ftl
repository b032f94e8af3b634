buyer-orders-title = My orders
buyer-orders-none = No orders yet
buyer-orders-none-hint = Orders you place in the shop appear here.
buyer-welcome-title = Please come in from the shop
buyer-welcome-text = In WeChat open Me, Services, Orders, choose the order and tap “After-sale”; that brings you here.
buyer-link-over = This link has run out. Open it again from the shop.
