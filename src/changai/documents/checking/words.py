"""What a line of a paper says it is, whatever it looks like."""

import re

LONGEST_LINE = 1_000


class Line:
    """A pattern for a whole line of a paper: a text too long for one never matches, nor is it searched for long."""

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern, re.DOTALL)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the beginning of the text."""
        return self._pattern.match(text) if len(text) <= LONGEST_LINE else None

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match anywhere in the text."""
        return self._pattern.search(text) if len(text) <= LONGEST_LINE else None


NUMBER = Line(
    r"^\s*(?P<code>[^\s〔\[（(【\d：:]{1,24})\s*(?P<open>[〔\[（(【])\s*(?P<year>\d{2,4}|\s+)\s*[〕\]）)】]"
    r"\s*(?P<ordinal>第?\s*\d*)\s*号"
)
ISSUE = Line(r"^\s*[（(]?(?:总?第[\s\d]*[期号]|[〔\[]\d{4}[〕\]]\s*\d{1,5}\s*号)")
JOINED = re.compile(r"\S[\s\u3000]{2,}\S")
DAY = Line(
    r"^\s*(?:\d{2,4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|\d{4}\s*[.\-/．]\s*\d{1,2}\s*[.\-/．]\s*\d{1,2}"
    r"|[〇○零一二三四五六七八九十]{2,5}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)\s*$"
)
PROPER_DAY = re.compile(r"^\d{4}年([1-9]|1[0-2])月([1-9]|[12]\d|3[01])日$")
ISSUER_AND_DAY = Line(r"^(?P<issuer>.*[^\s\d])[\s\u3000]+(?P<day>\d{2,4}年\d{1,2}月\d{1,2}日)$")
COPY_NUMBER = Line(r"^(?:№|No\.?)?\s*\d{6}$")
MARK = re.compile(r"^(?:绝密|机密|秘密)(?:★.{0,8})?$|^(?:特提|特急|加急|平急)$")
SECRET = Line(r"^(?:绝密|机密|秘密)(?P<star>★?)(?P<term>.*)$")
SIGNER = Line(r"签发人\s*(?P<colon>[：:]?)\s*(?P<names>.*)$")
ATTACHMENT = Line(r"^附\s*件\s*(?P<number>[\d０-９一二三四五六七八九十]*)\s*(?P<colon>[：:]?)$")
NOTE = Line(r"^附\s*件\s*(?P<number>[\d一二三四五六七八九十]*)\s*[：:]\s*(?P<name>.*)$")
LISTED = Line(r"^(?P<number>\d{1,2})\s*(?P<dot>[.．、])\s*(?P<name>\S.*)$")
COPY_TO = re.compile(r"^(?:抄送|抄报)\s*[：:]")
RECEIVERS = re.compile(r"^(?:主报|主送|分送|报送|报|送|发)\s*[：:]")
_ANY_DAY = r"[\d〇○一二三四五六七八九十]{2,4}年\S{1,3}月\S{1,3}日"
PRINTED = Line(rf"^(?P<by>.*?)(?P<gap>[\s\u3000]*)(?P<day>{_ANY_DAY})\s*印发?\s*$")
COPIES = Line(r"^[（(]?\s*共\s*印\s*\d*\s*份\s*[）)]?$")
ATTENDANCE = Line(r"^(?P<label>出\s*席|请\s*假|列\s*席)(?:人员)?\s*(?P<colon>[：:])")
GENRE = re.compile(
    r"(?:决议|决定|命令|令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要|方案|办法|规定|规则|细则|条例|"
    r"规划|计划|要点|总结|简报|汇报|说明|公示|建议|建议书|意见书|督办单|情况|讲话|清单|安排|制度|标准|指南)"
    r"(?:[（(].{1,12}[）)])?[。，；]?$"
)
_LABELS = (
    re.compile(r"^[一二三四五六七八九十]{1,3}、"),
    re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"^\d{1,2}[.．、](?!\d)"),
    re.compile(r"^[（(]\d{1,2}[）)]"),
)
TABLE_NOTE = re.compile(r"^(注|备注|说明|资料来源|数据来源|单位)[：:]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!](?=[\u4e00-\u9fff])|[\u4e00-\u9fff]\([\u4e00-\u9fff]")
ENDS = ("。", "；", "：", "！", "？", ":", ";", "，")
_CHINESE = {word: place for place, word in enumerate("一二三四五六七八九十", start=1)}


def heading_level(text: str) -> int:
    """Return the level 1 to 4 a heading's label has, 0 without one."""
    return next((level for level, label in enumerate(_LABELS, start=1) if label.match(text)), 0)


def ordinal(text: str) -> int | None:
    """Return the number written in digits or as one Chinese numeral; None for neither."""
    return int(text) if text.isdigit() else _CHINESE.get(text)


def bare(text: str) -> str:
    """Return a title as it is compared: without blanks, line ends, book marks and a last stop."""
    return re.sub(r"[\s\u3000《》]", "", text).rstrip("。；，;,.")
