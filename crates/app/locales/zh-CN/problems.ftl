## 状态

status-400 = 请求有误
status-401 = 未登录
status-403 = 没有权限
status-404 = 未找到
status-405 = 方法不支持
status-408 = 请求超时
status-409 = 与当前状态冲突
status-412 = 内容已被更改
status-413 = 内容过大
status-415 = 格式不支持
status-422 = 无法受理
status-429 = 请求过多
status-500 = 系统内部错误
status-503 = 暂时无法处理
status-504 = 处理超时

## 访问

problem-not-found = 没有找到，或您无权查看。
problem-method-not-allowed = 该地址不支持这种请求方法。
problem-token-missing = 请在 Authorization 请求头中提供访问令牌。
problem-token-invalid = 访问令牌无效、已过期或已撤销。
problem-role-forbidden = 您的角色不能执行此操作。
problem-shop-missing = 请用 Wanbi-Shop 请求头指明店铺。
problem-busy = 系统繁忙，请稍后重试。
problem-unknown = 暂时无法确认是否已写入。请用同一个 Idempotency-Key 重试，不会重复执行。
problem-internal = 系统内部错误，已记录。请稍后重试或联系管理员。
problem-too-slow = 处理时间过长，请用同一个 Idempotency-Key 重试。
problem-body-too-large = 请求内容超过大小限制。
problem-body-timeout = 请求内容发送过慢，已中断。
problem-request-malformed = 请求格式有误，或未发送完就中断了。

## 请求格式

problem-body-invalid = 请求内容有误：{ $detail }
problem-query-invalid = 查询参数有误：{ $detail }
problem-cursor-invalid = 翻页游标无效，请从第一页重新开始。
problem-idempotency-key-invalid = Idempotency-Key 须为 1 至 255 个 ASCII 字符。
problem-idempotency-key-reused = 这个 Idempotency-Key 已用于另一个请求。
problem-if-match-invalid = If-Match 须为售后单的 ETag，例如 "v12"。
problem-order-id-differs = 请求内容中的订单号与地址中的不一致。
problem-name-invalid = 名称须为 1 至 200 字节。
problem-scopes-invalid = 请为密钥选择 1 至 4 个权限范围。
problem-office-invalid = 该角色不属于这里。
problem-buyer-invalid = 买家标识无效。
problem-expiry-invalid = 有效期须在 60 秒至 30 天之间。
problem-changed-meanwhile = 内容刚被他人更改，请刷新后重试。
problem-shop-id-invalid = 店铺标识须为 2 至 40 个小写字母、数字或连字符。
problem-shop-id-taken = 该店铺标识已被使用。
problem-policy-too-long = 政策细则过长。
problem-policy-invalid = 政策细则有误：{ $detail }
problem-inspection-amount = 只有部分认可时才需要且必须填写金额。
problem-card-invalid = 银行卡信息无效：仅支持列表内银行的借记卡，卡号为 8 至 32 位数字，并须填写持卡人姓名。
problem-account-invalid = 请完整填写收款人、开户行（或机构）和账号，每项不超过 100 字节。
problem-no-merchant-account = 店铺尚未配置微信支付商户号。
problem-file-not-found = 文件 { $file } 不存在，或不属于该订单。

## 售后规则

problem-no-such-refund = 售后单中没有这笔退款。
problem-no-such-ticket = 售后单中没有这个工单。
problem-not-now = 当前状态（{ $stage }）下不能执行此操作（{ $action }）。
problem-policy-blocks = 按退款政策细则暂不能提交，原因与解决办法见诊断结果。
problem-nothing-due = 没有可退的金额或可处理的事项。
problem-above-cap = 超过订单实付金额的 105%，最多还可退 { $left }。
problem-above-year = 超过该买家本年度累计退款上限，最多还可退 { $left }。
problem-terms-need-agreement = 退到指定账户或要求寄回商品须先征得买家同意，请改为发起协商方案。
problem-second-person-must-differ = 须由另一位同事复核。
problem-reason-missing = 请填写原因或内容。
problem-text-too-long = 文字过长，最多 { $max } 字节。
problem-too-many = { $what } 已达上限（{ $max }）。
problem-tracking-missing = 请填写完整的快递公司和运单号（8 至 32 位字母或数字）。
problem-refund-not-failed = 这笔退款当前状态不支持此操作。
problem-account-missing = 请先提供指定收款账户。
problem-facts-contradict = 新的订单信息与已有售后矛盾：{ $what }。
problem-version-passed = 内容已更新到版本 { $now }，请刷新后重试。
problem-order-full = 该订单的记录已达上限。
problem-amount-range = 金额超出范围。
problem-currency-invalid = 币种须为三位大写字母。
problem-currency-mixed = 币种与订单不一致。
problem-order-amount-invalid = 订单金额无效：{ $detail }
problem-order-list-size = 订单明细数量超出限制：{ $detail }
problem-order-duplicate-id = 订单中有重复的编号：{ $detail }
problem-order-value-range = 订单信息超出范围：{ $detail }
problem-order-discount-exceeds-price = 优惠超过商品价格：{ $detail }
problem-order-sum-mismatch = 实付金额与商品、运费、税费、优惠不符：{ $detail }

