"""Papers: written with figures taken from the system, approved, numbered, issued and then frozen."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from changai.areas.briefings.rules import LETTERS, PAPER_KINDS, WORD_HEAD, PaperKind, text_digest, word_digest


class Briefing(models.Model):
    """A 简报 or another paper of `rules.PAPER_KINDS`.

    `draft` is what the office writes (blocks with figure tokens); `content` is frozen at issue. Papers of one `series`
    share a row of numbers a year; only the 简报 counts a total number beside it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SUBMITTED = "submitted", _("待审批")
        APPROVED = "approved", _("已审批")
        ISSUING = "issuing", _("印发中")
        ISSUED = "issued", _("已印发")
        CANCELLED = "cancelled", _("已作废")

    kind = models.CharField("文种", max_length=30, default="briefing")
    series = models.CharField("编号序列", max_length=30, default="briefing")
    title = models.CharField("标题", max_length=100)
    month = models.DateField("反映月份")  # the month's first day
    round = models.ForeignKey(
        "assessments.Round", models.PROTECT, null=True, blank=True, related_name="briefings"
    )
    consultation = models.ForeignKey(
        "schemes.Consultation", models.PROTECT, null=True, blank=True, related_name="papers"
    )
    # Of a letter: the common text it was made from. The letters of one text are issued together, or none of them.
    wording = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="letters")
    # Of a letter, or of the common text: why it could not be written; empty while nothing hinders it.
    refusal = models.CharField(max_length=200, blank=True, default="")
    # Of the common text: why letters went out though earlier ones of the round are in force.
    again_reason = models.CharField("补发理由", max_length=500, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    draft = models.JSONField(default=list)
    # Why demands the burden rules object to stay: {"reason", "by", "at", "found": [[rule, words], …]}.
    burden_kept = models.JSONField(default=dict)
    # What became of the units' opinions: {"reason", "by", "at", "found": [[unit, answer, text answered, text], …]}.
    opinions_kept = models.JSONField(default=dict)
    # Of documents: the words before the year in their number, and whom they are sent to above the text.
    number_code = models.CharField("发文代字", max_length=20, blank=True)
    recipients = models.CharField("主送", max_length=300, blank=True)
    addressees = models.ManyToManyField("organisations.Unit", blank=True, related_name="papers")
    signers = models.CharField("签发人", max_length=60, blank=True)
    urgency = models.CharField("紧急程度", max_length=4, blank=True)
    copy_to = models.CharField("抄送", max_length=200, blank=True)
    report_to = models.CharField("报", max_length=200, blank=True)
    send_to = models.CharField("送", max_length=200, blank=True)
    distribute_to = models.CharField("发", max_length=200, blank=True)
    copies = models.PositiveSmallIntegerField("印数", default=60)
    written_by_name = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by_name = models.CharField(max_length=40, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by_name = models.CharField(max_length=40, blank=True)
    return_reason = models.CharField("退改意见", max_length=500, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by_name = models.CharField(max_length=40, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by_name = models.CharField(max_length=40, blank=True)
    cancel_reason = models.CharField("作废原因", max_length=500, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    issue_number = models.PositiveSmallIntegerField("期号", null=True)
    total_number = models.PositiveSmallIntegerField("总期号", null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by_name = models.CharField(max_length=40, blank=True)
    # The paper: as it was approved, then as it was issued, and from then on frozen.
    content = models.JSONField(default=dict)
    content_digest = models.CharField(max_length=64, blank=True)
    docx_file = models.ForeignKey("evidence.EvidenceFile", models.PROTECT, null=True, related_name="+")
    pdf_file = models.ForeignKey("evidence.EvidenceFile", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "briefing"
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "year", "issue_number"],
                condition=Q(issue_number__isnull=False),
                name="one_issue_number",
            ),
            models.UniqueConstraint(
                fields=["total_number"],
                condition=Q(total_number__isnull=False),
                name="one_total_number",
            ),
            models.CheckConstraint(
                condition=~Q(status="issued")
                | Q(issued_at__isnull=False) & (Q(issue_number__isnull=False) | Q(kind=LETTERS)),
                name="issued_briefing_is_numbered",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def paper_kind(self) -> PaperKind:
        """The kind of paper it is."""
        return PAPER_KINDS[self.kind]

    @property
    def text_digest(self) -> str:
        """What a unit's word holds to: the digest of title, head and draft as they are written now."""
        return word_digest(self.title, {name: getattr(self, name) for name in WORD_HEAD}, self.draft)

    @property
    def text_digests(self) -> tuple[str, str]:
        """The same, and what words given before the head counted hold to."""
        return self.text_digest, text_digest(self.title, self.draft)

    @property
    def number_text(self) -> str:
        """The number as printed: 第3期 of a 简报, 示产改通〔2026〕3号 of a document; empty before it is issued."""
        if self.issue_number is None:
            return ""
        if self.paper_kind.form == "briefing":
            return f"{self.year}年第{self.issue_number}期"
        return self.paper_kind.number(self.number_code, self.year, self.issue_number)


class FrozenFigure(models.Model):
    """A figure of an issued briefing: what was printed, what it means and every record it comes from."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="figures")
    key = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    printed = models.TextField()
    name = models.TextField()
    definition = models.TextField()
    formula = models.TextField()
    as_of = models.DateTimeField()
    # [{"type", "id", "label", "value", "address", "unit", "is_counted"}]: `queries.records.Record` as JSON.
    records = models.JSONField(default=list)

    class Meta:
        db_table = "frozen_figure"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["briefing", "key"], name="one_frozen_figure")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.printed[:30]}"


class Submittal(models.Model):
    """报批稿: a text as it was handed to the head, what became of it, and why."""

    class Outcome(models.TextChoices):
        OPEN = "", _("待审批")
        TAKEN_BACK = "taken_back", _("收回修改")
        RETURNED = "returned", _("退回修改")
        APPROVED = "approved", _("审批同意")
        CANCELLED = "cancelled", _("作废")

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="submittals")
    number = models.PositiveSmallIntegerField()
    head = models.JSONField(default=dict)  # what stands around the text, by field
    draft = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    submitted_at = models.DateTimeField(null=True)  # unknown of texts from before all were kept
    submitted_by_name = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN, blank=True)
    reason = models.CharField("退改意见", max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=40, blank=True)
    # What became of it before, such as an approval that fell: {"outcome", "reason", "at", "by"}, the first one first.
    earlier = models.JSONField(default=list)

    class Meta:
        db_table = "submittal"
        ordering: ClassVar = ["number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["briefing", "number"], name="one_submittal_a_number"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(settled_at__isnull=False), name="settled_submittal_has_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id}:{self.number}"


class Countersign(models.Model):
    """会签: a unit asked for its word on a paper before it is approved."""

    class Answer(models.TextChoices):
        OPEN = "", _("待会签")
        AGREED = "agreed", _("同意")
        OPINION = "opinion", _("有意见")

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="countersigns")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=40)
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.OPEN, blank=True)
    words = models.CharField("会签意见", max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=40, blank=True)
    text_digest = models.CharField(max_length=64, blank=True, default="")  # of the text that was answered
    # The unit's words on earlier texts, the last one last: {"answer", "words", "text_digest", "at", "by"}.
    earlier = models.JSONField(default=list)

    class Meta:
        db_table = "countersign"
        ordering: ClassVar = ["unit__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["briefing", "unit"], name="one_countersign_a_unit"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False),
                name="answered_countersign_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id}:{self.unit_id}"

    @property
    def is_stale(self) -> bool:
        """Whether the word was given to another text than the paper has now."""
        return bool(self.answer) and self.text_digest not in self.briefing.text_digests


class Distribution(models.Model):
    """分发: that an issued paper was sent to a unit, which is to sign for it."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="distributions")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    pressed_at = models.DateTimeField(null=True)  # the last time it was asked to sign
    pressed_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "paper_distribution"
        ordering: ClassVar = ["unit__position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["briefing", "unit"], name="one_distribution_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id}:{self.unit_id}"


class Receipt(models.Model):
    """签收: that a unit has received an issued paper. A unit signs once, whoever of its people presses."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="receipts")
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    received_by_name = models.CharField(max_length=40)

    class Meta:
        db_table = "paper_receipt"
        ordering: ClassVar = ["received_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["briefing", "unit"], name="one_receipt_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id}:{self.unit_id}"


class Annulment(models.Model):
    """撤销、废止: that an issued paper is no longer in force. The paper and its number stay as they were issued.

    A revoked paper counts as never having been in force, a repealed one is in force until that day.
    Source: 《党政机关公文处理工作条例》, 公文管理.
    """

    class Kind(models.TextChoices):
        REVOKED = "revoked", _("撤销")
        REPEALED = "repealed", _("废止")

    briefing = models.OneToOneField(Briefing, models.PROTECT, related_name="annulment")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = models.CharField("原因", max_length=500)
    basis = models.CharField("依据", max_length=200, blank=True)
    annulled_at = models.DateTimeField()
    annulled_by_name = models.CharField(max_length=40)

    class Meta:
        db_table = "annulment"

    def __str__(self) -> str:
        return f"{self.briefing_id}:{self.kind}"


class ArchiveOrder(models.Model):
    """归档包: the issued papers of a year, put into one package behind the page; what is packed is not packed again."""

    year = models.PositiveSmallIntegerField("年度")
    series = models.CharField("编号序列", max_length=30, blank=True)  # empty: all
    asked_by_name = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    papers = models.PositiveIntegerField()
    written = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)  # of the whole package
    refusal = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "archive_order"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "series"], condition=Q(done_at__isnull=True), name="one_open_archive_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}{self.series} {self.written}/{self.papers}"


class Erratum(models.Model):
    """更正: what an issued paper says wrongly and what is right. The paper itself stays as it was issued."""

    briefing = models.ForeignKey(Briefing, models.PROTECT, related_name="errata")
    place = models.CharField("更正之处", max_length=120)
    printed = models.CharField("原文", max_length=500)
    right = models.CharField("更正为", max_length=500)
    reason = models.CharField("更正原因", max_length=500)
    corrected_at = models.DateTimeField()
    corrected_by_name = models.CharField(max_length=40)

    class Meta:
        db_table = "erratum"
        ordering: ClassVar = ["-corrected_at", "-pk"]

    def __str__(self) -> str:
        return self.place
