//! Every code in plain words, Chinese first: what is wrong and what to do.

use domain::policy::Language;

/// The sentence of a code of [`super::Fault`] or [`super::sniff::Fault`]; nothing if there is none.
#[must_use]
pub fn sentence(code: &str, language: Language) -> Option<&'static str> {
    let (_, zh, en) = SENTENCES.iter().find(|(known, ..)| *known == code)?;
    Some(match language {
        Language::Zh => zh,
        Language::En => en,
    })
}

/// Code, Chinese, English.
pub const SENTENCES: [(&str, &str, &str); 31] = [
    ("file_empty", "文件是空的，请重新选择。", "The file is empty. Choose another one."),
    (
        "file_type_not_allowed",
        "只能上传照片（JPEG、PNG、WebP、HEIC）、视频（MP4、MOV）和 PDF。",
        "Only pictures (JPEG, PNG, WebP, HEIC), videos (MP4, MOV) and PDF are taken.",
    ),
    (
        "file_too_large",
        "文件太大：照片和 PDF 不超过 20 MB，视频不超过 200 MB。",
        "The file is too large: pictures and PDF up to 20 MB, videos up to 200 MB.",
    ),
    (
        "file_truncated",
        "文件不完整，请重新拍摄或重新导出后再上传。",
        "The file ends too early. Take or export it again.",
    ),
    (
        "file_broken",
        "文件已损坏，无法打开，请换一个文件。",
        "The file is broken and cannot be opened. Choose another one.",
    ),
    (
        "file_no_pixels",
        "图片没有内容，请换一张。",
        "The picture has no pixels. Choose another one.",
    ),
    (
        "file_too_many_pixels",
        "图片尺寸太大：不超过 5000 万像素，每边不超过 20000 像素。",
        "The picture has too many pixels: up to 50 megapixels and 20,000 on a side.",
    ),
    (
        "file_trailing_bytes",
        "文件末尾附有无法识别的内容，请上传原图或截图。",
        "Unknown bytes follow the end of the file. Send the original or a screenshot.",
    ),
    (
        "file_disguised",
        "文件同时是另一种类型，出于安全不予接收，请上传原图或截图。",
        "The file is also one of another type, which is not safe. Send the original or a screenshot.",
    ),
    (
        "file_active_content",
        "文件含有脚本、附件或自动打开的内容，请打印成 PDF 或截图后再上传。",
        "The file has scripts, attachments or opens things. Print it to PDF or take a screenshot.",
    ),
    (
        "file_animated",
        "不支持动图，请上传静态图片或视频。",
        "Animated pictures are not taken. Send a still picture or a video.",
    ),
    (
        "file_encrypted",
        "文件已加密，无法检查，请去掉密码或截图后再上传。",
        "The file is encrypted and cannot be checked. Remove the password or take a screenshot.",
    ),
    (
        "file_opaque",
        "文件的一部分无法检查，请打印成 PDF 或截图后再上传。",
        "Part of the file cannot be checked. Print it to PDF or take a screenshot.",
    ),
    (
        "file_too_elaborate",
        "文件结构过于复杂，请重新导出或截图后再上传。",
        "The file has too many parts. Export it again or take a screenshot.",
    ),
    ("file_not_found", "找不到这个文件。", "There is no such file."),
    (
        "upload_wrong_offset",
        "分片顺序不对，请从返回的位置继续上传。",
        "This is not the next part. Go on at the offset given.",
    ),
    (
        "upload_wrong_length",
        "分片长度不对，请按返回的分片大小上传。",
        "The part has the wrong length. Send parts of the size given.",
    ),
    (
        "upload_part_differs",
        "这个位置已有不同的内容，请重新开始上传。",
        "Another part is stored at this offset. Begin a new upload.",
    ),
    (
        "upload_digest_differs",
        "内容在传输中损坏，请重新上传。",
        "The bytes were damaged on the way. Send them again.",
    ),
    (
        "upload_unfinished",
        "文件还没有传完，请从返回的位置继续上传。",
        "Parts are missing. Go on at the offset given.",
    ),
    (
        "upload_expired",
        "上传已超过 24 小时，请重新开始。",
        "The upload was not finished in 24 hours. Begin a new one.",
    ),
    (
        "upload_id_taken",
        "上传编号已被使用，请重新开始。",
        "This upload id is taken. Begin a new one.",
    ),
    (
        "upload_in_parts",
        "文件较大，请分片上传。",
        "The file is too large for one call. Send it in parts.",
    ),
    (
        "upload_too_many_open",
        "同时上传的文件太多，请先完成已开始的上传。",
        "Too many uploads are open. Finish those that were begun first.",
    ),
    (
        "upload_quota_used_up",
        "今天的上传额度已用完，请明天再试或联系商家。",
        "The uploads of the day are used up. Try tomorrow or write to the shop.",
    ),
    ("file_busy", "系统繁忙，请稍后再试。", "The system is busy. Try again shortly."),
    (
        "file_damaged",
        "存储中的文件与登记的摘要不一致，请联系平台。",
        "The stored file does not have the sum on record. Write to the platform.",
    ),
    (
        "file_unavailable",
        "文件暂时无法读取，请联系平台。",
        "The file cannot be read. Write to the platform.",
    ),
    (
        "file_storage_failed",
        "存储暂时不可用，请稍后再试。",
        "The storage failed. Try again shortly.",
    ),
    (
        "file_range_not_satisfiable",
        "请求的范围超出文件大小。",
        "The range asked for lies outside the file.",
    ),
    (
        "upload_not_understood",
        "上传请求有误，请检查后再试。",
        "The upload request could not be understood.",
    ),
];
