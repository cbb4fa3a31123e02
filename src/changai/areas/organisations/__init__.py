"""组织机构: units, levels, groups and their history."""
