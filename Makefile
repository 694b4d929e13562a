# `make` alone lists the targets. Each readies the machine when that is needed, then calls one command.

PYTHON := .venv/bin/python
HYEOPYAK := .venv/bin/hyeopyak
quote = '$(subst ','\'',$(1))'
OPTIONS = $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(if $(ONLY),--only $(call quote,$(ONLY))) \
          $(if $(JOBS),--jobs $(call quote,$(JOBS))) $(ARGS)
LOCK := $(PYTHON) -m piptools compile --quiet --no-header --generate-hashes --allow-unsafe --strip-extras \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

# Where somebody sets this, every command compiles 150 modules anew.
export PYTHONDONTWRITEBYTECODE :=

KINDS := agreements party-agreements proposals declarations practice notices monitoring reports

# `templates` is a folder, too: it has to be phony.
.PHONY: help setup all $(KINDS) check new answers packets collect volumes signoff archive verify status board demo doctor paper fields templates preview test bench lint lock messages clean

help:  ## 할 수 있는 일을 보여 준다 | list the targets
	@echo 'make TARGET [CAMPAIGN=DIR] [ONLY=PATTERN] [JOBS=N] [ARGS="--dry-run ..."]'
	@LC_ALL=C awk -F ' *(## |[|]) *' '/^[a-z-]+:.*## / { \
	    sub(/:.*/, "", $$1); ascii = $$2; gsub(/[^ -~]/, "", ascii); \
	    wide = length(ascii) + (length($$2) - length(ascii)) * 2 / 3; \
	    printf "  %-18s%s", $$1, $$2; while (wide++ < 51) printf " "; print $$3 }' $(MAKEFILE_LIST)

setup:  ## Python 환경, LibreOffice, 한글 글꼴을 갖춘다 | ready this machine
	@tools/setup.sh

all: .venv/.ready  ## 모든 종류의 문서를 만든다 | papers of every kind, as Word and PDF
	@$(HYEOPYAK) make $(OPTIONS)

agreements: KIND := agreement  ## 후보자별 정책협약서 | an agreement for each candidate
party-agreements: KIND := party-agreement  ## 정당별 정책협약서 | an agreement for each party
proposals: KIND := proposal  ## 정책 제안서와 답변서 | proposals with answer sheets
declarations: KIND := declaration  ## 활동가 선언문과 연명부 | declarations with their rolls
practice: KIND := practice  ## 회원단체의 실천 선언문 | what member bodies will do
notices: KIND := notice  ## 행사 안내와 식순 | notices and programmes
monitoring: KIND := monitoring  ## 당선자별 이행점검표 | monitoring sheets
reports: KIND := report  ## 협약 현황 보고서 | where the campaign stands
$(KINDS): .venv/.ready
	@$(HYEOPYAK) make $(KIND) $(OPTIONS)

new: .venv/.ready  ## 새 캠페인 폴더를 만든다 (FOLDER=) | begin a campaign: templates, settings, empty workbooks
	@$(HYEOPYAK) init $(call quote,$(FOLDER))

answers: .venv/.ready  ## 돌아온 답변서를 읽어 들인다 (FOLDER=) | read returned answer sheets
	@$(HYEOPYAK) import answers $(call quote,$(or $(FOLDER),inputs/returned)) $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(ARGS)

packets: .venv/.ready  ## 협의회마다 보낼 꾸러미를 만든다 (ARGS="--drafts") | a packet for each council, mails
	@$(HYEOPYAK) deliver $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(if $(ONLY),--only $(call quote,$(ONLY))) $(ARGS)

collect: .venv/.ready  ## 돌아온 서명본을 모아 맞춘다 | match signed papers that came back
	@$(HYEOPYAK) collect $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(if $(JOBS),--jobs $(call quote,$(JOBS))) $(ARGS)

volumes: .venv/.ready  ## 돌아온 서명본을 자료집으로 묶는다 | bind volumes of what came back
	@$(HYEOPYAK) compile $(OPTIONS)

signoff: .venv/.ready  ## 자료집을 승인하고 봉인한다 (AREA= BY=) | approve and seal a volume
	@$(HYEOPYAK) signoff $(if $(AREA),$(call quote,$(AREA))) $(if $(BY),--by $(call quote,$(BY))) $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(ARGS)

archive: .venv/.ready  ## 누구나 확인할 수 있게 보관한다 | an archive that anyone can check
	@$(HYEOPYAK) archive $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(ARGS)

