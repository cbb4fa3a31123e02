"""What reviewers most often ask for, ready to pick."""

COMMON_REASONS: tuple[str, ...] = (
    "进展情况过于笼统，请写明具体做法和数量",
    "数据与名册或台账不一致，请核对",
    "佐证材料缺失或与事项不符",
    "完成进度与实际不符，请核实",
    "存在问题未写明原因",
    "下一步打算未明确措施和时限",
)
