"""The small study of landmarks."""

from tests.landmark_study import described_study, study  # noqa: F401 (fixtures)
