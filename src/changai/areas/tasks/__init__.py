"""任务: claims, parts, milestones."""
