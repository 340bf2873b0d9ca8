package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"switchboard/internal/fault"
	"switchboard/internal/id"
	"switchboard/internal/staff"
)

// Route is one line of the list of routes.
type Route struct {
	Method  string
	Path    string
	Name    string // of the operation in the OpenAPI document
	Summary string
	Tag     string

	Open   bool        // nobody has to be signed in
	People bool        // for people only: API keys are refused
	Scope  staff.Scope // what a key needs: read to look, write to change
	Limit  limit       // zero: none
	Body   int64       // the largest body in bytes
	Secret bool        // the answer holds a secret: it is not kept for a repeat
	Slow   bool        // the far side takes its time: a repeat waits longer for the first
	Again  bool        // done again it does the same: an Idempotency-Key is not heeded, and no answer kept
	Raw    bool        // answers by itself, without huma
	Upload bool        // takes a file, not JSON
	IDs    []string    // where the body holds the id of something: "departments[]", "items[].person.id"
}

// option says what is special about a route.
type option func(*Route)

func open(r *Route)   { r.Open = true }
func people(r *Route) { r.People = true }
func secret(r *Route) { r.Secret = true }
func slow(r *Route)   { r.Slow = true }
func again(r *Route)  { r.Again = true }

// admin is for routes that only keys with the widest scope may use.
func admin(r *Route) { r.Scope = staff.Admin }

// upload takes a file of at most most bytes.
func upload(most int64) option { return func(r *Route) { r.Upload, r.Body = true, most } }

// atMost allows n calls in each span from one person, or from one network where nobody has to be signed in.
func atMost(n int, span time.Duration) option { return func(r *Route) { r.Limit = limit{n, span} } }

// routes collects the list and puts it on the mux. It is the mux huma sees, so that what holds for every route stands around
// huma's own work too.
type routes struct {
	s   *Server
	mux *http.ServeMux
	api huma.API
	now *Route
	tag string
}

// HandleFunc is how huma puts the route at hand on the mux.
func (r *routes) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	r.mux.HandleFunc(pattern, r.s.around(r.now, h))
}

func (r *routes) ServeHTTP(w http.ResponseWriter, q *http.Request) { r.mux.ServeHTTP(w, q) }

func newRoutes(s *Server, mux *http.ServeMux) *routes {
	r := &routes{s: s, mux: mux}
	c := huma.DefaultConfig("Switchboard", s.version())
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", "" // ours: see docs.go
	c.CreateHooks = nil                                   // no $schema in answers
	c.Transformers = []huma.Transformer{plain}
	c.RejectUnknownQueryParameters = true
	c.Info.Description = description
	r.api = humago.New(r, c)
	return r
}

func (s *Server) version() string {
	if s.Version == "" {
		return "dev"
	}
	return s.Version
}

func get[I, O any](r *routes, path, name, summary string, f func(context.Context, *I) (*O, error), o ...option) {
	add(r, http.MethodGet, path, name, summary, f, o)
}

func post[I, O any](r *routes, path, name, summary string, f func(context.Context, *I) (*O, error), o ...option) {
	add(r, http.MethodPost, path, name, summary, f, o)
}

func put[I, O any](r *routes, path, name, summary string, f func(context.Context, *I) (*O, error), o ...option) {
	add(r, http.MethodPut, path, name, summary, f, o)
}

func patch[I, O any](r *routes, path, name, summary string, f func(context.Context, *I) (*O, error), o ...option) {
	add(r, http.MethodPatch, path, name, summary, f, o)
}

func del[I, O any](r *routes, path, name, summary string, f func(context.Context, *I) (*O, error), o ...option) {
	add(r, http.MethodDelete, path, name, summary, f, o)
}

func add[I, O any](r *routes, method, path, name, summary string, f func(context.Context, *I) (*O, error), o []option) {
	rt := r.route(method, path, name, summary, o)
	op := rt.operation()
	rt.IDs = idsIn(reflect.TypeFor[I]())
	defer rt.bound(r.api)
	huma.Register(r.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		if err != nil {
			p, h := r.s.fault(ctx, err)
			return nil, huma.ErrorWithHeaders(p, h)
		}
		return out, nil
	})
}

// Routes returns the list, for the tests that go over all of it.
func (s *Server) Routes() []Route {
	s.once.Do(s.build)
	out := make([]Route, len(s.list))
	for k, r := range s.list {
		out[k] = *r
	}
	return out
}

// idsIn finds the ids in a form's body by their types; a Ref is one too.
func idsIn(form reflect.Type) (out []string) {
	b, ok := form.FieldByName("Body")
	if !ok {
		return nil
	}
	var walk func(t reflect.Type, at string)
	walk = func(t reflect.Type, at string) {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch {
		case t.PkgPath() == reflect.TypeFor[id.Of[Route]]().PkgPath():
			out = append(out, at)
		case t == reflect.TypeFor[Ref]():
			out = append(out, at+".id")
		case t.Kind() == reflect.Slice:
			walk(t.Elem(), at+"[]")
		case t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]():
			for k := range t.NumField() {
				name, _, _ := strings.Cut(t.Field(k).Tag.Get("json"), ",")
				walk(t.Field(k).Type, strings.TrimPrefix(at+"."+name, "."))
			}
		}
	}
	walk(b.Type, "")
	return out
}

