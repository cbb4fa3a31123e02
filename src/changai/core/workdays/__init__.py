"""Chinese working days: weekends, public holidays and the weekends worked for them (调休).

The State Council announces each year's days the autumn before. A calendar knows the years it was given; every other
day is counted by its weekday, and `note` says so.
"""

from changai.core.workdays.calendar import WorkCalendar
from changai.core.workdays.notice import read_notice
from changai.core.workdays.years import Holiday, YearPlan, read_year

__all__ = ["Holiday", "WorkCalendar", "YearPlan", "read_notice", "read_year"]
