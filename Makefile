# Every target is a line or two; continuous integration calls these and nothing else.
.DEFAULT_GOAL := help

ARGS ?=
FUZZTIME ?= 10s
PLATFORMS ?= darwin/arm64 windows/amd64
TOOL := go tool -modfile=tools/go.mod

.PHONY: help conformance selftest generate drift test race lint format bench fuzz build cross ci

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

conformance: ## hold the reference server to the contract (ARGS="URL --profile observed" for another target)
	@go run ./cmd/conformance run $(ARGS)

selftest: ## find out whether the suite notices every fault of a server
	@go run ./cmd/conformance selftest $(ARGS)

generate: ## write gen/ anew from openapi/
	rm -rf gen && go generate ./...

drift: generate ## fail where gen/ is not what openapi/ generates
	@changes=$$(git status --porcelain -- gen) && test -z "$$changes" || \
	{ echo "$$changes"; echo "drift: gen/ is not what openapi/ generates: run 'make generate' and commit gen/"; exit 1; } >&2

test: ## run the tests
	@go test ./...

race: ## run the tests under the race detector, of what is long a part (needs a C compiler)
	@go test -race -short ./...

lint: ## check format, vet and staticcheck; gen/ is left out
	@files=$$($(TOOL) gofumpt -l .) && test -z "$$files" || { echo "$$files"; echo "lint: not formatted: run 'make format'"; exit 1; } >&2
	@packages=$$(go list ./... | grep -v '/gen$$') && go vet $$packages && $(TOOL) staticcheck $$packages

format: ## format every file that is not generated
	@$(TOOL) gofumpt -w .

bench: ## run the benchmarks
	@go test -run '^$$' -bench . -benchmem ./...

fuzz: ## run each fuzz target for FUZZTIME (10s)
	@list=$$(go test -list '^Fuzz' ./...) && echo "$$list" | awk '/^Fuzz/ { names[++n] = $$1 } /^ok/ { while (n) print $$2, names[n--] }' | \
	while read -r package name; do go test "$$package" -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) </dev/null || exit 1; done

build: ## build bin/conformance
	go build -trimpath -o bin/ ./cmd/conformance

cross: ## build for the systems that this one is not: macOS and Windows (not optimised, which is fast: nobody runs it)
	@for platform in $(PLATFORMS); do echo "build for $$platform"; CGO_ENABLED=0 GOOS=$${platform%/*} GOARCH=$${platform#*/} go build -gcflags='all=-N -l' ./... || exit 1; done

ci: ## run all that continuous integration runs
	@.ci/run
