"""A week of BytePlus MediaLive: that of Volcengine Live, in its own resources."""

from tests.conformance.cases import Case
from tests.conformance.cases.byteplus import CASES
from tests.conformance.stories import volcengine

HERE = {case.name.replace("byteplus", "volcengine"): case for case in CASES}


def _here(case: Case) -> Case:
    return HERE[case.name]


STORIES = tuple((_here(case), *rest) for case, *rest in volcengine.STORIES)
EVENINGS = tuple((_here(case), *rest) for case, *rest in volcengine.EVENINGS)
