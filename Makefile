# make alone lists what it can do.
SHELL := /bin/bash
GO    ?= go
BIN   := bin/switchboard
UI    := internal/api/ui
UISRC := $(shell find web/src web/public web/index.html web/package.json web/vite.config.ts -type f 2>/dev/null)

# The race detector looks at all code but SQLite's own, which is C made into Go, and regular expressions: those have no race of ours and take
# most of the time. It comes with a look at each unsafe pointer, of which nothing here has any.
# What -short leaves out there, the manners of other servers, is run without it right after.
# Triage is arithmetic that every house is trained with: it is looked at by its own tests of many at a time alone (Many).
PLAIN := -race=false -d=checkptr=0
RACE  := -race -gcflags=all=-d=checkptr=0 '-gcflags=modernc.org/sqlite/lib=$(PLAIN)' '-gcflags=regexp/...=$(PLAIN)'
CALM  := '-gcflags=switchboard/internal/triage=$(PLAIN)'
LEAN  := -ldflags=-w # without the tables of debuggers, which take a second a package to write

.PHONY: help run build ui test test-go test-race test-calm test-web test-ui check test-channels chaos bench bench-screen score fmt generate clean

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## set everything up and start the product with the ACME demo at http://localhost:8080
	$(BIN) demo

build: $(UI)/index.html ## build the web UI and the program into bin/switchboard
	$(GO) build -ldflags "-s -w" -o $(BIN) ./cmd/switchboard

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

$(UI)/index.html: web/node_modules/.package-lock.json $(UISRC)
	cd web && npm run build
	rm -rf $(UI)/*
	cp -r web/dist/. $(UI)/
	find $(UI)/assets $(UI)/sw.js -type f -size +1k -exec gzip -9n {} +

ui: $(UI)/index.html ## build the web UI only

# What waits more than it works stands beside what works: bad days beside the web's own tests.
test: test-race ## install what the tests need, and pass them all
	+$(MAKE) --no-print-directory -j2 --output-sync=target test-calm test-web
	+$(MAKE) --no-print-directory test-ui
	@scripts/postgres stop

test-go: test-race test-calm ## Go tests on SQLite and PostgreSQL, with the race detector and, the bad days, without

test-race: $(UI)/index.html
	scripts/need postgresql
	$(GO) test -vet=off $(LEAN) $(RACE) -run Many -timeout 20m ./internal/triage
	$(GO) test -vet=off $(LEAN) -p 4 $(RACE) $(CALM) -short -timeout 20m $$($(GO) list ./... | grep -v -e '/test/' -e '/bench/')

test-calm: $(UI)/index.html
	scripts/need postgresql strace
	$(GO) test -vet=off $(LEAN) -timeout 20m ./internal/channel/mastodon ./test/... ./bench/...

test-web: web/node_modules/.package-lock.json ## unit tests of the web UI
	cd web && npm test

test-ui: build ## browser tests: the screens, by real clicks in Chromium; and that the first page is small
	cd web && npm run --silent size
	scripts/need chromium fonts-noto-color-emoji
	cd test/ui && npm ci --no-audit --no-fund && npm test -- sqlite

check: web/node_modules/.package-lock.json ## formatting, linters, vulnerabilities, generated files
	scripts/check

test-channels: build ## against the real far sides: Bluesky's own servers, Dovecot and Postfix, Mastodon's clients; the journeys on PostgreSQL
	scripts/need postgresql redis-server dovecot-imapd postfix toot python3-mastodon chromium fonts-noto-color-emoji
	scripts/test-channels
	cd test/ui && npm ci --no-audit --no-fund && npm test -- postgres

chaos: build ## bad days at full size: kills, lost answers, stops; results in bench/results; PARTS="kills lost" names parts
	scripts/need postgresql
	scripts/need strace chromium fonts-noto-color-emoji
	scripts/chaos

bench: ## every figure, with its result file in bench/results
	scripts/need postgresql
	scripts/bench

bench-screen: build ## how quick and light the screens are, in Chromium; SCREEN="first busy scroll memory lighthouse" names parts
	scripts/need chromium fonts-noto-color-emoji
	cd test/ui && npm ci --no-audit --no-fund
	cd bench/screen && npm ci --no-audit --no-fund
	node bench/screen/screen.mjs $(SCREEN)

score: ## how good triage is, and how well promises are found, on the golden set; results in bench/results/score*.txt
	$(GO) run ./bench/triage -data ../shared/data | tee bench/results/score.txt
	$(GO) run ./bench/promise | tee bench/results/score-promise.txt

generate: ## write what is made from other files: the API's description, the web UI's types, the messages triage comes with
	$(GO) run ./bench/triage -only export
	$(GO) run ./bench/promise -pack
	$(GO) run ./cmd/switchboard openapi > web/openapi.json
	cd web && npm run generate

fmt: ## format everything
	gofmt -w cmd internal bench test examples *.go
	cd web && npm run format

clean: ## remove what was built
	rm -rf bin web/dist $(UI)/* .cache
