"""Ways in: they translate, call a stage, and answer."""
