# The targets are conveniences: everything works with the go command alone.

.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

quickstart: ## see a scheduler at work, for three seconds
	go run ./examples/quickstart

test: ## run all tests
	go test ./...

race: ## run all tests with the race detector
	go test -race ./...

vet: ## gofmt, go vet, and the import and house rules
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run make fmt"; exit 1; }
	go vet ./...
	go test -run 'TestImports|TestLinked|TestHouseRules' .

fmt: ## format all files
	gofmt -w .

golden: ## write what the examples print to their output.txt
	@for example in examples/*/output.txt; do go test -run TestOutput ./$$(dirname $$example) -update; done
	git --no-pager diff --stat -- examples

fuzz: ## fuzz each fuzz test for ten seconds
	@for file in $$(grep -rl '^func Fuzz' --include='*_test.go' .); do \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\).*/\1/p' $$file); do \
			go test -run '^$$' -fuzz "^$$name\$$" -fuzztime 10s ./$$(dirname $$file) || exit 1; \
		done; done

bench: ## measure, each question once; see CONTRIBUTING.md for comparisons
	cd bench && go test -run '^$$' -bench . -benchtime 1x ./...

peers: ## measure beside other schedulers; takes a quarter of an hour
	cd bench && go run ./peers

soak: ## look for bugs with seeds that nobody has tried, for ten minutes
	CARILLON_SOAK=10m go test -timeout 20m -run TestSoak ./clocktest

tidy: ## tidy both modules
	go mod tidy
	cd bench && go mod tidy

ci: ## run what a change has to pass
	.ci/run

.PHONY: help quickstart test race vet fmt golden fuzz bench tidy ci
