// Package api is the way in over HTTP: the routes, who is asking, the live feed, the documentation, and the web UI that is
// built into the program.
//
// A handler decodes, asks the feature and returns; the feature checks rights itself. What holds for every route stands around
// them, once: headers, trusted proxies, sessions and API keys, foreign origins, limits, strict JSON, Idempotency-Key, problem
// details (RFC 9457), the log. The routes are one list, in routes.go, and a test that reads that list fails on a route whose
// rights nobody wrote down.
//
// An error of ours leaves here as an incident number and nothing else; the log has the rest.
package api
