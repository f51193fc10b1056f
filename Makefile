# The few commands of README.md. What needs a real program is in tools/.
.PHONY: run test quick bench reset lock
.NOTPARALLEL:

export DEMO_DAY DEMO_KEEP BENCH

run:
	@python3 tools/environment.py run
	@.venv/bin/gongkai run

test:
	@python3 tools/environment.py dev
	@.venv/bin/python -m tools.checks all

quick:
	@python3 tools/environment.py dev
	@.venv/bin/python -m tools.checks quick

bench:
	@python3 tools/environment.py dev
	@.venv/bin/python -m tools.debian_packages nginx-light wrk
	@.venv/bin/python -m bench

reset:
	@python3 tools/reset.py

lock:
	@python3 tools/environment.py dev
	.venv/bin/uv pip compile --quiet $(LOCK) requirements.in --output-file requirements.txt
	.venv/bin/uv pip compile --quiet $(LOCK) requirements-dev.in --output-file requirements-dev.txt

LOCK = --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-strip-extras
