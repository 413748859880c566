# Every task of the project is a target here; `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Processes of the engine's tests: one more than two cores, since each waits for others at times.
ENGINE_WORKERS ?= 3
PLUGIN_TESTS ?= tests/plugin
# What benchmarks compare with, and what it needs beside the engine's packages.
RIVALS := alembic==1.20.1 colorlog==6.12.0 emcee==3.1.6 gpboost==1.8.0 greenlet==3.5.6 \
	gstools==1.7.0 gstools-cython==1.2.0 hankel==1.2.2 lightgbm==4.7.0 mako==1.4.3 meshio==5.3.5 \
	narwhals==2.29.0 optuna==5.0.0 pyevtk==1.7.0 pykrige==1.7.3 sqlalchemy==2.1.9 tqdm==4.70.1
# The Python that QGIS's bindings belong to, and the one of the engine's own environment.
QGIS_PYTHON ?= /usr/bin/python3
ENGINE_PYTHON := .venv/bin/python

ENGINE_LOCKS := engine/requirements.txt engine/torch-$(if $(filter Linux,$(shell uname)),cpu,pypi).txt
LOCKS := $(ENGINE_LOCKS) tests/requirements.txt
STAMP := .venv/lock-$(shell cat $(LOCKS) | sha256sum | cut -c 1-16)
DOCS_LOCK := docs/site/requirements.txt
DOCS_STAMP := build/docs-venv/lock-$(shell sha256sum $(DOCS_LOCK) | cut -c 1-16)
VERSION := $(shell sed -n 's/^version=//p' metadata.txt)
ZIP ?= build/geohg-$(VERSION).zip

SUDO := $(if $(filter-out 0,$(shell id -u)),sudo)
# Targets made side by side wait for each other here: apt-get itself would refuse the second.
APT := $(SUDO) flock /var/lock/geohg-apt env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0
QGIS_PACKAGES := qgis python3-qgis qgis-providers python3-pytest

QT6_LIBRARIES := libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libxkbcommon0
# Where test-trixie keeps its Debian 13.
TRIXIE ?= build/trixie

.PHONY: help demo test test-engine test-plugin test-trixie check lint rules engine qgis qt6 lrelease \
	translations pages docs sample models zip clean bench-accuracy bench-calibration \
	bench-covariates bench-large bench-peers bench-points bench-points-scale \
	bench-quickstart bench-rasters bench-speed bench-verdict \
	fuzz

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 18

demo: engine qgis ## Interpolate the synthetic sample in QGIS and show what came of it
	@$(ENGINE_PYTHON) resources/sample/demo.py build/demo

# The plugin's lane is in three parts: each waits for its engines half of the time.
test: engine qt6 qgis i18n/geohg_zh.qm ## Run both lanes of tests, side by side
	@run() { $(MAKE) test-"$$@" 2>&1 | sed -u "s/^/$$1: /"; }
	run engine & lanes="$$!"
	for part in [a-d] [e-i] [j-z]; do
		run plugin PLUGIN_TESTS="tests/plugin/test_$$part*.py" & lanes="$$lanes $$!"
	done
	for lane in $$lanes; do wait $$lane || failed=1; done
	exit $${failed:-0}

test-engine: engine qt6 ## Test the engine and the project's rules, without QGIS
	@OMP_NUM_THREADS=1 $(ENGINE_PYTHON) -m pytest --timeout 300 \
		-n $(ENGINE_WORKERS) --dist loadfile --no-loadscope-reorder tests/engine tests/test_*.py

test-plugin: engine qgis i18n/geohg_zh.qm ## Test the plugin in QGIS, without a screen
	@OMP_NUM_THREADS=1 QT_QPA_PLATFORM=offscreen GEOHG_PYTHON=$(CURDIR)/$(ENGINE_PYTHON) \
		$(QGIS_PYTHON) -m pytest -p no:cacheprovider $(PLUGIN_TESTS)

test-trixie: engine i18n/geohg_zh.qm zip ## Run the tests of the plugin on Debian 13 (QGIS 3.40) as well; needs root
	@if ! command -v debootstrap >/dev/null; then
		$(APT) update
		$(APT) install --no-install-recommends debootstrap debian-archive-keyring
	fi
	tests/trixie.sh $(TRIXIE) $(ENGINE_PYTHON) $(ZIP)

fuzz: engine ## Damage files and requests, and kill runs, twenty times as often as the tests do
	@GEOHG_FUZZ=20 OMP_NUM_THREADS=1 $(ENGINE_PYTHON) -m pytest -q -s -m fuzz tests/engine

check: lint rules ## Lint, check format, types, translations, the import rules, Qt 6, what make zip packs

lint: engine # What of check no test does
	@$(ENGINE_PYTHON) -m ruff check .
	$(ENGINE_PYTHON) -m ruff format --check .
	$(ENGINE_PYTHON) -m mypy engine
	$(ENGINE_PYTHON) i18n/update.py --check

