"""数据: the field dictionary and the one table of figures."""
