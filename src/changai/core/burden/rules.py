"""The rules by which indicators are read: what is named, how grave, where it is written, what to use instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

BASE_RULES_ZH = "《整治形式主义为基层减负若干规定》"
BASE_RULES_EN = "Provisions on Rectifying Formalism to Ease Burdens at the Base (2024)"
APPS_ZH = "国办函〔2026〕12号《政务移动互联网应用程序规范化管理办法》"
APPS_EN = "State Council General Office letter [2026] No. 12 on government mobile applications"


class Weight(StrEnum):
    """Whether the source forbids the thing outright, or it may stay with a written reason."""

    BLOCK = "block"
    EXPLAIN = "explain"


@dataclass(frozen=True, slots=True)
class BurdenRule:
    """One thing not to assess by; `pattern` finds it in an indicator's name, wording, evidence or verification."""

    key: str
    weight: Weight
    pattern: re.Pattern[str]
    zh: str
    en: str
    source_zh: str
    source_en: str
    instead_zh: str
    instead_en: str


def _rule(key: str, weight: Weight, pattern: str, *words: str) -> BurdenRule:
    return BurdenRule(key, weight, re.compile(pattern), *words)


RULES: tuple[BurdenRule, ...] = (
    _rule(
        "leaders_notes",
        Weight.BLOCK,
        # 批示件的办理是任务，不是以批示评分。
        r"批示(?!件|事项|精神|[^，。；]{0,4}(?:办理|办结|落实))",
        "以领导批示评分",
        "leaders' written comments are assessed",
        BASE_RULES_ZH,
        BASE_RULES_EN,
        "工作本身的结果，如任务按期完成率、问题办结率",
        "results of the work itself, such as tasks finished on time",
    ),
    _rule(
        "press",
        Weight.BLOCK,
        r"刊发|刊登|刊载|(?:媒体|报刊|报纸|电视台|公众号|简报)[^，。；]{0,8}(?:报道|宣传|转发|发表|播发|采用|录用|篇)",
        "以刊物、媒体刊发或报道评分",
        "publication in journals or media is assessed",
        BASE_RULES_ZH,
        BASE_RULES_EN,
        "政策知晓率、宣讲覆盖职工占比等能核实的效果",
        "effects that can be verified, such as the share of workers who know the policy",
    ),
    _rule(
        "experience_papers",
        Weight.BLOCK,
        r"经验(?:做法|文章|材料|信息|交流|介绍|总结)|(?:推广|转发)[^，。；]{0,6}经验",
        "以经验做法、经验文章评分",
        "papers on good practice are assessed",
        BASE_RULES_ZH,
        BASE_RULES_EN,
        "改革措施落地的企业数、受益职工数",
        "enterprises where a measure works and workers who gain by it",
    ),
    _rule(
        "traces",
        Weight.BLOCK,
        r"拍照|留痕|(?:现场|会议|活动|工作)(?:照片|图片|影像)|(?:行动|活动|位置|工作)轨迹|打卡",
        "以拍照留痕评判工作",
        "work is judged by photographs and traces",
        BASE_RULES_ZH,
        BASE_RULES_EN,
        "一份起决定作用的佐证材料，已有系统数据直接取用",
        "one decisive document, or what a system already holds",
    ),
    _rule(
        "study_notes",
        Weight.BLOCK,
        r"学习(?:笔记|心得|体会|记录)|心得体会|读书笔记",
        "以学习笔记、心得体会评判学习",
        "study is judged by notes",
        BASE_RULES_ZH,
        BASE_RULES_EN,
        "取得证书、通过考核的人数等学习结果",
        "results of study, such as certificates earned",
    ),
    _rule(
        "app_use",
        Weight.BLOCK,
        r"安装(?:使用)?率|下载量|(?:用户|账号|实名|平台|程序|App|APP)[^，。；]{0,4}注册率|登录(?:率|次数)|活跃(?:率|度)|点赞|(?:网络|网上|微信|线上)投票|投票(?:数|量|排名)|转发量|阅读量|学习时长|在线时长|学习积分|积分排名",
        "以应用程序安装使用率、点赞、投票、转发、学习时长评分",
        "installations, likes, votes or hours online are assessed",
        APPS_ZH,
        APPS_EN,
        "服务办成件数、办理时长、职工满意度",
        "services delivered, time taken, satisfaction of workers",
    ),
    _rule(
        "counts_of_meetings",
        Weight.BLOCK,
        r"开会发文|会议(?:次数|场次|数量)|发文(?:数|次数|数量)|听取[^，。；]{0,6}汇报[^，。；]{0,6}次",
        "以开会、发文的多少评分",
        "the number of meetings or papers is assessed",
        BASE_RULES_ZH,
        BASE_RULES_EN,
        "会议和文件要办成的事：任务认领率、按期完成率",
        "what meetings and papers are for: tasks taken on and finished",
    ),
    _rule(
        "meetings_and_papers",
        Weight.EXPLAIN,
        r"召开[^，。；]{0,8}(?:会议|部署会|推进会|座谈会)|(?:印发|下发|出台|制定)[^，。；]{0,10}(?:文件|方案|通知|办法)",
        "以是否开会、发文为评判标准",
        "whether a meeting was held or a paper issued is assessed",
        BASE_RULES_ZH,
        BASE_RULES_EN,
        "措施落地后的结果；制度本身确属任务的，写明理由",
        "the result of the measure; where the paper itself is the task, say why",
    ),
    _rule(
        "reports_on_reports",
        Weight.EXPLAIN,
        r"报送[^，。；]{0,6}(?:落实情况|进展情况|工作总结|工作信息)|(?:每周|每日|每天)[^，。；]{0,4}(?:报送|上报)",
        "要求反复报送落实情况",
        "repeated reports on progress are demanded",
        BASE_RULES_ZH,
        BASE_RULES_EN,
        "平台中已有的任务进度，同类材料只报一次",
        "the progress already recorded; the same matter is reported once",
    ),
)
