package api

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestTheDescriptionNeedsNoDatabaseAndNamesEveryRoute(t *testing.T) {
	s := &Server{Now: time.Now, Version: "1.2.3"}
	b, err := s.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		OpenAPI string
		Info    struct{ Version string }
		Paths   map[string]map[string]struct {
			OperationID string
			Summary     string
			Tags        []string
			Security    []map[string][]string
		}
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" || doc.Info.Version != "1.2.3" {
		t.Errorf("%s, version %s", doc.OpenAPI, doc.Info.Version)
	}
	n := 0
	for _, list := range doc.Paths {
		n += len(list)
	}
	if n != len(s.list) {
		t.Errorf("%d operations for %d routes", n, len(s.list))
	}
	names := map[string]bool{}
	for _, r := range s.list {
		op, ok := doc.Paths[r.Path][strings.ToLower(r.Method)]
		if !ok || op.Summary == "" || len(op.Tags) != 1 || names[r.Name] {
			t.Errorf("%s %s: %+v", r.Method, r.Path, op)
		}
		names[r.Name] = true
		if r.Open != (op.Security == nil) {
			t.Errorf("%s: open %v, security %v", r.Name, r.Open, op.Security)
		}
	}
	if strings.Contains(string(b), `"$schema"`) || strings.Contains(string(b), "echoed back") {
		t.Error("it tells of things we do not do")
	}
}

func TestThePageOfTheDescriptionAsksNobodyElse(t *testing.T) {
	outside := regexp.MustCompile(`(https?:)?//[a-z]`)
	for _, name := range []string{"docs.html", "docs.css", "docs.js"} {
		b, err := pages.ReadFile("page/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if found := outside.FindString(strings.ReplaceAll(string(b), "// ", "")); found != "" {
			t.Errorf("%s holds %q", name, found)
		}
		if strings.Contains(string(b), "innerHTML") || strings.Contains(string(b), "<script>") || strings.Contains(string(b), "onclick=") {
			t.Errorf("%s makes markup of text, or has a script inline", name)
		}
	}
}
