"""账号: people who sign in, their one post, the unit they act for."""