// bound panics when a name in the path is no parameter of the form: huma passes over an embedded type that is not exported.
func (rt *Route) bound(api huma.API) {
	op := api.OpenAPI().Paths[rt.Path]
	for _, part := range strings.Split(rt.Path, "/") {
		name := strings.Trim(part, "{}")
		if name == part {
			continue
		}
		found := false
		for _, o := range []*huma.Operation{op.Get, op.Post, op.Put, op.Patch, op.Delete} {
			if o != nil && o.OperationID == rt.Name {
				for _, p := range o.Parameters {
					found = found || p.In == "path" && p.Name == name
				}
			}
		}
		if !found {
			panic("api: " + rt.Name + " does not read {" + name + "} of its path")
		}
	}
}

// raw puts a route on the list that answers by itself. documented fills in what the OpenAPI document says of it.
func raw(r *routes, method, path, name, summary string, f http.HandlerFunc, documented func(*huma.Operation), o ...option) {
	rt := r.route(method, path, name, summary, append(o, func(rt *Route) { rt.Raw = true }))
	op := rt.operation()
	op.Responses = map[string]*huma.Response{}
	documented(&op)
	r.api.OpenAPI().AddOperation(&op)
	r.HandleFunc(method+" "+path, f)
}

func (r *routes) route(method, path, name, summary string, o []option) *Route {
	rt := &Route{Method: method, Path: path, Name: name, Summary: summary, Tag: r.tag, Body: mostBody, Scope: staff.Write}
	if method == http.MethodGet {
		rt.Scope = staff.Read
	}
	for _, f := range o {
		f(rt)
	}
	r.s.list = append(r.s.list, rt)
	r.now = rt
	return rt
}

func (rt *Route) operation() huma.Operation {
	op := huma.Operation{Method: rt.Method, Path: rt.Path, OperationID: rt.Name, Summary: rt.Summary, Tags: []string{rt.Tag},
		MaxBodyBytes: -1} // around has seen to it
	if !rt.Open {
		op.Security = []map[string][]string{{"session": {}}, {"key": {string(rt.Scope)}}}
		if rt.People {
			op.Security = op.Security[:1]
		}
	}
	if rt.changes() && !rt.Open {
		op.Parameters = []*huma.Param{{Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: ptr(100)},
			Description: "Yours, at most 100 characters. A repeat with the same key and body gets the same answer and does nothing again; with another body it is refused (409). Kept for a day."}}
	}
	return op
}

func (rt *Route) changes() bool { return rt.Method != http.MethodGet && rt.Method != http.MethodHead }

// around is what holds for every route: who asks, whether they may at all, how often, what they send, and the repeats.
func (s *Server) around(rt *Route, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		c.route = rt
		r, err := s.identify(r, c)
		if err == nil {
			err = rt.admits(c.who)
		}
		if err == nil {
			err = s.limits.take(rt, c, s.Now())
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		if !rt.changes() {
			whose(w, c)
			h(w, r)
			return
		}
		if rt.Upload {
			r.Body = http.MaxBytesReader(w, r.Body, rt.Body)
			h(w, r)
			return
		}
		b, p := strictBody(w, r, rt.Body)
		if p != nil {
			writeProblem(w, r, p)
			return
		}
		s.onceOnly(w, r, rt, c, b, h)
	}
}

// whose tells a browser for whom an answer is, so that what it keeps for when there is no connection is shown to nobody else.
func whose(w http.ResponseWriter, c *call) {
	if c.who.Key == 0 && c.who.Person != 0 {
		w.Header().Set("Switchboard-Person", c.who.Person.String())
	}
}

// admits is nil when who may use the route at all. What they may do there the feature asks.
func (rt *Route) admits(who staff.Actor) error {
	switch {
	case rt.Open && who.Key == 0:
		return nil
	case who.Key != 0 && (rt.People || rt.Open && rt.changes()):
		return fault.New(fault.Forbidden, "an API key can't do this: sign in for it")
	case rt.Open:
		return nil
	case !who.Signed():
		return staff.Unsigned()
	case !who.Reaches(rt.Scope):
		return fault.Newf(fault.Forbidden, "this API key does not reach that far: it needs the scope %q", string(rt.Scope))
	}
	return nil
}

// notFound answers what is not on the list under /api.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	var allow []string
	for _, rt := range s.list {
		if rt.matches(r.URL.Path) {
			allow = append(allow, rt.Method)
		}
	}
	if len(allow) > 0 {
		w.Header().Set("Allow", strings.Join(allow, ", "))
		writeProblem(w, r, problem(http.StatusMethodNotAllowed, "This is not done with "+method(r.Method)+" here."))
		return
	}
	writeProblem(w, r, problem(http.StatusNotFound, "There is nothing at this address. The list is at /api/docs."))
}

func (rt *Route) matches(path string) bool {
	want, have := strings.Split(rt.Path, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	for k := range want {
		if want[k] != have[k] && !strings.HasPrefix(want[k], "{") {
			return false
		}
	}
	return true
}

func ptr[T any](v T) *T { return &v }
