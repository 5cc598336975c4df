import numpy as np
import pytest
import torch
from torchvision.ops import nms

from vretlib.errors import UserError
from vretlib.features import suppression


@pytest.mark.parametrize("n", [1, 20, 500])
def test_what_is_kept_is_what_torchvision_keeps(n: int) -> None:
    generator = torch.Generator().manual_seed(0)
    boxes = torch.rand(400, 4, generator=generator) * 40
    boxes[:, 2:] += boxes[:, :2]
    scores = torch.linspace(1, 0, 400)
    expected = nms(boxes, scores, 0.7)[:n]
    assert suppression.best(boxes.numpy(), n, 0.7).tolist() == expected.tolist()


def test_three_boxes_by_hand() -> None:
    # The second shares 8 of 12 pixels with the first: an IoU of 2/3. The third shares none.
    boxes = np.array([[0, 0, 10, 1], [2, 0, 12, 1], [50, 0, 60, 1]], np.float32)
    assert suppression.best(boxes, 9, 0.6).tolist() == [0, 2]
    assert suppression.best(boxes, 9, 0.7).tolist() == [0, 1, 2]
    assert suppression.best(boxes[:0], 9, 0.7).tolist() == suppression.best(boxes, 0, 0.7).tolist() == []
    with pytest.raises(UserError, match="expected"):
        suppression.best(boxes[0], 1, 0.5)
