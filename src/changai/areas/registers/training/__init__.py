"""培训名册: training classes a unit has held."""
