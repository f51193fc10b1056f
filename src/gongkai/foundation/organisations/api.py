from gongkai.foundation.organisations.actions import load_organisation
from gongkai.foundation.organisations.queries import (
    find_officer,
    find_post,
    find_unit_by_usual_name,
    get_bureau,
    get_duty_post,
    get_officer,
    get_unit,
    list_officers,
    list_parents,
    list_posts,
    list_posts_of,
    list_units,
    list_units_below,
    list_unmanned_posts,
)
from gongkai.foundation.organisations.rules import clean_name

__all__ = [
    "clean_name",
    "find_officer",
    "find_post",
    "find_unit_by_usual_name",
    "get_bureau",
    "get_duty_post",
    "get_officer",
    "get_unit",
    "list_officers",
    "list_parents",
    "list_posts",
    "list_posts_of",
    "list_units",
    "list_units_below",
    "list_unmanned_posts",
    "load_organisation",
]
