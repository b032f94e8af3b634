buyer-orders-title = 我的订单
buyer-orders-none = 还没有订单
buyer-orders-none-hint = 在店铺下单后，订单会显示在这里。
buyer-welcome-title = 请从店铺进入
buyer-welcome-text = 在微信中打开“我-服务-订单”，选择订单后点击“申请售后”，即可进入本页面。
buyer-link-over = 这个链接已失效，请回到店铺重新打开。
