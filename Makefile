# The front door. `make help` lists it; every command may be typed on a bare Debian 12, as root or
# with sudo, from any folder (make -C …). What is missing is installed by tools/bootstrap.
#
#   B=folder     where everything built goes (build)
#   JOBS=n       how many things at once (all processors)

SHELL := /bin/bash
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules --no-print-directory

B ?= build
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
T ?=
ROOM ?=
NAME ?=
WITH ?=
ONLY ?=
SECONDS ?= 60
COUNTS ?=
export LOA_BUILD := $(B)
export LOA_JOBS := $(JOBS)

DEMO ?= run/demo
NINJA := nice -n 5 ninja -j $(JOBS)

.PHONY: all help run test unit check check-fast fmt tidy headers cov fuzz torture soak bench new golden
.PHONY: dist hooks bootstrap budget slow clean FORCE

all: bootstrap-build build-debug ## build, and run the unit tests (what plain `make` does)
	@test/run --build $(B)/debug --suite unit --brief

help: ## this list
	@echo 'make [command] [T=words] …'
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | awk -F'\t' '{ printf "  %-12s %s\n", $$1, $$2 }'

run: bootstrap-build build-release ## start a demo province here and print its address
	@[ -e "$(DEMO)" ] || { rm -rf "$(DEMO).new"; \
	    "$(B)/release/bin/loa-server" demo --dir "$(DEMO).new" && mv "$(DEMO).new" "$(DEMO)"; }
	@exec tools/demo "$(B)/release/bin" "$(DEMO)"

test: bootstrap-test build-debug $(if $(T),,build-arm64) ## every test; T=words only those whose name has the words
	@test/run --build $(B)/debug $(if $(T),--filter "$(T)") $(if $(COUNTS),--json "$(COUNTS)")

unit: bootstrap-build configure-debug ## unit tests and fuzz corpora; T=words compiles and runs only those
	@test/run --build $(B)/debug --suite unit --suite fuzz --make $(if $(T),--filter "$(T)")

check: bootstrap-check ## what the push hook runs: house rules, both compilers, sanitizers
	@tools/check/gate

check-fast: ## the house rules alone, in seconds
	@tools/check/run

fmt: bootstrap-check ## format the C sources
	@tools/check/run --fix format

budget: ## the longest and most tangled functions and files
	@tools/check/run --show budgets

headers: bootstrap-build build-debug ## every header compiles alone
	@tools/check/run headers

tidy: bootstrap-check build-debug ## clang-tidy over all sources; T=path only those
	@tools/tidy $(B)/debug $(T)

cov: bootstrap-check bootstrap-test build-cov ## coverage per room against its goal
	@tools/cov $(B)/cov

fuzz: bootstrap-check configure-fuzz ## look for new inputs that break: T=target SECONDS=60
	@tools/fuzz $(B)/fuzz "$(T)" "$(SECONDS)"

torture: bootstrap-test configure-asan ## the n-th allocation, write, statement fails, for every n: T=room
	@test/run --build $(B)/asan --suite unit --make --source torture $(if $(T),--room "$(T)")

soak: bootstrap-test build-debug ## the long forms of random tests (thousands of power cuts, kills, orders): T=words
	@LOA_SOAK=1 test/run --build $(B)/debug --suite unit --source test_rounds $(if $(T),--filter "$(T)")

bench: bootstrap-bench build-release ## measure beside the peers, to build/bench.json; ONLY=h1
	@test/bench/run --build $(B)/release $(if $(ONLY),--only "$(ONLY)")

new: ## the files of a new noun: ROOM=people NAME=lease [WITH=rows]
	@tools/new "$(ROOM)" "$(NAME)" $(WITH)

golden: bootstrap-test build-debug ## accept today's pages, exports and messages as right
	@LOA_GOLDEN=accept test/run --build $(B)/debug --filter "$(or $(T),golden)"
	@git --no-pager diff --stat

slow: ## tests that became slower than they were
	@test/run --slow

dist: bootstrap-dist build-release ## the Debian packages, tried out, in build/dist; the agent also for ARM
	@packaging/build $(B)/release $(B)/dist

bootstrap: bootstrap-build ## install what is missing to build and run
hooks: ## switch the git hooks of tools/hooks on
	@tools/bootstrap hooks

clean: ## forget everything built (not the demo province in run/)
	@rm -rf "$(B)" compile_commands.json

# --- below: how --------------------------------------------------------------------------------

.PHONY: build-arm64 bootstrap-build bootstrap-test bootstrap-check bootstrap-bench bootstrap-dist
bootstrap-build:
	@tools/bootstrap build npm hooks
bootstrap-test:
	@tools/bootstrap build test npm hooks
bootstrap-check:
	@tools/bootstrap build test check npm hooks
bootstrap-bench:
	@tools/bootstrap build test bench npm
bootstrap-dist:
	@tools/bootstrap build dist npm

# Ninja runs cmake again by itself when a CMake file changes; here only the first time.
$(B)/%/build.ninja: | bootstrap-build
	@echo 'cmake: configuring $*'
	@cmake --preset $* -B "$(B)/$*" --log-level=WARNING >/dev/null
	@[ $* != debug ] || ln -sfn "$(B)/debug/compile_commands.json" compile_commands.json

# What of a build is wanted; all of it when nothing is said.
run: TARGETS := loa-server loa-ingest loa-fetch loa-sim
dist: TARGETS := loa-server loa-ingest loa-fetch loa-agent
bench: TARGETS := loa-server loa-ingest loa-fetch loa-agent loa-sim sim-province benches

# The agent of most poles; tests run it under qemu.
build-arm64: bootstrap-test
	@packaging/cross arm64 $(B)/cross/arm64

configure-%: $(B)/%/build.ninja ;
build-%: $(B)/%/build.ninja FORCE
	@[ -t 1 ] || echo 'ninja: building $*'
	@$(NINJA) $$([ -t 1 ] || echo --quiet) -C "$(B)/$*" $(TARGETS)
FORCE:
