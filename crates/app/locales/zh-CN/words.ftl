## case-type

case-type-refund-only = 仅退款
case-type-return-and-refund = 退货退款
case-type-exchange = 换货
case-type-shipping-fee = 仅退运费
case-type-price-difference = 退差价
case-type-cancellation = 取消订单

## fault

fault-seller = 商家责任
fault-carrier = 物流责任
fault-buyer = 买家原因

## side

side-buyer = 买家
side-merchant = 商家
side-platform = 平台
side-system = 系统

## outcome

outcome-refunded = 已退款
outcome-exchanged = 已换货
outcome-withdrawn = 买家已撤销
outcome-rejected = 已拒绝
outcome-ruled-for-merchant = 平台支持商家
outcome-not-returned = 逾期未寄回

## state

state-ordered = 待发出
state-waiting = 待商家补足条件
state-uncertain = 结果待查
state-accepted = 退款处理中
state-succeeded = 退款成功
state-abnormal = 退款异常
state-declined = 渠道拒绝
state-closed-by-channel = 退款关闭
state-replaced = 已由另一笔代替
state-awaiting-approval = 打款待复核
state-approved = 打款待执行
state-paid = 已打款

## otherwise

otherwise-approve = 系统自动同意
otherwise-lapse-offer = 方案失效，由商家重新处理
otherwise-carry-out-offer = 按方案执行
otherwise-review-without = 商家按现有凭证处理
otherwise-close-unreturned = 售后单关闭
otherwise-refund-return = 系统自动退款
otherwise-refund-instead = 系统改为退款
otherwise-close-exchanged = 售后单完结
otherwise-close-rejected = 售后单关闭，维持拒绝
otherwise-remind-arbiter = 提醒平台尽快处理
otherwise-look-up-calendar = 待工作日历公布后确定时限
otherwise-open-ticket = 自动生成工单查询

## verdict

verdict-supports = 支持
verdict-notes = 提示
verdict-doubts = 存疑
verdict-blocks = 不可提交

## goods

goods-return = 需寄回商品
goods-keep = 无需寄回商品

## route

route-original = 原路返回
route-designated = 指定账户
terms-route-original = 原路返回
terms-route-designated = 退至指定账户
terms-goods-return = 需寄回商品
terms-goods-keep = 无需寄回商品

## path

path-original = 原路返回
path-third-party = 第三方渠道打款
path-designated = 指定账户打款

## step

step-goods = 商品
step-duty = 税费
step-freight = 运费
step-return-freight = 垫付的退货运费
step-duty-kept = 税费由买家承担
step-freight-kept = 运费不退
step-cross-border-return = 扣除跨境退货运费
step-already-refunded = 扣除此前已退
step-fee = 平台手续费（商家承担）

## progress

progress-awaiting-payment = 待付款
progress-awaiting-shipment = 待发货
progress-partly-shipped = 部分发货
progress-shipped = 待收货
progress-completed = 已完成
progress-cancelled = 已取消

## category

category-ordinary = 普通商品
category-fresh = 生鲜
category-made-to-order = 定制商品
category-virtual = 虚拟商品
category-cross-border = 跨境商品

## office

office-agent = 客服
office-supervisor = 主管
office-finance = 财务
office-owner = 店主
office-arbiter = 平台仲裁
office-operator = 平台运营

## kind

kind-photo = 照片
kind-video = 视频
kind-document = 文件
kind-logistics-screenshot = 物流截图
kind-any = 任意凭证

## account

account-balance = 零钱
account-debit-card = 借记卡
account-credit-card = 信用卡
account-third-party = 第三方支付

## remedy

remedy-cancel-order = 取消订单
remedy-nothing-paid = 知道了
remedy-lower-amount = 修改金额
remedy-use-designated-account = 使用指定账户
remedy-confirm-route = 确认退款路径
remedy-await-platform-approval = 等待平台审批
remedy-complete-shop-account = 补全商户资质
remedy-prove-no-use = 上传未使用证明
remedy-negotiate-amount = 协商金额
remedy-choose-other-reason = 更换类型或原因
remedy-appeal = 提交申诉
remedy-open-ticket = 提交工单
remedy-add-logistics = 补充物流信息
remedy-add-evidence = 补充凭证
remedy-choose-other-items = 重新选择商品
remedy-contact-shop = 联系商家

## inspection

inspection-accepted = 商品完好，按约退款
inspection-accepted-in-part = 部分有问题，减额退款
inspection-refused = 与约定不符，不予退款

## tier

tier-ordinary = 普通
tier-difficult = 疑难
tier-legal = 法律
