"""指标体系: versions of indicator systems."""
