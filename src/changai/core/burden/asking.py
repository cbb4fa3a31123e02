"""Reads what forms and notices ask for by the rules that ease the burden at the base."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from changai.core.burden.review import BurdenFinding, Wording, words_under
from changai.core.burden.rules import APPS_EN, APPS_ZH, BASE_RULES_EN, BASE_RULES_ZH, BurdenRule, Weight

_FORMS_ZH = f"{BASE_RULES_ZH}“不得频繁要求基层填表格报材料”"
_FORMS_EN = f"{BASE_RULES_EN}: forms and materials must not be demanded often"
_PAPERS_ZH = f"{BASE_RULES_ZH}“一般不提出报送贯彻落实情况、制定配套文件的要求”"
_PAPERS_EN = f"{BASE_RULES_EN}: reports on implementation and follow-up papers are as a rule not demanded"
_SUBJECTS_ZH = (
    f"{BASE_RULES_ZH}“不得将领导批示、刊物媒体刊发、经验做法等作为督查检查考核内容，"
    "不把是否开会发文、拍照留痕、制作学习笔记作为评判标准”"
)
_SUBJECTS_EN = f"{BASE_RULES_EN}: comments of leaders, press, experience papers and traces are no yardsticks"
_ONCE_ZH = f"{BASE_RULES_ZH}“同类材料最多报一次”"
_ONCE_EN = f"{BASE_RULES_EN}: the same material is reported once at most"

# Longest papers, in characters: general ones, and ones on a special subject.
LONGEST_GENERAL, LONGEST_SPECIAL = 5000, 4000


def _rule(key: str, weight: Weight, pattern: str, *words: str) -> BurdenRule:
    return BurdenRule(key, weight, re.compile(pattern), *words)


ASKING_RULES: tuple[BurdenRule, ...] = (
    _rule(
        "asks_leaders_notes",
        Weight.BLOCK,
        r"批示(?!件|事项|精神|[^，。；]{0,4}(?:办理|办结|落实))",
        "要求填报领导批示",
        "asks for leaders' written comments",
        _SUBJECTS_ZH,
        _SUBJECTS_EN,
        "工作本身的结果",
        "the result of the work itself",
    ),
    _rule(
        "asks_press",
        Weight.BLOCK,
        r"(?:媒体|报刊|报纸|电视台|公众号|刊物|简报)[^，。；]{0,8}(?:报道|宣传|刊发|刊登|转发|发表|播发|采用|录用)|"
        r"(?:宣传|新闻)(?:稿件|报道)[^，。；]{0,4}(?:篇|数)",
        "要求填报刊物、媒体刊发情况",
        "asks for what was printed about the unit",
        _SUBJECTS_ZH,
        _SUBJECTS_EN,
        "能核实的效果，如受益职工数",
        "effects that can be verified, such as workers who benefit",
    ),
    _rule(
        "asks_experience",
        Weight.BLOCK,
        r"(?:经验做法|典型经验|经验材料|经验文章|工作亮点材料)[^，。；]{0,4}(?:篇|数|条|报送|上报)|(?:报送|上报|总结)[^，。；]{0,6}(?:经验做法|典型经验|经验材料)",
        "要求报送经验做法材料",
        "asks for papers on good practice",
        _SUBJECTS_ZH,
        _SUBJECTS_EN,
        "一件已办成的事及其成效，由办公室提炼",
        "one thing done and its effect; the office draws the lesson",
    ),
    _rule(
        "asks_traces",
        Weight.BLOCK,
        r"(?:现场|会议|活动|工作|入户|走访)[^，。；]{0,2}(?:照片|图片|影像|视频)|拍照|留痕|截图|定位(?:轨迹)?打卡|打卡|签到表",
        "要求拍照留痕、截图、签到",
        "asks for photographs, screenshots or check-ins",
        _SUBJECTS_ZH,
        _SUBJECTS_EN,
        "一份起决定作用的佐证材料",
        "one decisive document",
    ),
    _rule(
        "asks_study_notes",
        Weight.BLOCK,
        r"学习(?:笔记|心得|体会|记录|简报)|心得体会|读书笔记",
        "要求报送学习笔记、心得体会",
        "asks for study notes",
        _SUBJECTS_ZH,
        _SUBJECTS_EN,
        "取得证书、通过考核的人数",
        "certificates earned, examinations passed",
    ),
    _rule(
        "asks_app_use",
        Weight.BLOCK,
        r"安装(?:使用)?率|下载量|关注(?:量|人数)|登录(?:率|次数)|活跃(?:率|度)|点赞|转发量|阅读量|投票|学习时长|在线时长|积分排名",
        "要求填报应用程序安装、登录、点赞、转发、时长",
        "asks for installations, likes or hours online",
        APPS_ZH,
        APPS_EN,
        "服务办成件数、职工满意度",
        "services delivered, satisfaction of workers",
    ),
    _rule(
        "asks_meetings",
        Weight.EXPLAIN,
        r"(?:会议|开会|发文|印发文件|文件)[^，。；]{0,4}(?:次数|场次|数量|份数|个数|数$)|召开[^，。；]{0,8}会议",
        "要求填报开会、发文的次数",
        "asks how many meetings were held or papers issued",
        _SUBJECTS_ZH,
        _SUBJECTS_EN,
        "会议和文件要办成的事",
        "what meetings and papers are for",
    ),
    _rule(
        "asks_reports_on_reports",
        Weight.EXPLAIN,
        r"(?:报送|上报|报告)[^，。；]{0,8}(?:贯彻落实|落实情况|进展情况|工作总结|工作信息)|(?:贯彻落实|学习贯彻)[^，。；]{0,4}情况",
        "要求报送贯彻落实情况",
        "asks for a report on implementation",
        _PAPERS_ZH,
        _PAPERS_EN,
        "平台中已有的任务进度",
        "the progress the platform already holds",
    ),
    _rule(
        "asks_papers",
        Weight.EXPLAIN,
        r"(?:制定|出台|印发)[^，。；]{0,10}(?:实施方案|配套文件|工作方案|实施细则)",
        "要求制定配套文件",
        "demands follow-up papers",
        _PAPERS_ZH,
        _PAPERS_EN,
        "直接写明要办成的事和时限",
        "what is to be done and by when",
    ),
    _rule(
        "asks_often",
        Weight.EXPLAIN,
        r"(?:每周|每日|每天|(?<!截止)(?<!当)日报(?!出)|周报|半月报|每旬)[^，。；]{0,6}(?:报送|上报|填报|报告|统计)?|(?:当日|当天|即日|立即|马上|下班前)[^，。；]{0,4}(?:报送|上报|反馈|填报)",
        "要求每日、每周或当天报送",
        "asks daily, weekly or within the day",
        _FORMS_ZH,
        _FORMS_EN,
        "按月报送，平时从名册和台账取数",
        "monthly; in between the registers and the ledger are read",
    ),
    _rule(
        "asks_twice",
        Weight.EXPLAIN,
        r"(?:纸质|盖章)[^，。；]{0,8}(?:和|及|并|、|同时)[^，。；]{0,8}电子|电子[^，。；]{0,8}(?:和|及|并|、|同时)[^，。；]{0,8}(?:纸质|盖章)|一式[二两三四五六]份",
        "同一材料纸质、电子重复报送",
        "asks for the same on paper and as a file",
        _ONCE_ZH,
        _ONCE_EN,
        "网上审签即可，不再报纸质",
        "the sign-off in the platform is enough",
    ),
    _rule(
        "asks_persons",
        Weight.EXPLAIN,
        r"身份证(?:号|复印件|照片|正反面)|人员(?:花名册|名单)[^，。；]{0,4}(?:报送|上报|附)",
        "要求报送个人身份信息、花名册",
        "asks for personal identities or rolls of names",
        _ONCE_ZH,
        _ONCE_EN,
        "名册中已有的人员信息，只核对人数",
        "what the registers hold; confirm the number only",
    ),
)


@dataclass(frozen=True, slots=True)
class LongPaper:
    """A notice longer than allowed."""

    length: int
    longest: int


def asking_findings(wordings: Iterable[Wording]) -> list[BurdenFinding]:
    """Return one finding for every rule that what is asked falls under, in the order given."""
    return [
        BurdenFinding(wording.code, rule, words)
        for wording in wordings
        for rule in ASKING_RULES
        if (words := words_under(rule, wording.texts))
    ]


_ATTACHMENT = re.compile(
    r"(?:附(?![件近属加表则录])|上传|提交|[请须需应][^，。；]{0,4}提供)"
    r"[^，。；]{0,12}(?:材料|文件|附件|照片|图片|视频|复印件|扫描件|证明|花名册|清单|名单)"
)
_NOT_ASKED = re.compile(r"(?:不|无需|无须|不必|不用)[^，。；]{0,4}$")


def asks_attachment(texts: Iterable[str]) -> bool:
    """Return whether the words of one item demand a file beside the figure or the words."""
    return any(
        not _NOT_ASKED.search(text[: match.start()]) for text in texts for match in _ATTACHMENT.finditer(text)
    )


def sentence_of(finding: BurdenFinding) -> str:
    """Return the Chinese sentence about a form or a notice: what, why, by which clause, what instead."""
    rule = finding.rule
    verdict = "不得列入" if rule.weight is Weight.BLOCK else "确需保留的应书面说明理由"
    where = f"{finding.code}：" if finding.code else ""
    return f"{where}“{finding.words}”，{rule.zh}，{verdict}（依据：{rule.source_zh}），可改为：{rule.instead_zh}。"


def length_fault(text: str, *, is_special: bool) -> LongPaper | None:
    """Return how much too long a notice is, or nothing. Blanks and line breaks do not count."""
    length, longest = len(re.sub(r"\s", "", text)), LONGEST_SPECIAL if is_special else LONGEST_GENERAL
    return LongPaper(length, longest) if length > longest else None
