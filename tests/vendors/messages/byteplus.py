"""The refusals of BytePlus MediaLive: those of Volcengine Live, met in its own resources.

Assumption: the codes are Volcengine's, as in the client.
"""

from dataclasses import replace

from tests.conformance.cases.byteplus import CASES
from tests.vendors.messages import Scene, volcengine

HERE = {case.name.replace("byteplus", "volcengine"): case for case in CASES}


def _here(scene: Scene) -> Scene:
    config = {key.replace("volcengine", "byteplus"): text for key, text in scene.config.items()}
    return replace(scene, case=HERE[scene.case.name], config=config)


SCENES = tuple(map(_here, volcengine.SCENES))
