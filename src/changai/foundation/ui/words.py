"""What the scripts say to people. They read it from the page, so that it is translated as all else is."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "close": _("关闭"),
    "copied": _("已复制"),
    "checking": _("正在检查文件……"),
    "upload_broken": _("网络中断，文件没有传完，请重试。"),
    "no_answer": _("没有得到回应，请稍后重试。"),
    "saving": _("正在保存……"),
    "saved_at": _("已保存 {time}"),
    "unsaved": _("有 {count} 格尚未保存"),
    "offline": _("网络不通，所填内容暂存在本页，{seconds} 秒后自动重试。"),
    "signed_out": _("登录已过期，所填内容暂存在本页。请在新窗口登录后点“重试”。"),
    "failed": _("保存没有成功，所填内容暂存在本页。"),
    "retry": _("重试"),
    "moved": _("所填内容暂存在本页，重新载入后可以逐格核对。"),
    "reload": _("重新载入"),
    "kept": _("上次有 {count} 格填写后没有保存，已放回表中，请核对。"),
    "kept_cell": _("您此前填写，尚未保存；现有内容：{value}"),
    "keep_mine": _("保存我填写的"),
    "drop_mine": _("放弃我填写的"),
    "empty": _("（空）"),
    "pasted": _("已粘贴 {count} 格"),
    "pasted_some": _("已粘贴 {count} 格；另有 {skipped} 格锁定、超出表格或不在选项内，未粘贴"),
    "undone": _("已撤销上一步"),
    "redone": _("已恢复"),
    "locked": _("此格不可修改"),
}
