"""The programme, one folder per part. Upper may import lower, never the other way (see docs/map.md)."""
