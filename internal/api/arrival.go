package api

import (
	"context"
	"time"

	"switchboard/internal/intake"
)

// Arrival is an item that could not be taken in.
type Arrival struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	RemoteID string    `json:"remoteId"`
	Tries    int       `json:"tries"`
	Problem  string    `json:"problem"`
	Raw      string    `json:"raw" doc:"As the connector read it."`
	Aside    bool      `json:"aside" doc:"It is not tried any more by itself."`
}

func showArrival(a intake.Arrival) Arrival {
	return Arrival{a.ID.String(), a.At, a.RemoteID, a.Tries, sentence(a.Problem), string(a.Event), a.State == intake.Aside}
}

func (s *Server) getArrivals(ctx context.Context, in *struct{ AccountPath }) (*body[items[Arrival]], error) {
	if _, err := s.manages(ctx, in.ID.Of); err != nil {
		return nil, err
	}
	list, err := s.Intake.Arrivals(ctx, in.ID.Of)
	if err != nil {
		return nil, err
	}
	out := make([]Arrival, 0, len(list))
	for _, a := range list {
		out = append(out, showArrival(a))
	}
	return all(out, nil)
}

type arrivalDeed struct {
	ID   ref[intake.Arrival] `path:"id"`
	Body *nothing            `required:"false"`
}

func (s *Server) retryArrival(ctx context.Context, in *arrivalDeed) (*body[Arrival], error) {
	a, err := s.Intake.RetryNow(ctx, s.Book, who(ctx), in.ID.Of)
	if err != nil {
		return nil, err
	}
	return answer(showArrival(a), nil)
}

func (s *Server) discardArrival(ctx context.Context, in *arrivalDeed) (*none, error) {
	return done(s.Intake.Discard(ctx, s.Book, who(ctx), in.ID.Of))
}