verify: .venv/.ready  ## 보관물을 확인한다 (BAG=) | examine an archive
	@$(HYEOPYAK) verify $(if $(BAG),$(call quote,$(BAG))) $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(ARGS)

status: .venv/.ready  ## 무엇이 어디까지 왔는지 보여 준다 | where everything stands
	@$(HYEOPYAK) status $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(if $(ONLY),--only $(call quote,$(ONLY))) $(ARGS)

board: .venv/.ready  ## 현황판을 만든다 (브라우저로 본다) | where everything stands, as a page for the browser
	@$(HYEOPYAK) board $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(ARGS)

demo: .venv/.ready  ## 견본으로 처음부터 끝까지 해 본다 (FOLDER=) | the whole loop on the sample campaign
	@$(HYEOPYAK) demo $(if $(FOLDER),$(call quote,$(FOLDER)))

doctor: .venv/.ready  ## 폴더와 컴퓨터를 살핀다 (ARGS=--repair) | what is wrong, and what to do
	@$(HYEOPYAK) doctor $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(ARGS)

paper: .venv/.ready  ## 한 종류의 문서를 만든다 (KIND=) | papers of one kind, those you have added included
	@$(HYEOPYAK) make $(call quote,$(KIND)) $(OPTIONS)

fields: .venv/.ready  ## 서식에 쓸 수 있는 항목을 본다 (KIND=) | what templates of a kind can print
	@$(HYEOPYAK) template fields $(call quote,$(or $(KIND),agreement)) $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN)))

templates: .venv/.ready  ## 서식을 확인하고 사본에 메모를 남긴다 | check templates, with comments in copies
	@$(HYEOPYAK) template check $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(ARGS)

preview: .venv/.ready  ## 견본 한 부를 만들어 본다 (KIND=, ONLY=) | one paper to look at, marked as a sample
	@$(HYEOPYAK) preview $(call quote,$(or $(KIND),agreement)) $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(if $(ONLY),--only $(call quote,$(ONLY))) $(ARGS)

check: .venv/.ready  ## 표와 서식에서 잘못된 곳을 모두 찾는다 | all findings in spreadsheets and templates
	@$(HYEOPYAK) check $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(ARGS)

test: .venv/.ready-dev  ## 검사를 돌린다 | run the tests
	@$(PYTHON) -m pytest -q --numprocesses auto --dist worksteal $(ARGS)

bench: .venv/.ready-dev  ## 빠르기를 잰다 (QUICK=1: 잠깐만) | measure, into outputs/bench.json
	@$(PYTHON) -m tools.bench $(if $(QUICK),--quick) $(ARGS)

lint: .venv/.ready-dev  ## 코드 모양과 타입을 살핀다 | ruff, mypy, shellcheck where it is
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@! command -v shellcheck >/dev/null || shellcheck tools/setup.sh .ci/run

lock: .venv/.ready-dev  ## Python 패키지 버전을 다시 고정한다 | pin requirements*.txt again (ARGS=--upgrade)
	@$(PYTHON) -m piptools --version >/dev/null 2>&1 || $(PYTHON) -m pip install --quiet pip-tools
	@$(LOCK) $(ARGS) --output-file requirements.txt requirements.in
	@$(LOCK) $(ARGS) --output-file requirements-cluster.txt requirements-cluster.in
	@$(LOCK) $(ARGS) --output-file requirements-dev.txt requirements-dev.in

messages: .venv/.ready-dev  ## 프로그램의 말을 모으고 번역을 묶는다 | collect and compile messages
	@$(PYTHON) -m tools.messages

clean: .venv/.ready  ## 다시 만들 수 있는 것을 지운다 | remove outputs that can be made again
	@$(HYEOPYAK) clean $(if $(CAMPAIGN),--campaign $(call quote,$(CAMPAIGN))) $(ARGS)

# A virtual environment that was copied or moved with its folder holds wrong paths: setup.sh makes it anew.
ifeq ($(shell grep -qsF $(call quote,$(CURDIR)/.venv) .venv/bin/activate && echo here),)
.venv/.ready: moved
.PHONY: moved
endif

.venv/.ready: requirements.txt pyproject.toml tools/setup.sh
	@tools/setup.sh

.venv/.ready-dev: .venv/.ready requirements-dev.txt
	@tools/setup.sh dev
