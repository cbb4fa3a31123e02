"""公开页面: what needs no sign-in; the suggestions box."""
