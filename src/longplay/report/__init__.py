"""Drawing: the page somebody looks at, made from the marts and from nothing else."""

from longplay.report.page import draw_page

__all__ = ["draw_page"]
