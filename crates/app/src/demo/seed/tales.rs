//! Every case of the demo: both shops, all stages, all ways to end.

use super::{
    order::Paid,
    tale::{Plot, Tale},
};
use domain::application::CaseType::{
    self, Cancellation, Exchange, PriceDifference, RefundOnly, ReturnAndRefund, ShippingFee,
};

const fn tale(
    (sku, pieces): (&'static str, u32),
    plot: Plot,
    (days, hours): (u32, u32),
    (case_type, reason): (CaseType, &'static str),
    words: &'static str,
) -> Tale {
    let opened_min_ago = (days * 24 + hours) * 60 + 7;
    let (paid, buyer) = (None, None);
    Tale { sku, pieces, plot, opened_min_ago, case_type, reason, words, paid, buyer }
}

const SPOILED: (CaseType, &str) = (RefundOnly, "quality_spoiled");
const DAMAGED: (CaseType, &str) = (RefundOnly, "logistics_damaged");
const MISSING: (CaseType, &str) = (RefundOnly, "missing_piece");
const FLAWED: (CaseType, &str) = (RefundOnly, "quality_defect");
const SEVEN_DAYS: (CaseType, &str) = (ReturnAndRefund, "unwanted_seven_days");
const WRONG_LOOK: (CaseType, &str) = (ReturnAndRefund, "mismatch_look");
const SWAP_FLAWED: (CaseType, &str) = (Exchange, "quality_defect");
const SWAP_WRONG: (CaseType, &str) = (Exchange, "missing_wrong_item");
const CANCEL: (CaseType, &str) = (Cancellation, "cancel_unwanted");
const FREIGHT: (CaseType, &str) = (ShippingFee, "freight_overcharged");
const CHEAPER: (CaseType, &str) = (PriceDifference, "difference_price_drop");

/// The tea shop's.
pub const CHAHE_TALES: &[Tale] = &[
    // Waiting for the merchant.
    tale(("APPLE-5", 2), Plot::Silence, (0, 3), SPOILED, "有四个苹果发霉了，见照片。")
        .paid(Paid::Balance)
        .of(0),
    tale(("GH-20", 1), Plot::Silence, (0, 7), MISSING, "少了两包，盒子里只有18包。")
        .paid(Paid::Balance),
    tale(("ORANGE-10", 1), Plot::Talk, (0, 11), SPOILED, "底下一层压坏流汁。").paid(Paid::Debit),
    tale(("TGY-250", 1), Plot::Silence, (0, 20), SEVEN_DAYS, "口味偏淡，未拆封，想退。"),
    tale(("GDB-1", 2), Plot::Silence, (1, 3), DAMAGED, "收到时一个杯口已裂。").paid(Paid::Balance),
    tale(("ML-200", 1), Plot::OfferDeclined, (1, 9), FLAWED, "茶叶碎末太多。"),
    tale(("XQG-250", 1), Plot::Talk, (1, 19), FREIGHT, "页面写着包邮，还是收了6元运费。"),
    tale(("CRAB-8", 1), Plot::Silence, (0, 2), SPOILED, "八只里死了三只，开箱视频在相册。")
        .paid(Paid::Balance),
    // The buyer's turn.
    tale(("BLUE-6", 2), Plot::AskEvidence, (0, 16), SPOILED, "到手两盒已发霉。"),
    tale(("LX-4", 1), Plot::AskEvidence, (1, 6), DAMAGED, "壶嘴磕掉一块。"),
    tale(("PEAR-6", 1), Plot::Offer, (0, 21), SPOILED, "有五个烂了。"),
    tale(("BC-300", 1), Plot::Offer, (1, 2), FLAWED, "茶饼松散，不成型。").of(1),
    tale(("LJ-100", 1), Plot::Approve, (2, 4), SEVEN_DAYS, "送人用的，对方已经有了。"),
    tale(("PE-357", 1), Plot::Approve, (4, 1), SEVEN_DAYS, "买重了，未拆封。").of(0),
    // Goods on their way, and in hand.
    tale(("DHP-240", 1), Plot::Ship, (3, 5), SEVEN_DAYS, "礼盒颜色不喜欢。"),
    tale(("QH-150", 2), Plot::Ship, (5, 2), SEVEN_DAYS, "不想要了。"),
    tale(("BLC-125", 1), Plot::Receive, (4, 6), SEVEN_DAYS, "拍多了一份。"),
    tale(("LPP-1", 1), Plot::Accept, (4, 3), SWAP_FLAWED, "瓶盖漏水，换一个。"),
    tale(("LX-4", 1), Plot::Replace, (6, 1), SWAP_WRONG, "发成了白色，要墨绿。"),
    tale(("GDB-1", 1), Plot::Exchange, (9, 2), SWAP_FLAWED, "杯底有气泡。"),
    // Refused, and before the platform.
    tale(("ML-200", 2), Plot::Reject, (2, 3), FLAWED, "香味很淡，怀疑不是七窨。"),
    tale(("TGY-250", 1), Plot::Refuse, (6, 4), SEVEN_DAYS, "口味不合适。"),
    tale(
        ("DHP-240", 1),
        Plot::Dispute,
        (2, 8),
        (ReturnAndRefund, "mismatch_material"),
        "与描述的产区不符。",
    )
    .of(1),
    tale(("MANGO-5", 2), Plot::Dispute, (1, 14), SPOILED, "六个熟过头发黑。"),
    tale(("PE-357", 1), Plot::ForMerchant, (7, 3), FLAWED, "茶饼边缘有霉点。"),
    tale(("BERRY-3", 1), Plot::ForBuyer, (8, 6), SPOILED, "草莓化水，一半不能吃。"),
    tale(("BC-300", 1), Plot::Reject, (11, 2), FLAWED, "有股异味。"),
    // Money that waits for people.
    tale(("XQG-250", 2), Plot::Account, (1, 12), FLAWED, "有两颗开裂，原卡已销。"),
    tale(("LJ-100", 1), Plot::Approve, (1, 8), MISSING, "少一罐。").paid(Paid::ThirdParty),
    tale(("QH-150", 1), Plot::Abnormal, (3, 3), FLAWED, "罐子锈了。").paid(Paid::Debit),
    tale(("APPLE-5", 1), Plot::Late, (2, 20), SPOILED, "坏了三个。").paid(Paid::Credit),
    // Ended.
    tale(("BERRY-3", 2), Plot::Approve, (5, 4), SPOILED, "冰袋全化，草莓出水。"),
    tale(("ORANGE-10", 1), Plot::Approve, (6, 7), SPOILED, "有六个霉了。").paid(Paid::InTwo),
    tale(("MANGO-5", 1), Plot::Silence, (7, 9), SPOILED, "到货就软了。"),
    tale(("GH-20", 2), Plot::OfferTaken, (8, 2), FLAWED, "茶包封口不严。"),
    tale(("BLC-125", 1), Plot::Accept, (10, 5), SEVEN_DAYS, "不喜欢。").paid(Paid::Credit),
    tale(("LJ-100", 2), Plot::InPart, (9, 8), SEVEN_DAYS, "买多了。"),
    tale(("PE-357", 1), Plot::Ship, (14, 3), SEVEN_DAYS, "想换别的茶。"),
    tale(("TGY-250", 2), Plot::Approve, (12, 4), SEVEN_DAYS, "不想要了。"),
    tale(("GDB-1", 3), Plot::Silence, (0, 9), CANCEL, "拍错数量。").of(0),
    tale(("BERRY-3", 1), Plot::Silence, (3, 11), CANCEL, "临时不在家。"),
    tale(("CRAB-8", 1), Plot::Silence, (6, 9), CANCEL, "改日期再买。").paid(Paid::Credit),
    tale(("ML-200", 1), Plot::Withdraw, (5, 9), FLAWED, "茶叶碎。"),
    tale(("BLUE-6", 1), Plot::Withdraw, (10, 9), SPOILED, "有一盒软。"),
    tale(("XQG-250", 1), Plot::AccountPaid, (7, 6), FLAWED, "陈皮发霉，原卡已注销。"),
    tale(("GH-20", 1), Plot::Approve, (9, 9), FREIGHT, "多收了运费。"),
    tale(("LPP-1", 1), Plot::Accept, (13, 6), SWAP_FLAWED, "滤网变形。"),
    tale(
        ("QH-150", 2),
        Plot::OfferTaken,
        (15, 2),
        (PriceDifference, "difference_price_drop"),
        "刚买就降价了。",
    ),
];

/// The ceramics shop's.
pub const QINGCI_TALES: &[Tale] = &[
    tale(("CUP-M", 2), Plot::Silence, (0, 5), FLAWED, "釉面有一处气泡。").paid(Paid::Balance),
    tale(
        ("XN-COURSE", 1),
        Plot::Silence,
        (0, 13),
        (RefundOnly, "unwanted_wrong_order"),
        "买错课程，没有看过。",
    )
    .paid(Paid::Balance)
    .of(2),
    tale(("KB-HAND", 2), Plot::Talk, (1, 1), DAMAGED, "一支挤压漏了。"),
    tale(("DZ-PAIR", 1), Plot::Silence, (1, 5), FLAWED, "刻字少了一笔。").of(2),
    tale(("TABLE-16", 3), Plot::Propose, (0, 8), WRONG_LOOK, "和图片颜色差很多，三套都要退。")
        .paid(Paid::Credit),
    tale(("DZ-WED", 40), Plot::Propose, (1, 4), FLAWED, "四十只里有十几只杯口不平。")
        .paid(Paid::Debit),
    tale(("CUP-ICE", 2), Plot::AskEvidence, (0, 23), DAMAGED, "盒子压扁，盏裂了。"),
    tale(
        ("KB-CUSH", 1),
        Plot::Offer,
        (1, 7),
        (RefundOnly, "quality_unwell"),
        "用后脸颊发红，停用就好。",
    )
    .of(3),
    tale(("MUG-1", 2), Plot::Approve, (3, 2), SEVEN_DAYS, "比想象的小。"),
    tale(
        ("KB-SERUM", 1),
        Plot::Approve,
        (2, 9),
        (ReturnAndRefund, "unwanted_dislike"),
        "未拆封，不想要了，税费我承担。",
    )
    .paid(Paid::Credit),
    tale(("GW-150", 1), Plot::Ship, (4, 4), SEVEN_DAYS, "手感偏烫。"),
    tale(("VASE-S", 1), Plot::Receive, (5, 1), WRONG_LOOK, "梅子青发成了粉青。"),
    tale(("CUP-M", 1), Plot::Accept, (4, 7), SWAP_WRONG, "发错颜色。"),
    tale(("CUP-ICE", 1), Plot::Replace, (7, 2), SWAP_FLAWED, "盏底不平。"),
    tale(("GW-150", 1), Plot::Exchange, (10, 3), SWAP_FLAWED, "盖子合不上。"),
    tale(
        ("DZ-PET", 1),
        Plot::Reject,
        (1, 20),
        (ReturnAndRefund, "mismatch_look"),
        "画得不像我家的猫。",
    )
    .of(3),
    tale(
        ("DZ-JAR", 1),
        Plot::Dispute,
        (3, 1),
        (RefundOnly, "mismatch_look"),
        "手写字体和确认稿不同。",
    ),
    tale(
        ("KB-CREAM", 1),
        Plot::Dispute,
        (2, 2),
        (ReturnAndRefund, "counterfeit_suspected"),
        "批号查不到，怀疑是假货。",
    )
    .of(2),
    tale(("MUG-1", 2), Plot::ForMerchant, (9, 4), FLAWED, "杯身有斑点。"),
    tale(("DZ-PAIR", 1), Plot::ForBuyer, (8, 1), FLAWED, "名字刻错一个字。"),
    tale(("KB-SERUM", 1), Plot::AccountApproved, (2, 6), DAMAGED, "瓶身碎裂，原卡已销。"),
    tale(("KB-CREAM", 1), Plot::Account, (0, 22), DAMAGED, "压碎漏光，原卡注销了。"),
    tale(("VASE-S", 2), Plot::Approve, (2, 1), DAMAGED, "两个都磕了口。").paid(Paid::ThirdParty),
    tale(("KB-CUSH", 2), Plot::Declined, (1, 10), MISSING, "少发一盒。"),
    tale(("MUG-1", 1), Plot::Closed, (2, 11), FLAWED, "把手有裂纹。"),
    tale(("CUP-ICE", 2), Plot::Approve, (4, 9), DAMAGED, "碎了一只。").paid(Paid::Debit),
    tale(("KB-HAND", 1), Plot::Silence, (6, 2), MISSING, "三支装少一支。"),
    tale(
        ("XN-COFFEE", 2),
        Plot::OfferTaken,
        (5, 6),
        (RefundOnly, "unwanted_wrong_order"),
        "买多了，没有兑换。",
    ),
    tale(
        ("XN-VIP", 1),
        Plot::Reject,
        (9, 7),
        (RefundOnly, "unwanted_wrong_order"),
        "买错平台的会员。",
    ),
    tale(("VASE-S", 1), Plot::Accept, (11, 2), WRONG_LOOK, "釉色不对。").paid(Paid::Credit),
    tale(("TABLE-16", 3), Plot::Confirm, (6, 5), DAMAGED, "三箱里碎了一大半。").paid(Paid::Credit),
    tale(("CUP-M", 2), Plot::InPart, (12, 3), WRONG_LOOK, "颜色偏灰。"),
    tale(("MUG-1", 1), Plot::Approve, (13, 2), SEVEN_DAYS, "不想要了。"),
    tale(("GW-150", 2), Plot::ThirdPartyPaid, (5, 3), DAMAGED, "盖子碎了。").paid(Paid::ThirdParty),
    tale(
        ("DZ-WED", 5),
        Plot::Silence,
        (2, 7),
        (Cancellation, "cancel_late"),
        "说好三天发货，一直没动静。",
    ),
    tale(
        ("XN-TEL", 1),
        Plot::Withdraw,
        (4, 12),
        (RefundOnly, "unwanted_wrong_order"),
        "号码填错了。",
    ),
    tale(("CUP-M", 1), Plot::Withdraw, (8, 12), FLAWED, "有个小黑点。"),
    tale(("CUP-ICE", 3), Plot::OfferTaken, (3, 8), CHEAPER, "第二天就便宜了十块。"),
];
