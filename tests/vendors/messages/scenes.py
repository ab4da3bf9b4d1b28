"""The scenes of every vendor."""

from tests.vendors.messages import alicloud, huaweicloud, volcengine

SCENES = {
    "alicloud": alicloud.SCENES,
    "huaweicloud": huaweicloud.SCENES,
    "volcengine": volcengine.SCENES,
}
