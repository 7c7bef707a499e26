# Every recipe is one word to dev.py, which needs only Python 3.11: without make, type python3 dev.py run.
PYTHON ?= python3

.PHONY: help setup run test check docs audit lock
help setup run test check docs audit lock:
	@exec $(PYTHON) dev.py $@
