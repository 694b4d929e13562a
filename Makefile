# `make` alone lists the targets. Each readies the machine when that is needed, then calls one command.

PYTHON := .venv/bin/python
HYEOPYAK := .venv/bin/hyeopyak
quote = '$(subst ','\'',$(1))'
OPTIONS = $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(if $(ONLY),--only $(call quote,$(ONLY))) \
          $(if $(JOBS),--jobs $(call quote,$(JOBS))) $(ARGS)
LOCK := $(PYTHON) -m piptools compile --quiet --no-header --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.PHONY: help setup agreements check test bench lint lock messages clean

help:  ## 할 수 있는 일을 보여 준다 | list the targets
	@echo 'make TARGET [CAMPAIGN=DIR] [ONLY=PATTERN] [JOBS=N] [ARGS="--dry-run ..."]'
	@LC_ALL=C awk -F ' *(## |[|]) *' '/^[a-z]+:.*## / { \
	    sub(/:.*/, "", $$1); ascii = $$2; gsub(/[^ -~]/, "", ascii); \
	    wide = length(ascii) + (length($$2) - length(ascii)) * 2 / 3; \
	    printf "  %-12s%s", $$1, $$2; while (wide++ < 46) printf " "; print $$3 }' $(MAKEFILE_LIST)

setup:  ## Python 환경, LibreOffice, 한글 글꼴을 갖춘다 | ready this machine
	@tools/setup.sh

agreements: .venv/.ready  ## 후보자별 정책협약서를 만든다 | agreements as Word and PDF
	@$(HYEOPYAK) make agreement $(OPTIONS)

check: .venv/.ready  ## 표에서 잘못된 곳을 모두 찾는다 | all findings in the spreadsheets
	@$(HYEOPYAK) check $(OPTIONS)

test: .venv/.ready-dev  ## 검사를 돌린다 | run the tests
	@$(PYTHON) -m pytest -q $(ARGS)

bench: .venv/.ready-dev  ## 빠르기를 잰다 | measure, into outputs/bench.json
	@$(PYTHON) -m tools.bench $(ARGS)

lint: .venv/.ready-dev  ## 코드 모양과 타입을 살핀다 | ruff, mypy, shellcheck where it is
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@! command -v shellcheck >/dev/null || shellcheck tools/setup.sh .ci/run

lock: .venv/.ready-dev  ## 꾸러미 판을 다시 못 박는다 | pin requirements*.txt again (ARGS=--upgrade)
	@$(PYTHON) -m piptools --version >/dev/null 2>&1 || $(PYTHON) -m pip install --quiet pip-tools
	@$(LOCK) $(ARGS) --output-file requirements.txt requirements.in
	@$(LOCK) $(ARGS) --output-file requirements-dev.txt requirements-dev.in

messages: .venv/.ready-dev  ## 프로그램의 말을 모으고 번역을 묶는다 | collect and compile messages
	@$(PYTHON) -m tools.messages

# Issued numbers can never be derived again; register.sqlite* takes in the journals SQLite keeps beside it.
clean: OUTPUTS = $(call quote,$(or $(CAMPAIGN),.)/outputs)
clean:  ## 만든 것을 지운다 (발급대장은 남긴다) | remove outputs, all but the register
	@[ ! -d $(OUTPUTS) ] || find $(OUTPUTS)/ -mindepth 1 -maxdepth 1 ! -name 'register.sqlite*' -exec rm -rf {} +
	@echo '발급대장 outputs/register.sqlite만 남겼습니다. | Kept outputs/register.sqlite: issued numbers are never used again.'

# A virtual environment that was copied or moved with its folder holds wrong paths: setup.sh makes it anew.
ifeq ($(shell grep -qsF $(call quote,$(CURDIR)/.venv) .venv/bin/activate && echo here),)
.venv/.ready: moved
.PHONY: moved
endif

.venv/.ready: requirements.txt pyproject.toml tools/setup.sh
	@tools/setup.sh

.venv/.ready-dev: .venv/.ready requirements-dev.txt
	@tools/setup.sh dev
