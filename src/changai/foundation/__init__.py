"""What every area stands on: actors, actions, the audit chain, notices, jobs and the pages' components."""
