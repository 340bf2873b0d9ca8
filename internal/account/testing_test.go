package account_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"switchboard/internal/account"
	"switchboard/internal/app"
	"switchboard/internal/app/apptest"
	"switchboard/internal/channel"
	"switchboard/internal/egress"
	"switchboard/internal/fault"
	"switchboard/internal/journal"
	"switchboard/internal/staff"
)

// speaks is a channel whose accounts can be tested.
type speaks struct {
	test func(ctx context.Context, key string) (channel.Tested, error)
}

func (speaks) About() channel.About                         { return channel.About{Name: "speaks", Title: "Speaks"} }
func (s speaks) Open(channel.Opening) (channel.Conn, error) { return &s, nil }
func (speaks) Close() error                                 { return nil }
func (speaks) Check(context.Context) (channel.Profile, error) {
	return channel.Profile{RemoteID: "1", Handle: "@one"}, nil
}

func (s speaks) Test(ctx context.Context, key string) (channel.Tested, error) {
	if err := egress.Ask(ctx); err != nil {
		return channel.Tested{}, &channel.Trouble{Deed: channel.Again, Message: "it could not be reached; it is tried again", Err: err}
	}
	return s.test(ctx, key)
}

func (s speaks) account(t *testing.T, h *apptest.House) account.ID {
	t.Helper()
	all := h.Book.Connectors
	h.Book.Connectors = func(n channel.Net) []channel.Connector { return append(all(n), s) }
	a, err := h.Book.Adopt(t.Context(), h.Boss, "speaks", "", channel.Profile{RemoteID: "1", Handle: "@one"}, json.RawMessage(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

func TestATestIsTold(t *testing.T) {
	apptest.Each(t, app.Options{Poll: time.Hour}, func(t *testing.T, h *apptest.House) {
		keys := map[string]bool{}
		id := speaks{func(ctx context.Context, key string) (channel.Tested, error) {
			keys[key] = len(key) == 13 && strings.Trim(key, "234567abcdefghijklmnopqrstuvwxyz") == ""
			return channel.Tested{Said: "It was sent.", Seen: "It was seen."}, ctx.Err()
		}}.account(t, h)
		gone, leave := context.WithCancel(t.Context())
		for k := range 2 {
			got, err := h.Book.Test(gone, h.Boss, id)
			if err != nil || got.Seen == "" || len(keys) != k+1 {
				t.Fatalf("%+v, %v; keys %v", got, err, keys)
			}
		}
		for key, good := range keys {
			if !good {
				t.Errorf("%q is no key", key)
			}
		}
		if n := told(t, h, id, journal.AccountTested); n != 2 {
			t.Errorf("told of %d times", n)
		}
		leave()
	})
}

// TestAGoodTestDisprovesADeadTokenAndAFaultOnly: it says nothing of a pause, nor of what is missing for other things than it says.
func TestAGoodTestDisprovesADeadTokenAndAFaultOnly(t *testing.T) {
	for deed, ended := range map[channel.Deed]bool{channel.Reconnect: true, channel.Again: true, channel.Wait: false, channel.Operator: false, channel.NotAllowed: false} {
		for _, said := range []bool{true, false} {
			t.Run(fmt.Sprint(deed, said), func(t *testing.T) {
				apptest.Each(t, app.Options{Poll: time.Hour}, func(t *testing.T, h *apptest.House) {
					id := speaks{func(context.Context, string) (channel.Tested, error) {
						if said {
							return channel.Tested{Said: "It was sent."}, nil
						}
						return channel.Tested{}, &channel.Trouble{Deed: channel.Fix, Message: "no tests here"}
					}}.account(t, h)
					h.Book.Mute(t.Context(), id, &channel.Trouble{Deed: deed, Until: h.Book.Now().Add(time.Hour), Message: "no"}, h.Book.Now())
					before, err := account.One(t.Context(), h.Store.Read(), id)
					if err != nil {
						t.Fatal(err)
					}
					_, _ = h.Book.Test(t.Context(), h.Boss, id)
					a, err := account.One(t.Context(), h.Store.Read(), id)
					if err != nil || a.Mute == nil {
						t.Fatalf("%+v, %v", a.Health, err)
					}
					now := !a.Mute.NextTry.After(h.Book.Now())
					if now != (ended && said) || !now && *a.Mute != *before.Mute {
						t.Errorf("a try now: %v; %+v, %+v before", now, a.Mute, before.Mute)
					}
				})
			})
		}
	}
}

// TestATestGoesOnWhenWhoAskedHasGone: what was said is to be taken away again.
func TestATestGoesOnWhenWhoAskedHasGone(t *testing.T) {
	apptest.Each(t, app.Options{Poll: time.Hour}, func(t *testing.T, h *apptest.House) {
		asked, leave := context.WithCancel(t.Context())
		id := speaks{func(ctx context.Context, _ string) (channel.Tested, error) {
			leave()
			return channel.Tested{}, ctx.Err()
		}}.account(t, h)
		if _, err := h.Book.Test(asked, h.Boss, id); err != nil || told(t, h, id, journal.AccountTested) != 1 {
			t.Error(err)
		}
	})
}

func TestAStoppedAccountIsNotTested(t *testing.T) {
	for name, tt := range map[string]struct {
		stop func(h *apptest.House, id account.ID) error
		late bool // only when the test is on its way
	}{
		"the account":            {func(h *apptest.House, id account.ID) error { return h.Book.Stop(context.Background(), h.Boss, id) }, false},
		"everything":             {func(h *apptest.House, _ account.ID) error { return h.Book.StopAll(context.Background(), h.Boss) }, false},
		"the account, meanwhile": {func(h *apptest.House, id account.ID) error { return h.Book.Stop(context.Background(), h.Boss, id) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			apptest.Each(t, app.Options{Poll: time.Hour}, func(t *testing.T, h *apptest.House) {
				said := false
				var id account.ID
				id = speaks{func(ctx context.Context, _ string) (channel.Tested, error) {
					if tt.late {
						if err := tt.stop(h, id); err != nil {
							t.Error(err)
						}
					}
					err := egress.Ask(ctx) // right before it would leave
					said = err == nil
					return channel.Tested{}, err
				}}.account(t, h)
				if !tt.late {
					if err := tt.stop(h, id); err != nil {
						t.Fatal(err)
					}
				}
				_, err := h.Book.Test(t.Context(), h.Boss, id)
				if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "resume it") || said {
					t.Errorf("said: %v, %v", said, err)
				}
			})
		})
	}
}

func TestWhatATestFailedOfIsNamed(t *testing.T) {
	for name, tt := range map[string]struct {
		trouble channel.Trouble
		kind    fault.Kind
		says    string
		state   account.State
	}{
		"a refused token": {channel.Trouble{Deed: channel.Reconnect, Message: "the token is refused: connect the account again"}, fault.Invalid,
			"the token is refused: connect the account again", account.Reconnect},
		"nobody there": {channel.Trouble{Deed: channel.Again, Message: "it could not be reached; it is tried again"}, fault.Unavailable,
			"it could not be reached: send the test again in a moment", account.Active},
		"nobody knows": {channel.Trouble{Deed: channel.Again, Message: "it broke off", Unclear: true}, fault.Unavailable,
			"It may have arrived all the same, where only the account itself can see it. What is left", account.Active},
		"not wanted": {channel.Trouble{Deed: channel.Fix, Message: "no tests here"}, fault.Invalid, "no tests here", account.Active},
	} {
		t.Run(name, func(t *testing.T) {
			apptest.Each(t, app.Options{Poll: time.Hour}, func(t *testing.T, h *apptest.House) {
				trouble := tt.trouble
				id := speaks{func(context.Context, string) (channel.Tested, error) {
					return channel.Tested{Note: "What is left"}, &trouble
				}}.account(t, h)
				_, err := h.Book.Test(t.Context(), h.Boss, id)
				f, _ := errors.AsType[*fault.Error](err)
				if f == nil || f.Name == account.Unclear != trouble.Unclear {
					t.Errorf("%#v is not named", err)
				}
				if !fault.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "tried again") {
					t.Errorf("%v; want %q", err, tt.says)
				}
				a, err := account.One(t.Context(), h.Store.Read(), id)
				if err != nil || a.State != tt.state || told(t, h, id, journal.AccountTested) != 1 {
					t.Errorf("%s, told of %d times, %v", a.State, told(t, h, id, journal.AccountTested), err)
				}
			})
		})
	}
}

func TestWhatCannotBeTestedSaysSo(t *testing.T) {
	apptest.Each(t, app.Options{Poll: time.Hour}, func(t *testing.T, h *apptest.House) {
		h.Book.Connectors = keeping(h.Book.Connectors, keeper{keeps: &[]func(json.RawMessage) error{}})
		a, err := h.Book.Adopt(t.Context(), h.Boss, "keeps", "", channel.Profile{RemoteID: "1", Handle: "@one"}, json.RawMessage(`{"token":"one"}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Book.Test(t.Context(), h.Boss, a.ID); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "only read") {
			t.Error(err)
		}
		if _, err := h.Book.Test(t.Context(), staff.Actor{Person: 7, Role: staff.Member}, a.ID); !fault.Is(err, fault.Forbidden) {
			t.Error(err)
		}
		if n := told(t, h, a.ID, journal.AccountTested); n != 0 {
			t.Errorf("told of %d tests that were none", n)
		}
	})
}
