"""The demonstration's field dictionary: every figure once, with its one source."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldSeed:
    """A figure of the dictionary."""

    code: str
    name: str
    unit_of_measure: str
    source: str
    source_key: str
    gathering: str
    definition: str
    breakdown: str = ""


FIELDS = (
    FieldSeed(
        "training_persons",
        "技能培训人次",
        "人次",
        "register",
        "training.persons",
        "sum",
        "本月结业的各类技能培训班人数之和，取自培训名册",
    ),
    FieldSeed(
        "training_certified",
        "培训后取证人数",
        "人",
        "register",
        "training.certified",
        "sum",
        "本月结业班次中取得职业技能等级证书的人数，取自培训名册",
    ),
    FieldSeed(
        "competition_jobs",
        "竞赛覆盖工种数",
        "个",
        "report",
        "",
        "sum",
        "本月新开展的劳动和技能竞赛覆盖的工种数，同一工种本期只计一次",
    ),
    FieldSeed(
        "innovation_applied",
        "创新成果转化数",
        "项",
        "report",
        "",
        "sum",
        "本月在生产中得到应用的职工创新成果数",
    ),
    FieldSeed(
        "union_members",
        "新就业形态入会人数",
        "人",
        "report",
        "",
        "sum",
        "本月新发展的货车司机、网约车司机、快递员、外卖配送员等会员数",
        breakdown="从业类型",
    ),
    FieldSeed(
        "stations_new", "新建户外驿站数", "个", "report", "", "sum", "本月建成并对外开放的户外劳动者驿站数"
    ),
    FieldSeed(
        "contract_due",
        "应签集体合同企业数",
        "家",
        "report",
        "",
        "last",
        "月末辖区（本集团）应签订集体合同的企业数",
    ),
    FieldSeed(
        "contract_signed", "已签集体合同企业数", "家", "report", "", "last", "月末集体合同在有效期内的企业数"
    ),
    FieldSeed(
        "skilled_rated",
        "自主评价新增高级工人数",
        "人",
        "report",
        "",
        "sum",
        "本月企业自主评价中新取得高级工及以上等级的人数，转岗、复评不计",
    ),
    FieldSeed("training_target", "培训任务数", "人次", "office", "", "last", "办公室下达的本期培训任务数"),
    FieldSeed(
        "union_target", "入会任务数", "人", "office", "", "last", "办公室下达的本期新就业形态入会任务数"
    ),
    FieldSeed(
        "platform_academy",
        "工匠学院（分院）投入使用",
        "是/否",
        "office",
        "",
        "last",
        "办公室核验：是记 1，否记 0",
    ),
    FieldSeed(
        "platform_alliance",
        "创新工作室联盟开展攻关",
        "是/否",
        "office",
        "",
        "last",
        "办公室核验：是记 1，否记 0",
    ),
    FieldSeed(
        "platform_service",
        "职工服务中心对外开放",
        "是/否",
        "office",
        "",
        "last",
        "办公室核验：是记 1，否记 0",
    ),
    FieldSeed(
        "tasks_due", "到期任务数", "项", "task", "tasks.due", "last", "月末已到完成时限的任务数，取自任务台账"
    ),
    FieldSeed(
        "tasks_done",
        "到期已完成任务数",
        "项",
        "task",
        "tasks.done",
        "last",
        "到期任务中已完成的任务数，取自任务台账",
    ),
    FieldSeed(
        "ledger_late",
        "月报迟报次数",
        "次",
        "ledger",
        "ledger.late",
        "sum",
        "超过截止日报出的月报数，取自报送记录",
    ),
    FieldSeed(
        "ledger_missing",
        "月报未报次数",
        "次",
        "ledger",
        "ledger.missing",
        "sum",
        "关闭报告期时仍未采用的月报数，取自报送记录",
    ),
    FieldSeed(
        "ledger_returned",
        "月报退回次数",
        "次",
        "ledger",
        "ledger.returned",
        "sum",
        "月报被退回修改的次数，取自报送记录",
    ),
)

BREAKDOWNS = {"从业类型": ("货车司机", "网约车司机", "快递员", "外卖配送员", "其他")}

MEMBER_FORM = ("training_persons",)
LOCAL_FORM = (
    "training_persons",
    "training_certified",
    "competition_jobs",
    "innovation_applied",
    "union_members",
    "stations_new",
    "contract_due",
    "contract_signed",
)
EVALUATION_FORM = ("skilled_rated",)
OFFICE_FIGURES = tuple(seed.code for seed in FIELDS if seed.source == "office")
