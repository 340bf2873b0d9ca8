package far

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// takes counts what a far side really did.
func takes(n *atomic.Int32) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		_, _ = io.WriteString(w, `{"id":"12345","content":"~broken~"}`)
	})
}

func TestFaultsSpoilTheAnswerAndNothingElse(t *testing.T) {
	for do, want := range map[Do]struct {
		taken  int
		status int // 0: no whole answer
	}{
		TooMany: {0, 429}, TooManyBare: {0, 429}, Unauthorized: {0, 401}, ServerError: {0, 500}, Html200: {0, 200},
		Hang: {0, 0}, RefusedClosed: {0, 0},
		CutAnswer: {1, 0}, LostAnswer: {1, 0}, LostReset: {1, 0}, LateAnswer: {1, 0},
		TakenServerError: {1, 503}, TakenTooMany: {1, 429}, Garble: {1, 200},
	} {
		t.Run(string(do), func(t *testing.T) {
			var f Faults
			var n atomic.Int32
			s := httptest.NewServer(f.Middleware(takes(&n)))
			defer s.Close()
			f.Set(Fault{On: Send, Do: do, Times: 1})
			post := func() (int, error) {
				ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
				defer stop()
				r, _ := http.NewRequestWithContext(ctx, "POST", s.URL, strings.NewReader("x"))
				a, err := http.DefaultClient.Do(r)
				if err != nil {
					return 0, err
				}
				defer a.Body.Close()
				_, err = io.ReadAll(a.Body)
				return a.StatusCode, err
			}
			status, err := post()
			if want.status == 0 && err == nil || want.status != 0 && (err != nil || status != want.status) {
				t.Errorf("answer = %d, %v; want status %d", status, err, want.status)
			}
			f.Clear()
			if int(n.Load()) != want.taken {
				t.Errorf("taken %d times; want %d", n.Load(), want.taken)
			}
			if status, err := post(); err != nil || status != 200 {
				t.Errorf("after the fault: %d, %v", status, err)
			}
			if f.Calls(Send) != 2 || f.Calls("") != 2 {
				t.Errorf("counted %d calls; want 2", f.Calls(Send))
			}
		})
	}
}

func TestAFaultMeetsOnlyWhatItIsAbout(t *testing.T) {
	var f Faults
	f.Set(Fault{On: "POST /api/v1/statuses", Do: ServerError, Times: 1})
	if _, hit := f.Take(Read, "/api/v1/statuses", "GET /api/v1/statuses"); hit {
		t.Error("a GET met the fault of a POST")
	}
	if _, hit := f.Take(Send, "/api/v1/statuses", "POST /api/v1/statuses"); !hit {
		t.Error("the POST did not meet its fault")
	}
	if _, hit := f.Take(Send, "/api/v1/statuses", "POST /api/v1/statuses"); hit {
		t.Error("a fault for one call met two")
	}
}

func TestDisturbKeepsEveryEvent(t *testing.T) {
	var f Faults
	f.Set(Fault{Do: Duplicate})
	f.Set(Fault{Do: Reorder})
	want := []int{1, 2, 3, 4, 5, 6, 7}
	got := Disturb(&f, want)
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("Disturb made %v of %v", got, want)
	}
	f.Clear()
	if got := Disturb(&f, want); !slices.Equal(got, want) {
		t.Errorf("without a fault: %v", got)
	}
}
