"""The measures of a clause: its sentences that demand something, each with the figures and dates it names.

A clause's text is cut at 。！？； and line ends (not inside quotes or brackets; a line that ends in ， or 、
goes on), and between the parts of 一是…，二是…. A piece is a measure when, quoted words left out, it

* says 要, 必须, 应当, 须, 确保, 力争, 不得, 不少于 and the like (重要, 需要, 要求, 要点 are other words), or
* does not tell of what was done or said (取得了, 先后, 以来, 指出 …), and has a part that begins with a verb
  of doing (推进, 开展, 建立, 完成 …; adverbs and a body named before it aside) or a figure to be reached
  (达到 … 以上).

要清醒地看到 and the like look back and demand nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from changai.documents.intake.quantities import NamedDate, Quantity, dates_in, quantities_in

_OPENING, _CLOSING = "“‘「『《（(【", "”’」』》）)】"
_ENDS = "。！？；!?;"
_NAMED = re.compile("《[^《》]*》")
_QUOTED = re.compile("“[^“”]*”|《[^《》]*》|「[^「」]*」")
_STEP = re.compile("[，：:,](?=[一二三四五六七八九十]{1,2}[是要](?![素点害闻职]))")
_MODAL = re.compile(
    "(?<![重主需必首摘提概扼纲简只想将纪])要(?![求素点闻害件塞么])"
    "|必须|务必|应当|须|确保|力争|不得|严禁|不少于|不低于|不超过"
)
_LOOKS_BACK = re.compile("要(?:[^，。]{0,6})(?:看到|认识到|意识到)")
_TELLS = re.compile(
    "[取形印提召明营发]?[得成发供开确造挥]了|作出|先后|以来|截至|目前|已经|曾|指出|强调|表示|看到|意义|的结果|高度重视"
)
_ADVERB = (
    "(?:深入|大力|持续|积极|广泛|不断|进一步|着力|扎实|切实|全面|加快|认真|严格|充分|统筹|定期|重点|分类|集中|高标准|高质量"
    "|稳步|有序|及时|依托|共同|组织|继续|逐步|逐条|分批|地|并|每月|每季度|每半年|每年"
    "|(?:[0-9]{4}年)?(?:[0-9]{1,2}月|年)?(?:[上中下]旬)?[底末]?前)"
)
_BODY = (
    "(?:在[^，]{1,20}?|[^，]{2,15}?(?:率|比例|人数|数量)|各[^，]{1,15}?|由[^，]{1,20}?|[市县区省][^，]{1,12}?"
    "|[^，]{2,15}?(?:部门|单位|委|局|会|厅|办|企业|院校|学院|中心|牵头))"
)
_VERB = (
    "(?:推进|推动|推行|推广|推荐|开展|建立|建设|建成|建好|健全|完善|制定|修订|出台|落实|加强|强化|深化|完成|打造|培育|培养|培训|选树"
    "|选派|实施|实行|举办|召开|构建|优化|拓展|拓宽|畅通|提升|提高|发挥|引导|支持|鼓励|保障|加大|扩大|探索|总结|宣传|弘扬|督促|指导"
    "|检查|督查|报送|纳入|坚持|聚焦|突出|抓好|抓实|做好|做实|做优|压实|牵头|负责|达到|设立|创建|创新|新增|新建|评选|表彰|解决|维护|发展"
    "|吸引|帮助|动员|组织|统筹|细化|明确|搭建|打通|促进|制作|征集|资助|控制|规范|压减|精简|清理|减少|增加|安排|营造|遴选|编制|编发|公布|发布|整改|核查|走访|调研|梳理|建档|签订|覆盖|用好|办好|讲好)"
)
_DOES = re.compile(rf"(?:^|[，,：:\t])(?:[一二三四五六七八九十]{{1,2}}是)?{_BODY}?{_ADVERB}{{0,4}}{_VERB}")
_TARGET = re.compile("达到|至少|以上|以内|超过|突破|提高到|增长")


@dataclass(frozen=True)
class Measure:
    """One demand of a clause, its text as it stands in the paper."""

    text: str
    quantities: tuple[Quantity, ...] = ()
    dates: tuple[NamedDate, ...] = ()


def measures_of(text: str, *, year: int | None = None) -> tuple[Measure, ...]:
    """Return the measures in `text`, in order; each one's text is a stretch of it without outer blanks.

    :param year: the year meant by dates that name none
    """
    return tuple(_measure(sentence, year) for sentence in sentences(text) if is_demand(sentence))


def _measure(sentence: str, year: int | None) -> Measure:
    # A year in the name of a paper (《2026年工作要点》) is no date of this measure.
    unnamed = _NAMED.sub(lambda name: "■" * len(name[0]), sentence)
    return Measure(sentence, quantities_in(unnamed), dates_in(unnamed, year=year))


def sentences(text: str) -> Iterator[str]:
    """Yield the stretches of `text` that could be measures, with their stop, without outer blanks."""
    start = 0
    for end in _ends(text):
        yield from _steps(text[start:end].strip().lstrip("。；：！？:;!?").lstrip())
        start = end


def has_figure_or_date(text: str) -> bool:
    """Return whether `text` names a figure with its unit or a date."""
    return bool(quantities_in(text) or dates_in(text))


def is_demand(sentence: str) -> bool:
    """Return whether `sentence` demands something; the rule stands at the head of this module."""
    spoken = _QUOTED.sub("", sentence)
    if spoken.endswith(("：", ":")):
        return False
    if _MODAL.search(spoken) and not _LOOKS_BACK.search(spoken):
        return True
    if _TELLS.search(spoken):
        return False
    return _DOES.search(spoken) is not None or (
        _TARGET.search(spoken) is not None and bool(quantities_in(spoken))
    )


def _ends(text: str) -> Iterator[int]:
    """Yield where each sentence of `text` ends."""
    depth = 0
    for at, char in enumerate(text):
        if char == "\n":
            if text[max(0, at - 8) : at].rstrip(" \t\u3000")[-1:] not in ("，", "、"):
                yield at + 1
            depth = 0
        elif char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth = max(0, depth - 1)
        elif char in _ENDS and depth == 0:
            yield at + 1
    yield len(text)


def _steps(sentence: str) -> Iterator[str]:
    """Yield `sentence` cut between the parts of 一是…，二是…."""
    start = 0
    for cut in _STEP.finditer(sentence):
        yield sentence[start : cut.end()]
        start = cut.end()
    if sentence[start:]:
        yield sentence[start:]
