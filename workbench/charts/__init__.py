"""Figures: functions of what an analysis returned. They select, rename, sort and format."""
