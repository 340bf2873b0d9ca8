package mastodon

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// call is one call of the API while the server's lock is held.
type call struct {
	r     *http.Request
	head  http.Header // of the answer
	me    *account    // whose token it is; nil without one
	token *token
	p     url.Values // from query, form, multipart or JSON; a list's name has no [] here
	files map[string]*multipart.FileHeader
}

// api makes an http handler of a route: it reads the parameters, checks token, scope and rate, and answers in JSON.
func (s *Server) api(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{r: r, head: w.Header()}
		if err := c.read(); err != nil {
			answer(w, 400, failure{Error: "Error occurred while parsing request parameters"})
			return
		}
		s.mu.Lock()
		status, body := s.run(rt, c)
		var text []byte
		if body != nil {
			text, _ = json.Marshal(body) // under the lock: bodies may point into the server
		}
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write(text)
	}
}

func (s *Server) run(rt route, c *call) (int, any) {
	bearer, has := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !has {
		bearer = c.p.Get("access_token")
	}
	if bearer != "" {
		t := s.tokens[bearer]
		if t == nil {
			return 401, s.unknownToken()
		}
		if t.revoked {
			return 401, failure{Error: "The access token was revoked"}
		}
		c.token, c.me = t, t.account
	}
	if status, body := s.may(rt, c); status != 0 {
		return status, body
	}
	if status, body := s.throttle(rt, c); status != 0 {
		return status, body
	}
	return rt.do(c)
}

func (s *Server) unknownToken() failure {
	if s.o.GoToSocial {
		return failure{Error: "Unauthorized: token not recognized"}
	}
	return failure{Error: "The access token is invalid"}
}

// may refuses a call whose token does not allow it.
func (s *Server) may(rt route, c *call) (int, any) {
	if rt.scope == "" || rt.scope == "?" && c.token == nil {
		return 0, nil
	}
	if c.token == nil {
		return 401, s.unknownToken()
	}
	if c.me != nil && c.me.suspended {
		return 403, failure{Error: "Your login is currently disabled"}
	}
	if rt.scope == "?" {
		return 0, nil
	}
	if !c.token.allows(rt.scope) {
		return 403, failure{Error: "This action is outside the authorized scopes"}
	}
	if c.me == nil && !strings.HasPrefix(rt.path, "/api/v1/apps/") {
		return 422, failure{Error: "This method requires an authenticated user"}
	}
	return 0, nil
}

func gone() (int, any)           { return 404, failure{Error: "Record not found"} }
func invalid(why string) failure { return failure{Error: "Validation failed: " + why} }

// refuse is the answer to what does not validate.
func (s *Server) refuse(why string) (int, any) {
	if s.o.GoToSocial {
		return 400, failure{Error: "Bad Request: " + why}
	}
	return 422, invalid(why)
}

// read gathers the parameters from wherever a client may put them.
func (c *call) read() error {
	c.p = url.Values{}
	add := func(more url.Values) {
		for k, v := range more {
			k = strings.TrimSuffix(k, "[]")
			c.p[k] = append(c.p[k], v...)
		}
	}
	add(c.r.URL.Query())
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		return c.readJSON()
	case "multipart/form-data":
		if err := c.r.ParseMultipartForm(64 << 20); err != nil {
			return err
		}
		add(c.r.MultipartForm.Value)
		c.files = map[string]*multipart.FileHeader{}
		for k, v := range c.r.MultipartForm.File {
			c.files[k] = v[0]
		}
	case "application/x-www-form-urlencoded":
		b, err := io.ReadAll(io.LimitReader(c.r.Body, 1<<20))
		if err != nil {
			return err
		}
		form, err := url.ParseQuery(string(b))
		if err != nil {
			return err
		}
		add(form)
	}
	return nil
}

func (c *call) readJSON() error {
	b, err := io.ReadAll(io.LimitReader(c.r.Body, 1<<20))
	if err != nil || len(b) == 0 {
		return err
	}
	var in map[string]any
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	for k, v := range in {
		switch v := v.(type) {
		case nil:
		case []any:
			for _, x := range v {
				c.p.Add(k, fmt.Sprint(x))
			}
		case map[string]any: // poll and the like
			text, _ := json.Marshal(v)
			c.p.Set(k, string(text))
		case float64:
			c.p.Set(k, strconv.FormatFloat(v, 'f', -1, 64))
		default:
			c.p.Set(k, fmt.Sprint(v))
		}
	}
	return nil
}

func (c *call) yes(name string) bool {
	switch strings.ToLower(c.p.Get(name)) {
	case "", "0", "f", "false", "off":
		return false
	}
	return true
}

func (c *call) limit(usual, most int) int {
	n, err := strconv.Atoi(c.p.Get("limit"))
	if err != nil || n <= 0 {
		return usual
	}
	return min(n, most)
}

// paged cuts one page out of items, which are oldest first, by max_id, since_id, min_id and limit, and sets the Link header.
// The page is newest first, as all pages of the API are.
func paged[T any](c *call, items []T, id func(T) string, usual, most int) []T {
	n := c.limit(usual, most)
	hi, since, from := c.p.Get("max_id"), c.p.Get("since_id"), c.p.Get("min_id")
	var in []T
	for _, x := range items {
		k := id(x)
		if hi != "" && !before(k, hi) || since != "" && !before(since, k) || from != "" && !before(from, k) {
			continue
		}
		in = append(in, x)
	}
	if len(in) > n {
		if from != "" {
			in = in[:n] // right after min_id
		} else {
			in = in[len(in)-n:] // the newest
		}
	}
	page := make([]T, 0, len(in))
	for k := len(in) - 1; k >= 0; k-- {
		page = append(page, in[k])
	}
	if len(page) > 0 {
		c.link(id(page[len(page)-1]), id(page[0]))
	}
	return page
}

func (c *call) link(oldest, newest string) {
	address := func(name, id string) string {
		q := c.r.URL.Query()
		for _, k := range []string{"max_id", "since_id", "min_id"} {
			q.Del(k)
		}
		q.Set(name, id)
		return "<" + origin(c.r) + c.r.URL.Path + "?" + q.Encode() + ">"
	}
	c.head.Set("Link", address("max_id", oldest)+`; rel="next", `+address("min_id", newest)+`; rel="prev"`)
}

// origin is the server's address as this caller sees it.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
