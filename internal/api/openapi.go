package api

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

const description = `Everything the screens can do, programs can do here.

Sign your calls with an API key (Settings, API keys): ` + "`Authorization: Bearer sbk_…`" + `. A key can do what its person can, as far as its scopes reach.

Ids are 13 letters and digits that sort by time. Times are RFC 3339, in UTC. A list is read on with ` + "`?after=`" + ` and the ` + "`next`" + ` of the page before. Errors are problem details (RFC 9457) whose detail says what to do. Give each write an ` + "`Idempotency-Key`" + ` and repeat it without fear.`

// finishOpenAPI adds what the types do not say.
func (s *Server) finishOpenAPI() {
	o := s.api.OpenAPI()
	o.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "__Host-switchboard", Description: "The browser's session."},
		"key":     {Type: "http", Scheme: "bearer", Description: "An API key with the scope named: read, write or admin."},
	}
	o.Servers = []*huma.Server{{URL: "/", Description: "This installation"}}
	if e := o.Components.Schemas.Map()["ErrorDetail"]; e != nil { // what was sent is never sent back
		delete(e.Properties, "value")
	}
}

// OpenAPI returns the description of the API. It needs no database.
func (s *Server) OpenAPI() ([]byte, error) {
	s.once.Do(s.build)
	return json.MarshalIndent(s.api.OpenAPI(), "", "  ")
}

func (s *Server) openAPI(w http.ResponseWriter, r *http.Request) {
	b, err := s.OpenAPI()
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(b)
}

func documentOpenAPI(op *huma.Operation) {
	op.Responses["200"] = &huma.Response{Description: "OpenAPI 3.1", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}}}}
}

func documentPage(op *huma.Operation) {
	op.Responses["200"] = &huma.Response{Description: "A page", Content: map[string]*huma.MediaType{"text/html": {Schema: &huma.Schema{Type: huma.TypeString}}}}
	if op.OperationID == "docs-file" {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "file", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
	}
}
