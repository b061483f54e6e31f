SWIFT ?= swift
TEST_FLAGS = -c release -Xswiftc -enable-testing
LINT_PATHS = $(wildcard Sources Tests Examples) Package.swift

.DEFAULT_GOAL := help
.PHONY: help requirements build demo demo-data test test-llm load-test vocabulary-benchmark lint format clean

help: ## Lists what can be made.
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 30

requirements: ## Installs the system libraries that are missing (Debian and Ubuntu).
	@SWIFT="$(SWIFT)" Scripts/requirements

build: requirements ## Builds the library and the command in release.
	$(SWIFT) build -c release

demo: requirements ## Builds, then runs everything end to end on the demonstration data.
	$(SWIFT) build -c release --product isrf
	"$$($(SWIFT) build -c release --show-bin-path)/isrf" demo --output demo-output

demo-data: ## Writes the demonstration shop's files anew from their generator.
	$(SWIFT) build -c release --product isrf
	"$$($(SWIFT) build -c release --show-bin-path)/isrf" demo --write-data Sources/isrf/Demo/Data

# Tests run one at a time: the numerics under test use every processor themselves.
test: requirements ## Builds in release with testing, then runs all tests and examples.
	$(SWIFT) build $(TEST_FLAGS) --build-tests
	$(SWIFT) test $(TEST_FLAGS) --skip-build --no-parallel
	@if [ -x Examples/run.sh ]; then echo "Examples/run.sh"; Examples/run.sh; fi

LOAD_CALLS ?= 103392

# As many calls as the items and users of Amazon Beauty take, against a scripted server in a process of its own.
load-test: requirements ## Makes LOAD_CALLS language model calls and prints what they took.
	$(SWIFT) build $(TEST_FLAGS) --product LanguageModelLoad
	"$$($(SWIFT) build $(TEST_FLAGS) --show-bin-path)/LanguageModelLoad" $(LOAD_CALLS)

vocabulary-benchmark: requirements ## Prints what lists cost with whole items and semantic identifiers, by catalogue size.
	$(SWIFT) build $(TEST_FLAGS) --product VocabularyBenchmark
	"$$($(SWIFT) build $(TEST_FLAGS) --show-bin-path)/VocabularyBenchmark"

test-llm: requirements ## Reasons with a real language model and encodes with a real sentence model, both from PyPI.
	@SWIFT="$(SWIFT)" ISRF_BUILD_FLAGS="-Xswiftc -enable-testing" Scripts/test-llm

lint: ## Checks the formatting of all Swift files.
	$(SWIFT) format lint --strict --recursive $(LINT_PATHS)

format: ## Formats all Swift files.
	$(SWIFT) format --in-place --recursive $(LINT_PATHS)

clean: ## Removes what was built.
	$(SWIFT) package clean
	rm -rf demo-output