rules: engine qt6 # What of check is tests, which test-engine runs too
	@$(ENGINE_PYTHON) -m pytest -q tests/test_imports.py tests/test_qt6.py tests/test_package.py

engine: $(STAMP) ## Make the engine's environment in .venv from the pinned lock

# The stamp comes last and names the locks: a build that failed, or one of other locks, is redone.
$(STAMP):
	@for python in $(QGIS_PYTHON) python3.13 python3.12 python3.11 python3.10 python3 none; do
		if "$$python" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' 2>/dev/null; then
			break
		fi
	done
	if [ "$$python" = none ] && ! command -v apt-get >/dev/null; then
		echo "No Python 3.10 to 3.13 was found; install one, then call make again." >&2
		exit 1
	fi
	if [ "$$python" = none ] || ! "$$python" -c 'import ensurepip' 2>/dev/null; then
		$(APT) update
		$(APT) install --no-install-recommends python3 python3-venv
		if [ "$$python" = none ]; then python=/usr/bin/python3; fi
	fi
	echo "Making the engine's environment in .venv with $$("$$python" --version); this takes some minutes."
	rm -rf .venv
	"$$python" -m venv .venv
	# Modules are compiled when they are loaded: most of PyTorch's never are.
	install="$(ENGINE_PYTHON) -m pip install -q --no-input --no-compile --no-deps --only-binary=:all:"
	for lock in $(ENGINE_LOCKS); do
		$$install --require-hashes -r $$lock & locks="$${locks:-} $$!"
	done
	$$install -r tests/requirements.txt
	for lock in $$locks; do wait "$$lock"; done
	$(ENGINE_PYTHON) -m pip check --quiet
	$(ENGINE_PYTHON) -c 'import torch_geometric, rasterio, pyogrio'
	touch $(STAMP)

qgis: ## Install QGIS and its Python bindings where they are missing (Debian, Ubuntu)
	@if ! $(QGIS_PYTHON) -c 'import qgis.core, pytest' 2>/dev/null; then
		if ! command -v apt-get >/dev/null; then
			echo "Install QGIS, and pytest for its Python, then call make with QGIS_PYTHON=/that/python3." >&2
			exit 1
		fi
		echo "Installing QGIS; this takes some minutes."
		$(APT) update
		$(APT) install --no-install-recommends $(QGIS_PACKAGES)
		$(QGIS_PYTHON) -c 'import qgis.core, pytest'
	fi

# What PyQt6, where it is, needs of the system; a Debian without windows lacks it.
qt6: engine
	@if $(ENGINE_PYTHON) -c 'import PyQt6' 2>/dev/null &&
		! $(ENGINE_PYTHON) -c 'import PyQt6.QtWidgets' 2>/dev/null &&
		command -v apt-get >/dev/null; then
		$(APT) update
		$(APT) install --no-install-recommends $(QT6_LIBRARIES)
	fi

lrelease:
	@if ! lrelease -version >/dev/null 2>&1; then
		if ! command -v apt-get >/dev/null; then
			echo "Install lrelease, a tool of Qt, then call make again." >&2
			exit 1
		fi
		$(APT) update
		$(APT) install --no-install-recommends qttools5-dev-tools
	fi

translations: engine ## Collect what is said into i18n/geohg_zh.ts, and compile it for this checkout
	@$(ENGINE_PYTHON) i18n/update.py
	$(MAKE) i18n/geohg_zh.qm

%.qm: %.ts | lrelease
	@lrelease -silent -nounfinished $< -qm $@

bench-accuracy: engine ## Score every method on the cities in DATA, as the paper splits them
	@$(ENGINE_PYTHON) benchmarks/accuracy.py --data $(DATA) --out docs/benchmarks --network

bench-calibration: engine ## Compare intervals, and the accuracy to expect of maps, with the truth in DATA
	@$(ENGINE_PYTHON) benchmarks/calibration.py --data $(DATA) --out docs/benchmarks

bench-covariates: engine ## Score every method where covariates are known everywhere: soil data, and DATA's points
	@$(ENGINE_PYTHON) -m pip install --quiet --no-deps --target build/limesoda LimeSoDa==0.1.5
	PYTHONPATH=build/limesoda $(ENGINE_PYTHON) benchmarks/covariates.py --out docs/benchmarks
	$(if $(DATA),$(ENGINE_PYTHON) benchmarks/ground.py --data $(DATA) --out docs/benchmarks)

bench-large: engine ## Score GeoHG, IDW, kriging and GPBoost on the large, gappy data in DATA
	@$(ENGINE_PYTHON) -m pip install --quiet --no-deps --target build/rivals $(RIVALS)
	PYTHONPATH=build/rivals $(ENGINE_PYTHON) benchmarks/large.py --data $(DATA) --out docs/benchmarks

bench-peers: engine ## Time a whole run of GeoHG beside kriging, GPBoost and a random forest
	@$(ENGINE_PYTHON) -m pip install --quiet --no-deps --target build/rivals $(RIVALS)
	PYTHONPATH=build/rivals $(ENGINE_PYTHON) benchmarks/peers.py

bench-points: engine ## Score GeoHG beside interpolation and trees at places, with the data of DATA
	@$(ENGINE_PYTHON) -m pip install --quiet --no-deps --target build/rivals $(RIVALS)
	PYTHONPATH=build/rivals $(ENGINE_PYTHON) benchmarks/points.py --data $(DATA) --out docs/benchmarks

bench-points-scale: engine ## Time each part of a run against the number of observed cells
	@$(ENGINE_PYTHON) benchmarks/points_scale.py --out docs/benchmarks

bench-quickstart: engine ## Run quick_start on every city in DATA, with each of the paper's targets
	@$(ENGINE_PYTHON) benchmarks/quickstart.py --data $(DATA) --out docs/benchmarks

bench-rasters: engine qgis ## Time the means of rasters of several sizes beside their rivals; needs 3 GB of disk
	@mkdir -p build docs/benchmarks
	$(ENGINE_PYTHON) -m pip install --quiet exactextract
	rasters() { $(ENGINE_PYTHON) benchmarks/raster_means.py build/means.tif "$$@"; echo; }
	{
		echo "# Means of rasters in cells"
		echo
		rasters --make 12000
		rasters --make 36000 --rounds 1 --only-ours
		rasters --make 3000 --bands 64 --only-ours
		rasters --make 3000 --bands 64 --only-ours --cell-size 83.3333
		rasters --make 12000 --bands 64 --rounds 1 --only-ours
	} > docs/benchmarks/rasters.md
	rm build/means.tif

bench-verdict: engine ## Ask of noise and of fields with skill whether their maps are worth making
	@$(ENGINE_PYTHON) benchmarks/verdict.py --out docs/benchmarks

bench-speed: engine qgis ## Time every stage, GZ in DATA, the class count, and the checkout BEFORE beside this one
	@mkdir -p build docs/benchmarks
	$(ENGINE_PYTHON) -m pip install --quiet exactextract
	$(ENGINE_PYTHON) benchmarks/speed.py $(if $(DATA),--data $(DATA)) --out docs/benchmarks/speed.md
	$(if $(BEFORE),$(ENGINE_PYTHON) benchmarks/beside.py --before $(BEFORE) $(if $(DATA),--data $(DATA)) --out docs/benchmarks/beside.md)
	echo >> docs/benchmarks/speed.md
	$(ENGINE_PYTHON) benchmarks/class_count.py build/tile.tif --make 12000 --cell-size 0.01 >> docs/benchmarks/speed.md

pages: engine qgis ## Write docs/algorithms.md, docs/reference.md's tables, resources/help and default.yaml again
	@export QT_QPA_PLATFORM=offscreen
	$(QGIS_PYTHON) docs/site/algorithms.py
	$(QGIS_PYTHON) docs/site/helppages.py
	$(ENGINE_PYTHON) docs/site/defaults.py
	$(ENGINE_PYTHON) docs/site/reference.py

docs: $(DOCS_STAMP) ## Build the documentation site in build/docs; a warning is a failure
	@build/docs-venv/bin/mkdocs build --strict --config-file docs/site/mkdocs.yml
	echo "build/docs/index.html"

$(DOCS_STAMP): | engine
	@rm -rf build/docs-venv
	$(ENGINE_PYTHON) -m venv build/docs-venv
	build/docs-venv/bin/pip install --quiet --no-input --no-compile --only-binary=:all: -r $(DOCS_LOCK)
	touch $@

sample: engine ## Make the synthetic sample again
	@$(ENGINE_PYTHON) resources/sample/generate.py

models: qgis ## Write the example models again, with the oldest QGIS that is supported
	@QT_HASH_SEED=0 QT_QPA_PLATFORM=offscreen $(QGIS_PYTHON) resources/models/make.py

zip: lrelease ## Pack the last commit as a plugin for QGIS, in build/
	@mkdir -p $(dir $(ZIP))
	work=$$(mktemp -d) # both lanes of tests pack at the same time
	trap 'rm -rf "$$work"' EXIT
	git show HEAD:i18n/geohg_zh.ts > "$$work/geohg_zh.ts"
	$(MAKE) "$$work/geohg_zh.qm"
	git archive --format=zip --prefix=geohg/i18n/ --add-file="$$work/geohg_zh.qm" --prefix=geohg/ \
		-o $(ZIP) HEAD
	echo "$(ZIP)"

clean: ## Remove what the other targets made, the engine's environment too
	@rm -rf build dist .venv *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
