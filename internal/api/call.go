package api

import (
	"context"
	"net/http"

	"github.com/alexedwards/scs/v2"

	"switchboard/internal/staff"
)

// call is what is known of the request under way.
type call struct {
	from     string // the network address of who asks, as far as trusted proxies tell
	https    bool
	host     string
	who      staff.Actor
	token    string // of the session, "" with a key or none
	device   string // by which the browser is known, if it is
	epoch    int64  // of the session
	sessions *scs.SessionManager
	route    *Route
	unclear  bool // an error of ours: nobody can tell whether what was asked for was done
}

type callKey struct{}

// callOf returns the call under way; outside of one, an empty one.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	if c == nil {
		return &call{}
	}
	return c
}

// who is who asks.
func who(ctx context.Context) staff.Actor { return callOf(ctx).who }

// address is where the browser sees us: scheme and host.
func (c *call) address() string {
	if c.https {
		return "https://" + c.host
	}
	return "http://" + c.host
}

func withCall(r *http.Request, c *call) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), callKey{}, c))
}
