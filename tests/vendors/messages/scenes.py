"""The scenes of every vendor."""

from tests.vendors.messages import alicloud, huaweicloud, tencentcloud, volcengine

SCENES = {
    "alicloud": alicloud.SCENES,
    "huaweicloud": huaweicloud.SCENES,
    "volcengine": volcengine.SCENES,
    "tencentcloud": tencentcloud.SCENES,
}