## 命令行

import-column-ignored = 未识别的列，已忽略：{ $column }

## 用词：操作、阶段、清单

word-amend = 修改申请
word-withdraw = 撤销申请
word-add-evidence = 补充凭证
word-request-evidence = 要求举证
word-post-message = 留言
word-approve = 同意
word-offer = 协商
word-accept-offer = 接受方案
word-decline-offer = 拒绝方案
word-confirm-proposal = 复核通过
word-decline-proposal = 复核驳回
word-reject = 拒绝
word-ship-return = 寄回
word-receive = 收货
word-inspect = 验货
word-send-replacement = 换货发出
word-confirm-replacement = 确认收到换货
word-escalate = 申请平台介入
word-rule = 裁决
word-open-ticket = 提交工单
word-close-ticket = 关闭工单
word-replace-refund = 重新退款
word-name-card = 提供银行卡
word-name-account = 提供指定账户
word-approve-payout = 批准打款
word-mark-paid = 登记打款凭证
word-mark = 分派与标记
word-tags = 标签
word-under-review = 待商家处理
word-awaiting-evidence = 待买家补充凭证
word-offered = 待买家确认方案
word-awaiting-return = 待买家退货
word-return-in-transit = 退货运输中
word-inspecting = 待商家验货
word-awaiting-replacement = 待商家换货
word-replacement-in-transit = 换货运输中
word-rejected = 商家已拒绝
word-disputed = 平台介入中
word-refunding = 退款中
word-closed = 已完结
word-cases = 售后单
word-evidence-requests = 举证要求
word-exhibits = 凭证
word-items = 商品
word-messages = 留言
word-offers = 协商方案
word-tickets = 工单
word-buyer-id = 买家
word-currency = 币种
word-tenders = 支付记录

## 页面

problem-signed-out = 请先登录。
problem-cross-origin = 这个请求不是从本站页面发出的，已拦截。请回到页面重新操作。
problem-amount-unreadable = 金额“{ $amount }”无法识别，请填写数字，例如 12.50。
problem-code-wrong = 验证码不对，或者已经用过了。请输入验证器上最新的 6 位数字。
problem-invitation-gone = 这个链接已失效：可能已被使用、已超过 7 天，或者有更新的邀请。请让店主重新发一个。
problem-password-guessable = 这个密码太容易被猜到，请换一个。
problem-password-is-name = 密码不能与账号或店铺编号相同。
problem-password-too-long = 密码最多 200 个字符。
problem-password-too-short = 密码至少 8 个字符。
problem-password-wrong = 当前密码不对。
problem-passwords-differ = 两次输入的密码不一样。
problem-sign-in-locked = 失败次数过多，{ $until } 前不能再试。
problem-sign-in-wrong = 店铺、账号或密码不对。
problem-type-missing = 请选择售后类型。
problem-reason-unchosen = 请选择申请原因。
problem-items-unchosen = 请选择要售后的商品和数量。
problem-hotline-invalid = 客服电话只能包含数字、空格和 + - ( )，最多 30 个字符。
problem-not-oneself = 不能对自己做这个操作，请让另一位店主来做。
problem-person-id-invalid = 账号只能用字母、数字和 _ - . : @ | * #，最多 64 个字符。
problem-person-id-taken = 这个账号已经有人用了，请换一个。
problem-service-url-invalid = 客服链接要以 https:// 开头，不能有空格。
problem-text-too-long-here = 有一项填得太长了，请缩短。
problem-wechat-denied = 您取消了微信授权，所以无法确认您的身份。需要时请重新从店铺进入。
problem-wechat-over = 这次微信授权已失效，请回到店铺重新打开。
problem-wechat-snapshot = 当前是微信的快照预览，无法确认您的身份。请点右下角“使用完整服务”后再试。
problem-wechat-unavailable = 暂时无法连接微信，请稍后重新打开。
problem-carrier-unknown = 没能认出快递公司，请选择或填写。
